//===- VectorKernel.cpp - kernels of the vector unit -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes element-wise operations, reductions over the last loop, and chains of them
// over the same rows. Every tensor becomes a buffer of one tile; what comes from
// global memory is moved in once for each tile, or once in all if it does not
// change, and results are moved out. An operand whose dense dimension is not that of
// the columns is moved as it lies and transposed in UB. A reduction over the rows
// walks them in parts and adds up what each part gives.
//
//===----------------------------------------------------------------------===//

#include "VectorKernel.h"

#include "BufferAddress.h"
#include "TileCount.h"
#include "VectorCompute.h"
#include "VectorTaps.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace gemlir;

int64_t VectorSpace::outer() const {
  int64_t product = 1;
  for (size_t i = 0; i + 1 < sizes.size(); ++i)
    if (i != rowLoop)
      product *= std::max<int64_t>(sizes[i], 1);
  return product;
}

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

/// The operation whose loops all others share.
static linalg::GenericOp findRoot(npu::KernelOp kernel) {
  linalg::GenericOp root;
  for (auto generic : kernel.getBody().getOps<linalg::GenericOp>())
    if (!root || generic.getNumLoops() >= root.getNumLoops())
      root = generic;
  return root;
}

namespace {
/// What a map gives for one dimension of an operand: each `stride`-th place of a loop,
/// from `offset` on, or, without a loop, the place `offset`.
struct Access {
  std::optional<unsigned> loop;
  int64_t stride = 1, offset = 0;
};
} // namespace

/// The access that an expression stands for, or none.
static std::optional<Access> matchAccess(AffineExpr expr) {
  Access access;
  if (auto sum = dyn_cast<AffineBinaryOpExpr>(expr); sum && sum.getKind() == AffineExprKind::Add)
    if (auto offset = dyn_cast<AffineConstantExpr>(sum.getRHS())) {
      access.offset = offset.getValue();
      expr = sum.getLHS();
    }
  if (auto product = dyn_cast<AffineBinaryOpExpr>(expr); product && product.getKind() == AffineExprKind::Mul)
    if (auto stride = dyn_cast<AffineConstantExpr>(product.getRHS())) {
      access.stride = stride.getValue();
      expr = product.getLHS();
    }
  if (auto loop = dyn_cast<AffineDimExpr>(expr))
    access.loop = loop.getPosition();
  else if (auto place = dyn_cast<AffineConstantExpr>(expr); place && !access.offset)
    access.offset = place.getValue();
  else
    return std::nullopt;
  if (access.stride < 1 || access.offset < 0)
    return std::nullopt;
  return access;
}

/// Whether each dimension of the operand is an access, by loops that differ.
static bool isAccessible(AffineMap map) {
  llvm::SmallDenseSet<unsigned> loops;
  return !map.getNumSymbols() && llvm::all_of(map.getResults(), [&](AffineExpr expr) {
    std::optional<Access> access = matchAccess(expr);
    return access && (!access->loop || loops.insert(*access->loop).second);
  });
}

/// What follows takes accessible maps.
static bool usesDim(AffineMap map, unsigned dim) {
  return llvm::any_of(map.getResults(), [&](AffineExpr expr) { return matchAccess(expr)->loop == dim; });
}

/// The loop along which the operand is dense, or none.
static std::optional<unsigned> getDenseLoop(AffineMap map) {
  Access last = *matchAccess(map.getResults().back());
  return last.stride == 1 ? last.loop : std::nullopt;
}

/// Whether the map walks the columns, but is dense along another loop.
static bool isTurned(AffineMap map, unsigned columnLoop) {
  return map.getNumResults() && usesDim(map, columnLoop) && getDenseLoop(map) != columnLoop;
}

/// The operation that a tap is made of: an extraction, or the choice between it, widened
/// or not, and a constant.
static Operation *getTapRoot(tensor::ExtractOp extract) {
  Value taken = extract.getResult();
  if (extract->hasOneUse())
    if (auto widened = dyn_cast<arith::ExtFOp>(*extract->user_begin()))
      taken = widened.getOut();
  if (taken.hasOneUse())
    if (auto select = dyn_cast<arith::SelectOp>(*taken.user_begin());
        select && select.getTrueValue() == taken && select.getCondition().getDefiningOp() &&
        isa<arith::CmpIOp, arith::AndIOp>(select.getCondition().getDefiningOp()))
      return select;
  return extract;
}

