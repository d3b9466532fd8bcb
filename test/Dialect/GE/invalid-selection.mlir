// RUN: ge-opt %s -split-input-file -verify-diagnostics

// C1: there is an offset for each dimension.
func.func @f(%x: tensor<2x6xf32>, %o: tensor<1xi64>, %s: tensor<2xi64>) {
  // expected-error @below {{'ge.slice' op expects 'offsets' and 'size' to have an element for each of 2 dimensions, but got 1 and 2}}
  // expected-error @below {{'ge.slice' op failed to infer returned types}}
  %y = ge.slice %x, %o, %s : (tensor<2x6xf32>, tensor<1xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

// C2: the box lies inside the operand.
func.func @f(%x: tensor<2x6xf32>) {
  %o = ge.const dense<[0, 4]> : tensor<2xi64>
  %s = ge.const dense<[2, 3]> : tensor<2xi64>
  // expected-error @below {{'ge.slice' op expects a box inside [2, 6], but got offset 4 and size 3 in dimension 1}}
  // expected-error @below {{'ge.slice' op failed to infer returned types}}
  %y = ge.slice %x, %o, %s : (tensor<2x6xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x3xf32>
  return
}

// -----

// C1: begin and end have one length.
func.func @f(%x: tensor<6xf32>, %b: tensor<1xi64>, %e: tensor<2xi64>, %s: tensor<1xi64>) {
  // expected-error @below {{'ge.strided_slice' op expects 'begin' and 'end' of one length, but got 1 and 2}}
  // expected-error @below {{'ge.strided_slice' op failed to infer returned types}}
  %y = ge.strided_slice %x, %b, %e, %s : (tensor<6xf32>, tensor<1xi64>, tensor<2xi64>, tensor<1xi64>) -> tensor<?xf32>
  return
}

// -----

// C2: strides move on.
func.func @f(%x: tensor<6xf32>, %b: tensor<1xi64>, %e: tensor<1xi64>) {
  %s = ge.const dense<0> : tensor<1xi64>
  // expected-error @below {{'ge.strided_slice' op expects 'strides' without zeros, but got [0]}}
  // expected-error @below {{'ge.strided_slice' op failed to infer returned types}}
  %y = ge.strided_slice %x, %b, %e, %s : (tensor<6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xf32>
  return
}

// -----

// C3: no more dimensions are named than there are.
func.func @f(%x: tensor<6xf32>, %b: tensor<2xi64>, %e: tensor<2xi64>, %s: tensor<2xi64>) {
  // expected-error @below {{'ge.strided_slice' op expects slices of at most 1 dimensions, but got 2}}
  // expected-error @below {{'ge.strided_slice' op failed to infer returned types}}
  %y = ge.strided_slice %x, %b, %e, %s : (tensor<6xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

// C4: there is one ellipsis.
func.func @f(%x: tensor<2x6xf32>, %b: tensor<2xi64>, %e: tensor<2xi64>, %s: tensor<2xi64>) {
  // expected-error @below {{'ge.strided_slice' op expects 'ellipsis_mask' with at most one bit, but got 3}}
  // expected-error @below {{'ge.strided_slice' op failed to infer returned types}}
  %y = ge.strided_slice %x, %b, %e, %s {ellipsis_mask = 3 : i64} : (tensor<2x6xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

// C5: a single index exists.
func.func @f(%x: tensor<6xf32>, %e: tensor<1xi64>, %s: tensor<1xi64>) {
  %b = ge.const dense<6> : tensor<1xi64>
  // expected-error @below {{'ge.strided_slice' op expects an index in [-6, 6) where 'shrink_axis_mask' takes one, but got 6}}
  // expected-error @below {{'ge.strided_slice' op failed to infer returned types}}
  %y = ge.strided_slice %x, %b, %e, %s {shrink_axis_mask = 1 : i64} : (tensor<6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<f32>
  return
}

// -----

// C3: sliced dimensions exist.
func.func @f(%x: tensor<2x6xf32>, %b: tensor<1xi64>, %e: tensor<1xi64>) {
  %a = ge.const dense<2> : tensor<1xi64>
  // expected-error @below {{'ge.strided_slice_v2' op expects 'axes' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.strided_slice_v2' op failed to infer returned types}}
  %y = ge.strided_slice_v2 %x, %b, %e axes(%a) : (tensor<2x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x?xf32>
  return
}

// -----

// Masks that change the rank are StridedSlice's.
func.func @f(%x: tensor<2x6xf32>, %b: tensor<1xi64>, %e: tensor<1xi64>) {
  // expected-error @below {{'ge.strided_slice_v2' op expects no 'ellipsis_mask', 'new_axis_mask' and 'shrink_axis_mask'}}
  // expected-error @below {{'ge.strided_slice_v2' op failed to infer returned types}}
  %y = ge.strided_slice_v2 %x, %b, %e {shrink_axis_mask = 1 : i64} : (tensor<2x6xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<6xf32>
  return
}

// -----

// C1: the gathered dimension exists.
func.func @f(%x: tensor<2x6xf32>, %i: tensor<3xi64>) {
  %a = ge.const dense<2> : tensor<i32>
  // expected-error @below {{'ge.gather_v2' op expects 'axis' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.gather_v2' op failed to infer returned types}}
  %y = ge.gather_v2 %x, %i, %a : (tensor<2x6xf32>, tensor<3xi64>, tensor<i32>) -> tensor<2x3xf32>
  return
}

// -----

// C2: common dimensions come before the gathered one.
func.func @f(%x: tensor<2x6xf32>, %i: tensor<2x3xi64>) {
  %a = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.gather_v2' op expects 'axis' not below 'batch_dims', but got 0 and 1}}
  // expected-error @below {{'ge.gather_v2' op failed to infer returned types}}
  %y = ge.gather_v2 %x, %i, %a {batch_dims = 1 : i64} : (tensor<2x6xf32>, tensor<2x3xi64>, tensor<i32>) -> tensor<2x3xf32>
  return
}

// -----

// C2: common dimensions exist.
func.func @f(%x: tensor<2x6xf32>, %i: tensor<2x3xi64>) {
  %a = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.gather_v2' op expects 'batch_dims' inside the dimensions of 'x' and 'indices', but got 2}}
  // expected-error @below {{'ge.gather_v2' op failed to infer returned types}}
  %y = ge.gather_v2 %x, %i, %a {batch_dims = 2 : i64} : (tensor<2x6xf32>, tensor<2x3xi64>, tensor<i32>) -> tensor<2x3xf32>
  return
}

// -----

// C3: common dimensions agree.
func.func @f(%x: tensor<2x6xf32>, %i: tensor<4x3xi64>) {
  %a = ge.const dense<1> : tensor<i32>
  // expected-error @below {{'ge.gather_v2' op expects common leading dimensions, but got shapes [2, 6] and [4, 3]}}
  // expected-error @below {{'ge.gather_v2' op failed to infer returned types}}
  %y = ge.gather_v2 %x, %i, %a {batch_dims = 1 : i64} : (tensor<2x6xf32>, tensor<4x3xi64>, tensor<i32>) -> tensor<2x3xf32>
  return
}

// -----

// C1: tuples are not longer than the operand has dimensions.
func.func @f(%x: tensor<2x6xf32>, %i: tensor<4x3xi64>) {
  // expected-error @below {{'ge.gather_nd' op expects 'indices' with tuples of at most 2 elements, but got shape [4, 3]}}
  // expected-error @below {{'ge.gather_nd' op failed to infer returned types}}
  %y = ge.gather_nd %x, %i : (tensor<2x6xf32>, tensor<4x3xi64>) -> tensor<4xf32>
  return
}

// -----

// C1: operand and indices have one rank.
func.func @f(%x: tensor<2x6xf32>, %i: tensor<2xi64>) {
  // expected-error @below {{'ge.gather_elements' op expects 'x' and 'index' of one rank, but got shapes [2, 6] and [2]}}
  // expected-error @below {{'ge.gather_elements' op failed to infer returned types}}
  %y = ge.gather_elements %x, %i : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<2xf32>
  return
}

// -----

// C2: the dimension of GatherElements exists.
func.func @f(%x: tensor<2x6xf32>, %i: tensor<2x6xi64>) {
  // expected-error @below {{'ge.gather_elements' op expects 'dim' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.gather_elements' op failed to infer returned types}}
  %y = ge.gather_elements %x, %i {dim = 2 : i64} : (tensor<2x6xf32>, tensor<2x6xi64>) -> tensor<2x6xf32>
  return
}

// -----

// C1: updates have the shape of indices.
func.func @f(%d: tensor<2x6xf32>, %i: tensor<2x2xi64>, %u: tensor<2x3xf32>) {
  // expected-error @below {{'ge.scatter_elements' op expects 'indices' and 'updates' of one shape, but got [2, 2] and [2, 3]}}
  // expected-error @below {{'ge.scatter_elements' op failed to infer returned types}}
  %y = ge.scatter_elements %d, %i, %u : (tensor<2x6xf32>, tensor<2x2xi64>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

// C1: indices have the rank of the data.
func.func @f(%d: tensor<2x6xf32>, %i: tensor<2xi64>, %u: tensor<2xf32>) {
  // expected-error @below {{'ge.scatter_elements' op expects 'data' and 'indices' of one rank, but got shapes [2, 6] and [2]}}
  // expected-error @below {{'ge.scatter_elements' op failed to infer returned types}}
  %y = ge.scatter_elements %d, %i, %u : (tensor<2x6xf32>, tensor<2xi64>, tensor<2xf32>) -> tensor<2x6xf32>
  return
}

// -----

// C2: the dimension of ScatterElements exists.
func.func @f(%d: tensor<2x6xf32>, %i: tensor<2x2xi64>, %u: tensor<2x2xf32>) {
  // expected-error @below {{'ge.scatter_elements' op expects 'axis' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.scatter_elements' op failed to infer returned types}}
  %y = ge.scatter_elements %d, %i, %u {axis = 2 : i64} : (tensor<2x6xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> tensor<2x6xf32>
  return
}

// -----

// C3: reductions are known.
func.func @f(%d: tensor<2x6xf32>, %i: tensor<2x2xi64>, %u: tensor<2x2xf32>) {
  // expected-error @below {{'ge.scatter_elements' op expects 'reduction' to be one of none, add, mul, max, min, but got 'sub'}}
  // expected-error @below {{'ge.scatter_elements' op failed to infer returned types}}
  %y = ge.scatter_elements %d, %i, %u {reduction = "sub"} : (tensor<2x6xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> tensor<2x6xf32>
  return
}

// -----

// C3: updates have the shape of the named slices.
func.func @f(%x: tensor<4x6xf32>, %i: tensor<3x1xi64>, %u: tensor<3x5xf32>) {
  // expected-error @below {{'ge.tensor_scatter_update' op expects 'updates' of shape [3, 6], but got [3, 5]}}
  // expected-error @below {{'ge.tensor_scatter_update' op failed to infer returned types}}
  %y = ge.tensor_scatter_update %x, %i, %u : (tensor<4x6xf32>, tensor<3x1xi64>, tensor<3x5xf32>) -> tensor<4x6xf32>
  return
}

// -----

// C1: updates have the element type of the operand.
func.func @f(%x: tensor<4x6xf32>, %i: tensor<3x1xi64>, %u: tensor<3x6xf16>) {
  // expected-error @below {{'ge.tensor_scatter_update' op expects operands of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.tensor_scatter_update' op failed to infer returned types}}
  %y = ge.tensor_scatter_update %x, %i, %u : (tensor<4x6xf32>, tensor<3x1xi64>, tensor<3x6xf16>) -> tensor<4x6xf32>
  return
}

// -----

// C2: scattered slices have the named shape.
func.func @f(%i: tensor<3x1xi64>, %x: tensor<3x5xf32>) {
  %s = ge.const dense<[4, 6]> : tensor<2xi64>
  // expected-error @below {{'ge.scatter_nd' op expects 'x' of shape [3, 6], but got [3, 5]}}
  // expected-error @below {{'ge.scatter_nd' op failed to infer returned types}}
  %y = ge.scatter_nd %i, %x, %s : (tensor<3x1xi64>, tensor<3x5xf32>, tensor<2xi64>) -> tensor<4x6xf32>
  return
}

// -----

// C1: there is a multiple for each dimension.
func.func @f(%x: tensor<2x6xf32>) {
  %m = ge.const dense<2> : tensor<1xi64>
  // expected-error @below {{'ge.tile' op expects 'multiples' with a non-negative element for each of 2 dimensions, but got [2]}}
  // expected-error @below {{'ge.tile' op failed to infer returned types}}
  %y = ge.tile %x, %m : (tensor<2x6xf32>, tensor<1xi64>) -> tensor<2x12xf32>
  return
}

// -----

// C1: a shape to broadcast to has the operand's dimensions.
func.func @f(%x: tensor<2x6xf32>) {
  %s = ge.const dense<6> : tensor<1xi64>
  // expected-error @below {{'ge.broadcast_to' op expects 'shape' with an element for each of 2 dimensions, but got [6]}}
  // expected-error @below {{'ge.broadcast_to' op failed to infer returned types}}
  %y = ge.broadcast_to %x, %s : (tensor<2x6xf32>, tensor<1xi64>) -> tensor<2x6xf32>
  return
}

// -----

// C2: the operand broadcasts to the shape.
func.func @f(%x: tensor<2x6xf32>) {
  %s = ge.const dense<[2, 5]> : tensor<2xi64>
  // expected-error @below {{'ge.broadcast_to' op expects 'shape' to which [2, 6] broadcasts, but got [2, 5]}}
  // expected-error @below {{'ge.broadcast_to' op failed to infer returned types}}
  %y = ge.broadcast_to %x, %s : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<2x5xf32>
  return
}

// -----

// C1: there are two paddings for each dimension.
func.func @f(%x: tensor<2x6xf32>) {
  %p = ge.const dense<1> : tensor<2xi64>
  // expected-error @below {{'ge.pad_v3' op expects 'paddings' with two elements for each of 2 dimensions, but got 2}}
  // expected-error @below {{'ge.pad_v3' op failed to infer returned types}}
  %y = ge.pad_v3 %x, %p : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<4x8xf32>
  return
}

// -----

// Paddings leave something.
func.func @f(%x: tensor<2xf32>) {
  %p = ge.const dense<-2> : tensor<1x2xi64>
  // expected-error @below {{'ge.pad_v3' op expects 'paddings' that leave a result, but got [-2, -2]}}
  // expected-error @below {{'ge.pad_v3' op failed to infer returned types}}
  %y = ge.pad_v3 %x, %p : (tensor<2xf32>, tensor<1x2xi64>) -> tensor<?xf32>
  return
}

// -----

// C2: modes of padding are known.
func.func @f(%x: tensor<6xf32>, %p: tensor<2xi64>) {
  // expected-error @below {{'ge.pad_v3' op expects 'mode' to be one of constant, reflect, edge, symmetric, wrap, but got 'zero'}}
  // expected-error @below {{'ge.pad_v3' op failed to infer returned types}}
  %y = ge.pad_v3 %x, %p {mode = "zero"} : (tensor<6xf32>, tensor<2xi64>) -> tensor<?xf32>
  return
}

// -----

// C3: the padding is one element.
func.func @f(%x: tensor<6xf32>, %p: tensor<2xi64>, %v: tensor<2xf32>) {
  // expected-error @below {{'ge.pad_v3' op expects 'constant_values' to have one element, but got shape [2]}}
  // expected-error @below {{'ge.pad_v3' op failed to infer returned types}}
  %y = ge.pad_v3 %x, %p, %v : (tensor<6xf32>, tensor<2xi64>, tensor<2xf32>) -> tensor<?xf32>
  return
}

// -----

// C1: a mirror does not crop.
func.func @f(%x: tensor<6xf32>) {
  %p = ge.const dense<-1> : tensor<1x2xi64>
  // expected-error @below {{'ge.mirror_pad' op expects 'paddings' without negative elements, but got [-1, -1]}}
  // expected-error @below {{'ge.mirror_pad' op failed to infer returned types}}
  %y = ge.mirror_pad %x, %p {mode = "REFLECT"} : (tensor<6xf32>, tensor<1x2xi64>) -> tensor<4xf32>
  return
}

// -----

// C2: mirrors are at or behind the border.
func.func @f(%x: tensor<6xf32>, %p: tensor<1x2xi64>) {
  // expected-error @below {{'ge.mirror_pad' op expects 'mode' to be one of REFLECT, SYMMETRIC, but got 'EDGE'}}
  // expected-error @below {{'ge.mirror_pad' op failed to infer returned types}}
  %y = ge.mirror_pad %x, %p {mode = "EDGE"} : (tensor<6xf32>, tensor<1x2xi64>) -> tensor<?xf32>
  return
}

// -----

// C1: reversed dimensions exist.
func.func @f(%x: tensor<6xf32>) {
  %a = ge.const dense<1> : tensor<1xi64>
  // expected-error @below {{'ge.reverse_v2' op expects 'axis' in [-1, 1), but got 1}}
  // expected-error @below {{'ge.reverse_v2' op failed to infer returned types}}
  %y = ge.reverse_v2 %x, %a : (tensor<6xf32>, tensor<1xi64>) -> tensor<6xf32>
  return
}

// -----

// C1: sequences and batch are different dimensions.
func.func @f(%x: tensor<2x6xf32>, %l: tensor<2xi64>) {
  // expected-error @below {{'ge.reverse_sequence' op expects 'seq_dim' and 'batch_dim' to differ, but got 0}}
  // expected-error @below {{'ge.reverse_sequence' op failed to infer returned types}}
  %y = ge.reverse_sequence %x, %l {seq_dim = 0 : i64} : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<2x6xf32>
  return
}

// -----

// C2: there is a length for each sequence.
func.func @f(%x: tensor<2x6xf32>, %l: tensor<6xi64>) {
  // expected-error @below {{'ge.reverse_sequence' op expects 'seq_lengths' to have 2 elements, but got 6}}
  // expected-error @below {{'ge.reverse_sequence' op failed to infer returned types}}
  %y = ge.reverse_sequence %x, %l {seq_dim = 1 : i64} : (tensor<2x6xf32>, tensor<6xi64>) -> tensor<2x6xf32>
  return
}

// -----

// C1: a depth is a size.
func.func @f(%x: tensor<4xi64>, %on: tensor<f32>, %off: tensor<f32>) {
  %d = ge.const dense<-1> : tensor<i32>
  // expected-error @below {{'ge.one_hot' op expects 'depth' not to be negative, but got -1}}
  // expected-error @below {{'ge.one_hot' op failed to infer returned types}}
  %y = ge.one_hot %x, %d, %on, %off : (tensor<4xi64>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<4x?xf32>
  return
}

// -----

// C2: on and off have one type.
func.func @f(%x: tensor<4xi64>, %d: tensor<i32>, %on: tensor<f32>, %off: tensor<f16>) {
  // expected-error @below {{'ge.one_hot' op expects operands of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.one_hot' op failed to infer returned types}}
  %y = ge.one_hot %x, %d, %on, %off : (tensor<4xi64>, tensor<i32>, tensor<f32>, tensor<f16>) -> tensor<4x?xf32>
  return
}

// -----

// C3: the new dimension is one of the result.
func.func @f(%x: tensor<4xi64>, %d: tensor<i32>, %on: tensor<f32>, %off: tensor<f32>) {
  // expected-error @below {{'ge.one_hot' op expects 'axis' in [-1, 1], but got 2}}
  // expected-error @below {{'ge.one_hot' op failed to infer returned types}}
  %y = ge.one_hot %x, %d, %on, %off {axis = 2 : i64} : (tensor<4xi64>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<4x?xf32>
  return
}

// -----

// C1: the numbers of a range have one type.
func.func @f(%a: tensor<i64>, %b: tensor<i32>, %c: tensor<i64>) {
  // expected-error @below {{'ge.range' op expects operands of one element type, but got 'i64' and 'i32'}}
  // expected-error @below {{'ge.range' op failed to infer returned types}}
  %y = ge.range %a, %b, %c : (tensor<i64>, tensor<i32>, tensor<i64>) -> tensor<?xi64>
  return
}

// -----

// C2: a range moves on.
func.func @f(%a: tensor<i64>, %b: tensor<i64>) {
  %c = ge.const dense<0> : tensor<i64>
  // expected-error @below {{'ge.range' op expects 'delta' not to be 0}}
  // expected-error @below {{'ge.range' op failed to infer returned types}}
  %y = ge.range %a, %b, %c : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64>
  return
}

// -----

// A range is finite.
func.func @f() {
  %a = ge.const dense<0.0> : tensor<f32>
  %b = ge.const dense<0x7F800000> : tensor<f32>
  %c = ge.const dense<1.0> : tensor<f32>
  // expected-error @below {{'ge.range' op expects finite 'start', 'limit' and 'delta', but got 0.000000e+00, INF and 1.000000e+00}}
  // expected-error @below {{'ge.range' op failed to infer returned types}}
  %y = ge.range %a, %b, %c : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<?xf32>
  return
}

// -----

// C1: there are as many elements as are picked.
func.func @f(%x: tensor<3x8xf32>) {
  %k = ge.const dense<9> : tensor<i32>
  // expected-error @below {{'ge.top_k_v2' op expects 'k' in [0, 8], but got 9}}
  // expected-error @below {{'ge.top_k_v2' op failed to infer returned types}}
  %v, %i = ge.top_k_v2 %x, %k : (tensor<3x8xf32>, tensor<i32>) -> (tensor<3x9xf32>, tensor<3x9xi32>)
  return
}

// -----

// C2: the searched dimension exists.
func.func @f(%x: tensor<3x8xf32>, %k: tensor<i32>) {
  // expected-error @below {{'ge.top_k_v2' op expects 'dim' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.top_k_v2' op failed to infer returned types}}
  %v, %i = ge.top_k_v2 %x, %k {dim = 2 : i64} : (tensor<3x8xf32>, tensor<i32>) -> (tensor<3x?xf32>, tensor<3x?xi32>)
  return
}

// -----

// C3: indices are integers of 32 or 64 bits.
func.func @f(%x: tensor<3x8xf32>, %k: tensor<i32>) {
  // expected-error @below {{'ge.top_k_v2' op expects 'indices_dtype' to be i32 or i64, but got 'i8'}}
  // expected-error @below {{'ge.top_k_v2' op failed to infer returned types}}
  %v, %i = ge.top_k_v2 %x, %k {indices_dtype = i8} : (tensor<3x8xf32>, tensor<i32>) -> (tensor<3x?xf32>, tensor<3x?xi32>)
  return
}

// -----

// C1: a triangle is one of a matrix.
func.func @f(%x: tensor<4xf32>) {
  // expected-error @below {{'ge.triu' op expects 'x' to have at least 2 dimensions, but got shape [4]}}
  // expected-error @below {{'ge.triu' op failed to infer returned types}}
  %y = ge.triu %x : tensor<4xf32>
  return
}

// -----

// C1: a unit matrix has rows.
func.func @f() {
  // expected-error @below {{'ge.eye' op expects a positive number of rows and no negative number, but got 0 rows, 0 columns and batch []}}
  // expected-error @below {{'ge.eye' op failed to infer returned types}}
  %y = ge.eye {num_rows = 0 : i64} : tensor<0x0xf32>
  return
}

// -----

// C1: dimensions are not negative.
func.func @f(%v: tensor<f32>) {
  %d = ge.const dense<-1> : tensor<1xi64>
  // expected-error @below {{'ge.fill' op expects 'dims' without negative elements, but got [-1]}}
  // expected-error @below {{'ge.fill' op failed to infer returned types}}
  %y = ge.fill %d, %v : (tensor<1xi64>, tensor<f32>) -> tensor<?xf32>
  return
}

// -----

// C2: a tensor is filled with one value.
func.func @f(%d: tensor<1xi64>, %v: tensor<2xf32>) {
  // expected-error @below {{'ge.fill' op expects 'value' to have one element, but got shape [2]}}
  // expected-error @below {{'ge.fill' op failed to infer returned types}}
  %y = ge.fill %d, %v : (tensor<1xi64>, tensor<2xf32>) -> tensor<?xf32>
  return
}

// -----

// C1: indices are i32 or i64.
func.func @f(%x: tensor<3x8xf32>) {
  // expected-error @below {{'ge.non_zero' op expects 'dtype' to be i32 or i64, but got 'i8'}}
  // expected-error @below {{'ge.non_zero' op failed to infer returned types}}
  %y = ge.non_zero %x {dtype = i8} : (tensor<3x8xf32>) -> tensor<2x?xi64>
  return
}

// -----

// C1: there is one dimension.
func.func @f(%x: tensor<3x8xf32>) {
  // expected-error @below {{'ge.unique' op expects 'x' to have 1 dimensions, but got shape [3, 8]}}
  // expected-error @below {{'ge.unique' op failed to infer returned types}}
  %y, %i = ge.unique %x : (tensor<3x8xf32>) -> (tensor<?xf32>, tensor<24xi32>)
  return
}

// -----

// C2: indices are i32 or i64.
func.func @f(%x: tensor<8xf32>) {
  // expected-error @below {{'ge.unique' op expects 'out_idx' to be i32 or i64, but got 'i16'}}
  // expected-error @below {{'ge.unique' op failed to infer returned types}}
  %y, %i = ge.unique %x {out_idx = i16} : (tensor<8xf32>) -> (tensor<?xf32>, tensor<8xi32>)
  return
}

// -----

// C1: there is a score of each class for each box.
func.func @f(%b: tensor<1x6x4xf32>, %s: tensor<1x2x5xf32>) {
  // expected-error @below {{'ge.non_max_suppression_v6' op expects 'boxes' of shape [batches, boxes, 4] and 'scores' of shape [batches, classes, boxes], but got [1, 6, 4] and [1, 2, 5]}}
  // expected-error @below {{'ge.non_max_suppression_v6' op failed to infer returned types}}
  %y = ge.non_max_suppression_v6 %b, %s : (tensor<1x6x4xf32>, tensor<1x2x5xf32>) -> tensor<?x3xi32>
  return
}

// -----

// C2: boxes and scores have one type.
func.func @f(%b: tensor<1x6x4xf32>, %s: tensor<1x2x6xf16>) {
  // expected-error @below {{'ge.non_max_suppression_v6' op expects operands of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.non_max_suppression_v6' op failed to infer returned types}}
  %y = ge.non_max_suppression_v6 %b, %s : (tensor<1x6x4xf32>, tensor<1x2x6xf16>) -> tensor<?x3xi32>
  return
}

// -----

// C3: there is one threshold.
func.func @f(%b: tensor<1x6x4xf32>, %s: tensor<1x2x6xf32>, %t: tensor<2xf32>) {
  // expected-error @below {{'ge.non_max_suppression_v6' op expects 'iou_threshold' to have one element, but got shape [2]}}
  // expected-error @below {{'ge.non_max_suppression_v6' op failed to infer returned types}}
  %y = ge.non_max_suppression_v6 %b, %s iou_threshold(%t) : (tensor<1x6x4xf32>, tensor<1x2x6xf32>, tensor<2xf32>) -> tensor<?x3xi32>
  return
}

// -----

// C4: a box has one of two forms.
func.func @f(%b: tensor<1x6x4xf32>, %s: tensor<1x2x6xf32>) {
  // expected-error @below {{'ge.non_max_suppression_v6' op expects 'center_point_box' to be 0 or 1 and 'max_boxes_size' not negative, but got 2 and 0}}
  // expected-error @below {{'ge.non_max_suppression_v6' op failed to infer returned types}}
  %y = ge.non_max_suppression_v6 %b, %s {center_point_box = 2 : i64} : (tensor<1x6x4xf32>, tensor<1x2x6xf32>) -> tensor<?x3xi32>
  return
}
