//===- VectorTaps.cpp - elements that a body takes by number --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorTaps.h"

#include "BufferAddress.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace gemlir;

static constexpr int64_t kNoLow = std::numeric_limits<int64_t>::min(), kNoHigh = std::numeric_limits<int64_t>::max();

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

std::pair<int64_t, int64_t> Position::range(ArrayRef<int64_t> sizes) const {
  int64_t least = offset, most = offset;
  for (auto [factor, size] : llvm::zip(factors, sizes)) {
    if (factor && size < 0)
      return {kNoLow, kNoHigh};
    (factor < 0 ? least : most) += factor * (size - 1);
  }
  return {least, most};
}

static bool hasLimits(const Position &p) { return p.low != kNoLow || p.high != kNoHigh; }

static std::optional<Position> getPosition(Value value, ArrayRef<int64_t> sizes);

static std::optional<Position> addPositions(const Position &x, const Position &y) {
  if (hasLimits(x) && hasLimits(y))
    return std::nullopt;
  const Position &limited = hasLimits(x) ? x : y, &other = hasLimits(x) ? y : x;
  if (hasLimits(limited) && llvm::any_of(other.factors, [](int64_t f) { return f != 0; }))
    return std::nullopt;
  Position sum = limited;
  for (auto [factor, more] : llvm::zip(sum.factors, other.factors))
    factor += more;
  sum.offset += other.offset;
  if (sum.low != kNoLow)
    sum.low += other.offset;
  if (sum.high != kNoHigh)
    sum.high += other.offset;
  return sum;
}

static std::optional<Position> multiplyPosition(Position p, int64_t factor) {
  if (factor <= 0)
    return std::nullopt;
  for (int64_t &f : p.factors)
    f *= factor;
  p.offset *= factor;
  if (p.low != kNoLow)
    p.low *= factor;
  if (p.high != kNoHigh)
    p.high *= factor;
  return p;
}

/// One part of a loop's number that a period divides.
static std::optional<Position> dividePosition(Position p, int64_t period, Position::Part part) {
  const bool isLoop = llvm::count(p.factors, 0) + 1 == int64_t(p.factors.size()) && llvm::is_contained(p.factors, 1);
  if (!isLoop || p.offset || hasLimits(p) || period < 2)
    return std::nullopt;
  p.period = period;
  p.part = part;
  return p;
}

/// What an operation makes of a position and a constant, or of two positions.
static std::optional<Position> combine(Operation *op, ArrayRef<int64_t> sizes) {
  std::optional<Position> x = getPosition(op->getOperand(0), sizes), y = getPosition(op->getOperand(1), sizes);
  if (!x || !y || x->part != Position::Part::Whole || y->part != Position::Part::Whole)
    return std::nullopt;
  const bool isConstant = llvm::all_of(y->factors, [](int64_t f) { return f == 0; });
  if (isa<arith::AddIOp>(op))
    return addPositions(*x, *y);
  if (!isConstant)
    return std::nullopt;
  const int64_t n = y->offset;
  if (isa<arith::MulIOp>(op))
    return multiplyPosition(*x, n);
  if (isa<arith::DivUIOp>(op))
    return dividePosition(*x, n, Position::Part::Quotient);
  if (isa<arith::RemUIOp>(op))
    return dividePosition(*x, n, Position::Part::Remainder);
  if (isa<arith::MinSIOp>(op)) {
    x->high = std::min(x->high, n);
    return x->low <= x->high ? x : std::nullopt;
  }
  x->low = std::max(x->low, n);
  return x->low <= x->high ? x : std::nullopt;
}

static std::optional<Position> getPosition(Value value, ArrayRef<int64_t> sizes) {
  Position p;
  p.factors.assign(sizes.size(), 0);
  if (std::optional<int64_t> known = getConstantIntValue(value)) {
    p.offset = *known;
    return p;
  }
  Operation *op = value.getDefiningOp();
  if (auto index = dyn_cast_or_null<linalg::IndexOp>(op)) {
    p.factors[index.getDim()] = 1;
    return p;
  }
  if (!isa_and_nonnull<arith::AddIOp, arith::MulIOp, arith::DivUIOp, arith::RemUIOp, arith::MinSIOp, arith::MaxSIOp>(
          op))
    return std::nullopt;
  std::optional<Position> result = combine(op, sizes);
  // A limit that is never reached is none.
  if (result && result->low != kNoLow && !result->stopsLow(sizes))
    result->low = kNoLow;
  if (result && result->high != kNoHigh && !result->stopsHigh(sizes))
    result->high = kNoHigh;
  return result;
}

