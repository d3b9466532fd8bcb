//===- AssignFormats.cpp - store images as NC1HWC0 ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every operator that can work on stored images is a node of a network whose
// source side means stored and whose sink side means plain. Cutting between a
// value's producer and its users costs one conversion of the value, however many
// users there are, so the minimum cut is the cheapest assignment of the function.
//
//===----------------------------------------------------------------------===//

#include "MinCut.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Interpreter/Interpreter.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::ge {
#define GEN_PASS_DEF_ASSIGNFORMATSPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;
using namespace gemlir;

namespace {

/// Below this many channels a convolution reads the plain image directly: blocks
/// would be mostly padding.
constexpr int64_t kMaxPlainChannels = 4;

/// A plain image [N, C, H, W] of floats with known channels, or null.
RankedTensorType getImageType(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  bool isImage = type && type.getRank() == 4 && !type.getEncoding() && !type.isDynamicDim(1) &&
                 type.getDimSize(1) > 0 && isa<FloatType>(type.getElementType()) && !type.getElementType().isF64();
  return isImage ? type : RankedTensorType();
}

bool hasOneElement(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getNumElements() == 1;
}

/// The type of a constant as an image of the same rank, for operands such as
/// [C, 1, 1] that broadcast to `image`; null if it is no constant or does not fit.
RankedTensorType getConstantImageType(Value value, RankedTensorType image) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!getConstantAttr(value) || !type || type.getRank() > 4 || type.getEncoding())
    return {};
  SmallVector<int64_t> shape(4 - type.getRank(), 1);
  llvm::append_range(shape, type.getShape());
  return shape[1] == image.getDimSize(1) ? RankedTensorType::get(shape, type.getElementType()) : RankedTensorType();
}

/// What storing does to one operator: which operands become stored, and whether
/// that is a choice.
struct Candidate {
  SmallVector<OpOperand *> operands;
  bool isForced = false;
};

std::optional<Candidate> getConvolution(Operation *op, int64_t c0) {
  auto format = op->getAttrOfType<StringAttr>("data_format");
  RankedTensorType x = getImageType(op->getOperand(0));
  if (!format || format.getValue() != "NCHW" || !x)
    return std::nullopt;
  // Groups are read by blocks, or in blocks that some of them fill.
  auto hasWholeBlocks = [&](Value image) { return cast<ShapedType>(image.getType()).getDimSize(1) % c0 == 0; };
  if (auto conv = dyn_cast<Conv2DOp>(op);
      conv && conv.getGroups() != 1 && !(hasWholeBlocks(conv.getX()) && hasWholeBlocks(conv.getY())))
    return std::nullopt;
  auto filter = dyn_cast<RankedTensorType>(op->getOperand(1).getType());
  if (isa<DepthwiseConv2DOp>(op) && (!filter || filter.getDimSize(0) != x.getDimSize(1)))
    return std::nullopt;
  Candidate candidate;
  candidate.isForced = true;
  if (isa<DepthwiseConv2DOp>(op) || x.getDimSize(1) > kMaxPlainChannels)
    candidate.operands.push_back(&op->getOpOperand(0));
  return candidate;
}

/// Taps that do not overlap write whole pixels: the result may be stored, the
/// operand is read as it comes.
std::optional<Candidate> getTransposedConvolution(Conv2DTransposeOp op) {
  auto filter = dyn_cast<RankedTensorType>(op.getFilter().getType());
  auto all = [](ArrayRef<int64_t> list, int64_t value) {
    return llvm::all_of(list, [&](int64_t v) { return v == value; });
  };
  if (op.getDataFormat() != "NCHW" || op.getGroups() != 1 || !filter || filter.getRank() != 4 ||
      !getConstantAttr(op.getFilter()) || !all(op.getPads(), 0) || !all(op.getDilations(), 1) ||
      !all(op.getOutputPadding(), 0) || op.getStrides().size() != 4 || op.getStrides()[2] != filter.getDimSize(2) ||
      op.getStrides()[3] != filter.getDimSize(3))
    return std::nullopt;
  return Candidate();
}

