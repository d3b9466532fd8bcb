// Convolutions become products of image patches and filter panels.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg=device=Host:x86-64-v3 | FileCheck %s

#out = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 8, 8]>
// CHECK-LABEL: func.func @first
// CHECK-SAME: -> tensor<1x2x8x8x16xf32>
func.func @first(%x: tensor<1x3x16x16xf32>, %b: tensor<20xf32>) -> tensor<1x2x8x8x16xf32, #out> {
  %w = ge.const dense<0.5> : tensor<20x3x3x3xf32>
  // CHECK: %[[A:.*]] = npu.im2col %{{.*}} {channels = 3 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 8, 8>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : tensor<1x3x16x16xf32> -> !npu.matrix<64x27xf32>
  // CHECK: %[[B:.*]] = npu.pack_panels %{{.*}} conv_nchw {n0 = 16 : i64} : tensor<20x3x3x3xf32> -> tensor<2x27x16xf32>
  // CHECK: npu.mmad ins(%[[A]], %[[B]] : {{.*}}) epilogue(%{{.*}} : tensor<20xf32>) outs(%{{.*}} : tensor<1x2x8x8x16xf32>) attributes {columns = 20 : i64}
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x3x16x16xf32>, tensor<20x3x3x3xf32>, tensor<20xf32>) -> tensor<1x2x8x8x16xf32, #out>
  return %0 : tensor<1x2x8x8x16xf32, #out>
}

// -----
#image = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 32, 8, 8]>
// CHECK-LABEL: func.func @blocked
func.func @blocked(%x: tensor<1x2x8x8x16xf32, #image>) -> tensor<1x2x8x8x16xf32, #image> {
  %w = ge.const dense<0.5> : tensor<32x32x1x1xf32>
  // CHECK: npu.im2col %{{.*}} : tensor<1x2x8x8x16xf32> -> !npu.matrix<64x32xf32>
  // CHECK: npu.pack_panels %{{.*}} conv_nc1hwc0
  // CHECK: npu.mmad
  // CHECK-NOT: columns
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x2x8x8x16xf32, #image>, tensor<32x32x1x1xf32>) -> tensor<1x2x8x8x16xf32, #image>
  return %0 : tensor<1x2x8x8x16xf32, #image>
}

// -----
#image = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 8, 8]>
// CHECK-LABEL: func.func @depthwise
func.func @depthwise(%x: tensor<1x2x8x8x16xf32, #image>) -> tensor<1x2x8x8x16xf32, #image> {
  %w = ge.const dense<0.5> : tensor<20x1x3x3xf32>
  // CHECK: %[[W:.*]] = npu.pack_panels %{{.*}} depthwise {n0 = 16 : i64} : tensor<20x1x3x3xf32> -> tensor<2x3x3x16xf32>
  // CHECK: npu.depthwise ins(%{{.*}}, %[[W]] : tensor<1x2x8x8x16xf32>, tensor<2x3x3x16xf32>)
  %0 = ge.depthwise_conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x2x8x8x16xf32, #image>, tensor<20x1x3x3xf32>) -> tensor<1x2x8x8x16xf32, #image>
  return %0 : tensor<1x2x8x8x16xf32, #image>
}

// -----
// A filter that only exists at run time is brought into the order of the patches.
// CHECK-LABEL: func.func @run_time_filter
func.func @run_time_filter(%x: tensor<1x3x6x6xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK: tensor.collapse_shape {{.*}} into tensor<4x27xf32>
  // CHECK: npu.pack_panels %{{.*}} nk
  // CHECK: npu.mmad
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x3x6x6xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}

// -----
// Groups of channels are a contraction over the padded image.
// CHECK-LABEL: func.func @groups
func.func @groups(%x: tensor<1x4x6x6xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x4x6x6xf32> {
  // CHECK: tensor.expand_shape {{.*}} : tensor<1x4x8x8xf32> into tensor<1x2x2x8x8xf32>
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
  %0 = ge.conv2d %x, %w {data_format = "NCHW", groups = 2 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x4x6x6xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x6x6xf32>
  return %0 : tensor<1x4x6x6xf32>
}

// -----
// Taps that do not overlap: one product, then a permutation.
// CHECK-LABEL: func.func @pixel_shuffle
func.func @pixel_shuffle(%x: tensor<1x4x6x6xf32>, %w: tensor<4x3x2x2xf32>) -> tensor<1x3x12x12xf32> {
  %size = ge.const dense<0> : tensor<4xi64>
  // CHECK: npu.mmad ins({{.*}} : !npu.matrix<36x4xf32>, tensor<1x4x16xf32>) outs({{.*}} : tensor<36x12xf32>)
  // CHECK: linalg.generic
  // CHECK-NOT: linalg.generic
  // CHECK: tensor.collapse_shape {{.*}} into tensor<1x3x12x12xf32>
  %0 = ge.conv2d_transpose %size, %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x4x6x6xf32>, tensor<4x3x2x2xf32>) -> tensor<1x3x12x12xf32>
  return %0 : tensor<1x3x12x12xf32>
}
