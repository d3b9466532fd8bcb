// Pooling agrees with its definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<2x5x11x9xf32>) -> (tensor<2x5x6x5xf32>, tensor<2x5x6x5xf32>, tensor<2x5x6x5xf32>, tensor<2x5x5x4xf32>) {
  %0 = ge.max_pool_v3 %x {ksize = array<i64: 1, 1, 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x5x11x9xf32>) -> tensor<2x5x6x5xf32>
  %1 = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x5x11x9xf32>) -> tensor<2x5x6x5xf32>
  %2 = ge.avg_pool_v2 %x {exclusive = false, ksize = array<i64: 1, 1, 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x5x11x9xf32>) -> tensor<2x5x6x5xf32>
  %3 = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 2, 2>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x5x11x9xf32>) -> tensor<2x5x5x4xf32>
  return %0, %1, %2, %3 : tensor<2x5x6x5xf32>, tensor<2x5x6x5xf32>, tensor<2x5x6x5xf32>, tensor<2x5x5x4xf32>
}

// -----
// Windows that reach beyond the padding, padding that follows from the shape, a large window.
func.func @main(%x: tensor<1x3x10x10xf32>) -> (tensor<1x3x5x5xf32>, tensor<1x3x5x5xf32>, tensor<1x3x4x4xf32>, tensor<1x3x4x4xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>) {
  %0 = ge.max_pool_v3 %x {ceil_mode = true, ksize = array<i64: 1, 1, 3, 3>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x3x10x10xf32>) -> tensor<1x3x5x5xf32>
  %1 = ge.avg_pool_v2 %x {ceil_mode = true, exclusive = false, ksize = array<i64: 1, 1, 3, 3>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x3x10x10xf32>) -> tensor<1x3x5x5xf32>
  %2 = ge.max_pool_v3 %x {padding_mode = "SAME", ksize = array<i64: 1, 1, 4, 4>, strides = array<i64: 1, 1, 3, 3>} : (tensor<1x3x10x10xf32>) -> tensor<1x3x4x4xf32>
  %3 = ge.avg_pool_v2 %x {padding_mode = "SAME", ksize = array<i64: 1, 1, 4, 4>, strides = array<i64: 1, 1, 3, 3>} : (tensor<1x3x10x10xf32>) -> tensor<1x3x4x4xf32>
  %4 = ge.max_pool_v3 %x {ksize = array<i64: 1, 1, 7, 7>, strides = array<i64: 1, 1, 3, 3>} : (tensor<1x3x10x10xf32>) -> tensor<1x3x2x2xf32>
  %5 = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 7, 7>, strides = array<i64: 1, 1, 3, 3>} : (tensor<1x3x10x10xf32>) -> tensor<1x3x2x2xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<1x3x5x5xf32>, tensor<1x3x5x5xf32>, tensor<1x3x4x4xf32>, tensor<1x3x4x4xf32>, tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32>
}

// -----
// Between convolutions, on blocked channels.
func.func @main(%x: tensor<1x16x12x12xf32>, %w: tensor<24x16x1x1xf32> {test.constant}, %v: tensor<8x24x1x1xf32> {test.constant}) -> (tensor<1x8x6x6xf32>, tensor<1x24x6x6xf32>, tensor<1x24x1x1xf32>) {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x16x12x12xf32>, tensor<24x16x1x1xf32>) -> tensor<1x24x12x12xf32>
  %1 = ge.max_pool_v3 %0 {ksize = array<i64: 1, 1, 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x24x12x12xf32>) -> tensor<1x24x6x6xf32>
  %2 = ge.avg_pool_v2 %0 {ksize = array<i64: 1, 1, 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x24x12x12xf32>) -> tensor<1x24x6x6xf32>
  %3 = ge.global_average_pool %0 : (tensor<1x24x12x12xf32>) -> tensor<1x24x1x1xf32>
  %4 = ge.conv2d %1, %v {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x24x6x6xf32>, tensor<8x24x1x1xf32>) -> tensor<1x8x6x6xf32>
  return %4, %2, %3 : tensor<1x8x6x6xf32>, tensor<1x24x6x6xf32>, tensor<1x24x1x1xf32>
}

// -----
func.func @main(%x: tensor<2x6x5x7xf32>, %y: tensor<1x8x6x3xf32>) -> (tensor<2x6x1x1xf32>, tensor<2x6x1x1xf32>, tensor<1x4x3x3xf32>) {
  %0 = ge.global_average_pool %x : (tensor<2x6x5x7xf32>) -> tensor<2x6x1x1xf32>
  %1 = ge.max_pool_v3 %x {global_pooling = true, ksize = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x6x5x7xf32>) -> tensor<2x6x1x1xf32>
  %2 = ge.max_pool_v3 %y {data_format = "NHWC", ksize = array<i64: 1, 2, 2, 1>, strides = array<i64: 1, 2, 2, 1>} : (tensor<1x8x6x3xf32>) -> tensor<1x4x3x3xf32>
  return %0, %1, %2 : tensor<2x6x1x1xf32>, tensor<2x6x1x1xf32>, tensor<1x4x3x3xf32>
}