/// What a reduction does with the number so far, `sum`, and the next one, `term`. Narrow
/// floats are widened before, which is what the unit does, and rounded behind.
struct Reduction {
  Operation *combiner;
  Value sum, term;
};

static std::optional<Reduction> matchReduction(Value yielded, Value argument) {
  Reduction found{yielded.getDefiningOp(), argument, Value()};
  auto rounded = dyn_cast_or_null<arith::TruncFOp>(found.combiner);
  if (rounded && argument.hasOneUse())
    if (auto widened = dyn_cast<arith::ExtFOp>(*argument.user_begin());
        widened && widened.getType() == rounded.getIn().getType())
      found = {rounded.getIn().getDefiningOp(), widened.getOut(), Value()};
  if (!found.combiner || found.combiner->getNumOperands() != 2 ||
      !llvm::is_contained(found.combiner->getOperands(), found.sum))
    return std::nullopt;
  found.term = found.combiner->getOperand(found.combiner->getOperand(0) == found.sum);
  // The larger one of two needs no other type.
  auto widened = found.term.getDefiningOp<arith::ExtFOp>();
  if (found.sum != argument && widened && widened.getIn().getType() == argument.getType() &&
      isa<arith::MaximumFOp, arith::MinimumFOp>(found.combiner))
    found.term = widened.getIn();
  return found;
}

/// Finds the loop of the rows, and what is done along it.
static void findRowLoop(npu::KernelOp kernel, linalg::GenericOp root, VectorSpace &space) {
  const unsigned loops = root.getNumLoops();
  space.rowLoop = loops > 1 ? loops - 2 : 0;
  for (auto op : kernel.getBody().getOps<linalg::GenericOp>()) {
    if (op.getNumLoops() != loops)
      continue;
    for (AffineMap map : op.getIndexingMapsArray())
      if (isAccessible(map) && isTurned(map, loops - 1) && getDenseLoop(map)) {
        space.rowLoop = *getDenseLoop(map);
        space.isTurned = true;
      }
    for (auto extract : op.getBody()->getOps<tensor::ExtractOp>())
      if (std::optional<Tap> tap = matchTap(getTapRoot(extract), space.sizes); tap && !tap->dense().uses(loops - 1))
        if (std::optional<unsigned> dense = getDenseLoop(*tap)) {
          space.rowLoop = *dense;
          space.isTurned = true;
        }
    space.reducesRows |= loops > 1 && op.getIteratorTypesArray()[loops - 2] == utils::IteratorType::reduction;
  }
}

/// The operand's map in terms of the kernel's loops. Operations of one loop less lack
/// the one that is reduced.
static AffineMap toRootLoops(linalg::GenericOp op, AffineMap map, unsigned loops, bool reducesRows) {
  SmallVector<AffineExpr> results(map.getResults());
  if (op.getNumLoops() != loops && reducesRows)
    for (AffineExpr &expr : results)
      expr = expr.replace(getAffineDimExpr(loops - 2, map.getContext()), getAffineDimExpr(loops - 1, map.getContext()));
  return AffineMap::get(loops, 0, results, map.getContext());
}

/// Why the vector unit cannot access an operand so, or empty.
static StringRef checkMap(AffineMap map, const VectorSpace &space, bool isResult) {
  const unsigned column = space.sizes.size() - 1;
  if (!map.getNumResults())
    return "";
  const std::optional<unsigned> dense = getDenseLoop(map);
  if (isTurned(map, column) && (isResult || dense != space.rowLoop))
    return dense ? "permutes its loops in more than one way" : "reads a row that is not dense";
  if (!usesDim(map, column) && usesDim(map, space.rowLoop) && dense != space.rowLoop)
    return "reads a column that is not dense";
  return "";
}

