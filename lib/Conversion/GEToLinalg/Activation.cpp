//===- Activation.cpp - activation functions -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"

#include <cmath>

using namespace mlir;
using namespace gemlir::lowering;

static Value computeGeluErf(Scalar &s, Value x) {
  Value erf = s.call<math::ErfOp>(s.mul(x, s.constant(std::sqrt(0.5))));
  return s.mul(s.mul(s.constant(0.5), x), s.add(s.constant(1), erf));
}

static Value computeGeluTanh(Scalar &s, Value x) {
  Value cubic = s.mul(s.mul(s.square(x), x), s.constant(0.044715));
  Value inner = s.mul(s.constant(std::sqrt(2 / M_PI)), s.add(x, cubic));
  return s.mul(s.mul(s.constant(0.5), x), s.add(s.constant(1), s.call<math::TanhOp>(inner)));
}

static void populateSmooth(LoweringTable &table) {
  addFloatUnary<ge::SigmoidOp>(table, [](Scalar &s, Value x, ge::SigmoidOp) { return s.sigmoid(x); });
  addFloatUnary<ge::SwishOp>(table, [](Scalar &s, Value x, ge::SwishOp op) {
    double scale = op.getScale();
    return s.mul(x, s.sigmoid(scale == 1 ? x : s.mul(x, s.constant(scale))));
  });
  addFloatUnary<ge::GeluOp>(table, [](Scalar &s, Value x, ge::GeluOp) { return computeGeluTanh(s, x); });
  addFloatUnary<ge::GeluV2Op>(table, [](Scalar &s, Value x, ge::GeluV2Op op) {
    return op.getApproximate() == "tanh" ? computeGeluTanh(s, x) : computeGeluErf(s, x);
  });
  addFloatUnary<ge::FastGeluOp>(
      table, [](Scalar &s, Value x, ge::FastGeluOp) { return s.mul(x, s.sigmoid(s.mul(x, s.constant(1.702)))); });
  addFloatUnary<ge::MishOp>(
      table, [](Scalar &s, Value x, ge::MishOp) { return s.mul(x, s.call<math::TanhOp>(s.softplus(x))); });
  addFloatUnary<ge::SoftplusOp>(table, [](Scalar &s, Value x, ge::SoftplusOp) { return s.softplus(x); });
  addFloatUnary<ge::SoftsignOp>(
      table, [](Scalar &s, Value x, ge::SoftsignOp) { return s.div(x, s.add(s.constant(1), s.abs(x))); });
  addFloatUnary<ge::SeluOp>(table, [](Scalar &s, Value x, ge::SeluOp) {
    constexpr double scale = 1.0507009873554804934193349852946, alpha = 1.6732632423543772848170429916717;
    Value negative = s.mul(s.constant(scale * alpha), s.call<math::ExpM1Op>(x));
    return s.choosePositive(x, s.mul(s.constant(scale), x), negative);
  });
  addFloatUnary<ge::EluOp>(table, [](Scalar &s, Value x, ge::EluOp op) {
    double alpha = op.getAlpha(), scale = op.getScale(), inputScale = op.getInputScale();
    Value power = inputScale == 1 ? x : s.mul(x, s.constant(inputScale));
    Value negative = s.mul(s.constant(alpha * scale), s.call<math::ExpM1Op>(power));
    return s.choosePositive(x, scale == 1 ? x : s.mul(x, s.constant(scale)), negative);
  });
  addFloatUnary<ge::CeluOp>(table, [](Scalar &s, Value x, ge::CeluOp op) {
    double alpha1 = op.getAlpha1(), alpha2 = op.getAlpha2(), alpha3 = op.getAlpha3();
    Value negative = s.mul(s.constant(alpha1), s.call<math::ExpM1Op>(s.div(x, s.constant(alpha2))));
    return s.choosePositive(x, alpha3 == 1 ? x : s.mul(x, s.constant(alpha3)), negative);
  });
}

