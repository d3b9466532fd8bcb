// RUN: ge-opt %s -split-input-file -verify-diagnostics

// LocalOp C1: a buffer is in a local memory.
func.func @global() {
  // expected-error@+1 {{'npu.local' op expects a buffer of static shape in a local memory, but got 'memref<64xf32>'}}
  %a = npu.local : memref<64xf32>
  return
}

// -----

// LocalOp C1: its size is known.
func.func @unsized() {
  // expected-error@+1 {{'npu.local' op expects a buffer of static shape in a local memory, but got 'memref<?xf32, 1>'}}
  %a = npu.local : memref<?xf32, 1>
  return
}

// -----

// LocalOp C2: something chooses among copies.
func.func @copies() {
  // expected-error@+1 {{'npu.local' op expects a slot that chooses one of 2 copies}}
  %a = npu.local {copies = 2 : i64} : memref<64xf32, 1>
  return
}

// -----

// MoveOp C1: the memory changes, the elements do not.
func.func @move_types(%a: memref<4x8xf32>, %b: memref<4x8xf16, 1>) {
  // expected-error@+1 {{'npu.move' op expects equal shapes and element types, but got 'memref<4x8xf32>' and 'memref<4x8xf16, 1>'}}
  npu.move %a to %b : memref<4x8xf32>, memref<4x8xf16, 1>
  return
}

// -----

// MoveOp C1: only rows of a local memory are longer than what is moved into them.
func.func @move_wider(%a: memref<4x6xf32>, %b: memref<4x8xf32>) {
  // expected-error@+1 {{'npu.move' op expects equal shapes and element types, but got 'memref<4x6xf32>' and 'memref<4x8xf32>'}}
  npu.move %a to %b : memref<4x6xf32>, memref<4x8xf32>
  return
}

// -----

// MoveOp C1: they are not shorter.
func.func @move_narrower(%a: memref<4x8xf32>, %b: memref<4x6xf32, 1>) {
  // expected-error@+1 {{'npu.move' op expects equal shapes and element types, but got 'memref<4x8xf32>' and 'memref<4x6xf32, 1>'}}
  npu.move %a to %b : memref<4x8xf32>, memref<4x6xf32, 1>
  return
}

// -----

// MoveOp C1: there are as many of them.
func.func @move_rows(%a: memref<4x6xf32>, %b: memref<5x8xf32, 1>) {
  // expected-error@+1 {{'npu.move' op expects equal shapes and element types, but got 'memref<4x6xf32>' and 'memref<5x8xf32, 1>'}}
  npu.move %a to %b : memref<4x6xf32>, memref<5x8xf32, 1>
  return
}

// -----

// VectorOp C1: the family exists.
func.func @family(%a: memref<64xf32, 1>) {
  // expected-error@+1 {{'npu.vector' op expects a family and a member of it, but got 'quaternary.add'}}
  npu.vector "quaternary.add" ins(%a : memref<64xf32, 1>) outs(%a : memref<64xf32, 1>)
  return
}

// -----

// VectorOp C2: operands are in UB.
func.func @vector_memory(%a: memref<64xf32, 2>, %b: memref<64xf32, 1>) {
  // expected-error@+1 {{'npu.vector' op expects buffers in UB of rows of dense columns, but got 'memref<64xf32, 2>'}}
  npu.vector "unary.neg" ins(%a : memref<64xf32, 2>) outs(%b : memref<64xf32, 1>)
  return
}

// -----

// VectorOp C2: columns lie beside each other.
func.func @columns(%a: memref<4x8xf32, strided<[16, 2]>, 1>, %b: memref<4x8xf32, 1>) {
  // expected-error@+1 {{'npu.vector' op expects buffers in UB of rows of dense columns, but got 'memref<4x8xf32, strided<[16, 2]>, 1>'}}
  npu.vector "unary.neg" ins(%a : memref<4x8xf32, strided<[16, 2]>, 1>) outs(%b : memref<4x8xf32, 1>)
  return
}

// -----

// VectorOp C2: three dimensions are rows of blocks of 32 bytes.
func.func @blocks(%a: memref<2x4x16xf32, 1>) {
  // expected-error@+1 {{'npu.vector' op expects buffers in UB of rows of dense columns, but got 'memref<2x4x16xf32, 1>'}}
  npu.vector "binary.add" ins(%a, %a : memref<2x4x16xf32, 1>, memref<2x4x16xf32, 1>) outs(%a : memref<2x4x16xf32, 1>)
  return
}

// -----

// FractalsOp C1: a matrix comes from GM.
func.func @fractals_source(%a: memref<32x32xf16, 1>, %b: memref<2x32x16xf16, 2>) {
  // expected-error@+1 {{'npu.fractals' op expects one or more matrices in GM and columns of fractals in L1 of one type, but got 'memref<32x32xf16, 1>' and 'memref<2x32x16xf16, 2>'}}
  npu.fractals %a to %b : memref<32x32xf16, 1>, memref<2x32x16xf16, 2>
  return
}

// -----

// FractalsOp C1: its target has the dimensions of columns of fractals.
func.func @fractals_target(%a: memref<32x32xf16>, %b: memref<32x32xf16, 2>) {
  // expected-error@+1 {{'npu.fractals' op expects one or more matrices in GM and columns of fractals in L1 of one type}}
  npu.fractals %a to %b : memref<32x32xf16>, memref<32x32xf16, 2>
  return
}