/// Why an operation of the kernel cannot be part of it, or empty.
static std::string checkGeneric(linalg::GenericOp op, const VectorSpace &space) {
  const unsigned loops = space.sizes.size(), outer = loops - 1;
  auto text = [&](StringRef what) { return ("'" + op->getName().getStringRef() + "' " + what).str(); };
  for (AffineMap map : op.getIndexingMapsArray())
    if (!isAccessible(map))
      return text("transforms its loops");
  if (op.getNumLoops() != loops && op.getNumLoops() != outer)
    return text("has other loops than the rest of the kernel");
  if ((op.getNumLoops() != loops || op.getNumReductionLoops()) && space.isTurned)
    return text("permutes its loops beside a reduction");
  for (OpOperand &operand : op->getOpOperands()) {
    if (isPlaceOnly(op.getMatchingBlockArgument(&operand)))
      continue;
    AffineMap map = toRootLoops(op, op.getMatchingIndexingMap(&operand), loops, space.reducesRows);
    if (StringRef why = checkMap(map, space, op.isDpsInit(&operand)); !why.empty())
      return text(why);
  }
  for (auto [i, size] : llvm::enumerate(op.getStaticLoopRanges())) {
    const int64_t expected = space.sizes[i + (space.reducesRows && op.getNumLoops() != loops && i + 1 == outer)];
    if (size != expected && !(ShapedType::isDynamic(size) && expected < 0))
      return text("has loops of other sizes than the rest of the kernel");
  }
  for (auto [i, iterator] : llvm::enumerate(op.getIteratorTypesArray()))
    if (iterator != utils::IteratorType::parallel && i != (space.reducesRows ? loops - 2 : outer))
      return text("reduces a loop that is neither the rows' nor the columns'");
  if (op.getNumReductionLoops() && op.getNumDpsInits() != 1)
    return text("reduces to several results");
  for (OpOperand &init : op.getDpsInitsMutable())
    if (!op.getNumReductionLoops() && op.payloadUsesValueFromOperand(&init))
      return text("updates its result");
  for (OpOperand &operand : op->getOpOperands())
    if (auto type = dyn_cast<RankedTensorType>(operand.get().getType()))
      if (!npu::getEngineType(type.getElementType()) && !isPlaceOnly(op.getMatchingBlockArgument(&operand)))
        return text("has elements of a type that no engine has");
  for (auto extract : op.getBody()->getOps<tensor::ExtractOp>()) {
    std::optional<Tap> tap = matchTap(getTapRoot(extract), space.sizes);
    if (!tap || !getBuffer(tap->tensor) || op.getNumLoops() != loops)
      return text("takes elements by numbers that loops do not give");
    if (!npu::getEngineType(extract.getType()))
      return text("has elements of a type that no engine has");
    if (StringRef why = checkTap(*tap, space); !why.empty())
      return text(why);
  }
  return {};
}