static void populatePiecewise(LoweringTable &table) {
  table.add(ge::ReluOp::getOperationName(), [](Operation *op, Emitter &b) {
    return lowerElementwise(op, b, getOperandElement(op),
                            [](Scalar &s, ArrayRef<Value> in) { return s.maxKeeping(in[0], s.constant(0)); });
  });
  table.add(ge::Relu6Op::getOperationName(), [](Operation *op, Emitter &b) {
    return lowerElementwise(op, b, getOperandElement(op), [](Scalar &s, ArrayRef<Value> in) {
      return s.minKeeping(s.maxKeeping(in[0], s.constant(0)), s.constant(6));
    });
  });
  addFloatUnary<ge::LeakyReluOp>(table, [](Scalar &s, Value x, ge::LeakyReluOp op) {
    return s.choosePositive(x, x, s.mul(x, s.constant(op.getNegativeSlope())));
  });
  addFloatUnary<ge::HardSwishOp>(table, [](Scalar &s, Value x, ge::HardSwishOp) {
    Value gate = s.minKeeping(s.maxKeeping(s.add(x, s.constant(3)), s.constant(0)), s.constant(6));
    return s.mul(s.mul(x, gate), s.constant(1.0 / 6));
  });
  addFloatUnary<ge::HardSigmoidOp>(table, [](Scalar &s, Value x, ge::HardSigmoidOp op) {
    Value line = s.add(s.mul(x, s.constant(op.getAlpha())), s.constant(op.getBeta()));
    return s.minKeeping(s.maxKeeping(line, s.constant(0)), s.constant(1));
  });
  addFloatUnary<ge::ThresholdedReluOp>(table, [](Scalar &s, Value x, ge::ThresholdedReluOp op) {
    return s.choose(s.compare(Compare::Greater, x, s.constant(op.getAlpha())), x, s.constant(0));
  });
  addFloatUnary<ge::HardShrinkOp>(table, [](Scalar &s, Value x, ge::HardShrinkOp op) {
    Value small = s.compare(Compare::LessEqual, s.abs(x), s.constant(op.getLambd()));
    return s.choose(small, s.constant(0), x);
  });
  addFloatUnary<ge::SoftShrinkOp>(table, [](Scalar &s, Value x, ge::SoftShrinkOp op) {
    double lambda = op.getLambd();
    Value above = s.choose(s.compare(Compare::Greater, x, s.constant(lambda)), s.sub(x, s.constant(lambda)),
                           s.sub(x, x)); // zero, or NaN for NaN
    return s.choose(s.compare(Compare::Less, x, s.constant(-lambda)), s.add(x, s.constant(lambda)), above);
  });
}

/// A vector of slopes belongs to dimension 1, the channels, unless it broadcasts
/// to the last one only.
static LogicalResult lowerPRelu(ge::PReluOp op, Emitter &b) {
  if (failed(requireFloat(op)))
    return failure();
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  auto weightType = cast<RankedTensorType>(op.getWeight().getType());
  ArrayRef<int64_t> origin = getOriginShape(type);
  bool perChannel = weightType.getRank() == 1 && weightType.getDimSize(0) != 1 && origin.size() > 1 &&
                    weightType.getDimSize(0) == origin[1];
  Tensor x = b.get(op.getX());
  Tensor weight =
      perChannel ? alignChannels(b, b.get(op.getWeight()), type) : alignTo(b, op.getWeight(), op->getResult(0));
  if (!weight)
    return emitLoweringError(op) << "cannot broadcast " << weightType << " to " << type;
  Tensor result =
      b.elementwise(b.getShape(op->getResult(0)), type.getElementType(), {x, weight}, [&](ArrayRef<Value> in) {
        Scalar s(b, type.getElementType());
        return s.choosePositive(in[0], in[0], s.mul(in[0], in[1]));
      });
  b.set(op->getResult(0), result.value);
  return success();
}

void gemlir::lowering::populateActivation(LoweringTable &table) {
  populateSmooth(table);
  populatePiecewise(table);
  table.add(lowerPRelu);
}
