// Every form of the vector unit's kernels: any flag or barrier that is left out is found.
// RUN: gemlir-op-check --device=Ascend910B1:1 --mutants %s | FileCheck %s
// CHECK-NOT: missed
// CHECK: {{[0-9]+}} cases, 0 failures

// Numbers one by one.
func.func @main(%x: tensor<70001xf32>, %y: tensor<70001xf32>) -> tensor<?xf32> {
  %0 = ge.add %x, %y : (tensor<70001xf32>, tensor<70001xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----
// A row and a column meet a tile; f16 that is computed as f32.
func.func @main(%x: tensor<3x333x65xf16>, %r: tensor<65xf16>, %c: tensor<333x1xf16>) -> tensor<?x?x?xf16> {
  %0 = ge.add %x, %r : (tensor<3x333x65xf16>, tensor<65xf16>) -> tensor<?x?x?xf16>
  %1 = ge.mul %0, %c : (tensor<?x?x?xf16>, tensor<333x1xf16>) -> tensor<?x?x?xf16>
  %2 = "ge.gelu"(%1) : (tensor<?x?x?xf16>) -> tensor<?x?x?xf16>
  return %2 : tensor<?x?x?xf16>
}

// -----
// A mask and a choice.
func.func @main(%x: tensor<333x65xf32>, %y: tensor<333x65xf32>) -> tensor<?x?xf32> {
  %0 = ge.less %x, %y : (tensor<333x65xf32>, tensor<333x65xf32>) -> tensor<?x?xi1>
  %1 = ge.select %0, %x, %y : (tensor<?x?xi1>, tensor<333x65xf32>, tensor<333x65xf32>) -> tensor<?x?xf32>
  return %1 : tensor<?x?xf32>
}

// -----
// Reductions of rows, and what uses them.
func.func @main(%x: tensor<333x197xf32>, %g: tensor<197xf32>, %b: tensor<197xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) {
  %axis = ge.const dense<1> : tensor<1xi64>
  %0 = "ge.softmax_v2"(%x) : (tensor<333x197xf32>) -> tensor<?x?xf32>
  %1:3 = "ge.layer_norm_v3"(%x, %g, %b) {begin_norm_axis = -1 : i64, begin_params_axis = -1 : i64} : (tensor<333x197xf32>, tensor<197xf32>, tensor<197xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>)
  %2 = ge.reduce_sum %x, %axis : (tensor<333x197xf32>, tensor<1xi64>) -> tensor<?xf32>
  return %0, %1#0, %2 : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>
}

// -----
// Reductions over the rows, in parts; the largest of each column.
func.func @main(%x: tensor<5x4099x16xf32>, %y: tensor<900x503xf16>) -> (tensor<?x?xf32>, tensor<?xf16>) {
  %middle = ge.const dense<1> : tensor<1xi64>
  %first = ge.const dense<0> : tensor<1xi64>
  %0 = ge.reduce_mean %x, %middle : (tensor<5x4099x16xf32>, tensor<1xi64>) -> tensor<?x?xf32>
  %1 = ge.reduce_max %y, %first : (tensor<900x503xf16>, tensor<1xi64>) -> tensor<?xf16>
  return %0, %1 : tensor<?x?xf32>, tensor<?xf16>
}

// -----
// An operand that is dense along another loop is turned; one that is not turned beside it.
func.func @main(%x: tensor<5x131x213xf32>, %y: tensor<213xf32>) -> tensor<?x?x?xf32> {
  %order = ge.const dense<[0, 2, 1]> : tensor<3xi64>
  %column = ge.const dense<[213, 1]> : tensor<2xi64>
  %0 = ge.transpose %x, %order : (tensor<5x131x213xf32>, tensor<3xi64>) -> tensor<?x?x?xf32>
  %1 = ge.reshape %y, %column : (tensor<213xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %2 = ge.mul %0, %1 : (tensor<?x?x?xf32>, tensor<?x?xf32>) -> tensor<?x?x?xf32>
  return %2 : tensor<?x?x?xf32>
}

// -----
// Loops in another order, the last one turned, in f16.
func.func @main(%x: tensor<7x150x70xf16>) -> tensor<?x?x?xf16> {
  %order = ge.const dense<[2, 0, 1]> : tensor<3xi64>
  %0 = ge.transpose %x, %order : (tensor<7x150x70xf16>, tensor<3xi64>) -> tensor<?x?x?xf16>
  return %0 : tensor<?x?x?xf16>
}

// -----
// Loops in another order, the last one as it was.
func.func @main(%x: tensor<5x37x3x2x2xf32>) -> tensor<?x?x?x?x?xf32> {
  %order = ge.const dense<[2, 0, 3, 1, 4]> : tensor<5xi64>
  %0 = ge.transpose %x, %order : (tensor<5x37x3x2x2xf32>, tensor<5xi64>) -> tensor<?x?x?x?x?xf32>
  return %0 : tensor<?x?x?x?x?xf32>
}

// -----
// Channels to blocks of channels and back.
func.func @main(%x: tensor<2x20x33x37xf32>) -> tensor<2x20x33x37xf32> {
  %0 = ge.trans_data %x {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<2x20x33x37xf32>) -> tensor<2x2x33x37x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [2, 20, 33, 37]>>
  %1 = ge.relu %0 : tensor<2x2x33x37x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [2, 20, 33, 37]>>
  %2 = ge.trans_data %1 {src_format = "NC1HWC0", dst_format = "NCHW"} : (tensor<2x2x33x37x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [2, 20, 33, 37]>>) -> tensor<2x20x33x37xf32>
  return %2 : tensor<2x20x33x37xf32>
}

// -----
// Pads.
func.func @main(%x: tensor<9x19x133xf32>, %y: tensor<9x25x133xf32>) -> tensor<?x?x?xf32> {
  %p = ge.const dense<[[0, 0], [2, 4], [0, 0]]> : tensor<3x2xi64>
  %v = ge.const dense<0.5> : tensor<f32>
  %0 = ge.pad_v3 %x, %p, %v : (tensor<9x19x133xf32>, tensor<3x2xi64>, tensor<f32>) -> tensor<?x?x?xf32>
  %1 = ge.add %0, %y : (tensor<?x?x?xf32>, tensor<9x25x133xf32>) -> tensor<?x?x?xf32>
  return %1 : tensor<?x?x?xf32>
}

// -----
// Windows of blocked images.
func.func @main(%x: tensor<2x32x33x37xf32>) -> tensor<2x32x17x19xf32> {
  %0 = ge.trans_data %x {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<2x32x33x37xf32>) -> tensor<2x2x33x37x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [2, 32, 33, 37]>>
  %1 = ge.max_pool_v3 %0 {ksize = array<i64: 1, 1, 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x2x33x37x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [2, 32, 33, 37]>>) -> tensor<2x2x17x19x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [2, 32, 17, 19]>>
  %2 = ge.trans_data %1 {src_format = "NC1HWC0", dst_format = "NCHW"} : (tensor<2x2x17x19x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [2, 32, 17, 19]>>) -> tensor<2x32x17x19xf32>
  return %2 : tensor<2x32x17x19xf32>
}

// -----
// A depthwise convolution.
func.func @main(%x: tensor<2x40x33x29xf32>, %w: tensor<40x1x3x3xf32> {test.constant}, %b: tensor<40xf32> {test.constant}) -> tensor<?x?x?x?xf32> {
  %0 = ge.depthwise_conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x40x33x29xf32>, tensor<40x1x3x3xf32>, tensor<40xf32>) -> tensor<?x?x?x?xf32>
  return %0 : tensor<?x?x?x?xf32>
}

// -----
// Parts of an operand, and parts of a result; functions that follow from others.
func.func @main(%x: tensor<900x533xf32>, %y: tensor<700x200xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %begin = ge.const dense<[100, 3]> : tensor<2xi64>
  %size = ge.const dense<[700, 333]> : tensor<2xi64>
  %axis = ge.const dense<1> : tensor<i64>
  %0 = ge.slice %x, %begin, %size : (tensor<900x533xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<?x?xf32>
  %1 = "ge.elu"(%0) : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %2 = "ge.concat_v2"(%y, %1, %axis) : (tensor<700x200xf32>, tensor<?x?xf32>, tensor<i64>) -> tensor<?x?xf32>
  %3 = "ge.softplus"(%y) : (tensor<700x200xf32>) -> tensor<?x?xf32>
  return %2, %3 : tensor<?x?xf32>, tensor<?x?xf32>
}