FailureOr<VectorSpace> gemlir::analyzeVectorKernel(npu::KernelOp kernel, std::string &reason) {
  linalg::GenericOp root = findRoot(kernel);
  VectorSpace space;
  auto refuse = [&](std::string why) {
    reason = std::move(why);
    return failure();
  };
  for (Operation &op : kernel.getBody().front())
    if (!isa<linalg::GenericOp, linalg::FillOp, tensor::EmptyOp, tensor::InsertSliceOp, arith::ConstantOp,
             arith::IndexCastOp, bufferization::ToTensorOp, bufferization::MaterializeInDestinationOp, npu::ReturnOp>(
            op))
      return refuse(("no engine lowering of '" + op.getName().getStringRef() + "'").str());
  if (!root || !root.getNumLoops())
    return refuse("no loops for the vector unit");
  for (int64_t size : root.getStaticLoopRanges())
    space.sizes.push_back(ShapedType::isDynamic(size) ? -1 : size);
  findRowLoop(kernel, root, space);
  for (auto op : kernel.getBody().getOps<linalg::GenericOp>()) {
    std::string why = checkGeneric(op, space);
    if (!why.empty())
      return refuse(std::move(why));
    space.wholeRows |= op.getNumReductionLoops() > 0 && !space.reducesRows;
    for (OpOperand &operand : op->getOpOperands())
      if (auto type = dyn_cast<RankedTensorType>(operand.get().getType());
          type && !isPlaceOnly(op.getMatchingBlockArgument(&operand)))
        space.elementBytes = std::max(space.elementBytes, getElementBytes(type.getElementType()));
  }
  return space;
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

namespace {

/// A tensor of the kernel at the tile at hand, and the loops that it has.
struct TensorValue {
  VectorValue value;
  AffineMap map;
};

class VectorEmitter {
public:
  VectorEmitter(npu::KernelOp kernel, const VectorTile &tile)
      : kernel(kernel), tile(tile), b(kernel.getContext()), root(findRoot(kernel)), loops(root.getNumLoops()),
        compute(b, tile, loops > 1) {
    for (int64_t size : root.getStaticLoopRanges())
      space.sizes.push_back(ShapedType::isDynamic(size) ? -1 : size);
    findRowLoop(kernel, root, space);
  }

  LogicalResult emit(std::string &reason);

private:
  LogicalResult emitLoop();
  LogicalResult emitTile();
  LogicalResult emitParts();
  LogicalResult emitGeneric(linalg::GenericOp op);
  LogicalResult emitReduction(linalg::GenericOp op, Value yielded, OpOperand &init,
                              DenseMap<Value, VectorValue> &values);
  LogicalResult emitStore(bufferization::MaterializeInDestinationOp op);
  FailureOr<VectorValue> emitBody(linalg::GenericOp op, Value yielded, DenseMap<Value, VectorValue> &values);
  FailureOr<VectorValue> getOperand(linalg::GenericOp op, OpOperand &operand);
  FailureOr<VectorValue> load(Location loc, Value buffer, AffineMap map);
  OpFoldResult getStart(Location loc, const Access &access);
  Value viewGlobal(Location loc, Value buffer, AffineMap map);
  void computeTiles();
  void delinearize(Value number);
  OpFoldResult getExtent(unsigned dim);
  OpFoldResult getSize(unsigned dim);
  AffineExpr getSizeExpr(unsigned dim);
  Form getForm(AffineMap map) const;
  AffineMap getMap(linalg::GenericOp op, OpOperand &operand) const {
    return toRootLoops(op, op.getMatchingIndexingMap(&operand), loops, space.reducesRows);
  }
  /// Whether a map gives the same elements in every tile.
  bool isInvariant(AffineMap map) const {
    return llvm::all_of(map.getResults(), [&](AffineExpr e) {
      const std::optional<unsigned> dim = matchAccess(e)->loop;
      return !dim || getConstantIntValue(counts[*dim]) == 1;
    });
  }
  int64_t tileOf(unsigned dim) const { return dim + 1 == loops ? tile.columns : dim == space.rowLoop ? tile.rows : 1; }

  npu::KernelOp kernel;
  VectorTile tile;
  OpBuilder b;
  linalg::GenericOp root;
  unsigned loops;
  VectorSpace space;
  VectorCompute compute;
  scf::ForOp loop;
  /// Of each loop: its size, how many tiles divide it, and where this one is.
  SmallVector<OpFoldResult> sizes, counts, offsets, extents;
  DenseMap<Value, TensorValue> tensors;
  DenseMap<std::pair<Value, AffineMap>, VectorValue> loaded;
  /// Of a reduction over the rows: what the parts have given so far.
  VectorValue total;
};

} // namespace

OpFoldResult VectorEmitter::getSize(unsigned dim) {
  const int64_t size = root.getStaticLoopRanges()[dim];
  if (!ShapedType::isDynamic(size))
    return b.getIndexAttr(size);
  for (OpOperand &operand : root->getOpOperands())
    for (auto [i, expr] : llvm::enumerate(root.getMatchingIndexingMap(&operand).getResults()))
      if (expr == b.getAffineDimExpr(dim))
        if (Value buffer = getBuffer(operand.get()))
          return memref::DimOp::create(b, root.getLoc(), buffer, i).getResult();
  return {};
}

/// The size with the kernel's scalars as symbols.
AffineExpr VectorEmitter::getSizeExpr(unsigned dim) {
  const int64_t size = root.getStaticLoopRanges()[dim];
  if (!ShapedType::isDynamic(size))
    return b.getAffineConstantExpr(size);
  for (OpOperand &operand : root->getOpOperands())
    for (auto [i, expr] : llvm::enumerate(root.getMatchingIndexingMap(&operand).getResults()))
      if (expr == b.getAffineDimExpr(dim))
        if (auto buffer = dyn_cast_or_null<BlockArgument>(getBuffer(operand.get())))
          if (cast<MemRefType>(buffer.getType()).isDynamicDim(i))
            return gemlir::getSizeExpr(kernel, buffer, i);
  return {};
}

void VectorEmitter::computeTiles() {
  AffineExpr all = b.getAffineConstantExpr(1);
  for (unsigned dim = 0; dim < loops; ++dim) {
    sizes.push_back(getSize(dim));
    counts.push_back(ceilDivide(b, root.getLoc(), sizes.back(), tileOf(dim)));
    if (!space.reducesRows || dim != space.rowLoop)
      all = all * getSizeExpr(dim).ceilDiv(tileOf(dim));
  }
  setTileCount(kernel, all);
}

/// Where tile `number` starts in each loop, and how much of it there is.
void VectorEmitter::delinearize(Value number) {
  Location loc = root.getLoc();
  offsets.assign(loops, OpFoldResult());
  extents.assign(loops, OpFoldResult());
  for (int dim = loops - 1; dim >= 0; --dim) {
    if (space.reducesRows && dim == int(space.rowLoop)) // emitParts walks it
      continue;
    const bool whole = getConstantIntValue(counts[dim]) == 1;
    OpFoldResult position = b.getIndexAttr(0);
    if (!whole && dim) {
      Value count = getValueOrCreateConstantIndexOp(b, loc, counts[dim]);
      position = arith::RemUIOp::create(b, loc, number, count).getResult();
      number = arith::DivUIOp::create(b, loc, number, count);
    } else if (!whole) {
      position = number;
    }
    offsets[dim] = multiply(b, loc, position, b.getIndexAttr(tileOf(dim)));
    extents[dim] = getExtent(dim);
  }
  if (!space.reducesRows)
    compute.setSizes(loops > 1 ? extents[space.rowLoop] : b.getIndexAttr(1), extents[loops - 1]);
}

/// How much of a loop belongs to the tile that starts at its offset.
OpFoldResult VectorEmitter::getExtent(unsigned dim) {
  Location loc = root.getLoc();
  const int64_t step = tileOf(dim);
  std::optional<int64_t> size = getConstantIntValue(sizes[dim]);
  if (getConstantIntValue(counts[dim]) == 1)
    return sizes[dim];
  if (step == 1 || (size && *size % step == 0))
    return b.getIndexAttr(step);
  Value left = arith::SubIOp::create(b, loc, getValueOrCreateConstantIndexOp(b, loc, sizes[dim]),
                                     getValueOrCreateConstantIndexOp(b, loc, offsets[dim]));
  return arith::MinUIOp::create(b, loc, left, arith::ConstantIndexOp::create(b, loc, step)).getResult();
}

Form VectorEmitter::getForm(AffineMap map) const {
  const bool column = usesDim(map, loops - 1), row = loops > 1 && usesDim(map, space.rowLoop);
  if (column)
    return row || loops == 1 ? Form::Tile : Form::Row;
  return row ? Form::Column : Form::Scalar;
}

/// Where the tile begins in a dimension.
OpFoldResult VectorEmitter::getStart(Location loc, const Access &access) {
  if (!access.loop)
    return b.getIndexAttr(access.offset);
  OpFoldResult distance = multiply(b, loc, offsets[*access.loop], b.getIndexAttr(access.stride));
  return add(b, loc, distance, b.getIndexAttr(access.offset));
}

/// The part of a kernel's buffer that belongs to the tile, of at most two
/// dimensions: rows and columns, in the buffer's order.
Value VectorEmitter::viewGlobal(Location loc, Value buffer, AffineMap map) {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<OpFoldResult> starts, lengths, strides;
  SmallVector<int64_t> shape;
  for (AffineExpr expr : map.getResults()) {
    const Access access = *matchAccess(expr);
    starts.push_back(getStart(loc, access));
    strides.push_back(b.getIndexAttr(access.stride));
    const bool isOfTile = access.loop && (*access.loop + 1 == loops || *access.loop == space.rowLoop);
    lengths.push_back(isOfTile ? extents[*access.loop] : b.getIndexAttr(1));
    if (isOfTile)
      shape.push_back(getConstantIntValue(lengths.back()).value_or(ShapedType::kDynamic));
  }
  auto view = memref::SubViewOp::inferRankReducedResultType(shape, type, starts, lengths, strides);
  return memref::SubViewOp::create(b, loc, view, buffer, starts, lengths, strides);
}

FailureOr<VectorValue> VectorEmitter::load(Location loc, Value buffer, AffineMap map) {
  VectorValue &value = loaded[{buffer, map}];
  if (value.value)
    return value;
  OpBuilder::InsertionGuard guard(b);
  if (isInvariant(map)) // what does not change is moved in before the loop
    b.setInsertionPoint(loop);
  const Form form = getForm(map);
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  if (form == Form::Scalar) {
    SmallVector<Value> indices;
    for (AffineExpr expr : map.getResults())
      indices.push_back(getValueOrCreateConstantIndexOp(b, loc, getStart(loc, *matchAccess(expr))));
    value = {form, memref::LoadOp::create(b, loc, buffer, indices), element};
    return value;
  }
  Value view = viewGlobal(loc, buffer, map);
  const bool turned = isTurned(map, loops - 1);
  value = turned ? compute.createTiles(loc, 1, true, element)[0] : compute.create(loc, form, element);
  npu::MoveOp::create(b, loc, view, value.value);
  if (turned)
    value = compute.turn(loc, value);
  return value;
}

FailureOr<VectorValue> VectorEmitter::getOperand(linalg::GenericOp op, OpOperand &operand) {
  Value tensor = operand.get();
  if (!isa<RankedTensorType>(tensor.getType()))
    return VectorValue{Form::Scalar, tensor, tensor.getType()};
  AffineMap map = getMap(op, operand);
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>())
    return VectorValue{Form::Scalar, fill.getInputs()[0], fill.getInputs()[0].getType()};
  auto found = tensors.find(tensor);
  if (found != tensors.end()) {
    if (found->second.map == map)
      return found->second.value;
    compute.reason = "a value is used at other places than it is computed for";
    return failure();
  }
  if (Value buffer = getBuffer(tensor))
    return load(op.getLoc(), buffer, map);
  compute.reason = "a value that is not initialized is used";
  return failure();
}

