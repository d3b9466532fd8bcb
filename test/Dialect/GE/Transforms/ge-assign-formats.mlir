// RUN: ge-opt %s -split-input-file -ge-assign-formats | FileCheck %s

// A convolution and what follows it are stored; the result is plain again.
// CHECK-LABEL: func.func @conv_relu
func.func @conv_relu(%x: tensor<1x32x8x8xf32>, %w: tensor<64x32x1x1xf32>) -> tensor<1x64x8x8xf32> {
  // CHECK: %[[T:.*]] = ge.trans_data %arg0 {dst_format = "NC1HWC0", src_format = "NCHW"}
  // CHECK-SAME: -> tensor<1x2x8x8x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 32, 8, 8]>>
  // CHECK: %[[Y:.*]] = ge.conv2d %[[T]], %arg1
  // CHECK: %[[R:.*]] = ge.relu %[[Y]] : tensor<1x4x8x8x16xf32, #ge.format
  // CHECK: %[[P:.*]] = ge.trans_data %[[R]] {dst_format = "NCHW", src_format = "NC1HWC0"}
  // CHECK: return %[[P]] : tensor<1x64x8x8xf32>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x32x8x8xf32>, tensor<64x32x1x1xf32>) -> tensor<1x64x8x8xf32>
  %1 = ge.relu %0 : tensor<1x64x8x8xf32>
  return %1 : tensor<1x64x8x8xf32>
}

// -----

// The first convolution reads the image as it is; between two convolutions
// nothing is converted.
// CHECK-LABEL: func.func @stem
func.func @stem(%x: tensor<1x3x8x8xf32>, %w: tensor<32x3x1x1xf32>, %v: tensor<16x32x1x1xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK: ge.conv2d %arg0
  // CHECK-NOT: ge.trans_data
  // CHECK: ge.conv2d
  // CHECK: ge.trans_data
  // CHECK-NOT: ge.trans_data
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x8x8xf32>, tensor<32x3x1x1xf32>) -> tensor<1x32x8x8xf32>
  %1 = ge.relu %0 : tensor<1x32x8x8xf32>
  %2 = ge.conv2d %1, %v {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x32x8x8xf32>, tensor<16x32x1x1xf32>) -> tensor<1x16x8x8xf32>
  return %2 : tensor<1x16x8x8xf32>
}

// -----

// The cut lies where the tensor is smallest: behind the pooling.
// CHECK-LABEL: func.func @smallest
func.func @smallest(%x: tensor<1x32x8x8xf32>, %w: tensor<64x32x1x1xf32>) -> tensor<1x64xf32> {
  %shape = ge.const dense<[1, 64]> : tensor<2xi64>
  // CHECK: ge.conv2d
  // CHECK: %[[G:.*]] = ge.global_average_pool
  // CHECK: ge.trans_data %[[G]] {{.*}} -> tensor<1x64x1x1xf32>
  // CHECK: ge.reshape
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x32x8x8xf32>, tensor<64x32x1x1xf32>) -> tensor<1x64x8x8xf32>
  %1 = ge.relu %0 : tensor<1x64x8x8xf32>
  %2 = ge.global_average_pool %1 : (tensor<1x64x8x8xf32>) -> tensor<1x64x1x1xf32>
  %3 = ge.reshape %2, %shape : (tensor<1x64x1x1xf32>, tensor<2xi64>) -> tensor<1x64xf32>
  return %3 : tensor<1x64xf32>
}

// -----

// A value with a stored and a plain user is converted once.
// CHECK-LABEL: func.func @both
func.func @both(%x: tensor<1x3x8x8xf32>, %w: tensor<32x3x1x1xf32>) -> (tensor<1x32x8x8xf32>, tensor<1x2048xf32>, tensor<1x2048xf32>) {
  %shape = ge.const dense<[1, 2048]> : tensor<2xi64>
  // CHECK: ge.conv2d
  // CHECK-COUNT-1: ge.trans_data
  // CHECK-NOT: ge.trans_data
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x8x8xf32>, tensor<32x3x1x1xf32>) -> tensor<1x32x8x8xf32>
  %1 = ge.reshape %0, %shape : (tensor<1x32x8x8xf32>, tensor<2xi64>) -> tensor<1x2048xf32>
  %2 = ge.exp %1 : tensor<1x2048xf32>
  return %0, %1, %2 : tensor<1x32x8x8xf32>, tensor<1x2048xf32>, tensor<1x2048xf32>
}

// -----

