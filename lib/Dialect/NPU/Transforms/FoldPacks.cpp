//===- FoldPacks.cpp - panels of constants at compile time -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"
#include "ge-mlir/Dialect/Utils/Constants.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <cstring>

namespace mlir::npu {
#define GEN_PASS_DEF_NPUFOLDPACKS
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;
using namespace mlir::npu;

namespace {

/// Maps elements of panels to elements of the source, for one order. All sizes
/// are in elements.
struct PanelIndex {
  PanelOrder order;
  ArrayRef<int64_t> source;
  int64_t c0;

  /// Columns (for `depthwise`, channels) of one matrix.
  int64_t columns() const {
    switch (order) {
    case PanelOrder::KN: return source.back();
    case PanelOrder::NK: return source[source.size() - 2];
    default: return source[0];
    }
  }

  int64_t rows() const {
    switch (order) {
    case PanelOrder::KN: return source[source.size() - 2];
    case PanelOrder::NK: return source.back();
    default: return source[1] * source[2] * source[3];
    }
  }

  /// The element of one matrix at column `n`, row `k`.
  int64_t operator()(int64_t n, int64_t k) const {
    switch (order) {
    case PanelOrder::KN: return k * source.back() + n;
    case PanelOrder::NK:
    case PanelOrder::ConvNCHW:
    case PanelOrder::Depthwise: return n * rows() + k;
    case PanelOrder::ConvNC1HWC0: {
      int64_t taps = source[2] * source[3], channels = source[1];
      int64_t c1 = k / (taps * c0);
      int64_t lanes = std::min(c0, channels - c1 * c0);
      int64_t rest = k - c1 * taps * c0;
      int64_t tap = rest / lanes, channel = c1 * c0 + rest % lanes;
      return (n * channels + channel) * taps + tap;
    }
    }
    llvm_unreachable("unknown panel order");
  }
};

} // namespace

/// `columns` by `rows` elements of `size` bytes each, in panels of `n0` columns.
static void packMatrix(const PanelIndex &index, const char *source, char *target, int64_t n0, int64_t size) {
  int64_t columns = index.columns(), rows = index.rows();
  for (int64_t panel = 0; panel * n0 < columns; ++panel)
    for (int64_t k = 0; k < rows; ++k) {
      char *lane = target + (panel * rows + k) * n0 * size;
      for (int64_t n = panel * n0, end = std::min(columns, n + n0); n < end; ++n, lane += size)
        std::memcpy(lane, source + index(n, k) * size, size);
    }
}

static ElementsAttr packConstant(PackPanelsOp op, ElementsAttr value) {
  auto source = cast<RankedTensorType>(op.getSource().getType());
  auto panels = cast<RankedTensorType>(op.getPanels().getType());
  int64_t size = gemlir::getElementBytes(source.getElementType());
  if (size == 0)
    return {};
  std::vector<char> expanded;
  std::optional<ArrayRef<char>> bytes = gemlir::getRawBytes(value);
  if (auto dense = dyn_cast<DenseElementsAttr>(value); !bytes && dense && dense.isSplat()) {
    ArrayRef<char> element = dense.getRawData();
    for (int64_t i = 0; i < source.getNumElements(); ++i)
      expanded.insert(expanded.end(), element.begin(), element.end());
    bytes = ArrayRef<char>(expanded);
  }
  if (!bytes)
    return {};
  bool batched = source.getRank() == 3;
  int64_t batch = batched ? source.getDimSize(0) : 1;
  PanelIndex index{op.getOrder(), source.getShape(), static_cast<int64_t>(op.getC0())};
  std::vector<char> packed(panels.getNumElements() * size);
  for (int64_t b = 0; b < batch; ++b)
    packMatrix(index, bytes->data() + b * (source.getNumElements() / batch) * size,
               packed.data() + b * (packed.size() / batch), op.getN0(), size);
  return gemlir::makeConstant(panels, packed);
}

/// A generic over the panels that reads the source by index, for operands that
/// only exist at run time.
static void lowerPack(PackPanelsOp op) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto source = cast<RankedTensorType>(op.getSource().getType());
  auto panels = cast<RankedTensorType>(op.getPanels().getType());
  bool batched = source.getRank() == 3;
  int64_t rank = panels.getRank();
  // Sizes that are known are constants, which fold.
  auto sizeOf = [&](int64_t dim) { return tensor::getMixedSize(builder, loc, op.getSource(), dim); };
  bool isKN = op.getOrder() == PanelOrder::KN;
  int64_t last = source.getRank() - 1;
  OpFoldResult columns = sizeOf(isKN ? last : last - 1), rows = sizeOf(isKN ? last - 1 : last);
  SmallVector<OpFoldResult> sizes;
  if (batched)
    sizes.push_back(sizeOf(0));
  Value n0 = arith::ConstantIndexOp::create(builder, loc, op.getN0());
  Value columnCount = getValueOrCreateConstantIndexOp(builder, loc, columns);
  if (std::optional<int64_t> known = getConstantIntValue(columns))
    sizes.push_back(builder.getIndexAttr(llvm::divideCeil(*known, op.getN0())));
  else
    sizes.push_back(arith::CeilDivSIOp::create(builder, loc, columnCount, n0).getResult());
  sizes.append({rows, builder.getIndexAttr(op.getN0())});
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, panels.getElementType());
  auto body = [&](OpBuilder &b, Location loc, ValueRange) {
    Value n1 = linalg::IndexOp::create(b, loc, rank - 3), k = linalg::IndexOp::create(b, loc, rank - 2);
    Value lane = linalg::IndexOp::create(b, loc, rank - 1);
    auto constant = [&](int64_t v) -> Value { return arith::ConstantIndexOp::create(b, loc, v); };
    Value n = arith::AddIOp::create(b, loc, arith::MulIOp::create(b, loc, n1, constant(op.getN0())), lane);
    Value count = getConstantIntValue(columns) ? constant(*getConstantIntValue(columns)) : columnCount;
    Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, n, count);
    Value last = getConstantIntValue(columns) ? constant(*getConstantIntValue(columns) - 1)
                                              : arith::SubIOp::create(b, loc, count, constant(1)).getResult();
    Value clamped = arith::MinUIOp::create(b, loc, n, last);
    SmallVector<Value> at;
    if (batched)
      at.push_back(linalg::IndexOp::create(b, loc, 0));
    if (isKN)
      at.append({k, clamped});
    else
      at.append({clamped, k});
    Value element = tensor::ExtractOp::create(b, loc, op.getSource(), at);
    Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(panels.getElementType()));
    Value padded = arith::SelectOp::create(b, loc, inside, element, zero);
    linalg::YieldOp::create(b, loc, padded);
  };
  SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  auto generic =
      linalg::GenericOp::create(builder, loc, panels, ValueRange{}, ValueRange{empty}, maps, iterators, body);
  op.getPanels().replaceAllUsesWith(generic.getResult(0));
  op.erase();
}

