// Conversions between storage formats, and formatted neighbours of convolutions.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

#blocked20 = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [2, 20, 3, 5]>
#blocked32 = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 32, 3, 5]>
func.func @main(%x: tensor<2x20x3x5xf32>, %y: tensor<1x32x3x5xf32>) -> (tensor<2x20x3x5xf32>, tensor<1x32x3x5xf32>, tensor<2x20x3x5xf32>) {
  %0 = ge.trans_data %x {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<2x20x3x5xf32>) -> tensor<2x2x3x5x16xf32, #blocked20>
  %1 = ge.relu %0 : tensor<2x2x3x5x16xf32, #blocked20>
  %2 = ge.trans_data %1 {src_format = "NC1HWC0", dst_format = "NCHW"} : (tensor<2x2x3x5x16xf32, #blocked20>) -> tensor<2x20x3x5xf32>
  %3 = ge.trans_data %y {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<1x32x3x5xf32>) -> tensor<1x2x3x5x16xf32, #blocked32>
  %4 = ge.sigmoid %3 : tensor<1x2x3x5x16xf32, #blocked32>
  %5 = ge.trans_data %4 {src_format = "NC1HWC0", dst_format = "NCHW"} : (tensor<1x2x3x5x16xf32, #blocked32>) -> tensor<1x32x3x5xf32>
  %6 = ge.add %0, %1 : tensor<2x2x3x5x16xf32, #blocked20>
  %7 = ge.trans_data %6 {src_format = "NC1HWC0", dst_format = "NCHW"} : (tensor<2x2x3x5x16xf32, #blocked20>) -> tensor<2x20x3x5xf32>
  return %2, %5, %7 : tensor<2x20x3x5xf32>, tensor<1x32x3x5xf32>, tensor<2x20x3x5xf32>
}

// -----
// A squeeze-and-excite block: pooling, products with a vector per channel, slopes per channel, joins.
func.func @main(%x: tensor<1x16x6x5xf32>, %w: tensor<24x16x1x1xf32> {test.constant}, %s: tensor<24x24x1x1xf32> {test.constant}, %slope: tensor<24xf32> {test.constant}, %k: tensor<24x1x1xf32> {test.constant}) -> (tensor<1x48x6x5xf32>, tensor<1x24x1x1xf32>, tensor<1x24xf32>) {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x16x6x5xf32>, tensor<24x16x1x1xf32>) -> tensor<1x24x6x5xf32>
  %1 = ge.global_average_pool %0 : (tensor<1x24x6x5xf32>) -> tensor<1x24x1x1xf32>
  %2 = ge.conv2d %1, %s {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x24x1x1xf32>, tensor<24x24x1x1xf32>) -> tensor<1x24x1x1xf32>
  %3 = ge.hard_sigmoid %2 : tensor<1x24x1x1xf32>
  %4 = ge.mul %0, %3 : (tensor<1x24x6x5xf32>, tensor<1x24x1x1xf32>) -> tensor<1x24x6x5xf32>
  %5 = ge.p_relu %4, %slope : (tensor<1x24x6x5xf32>, tensor<24xf32>) -> tensor<1x24x6x5xf32>
  %6 = ge.mul %0, %k : (tensor<1x24x6x5xf32>, tensor<24x1x1xf32>) -> tensor<1x24x6x5xf32>
  %one = ge.const dense<1> : tensor<i32>
  %7 = ge.concat_v2 %5, %6, %one : (tensor<1x24x6x5xf32>, tensor<1x24x6x5xf32>, tensor<i32>) -> tensor<1x48x6x5xf32>
  %axes = ge.const dense<[2, 3]> : tensor<2xi64>
  %8 = ge.reduce_mean %0, %axes {keep_dims = true} : (tensor<1x24x6x5xf32>, tensor<2xi64>) -> tensor<1x24x1x1xf32>
  %9 = ge.flatten %8 : (tensor<1x24x1x1xf32>) -> tensor<1x24xf32>
  return %7, %8, %9 : tensor<1x48x6x5xf32>, tensor<1x24x1x1xf32>, tensor<1x24xf32>
}

// -----
func.func @main(%x: tensor<2x16x4x4xf32>, %w: tensor<32x16x1x1xf32> {test.constant}) -> tensor<2x48x4x4xf32> {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x16x4x4xf32>, tensor<32x16x1x1xf32>) -> tensor<2x32x4x4xf32>
  %v = ge.const dense<0.5> : tensor<16x32x1x1xf32>
  %1 = ge.conv2d %0, %v {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x32x4x4xf32>, tensor<16x32x1x1xf32>) -> tensor<2x16x4x4xf32>
  %one = ge.const dense<1> : tensor<i32>
  %2 = ge.concat_v2 %0, %1, %one : (tensor<2x32x4x4xf32>, tensor<2x16x4x4xf32>, tensor<i32>) -> tensor<2x48x4x4xf32>
  return %2 : tensor<2x48x4x4xf32>
}
