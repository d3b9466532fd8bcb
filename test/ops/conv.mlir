// Convolutions agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<1x3x17x15xf32>, %w: tensor<20x3x3x3xf32> {test.constant}, %b: tensor<20xf32> {test.constant}) -> tensor<1x20x9x8xf32> {
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x3x17x15xf32>, tensor<20x3x3x3xf32>, tensor<20xf32>) -> tensor<1x20x9x8xf32>
  return %0 : tensor<1x20x9x8xf32>
}

// -----
// Two in a row stay blocked between; batch 2, uneven padding, dilation.
func.func @main(%x: tensor<2x16x12x13xf32>, %w: tensor<24x16x3x3xf32> {test.constant}, %v: tensor<8x24x3x3xf32> {test.constant}) -> tensor<2x8x10x10xf32> {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x16x12x13xf32>, tensor<24x16x3x3xf32>) -> tensor<2x24x12x13xf32>
  %1 = ge.relu %0 : tensor<2x24x12x13xf32>
  %2 = ge.conv2d %1, %v {data_format = "NCHW", pads = array<i64: 2, 0, 1, 0>, strides = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1, 2, 2>} : (tensor<2x24x12x13xf32>, tensor<8x24x3x3xf32>) -> tensor<2x8x10x10xf32>
  return %2 : tensor<2x8x10x10xf32>
}

// -----
// A residual block: the addition joins the second product.
func.func @main(%x: tensor<1x32x7x7xf32>, %w: tensor<32x32x1x1xf32> {test.constant}, %b: tensor<32xf32> {test.constant}, %v: tensor<32x32x3x3xf32> {test.constant}) -> tensor<1x32x7x7xf32> {
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x32x7x7xf32>, tensor<32x32x1x1xf32>, tensor<32xf32>) -> tensor<1x32x7x7xf32>
  %1 = ge.conv2d %0, %v {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x32x7x7xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x7x7xf32>
  %2 = ge.add %1, %0 : tensor<1x32x7x7xf32>
  %3 = ge.relu %2 : tensor<1x32x7x7xf32>
  return %3 : tensor<1x32x7x7xf32>
}

// -----
func.func @main(%x: tensor<1x20x9x11xf32>, %w: tensor<20x1x3x3xf32> {test.constant}, %b: tensor<20xf32> {test.constant}) -> tensor<1x20x5x6xf32> {
  %0 = ge.depthwise_conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x20x9x11xf32>, tensor<20x1x3x3xf32>, tensor<20xf32>) -> tensor<1x20x5x6xf32>
  return %0 : tensor<1x20x5x6xf32>
}

// -----
func.func @main(%x: tensor<1x16x9x9xf32>, %w: tensor<16x1x5x5xf32> {test.constant}) -> tensor<1x16x9x9xf32> {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", groups = 16 : i64, pads = array<i64: 2, 2, 2, 2>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x16x9x9xf32>, tensor<16x1x5x5xf32>) -> tensor<1x16x9x9xf32>
  return %0 : tensor<1x16x9x9xf32>
}

// -----
// Groups, and a channel multiplier.
func.func @main(%x: tensor<2x8x7x6xf32>, %w: tensor<12x4x3x3xf32> {test.constant}, %b: tensor<12xf32> {test.constant}, %m: tensor<16x1x3x3xf32> {test.constant}) -> (tensor<2x12x7x6xf32>, tensor<2x16x5x4xf32>) {
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", groups = 2 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x8x7x6xf32>, tensor<12x4x3x3xf32>, tensor<12xf32>) -> tensor<2x12x7x6xf32>
  %1 = ge.depthwise_conv2d %x, %m {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x8x7x6xf32>, tensor<16x1x3x3xf32>) -> tensor<2x16x5x4xf32>
  return %0, %1 : tensor<2x12x7x6xf32>, tensor<2x16x5x4xf32>
}

// -----
func.func @main(%x: tensor<1x9x8x3xf32>, %w: tensor<3x3x3x10xf32> {test.constant}, %d: tensor<3x3x3x2xf32> {test.constant}) -> (tensor<1x9x8x10xf32>, tensor<1x7x6x6xf32>) {
  %0 = ge.conv2d %x, %w {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x9x8x3xf32>, tensor<3x3x3x10xf32>) -> tensor<1x9x8x10xf32>
  %1 = ge.depthwise_conv2d %x, %d {pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x9x8x3xf32>, tensor<3x3x3x2xf32>) -> tensor<1x7x6x6xf32>
  return %0, %1 : tensor<1x9x8x10xf32>, tensor<1x7x6x6xf32>
}

// -----
func.func @main(%x: tensor<1x4x6x6xf16>, %w: tensor<5x4x3x3xf16> {test.constant}) -> tensor<1x5x6x6xf16> {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x4x6x6xf16>, tensor<5x4x3x3xf16>) -> tensor<1x5x6x6xf16>
  return %0 : tensor<1x5x6x6xf16>
}