// -----

// FractalsOp C1: elements are not converted.
func.func @fractals_type(%a: memref<32x32xf32>, %b: memref<2x32x16xf16, 2>) {
  // expected-error@+1 {{'npu.fractals' op expects one or more matrices in GM and columns of fractals in L1 of one type}}
  npu.fractals %a to %b : memref<32x32xf32>, memref<2x32x16xf16, 2>
  return
}

// -----

// FeedOp C1: accumulators are not fed.
func.func @feed(%a: memref<2x32x16xf16, 2>, %b: memref<2x32x16xf16, 5>) {
  // expected-error@+1 {{'npu.feed' op expects a source in L1 and a target in L0A, L0B, BT or FB, but got 'memref<2x32x16xf16, 2>' and 'memref<2x32x16xf16, 5>'}}
  npu.feed %a to %b : memref<2x32x16xf16, 2>, memref<2x32x16xf16, 5>
  return
}

// -----

// PatchesOp C1: an image has four dimensions.
func.func @patches_image(%i: index, %a: memref<8x8x16xf16, 2>, %b: memref<2x9x16x16xf16, 3>) {
  // expected-error@+1 {{'npu.patches' op expects a source of four dimensions in L1 and a target in L0A, but got 'memref<8x8x16xf16, 2>' and 'memref<2x9x16x16xf16, 3>'}}
  npu.patches %a[%i, %i][%i, %i] pads[%i, %i, %i] to %b {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>} : memref<8x8x16xf16, 2>, memref<2x9x16x16xf16, 3>
  return
}

// -----

// PatchesOp C1: patches are left operands.
func.func @patches_target(%i: index, %a: memref<1x8x8x16xf16, 2>, %b: memref<2x9x16x16xf16, 4>) {
  // expected-error@+1 {{'npu.patches' op expects a source of four dimensions in L1 and a target in L0A}}
  npu.patches %a[%i, %i][%i, %i] pads[%i, %i, %i] to %b {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>} : memref<1x8x8x16xf16, 2>, memref<2x9x16x16xf16, 4>
  return
}

// -----

// PatchesOp C2: the lanes of a place are one block, or two.
func.func @patches_lanes(%i: index, %a: memref<1x8x8x8xf16, 2>, %b: memref<2x9x16x16xf16, 3>) {
  // expected-error@+1 {{'npu.patches' op expects lanes of 32 bytes, or of 64 under columns that are not dilated, but got 'memref<1x8x8x8xf16, 2>'}}
  npu.patches %a[%i, %i][%i, %i] pads[%i, %i, %i] to %b {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>} : memref<1x8x8x8xf16, 2>, memref<2x9x16x16xf16, 3>
  return
}

// -----

// PatchesOp C2: two blocks cannot be dilated.
func.func @patches_dilated(%i: index, %a: memref<1x8x8x16xf32, 2>, %b: memref<2x9x16x8xf32, 3>) {
  // expected-error@+1 {{'npu.patches' op expects lanes of 32 bytes, or of 64 under columns that are not dilated, but got 'memref<1x8x8x16xf32, 2>'}}
  npu.patches %a[%i, %i][%i, %i] pads[%i, %i, %i] to %b {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 2>} : memref<1x8x8x16xf32, 2>, memref<2x9x16x8xf32, 3>
  return
}

// -----

// MultiplyOp C1: each operand has its memory.
func.func @multiply(%i: index, %a: memref<1x1x16x16xf16, 3>, %c: memref<1x1x16x16xf32, 5>) {
  // expected-error@+1 {{'npu.multiply' op expects operands in L0A, L0B, BT and L0C}}
  npu.multiply %a, %a into %c [%i, %i, %i] : memref<1x1x16x16xf16, 3>, memref<1x1x16x16xf16, 3>, memref<1x1x16x16xf32, 5>
  return
}

// -----

// MultiplyOp C2: a bias is where sums start.
func.func @bias(%i: index, %a: memref<1x1x16x16xf16, 3>, %b: memref<1x1x16x16xf16, 4>, %d: memref<16xf32, 6>, %c: memref<1x1x16x16xf32, 5>) {
  // expected-error@+1 {{'npu.multiply' op expects 'bias' only beside 'start'}}
  npu.multiply %a, %b into %c [%i, %i, %i] bias(%d : memref<16xf32, 6>) : memref<1x1x16x16xf16, 3>, memref<1x1x16x16xf16, 4>, memref<1x1x16x16xf32, 5>
  return
}

// -----

// DrainOp C1: results leave L0C for GM.
func.func @drain(%c: memref<1x1x16x16xf32, 5>, %y: memref<16x16xf32, 1>) {
  // expected-error@+1 {{'npu.drain' op expects a source in L0C and a matrix or blocks of columns in GM, but got 'memref<1x1x16x16xf32, 5>' and 'memref<16x16xf32, 1>'}}
  npu.drain %c to %y : memref<1x1x16x16xf32, 5>, memref<16x16xf32, 1>
  return
}

// -----

// DrainOp C2: bytes are scaled.
func.func @bytes(%c: memref<16x16xi32, 5>, %y: memref<16x16xi8>) {
  // expected-error@+1 {{'npu.drain' op expects one scale, or scales in FB, for a target of 8 bits alone, but got 0 for 'memref<16x16xi8>'}}
  npu.drain %c to %y : memref<16x16xi32, 5>, memref<16x16xi8>
  return
}