/// Emits what `yielded` needs of the body.
FailureOr<VectorValue> VectorEmitter::emitBody(linalg::GenericOp op, Value yielded,
                                               DenseMap<Value, VectorValue> &values) {
  auto found = values.find(yielded);
  if (found != values.end())
    return found->second;
  Operation *inner = yielded.getDefiningOp();
  if (!inner || inner->getBlock() != op.getBody()) {
    // A constant of the kernel.
    return VectorValue{Form::Scalar, yielded, yielded.getType()};
  }
  if (isa<arith::ConstantOp>(inner))
    return values[yielded] = {Form::Scalar, b.clone(*inner)->getResult(0), yielded.getType()};
  SmallVector<VectorValue> operands;
  for (Value operand : inner->getOperands()) {
    FailureOr<VectorValue> value = emitBody(op, operand, values);
    if (failed(value))
      return failure();
    operands.push_back(*value);
  }
  FailureOr<VectorValue> result = compute.compute(inner, operands);
  if (succeeded(result))
    values[yielded] = *result;
  return result;
}

LogicalResult VectorEmitter::emitGeneric(linalg::GenericOp op) {
  DenseMap<Value, VectorValue> values;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    if (!op.payloadUsesValueFromOperand(operand) || isPlaceOnly(op.getMatchingBlockArgument(operand)))
      continue;
    FailureOr<VectorValue> value = getOperand(op, *operand);
    if (failed(value))
      return failure();
    values[op.getMatchingBlockArgument(operand)] = *value;
  }
  SmallVector<Value> roots;
  std::vector<Tap> taps;
  for (auto extract : op.getBody()->getOps<tensor::ExtractOp>()) {
    Operation *tap = getTapRoot(extract);
    roots.push_back(tap->getResult(0));
    taps.push_back(*matchTap(tap, space.sizes));
    const unsigned along = taps.back().dense().uses(loops - 1) ? loops - 1 : space.rowLoop;
    if (tileOf(along) % getPeriod(taps.back()) && getConstantIntValue(counts[along]) != 1) {
      compute.reason = "a tile that starts within a block of what it takes by number";
      return failure();
    }
  }
  for (auto [tap, value] : llvm::zip(roots, loadTaps(b, op.getLoc(), compute, taps, space, {offsets, extents}))) {
    // What is only stored again needs no wider type in between.
    for (Operation *user : tap.getUsers())
      if (auto rounded = dyn_cast<arith::TruncFOp>(user); rounded && rounded.getType() == value.element)
        values[rounded] = value;
    if (llvm::any_of(tap.getUsers(), [&](Operation *user) { return !values.contains(user->getResult(0)); }))
      values[tap] = compute.cast(op.getLoc(), value, tap.getType());
  }
  auto yield = cast<linalg::YieldOp>(op.getBody()->getTerminator());
  for (auto [result, yielded, init] : llvm::zip(op.getResults(), yield.getOperands(), op.getDpsInitsMutable())) {
    if (op.getNumReductionLoops()) {
      if (failed(emitReduction(op, yielded, init, values)))
        return failure();
      continue;
    }
    FailureOr<VectorValue> value = emitBody(op, yielded, values);
    if (failed(value))
      return failure();
    tensors[result] = {*value, getMap(op, init)};
  }
  return success();
}

