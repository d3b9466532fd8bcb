//===- EngineVector.td - the commands of the vector unit -----*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Eight families (custom-3), and one more (custom-2). A command works on `rows` rows of `cols` elements in
// UB; a pitch counts blk from row to row, and 0 repeats the same row. A row whose
// pitch is its size continues the one before, so that a dense block costs what one
// long row would. Tails need nothing: exactly `cols` elements are touched.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_DEVICE_ENGINEVECTOR
#define GE_MLIR_DEVICE_ENGINEVECTOR

defvar TypeAndOp = [F7<"op", 0, 4, "member of the family">, TypeF7<"type", 4, "element type">];
defvar Overlap = EngineCheck<"rows <= 1 || dPitch != 0", "rows of the result overlap">;

class Family<string text, int form> : Vector<text, form> {
  let timing = "row of the member in the device's table, for each repeat";
}

def VUnary : Family<"v.unary", 0> {
  let summary = "applies a function to each element";
  let ops = [
    EngineOp<"abs", 0, Floats, "one_source", "absolute value">, EngineOp<"neg", 1, Numbers, "one_source", "negation">,
    EngineOp<"exp", 2, Floats, "transcendental", "exponential">,
    EngineOp<"ln", 3, Floats, "transcendental", "natural logarithm">,
    EngineOp<"sqrt", 4, Floats, "transcendental", "square root">,
    EngineOp<"rsqrt", 5, Floats, "one_source", "reciprocal of the square root">,
    EngineOp<"rec", 6, Floats, "one_source", "reciprocal">, EngineOp<"relu", 7, [F16, F32, S32], "one_source", "max(x, 0)">,
    EngineOp<"not", 8, Bits, "one_source", "complement">, EngineOp<"sin", 9, [F32], "function", "sine">,
    EngineOp<"cos", 10, [F32], "function", "cosine">, EngineOp<"tanh", 11, [F32], "function", "hyperbolic tangent">,
    EngineOp<"erf", 12, [F32], "function", "error function">, EngineOp<"floor", 13, Floats, "one_source", "round down">,
    EngineOp<"ceil", 14, Floats, "one_source", "round up">,
    EngineOp<"round", 15, Floats, "one_source", "round to nearest, ties to even">];
  let fields = TypeAndOp # [
    R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">, R1<"rows", 32, 16, "rows">, R1<"cols", 48, 16, "elements">,
    R2<"dPitch", 0, 12, "blk">, R2<"sPitch", 12, 12, "blk">];
  let accesses = [Read<"src", "inUB(src, cols * size(type), rows, sPitch)">,
                  Write<"dst", "inUB(dst, cols * size(type), rows, dPitch)">];
  let checks = [Overlap];
  let work = "repeats(rows, cols * size(type), {dPitch, sPitch})";
}