// -----
// Transposed: taps side by side, overlapping taps, padding and output padding.
func.func @main(%x: tensor<1x6x5x4xf32>, %w: tensor<6x7x2x2xf32> {test.constant}, %b: tensor<7xf32> {test.constant}, %v: tensor<6x7x4x4xf32> {test.constant}, %u: tensor<6x7x3x3xf32> {test.constant}) -> (tensor<1x7x10x8xf32>, tensor<1x7x10x8xf32>, tensor<1x7x10x8xf32>) {
  %size = ge.const dense<0> : tensor<4xi64>
  %0 = ge.conv2d_transpose %size, %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x6x5x4xf32>, tensor<6x7x2x2xf32>, tensor<7xf32>) -> tensor<1x7x10x8xf32>
  %1 = ge.conv2d_transpose %size, %x, %v bias(%b) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x6x5x4xf32>, tensor<6x7x4x4xf32>, tensor<7xf32>) -> tensor<1x7x10x8xf32>
  %2 = ge.conv2d_transpose %size, %x, %u {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, output_padding = array<i64: 0, 0, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x6x5x4xf32>, tensor<6x7x3x3xf32>) -> tensor<1x7x10x8xf32>
  return %0, %1, %2 : tensor<1x7x10x8xf32>, tensor<1x7x10x8xf32>, tensor<1x7x10x8xf32>
}

// -----
func.func @main(%x: tensor<1x6x5x4xf32>, %w: tensor<6x2x3x3xf32> {test.constant}, %v: tensor<6x3x3x3xf32> {test.constant}) -> (tensor<1x4x7x6xf32>, tensor<1x3x9x8xf32>) {
  %size = ge.const dense<0> : tensor<4xi64>
  %0 = ge.conv2d_transpose %size, %x, %w {data_format = "NCHW", groups = 2 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<4xi64>, tensor<1x6x5x4xf32>, tensor<6x2x3x3xf32>) -> tensor<1x4x7x6xf32>
  %1 = ge.conv2d_transpose %size, %x, %v {data_format = "NCHW", dilations = array<i64: 1, 1, 2, 2>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<4xi64>, tensor<1x6x5x4xf32>, tensor<6x3x3x3xf32>) -> tensor<1x3x9x8xf32>
  return %0, %1 : tensor<1x4x7x6xf32>, tensor<1x3x9x8xf32>
}

// -----
// Filters that only exist at run time.
func.func @main(%x: tensor<1x3x17x15xf32>, %w: tensor<20x3x3x3xf32>, %b: tensor<20xf32>) -> tensor<1x20x9x8xf32> {
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x3x17x15xf32>, tensor<20x3x3x3xf32>, tensor<20xf32>) -> tensor<1x20x9x8xf32>
  return %0 : tensor<1x20x9x8xf32>
}

// -----
func.func @main(%x: tensor<2x16x12x13xf32>, %w: tensor<24x16x3x3xf32>, %v: tensor<8x24x3x3xf32>) -> tensor<2x8x10x10xf32> {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x16x12x13xf32>, tensor<24x16x3x3xf32>) -> tensor<2x24x12x13xf32>
  %1 = ge.relu %0 : tensor<2x24x12x13xf32>
  %2 = ge.conv2d %1, %v {data_format = "NCHW", pads = array<i64: 2, 0, 1, 0>, strides = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1, 2, 2>} : (tensor<2x24x12x13xf32>, tensor<8x24x3x3xf32>) -> tensor<2x8x10x10xf32>
  return %2 : tensor<2x8x10x10xf32>
}

// -----
func.func @main(%x: tensor<1x20x9x11xf32>, %w: tensor<20x1x3x3xf32>, %b: tensor<20xf32>) -> tensor<1x20x5x6xf32> {
  %0 = ge.depthwise_conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x20x9x11xf32>, tensor<20x1x3x3xf32>, tensor<20xf32>) -> tensor<1x20x5x6xf32>
  return %0 : tensor<1x20x5x6xf32>
}

// -----
func.func @main(%x: tensor<1x4x6x6xf16>, %w: tensor<5x4x3x3xf16>) -> tensor<1x5x6x6xf16> {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x4x6x6xf16>, tensor<5x4x3x3xf16>) -> tensor<1x5x6x6xf16>
  return %0 : tensor<1x5x6x6xf16>
}

// -----
// Taps side by side on blocked channels, on the way to another convolution.
func.func @main(%x: tensor<1x16x5x4xf32>, %w: tensor<16x24x2x2xf32> {test.constant}, %b: tensor<24xf32> {test.constant}, %v: tensor<8x24x3x3xf32> {test.constant}) -> (tensor<1x8x10x8xf32>, tensor<1x24x10x8xf32>) {
  %size = ge.const dense<0> : tensor<4xi64>
  %0 = ge.conv2d_transpose %size, %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x16x5x4xf32>, tensor<16x24x2x2xf32>, tensor<24xf32>) -> tensor<1x24x10x8xf32>
  %1 = ge.relu %0 : tensor<1x24x10x8xf32>
  %2 = ge.conv2d %1, %v {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x24x10x8xf32>, tensor<8x24x3x3xf32>) -> tensor<1x8x10x8xf32>
  return %2, %1 : tensor<1x8x10x8xf32>, tensor<1x24x10x8xf32>
}
