// RUN: ge-opt %s -split-input-file -verify-diagnostics

// C1: one dimension at most is left open.
func.func @f(%x: tensor<2x6xf32>) {
  %s = ge.const dense<[-1, -1]> : tensor<2xi64>
  // expected-error @below {{'ge.reshape' op expects 'shape' with at most one -1 and nothing below, but got [-1, -1]}}
  // expected-error @below {{'ge.reshape' op failed to infer returned types}}
  %y = ge.reshape %x, %s : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

// C2: a zero copies a dimension that exists.
func.func @f(%x: tensor<2x6xf32>) {
  %s = ge.const dense<[12, 1, 0]> : tensor<3xi64>
  // expected-error @below {{'ge.reshape' op expects a 0 in 'shape' only where 'x' has a dimension, but got [12, 1, 0] for [2, 6]}}
  // expected-error @below {{'ge.reshape' op failed to infer returned types}}
  %y = ge.reshape %x, %s : (tensor<2x6xf32>, tensor<3xi64>) -> tensor<?x?x?xf32>
  return
}

// -----

// C3: a shape has as many elements.
func.func @f(%x: tensor<2x6xf32>) {
  %s = ge.const dense<[5, 2]> : tensor<2xi64>
  // expected-error @below {{'ge.reshape' op expects 'shape' with as many elements as [2, 6], but got [5, 2]}}
  // expected-error @below {{'ge.reshape' op failed to infer returned types}}
  %y = ge.reshape %x, %s : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<5x2xf32>
  return
}

// -----

// C3: what is left divides the elements.
func.func @f(%x: tensor<2x6xf32>) {
  %s = ge.const dense<[5, -1]> : tensor<2xi64>
  // expected-error @below {{'ge.reshape' op expects 'shape' to divide the elements of [2, 6], but got [5, ?]}}
  // expected-error @below {{'ge.reshape' op failed to infer returned types}}
  %y = ge.reshape %x, %s : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<5x?xf32>
  return
}

// -----

// C4: replaced dimensions exist.
func.func @f(%x: tensor<2x6xf32>) {
  %s = ge.const dense<[12]> : tensor<1xi64>
  // expected-error @below {{'ge.reshape' op expects 'axis' and 'num_axes' inside 2 dimensions, but got 1 and 2}}
  // expected-error @below {{'ge.reshape' op failed to infer returned types}}
  %y = ge.reshape %x, %s {axis = 1 : i64, num_axes = 2 : i64} : (tensor<2x6xf32>, tensor<1xi64>) -> tensor<2x12xf32>
  return
}

// -----

// A shape is a vector.
func.func @f(%x: tensor<2x6xf32>, %s: tensor<1x2xi64>) {
  // expected-error @below {{'ge.reshape' op expects 'shape' to be a vector, but got shape [1, 2]}}
  // expected-error @below {{'ge.reshape' op failed to infer returned types}}
  %y = ge.reshape %x, %s : (tensor<2x6xf32>, tensor<1x2xi64>) -> tensor<12xf32>
  return
}

// -----

// C1: removed dimensions exist.
func.func @f(%x: tensor<1x3xf32>) {
  // expected-error @below {{'ge.squeeze' op expects 'axis' in [-2, 2), but got 3}}
  // expected-error @below {{'ge.squeeze' op failed to infer returned types}}
  %y = ge.squeeze %x {axis = array<i64: 3>} : (tensor<1x3xf32>) -> tensor<3xf32>
  return
}

// -----

// C2: removed dimensions are 1.
func.func @f(%x: tensor<1x3xf32>) {
  // expected-error @below {{'ge.squeeze' op expects 'axis' to name dimensions of size 1, but got [1] for shape [1, 3]}}
  // expected-error @below {{'ge.squeeze' op failed to infer returned types}}
  %y = ge.squeeze %x {axis = array<i64: 1>} : (tensor<1x3xf32>) -> tensor<1xf32>
  return
}

// -----

// C1: a dimension is inserted once.
func.func @f(%x: tensor<3xf32>) {
  // expected-error @below {{'ge.unsqueeze' op expects 'axes' to name each dimension once, but got [0, 0]}}
  // expected-error @below {{'ge.unsqueeze' op failed to infer returned types}}
  %y = ge.unsqueeze %x {axes = array<i64: 0, 0>} : (tensor<3xf32>) -> tensor<1x1x3xf32>
  return
}

// -----

// C1: an inserted dimension is one of the result.
func.func @f(%x: tensor<3xf32>) {
  %a = ge.const dense<3> : tensor<i32>
  // expected-error @below {{'ge.expand_dims' op expects 'axis' in [-2, 2), but got 3}}
  // expected-error @below {{'ge.expand_dims' op failed to infer returned types}}
  %y = ge.expand_dims %x, %a : (tensor<3xf32>, tensor<i32>) -> tensor<3x1xf32>
  return
}

// -----

// C1: the axis of Flatten lies inside the operand.
func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @below {{'ge.flatten' op expects 'axis' in [-2, 2], but got 3}}
  // expected-error @below {{'ge.flatten' op failed to infer returned types}}
  %y = ge.flatten %x {axis = 3 : i64} : (tensor<2x3xf32>) -> tensor<6x1xf32>
  return
}

