//===- FuseONNXQuantized.cpp - quantized convolutions of several nodes ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantized models say by nodes around a Conv what its operands stand for:
//   QuantizeLinear(Relu?(Conv(DequantizeLinear(x), DequantizeLinear(w), DequantizeLinear(b))))
// With a bias of 32 bits that counts in units of the products, that is a QLinearConv.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXQuantization.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

/// The ONNX node of this type that makes `value`, with as many inputs.
FrameworkOp getNode(Value value, StringRef type, unsigned least, unsigned most) {
  auto node = value.getDefiningOp<FrameworkOp>();
  const bool matches = node && node.getDomain().empty() && node.getOriginalType() == type && !node.getInputIndices() &&
                       node->getNumResults() == 1 && node->getNumOperands() >= least && node->getNumOperands() <= most;
  return matches ? node : FrameworkOp();
}

int64_t getInt(FrameworkOp node, StringRef name, int64_t fallback) {
  auto attr = node.getNodeAttributes().getAs<IntegerAttr>(name);
  return attr ? attr.getInt() : fallback;
}

/// Elements of a constant of integers; none if it is something else.
SmallVector<int64_t> getIntegers(Value value) {
  ElementsAttr attr = getConstantAttr(value);
  FailureOr<SmallVector<int64_t>> values = failure();
  if (attr && isa<IntegerType>(attr.getElementType()))
    values = getIntValues(attr);
  return succeeded(values) ? *values : SmallVector<int64_t>();
}

SmallVector<float> getNumbers(Value value) {
  ElementsAttr attr = getConstantAttr(value);
  if (!attr || !attr.getElementType().isF32())
    return {};
  FailureOr<std::vector<float>> values = getFloatValues(attr);
  return succeeded(values) ? SmallVector<float>(values->begin(), values->end()) : SmallVector<float>();
}

/// A node that makes real numbers of bytes, or bytes of them, with constant parameters:
/// one for all elements, or for each filter of `perFilter`.
bool hasParameters(FrameworkOp node, bool perFilter) {
  if (!node || getInt(node, "block_size", 0) || getInt(node, "output_dtype", 0) || getInt(node, "precision", 0))
    return false;
  const size_t scales = getNumbers(node->getOperand(1)).size();
  ElementsAttr zero = getConstantAttr(node->getOperand(2));
  return zero && zero.getElementType().isInteger(8) && !getIntegers(node->getOperand(2)).empty() &&
         (scales == 1 || (perFilter && scales > 1 && getInt(node, "axis", 1) == 0));
}

/// Whether a bias of 32 bits counts in units of the products of `image` and `filter`.
bool countsProducts(FrameworkOp bias, FrameworkOp image, FrameworkOp filter) {
  ElementsAttr values = bias ? getConstantAttr(bias->getOperand(0)) : ElementsAttr();
  if (!values || !values.getElementType().isInteger(32))
    return false;
  if (bias->getNumOperands() == 3 &&
      llvm::any_of(getIntegers(bias->getOperand(2)), [](int64_t zero) { return zero != 0; }))
    return false;
  SmallVector<float> units = getNumbers(bias->getOperand(1)), scales = getNumbers(filter->getOperand(1));
  const float scale = getNumbers(image->getOperand(1)).front();
  const size_t count = std::max(units.size(), scales.size());
  if (units.empty() || (units.size() != 1 && units.size() != count) || (scales.size() != 1 && scales.size() != count))
    return false;
  for (size_t i = 0; i < count; ++i)
    // Whoever wrote the model may have rounded the product.
    if (const float product = scale * scales[scales.size() == 1 ? 0 : i], unit = units[units.size() == 1 ? 0 : i];
        !(std::abs(unit - product) <= 1e-6f * std::abs(product)))
      return false;
  return true;
}

/// The Conv behind `value`, and behind a Relu where the bytes stop at zero anyway.
FrameworkOp getConvolution(Value value, FrameworkOp quantize) {
  if (FrameworkOp relu = getNode(value, "Relu", 1, 1)) {
    ElementsAttr zero = getConstantAttr(quantize->getOperand(2));
    const int64_t least = zero.getElementType().isUnsignedInteger() ? 0 : -128;
    if (!value.hasOneUse() || getIntegers(quantize->getOperand(2)).front() != least ||
        !(getNumbers(quantize->getOperand(1)).front() > 0))
      return {};
    value = relu->getOperand(0);
  }
  FrameworkOp conv = getNode(value, "Conv", 2, 3);
  return conv && value.hasOneUse() && getInt(conv, "group", 1) == 1 ? conv : FrameworkOp();
}

} // namespace

bool mlir::ge::onnx::fuseQuantizedConvolution(FrameworkOp quantize) {
  if (!quantize->getNumResults() || getNode(quantize->getResult(0), "QuantizeLinear", 3, 3) != quantize ||
      !hasParameters(quantize, /*perFilter=*/false))
    return false;
  FrameworkOp conv = getConvolution(quantize->getOperand(0), quantize);
  if (!conv)
    return false;
  FrameworkOp image = getNode(conv->getOperand(0), "DequantizeLinear", 3, 3),
              filter = getNode(conv->getOperand(1), "DequantizeLinear", 3, 3);
  if (!hasParameters(image, /*perFilter=*/false) || !hasParameters(filter, /*perFilter=*/true) ||
      !getConstantAttr(filter->getOperand(0)))
    return false;
  SmallVector<Value> inputs(image->getOperands());
  llvm::append_range(inputs, filter->getOperands());
  llvm::append_range(inputs, quantize->getOperands().drop_front());
  if (conv->getNumOperands() == 3) {
    FrameworkOp bias = getNode(conv->getOperand(2), "DequantizeLinear", 2, 3);
    if (!countsProducts(bias, image, filter))
      return false;
    inputs.push_back(bias->getOperand(0));
  }
  OpBuilder builder(quantize);
  Location loc = FusedLoc::get(quantize.getContext(), {conv.getLoc(), quantize.getLoc()});
  auto fused = FrameworkOp::create(builder, loc, quantize->getResultTypes(), builder.getStringAttr("QLinearConv"),
                                   conv.getDomainAttr(), conv.getVersionAttr(), conv.getNodeAttributesAttr(),
                                   DenseI64ArrayAttr(), ArrayAttr(), inputs, /*bodiesCount=*/0);
  quantize->replaceAllUsesWith(fused);
  quantize->erase();
  return true;
}