/// Marks the loops on which a number of the body depends; whether the control core can
/// compute it from these, numbers of the kernel, and integers in global memory.
static bool findLoops(Value value, linalg::GenericOp generic, MutableArrayRef<int64_t> factors) {
  Operation *op = value.getDefiningOp();
  if (!value.getType().isIntOrIndex())
    return false;
  if (auto argument = dyn_cast<BlockArgument>(value); argument && argument.getOwner() == generic.getBody()) {
    OpOperand &operand = generic->getOpOperand(argument.getArgNumber());
    if (!generic.isDpsInput(&operand) || !isa<RankedTensorType>(operand.get().getType()) || !getBuffer(operand.get()))
      return false;
    for (AffineExpr expr : generic.getMatchingIndexingMap(&operand).getResults()) {
      if (auto dim = dyn_cast<AffineDimExpr>(expr))
        factors[dim.getPosition()] = 1;
      else if (!isa<AffineConstantExpr>(expr))
        return false;
    }
    return true;
  }
  if (!op)
    return false;
  if (op->getBlock() != generic.getBody())
    return true;
  if (auto index = dyn_cast<linalg::IndexOp>(op)) {
    factors[index.getDim()] = 1;
    return true;
  }
  return isa<arith::ArithDialect>(op->getDialect()) && op->getNumResults() == 1 &&
         llvm::all_of(op->getOperands(), [&](Value operand) { return findLoops(operand, generic, factors); });
}

static std::optional<Position> getComputed(Value value, linalg::GenericOp generic, ArrayRef<int64_t> sizes) {
  Position p;
  p.factors.assign(sizes.size(), 0);
  p.part = Position::Part::Computed;
  p.number = value;
  if (!generic || generic.getNumLoops() != sizes.size() || !findLoops(value, generic, p.factors))
    return std::nullopt;
  return p;
}

bool gemlir::isPlaceOnly(Value number) {
  return !number.use_empty() && llvm::all_of(number.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<tensor::ExtractOp>(user))
      return true;
    return isa<arith::ArithDialect>(user->getDialect()) && user->getNumResults() == 1 &&
           user->getResult(0).getType().isIntOrIndex() && isPlaceOnly(user->getResult(0));
  });
}

/// Adds the ranges in which positions must be for a condition to hold.
static bool addConditions(Value condition, ArrayRef<int64_t> sizes, SmallVectorImpl<Position> &conditions) {
  Operation *op = condition.getDefiningOp();
  if (isa_and_nonnull<arith::AndIOp>(op))
    return addConditions(op->getOperand(0), sizes, conditions) && addConditions(op->getOperand(1), sizes, conditions);
  auto compare = dyn_cast_or_null<arith::CmpIOp>(op);
  if (!compare || !compare.getLhs().getType().isIndex())
    return false;
  std::optional<Position> p = getPosition(compare.getLhs(), sizes);
  std::optional<int64_t> n = getConstantIntValue(compare.getRhs());
  if (!p || !n || hasLimits(*p) || p->part != Position::Part::Whole)
    return false;
  switch (compare.getPredicate()) {
  case arith::CmpIPredicate::ult: p->low = 0; [[fallthrough]];
  case arith::CmpIPredicate::slt: p->high = *n - 1; break;
  case arith::CmpIPredicate::ule: p->low = 0; [[fallthrough]];
  case arith::CmpIPredicate::sle: p->high = *n; break;
  case arith::CmpIPredicate::sge: p->low = *n; break;
  case arith::CmpIPredicate::sgt: p->low = *n + 1; break;
  default: return false;
  }
  if (p->stopsLow(sizes) || p->stopsHigh(sizes))
    conditions.push_back(*p);
  return true;
}