// -----

// C1: the merged dimensions are in order.
func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @below {{'ge.flatten_v2' op expects 'axis' not above 'end_axis', but got 1 and 0}}
  // expected-error @below {{'ge.flatten_v2' op failed to infer returned types}}
  %y = ge.flatten_v2 %x {axis = 1 : i64, end_axis = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// C1: a permutation names each dimension once.
func.func @f(%x: tensor<2x3xf32>) {
  %s = ge.const dense<[0, 0]> : tensor<2xi64>
  // expected-error @below {{'ge.transpose' op expects 'perm' to be a permutation of 2 dimensions, but got [0, 0]}}
  // expected-error @below {{'ge.transpose' op failed to infer returned types}}
  %y = ge.transpose %x, %s : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  return
}

// -----

// C1: a permutation names all dimensions.
func.func @f(%x: tensor<2x3xf32>) {
  %s = ge.const dense<[0]> : tensor<1xi64>
  // expected-error @below {{'ge.transpose' op expects 'perm' to have an element for each of 2 dimensions, but got 1}}
  // expected-error @below {{'ge.transpose' op failed to infer returned types}}
  %y = ge.transpose %x, %s : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2xf32>
  return
}

// -----

// Only operators that know formats take stored operands.
func.func @f(%x: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>) {
  %s = ge.const dense<[0, 1, 2, 3, 4]> : tensor<5xi64>
  // expected-error @below {{'ge.transpose' op expects plain operands, but operand 0 has the storage format NC1HWC0}}
  // expected-error @below {{'ge.transpose' op failed to infer returned types}}
  %y = ge.transpose %x, %s : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, tensor<5xi64>) -> tensor<1x1x2x2x16xf32>
  return
}

// -----

// C1: a stored operand has the format that is named.
func.func @f(%x: tensor<1x16x2x2xf32>) {
  // expected-error @below {{'ge.trans_data' op expects an operand in the format FRACTAL_Z, but got 'tensor<1x16x2x2xf32>'}}
  // expected-error @below {{'ge.trans_data' op failed to infer returned types}}
  %y = ge.trans_data %x {src_format = "FRACTAL_Z", dst_format = "NCHW"} : (tensor<1x16x2x2xf32>) -> tensor<1x16x2x2xf32>
  return
}

// -----

// C1: the result has the format that is named.
func.func @f(%x: tensor<1x16x2x2xf32>) {
  // expected-error @below {{'ge.trans_data' op expects a result in the format NC1HWC0, but got 'tensor<1x16x2x2xf32>'}}
  %y = ge.trans_data %x {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<1x16x2x2xf32>) -> tensor<1x16x2x2xf32>
  return
}

// -----

// C1: a plain format does not make a blocked result.
func.func @f(%x: tensor<1x16x2x2xf32>) {
  // expected-error @below {{'ge.trans_data' op expects a result in the format NCHW, but got 'tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>'}}
  %y = ge.trans_data %x {src_format = "NCHW", dst_format = "NCHW"} : (tensor<1x16x2x2xf32>) -> tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>
  return
}

// -----

// C3: formats are known ones.
func.func @f(%x: tensor<1x16x2x2xf32>) {
  // expected-error @below {{'ge.trans_data' op expects formats NCHW, NHWC, ND, NC1HWC0, FRACTAL_Z or FRACTAL_NZ, but got 'NCDHW'}}
  // expected-error @below {{'ge.trans_data' op failed to infer returned types}}
  %y = ge.trans_data %x {src_format = "NCHW", dst_format = "NCDHW"} : (tensor<1x16x2x2xf32>) -> tensor<1x16x2x2xf32>
  return
}

// -----

