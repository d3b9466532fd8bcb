//===- VectorCompute.cpp - scalar operations as commands of the vector unit -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorCompute.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace gemlir;
using engine::Space;

LogicalResult VectorCompute::fail(Operation *op) {
  llvm::raw_string_ostream os(reason);
  os << "no command of the vector unit for '" << op->getName() << "'";
  if (op->getNumOperands())
    os << " on " << op->getOperand(0).getType();
  return failure();
}

VectorValue VectorCompute::create(Location loc, Form form, Type element) {
  const int64_t bytes = getElementBytes(element), block = 32 / bytes;
  auto view = [&](ArrayRef<int64_t> shape, ArrayRef<OpFoldResult> sizes) -> Value {
    Value local = npu::LocalOp::create(b, loc, npu::getLocalType(shape, element, Space::UB));
    SmallVector<OpFoldResult> zeros(sizes.size(), b.getIndexAttr(0)), ones(sizes.size(), b.getIndexAttr(1));
    return memref::SubViewOp::create(b, loc, local, zeros, sizes, ones);
  };
  const int64_t padded = llvm::alignTo(tile.columns, block);
  switch (form) {
  case Form::Tile:
    if (!isMatrix)
      return {form, view({padded}, {columns}), element};
    return {form, view({tile.rows, padded}, {rows, columns}), element};
  case Form::Row: return {form, view({padded}, {columns}), element};
  case Form::Column: return {form, view({int64_t(llvm::alignTo(tile.rows, block))}, {rows}), element};
  case Form::Mask: {
    const int64_t size = llvm::alignTo(llvm::divideCeil(tile.columns, 8), 32);
    if (!isMatrix)
      return {form, view({size}, {b.getIndexAttr(size)}), element};
    return {form, view({tile.rows, size}, {rows, b.getIndexAttr(size)}), element};
  }
  case Form::Scalar: break;
  }
  return {form, Value(), element};
}

VectorValue VectorCompute::emit(Location loc, StringRef function, ArrayRef<VectorValue> inputs, Form form, Type element,
                                Value scalar, int64_t round) {
  VectorValue result = create(loc, form, element);
  SmallVector<Value> operands;
  for (const VectorValue &input : inputs)
    operands.push_back(input.form == Form::Column && form != Form::Column ? toBlocks(loc, input).value : input.value);
  npu::VectorOp::create(b, loc, function, operands, scalar, result.value, round);
  return result;
}

/// A block of 32 bytes for each row, which binary commands repeat along it.
VectorValue VectorCompute::toBlocks(Location loc, VectorValue column) {
  VectorValue &result = blocks[column.value];
  if (result.value)
    return result;
  const int64_t block = 32 / getElementBytes(column.element);
  Value local = npu::LocalOp::create(b, loc, npu::getLocalType({tile.rows, block}, column.element, Space::UB));
  OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
  Value view = memref::SubViewOp::create(b, loc, local, {zero, zero}, {rows, b.getIndexAttr(block)}, {one, one});
  npu::VectorOp::create(b, loc, "permute.bcastcol", column.value, Value(), view, 0);
  result = {Form::Column, view, column.element};
  return result;
}

SmallVector<VectorValue> VectorCompute::createTiles(Location loc, unsigned count, bool isTurned, Type element) {
  const int64_t block = 32 / getElementBytes(element), height = isTurned ? tile.columns : tile.rows;
  const int64_t pitch = llvm::alignTo(isTurned ? tile.rows : tile.columns, block);
  Value local = npu::LocalOp::create(b, loc, npu::getLocalType({count * height, pitch}, element, Space::UB));
  OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
  SmallVector<OpFoldResult> sizes{isTurned ? columns : rows, isTurned ? rows : columns};
  SmallVector<VectorValue> tiles;
  for (unsigned i = 0; i < count; ++i) {
    SmallVector<OpFoldResult> offsets{b.getIndexAttr(i * height), zero};
    tiles.push_back({Form::Tile, memref::SubViewOp::create(b, loc, local, offsets, sizes, {one, one}), element});
  }
  return tiles;
}