/// A constant as an element of the type, if it is the same number there.
static TypedAttr getElement(Value constant, Type type) {
  TypedAttr attribute;
  if (!matchPattern(constant, m_Constant(&attribute)) || attribute.getType() == type)
    return attribute;
  auto number = dyn_cast<FloatAttr>(attribute);
  if (!number || !isa<FloatType>(type))
    return {};
  APFloat value = number.getValue();
  bool isRounded = false;
  value.convert(cast<FloatType>(type).getFloatSemantics(), APFloat::rmNearestTiesToEven, &isRounded);
  return isRounded ? TypedAttr() : TypedAttr(FloatAttr::get(type, value));
}

std::optional<Tap> gemlir::matchTap(Operation *op, ArrayRef<int64_t> sizes) {
  Tap tap;
  auto extract = dyn_cast<tensor::ExtractOp>(op);
  if (auto select = dyn_cast<arith::SelectOp>(op)) {
    Value taken = select.getTrueValue();
    if (auto widened = taken.getDefiningOp<arith::ExtFOp>())
      taken = widened.getIn();
    extract = taken.getDefiningOp<tensor::ExtractOp>();
    tap.fill = getElement(select.getFalseValue(), taken.getType());
    if (!tap.fill || !addConditions(select.getCondition(), sizes, tap.conditions))
      return std::nullopt;
  }
  if (!extract || extract.getTensor().getType().getRank() == 0)
    return std::nullopt;
  tap.tensor = extract.getTensor();
  for (Value index : extract.getIndices()) {
    std::optional<Position> p = getPosition(index, sizes);
    if (!p)
      p = getComputed(index, extract->getParentOfType<linalg::GenericOp>(), sizes);
    if (!p)
      return std::nullopt;
    tap.positions.push_back(*p);
  }
  while (tap.positions.size() > 1 && extract.getTensor().getType().getDimSize(tap.positions.size() - 1) == 1)
    tap.positions.pop_back();
  return tap;
}

std::optional<unsigned> gemlir::getDenseLoop(const Tap &tap) {
  std::optional<unsigned> loop;
  for (auto [i, factor] : llvm::enumerate(tap.dense().factors))
    if (factor == 1 && !loop)
      loop = i;
  return loop;
}

/// Whether rows are moved one by one, because a number says where each is.
static bool isByRow(const Tap &tap, unsigned across) {
  return llvm::any_of(tap.positions,
                      [&](const Position &p) { return p.part == Position::Part::Computed && p.uses(across); });
}