LogicalResult VectorEmitter::emitReduction(linalg::GenericOp op, Value yielded, OpOperand &init,
                                           DenseMap<Value, VectorValue> &values) {
  std::optional<Reduction> reduction = matchReduction(yielded, op.getMatchingBlockArgument(&init));
  if (!reduction) {
    compute.reason = "a reduction that no command computes";
    return failure();
  }
  FailureOr<VectorValue> value = emitBody(op, reduction->term, values);
  if (failed(value))
    return failure();
  if (space.reducesRows)
    return compute.reduceRows(reduction->combiner, *value, total);
  FailureOr<VectorValue> start = getOperand(op, init);
  if (failed(start))
    return failure();
  const Type element = start->element;
  value = compute.reduce(reduction->combiner, *value, compute.cast(op.getLoc(), *start, value->element));
  if (failed(value))
    return failure();
  tensors[op->getResult(0)] = {compute.cast(op.getLoc(), *value, element), getMap(op, init)};
  return success();
}

/// Walks the rows of the tile in parts, up to the reduction over them.
LogicalResult VectorEmitter::emitParts() {
  Location loc = root.getLoc();
  auto isReduction = [](linalg::GenericOp op) { return op.getNumReductionLoops() > 0; };
  auto all = kernel.getBody().getOps<linalg::GenericOp>();
  if (llvm::count_if(all, isReduction) != 1) {
    compute.reason = "several reductions over rows";
    return failure();
  }
  linalg::GenericOp reduction = *llvm::find_if(all, isReduction);
  OpOperand &init = *reduction.getDpsInitsMutable().begin();
  compute.setSizes(b.getIndexAttr(1), extents[loops - 1]);
  FailureOr<VectorValue> start = getOperand(reduction, init);
  if (failed(start))
    return failure();
  // Narrow floats add up in f32.
  const bool isNarrow = isa<FloatType>(start->element) && start->element.getIntOrFloatBitWidth() < 32;
  total = compute.copy(loc, isNarrow ? compute.cast(loc, *start, b.getF32Type()) : *start, Form::Row);
  auto zero = arith::ConstantIndexOp::create(b, loc, 0), step = arith::ConstantIndexOp::create(b, loc, tile.rows);
  auto parts = scf::ForOp::create(b, loc, zero, getValueOrCreateConstantIndexOp(b, loc, sizes[space.rowLoop]), step);
  const auto before = loaded;
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(parts.getBody());
    const bool whole = getConstantIntValue(counts[space.rowLoop]) == 1;
    offsets[space.rowLoop] = whole ? OpFoldResult(b.getIndexAttr(0)) : OpFoldResult(parts.getInductionVar());
    extents[space.rowLoop] = getExtent(space.rowLoop);
    compute.setSizes(extents[space.rowLoop], extents[loops - 1]);
    for (auto op : all)
      if (op.getNumLoops() == loops && failed(emitGeneric(op)))
        return failure();
  }
  // What a part has loaded is gone.
  loaded = before;
  compute.setSizes(b.getIndexAttr(1), extents[loops - 1]);
  tensors[reduction->getResult(0)] = {compute.cast(loc, total, start->element), getMap(reduction, init)};
  return success();
}