// C4: the format can store the operand.
func.func @f(%x: tensor<1x16x2x2xf32>) {
  // expected-error @below {{'ge.trans_data' op expects an operand that NC1HWC0 can store, but got 'tensor<1x16x2x2xf32>' of origin ND}}
  // expected-error @below {{'ge.trans_data' op failed to infer returned types}}
  %y = ge.trans_data %x {src_format = "ND", dst_format = "NC1HWC0"} : (tensor<1x16x2x2xf32>) -> tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>
  return
}

// -----

// The rank of a converted tensor is known.
func.func @f(%x: tensor<*xf32>) {
  // expected-error @below {{'ge.trans_data' op expects an operand of known rank, but got 'tensor<*xf32>'}}
  // expected-error @below {{'ge.trans_data' op failed to infer returned types}}
  %y = ge.trans_data %x {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<*xf32>) -> tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>
  return
}

// -----

// C2: a converted tensor keeps its origin.
func.func @f(%x: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>) {
  // expected-error @below {{'ge.trans_data' op expects one origin, but got NCHW and NHWC}}
  %y = ge.trans_data %x {src_format = "NC1HWC0", dst_format = "NC1HWC0"} : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>) -> tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NHWC, origin_shape = [1, 2, 2, 16]>>
  return
}

// -----

// C1: blocks are of images.
func.func @f(%x: tensor<4x4x8xf32>) {
  // expected-error @below {{'ge.depth_to_space' op expects 'x' to have 4 dimensions, but got shape [4, 4, 8]}}
  // expected-error @below {{'ge.depth_to_space' op failed to infer returned types}}
  %y = ge.depth_to_space %x {block_size = 2 : i64} : (tensor<4x4x8xf32>) -> tensor<8x8x2xf32>
  return
}

// -----

// C2: `data_format` of a block operation is NCHW or NHWC.
func.func @f(%x: tensor<1x4x4x2xf32>) {
  // expected-error @below {{'ge.space_to_depth' op expects 'data_format' to be one of NCHW, NHWC, but got 'ND'}}
  // expected-error @below {{'ge.space_to_depth' op failed to infer returned types}}
  %y = ge.space_to_depth %x {block_size = 2 : i64, data_format = "ND"} : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x8xf32>
  return
}

// -----

// C3: blocks have a size.
func.func @f(%x: tensor<1x4x4x2xf32>) {
  // expected-error @below {{'ge.space_to_depth' op expects 'block_size' to be positive, but got 0}}
  // expected-error @below {{'ge.space_to_depth' op failed to infer returned types}}
  %y = ge.space_to_depth %x {block_size = 0 : i64} : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x8xf32>
  return
}

// -----

// C3: blocks divide the channels.
func.func @f(%x: tensor<1x4x4x6xf32>) {
  // expected-error @below {{'ge.depth_to_space' op expects channels divisible by 4, but got 6}}
  // expected-error @below {{'ge.depth_to_space' op failed to infer returned types}}
  %y = ge.depth_to_space %x {block_size = 2 : i64} : (tensor<1x4x4x6xf32>) -> tensor<1x8x8x1xf32>
  return
}

// -----

// C3: blocks divide height and width.
func.func @f(%x: tensor<1x5x4x2xf32>) {
  // expected-error @below {{'ge.space_to_depth' op expects height and width divisible by 2, but got 5}}
  // expected-error @below {{'ge.space_to_depth' op failed to infer returned types}}
  %y = ge.space_to_depth %x {block_size = 2 : i64} : (tensor<1x5x4x2xf32>) -> tensor<1x2x2x8xf32>
  return
}

// -----

// C4: `mode` is DCR or CRD.
func.func @f(%x: tensor<1x4x4x8xf32>) {
  // expected-error @below {{'ge.depth_to_space' op expects 'mode' to be one of DCR, CRD, but got 'RCD'}}
  // expected-error @below {{'ge.depth_to_space' op failed to infer returned types}}
  %y = ge.depth_to_space %x {block_size = 2 : i64, mode = "RCD"} : (tensor<1x4x4x8xf32>) -> tensor<1x8x8x2xf32>
  return
}

// -----

// C1: something is joined.
func.func @f() {
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.concat_v2' op expects an operand, but got none}}
  // expected-error @below {{'ge.concat_v2' op failed to infer returned types}}
  %y = ge.concat_v2 %d : (tensor<i32>) -> tensor<0xf32>
  return
}

// -----