VectorValue VectorCompute::turn(Location loc, VectorValue turned) {
  VectorValue result = create(loc, Form::Tile, turned.element);
  npu::VectorOp::create(b, loc, "permute.transpose", turned.value, Value(), result.value, 0);
  return result;
}

VectorValue VectorCompute::copy(Location loc, VectorValue value, Form form) {
  VectorValue result = create(loc, form, value.element);
  const bool isScalar = value.form == Form::Scalar;
  npu::VectorOp::create(b, loc, isScalar ? "generate.dup" : "generate.copy",
                        isScalar ? ValueRange() : ValueRange(value.value), isScalar ? value.value : Value(),
                        result.value, 0);
  return result;
}

FailureOr<VectorValue> VectorCompute::expand(Location loc, VectorValue value, Form form) {
  if (value.form == form)
    return value;
  if (value.form == Form::Scalar) {
    VectorValue result = create(loc, form, value.element);
    npu::VectorOp::create(b, loc, "generate.dup", ValueRange(), value.value, result.value, 0);
    return result;
  }
  if (form != Form::Tile || value.form == Form::Mask) {
    reason = "a value has more dimensions than where it is stored";
    return failure();
  }
  VectorValue result = create(loc, form, value.element);
  npu::VectorOp::create(b, loc, value.form == Form::Row ? "generate.copy" : "permute.bcastcol", value.value, Value(),
                        result.value, 0);
  return result;
}

bool VectorCompute::isLegal(StringRef function, Type element) const {
  using namespace gemlir::engine;
  auto [family, member] = function.split('.');
  std::optional<gemlir::engine::Type> type = npu::getEngineType(element);
  for (unsigned id = 1; type && id < kCommands; ++id) {
    const CommandInfo &info = getInfo(CommandId(id));
    if (StringRef(info.mnemonic) != ("v." + family).str())
      continue;
    for (const OpInfo &op : ArrayRef(info.ops, info.opCount))
      if (member == op.name)
        return op.types >> unsigned(*type) & 1;
  }
  return false;
}

/// The form of a result of two values.
static Form join(Form x, Form y) {
  if (x == y || y == Form::Scalar)
    return x;
  return x == Form::Scalar ? y : Form::Tile;
}

/// Narrow floats for which there is no command are computed as f32.
static bool isNarrow(Type type) { return type.isF16() || type.isBF16(); }

VectorValue VectorCompute::cast(Location loc, VectorValue x, Type to, int64_t round) {
  if (x.element == to)
    return x;
  if (x.form == Form::Scalar) {
    Value scalar = to.getIntOrFloatBitWidth() > x.element.getIntOrFloatBitWidth()
                       ? b.createOrFold<arith::ExtFOp>(loc, to, x.value)
                       : b.createOrFold<arith::TruncFOp>(loc, to, x.value);
    return {Form::Scalar, scalar, to};
  }
  return emit(loc, "cast", x, x.form, to, Value(), round);
}

FailureOr<VectorValue> VectorCompute::emitUnary(Operation *op, StringRef member, VectorValue x) {
  const std::string function = ("unary." + member).str();
  Location loc = op->getLoc();
  if (isLegal(function, x.element))
    return emit(loc, function, x, x.form, x.element);
  Type wide = b.getF32Type();
  if (!isNarrow(x.element) || !isLegal(function, wide))
    return fail(op);
  return cast(loc, emit(loc, function, cast(loc, x, wide), x.form, wide), x.element);
}