/// Whether the cube takes the packed matrix as it lies in every product.
static bool isTakenByCube(PackPanelsOp op) {
  if (op.getOrder() != PanelOrder::KN && op.getOrder() != PanelOrder::NK)
    return false;
  auto source = cast<RankedTensorType>(op.getSource().getType());
  ArrayRef<int64_t> sizes = source.getShape().take_back(2);
  // Columns side by side are fed by pairs of blocks of 32 bytes where these are half
  // as wide as the cube.
  const int64_t columns = sizes.back(), block = 32 / gemlir::getElementBytes(source.getElementType());
  if (op.getOrder() == PanelOrder::KN && block < 16 &&
      (ShapedType::isDynamic(columns) || llvm::alignTo(columns, block) != llvm::alignTo(columns, 16)))
    return false;
  return llvm::all_of(op->getUses(), [&](OpOperand &use) {
    auto product = dyn_cast<MmadOp>(use.getOwner());
    return product && &use == &product.getRhsMutable() && isa<RankedTensorType>(product.getLhs().getType());
  });
}

static void takeMatrix(PackPanelsOp op) {
  for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
    auto product = cast<MmadOp>(use.getOwner());
    use.set(op.getSource());
    product.setOrderAttr(op.getOrderAttr());
  }
  op.erase();
}

namespace {
struct FoldPacks : npu::impl::NPUFoldPacksBase<FoldPacks> {
  using NPUFoldPacksBase::NPUFoldPacksBase;

  bool isCube = false;

  LogicalResult initialize(MLIRContext *context) override {
    gemlir::device::Description description;
    std::string error;
    if (!gemlir::device::lookup(device, description, error))
      return emitError(UnknownLoc::get(context)) << error;
    isCube = description.kind == gemlir::device::Kind::AICore;
    return success();
  }

  void runOnOperation() override {
    SmallVector<PackPanelsOp> packs;
    getOperation().walk([&](PackPanelsOp op) { packs.push_back(op); });
    for (PackPanelsOp op : packs) {
      ElementsAttr value = gemlir::getConstantAttr(op.getSource());
      if (ElementsAttr packed = value ? packConstant(op, value) : ElementsAttr()) {
        OpBuilder builder(op);
        Value constant = arith::ConstantOp::create(builder, op.getLoc(), packed);
        Operation *source = op.getSource().getDefiningOp();
        op.getPanels().replaceAllUsesWith(constant);
        op.erase();
        if (source->use_empty())
          source->erase();
        ++numFolded;
        continue;
      }
      if (isCube && isTakenByCube(op)) {
        takeMatrix(op);
        ++numTaken;
        continue;
      }
      if (op.getOrder() != PanelOrder::KN && op.getOrder() != PanelOrder::NK) {
        op.emitError("expects a constant filter, but it is computed at run time");
        return signalPassFailure();
      }
      lowerPack(op);
      ++numLowered;
    }
  }
};
} // namespace