def VBinary : Family<"v.binary", 1> {
  let summary = "applies an operation to pairs of elements";
  let description = [{
    Blocks of a row are `stride` blk apart: codes 0 to 7 are 0, 1, 2, 4, 8, 16, 32, 64; 0 repeats the block. Comparisons
    write one bit per element, eight to a byte from the lowest. `mask` leaves lanes alone whose bit in the lane mask is 0,
    counted from the start of each repeat of 256 bytes; it works on dense rows of types of 2 and 4 bytes.
  }];
  let ops = [
    EngineOp<"add", 0, Numbers, "two_source", "sum">, EngineOp<"sub", 1, Numbers, "two_source", "difference">,
    EngineOp<"mul", 2, Numbers, "two_source", "product">, EngineOp<"div", 3, Floats, "divide", "quotient">,
    EngineOp<"max", 4, Numbers, "two_source", "larger, NaN if any is">,
    EngineOp<"min", 5, Numbers, "two_source", "smaller, NaN if any is">,
    EngineOp<"and", 6, Bits, "two_source", "bitwise and">, EngineOp<"or", 7, Bits, "two_source", "bitwise or">,
    EngineOp<"xor", 8, Bits, "two_source", "bitwise exclusive or">,
    EngineOp<"shl", 9, Bits, "two_source", "shift left">,
    EngineOp<"shr", 10, Bits, "two_source", "shift right, of the sign for s16 and s32">,
    EngineOp<"eq", 11, [F16, F32, S32], "compare", "equal">, EngineOp<"ne", 12, Floats, "compare", "not equal">,
    EngineOp<"lt", 13, Floats, "compare", "less">, EngineOp<"le", 14, Floats, "compare", "less or equal">,
    EngineOp<"gt", 15, Floats, "compare", "greater">];
  let fields = TypeAndOp # [
    R1<"dst", 0, 16, "blk">, R1<"a", 16, 16, "blk">, R1<"b", 32, 16, "blk">, R1<"rows", 48, 16, "rows">,
    R2<"cols", 0, 16, "elements">, R2<"dPitch", 16, 12, "blk">, R2<"aPitch", 28, 12, "blk">, R2<"bPitch", 40, 12, "blk">,
    R2<"dStride", 52, 3, "code">, R2<"aStride", 55, 3, "code">, R2<"bStride", 58, 3, "code">,
    R2<"mask", 61, 1, "obeys the lane mask">];
  let accesses = [
    Read<"a", "blocksInUB(a, cols * size(type), rows, aPitch, aStride)">,
    Read<"b", "blocksInUB(b, cols * size(type), rows, bPitch, bStride)">,
    Write<"dst", "op >= 11 ? inUB(dst, ceilDiv(cols, 8), rows, dPitch)"
                 " : blocksInUB(dst, cols * size(type), rows, dPitch, dStride)">];
  let checks = [
    Overlap, EngineCheck<"dStride != 0 || cols * size(type) <= 32", "blocks of the result overlap">,
    EngineCheck<"!mask || (op < 11 && dStride == 1)", "a masked command writes dense rows">];
  let work = "repeats(rows, cols * size(type), {dPitch, aPitch, bPitch})";
}

def VScalar : Family<"v.scalar", 2> {
  let summary = "applies an operation to each element and a scalar";
  let description = "The scalar has the element's type; of an f16 or s16 it is the low half. Comparisons write bits.";
  let ops = [
    EngineOp<"adds", 0, Numbers, "one_source", "x + s">, EngineOp<"rsubs", 1, Numbers, "one_source", "s - x">,
    EngineOp<"muls", 2, Numbers, "one_source", "x * s">, EngineOp<"divs", 3, Floats, "divide", "x / s">,
    EngineOp<"rdivs", 4, Floats, "divide", "s / x">, EngineOp<"maxs", 5, Numbers, "one_source", "max(x, s)">,
    EngineOp<"mins", 6, Numbers, "one_source", "min(x, s)">,
    EngineOp<"lrelu", 7, Floats, "one_source", "x if x >= 0, else x * s">,
    EngineOp<"shls", 8, Bits, "one_source", "shift left">, EngineOp<"shrs", 9, Bits, "one_source", "shift right">,
    EngineOp<"eqs", 10, [F16, F32, S32], "compare_scalar", "equal">, EngineOp<"nes", 11, Floats, "compare_scalar", "not equal">,
    EngineOp<"lts", 12, Floats, "compare_scalar", "less">, EngineOp<"les", 13, Floats, "compare_scalar", "less or equal">,
    EngineOp<"gts", 14, Floats, "compare_scalar", "greater">,
    EngineOp<"ges", 15, Floats, "compare_scalar", "greater or equal">];
  let fields = TypeAndOp # [
    R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">, R1<"rows", 32, 16, "rows">, R1<"cols", 48, 16, "elements">,
    R2<"dPitch", 0, 12, "blk">, R2<"sPitch", 12, 12, "blk">, R2<"scalar", 32, 32, "bits of the scalar">];
  let accesses = [Read<"src", "inUB(src, cols * size(type), rows, sPitch)">,
                  Write<"dst", "inUB(dst, op >= 10 ? ceilDiv(cols, 8) : cols * size(type), rows, dPitch)">];
  let checks = [Overlap];
  let work = "repeats(rows, cols * size(type), {dPitch, sPitch})";
}