FailureOr<VectorValue> VectorCompute::emitBinary(Operation *op, StringRef member, StringRef scalarMember,
                                                 StringRef reversedMember, VectorValue x, VectorValue y) {
  Location loc = op->getLoc();
  const std::string function = ("binary." + member).str();
  Type type = x.element, wide = b.getF32Type();
  if (!isLegal(function, type)) {
    if (!isNarrow(type) || !isLegal(function, wide))
      return fail(op);
    FailureOr<VectorValue> result =
        emitBinary(op, member, scalarMember, reversedMember, cast(loc, x, wide), cast(loc, y, wide));
    return failed(result) ? result : FailureOr<VectorValue>(cast(loc, *result, type));
  }
  if (y.form == Form::Scalar && !scalarMember.empty())
    return emit(loc, ("scalar." + scalarMember).str(), x, x.form, type, y.value);
  if (x.form == Form::Scalar && !reversedMember.empty())
    return emit(loc, ("scalar." + reversedMember).str(), y, y.form, type, x.value);
  const Form form = join(x.form, y.form);
  for (VectorValue *operand : {&x, &y})
    if (operand->form == Form::Scalar) {
      FailureOr<VectorValue> full = expand(loc, *operand, form);
      if (failed(full))
        return failure();
      *operand = *full;
    }
  return emit(loc, function, {x, y}, form, type);
}

/// The member that compares so, or nothing.
static StringRef getComparison(arith::CmpFPredicate predicate) {
  switch (predicate) {
  case arith::CmpFPredicate::OEQ: return "eq";
  case arith::CmpFPredicate::UNE: return "ne";
  case arith::CmpFPredicate::OLT: return "lt";
  case arith::CmpFPredicate::OLE: return "le";
  case arith::CmpFPredicate::OGT: return "gt";
  case arith::CmpFPredicate::OGE: return "ge";
  default: return {};
  }
}

static StringRef getComparison(arith::CmpIPredicate predicate) {
  switch (predicate) {
  case arith::CmpIPredicate::eq: return "eq";
  case arith::CmpIPredicate::ne: return "ne";
  case arith::CmpIPredicate::slt: return "lt";
  case arith::CmpIPredicate::sle: return "le";
  case arith::CmpIPredicate::sgt: return "gt";
  case arith::CmpIPredicate::sge: return "ge";
  default: return {};
  }
}

FailureOr<VectorValue> VectorCompute::emitCompare(Operation *op, StringRef member, VectorValue x, VectorValue y) {
  Location loc = op->getLoc();
  // There is no binary "ge", and the first operand gives the shape.
  static constexpr StringLiteral kSwapped[][2] = {{"eq", "eq"}, {"ne", "ne"}, {"lt", "gt"},
                                                  {"le", "ge"}, {"gt", "lt"}, {"ge", "le"}};
  auto swap = [&] {
    std::swap(x, y);
    member = llvm::find_if(kSwapped, [&](auto &pair) { return pair[0] == member; })[0][1];
  };
  if (x.form == Form::Scalar || (member == "ge" && y.form != Form::Scalar))
    swap();
  for (VectorValue *operand : {&x, &y}) {
    if (operand == &y && y.form == Form::Scalar)
      continue;
    FailureOr<VectorValue> full = expand(loc, *operand, Form::Tile);
    if (failed(full))
      return failure();
    *operand = *full;
  }
  const std::string function = y.form == Form::Scalar ? ("scalar." + member + "s").str() : ("binary." + member).str();
  Type wide = b.getF32Type();
  if (!isLegal(function, x.element)) {
    if (!isNarrow(x.element) || !isLegal(function, wide))
      return fail(op);
    x = cast(loc, x, wide);
    y = cast(loc, y, wide);
  }
  Type bits = b.getI8Type();
  return y.form == Form::Scalar ? emit(loc, function, x, Form::Mask, bits, y.value)
                                : emit(loc, function, {x, y}, Form::Mask, bits);
}

/// Words compare for equality alone; bytes are exact as halves.
FailureOr<VectorValue> VectorCompute::emitCompare(arith::CmpIOp op, VectorValue x, VectorValue y) {
  StringRef member = getComparison(op.getPredicate());
  if (member == "eq" && x.element.isInteger(32))
    return emitCompare(op, member, x, y);
  if (!x.element.isInteger(8) || member.empty())
    return fail(op);
  Type half = b.getF16Type();
  for (VectorValue *operand : {&x, &y})
    *operand = operand->form == Form::Scalar
                   ? VectorValue{Form::Scalar, arith::SIToFPOp::create(b, op.getLoc(), half, operand->value), half}
                   : cast(op.getLoc(), *operand, half);
  return emitCompare(op, member, x, y);
}