StringRef gemlir::checkTap(const Tap &tap, const VectorSpace &space) {
  const unsigned columns = space.sizes.size() - 1, rows = space.rowLoop;
  if (space.sizes.size() < 2)
    return "takes elements by number in one loop";
  const bool isTurned = !tap.dense().uses(columns);
  const unsigned along = isTurned ? rows : columns, across = isTurned ? columns : rows;
  if (tap.dense().factors[along] != 1 || tap.dense().uses(across) || tap.dense().part == Position::Part::Quotient ||
      tap.dense().part == Position::Part::Computed)
    return "takes elements by number that are not dense";
  // Moves start at a block of 32 bytes, so nothing is left out in front of a row.
  const bool isCovered = llvm::any_of(tap.conditions, [&](const Position &c) { return c.uses(along); });
  if (tap.dense().stopsLow(space.sizes) || (tap.dense().stopsHigh(space.sizes) && !isCovered))
    return "takes elements by number beyond a row";
  unsigned count = 0;
  const bool byRow = isByRow(tap, across);
  for (const Position &p : ArrayRef(tap.positions).drop_back()) {
    const bool namesBlock = p.part == Position::Part::Quotient && p.period == getPeriod(tap);
    if (p.uses(along) && !namesBlock)
      return "takes elements by number along a diagonal or backwards";
    if (byRow)
      continue;
    if (p.uses(across) && p.factors[across] < 0)
      return "takes elements by number along a diagonal or backwards";
    if (p.uses(across) && p.part != Position::Part::Whole)
      return "takes elements by number in blocks of what is not dense";
    count += p.uses(across);
  }
  if (count > 1)
    return "takes elements by number along a diagonal or backwards";
  for (const Position &c : tap.conditions)
    if ((c.uses(rows) && c.uses(columns)) || c.factors[rows] < 0 || c.factors[columns] < 0 ||
        (c.uses(along) && c.stopsLow(space.sizes)))
      return "takes elements by number under a condition that is no range of rows or columns";
  return "";
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

namespace {

class TapLoader {
public:
  TapLoader(OpBuilder &b, Location loc, const Tap &tap, Value buffer, const VectorSpace &space, const TilePlace &place)
      : b(b), loc(loc), tap(tap), buffer(buffer), place(place) {
    const unsigned columns = space.sizes.size() - 1;
    const bool isTurned = !tap.dense().uses(columns);
    along = isTurned ? space.rowLoop : columns;
    across = isTurned ? columns : space.rowLoop;
    auto type = cast<MemRefType>(buffer.getType());
    OpFoldResult stride = b.getIndexAttr(1);
    strides.resize(type.getRank());
    for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
      strides[dim] = stride;
      if (dim)
        stride = multiply(b, loc, stride, memref::getMixedSize(b, loc, buffer, dim));
    }
  }

  /// Moves the elements to `target`, rows that are dense.
  void load(Value target);

private:
  /// A half-open range of iterations of a tile.
  struct Range {
    Value begin, end;
  };
  /// Some elements along the dense loop, at a column of the target; of a tap that is
  /// dense in blocks, one of these.
  struct Piece {
    Value count;
    OpFoldResult column;
    Value block;
  };
  void loadPiece(Range rows, const Piece &piece, Value target);
  void loadRows(Range rows, const Piece &piece, Value target);
  void move(Range range, const Piece &piece, OpFoldResult first, OpFoldResult step, Value target);
  Range limit(Range range, const Position &p, unsigned loop);
  Range getRange(unsigned loop);
  Value evaluate(const Position &p, Value row = {});
  Value compute(Value number, Value row);
  /// An iteration of a loop: of the tile's first row, or another one.
  OpFoldResult getIteration(unsigned loop, Value row) {
    return row && loop == across ? add(b, loc, place.offsets[loop], getAsOpFoldResult(row)) : place.offsets[loop];
  }
  /// Where the dense loop's elements are in it: `x`, or that of the piece's block.
  Value getBlock(const Position &p, Value x, const Piece &piece) {
    return p.part == Position::Part::Quotient && p.uses(along) ? fold<arith::AddIOp>(x, piece.block) : x;
  }
  Value clamp(Value x, const Position &p);

  Value constant(int64_t n) { return arith::ConstantIndexOp::create(b, loc, n); }
  template <typename OpTy>
  Value fold(Value x, Value y) {
    return b.createOrFold<OpTy>(loc, x, y);
  }
  Value toValue(OpFoldResult x) { return getValueOrCreateConstantIndexOp(b, loc, x); }

  OpBuilder &b;
  Location loc;
  const Tap &tap;
  Value buffer;
  const TilePlace &place;
  unsigned along, across;
  SmallVector<OpFoldResult> strides;
};

} // namespace

/// What the body computes, by the control core.
Value TapLoader::compute(Value number, Value row) {
  Operation *op = number.getDefiningOp();
  auto generic = dyn_cast<linalg::GenericOp>(number.getParentBlock()->getParentOp());
  if (!generic)
    return number;
  if (auto argument = dyn_cast<BlockArgument>(number)) {
    OpOperand &operand = generic->getOpOperand(argument.getArgNumber());
    SmallVector<Value> indices;
    for (AffineExpr expr : generic.getMatchingIndexingMap(&operand).getResults()) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      indices.push_back(dim ? toValue(getIteration(dim.getPosition(), row))
                            : constant(cast<AffineConstantExpr>(expr).getValue()));
    }
    return memref::LoadOp::create(b, loc, getBuffer(operand.get()), indices);
  }
  if (auto index = dyn_cast<linalg::IndexOp>(op))
    return toValue(getIteration(index.getDim(), row));
  IRMapping mapping;
  for (Value operand : op->getOperands())
    if (!mapping.contains(operand))
      mapping.map(operand, compute(operand, row));
  return b.clone(*op, mapping)->getResult(0);
}