// C2: parts have one element type.
func.func @f(%a: tensor<2xf32>, %b: tensor<2xf16>) {
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.concat_v2' op expects operands of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.concat_v2' op failed to infer returned types}}
  %y = ge.concat_v2 %a, %b, %d : (tensor<2xf32>, tensor<2xf16>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

// C2: parts have one rank.
func.func @f(%a: tensor<2xf32>, %b: tensor<1x2xf32>) {
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.concat_v2' op expects operands of one rank, but got 1 and 2 dimensions}}
  // expected-error @below {{'ge.concat_v2' op failed to infer returned types}}
  %y = ge.concat_v2 %a, %b, %d : (tensor<2xf32>, tensor<1x2xf32>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

// C2: parts differ along one dimension only.
func.func @f(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) {
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.concat_v2' op expects operands that differ in dimension 0 only, but got 3 and 4 in dimension 1}}
  // expected-error @below {{'ge.concat_v2' op failed to infer returned types}}
  %y = ge.concat_v2 %a, %b, %d : (tensor<2x3xf32>, tensor<2x4xf32>, tensor<i32>) -> tensor<4x3xf32>
  return
}

// -----

// C3: the joined dimension exists.
func.func @f(%a: tensor<2xf32>, %b: tensor<2xf32>) {
  %d = ge.const dense<1> : tensor<i32>
  // expected-error @below {{'ge.concat_v2' op expects 'concat_dim' in [-1, 1), but got 1}}
  // expected-error @below {{'ge.concat_v2' op failed to infer returned types}}
  %y = ge.concat_v2 %a, %b, %d : (tensor<2xf32>, tensor<2xf32>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

// C4: parts have one storage format.
func.func @f(%a: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, %b: tensor<1x16x2x2xf32>) {
  %d = ge.const dense<2> : tensor<i32>
  // expected-error @below {{'ge.concat_v2' op expects operands of one storage format, but got 'tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>' and 'tensor<1x16x2x2xf32>'}}
  // expected-error @below {{'ge.concat_v2' op failed to infer returned types}}
  %y = ge.concat_v2 %a, %b, %d : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, tensor<1x16x2x2xf32>, tensor<i32>) -> tensor<1x16x4x2xf32>
  return
}

// -----

// C4: joined channels are whole blocks.
func.func @f(%a: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 12, 2, 2]>>) {
  %d = ge.const dense<1> : tensor<i32>
  // expected-error @below {{'ge.concat_v2' op expects parts with full blocks of 16 channels, but got 'tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 12, 2, 2]>>'}}
  // expected-error @below {{'ge.concat_v2' op failed to infer returned types}}
  %y = ge.concat_v2 %a, %a, %d : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 12, 2, 2]>>, tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 12, 2, 2]>>, tensor<i32>) -> tensor<1x24x2x2xf32>
  return
}

// -----

// C4: fractal parts are not joined.
func.func @f(%a: tensor<1x1x16x16xf32, #ge.format<FRACTAL_NZ, origin = ND, origin_shape = [16, 16]>>) {
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.concat_v2' op expects operands that are plain or NC1HWC0, but got 'tensor<1x1x16x16xf32, #ge.format<FRACTAL_NZ, origin = ND, origin_shape = [16, 16]>>'}}
  // expected-error @below {{'ge.concat_v2' op failed to infer returned types}}
  %y = ge.concat_v2 %a, %a, %d : (tensor<1x1x16x16xf32, #ge.format<FRACTAL_NZ, origin = ND, origin_shape = [16, 16]>>, tensor<1x1x16x16xf32, #ge.format<FRACTAL_NZ, origin = ND, origin_shape = [16, 16]>>, tensor<i32>) -> tensor<32x16xf32>
  return
}

// -----

// C2: packed parts have one shape.
func.func @f(%a: tensor<2xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{'ge.pack' op expects operands of one shape, but got [2] and [3]}}
  // expected-error @below {{'ge.pack' op failed to infer returned types}}
  %y = ge.pack %a, %b : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x2xf32>
  return
}

// -----

// C3: the new dimension is one of the result.
func.func @f(%a: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{'ge.pack' op expects 'axis' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.pack' op failed to infer returned types}}
  %y = ge.pack %a, %b {axis = 2 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return
}

// -----

// C1: something is packed.
func.func @f() {
  // expected-error @below {{'ge.pack' op expects an operand, but got none}}
  // expected-error @below {{'ge.pack' op failed to infer returned types}}
  %y = ge.pack : () -> tensor<0xf32>
  return
}

// -----

// C1: the unpacked dimension exists.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.unpack' op expects 'axis' in [-1, 1), but got 1}}
  // expected-error @below {{'ge.unpack' op failed to infer returned types}}
  %y = ge.unpack %x {axis = 1 : i64, num = 1 : i64} : (tensor<2xf32>) -> tensor<f32>
  return
}

// -----

// C2: all slices are taken.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.unpack' op expects 'num' to be the size of dimension 0, but got 1 for 2}}
  // expected-error @below {{'ge.unpack' op failed to infer returned types}}
  %y = ge.unpack %x {num = 1 : i64} : (tensor<2xf32>) -> tensor<f32>
  return
}