FailureOr<VectorValue> VectorCompute::emitSelect(Operation *op, VectorValue mask, VectorValue x, VectorValue y) {
  Location loc = op->getLoc();
  // The command has 8 bits for the blocks from row to row.
  const int64_t pitch = llvm::divideCeil(tile.columns * getElementBytes(x.element), 32);
  if (mask.form != Form::Mask || !isLegal("ternary.select", x.element) || (tile.rows > 1 && pitch > 255))
    return fail(op);
  FailureOr<VectorValue> a = expand(loc, x, Form::Tile), c = expand(loc, y, Form::Tile);
  if (failed(a) || failed(c))
    return failure();
  return emit(loc, "ternary.select", {*a, *c, mask}, Form::Tile, x.element);
}

FailureOr<VectorValue> VectorCompute::emitCast(Operation *op, VectorValue x, Type to) {
  Location loc = op->getLoc();
  if (x.form == Form::Mask) {
    // Bits become numbers: one where they are set.
    auto constant = [&](double value) -> VectorValue {
      TypedAttr attribute =
          isa<FloatType>(to) ? TypedAttr(b.getFloatAttr(to, value)) : TypedAttr(b.getIntegerAttr(to, int64_t(value)));
      return {Form::Scalar, arith::ConstantOp::create(b, loc, attribute), to};
    };
    if (isLegal("ternary.select", to))
      return emitSelect(op, x, constant(1), constant(0));
    // Bytes come from halves, of which zero and one are exact.
    Type half = b.getF16Type();
    if (!npu::getEngineType(to) || to.isInteger(1))
      return fail(op);
    std::swap(to, half);
    FailureOr<VectorValue> numbers = emitSelect(op, x, constant(1), constant(0));
    return failed(numbers) ? numbers : FailureOr<VectorValue>(cast(loc, *numbers, half));
  }
  if (!npu::getEngineType(x.element) || !npu::getEngineType(to) || x.element.isInteger(1) || to.isInteger(1))
    return fail(op);
  const bool toInteger = isa<arith::FPToSIOp, arith::FPToUIOp>(op);
  return emit(loc, "cast", x, x.form, to, Value(), toInteger ? 4 : 0);
}

/// Makes max(x, 0) a part of the command that adds or subtracts to x, if nothing else
/// takes x.
bool VectorCompute::fuseRelu(Operation *op, VectorValue x, VectorValue zero) {
  if (zero.form != Form::Scalar || x.form == Form::Scalar || !matchPattern(zero.value, m_AnyZeroFloat()) ||
      !op->getOperand(0).hasOneUse() || !x.value.hasOneUse())
    return false;
  auto sum = dyn_cast<npu::VectorOp>(*x.value.user_begin());
  if (!sum || sum.getTarget() != x.value || (sum.getFunction() != "binary.add" && sum.getFunction() != "binary.sub"))
    return false;
  const StringRef function = sum.getFunction() == "binary.add" ? "fused.addrelu" : "fused.subrelu";
  if (!isLegal(function, x.element))
    return false;
  sum.setFunction(function);
  return true;
}