def VTernary : Family<"v.ternary", 3> {
  let summary = "applies an operation to triples of elements";
  let ops = [
    EngineOp<"fma", 0, Floats, "fma", "a * b + c, rounded once">,
    EngineOp<"select", 1, Words, "select", "a where the bit of c is 1, else b">,
    EngineOp<"clamp", 2, Floats, "select", "min(max(a, b), c)">];
  let fields = TypeAndOp # [
    R1<"dst", 0, 16, "blk">, R1<"a", 16, 16, "blk">, R1<"b", 32, 16, "blk">, R1<"c", 48, 16, "blk">,
    R2<"cols", 0, 16, "elements">, R2<"rows", 16, 16, "rows">, R2<"dPitch", 32, 8, "blk">, R2<"aPitch", 40, 8, "blk">,
    R2<"bPitch", 48, 8, "blk">, R2<"cPitch", 56, 8, "blk">];
  let accesses = [
    Read<"a", "inUB(a, cols * size(type), rows, aPitch)">, Read<"b", "inUB(b, cols * size(type), rows, bPitch)">,
    Read<"c", "inUB(c, op == 1 ? ceilDiv(cols, 8) : cols * size(type), rows, cPitch)">,
    Write<"dst", "inUB(dst, cols * size(type), rows, dPitch)">];
  let checks = [Overlap];
  let work = "repeats(rows, cols * size(type), {dPitch, aPitch, bPitch})";
}

def VReduce : Family<"v.reduce", 4> {
  let summary = "reduces each row to an element, or all rows to one";
  let description = [{
    Over a row, result r is at row r of pitch `dPitch`, or, if that is 0, beside result r - 1. Sums and products of a row
    are those of 64 lanes (128 for elements of 2 bytes), element by element, then of halves of the lanes; f16 adds in f32.
    The forms with `col` reduce row by row to one row of `cols` elements. Positions are s32, of the first of equals.
    The forms with `block` reduce each block of 32 bytes of a row to an element, `pairsum` each pair of neighbours, by
    pairs of neighbours, then of what these give; the results of a row lie side by side.
  }];
  let ops = [
    EngineOp<"sum", 0, [F16, F32, S32], "row_sum", "sum">, EngineOp<"max", 1, Numbers, "row_max", "largest">,
    EngineOp<"min", 2, Numbers, "row_max", "smallest">, EngineOp<"prod", 3, Floats, "row_sum", "product">,
    EngineOp<"argmax", 4, Floats, "row_max", "position of the largest">,
    EngineOp<"argmin", 5, Floats, "row_max", "position of the smallest">,
    EngineOp<"any", 6, Bits, "row_max", "1 if any is not 0">, EngineOp<"all", 7, Bits, "row_max", "1 if none is 0">,
    EngineOp<"colsum", 8, [F16, F32, S32], "two_source", "sum of rows">,
    EngineOp<"colmax", 9, Numbers, "two_source", "largest of rows">,
    EngineOp<"colmin", 10, Numbers, "two_source", "smallest of rows">,
    EngineOp<"colprod", 11, Floats, "two_source", "product of rows">,
    EngineOp<"blocksum", 12, Floats, "block_sum", "sums of blocks">,
    EngineOp<"blockmax", 13, Floats, "block_max", "largest of blocks">,
    EngineOp<"blockmin", 14, Floats, "block_max", "smallest of blocks">,
    EngineOp<"pairsum", 15, Floats, "pair_sum", "sums of pairs">];
  let fields = TypeAndOp # [
    R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">, R1<"rows", 32, 16, "rows">, R1<"cols", 48, 16, "elements">,
    R2<"dPitch", 0, 12, "blk">, R2<"sPitch", 12, 12, "blk">];
  let accesses = [
    Read<"src", "inUB(src, cols * size(type), rows, sPitch)">,
    Write<"dst", "op >= 12 ? reduced(dst, reducedBytes(op, cols, size(type)), rows, dPitch)"
                 " : op >= 8 ? inUB(dst, cols * size(type), 1, 0)"
                 " : reduced(dst, op == 4 || op == 5 ? 4 : size(type), rows, dPitch)">];
  let checks = [
    EngineCheck<"rows != 0 && cols != 0", "nothing to reduce">,
    EngineCheck<"op < 12 || !dPitch || dPitch * 32 >= reducedBytes(op, cols, size(type))", "rows of the result overlap">];
  let work = "repeats(rows, cols * size(type), {sPitch})";
}