// Parts whose channels fill blocks are joined as stored.
// CHECK-LABEL: func.func @concat
func.func @concat(%x: tensor<1x3x4x4xf32>, %a: tensor<16x3x1x1xf32>, %b: tensor<8x3x1x1xf32>) -> tensor<1x24x1x1xf32> {
  %dim = ge.const dense<1> : tensor<i64>
  %0 = ge.conv2d %x, %a {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x4x4xf32>, tensor<16x3x1x1xf32>) -> tensor<1x16x4x4xf32>
  %1 = ge.conv2d %x, %b {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x4x4xf32>, tensor<8x3x1x1xf32>) -> tensor<1x8x4x4xf32>
  // CHECK: ge.concat_v2 {{.*}} -> tensor<1x2x4x4x16xf32, #ge.format
  %2 = ge.concat_v2 %0, %1, %dim : (tensor<1x16x4x4xf32>, tensor<1x8x4x4xf32>, tensor<i64>) -> tensor<1x24x4x4xf32>
  %3 = ge.global_average_pool %2 : (tensor<1x24x4x4xf32>) -> tensor<1x24x1x1xf32>
  return %3 : tensor<1x24x1x1xf32>
}

// -----

// A block that another part would have to fill cannot be joined as stored.
// CHECK-LABEL: func.func @concat_unaligned
func.func @concat_unaligned(%x: tensor<1x3x4x4xf32>, %a: tensor<16x3x1x1xf32>, %b: tensor<8x3x1x1xf32>) -> tensor<1x24x1x1xf32> {
  %dim = ge.const dense<1> : tensor<i64>
  %0 = ge.conv2d %x, %a {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x4x4xf32>, tensor<16x3x1x1xf32>) -> tensor<1x16x4x4xf32>
  %1 = ge.conv2d %x, %b {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x4x4xf32>, tensor<8x3x1x1xf32>) -> tensor<1x8x4x4xf32>
  // CHECK: ge.concat_v2 {{.*}} -> tensor<1x24x4x4xf32>
  %2 = ge.concat_v2 %1, %0, %dim : (tensor<1x8x4x4xf32>, tensor<1x16x4x4xf32>, tensor<i64>) -> tensor<1x24x4x4xf32>
  // CHECK: ge.global_average_pool {{.*}} : (tensor<1x24x4x4xf32>)
  %3 = ge.global_average_pool %2 : (tensor<1x24x4x4xf32>) -> tensor<1x24x1x1xf32>
  return %3 : tensor<1x24x1x1xf32>
}

// -----

// An element-wise operator on one channel is not worth fifteen padding lanes.
// CHECK-LABEL: func.func @one_channel
func.func @one_channel(%x: tensor<1x3x8x8xf32>, %w: tensor<1x3x1x1xf32>) -> tensor<1x1x8x8xf32> {
  // CHECK: ge.sigmoid {{.*}} : tensor<1x1x8x8xf32>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x8x8xf32>, tensor<1x3x1x1xf32>) -> tensor<1x1x8x8xf32>
  %1 = ge.sigmoid %0 : tensor<1x1x8x8xf32>
  return %1 : tensor<1x1x8x8xf32>
}

// -----

// A transposed convolution reads stored images and writes plain ones.
// CHECK-LABEL: func.func @transposed
func.func @transposed(%x: tensor<1x3x4x4xf32>, %w: tensor<16x3x1x1xf32>, %v: tensor<16x1x2x2xf32>) -> tensor<1x1x8x8xf32> {
  %size = ge.const dense<0> : tensor<4xi64>
  // CHECK-NOT: ge.trans_data
  // CHECK: ge.conv2d_transpose {{.*}} : (tensor<4xi64>, tensor<1x1x4x4x16xf32, #ge.format{{.*}} -> tensor<1x1x8x8xf32>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x4x4xf32>, tensor<16x3x1x1xf32>) -> tensor<1x16x4x4xf32>
  %1 = ge.conv2d_transpose %size, %0, %v {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x16x4x4xf32>, tensor<16x1x2x2xf32>) -> tensor<1x1x8x8xf32>
  return %1 : tensor<1x1x8x8xf32>
}

// -----

// A conversion writes the order that a transposition asks for.
// CHECK-LABEL: func.func @channels_last
func.func @channels_last(%x: tensor<1x3x8x8xf32>, %w: tensor<16x3x1x1xf32>) -> tensor<1x8x8x16xf32> {
  %perm = ge.const dense<[0, 2, 3, 1]> : tensor<4xi64>
  // CHECK: ge.conv2d
  // CHECK-NEXT: %[[Y:.*]] = ge.trans_data {{.*}} {dst_format = "NHWC", src_format = "NC1HWC0"} {{.*}} -> tensor<1x8x8x16xf32>
  // CHECK-NEXT: return %[[Y]]
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<1x3x8x8xf32>, tensor<16x3x1x1xf32>) -> tensor<1x16x8x8xf32>
  %1 = ge.transpose %0, %perm : (tensor<1x16x8x8xf32>, tensor<4xi64>) -> tensor<1x8x8x16xf32>
  return %1 : tensor<1x8x8x16xf32>
}

// -----

// Without convolutions nothing is stored.
// CHECK-LABEL: func.func @no_convolution
func.func @no_convolution(%x: tensor<1x32x8x8xf32>) -> tensor<1x32x8x8xf32> {
  // CHECK-NOT: ge.trans_data
  %0 = ge.relu %x : tensor<1x32x8x8xf32>
  return %0 : tensor<1x32x8x8xf32>
}
