// RUN: ge-opt %s -ge-infer-shapes -split-input-file | FileCheck %s

// What operations infer from operands of which not all is known.

// Broadcast takes what either operand knows.
// CHECK-LABEL: @broadcast
func.func @broadcast(%a: tensor<?x3x1xf32>, %b: tensor<4x?x?xf32>, %s: tensor<f32>, %u: tensor<*xf32>) {
  // CHECK: ge.add %arg0, %arg1 : (tensor<?x3x1xf32>, tensor<4x?x?xf32>) -> tensor<4x3x?xf32>
  %0 = ge.add %a, %b : (tensor<?x3x1xf32>, tensor<4x?x?xf32>) -> tensor<*xf32>
  // CHECK: ge.greater {{.*}} -> tensor<?x3x1xi1>
  %1 = ge.greater %a, %s : (tensor<?x3x1xf32>, tensor<f32>) -> tensor<*xi1>
  // CHECK: ge.mul {{.*}} : tensor<*xf32>
  %2 = ge.mul %u, %u : tensor<*xf32>
  return
}

// -----

// Element-wise results are stored as their operands.
// CHECK-LABEL: @stored
func.func @stored(%x: tensor<1x2x?x4x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, ?, 4]>>,
                  %y: tensor<1x2x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 1, 1]>>,
                  %s: tensor<1xf32>) {
  // CHECK: ge.mul {{.*}} -> tensor<1x2x?x4x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, ?, 4]>>
  %0 = ge.mul %x, %y : (tensor<1x2x?x4x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, ?, 4]>>, tensor<1x2x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 1, 1]>>) -> tensor<*xf32>
  // CHECK: ge.add {{.*}} -> tensor<1x2x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 1, 1]>>
  %1 = ge.add %y, %s : (tensor<1x2x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 1, 1]>>, tensor<1xf32>) -> tensor<*xf32>
  // CHECK: ge.cast {{.*}} -> tensor<1x2x1x1x16xf16, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 1, 1]>>
  %2 = ge.cast %y {dst_type = f16} : (tensor<1x2x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 1, 1]>>) -> tensor<*xf16>
  return
}

// -----

// Images: strides, dilations, groups, unknown height; storage of the operand is kept.
// CHECK-LABEL: @convolution
func.func @convolution(%x: tensor<?x4x?x15xf32>, %w: tensor<8x2x3x3xf32>, %wt: tensor<4x3x2x2xf32>, %size: tensor<4xi64>,
                       %s: tensor<1x1x8x8x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 4, 8, 8]>>,
                       %h: tensor<1x9x9x4xf32>, %wh: tensor<3x3x4x5xf32>) {
  // CHECK: ge.conv2d {{.*}} -> tensor<?x8x?x7xf32>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", dilations = array<i64: 1, 1, 2, 2>, groups = 2 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<?x4x?x15xf32>, tensor<8x2x3x3xf32>) -> tensor<*xf32>
  // CHECK: ge.conv2d {{.*}} -> tensor<1x1x6x6x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 8, 6, 6]>>
  %1 = ge.conv2d %s, %w {data_format = "NCHW", groups = 2 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x1x8x8x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 4, 8, 8]>>, tensor<8x2x3x3xf32>) -> tensor<*xf32>
  // CHECK: ge.conv2d {{.*}} -> tensor<1x4x4x5xf32>
  %2 = ge.conv2d %h, %wh {pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 2, 2, 1>} : (tensor<1x9x9x4xf32>, tensor<3x3x4x5xf32>) -> tensor<*xf32>
  // CHECK: ge.conv2d_transpose {{.*}} -> tensor<?x3x?x31xf32>
  %3 = ge.conv2d_transpose %size, %x, %wt {data_format = "NCHW", output_padding = array<i64: 0, 0, 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<?x4x?x15xf32>, tensor<4x3x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

// Pools: a ceiling leaves out windows that start in the trailing padding; SAME ignores the window.
// CHECK-LABEL: @pool
func.func @pool(%x: tensor<1x8x7x6xf32>, %s: tensor<1x1x7x6x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 8, 7, 6]>>) {
  // CHECK: ge.max_pool_v3 {{.*}} -> tensor<1x8x4x3xf32>
  %0 = ge.max_pool_v3 %x {ceil_mode = true, ksize = array<i64: 1, 1, 2, 2>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x8x7x6xf32>) -> tensor<*xf32>
  // CHECK: ge.max_pool_v3 {{.*}} -> tensor<1x8x4x4xf32>
  %1 = ge.max_pool_v3 %x {ceil_mode = true, ksize = array<i64: 1, 1, 1, 1>, pads = array<i64: 0, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x8x7x6xf32>) -> tensor<*xf32>
  // CHECK: ge.avg_pool_v2 {{.*}} -> tensor<1x8x3x2xf32>
  %2 = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 5, 5>, padding_mode = "SAME", strides = array<i64: 1, 1, 3, 3>} : (tensor<1x8x7x6xf32>) -> tensor<*xf32>
  // CHECK: ge.avg_pool_v2 {{.*}} -> tensor<1x8x1x1xf32>
  %3 = ge.avg_pool_v2 %x {global_pooling = true, ksize = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x8x7x6xf32>) -> tensor<*xf32>
  // CHECK: ge.global_average_pool {{.*}} -> tensor<1x1x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 8, 1, 1]>>
  %4 = ge.global_average_pool %s : (tensor<1x1x7x6x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 8, 7, 6]>>) -> tensor<*xf32>
  return
}