def VCast : Vector<"v.cast", 5> {
  let summary = "converts elements";
  let description = [{
    `round` 0 is to nearest, ties to even, 1 down, 2 up, 3 to nearest, ties away from zero, 4 towards zero. Integers
    saturate if `saturate` is 1, else they keep their low bits; NaN becomes 0.
  }];
  let fields = [
    TypeF7<"from", 0, "element type of the source">, TypeF7<"to", 3, "element type of the result">,
    R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">, R1<"rows", 32, 16, "rows">, R1<"cols", 48, 16, "elements">,
    R2<"dPitch", 0, 12, "blk">, R2<"sPitch", 12, 12, "blk">, R2<"round", 24, 3, "rounding">, R2<"saturate", 27, 1, "saturates">];
  let accesses = [Read<"src", "inUB(src, cols * size(from), rows, sPitch)">,
                  Write<"dst", "inUB(dst, cols * size(to), rows, dPitch)">];
  let checks = [Overlap, EngineCheck<"round < 5", "unknown rounding">];
  let work = "repeats(rows, cols * (size(from) > size(to) ? size(from) : size(to)), {dPitch, sPitch})";
  let timing = "row cast, for each repeat of the wider type";
}

def VPermute : Family<"v.permute", 6> {
  let summary = "moves elements about";
  let description = [{
    `transpose` turns rows by cols into cols by rows. `gather` takes the element of `src` that the s32 in `idx` numbers,
    `scatter` puts the element of `src` there in `dst`; `extent` is the size of the table in blk. `pack` moves the
    elements whose bit in `idx` is 1 to the front of the row and fills the rest with zeros. `interleave` alternates
    elements of `src` and `idx`. `bcastcol` fills a row with one element of a column. `sort` orders a row from the
    largest and writes at `idx` where each came from. `gatherb` takes the blocks of 32 bytes of `src` that the s32 in
    `idx` number, a number for each block of the row. `pick` moves the elements of a row that a pattern in `extent` names
    to its front: 1 the even ones, 2 the odd ones, 3 to 6 the first to fourth of each four, 7 all.
  }];
  let ops = [
    EngineOp<"transpose", 0, Every, "transpose", "rows become columns">,
    EngineOp<"gather", 1, Words, "gather", "elements by number">,
    EngineOp<"scatter", 2, Words, "gather", "elements to numbers">,
    EngineOp<"pack", 3, Words, "pack", "elements by bits">,
    EngineOp<"interleave", 4, Words, "two_source", "elements by turns">,
    EngineOp<"bcastcol", 5, Words, "one_source", "an element for each row">,
    EngineOp<"sort", 6, Floats, "sort", "order from the largest">,
    EngineOp<"gatherb", 7, Every, "gather_blocks", "blocks by number">,
    EngineOp<"pick", 8, Words, "pick", "elements by a pattern">];
  let fields = TypeAndOp # [
    R1<"dst", 0, 16, "blk">, R1<"src", 16, 16, "blk">, R1<"idx", 32, 16, "blk">, R1<"rows", 48, 16, "rows">,
    R2<"cols", 0, 16, "elements">, R2<"dPitch", 16, 12, "blk">, R2<"sPitch", 28, 12, "blk">, R2<"iPitch", 40, 12, "blk">,
    R2<"extent", 52, 12, "blk; of pick the pattern">];
  let accesses = [
    Read<"src", "op == 1 || op == 7 ? inUB(src, extent * 32, 1, 0) : op == 5 ? reduced(src, size(type), rows, sPitch)"
                " : inUB(src, cols * size(type), rows, sPitch)">,
    Read<"idx", "op == 3 ? inUB(idx, ceilDiv(cols, 8), rows, iPitch)"
                " : op == 7 ? inUB(idx, ceilDiv(cols * size(type), 32) * 4, rows, iPitch)"
                " : inUB(idx, cols * (op == 4 ? size(type) : 4), rows, iPitch)", "(op >= 1 && op <= 4) || op == 7">,
    Write<"idx", "inUB(idx, cols * 4, rows, iPitch)", "op == 6">,
    Write<"dst", "op == 0 ? inUB(dst, rows * size(type), cols, dPitch) : op == 2 ? inUB(dst, extent * 32, 1, 0)"
                 " : op == 8 ? inUB(dst, pickedOf(extent, cols) * size(type), rows, dPitch)"
                 " : inUB(dst, cols * size(type) * (op == 4 ? 2 : 1), rows, dPitch)">];
  let checks = [
    EngineCheck<"op == 2 || dPitch != 0 || (op == 0 ? cols : rows) <= 1", "rows of the result overlap">,
    EngineCheck<"op != 8 || (extent >= 1 && extent <= 7)", "unknown pattern of pick">];
  let work = "repeats(rows, cols * size(type), {dPitch, sPitch})";
}

