// Every form of the cube's kernels, and of both units together: any flag, barrier or
// flag between cores that is left out is found.
// RUN: gemlir-op-check --device=Ascend910B1:1 --mutants --tolerance=0.02 %s | FileCheck %s
// CHECK-NOT: missed
// CHECK: {{[0-9]+}} cases, 0 failures

// A product with bias and rectification, of several tiles and slabs.
func.func @main(%x: tensor<300x1100xf16>, %w: tensor<1100x300xf16> {test.constant}, %b: tensor<300xf16> {test.constant}) -> tensor<?x?xf16> {
  %0 = ge.mat_mul_v2 %x, %w bias(%b) : (tensor<300x1100xf16>, tensor<1100x300xf16>, tensor<300xf16>) -> tensor<?x?xf16>
  %1 = "ge.relu"(%0) : (tensor<?x?xf16>) -> tensor<?x?xf16>
  return %1 : tensor<?x?xf16>
}

// -----
// Products of a batch in f32, on an operand that is no constant.
func.func @main(%x: tensor<3x150x141xf32>, %y: tensor<3x141x123xf32>) -> tensor<?x?x?xf32> {
  %0 = ge.batch_mat_mul_v2 %x, %y : (tensor<3x150x141xf32>, tensor<3x141x123xf32>) -> tensor<?x?x?xf32>
  return %0 : tensor<?x?x?xf32>
}

// -----
// A convolution of an image of more channels than 8 that is NCHW, and of its blocked result.
func.func @main(%x: tensor<1x40x33x31xf16>, %w: tensor<24x40x3x3xf16> {test.constant}, %b: tensor<24xf16> {test.constant}, %v: tensor<20x24x3x3xf16> {test.constant}) -> tensor<?x?x?x?xf16> {
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x40x33x31xf16>, tensor<24x40x3x3xf16>, tensor<24xf16>) -> tensor<?x?x?x?xf16>
  %1 = ge.conv2d %0, %v {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<?x?x?x?xf16>, tensor<20x24x3x3xf16>) -> tensor<?x?x?x?xf16>
  return %1 : tensor<?x?x?x?xf16>
}

// -----
// The same in f32, with dilation; and of an image of few channels.
func.func @main(%x: tensor<1x17x20x21xf32>, %w: tensor<24x17x3x3xf32> {test.constant}, %y: tensor<1x3x33x31xf32>, %v: tensor<20x3x3x3xf32> {test.constant}) -> (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) {
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 2, 2, 2, 2>, dilations = array<i64: 1, 1, 2, 2>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x17x20x21xf32>, tensor<24x17x3x3xf32>) -> tensor<?x?x?x?xf32>
  %1 = ge.conv2d %y, %v {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x3x33x31xf32>, tensor<20x3x3x3xf32>) -> tensor<?x?x?x?xf32>
  return %0, %1 : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>
}

// -----
// A convolution of bytes around which lies what stands for zero, and one of one place.
func.func @main(%x: tensor<1x25x27x70xui8>, %w: tensor<3x3x70x40xi8> {test.constant}, %b: tensor<40xi32> {test.constant}, %v: tensor<1x1x70x33xi8> {test.constant}) -> (tensor<?x?x?x?xi32>, tensor<?x?x?x?xi32>) {
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NHWC", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>, offset_x = 131 : i64} : (tensor<1x25x27x70xui8>, tensor<3x3x70x40xi8>, tensor<40xi32>) -> tensor<?x?x?x?xi32>
  %1 = ge.conv2d %x, %v {data_format = "NHWC", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>, offset_x = 3 : i64} : (tensor<1x25x27x70xui8>, tensor<1x1x70x33xi8>) -> tensor<?x?x?x?xi32>
  return %0, %1 : tensor<?x?x?x?xi32>, tensor<?x?x?x?xi32>
}

// -----
// A convolution of one place is a product.
func.func @main(%x: tensor<2x40x25x27xf32>, %w: tensor<33x40x1x1xf32> {test.constant}, %b: tensor<33xf32> {test.constant}) -> tensor<?x?x?x?xf32> {
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x40x25x27xf32>, tensor<33x40x1x1xf32>, tensor<33xf32>) -> tensor<?x?x?x?xf32>
  return %0 : tensor<?x?x?x?xf32>
}

// -----
// Attention, without a mask and with one.
func.func @main(%q: tensor<1x2x140x32xf16>, %k: tensor<1x2x700x32xf16>, %v: tensor<1x2x700x24xf16>, %m: tensor<1x1x140x700xf16>) -> (tensor<?x?x?x?xf16>, tensor<?x?x?x?xf16>) {
  %0 = ge.prompt_flash_attention %q, %k, %v {num_heads = 2 : i64, input_layout = "BNSD", scale_value = 0.18 : f32} : (tensor<1x2x140x32xf16>, tensor<1x2x700x32xf16>, tensor<1x2x700x24xf16>) -> tensor<?x?x?x?xf16>
  %1 = ge.prompt_flash_attention %q, %k, %v shift(%m) {num_heads = 2 : i64, input_layout = "BNSD", scale_value = 0.18 : f32} : (tensor<1x2x140x32xf16>, tensor<1x2x700x32xf16>, tensor<1x2x700x24xf16>, tensor<1x1x140x700xf16>) -> tensor<?x?x?x?xf16>
  return %0, %1 : tensor<?x?x?x?xf16>, tensor<?x?x?x?xf16>
}