// -----

// Products: leading dimensions broadcast, 8-bit integers are summed in 32 bits.
// CHECK-LABEL: @matmul
func.func @matmul(%a: tensor<?x1x4x8xf32>, %b: tensor<3x16x8xf32>, %i: tensor<2x3xi8>, %j: tensor<3x4xi8>) {
  // CHECK: ge.batch_mat_mul_v2 {{.*}} -> tensor<?x3x4x16xf32>
  %0 = ge.batch_mat_mul_v2 %a, %b {adj_x2 = true} : (tensor<?x1x4x8xf32>, tensor<3x16x8xf32>) -> tensor<*xf32>
  // CHECK: ge.mat_mul_v2 {{.*}} -> tensor<2x4xi32>
  %1 = ge.mat_mul_v2 %i, %j : (tensor<2x3xi8>, tensor<3x4xi8>) -> tensor<*xi32>
  return
}

// -----

// Reductions: axes that are not known leave the rank, if their number is known.
// CHECK-LABEL: @reduce
func.func @reduce(%x: tensor<2x3x4xf32>, %axes: tensor<2xi64>, %some: tensor<?xi64>) {
  // CHECK: ge.reduce_sum {{.*}} -> tensor<?xf32>
  %0 = ge.reduce_sum %x, %axes : (tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  // CHECK: ge.reduce_max {{.*}} -> tensor<?x?x?xf32>
  %1 = ge.reduce_max %x, %some {keep_dims = true} : (tensor<2x3x4xf32>, tensor<?xi64>) -> tensor<*xf32>
  // CHECK: ge.reduce_mean {{.*}} -> tensor<*xf32>
  %2 = ge.reduce_mean %x, %some : (tensor<2x3x4xf32>, tensor<?xi64>) -> tensor<*xf32>
  %none = ge.const dense<> : tensor<0xi64>
  // CHECK: ge.reduce_sum {{.*}} -> tensor<2x3x4xf32>
  %3 = ge.reduce_sum %x, %none : (tensor<2x3x4xf32>, tensor<0xi64>) -> tensor<*xf32>
  // CHECK: ge.reduce_sum {{.*}} -> tensor<f32>
  %4 = ge.reduce_sum %x, %none {noop_with_empty_axes = false} : (tensor<2x3x4xf32>, tensor<0xi64>) -> tensor<*xf32>
  return
}

// -----

// Reshape: zeros copy, -1 takes the rest, dynamic dimensions that are copied cancel out.
// CHECK-LABEL: @reshape
func.func @reshape(%x: tensor<?x6x4xf32>, %shape: tensor<2xi64>, %any: tensor<?xi64>) {
  %a = ge.const dense<[0, -1, 8]> : tensor<3xi64>
  // CHECK: ge.reshape {{.*}} -> tensor<?x3x8xf32>
  %0 = ge.reshape %x, %a : (tensor<?x6x4xf32>, tensor<3xi64>) -> tensor<*xf32>
  // CHECK: ge.reshape {{.*}} -> tensor<?x?xf32>
  %1 = ge.reshape %x, %shape : (tensor<?x6x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  // CHECK: ge.reshape {{.*}} -> tensor<*xf32>
  %2 = ge.reshape %x, %any : (tensor<?x6x4xf32>, tensor<?xi64>) -> tensor<*xf32>
  %b = ge.const dense<[2, 12]> : tensor<2xi64>
  // CHECK: ge.reshape {{.*}} -> tensor<?x2x12xf32>
  %3 = ge.reshape %x, %b {axis = 1 : i64, num_axes = 2 : i64} : (tensor<?x6x4xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

// Views of unknown dimensions.
// CHECK-LABEL: @views
func.func @views(%x: tensor<?x1x4xf32>, %axis: tensor<i32>) {
  // CHECK: ge.squeeze {{.*}} -> tensor<?x4xf32>
  %0 = ge.squeeze %x {axis = array<i64: -2>} : (tensor<?x1x4xf32>) -> tensor<*xf32>
  // CHECK: ge.squeeze {{.*}} -> tensor<*xf32>
  %1 = ge.squeeze %x : (tensor<?x1x4xf32>) -> tensor<*xf32>
  // CHECK: ge.expand_dims {{.*}} -> tensor<?x?x?x?xf32>
  %2 = ge.expand_dims %x, %axis : (tensor<?x1x4xf32>, tensor<i32>) -> tensor<*xf32>
  // CHECK: ge.flatten {{.*}} -> tensor<?x4xf32>
  %3 = ge.flatten %x {axis = -1 : i64} : (tensor<?x1x4xf32>) -> tensor<*xf32>
  return
}

// -----

// Joining and splitting.
// CHECK-LABEL: @join
func.func @join(%a: tensor<2x?xf32>, %b: tensor<?x3xf32>, %d: tensor<i32>) {
  %axis = ge.const dense<1> : tensor<i32>
  // CHECK: ge.concat_v2 {{.*}} -> tensor<2x?xf32>
  %0 = ge.concat_v2 %a, %b, %axis : (tensor<2x?xf32>, tensor<?x3xf32>, tensor<i32>) -> tensor<*xf32>
  // CHECK: ge.concat_v2 {{.*}} -> tensor<?x?xf32>
  %1 = ge.concat_v2 %a, %b, %d : (tensor<2x?xf32>, tensor<?x3xf32>, tensor<i32>) -> tensor<*xf32>
  // CHECK: ge.pack {{.*}} -> tensor<2x3x2xf32>
  %2 = ge.pack %a, %b {axis = -1 : i64} : (tensor<2x?xf32>, tensor<?x3xf32>) -> tensor<*xf32>
  // CHECK: ge.split {{.*}} -> (tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>)
  %3:3 = ge.split %axis, %b {num_split = 3 : i64} : (tensor<i32>, tensor<?x3xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  %sizes = ge.const dense<[1, -1]> : tensor<2xi64>
  // CHECK: ge.split_v {{.*}} -> (tensor<?x1xf32>, tensor<?x2xf32>)
  %4:2 = ge.split_v %b, %sizes, %axis {num_split = 2 : i64} : (tensor<?x3xf32>, tensor<2xi64>, tensor<i32>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

// Joined channels stay in blocks.
// CHECK-LABEL: @join_stored
func.func @join_stored(%a: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>,
                       %b: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 5, 2, 2]>>) {
  %axis = ge.const dense<1> : tensor<i32>
  // CHECK: ge.concat_v2 {{.*}} -> tensor<1x2x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 21, 2, 2]>>
  %0 = ge.concat_v2 %a, %b, %axis : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 5, 2, 2]>>, tensor<i32>) -> tensor<*xf32>
  return
}

// -----

// Slices: negative places, masks, strides backwards, unknown bounds.
// CHECK-LABEL: @slice
func.func @slice(%x: tensor<6x5x4xf32>, %p: tensor<1xi64>) {
  %b = ge.const dense<[-2, 0, 3]> : tensor<3xi64>
  %e = ge.const dense<[100, 0, -5]> : tensor<3xi64>
  %s = ge.const dense<[1, 1, -2]> : tensor<3xi64>
  // CHECK: ge.strided_slice {{.*}} -> tensor<2x5x2xf32>
  %0 = ge.strided_slice %x, %b, %e, %s {end_mask = 2 : i64} : (tensor<6x5x4xf32>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>) -> tensor<*xf32>
  // CHECK: ge.strided_slice {{.*}} -> tensor<6x5x1x2xf32>
  %1 = ge.strided_slice %x, %b, %e, %s {ellipsis_mask = 1 : i64, new_axis_mask = 2 : i64} : (tensor<6x5x4xf32>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>) -> tensor<*xf32>
  // CHECK: ge.strided_slice {{.*}} -> tensor<5x4xf32>
  %2 = ge.strided_slice %x, %p, %p, %p {shrink_axis_mask = 1 : i64} : (tensor<6x5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  // Equal bounds leave nothing, whatever they are.
  // CHECK: ge.strided_slice_v2 {{.*}} -> tensor<0x5x4xf32>
  %3 = ge.strided_slice_v2 %x, %p, %p : (tensor<6x5x4xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  // CHECK: ge.strided_slice_v2 {{.*}} -> tensor<?x?x?xf32>
  %4 = ge.strided_slice_v2 %x, %p, %p axes(%p) : (tensor<6x5x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  return
}

// -----

// Gathers and scatters.
// CHECK-LABEL: @gather
func.func @gather(%x: tensor<2x6x4xf32>, %i: tensor<2x?xi64>, %t: tensor<7x2xi64>, %axis: tensor<i32>) {
  %one = ge.const dense<1> : tensor<i32>
  // CHECK: ge.gather_v2 {{.*}} -> tensor<2x2x?x4xf32>
  %0 = ge.gather_v2 %x, %i, %one : (tensor<2x6x4xf32>, tensor<2x?xi64>, tensor<i32>) -> tensor<*xf32>
  // CHECK: ge.gather_v2 {{.*}} -> tensor<2x?x4xf32>
  %1 = ge.gather_v2 %x, %i, %one {batch_dims = 1 : i64} : (tensor<2x6x4xf32>, tensor<2x?xi64>, tensor<i32>) -> tensor<*xf32>
  // CHECK: ge.gather_v2 {{.*}} -> tensor<?x?x?x?xf32>
  %2 = ge.gather_v2 %x, %i, %axis : (tensor<2x6x4xf32>, tensor<2x?xi64>, tensor<i32>) -> tensor<*xf32>
  // CHECK: ge.gather_nd {{.*}} -> tensor<7x4xf32>
  %3 = ge.gather_nd %x, %t : (tensor<2x6x4xf32>, tensor<7x2xi64>) -> tensor<*xf32>
  return
}

// -----

// Padding, repetition and tensors made of numbers.
// CHECK-LABEL: @made
func.func @made(%x: tensor<2x?xf32>, %v: tensor<f32>, %k: tensor<i32>) {
  %pads = ge.const dense<[1, 0, 2, 0]> : tensor<4xi64>
  // CHECK: ge.pad_v3 {{.*}} -> tensor<5x?xf32>
  %0 = ge.pad_v3 %x, %pads {paddings_contiguous = false} : (tensor<2x?xf32>, tensor<4xi64>) -> tensor<*xf32>
  %shape = ge.const dense<[3, 1, 1]> : tensor<3xi64>
  // CHECK: ge.broadcast_to {{.*}} -> tensor<3x2x?xf32>
  %1 = ge.broadcast_to %x, %shape : (tensor<2x?xf32>, tensor<3xi64>) -> tensor<*xf32>
  // CHECK: ge.tile {{.*}} -> tensor<3x2x?xf32>
  %2 = ge.tile %x, %shape : (tensor<2x?xf32>, tensor<3xi64>) -> tensor<*xf32>
  // CHECK: ge.fill {{.*}} -> tensor<3x1x1xf32>
  %3 = ge.fill %shape, %v : (tensor<3xi64>, tensor<f32>) -> tensor<*xf32>
  %a = ge.const dense<5.0> : tensor<f32>
  %b = ge.const dense<0.5> : tensor<f32>
  %c = ge.const dense<-1.5> : tensor<f32>
  // CHECK: ge.range {{.*}} -> tensor<3xf32>
  %4 = ge.range %a, %b, %c : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  // CHECK: ge.range {{.*}} -> tensor<4xf32>
  %5 = ge.range %a, %b, %c {is_closed = true} : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  // CHECK: ge.top_k_v2 {{.*}} -> (tensor<2x?xf32>, tensor<2x?xi64>)
  %6:2 = ge.top_k_v2 %x, %k {indices_dtype = i64} : (tensor<2x?xf32>, tensor<i32>) -> (tensor<*xf32>, tensor<*xi64>)
  // CHECK: ge.non_zero {{.*}} -> tensor<2x?xi64>
  %7 = ge.non_zero %x : (tensor<2x?xf32>) -> tensor<*xi64>
  // CHECK: ge.non_zero {{.*}} -> tensor<?x2xi32>
  %8 = ge.non_zero %x {dtype = i32, transpose = true} : (tensor<2x?xf32>) -> tensor<*xi32>
  // CHECK: ge.unique {{.*}} -> (tensor<?xi64>, tensor<3xi32>)
  %9:2 = ge.unique %shape : (tensor<3xi64>) -> (tensor<*xi64>, tensor<*xi32>)
  return
}

// -----

// Resize: constant scales, constant sizes.
// CHECK-LABEL: @resize
func.func @resize(%x: tensor<1x8x5x5xf32>) {
  %scales = ge.const dense<[1.0, 1.0, 1.5, 0.5]> : tensor<4xf32>
  // CHECK: ge.resize {{.*}} -> tensor<1x8x7x2xf32>
  %0 = ge.resize %x scales(%scales) : (tensor<1x8x5x5xf32>, tensor<4xf32>) -> tensor<*xf32>
  %sizes = ge.const dense<[1, 8, 9, 9]> : tensor<4xi64>
  // CHECK: ge.resize {{.*}} -> tensor<1x8x9x9xf32>
  %1 = ge.resize %x sizes(%sizes) : (tensor<1x8x5x5xf32>, tensor<4xi64>) -> tensor<*xf32>
  return
}

// -----

// Normalisation: statistics of the normalised dimensions.
// CHECK-LABEL: @norm
func.func @norm(%x: tensor<?x8x6xf32>, %g: tensor<6xf32>, %c: tensor<8xf32>) {
  // CHECK: ge.layer_norm_v3 {{.*}} -> (tensor<?x8x6xf32>, tensor<?x8x1xf32>, tensor<?x8x1xf32>)
  %0:3 = ge.layer_norm_v3 %x, %g, %g {begin_norm_axis = 2 : i64, begin_params_axis = -1 : i64} : (tensor<?x8x6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  // CHECK: ge.rms_norm {{.*}} -> (tensor<?x8x6xf32>, tensor<?x8x1xf32>)
  %1:2 = ge.rms_norm %x, %g : (tensor<?x8x6xf32>, tensor<6xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  // CHECK: ge.instance_norm {{.*}} -> (tensor<?x8x6xf32>, tensor<?x8x1xf32>, tensor<?x8x1xf32>)
  %2:3 = ge.instance_norm %x, %c, %c {data_format = "NCHW"} : (tensor<?x8x6xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  // CHECK: ge.batch_norm {{.*}} -> (tensor<?x8x6xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  %3:6 = ge.batch_norm %x, %c, %c {data_format = "NCHW"} : (tensor<?x8x6xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

// Conversions between storage formats.
// CHECK-LABEL: @formats
func.func @formats(%x: tensor<1x20x4x4xf32>, %h: tensor<1x4x4x20xf32>, %w: tensor<40x20x3x3xf32>, %m: tensor<5x40x20xf32>) {
  // CHECK: ge.trans_data {{.*}} -> tensor<1x2x4x4x16xf32, #ge.format<NC1HWC0, origin = NHWC, origin_shape = [1, 4, 4, 20]>>
  %0 = ge.trans_data %h {src_format = "NHWC", dst_format = "NC1HWC0"} : (tensor<1x4x4x20xf32>) -> tensor<1x2x4x4x16xf32, #ge.format<NC1HWC0, origin = NHWC, origin_shape = [1, 4, 4, 20]>>
  // CHECK: ge.trans_data {{.*}} -> tensor<1x20x4x4xf32>
  %1 = ge.trans_data %0 {src_format = "NC1HWC0", dst_format = "NCHW"} : (tensor<1x2x4x4x16xf32, #ge.format<NC1HWC0, origin = NHWC, origin_shape = [1, 4, 4, 20]>>) -> tensor<*xf32>
  // CHECK: ge.trans_data {{.*}} -> tensor<18x3x16x16xf32, #ge.format<FRACTAL_Z, origin = NCHW, origin_shape = [40, 20, 3, 3]>>
  %2 = ge.trans_data %w {src_format = "NCHW", dst_format = "FRACTAL_Z"} : (tensor<40x20x3x3xf32>) -> tensor<18x3x16x16xf32, #ge.format<FRACTAL_Z, origin = NCHW, origin_shape = [40, 20, 3, 3]>>
  // CHECK: ge.trans_data {{.*}} -> tensor<5x2x3x16x16xf32, #ge.format<FRACTAL_NZ, origin = ND, origin_shape = [5, 40, 20]>>
  %3 = ge.trans_data %m {src_format = "ND", dst_format = "FRACTAL_NZ"} : (tensor<5x40x20xf32>) -> tensor<5x2x3x16x16xf32, #ge.format<FRACTAL_NZ, origin = ND, origin_shape = [5, 40, 20]>>
  return
}