def VGenerate : Family<"v.generate", 7> {
  let summary = "writes elements that come from a scalar, or copies them";
  let description = "`iota` counts up by one from the scalar through all rows.";
  let ops = [
    EngineOp<"dup", 0, Every, "one_source", "the scalar">, EngineOp<"iota", 1, [F32, S32], "one_source", "counting">,
    EngineOp<"copy", 2, Every, "one_source", "the source">];
  let fields = TypeAndOp # [
    R1<"dst", 0, 16, "blk">, R1<"rows", 16, 16, "rows">, R1<"cols", 32, 16, "elements">, R1<"src", 48, 16, "blk, for copy">,
    R2<"dPitch", 0, 12, "blk">, R2<"sPitch", 12, 12, "blk">, R2<"scalar", 32, 32, "bits of the scalar">];
  let accesses = [Read<"src", "inUB(src, cols * size(type), rows, sPitch)", "op == 2">,
                  Write<"dst", "inUB(dst, cols * size(type), rows, dPitch)">];
  let checks = [Overlap];
  let work = "repeats(rows, cols * size(type), {dPitch})";
}

def VFused : EngineCommand<"v.fused", QueueV, 0x5b, QueueV.number> {
  let summary = "applies two operations at once to pairs of elements";
  let description = [{
    `axpy` rounds once; its scalar has the element's type. `mulcast` rounds the product of f16 to the nearest integer, ties
    to even, and saturates; its results are dense. Strides are those of `v.binary`.
  }];
  let ops = [
    EngineOp<"axpy", 0, Floats, "two_source", "a * s + b">,
    EngineOp<"addrelu", 1, [F16, F32, S16], "two_source", "max(a + b, 0)">,
    EngineOp<"subrelu", 2, [F16, F32, S16], "two_source", "max(a - b, 0)">,
    EngineOp<"mulcast", 3, [F16], "two_source", "a * b as s8 or u8">];
  let fields = TypeAndOp # [
    R1<"dst", 0, 16, "blk">, R1<"a", 16, 16, "blk">, R1<"b", 32, 16, "blk">, R1<"rows", 48, 16, "rows">,
    R2<"cols", 0, 16, "elements">, R2<"dPitch", 16, 12, "blk">, R2<"aPitch", 28, 12, "blk">, R2<"bPitch", 40, 12, "blk">,
    R2<"dStride", 52, 3, "code">, R2<"aStride", 55, 3, "code">, R2<"bStride", 58, 3, "code">,
    R2<"toUnsigned", 61, 1, "of mulcast: u8 instead of s8">, PR<9, "scalar", 0, 32, "bits of the scalar, for axpy">];
  let accesses = [
    Read<"a", "blocksInUB(a, cols * size(type), rows, aPitch, aStride)">,
    Read<"b", "blocksInUB(b, cols * size(type), rows, bPitch, bStride)">,
    Write<"dst", "op == 3 ? inUB(dst, cols, rows, dPitch) : blocksInUB(dst, cols * size(type), rows, dPitch, dStride)">];
  let checks = [
    Overlap, EngineCheck<"op == 3 || dStride != 0 || cols * size(type) <= 32", "blocks of the result overlap">];
  let work = "repeats(rows, cols * size(type), {op == 3 ? aPitch : dPitch, aPitch, bPitch})";
  let timing = "row of the member in the device's table, for each repeat";
}

#endif // GE_MLIR_DEVICE_ENGINEVECTOR