// -----

// Something is unpacked.
func.func @f(%x: tensor<0xf32>) {
  // expected-error @below {{'ge.unpack' op expects 'num' to be positive, but got 0}}
  // expected-error @below {{'ge.unpack' op failed to infer returned types}}
  ge.unpack %x {num = 0 : i64} : (tensor<0xf32>) -> ()
  return
}

// -----

// C1: a split has parts.
func.func @f(%x: tensor<4xf32>) {
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.split' op expects 'num_split' to be positive, but got 0}}
  // expected-error @below {{'ge.split' op failed to infer returned types}}
  ge.split %d, %x {num_split = 0 : i64} : (tensor<i32>, tensor<4xf32>) -> ()
  return
}

// -----

// C2: the split dimension exists.
func.func @f(%x: tensor<4xf32>) {
  %d = ge.const dense<1> : tensor<i32>
  // expected-error @below {{'ge.split' op expects 'split_dim' in [-1, 1), but got 1}}
  // expected-error @below {{'ge.split' op failed to infer returned types}}
  %y = ge.split %d, %x {num_split = 1 : i64} : (tensor<i32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// C3: parts are equal.
func.func @f(%x: tensor<4xf32>) {
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.split' op expects 'num_split' to divide dimension 0, but got 3 for 4}}
  // expected-error @below {{'ge.split' op failed to infer returned types}}
  %y:3 = ge.split %d, %x {num_split = 3 : i64} : (tensor<i32>, tensor<4xf32>) -> (tensor<1xf32>, tensor<1xf32>, tensor<2xf32>)
  return
}

// -----

// C1: there is a size for each part.
func.func @f(%x: tensor<4xf32>) {
  %s = ge.const dense<[1, 3]> : tensor<2xi64>
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.split_v' op expects 'num_split' to be the number of 'size_splits', but got 1 for 2}}
  // expected-error @below {{'ge.split_v' op failed to infer returned types}}
  %y = ge.split_v %x, %s, %d {num_split = 1 : i64} : (tensor<4xf32>, tensor<2xi64>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

// C3: sizes add up.
func.func @f(%x: tensor<4xf32>) {
  %s = ge.const dense<[1, 2]> : tensor<2xi64>
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.split_v' op expects 'size_splits' to add up to 4, but got [1, 2]}}
  // expected-error @below {{'ge.split_v' op failed to infer returned types}}
  %y:2 = ge.split_v %x, %s, %d {num_split = 2 : i64} : (tensor<4xf32>, tensor<2xi64>, tensor<i32>) -> (tensor<1xf32>, tensor<2xf32>)
  return
}

// -----

// C3: sizes are sizes.
func.func @f(%x: tensor<4xf32>) {
  %s = ge.const dense<[6, -2]> : tensor<2xi64>
  %d = ge.const dense<0> : tensor<i32>
  // expected-error @below {{'ge.split_v' op expects 'size_splits' to be -1 or more, but got [6, -2]}}
  // expected-error @below {{'ge.split_v' op failed to infer returned types}}
  %y:2 = ge.split_v %x, %s, %d {num_split = 2 : i64} : (tensor<4xf32>, tensor<2xi64>, tensor<i32>) -> (tensor<6xf32>, tensor<2xf32>)
  return
}

// -----

// C1: a shape has integers of 32 or 64 bits.
func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @below {{'ge.shape' op expects 'dtype' to be i32 or i64, but got 'i16'}}
  // expected-error @below {{'ge.shape' op failed to infer returned types}}
  %y = ge.shape %x {dtype = i16} : (tensor<2x3xf32>) -> tensor<2xi64>
  return
}

// -----

// C1: a size is an integer of 32 or 64 bits.
func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @below {{'ge.size' op expects 'dtype' to be i32 or i64, but got 'f32'}}
  // expected-error @below {{'ge.size' op failed to infer returned types}}
  %y = ge.size %x {dtype = f32} : (tensor<2x3xf32>) -> tensor<i32>
  return
}