/// The position at an iteration of the tile, the first unless a row is given, without
/// the limits.
Value TapLoader::evaluate(const Position &p, Value row) {
  if (p.part == Position::Part::Computed)
    return compute(p.number, row);
  OpFoldResult sum = b.getIndexAttr(p.offset);
  for (auto [loop, factor] : llvm::enumerate(p.factors))
    if (factor)
      sum = add(b, loc, sum, multiply(b, loc, getIteration(loop, row), b.getIndexAttr(factor)));
  switch (p.part) {
  case Position::Part::Computed: break;
  case Position::Part::Whole: return toValue(sum);
  case Position::Part::Quotient: return fold<arith::DivUIOp>(toValue(sum), constant(p.period));
  case Position::Part::Remainder: return fold<arith::RemUIOp>(toValue(sum), constant(p.period));
  }
  llvm_unreachable("no other part");
}

Value TapLoader::clamp(Value x, const Position &p) {
  if (p.low != kNoLow)
    x = fold<arith::MaxSIOp>(x, constant(p.low));
  if (p.high != kNoHigh)
    x = fold<arith::MinSIOp>(x, constant(p.high));
  return x;
}

/// The part of a range in which a position, which grows along the loop, is within its
/// limits.
TapLoader::Range TapLoader::limit(Range range, const Position &p, unsigned loop) {
  const int64_t factor = p.factors[loop];
  Value first = evaluate(p), zero = constant(0);
  auto divide = [&](Value x) {
    x = fold<arith::MaxSIOp>(x, zero);
    return factor == 1 ? x : fold<arith::DivUIOp>(x, constant(factor));
  };
  if (p.low != kNoLow) {
    Value begin = divide(fold<arith::SubIOp>(constant(p.low + factor - 1), first));
    range.begin = fold<arith::MinSIOp>(fold<arith::MaxSIOp>(range.begin, begin), range.end);
  }
  if (p.high != kNoHigh) {
    Value end = divide(fold<arith::SubIOp>(constant(p.high + factor), first));
    range.end = fold<arith::MaxSIOp>(fold<arith::MinSIOp>(range.end, end), range.begin);
  }
  return range;
}

/// Where the conditions along a loop hold.
TapLoader::Range TapLoader::getRange(unsigned loop) {
  Range range{constant(0), toValue(place.extents[loop])};
  for (const Position &c : tap.conditions)
    if (c.uses(loop))
      range = limit(range, c, loop);
  return range;
}

/// Moves a piece of each iteration of a range, of which the first starts at element
/// `first` of the buffer.
void TapLoader::move(Range range, const Piece &piece, OpFoldResult first, OpFoldResult step, Value target) {
  OpFoldResult rows = getAsOpFoldResult(fold<arith::SubIOp>(range.end, range.begin)), one = b.getIndexAttr(1);
  if (getConstantIntValue(rows) == 0)
    return;
  SmallVector<OpFoldResult> sizes{rows, getAsOpFoldResult(piece.count)};
  Value from = memref::ReinterpretCastOp::create(b, loc, buffer, first, sizes, {step, one});
  Value to =
      memref::SubViewOp::create(b, loc, target, {getAsOpFoldResult(range.begin), piece.column}, sizes, {one, one});
  npu::MoveOp::create(b, loc, from, to);
}

void TapLoader::load(Value target) {
  Range rows = getRange(across);
  Value count = getRange(along).end;
  // Where the other conditions do not hold, there is nothing to move.
  for (const Position &c : tap.conditions)
    if (!c.uses(across) && !c.uses(along)) {
      Value x = evaluate(c);
      Value holds = b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, x, clamp(x, c));
      rows.end = b.createOrFold<arith::SelectOp>(loc, holds, rows.end, rows.begin);
    }
  const int64_t period = getPeriod(tap);
  if (period == 1)
    return loadPiece(rows, {count, b.getIndexAttr(0), Value()}, target);
  Value blocks = toValue(ceilDivide(b, loc, getAsOpFoldResult(count), period));
  auto loop = scf::ForOp::create(b, loc, constant(0), blocks, constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value column = fold<arith::MulIOp>(loop.getInductionVar(), constant(period));
  Value most = fold<arith::MinUIOp>(fold<arith::SubIOp>(count, column), constant(period));
  loadPiece(rows, {most, column, loop.getInductionVar()}, target);
}