/// Where a value goes that is a part of a result, by the map of the value; null if that
/// is not known.
static AffineMap placeIn(tensor::InsertSliceOp insert, AffineMap map) {
  if (ShapedType::isDynamicShape(insert.getStaticOffsets()) || ShapedType::isDynamicShape(insert.getStaticStrides()))
    return {};
  const llvm::SmallBitVector dropped = insert.getDroppedDims();
  SmallVector<AffineExpr> places;
  unsigned next = 0;
  for (auto [i, offset, stride] : llvm::enumerate(insert.getStaticOffsets(), insert.getStaticStrides())) {
    AffineExpr place = getAffineConstantExpr(offset, map.getContext());
    places.push_back(dropped.test(i) ? place : map.getResult(next++) * stride + place);
  }
  return AffineMap::get(map.getNumDims(), 0, places, map.getContext());
}

LogicalResult VectorEmitter::emitStore(bufferization::MaterializeInDestinationOp op) {
  // The rest of the result is there already.
  auto insert = op.getSource().getDefiningOp<tensor::InsertSliceOp>();
  auto found = tensors.find(insert ? insert.getSource() : op.getSource());
  if (found == tensors.end() || (insert && getBuffer(insert.getDest()) != op.getDest())) {
    compute.reason = "a result that the vector unit does not compute";
    return failure();
  }
  auto [value, map] = found->second;
  if (insert)
    map = placeIn(insert, map);
  if (!map || !isAccessible(map)) {
    compute.reason = "a part of a result whose place is not known";
    return failure();
  }
  if (StringRef why = checkMap(map, space, /*isResult=*/true); !why.empty()) {
    compute.reason = ("a part of a result " + why).str();
    return failure();
  }
  Type element = getElementTypeOrSelf(op.getSource().getType());
  const Form form = getForm(map);
  if (form == Form::Scalar) {
    compute.reason = "a result of one element";
    return failure();
  }
  FailureOr<VectorValue> full =
      value.form == Form::Mask ? FailureOr<VectorValue>(failure()) : compute.expand(op.getLoc(), value, form);
  if (failed(full) || full->element != element) {
    compute.reason = "a result of bits or of a type that was not computed";
    return failure();
  }
  Value view = viewGlobal(op.getLoc(), op.getDest(), map);
  npu::MoveOp::create(b, op.getLoc(), full->value, view);
  return success();
}