FailureOr<VectorValue> VectorCompute::compute(Operation *op, ArrayRef<VectorValue> v) {
  using Result = FailureOr<VectorValue>;
  if (op->getNumResults() != 1)
    return fail(op);
  Type type = op->getResult(0).getType();
  auto unary = [&](StringRef member) { return emitUnary(op, member, v[0]); };
  auto binary = [&](StringRef member, StringRef scalar = {}, StringRef reversed = {}) {
    return emitBinary(op, member, scalar, reversed, v[0], v[1]);
  };
  // What only scalars go into, the control core computes.
  if (llvm::all_of(v, [](const VectorValue &x) { return x.form == Form::Scalar; })) {
    IRMapping mapping;
    for (auto [operand, value] : llvm::zip(op->getOperands(), v))
      mapping.map(operand, value.value);
    if (!isa<arith::ArithDialect>(op->getDialect()))
      return fail(op);
    return VectorValue{Form::Scalar, b.clone(*op, mapping)->getResult(0), type};
  }
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<arith::AddFOp, arith::AddIOp>([&](auto) { return binary("add", "adds", "adds"); })
      .Case<arith::MulFOp, arith::MulIOp>([&](auto) { return binary("mul", "muls", "muls"); })
      .Case<arith::SubFOp, arith::SubIOp>([&](auto) { return binary("sub", "", "rsubs"); })
      .Case([&](arith::DivFOp) { return binary("div", "divs", "rdivs"); })
      .Case<arith::MaximumFOp, arith::MaxSIOp>(
          [&](auto) { return fuseRelu(op, v[0], v[1]) ? Result(v[0]) : binary("max", "maxs", "maxs"); })
      .Case<arith::MinimumFOp, arith::MinSIOp>([&](auto) { return binary("min", "mins", "mins"); })
      .Case([&](arith::AndIOp) { return binary("and"); })
      .Case([&](arith::OrIOp) { return binary("or"); })
      .Case([&](arith::XOrIOp) { return binary("xor"); })
      .Case([&](arith::NegFOp) { return unary("neg"); })
      .Case([&](math::ExpOp) { return unary("exp"); })
      .Case([&](math::LogOp) { return unary("ln"); })
      .Case([&](math::SqrtOp) { return unary("sqrt"); })
      .Case([&](math::RsqrtOp) { return unary("rsqrt"); })
      .Case([&](math::AbsFOp) { return unary("abs"); })
      .Case([&](math::SinOp) { return unary("sin"); })
      .Case([&](math::CosOp) { return unary("cos"); })
      .Case([&](math::TanhOp) { return unary("tanh"); })
      .Case([&](math::ErfOp) { return unary("erf"); })
      .Case([&](math::FloorOp) { return unary("floor"); })
      .Case([&](math::CeilOp) { return unary("ceil"); })
      .Case([&](math::RoundEvenOp) { return unary("round"); })
      .Case([&](arith::CmpFOp compare) -> Result {
        StringRef member = getComparison(compare.getPredicate());
        return member.empty() ? Result(fail(op)) : emitCompare(op, member, v[0], v[1]);
      })
      .Case([&](arith::CmpIOp compare) -> Result { return emitCompare(compare, v[0], v[1]); })
      .Case([&](arith::SelectOp) { return emitSelect(op, v[0], v[1], v[2]); })
      .Case<arith::ExtFOp, arith::TruncFOp, arith::SIToFPOp, arith::FPToSIOp, arith::ExtSIOp, arith::TruncIOp,
            arith::UIToFPOp, arith::ExtUIOp>([&](auto) -> Result {
        const bool isUnsigned = isa<arith::UIToFPOp, arith::ExtUIOp>(op);
        return isUnsigned && v[0].form != Form::Mask ? Result(fail(op)) : emitCast(op, v[0], type);
      })
      .Default([&](Operation *) -> Result { return fail(op); });
}

/// The value that a reduction may start from without changing it.
static bool isNeutral(Operation *combiner, Value start) {
  FloatAttr number;
  IntegerAttr integer;
  if (matchPattern(start, m_Constant(&number))) {
    const APFloat &value = number.getValue();
    return isa<arith::AddFOp>(combiner)       ? value.isZero()
           : isa<arith::MulFOp>(combiner)     ? value.isExactlyValue(1.0)
           : isa<arith::MaximumFOp>(combiner) ? value.isInfinity() && value.isNegative()
           : isa<arith::MinimumFOp>(combiner) ? value.isInfinity() && !value.isNegative()
                                              : false;
  }
  return matchPattern(start, m_Constant(&integer)) && isa<arith::AddIOp>(combiner) && integer.getValue().isZero();
}