/// Moves a piece of one row after the other.
void TapLoader::loadRows(Range rows, const Piece &piece, Value target) {
  auto loop = scf::ForOp::create(b, loc, rows.begin, rows.end, constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value row = loop.getInductionVar();
  OpFoldResult start = b.getIndexAttr(0);
  for (auto [p, distance] : llvm::zip(tap.positions, strides)) {
    Value x = getBlock(p, clamp(evaluate(p, row), p), piece);
    start = add(b, loc, start, multiply(b, loc, getAsOpFoldResult(x), distance));
  }
  move({row, fold<arith::AddIOp>(row, constant(1))}, piece, start, b.getIndexAttr(0), target);
}

void TapLoader::loadPiece(Range rows, const Piece &piece, Value target) {
  if (isByRow(tap, across))
    return loadRows(rows, piece, target);
  OpFoldResult start = b.getIndexAttr(0), stride;
  const Position *moving = nullptr;
  for (auto [p, distance] : llvm::zip(tap.positions, strides)) {
    if (p.uses(across)) {
      moving = &p;
      stride = distance;
      continue;
    }
    Value x = p.uses(along) ? evaluate(p) : clamp(evaluate(p), p);
    x = getBlock(p, x, piece);
    start = add(b, loc, start, multiply(b, loc, getAsOpFoldResult(x), distance));
  }
  if (!moving)
    return move(rows, piece, start, b.getIndexAttr(0), target);
  auto at = [&](Value x) { return add(b, loc, start, multiply(b, loc, getAsOpFoldResult(x), stride)); };
  OpFoldResult factor = b.getIndexAttr(moving->factors[across]);
  Range inner = limit(rows, *moving, across);
  Value first = fold<arith::AddIOp>(evaluate(*moving), fold<arith::MulIOp>(inner.begin, toValue(factor)));
  move(inner, piece, at(first), multiply(b, loc, factor, stride), target);
  if (moving->low != kNoLow)
    move({rows.begin, inner.begin}, piece, at(constant(moving->low)), b.getIndexAttr(0), target);
  if (moving->high != kNoHigh)
    move({inner.end, rows.end}, piece, at(constant(moving->high)), b.getIndexAttr(0), target);
}

SmallVector<VectorValue> gemlir::loadTaps(OpBuilder &b, Location loc, VectorCompute &compute, ArrayRef<Tap> taps,
                                          const VectorSpace &space, const TilePlace &place) {
  SmallVector<VectorValue> results(taps.size());
  // Those of one kind share a buffer: all are filled, then moved in, then used.
  llvm::MapVector<std::pair<unsigned, Type>, SmallVector<unsigned>> kinds;
  const unsigned columns = space.sizes.size() - 1;
  for (auto [i, tap] : llvm::enumerate(taps))
    kinds[{!tap.dense().uses(columns), getElementTypeOrSelf(tap.tensor.getType())}].push_back(i);
  for (auto &[kind, members] : kinds) {
    auto [isTurned, element] = kind;
    SmallVector<VectorValue> tiles = compute.createTiles(loc, members.size(), isTurned, element);
    for (auto [i, tile] : llvm::zip(members, tiles))
      if (!taps[i].conditions.empty())
        npu::VectorOp::create(b, loc, "generate.dup", ValueRange(), arith::ConstantOp::create(b, loc, taps[i].fill),
                              tile.value, 0);
    for (auto [i, tile] : llvm::zip(members, tiles))
      TapLoader(b, loc, taps[i], getBuffer(taps[i].tensor), space, place).load(tile.value);
    for (auto [i, tile] : llvm::zip(members, tiles))
      results[i] = isTurned ? compute.turn(loc, tile) : tile;
  }
  return results;
}