LogicalResult VectorEmitter::emitTile() {
  delinearize(loop.getInductionVar());
  if (space.reducesRows && failed(emitParts()))
    return failure();
  for (Operation &op : llvm::make_early_inc_range(kernel.getBody().front())) {
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      if ((!space.reducesRows || generic.getNumLoops() != loops) && failed(emitGeneric(generic)))
        return failure();
    if (auto store = dyn_cast<bufferization::MaterializeInDestinationOp>(op))
      if (failed(emitStore(store)))
        return failure();
  }
  return success();
}

LogicalResult VectorEmitter::emit(std::string &reason) {
  Block &body = kernel.getBody().front();
  b.setInsertionPoint(body.getTerminator());
  computeTiles();
  auto range = npu::TileRangeOp::create(b, root.getLoc());
  loop = scf::ForOp::create(b, root.getLoc(), range.getBegin(), range.getEnd(),
                            arith::ConstantIndexOp::create(b, root.getLoc(), 1));
  b.setInsertionPointToStart(loop.getBody());
  LogicalResult result = emitTile();
  if (failed(result))
    reason = compute.reason;
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isa<linalg::GenericOp, linalg::FillOp, tensor::EmptyOp, tensor::InsertSliceOp, bufferization::ToTensorOp,
            bufferization::MaterializeInDestinationOp>(op)) {
      op.dropAllUses();
      op.erase();
    }
  return result;
}

LogicalResult gemlir::emitVectorKernel(npu::KernelOp kernel, const VectorTile &tile, std::string &reason) {
  return VectorEmitter(kernel, tile).emit(reason);
}