/// The member of v.reduce, behind "col" for columns, that an operation stands for.
static StringRef getReduction(Operation *combiner) {
  return llvm::TypeSwitch<Operation *, StringRef>(combiner)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return "sum"; })
      .Case([](arith::MulFOp) { return "prod"; })
      .Case<arith::MaximumFOp, arith::MaxSIOp>([](auto) { return "max"; })
      .Case<arith::MinimumFOp, arith::MinSIOp>([](auto) { return "min"; })
      .Default([](Operation *) { return ""; });
}

LogicalResult VectorCompute::reduceRows(Operation *combiner, VectorValue value, const VectorValue &total) {
  StringRef member = getReduction(combiner);
  const std::string function = ("reduce.col" + member).str();
  Location loc = combiner->getLoc();
  FailureOr<VectorValue> full = expand(loc, value, Form::Tile);
  if (failed(full))
    return failure();
  if (member.empty() || !isLegal(function, total.element))
    return fail(combiner);
  VectorValue part = emit(loc, function, cast(loc, *full, total.element), Form::Row, total.element);
  const std::string binary = member == "sum"    ? "binary.add"
                             : member == "prod" ? "binary.mul"
                                                : ("binary." + member).str();
  npu::VectorOp::create(b, loc, binary, {total.value, part.value}, Value(), total.value, 0);
  return success();
}

/// Reduces blocks of 32 bytes of rows of f32 while that takes fewer cycles than to reduce
/// what is left of the rows: as long as they are longer than a repeat, or until a row is
/// one number.
VectorValue VectorCompute::reduceBlocks(Location loc, StringRef member, VectorValue value, int64_t width) {
  constexpr int64_t kBlock = 8, kRepeat = 64;
  int64_t last = width;
  while (last % kBlock == 0)
    last /= kBlock;
  const std::string function = ("reduce.block" + member).str();
  while (width > 1 && (last == 1 || width > kRepeat)) {
    width = llvm::divideCeil(width, kBlock);
    VectorValue result = create(loc, Form::Column, value.element);
    if (width > 1) {
      Value local = npu::LocalOp::create(
          b, loc, npu::getLocalType({tile.rows, int64_t(llvm::alignTo(width, kBlock))}, value.element, Space::UB));
      OpFoldResult zero = b.getIndexAttr(0), one = b.getIndexAttr(1);
      result = {Form::Tile,
                memref::SubViewOp::create(b, loc, local, {zero, zero}, {rows, b.getIndexAttr(width)}, {one, one}),
                value.element};
    }
    npu::VectorOp::create(b, loc, function, value.value, Value(), result.value, 0);
    value = result;
  }
  return value;
}

FailureOr<VectorValue> VectorCompute::reduce(Operation *combiner, VectorValue value, VectorValue start) {
  StringRef member = getReduction(combiner);
  const std::string function = ("reduce." + member).str();
  Location loc = combiner->getLoc();
  FailureOr<VectorValue> full = expand(loc, value, Form::Tile);
  if (failed(full))
    return failure();
  Type type = value.element, used = isLegal(function, type) ? type : Type(b.getF32Type());
  if (member.empty() || !isLegal(function, used) || (used != type && !isNarrow(type)))
    return fail(combiner);
  VectorValue rest = cast(loc, *full, used);
  std::optional<int64_t> width = getConstantIntValue(columns);
  if (isMatrix && width && used.isF32() && member != "prod")
    rest = reduceBlocks(loc, member, rest, *width);
  if (rest.form != Form::Column)
    rest = emit(loc, function, rest, Form::Column, used);
  VectorValue result = cast(loc, rest, type);
  if (start.form == Form::Scalar && isNeutral(combiner, start.value))
    return result;
  VectorValue operands[] = {result, start};
  return compute(combiner, operands);
}