std::optional<Candidate> getElementwise(Operation *op, RankedTensorType image) {
  Candidate candidate;
  for (OpOperand &operand : op->getOpOperands()) {
    if (hasOneElement(operand.get()))
      continue;
    RankedTensorType type = getImageType(operand.get());
    if (!type)
      type = getConstantImageType(operand.get(), image);
    if (!type || type.getDimSize(1) != image.getDimSize(1))
      return std::nullopt;
    candidate.operands.push_back(&operand);
  }
  if (candidate.operands.empty())
    return std::nullopt;
  return candidate;
}

/// Joins along channels only if each part but the last fills its blocks.
std::optional<Candidate> getConcat(ConcatV2Op op, int64_t c0) {
  FailureOr<SmallVector<int64_t>> dim = getIntValues(getConstantAttr(op.getConcatDim()));
  if (failed(dim) || dim->size() != 1)
    return std::nullopt;
  bool alongChannels = (*dim)[0] == 1 || (*dim)[0] == -3;
  Candidate candidate;
  for (OpOperand &part : op->getOpOperands().drop_back()) {
    RankedTensorType type = getImageType(part.get());
    bool isLast = part.getOperandNumber() + 2 == op->getNumOperands();
    if (!type || (alongChannels && !isLast && type.getDimSize(1) % c0 != 0))
      return std::nullopt;
    candidate.operands.push_back(&part);
  }
  return candidate;
}

/// Interpolation that leaves batch and channels as they are.
bool keepsChannels(ResizeOp op) {
  auto x = getImageType(op.getX()), y = getImageType(op.getY());
  return x && y && x.getDimSize(1) == y.getDimSize(1) && x.getDimSize(0) == y.getDimSize(0) && !x.isDynamicDim(0) &&
         op.getCoordinateTransformationMode() != "tf_crop_and_resize";
}

/// A mean over height and width.
bool isSpatial(ReduceMeanOp op) {
  FailureOr<SmallVector<int64_t>> axes = getIntValues(getConstantAttr(op.getAxes()));
  return op.getKeepDims() && succeeded(axes) && !axes->empty() &&
         llvm::all_of(*axes, [](int64_t axis) { return axis == 2 || axis == 3 || axis == -1 || axis == -2; });
}

std::optional<Candidate> getCandidate(Operation *op, int64_t c0) {
  if (op->getNumResults() != 1)
    return std::nullopt;
  RankedTensorType image = getImageType(op->getResult(0));
  if (!image)
    return std::nullopt;
  Candidate first;
  if (op->getNumOperands() > 0 && getImageType(op->getOperand(0)))
    first.operands.push_back(&op->getOpOperand(0));
  auto ifTrue = [&](bool condition) {
    return condition && !first.operands.empty() ? std::optional<Candidate>(first) : std::nullopt;
  };
  return llvm::TypeSwitch<Operation *, std::optional<Candidate>>(op)
      .Case<Conv2DOp, DepthwiseConv2DOp>([&](Operation *conv) { return getConvolution(conv, c0); })
      .Case<Conv2DTransposeOp>([](Conv2DTransposeOp conv) { return getTransposedConvolution(conv); })
      .Case<MaxPoolV3Op, AvgPoolV2Op>([&](auto pool) { return ifTrue(pool.getDataFormat() == "NCHW"); })
      .Case<GlobalAveragePoolOp>([&](Operation *) { return ifTrue(true); })
      .Case<ResizeOp>([&](ResizeOp resize) { return ifTrue(keepsChannels(resize)); })
      .Case<ReduceMeanOp>([&](ReduceMeanOp mean) { return ifTrue(isSpatial(mean)); })
      .Case<ConcatV2Op>([&](ConcatV2Op concat) { return getConcat(concat, c0); })
      .Case<SelectOp, PReluOp>([](Operation *) { return std::nullopt; })
      .Default([&](Operation *other) {
        return other->hasTrait<ElementwiseTrait>() ? getElementwise(other, image) : std::nullopt;
      });
}

