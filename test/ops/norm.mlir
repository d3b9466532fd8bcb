// Normalisations agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<3x5x37xf32>) -> (tensor<3x5x37xf32>, tensor<3x5x37xf32>, tensor<3x5x37xf32>, tensor<3x5x37xf32>, tensor<3x5x37xf32>) {
  %0 = ge.softmax_v2 %x : tensor<3x5x37xf32>
  %1 = ge.softmax_v2 %x {axes = array<i64: 1>} : tensor<3x5x37xf32>
  %2 = ge.softmax_v2 %x {axes = array<i64: 1, 2>} : tensor<3x5x37xf32>
  %3 = ge.log_softmax_v2 %x : tensor<3x5x37xf32>
  %4 = ge.log_softmax_v2 %x {axes = array<i64: 0>} : tensor<3x5x37xf32>
  return %0, %1, %2, %3, %4 : tensor<3x5x37xf32>, tensor<3x5x37xf32>, tensor<3x5x37xf32>, tensor<3x5x37xf32>, tensor<3x5x37xf32>
}

// -----
func.func @main(%x: tensor<7x20xf16>) -> (tensor<7x20xf16>, tensor<7x20xf32>) {
  %0 = ge.softmax_v2 %x : tensor<7x20xf16>
  %1 = ge.softmax_v2 %x {half_to_float = true} : (tensor<7x20xf16>) -> tensor<7x20xf32>
  return %0, %1 : tensor<7x20xf16>, tensor<7x20xf32>
}

// -----
func.func @main(%x: tensor<3x5x37xf32>, %g: tensor<37xf32>, %b: tensor<37xf32>) -> (tensor<3x5x37xf32>, tensor<3x5x1xf32>, tensor<3x5x1xf32>, tensor<3x5x37xf32>, tensor<3x5x1xf32>) {
  %y, %mean, %rstd = ge.layer_norm_v3 %x, %g, %b {begin_norm_axis = -1 : i64, begin_params_axis = -1 : i64} : (tensor<3x5x37xf32>, tensor<37xf32>, tensor<37xf32>) -> (tensor<3x5x37xf32>, tensor<3x5x1xf32>, tensor<3x5x1xf32>)
  %z, %r = ge.rms_norm %x, %g : (tensor<3x5x37xf32>, tensor<37xf32>) -> (tensor<3x5x37xf32>, tensor<3x5x1xf32>)
  return %y, %mean, %rstd, %z, %r : tensor<3x5x37xf32>, tensor<3x5x1xf32>, tensor<3x5x1xf32>, tensor<3x5x37xf32>, tensor<3x5x1xf32>
}

// -----
func.func @main(%x: tensor<3x5x8xf32>, %g: tensor<5x8xf32>, %b: tensor<5x8xf32>) -> tensor<3x5x8xf32> {
  %y, %mean, %rstd = ge.layer_norm_v3 %x, %g, %b {begin_norm_axis = 1 : i64, begin_params_axis = 1 : i64} : (tensor<3x5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32>) -> (tensor<3x5x8xf32>, tensor<3x1x1xf32>, tensor<3x1x1xf32>)
  return %y : tensor<3x5x8xf32>
}

// -----
func.func @main(%x: tensor<2x8x3x5xf32>, %s: tensor<8xf32>, %o: tensor<8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32> {test.low = 0.1 : f64}) -> (tensor<2x8x3x5xf32>, tensor<2x8x3x5xf32>, tensor<2x8x1x1xf32>, tensor<2x8x3x5xf32>) {
  %0:6 = ge.batch_norm %x, %s, %o mean(%m) variance(%v) {data_format = "NCHW", is_training = false} : (tensor<2x8x3x5xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8x3x5xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  %y, %mean, %variance = ge.instance_norm %x, %s, %o {data_format = "NCHW"} : (tensor<2x8x3x5xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8x3x5xf32>, tensor<2x8x1x1xf32>, tensor<2x8x1x1xf32>)
  %z, %gm, %gv = ge.group_norm %x, %s, %o {num_groups = 4 : i64} : (tensor<2x8x3x5xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8x3x5xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
  return %0#0, %y, %mean, %z : tensor<2x8x3x5xf32>, tensor<2x8x3x5xf32>, tensor<2x8x1x1xf32>, tensor<2x8x3x5xf32>
}

// -----
func.func @main(%x: tensor<2x12x3x5xf32>) -> (tensor<2x12x3x5xf32>, tensor<2x12x3x5xf32>) {
  %0 = ge.lrn %x {depth_radius = 2 : i64, alpha = 0.1 : f32, beta = 0.75 : f32} : tensor<2x12x3x5xf32>
  %1 = ge.lrn %x {depth_radius = 3 : i64, bias = 2.0 : f32, beta = 0.6 : f32} : tensor<2x12x3x5xf32>
  return %0, %1 : tensor<2x12x3x5xf32>, tensor<2x12x3x5xf32>
}

// -----
// Many dimensions around the one that is normalised.
func.func @main(%x: tensor<3x5x6x2x3xf32>) -> tensor<3x5x6x2x3xf32> {
  %0 = ge.log_softmax_v2 %x {axes = array<i64: 1>} : tensor<3x5x6x2x3xf32>
  return %0 : tensor<3x5x6x2x3xf32>
}

// -----
// Rows so far from zero that one of their units is as large as the logarithm's fraction.
func.func @main(%x: tensor<4x40xf32> {test.low = 1000000.0 : f64, test.high = 1000002.0 : f64}) -> (tensor<4x40xf32>, tensor<4x40xf32>) {
  %0 = ge.log_softmax_v2 %x : tensor<4x40xf32>
  %1 = ge.log_softmax_v2 %x {axes = array<i64: 0>} : tensor<4x40xf32>
  return %0, %1 : tensor<4x40xf32>, tensor<4x40xf32>
}

// -----
// Neighbouring channels, however many there are.
func.func @main(%x: tensor<2x3x2x2xf32> {test.open = array<i64: 0, 1, 2, 3>}) -> tensor<2x3x2x2xf32> {
  %y = ge.lrn %x {depth_radius = 4 : i64, bias = 1.0 : f32, alpha = 0.5 : f32, beta = 0.75 : f32} : tensor<2x3x2x2xf32>
  return %y : tensor<2x3x2x2xf32>
}