/// Whether the user reads the image in either format at the same cost: the
/// product that a transposed convolution starts with does.
bool readsEither(OpOperand &use) {
  auto op = dyn_cast<Conv2DTransposeOp>(use.getOwner());
  return op && op.getDataFormat() == "NCHW" && &use == &op.getXMutable();
}

/// From NCHW to NHWC.
bool movesChannelsLast(TransposeOp op) {
  FailureOr<SmallVector<int64_t>> perm = getIntValues(getConstantAttr(op.getPerm()));
  return succeeded(perm) && *perm == SmallVector<int64_t>{0, 2, 3, 1};
}

/// Dynamic dimensions count as this many elements when costs are compared.
constexpr int64_t kAssumedExtent = 32;

int64_t countElements(RankedTensorType type) {
  int64_t count = 1;
  for (int64_t dim : type.getShape())
    count *= ShapedType::isDynamic(dim) ? kAssumedExtent : dim;
  return count;
}

struct AssignFormats : ge::impl::AssignFormatsPassBase<AssignFormats> {
  using AssignFormatsPassBase::AssignFormatsPassBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    // Arguments and results of branches and loops stay plain.
    func.walk([&](Block *block) { runOnBlock(*block); });
  }

private:
  void runOnBlock(Block &block) {
    candidates.clear();
    storedOf.clear();
    for (Operation &op : block)
      if (std::optional<Candidate> candidate = getCandidate(&op, c0))
        candidates.insert({&op, *candidate});
    chooseStored();
    for (auto &[op, candidate] : candidates)
      convertOperands(op, candidate);
    for (auto &[op, candidate] : candidates)
      convertPlainUses(op->getResult(0));
    for (TransposeOp op : llvm::make_early_inc_range(block.getOps<TransposeOp>()))
      if (op->use_empty())
        op->erase();
  }

  RankedTensorType getStoredType(RankedTensorType plain) {
    return storedType(plain, Format::NC1HWC0, Format::NCHW, c0);
  }

  //===--- choice -----------------------------------------------------------===//

  /// Removes the candidates that are cheaper plain.
  void chooseStored() {
    MinCut network;
    llvm::DenseMap<Operation *, unsigned> nodes;
    llvm::SetVector<Value> values;
    for (auto &[op, candidate] : candidates) {
      unsigned node = network.addNode();
      nodes[op] = node;
      auto image = cast<RankedTensorType>(op->getResult(0).getType());
      if (candidate.isForced)
        network.addArc(MinCut::kSource, node, MinCut::kInfinite);
      else
        // Padding lanes are computed for nothing.
        network.addArc(node, MinCut::kSink, (countElements(getStoredType(image)) - countElements(image)) / 4);
      values.insert(op->getResult(0));
      for (OpOperand *operand : candidate.operands)
        if (!getConstantAttr(operand->get()))
          values.insert(operand->get());
    }
    for (Value value : values)
      addConversions(network, nodes, value);
    network.solve();
    candidates.remove_if([&](auto &entry) { return !network.isSourceSide(nodes[entry.first]); });
  }

  /// One conversion serves all users of a value on the other side.
  void addConversions(MinCut &network, const llvm::DenseMap<Operation *, unsigned> &nodes, Value value) {
    // Read and written: twice the stored size.
    int64_t cost = 2 * countElements(getStoredType(cast<RankedTensorType>(value.getType())));
    Operation *producer = value.getDefiningOp();
    auto it = producer ? nodes.find(producer) : nodes.end();
    unsigned from = it == nodes.end() ? MinCut::kSink : it->second;
    unsigned toPlain = network.addNode(), toStored = network.addNode();
    network.addArc(from, toPlain, cost);
    network.addArc(toStored, from, cost);
    for (OpOperand &use : value.getUses()) {
      if (readsEither(use))
        continue;
      unsigned user = isStorable(use) ? nodes.lookup(use.getOwner()) : unsigned(MinCut::kSink);
      network.addArc(toPlain, user, MinCut::kInfinite);
      network.addArc(user, toStored, MinCut::kInfinite);
    }
    // A single element-wise user joins the kernel of its producer, unless a
    // conversion comes between them.
    if (from != MinCut::kSink && value.hasOneUse() && value.getUsers().begin()->hasTrait<ElementwiseTrait>())
      if (OpOperand &use = *value.use_begin(); isStorable(use))
        network.addArc(from, nodes.lookup(use.getOwner()), countElements(cast<RankedTensorType>(value.getType())) / 2);
  }

  /// Whether the user takes this operand stored if it is itself stored.
  bool isStorable(OpOperand &use) {
    auto it = candidates.find(use.getOwner());
    return it != candidates.end() && llvm::is_contained(it->second.operands, &use);
  }

  //===--- conversion -------------------------------------------------------===//

  /// Gives the operator stored operands and a stored result.
  void convertOperands(Operation *op, Candidate &candidate) {
    for (OpOperand *operand : candidate.operands)
      operand->set(getStored(operand->get(), cast<RankedTensorType>(op->getResult(0).getType())));
    Value result = op->getResult(0);
    result.setType(getStoredType(cast<RankedTensorType>(result.getType())));
    ++numStored;
  }

  Value getStored(Value value, RankedTensorType image) {
    auto type = cast<RankedTensorType>(value.getType());
    Operation *producer = value.getDefiningOp();
    if (type.getEncoding() || (producer && candidates.count(producer)))
      return value;
    Value &stored = storedOf[value];
    if (stored)
      return stored;
    if (ElementsAttr attr = getConstantAttr(value))
      if ((stored = packConstant(value, attr, image)))
        return stored;
    return stored = convert(value, getStoredType(type), "NCHW", "NC1HWC0");
  }

  /// Lays a constant out again; null if the interpreter cannot hold it.
  Value packConstant(Value value, ElementsAttr attr, RankedTensorType image) {
    RankedTensorType plain = getConstantImageType(value, image);
    if (!plain)
      plain = cast<RankedTensorType>(attr.getType());
    FailureOr<gemlir::interp::Tensor> tensor = gemlir::interp::Tensor::fromAttr(attr);
    if (failed(tensor))
      return {};
    FailureOr<gemlir::interp::Tensor> packed =
        gemlir::interp::pack(tensor->reshaped(plain.getShape()), getStoredType(plain));
    if (failed(packed))
      return {};
    OpBuilder builder(value.getContext());
    builder.setInsertionPointAfterValue(value);
    return ConstOp::create(builder, value.getLoc(), packed->toAttr());
  }

  Value convert(Value value, RankedTensorType type, StringRef from, StringRef to) {
    OpBuilder builder(value.getContext());
    builder.setInsertionPointAfterValue(value);
    ++numConversions;
    numConverted += countElements(type);
    return TransDataOp::create(builder, value.getLoc(), type, value, builder.getStringAttr(from),
                               builder.getStringAttr(to));
  }

  /// Users that are not stored read the plain tensor again.
  void convertPlainUses(Value value) {
    SmallVector<OpOperand *> plainUses;
    for (OpOperand &use : value.getUses())
      if (!isStorable(use) && !readsEither(use))
        plainUses.push_back(&use);
    if (plainUses.empty())
      return;
    Value plain, channelsLast;
    for (OpOperand *use : plainUses) {
      auto transpose = dyn_cast<TransposeOp>(use->getOwner());
      if (transpose && use->getOperandNumber() == 0 && movesChannelsLast(transpose)) {
        // The conversion can write this order as well.
        if (!channelsLast)
          channelsLast = convert(value, cast<RankedTensorType>(transpose.getY().getType()), "NC1HWC0", "NHWC");
        transpose.getY().replaceAllUsesWith(channelsLast);
        continue;
      }
      if (!plain)
        plain = convert(value, originType(cast<RankedTensorType>(value.getType())), "NC1HWC0", "NCHW");
      use->set(plain);
    }
  }

  llvm::MapVector<Operation *, Candidate> candidates;
  llvm::DenseMap<Value, Value> storedOf;
};

} // namespace
