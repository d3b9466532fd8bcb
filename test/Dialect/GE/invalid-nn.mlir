// RUN: ge-opt %s -split-input-file -verify-diagnostics

// C1: factors have one element type.
func.func @f(%a: tensor<2x3xf32>, %b: tensor<3x4xf16>) {
  // expected-error @below {{'ge.mat_mul_v2' op expects factors of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.mat_mul_v2' op failed to infer returned types}}
  %y = ge.mat_mul_v2 %a, %b : (tensor<2x3xf32>, tensor<3x4xf16>) -> tensor<2x4xf32>
  return
}

// -----

// C1: MatMulV2 multiplies matrices.
func.func @f(%a: tensor<1x2x3xf32>, %b: tensor<3x4xf32>) {
  // expected-error @below {{'ge.mat_mul_v2' op expects 'x1' to have 2 dimensions, but got shape [1, 2, 3]}}
  // expected-error @below {{'ge.mat_mul_v2' op failed to infer returned types}}
  %y = ge.mat_mul_v2 %a, %b : (tensor<1x2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

// C2: inner dimensions agree.
func.func @f(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) {
  // expected-error @below {{'ge.mat_mul_v2' op expects inner dimensions that agree, but got 3 and 4 from shapes [2, 3] and [3, 4] (transposed)}}
  // expected-error @below {{'ge.mat_mul_v2' op failed to infer returned types}}
  %y = ge.mat_mul_v2 %a, %b {transpose_x2 = true} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  return
}

// -----

// C3: a bias has an element for each column.
func.func @f(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<2xf32>) {
  // expected-error @below {{'ge.mat_mul_v2' op expects 'bias' to be a vector of 4 elements, but got shape [2]}}
  // expected-error @below {{'ge.mat_mul_v2' op failed to infer returned types}}
  %y = ge.mat_mul_v2 %a, %b bias(%c) : (tensor<2x3xf32>, tensor<3x4xf32>, tensor<2xf32>) -> tensor<2x4xf32>
  return
}

// -----

// C1: BatchMatMulV2 needs matrices at least.
func.func @f(%a: tensor<3xf32>, %b: tensor<3x4xf32>) {
  // expected-error @below {{'ge.batch_mat_mul_v2' op expects operands with at least two dimensions, but got shapes [3] and [3, 4]}}
  // expected-error @below {{'ge.batch_mat_mul_v2' op failed to infer returned types}}
  %y = ge.batch_mat_mul_v2 %a, %b : (tensor<3xf32>, tensor<3x4xf32>) -> tensor<4xf32>
  return
}

// -----

// C2: inner dimensions of batches agree.
func.func @f(%a: tensor<5x2x3xf32>, %b: tensor<5x2x3xf32>) {
  // expected-error @below {{'ge.batch_mat_mul_v2' op expects inner dimensions that agree, but got 3 and 2 from shapes [5, 2, 3] and [5, 2, 3]}}
  // expected-error @below {{'ge.batch_mat_mul_v2' op failed to infer returned types}}
  %y = ge.batch_mat_mul_v2 %a, %b : (tensor<5x2x3xf32>, tensor<5x2x3xf32>) -> tensor<5x2x3xf32>
  return
}

// -----

// C3: leading dimensions broadcast.
func.func @f(%a: tensor<2x2x3xf32>, %b: tensor<3x3x4xf32>) {
  // expected-error @below {{'ge.batch_mat_mul_v2' op expects leading dimensions that broadcast, but got shapes [2, 2, 3] and [3, 3, 4]}}
  // expected-error @below {{'ge.batch_mat_mul_v2' op failed to infer returned types}}
  %y = ge.batch_mat_mul_v2 %a, %b : (tensor<2x2x3xf32>, tensor<3x3x4xf32>) -> tensor<2x2x4xf32>
  return
}

// -----

// C4: a bias has an element for each column.
func.func @f(%a: tensor<5x2x3xf32>, %b: tensor<5x3x4xf32>, %c: tensor<3xf32>) {
  // expected-error @below {{'ge.batch_mat_mul_v2' op expects 'bias' to be a vector of 4 elements, but got shape [3]}}
  // expected-error @below {{'ge.batch_mat_mul_v2' op failed to infer returned types}}
  %y = ge.batch_mat_mul_v2 %a, %b bias(%c) : (tensor<5x2x3xf32>, tensor<5x3x4xf32>, tensor<3xf32>) -> tensor<5x2x4xf32>
  return
}

// -----

// C1: GEMM multiplies matrices.
func.func @f(%a: tensor<2xf32>, %b: tensor<3x4xf32>, %c: tensor<2x4xf32>, %alpha: tensor<1xf32>, %beta: tensor<1xf32>) {
  // expected-error @below {{'ge.gemm' op expects 'a' to have 2 dimensions, but got shape [2]}}
  // expected-error @below {{'ge.gemm' op failed to infer returned types}}
  %y = ge.gemm %a, %b, %c, %alpha, %beta : (tensor<2xf32>, tensor<3x4xf32>, tensor<2x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4xf32>
  return
}

// -----

// C3: the summand of GEMM broadcasts to the product.
func.func @f(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<3x4xf32>, %alpha: tensor<1xf32>, %beta: tensor<1xf32>) {
  // expected-error @below {{'ge.gemm' op expects 'c' to broadcast to [2, 4], but got shape [3, 4]}}
  // expected-error @below {{'ge.gemm' op failed to infer returned types}}
  %y = ge.gemm %a, %b, %c, %alpha, %beta : (tensor<2x3xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x4xf32>
  return
}

// -----

// C4: scales of GEMM have one element.
func.func @f(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<2x4xf32>, %alpha: tensor<2xf32>, %beta: tensor<1xf32>) {
  // expected-error @below {{'ge.gemm' op expects 'alpha' to have one element, but got shape [2]}}
  // expected-error @below {{'ge.gemm' op failed to infer returned types}}
  %y = ge.gemm %a, %b, %c, %alpha, %beta : (tensor<2x3xf32>, tensor<3x4xf32>, tensor<2x4xf32>, tensor<2xf32>, tensor<1xf32>) -> tensor<2x4xf32>
  return
}

// -----

// C1: images have four dimensions.
func.func @f(%x: tensor<3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'x' to have 4 dimensions, but got shape [3, 8, 8]}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C2: `data_format` is NCHW or NHWC.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'data_format' to be one of NCHW, NHWC, but got 'CHWN'}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "CHWN", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C3: strides are four.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'strides' to have 4 elements, but got 2}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C3: strides do not skip channels.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'strides' to be positive in height and width and 1 elsewhere, but got [1, 2, 1, 1]}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 2, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C4: pads are four.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'pads' to have 4 elements, but got 2}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C4: pads do not crop.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'pads' without negative elements, but got [-1, 0, 0, 0]}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: -1, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C5: groups are positive.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'groups' to be positive, but got 0}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>, groups = 0 : i64} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C5: the filter fits the channels.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<6x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects a filter for 3 channels in 3 groups, but got filter shape [6, 3, 3, 3]}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>, groups = 3 : i64} : (tensor<1x3x8x8xf32>, tensor<6x3x3x3xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

// C5: groups divide the output channels.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x1x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'groups' to divide the output channels, but got 3 and 4}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>, groups = 3 : i64} : (tensor<1x3x8x8xf32>, tensor<4x1x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C6: a bias has an element for each output channel.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects 'bias' to be a vector of 4 elements, but got shape [3]}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w bias(%b) {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C7: the dilated filter fits into the image.
func.func @f(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{'ge.conv2d' op expects a window that fits into the padded height, but got a window of 9 for 8 with pads 0 and 0}}
  // expected-error @below {{'ge.conv2d' op expects a window that fits into the padded width, but got a window of 9 for 8 with pads 0 and 0}}
  // expected-error @below {{'ge.conv2d' op failed to infer returned types}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", dilations = array<i64: 1, 1, 4, 4>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x1x1xf32>
  return
}

// -----

// C5: a depthwise filter has one input channel.
func.func @f(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>) {
  // expected-error @below {{'ge.depthwise_conv2d' op expects a depthwise filter for 4 channels, but got filter shape [4, 4, 3, 3]}}
  // expected-error @below {{'ge.depthwise_conv2d' op failed to infer returned types}}
  %y = ge.depthwise_conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// C4: `output_padding` is four.
func.func @f(%s: tensor<4xi64>, %x: tensor<1x8x4x4xf32>, %w: tensor<8x4x2x2xf32>) {
  // expected-error @below {{'ge.conv2d_transpose' op expects 'output_padding' to have 4 elements, but got 1}}
  // expected-error @below {{'ge.conv2d_transpose' op failed to infer returned types}}
  %y = ge.conv2d_transpose %s, %x, %w {data_format = "NCHW", output_padding = array<i64: 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x8x4x4xf32>, tensor<8x4x2x2xf32>) -> tensor<1x4x8x8xf32>
  return
}

// -----

// C5: groups divide the input channels.
func.func @f(%s: tensor<4xi64>, %x: tensor<1x8x4x4xf32>, %w: tensor<8x4x2x2xf32>) {
  // expected-error @below {{'ge.conv2d_transpose' op expects 'groups' to be positive and to divide the input channels, but got 3 and 8}}
  // expected-error @below {{'ge.conv2d_transpose' op failed to infer returned types}}
  %y = ge.conv2d_transpose %s, %x, %w {data_format = "NCHW", groups = 3 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x8x4x4xf32>, tensor<8x4x2x2xf32>) -> tensor<1x12x8x8xf32>
  return
}

// -----

// C5: a transposed filter has the channels of the operand.
func.func @f(%s: tensor<4xi64>, %x: tensor<1x8x4x4xf32>, %w: tensor<4x8x2x2xf32>) {
  // expected-error @below {{'ge.conv2d_transpose' op expects a filter for 8 input channels, but got filter shape [4, 8, 2, 2]}}
  // expected-error @below {{'ge.conv2d_transpose' op failed to infer returned types}}
  %y = ge.conv2d_transpose %s, %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x8x4x4xf32>, tensor<4x8x2x2xf32>) -> tensor<1x8x8x8xf32>
  return
}

// -----

// Pads leave something of a transposed convolution.
func.func @f(%s: tensor<4xi64>, %x: tensor<1x8x4x4xf32>, %w: tensor<8x4x2x2xf32>) {
  // expected-error @below {{'ge.conv2d_transpose' op expects pads that leave a result, but got height 0 and width 8}}
  // expected-error @below {{'ge.conv2d_transpose' op failed to infer returned types}}
  %y = ge.conv2d_transpose %s, %x, %w {data_format = "NCHW", pads = array<i64: 4, 4, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x8x4x4xf32>, tensor<8x4x2x2xf32>) -> tensor<1x4x0x8xf32>
  return
}

// -----

// C5: `padding_mode` is one of three.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  // expected-error @below {{'ge.max_pool_v3' op expects 'padding_mode' to be one of CALCULATED, SAME, VALID, but got 'FULL'}}
  // expected-error @below {{'ge.max_pool_v3' op failed to infer returned types}}
  %y = ge.max_pool_v3 %x {ksize = array<i64: 1, 1, 2, 2>, padding_mode = "FULL", strides = array<i64: 1, 1, 2, 2>} : (tensor<1x8x4x4xf32>) -> tensor<1x8x2x2xf32>
  return
}

// -----

// C3: a window has no channels.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  // expected-error @below {{'ge.max_pool_v3' op expects 'ksize' to be positive in height and width and 1 elsewhere, but got [1, 2, 2, 2]}}
  // expected-error @below {{'ge.max_pool_v3' op failed to infer returned types}}
  %y = ge.max_pool_v3 %x {ksize = array<i64: 1, 2, 2, 2>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x8x4x4xf32>) -> tensor<1x8x2x2xf32>
  return
}

// -----

// C6: a window fits into the image.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  // expected-error @below {{'ge.avg_pool_v2' op expects a window that fits into the padded height, but got a window of 5 for 4 with pads 0 and 0}}
  // expected-error @below {{'ge.avg_pool_v2' op expects a window that fits into the padded width, but got a window of 5 for 4 with pads 0 and 0}}
  // expected-error @below {{'ge.avg_pool_v2' op failed to infer returned types}}
  %y = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 5, 5>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x8x4x4xf32>) -> tensor<1x8x1x1xf32>
  return
}

// -----

// C1: a global pool needs space.
func.func @f(%x: tensor<2x8xf32>) {
  // expected-error @below {{'ge.global_average_pool' op expects 'x' to have at least 3 dimensions, but got shape [2, 8]}}
  // expected-error @below {{'ge.global_average_pool' op failed to infer returned types}}
  %y = ge.global_average_pool %x : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

// C1: axes of softmax lie inside the operand.
func.func @f(%x: tensor<2x8xf32>) {
  // expected-error @below {{'ge.softmax_v2' op expects 'axes' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.softmax_v2' op failed to infer returned types}}
  %y = ge.softmax_v2 %x {axes = array<i64: 2>} : tensor<2x8xf32>
  return
}

// -----

// C1: axes of log-softmax lie inside the operand.
func.func @f(%x: tensor<2x8xf32>) {
  // expected-error @below {{'ge.log_softmax_v2' op expects 'axes' in [-2, 2), but got -3}}
  // expected-error @below {{'ge.log_softmax_v2' op failed to infer returned types}}
  %y = ge.log_softmax_v2 %x {axes = array<i64: -3>} : tensor<2x8xf32>
  return
}

// -----

// C2: normalised dimensions exist.
func.func @f(%x: tensor<2x8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) {
  // expected-error @below {{'ge.layer_norm_v3' op expects 'begin_norm_axis' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.layer_norm_v3' op failed to infer returned types}}
  %y, %m, %r = ge.layer_norm_v3 %x, %g, %b {begin_norm_axis = 2 : i64} : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// C3: parameters fit the normalised dimensions.
func.func @f(%x: tensor<2x8xf32>, %g: tensor<4xf32>, %b: tensor<8xf32>) {
  // expected-error @below {{'ge.layer_norm_v3' op expects 'gamma' of shape [8], but got [4]}}
  // expected-error @below {{'ge.layer_norm_v3' op failed to infer returned types}}
  %y, %m, %r = ge.layer_norm_v3 %x, %g, %b {begin_norm_axis = 1 : i64, begin_params_axis = 1 : i64} : (tensor<2x8xf32>, tensor<4xf32>, tensor<8xf32>) -> (tensor<2x8xf32>, tensor<2x1xf32>, tensor<2x1xf32>)
  return
}

// -----

// C1: the batch of BatchNorm has channels.
func.func @f(%x: tensor<8xf32>, %s: tensor<8xf32>, %o: tensor<8xf32>) {
  // expected-error @below {{'ge.batch_norm' op expects 'x' to have at least 2 dimensions, but got shape [8]}}
  // expected-error @below {{'ge.batch_norm' op failed to infer returned types}}
  %y:6 = ge.batch_norm %x, %s, %o : (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  return
}

// -----

// C2: the format says where the channels are.
func.func @f(%x: tensor<2x8xf32>, %s: tensor<8xf32>, %o: tensor<8xf32>) {
  // expected-error @below {{'ge.batch_norm' op expects 'data_format' to name the channels after N or at the end, but got 'HWNC'}}
  // expected-error @below {{'ge.batch_norm' op failed to infer returned types}}
  %y:6 = ge.batch_norm %x, %s, %o {data_format = "HWNC"} : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  return
}

// -----

// C3: scales are one for each channel.
func.func @f(%x: tensor<2x8x2x2xf32>, %s: tensor<2xf32>, %o: tensor<8xf32>) {
  // expected-error @below {{'ge.batch_norm' op expects 'scale' to be a vector of 8 elements, but got shape [2]}}
  // expected-error @below {{'ge.batch_norm' op failed to infer returned types}}
  %y:6 = ge.batch_norm %x, %s, %o {data_format = "NCHW"} : (tensor<2x8x2x2xf32>, tensor<2xf32>, tensor<8xf32>) -> (tensor<2x8x2x2xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  return
}

// -----

// C4: inference needs mean and variance.
func.func @f(%x: tensor<2x8xf32>, %s: tensor<8xf32>, %o: tensor<8xf32>) {
  // expected-error @below {{'ge.batch_norm' op expects 'mean' and 'variance' unless it is training}}
  // expected-error @below {{'ge.batch_norm' op failed to infer returned types}}
  %y:6 = ge.batch_norm %x, %s, %o {is_training = false} : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  return
}

// -----

// C1: an instance has space.
func.func @f(%x: tensor<2x8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) {
  // expected-error @below {{'ge.instance_norm' op expects 'x' to have at least 3 dimensions, but got shape [2, 8]}}
  // expected-error @below {{'ge.instance_norm' op failed to infer returned types}}
  %y, %m, %v = ge.instance_norm %x, %g, %b {data_format = "NCHW"} : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>)
  return
}

// -----

// C4: groups divide the channels.
func.func @f(%x: tensor<2x8x2xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) {
  // expected-error @below {{'ge.group_norm' op expects 'num_groups' to divide the channels, but got 3 and 8}}
  // expected-error @below {{'ge.group_norm' op failed to infer returned types}}
  %y, %m, %v = ge.group_norm %x, %g, %b {num_groups = 3 : i64} : (tensor<2x8x2xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8x2xf32>, tensor<2x3xf32>, tensor<2x3xf32>)
  return
}

// -----

// C4: there are groups.
func.func @f(%x: tensor<2x8x2xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) {
  // expected-error @below {{'ge.group_norm' op expects 'num_groups' to be positive, but got 0}}
  // expected-error @below {{'ge.group_norm' op failed to infer returned types}}
  %y, %m, %v = ge.group_norm %x, %g, %b {num_groups = 0 : i64} : (tensor<2x8x2xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8x2xf32>, tensor<2x0xf32>, tensor<2x0xf32>)
  return
}

// -----

// C1: groups are of channels.
func.func @f(%x: tensor<8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) {
  // expected-error @below {{'ge.group_norm' op expects 'x' to have at least 2 dimensions, but got shape [8]}}
  // expected-error @below {{'ge.group_norm' op failed to infer returned types}}
  %y, %m, %v = ge.group_norm %x, %g, %b {num_groups = 1 : i64} : (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<8xf32>, tensor<8x1xf32>, tensor<8x1xf32>)
  return
}

// -----

// C2: gamma is the end of the operand's shape.
func.func @f(%x: tensor<2x8xf32>, %g: tensor<4xf32>) {
  // expected-error @below {{'ge.rms_norm' op expects 'gamma' of shape [8], but got [4]}}
  // expected-error @below {{'ge.rms_norm' op failed to infer returned types}}
  %y, %r = ge.rms_norm %x, %g : (tensor<2x8xf32>, tensor<4xf32>) -> (tensor<2x8xf32>, tensor<2x1xf32>)
  return
}

// -----

// C2: gamma has no more dimensions than the operand.
func.func @f(%x: tensor<8xf32>, %g: tensor<2x8xf32>) {
  // expected-error @below {{'ge.rms_norm' op expects 'gamma' to have at most 1 dimensions, but got 2}}
  // expected-error @below {{'ge.rms_norm' op failed to infer returned types}}
  %y, %r = ge.rms_norm %x, %g : (tensor<8xf32>, tensor<2x8xf32>) -> (tensor<8xf32>, tensor<1xf32>)
  return
}

// -----

// C2: the radius is a distance.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  // expected-error @below {{'ge.lrn' op expects 'depth_radius' not to be negative, but got -1}}
  // expected-error @below {{'ge.lrn' op failed to infer returned types}}
  %y = ge.lrn %x {depth_radius = -1 : i64} : tensor<1x8x4x4xf32>
  return
}

// -----

// C3: the region lies across channels.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  // expected-error @below {{'ge.lrn' op expects 'norm_region' to be one of ACROSS_CHANNELS, but got 'WITHIN_CHANNEL'}}
  // expected-error @below {{'ge.lrn' op failed to infer returned types}}
  %y = ge.lrn %x {norm_region = "WITHIN_CHANNEL"} : tensor<1x8x4x4xf32>
  return
}

// -----

// C1: either scales or sizes are given.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  // expected-error @below {{'ge.resize' op expects either 'scales' or 'sizes', but got none}}
  // expected-error @below {{'ge.resize' op failed to infer returned types}}
  %y = ge.resize %x : (tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  return
}

// -----

// C1: sizes are one for each dimension.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  %s = ge.const dense<[8, 8]> : tensor<2xi64>
  // expected-error @below {{'ge.resize' op expects 'sizes' to have a positive element for each of 4 dimensions, but got [8, 8]}}
  // expected-error @below {{'ge.resize' op failed to infer returned types}}
  %y = ge.resize %x sizes(%s) : (tensor<1x8x4x4xf32>, tensor<2xi64>) -> tensor<1x8x8x8xf32>
  return
}

// -----

// C1: scales are one for each dimension.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  %s = ge.const dense<2.0> : tensor<2xf32>
  // expected-error @below {{'ge.resize' op expects 'scales' to have an element for each dimension, but got 2 for 4}}
  // expected-error @below {{'ge.resize' op failed to infer returned types}}
  %y = ge.resize %x scales(%s) : (tensor<1x8x4x4xf32>, tensor<2xf32>) -> tensor<1x8x8x8xf32>
  return
}

// -----

// Scales are positive.
func.func @f(%x: tensor<1x8x4x4xf32>) {
  %s = ge.const dense<[1.0, 1.0, 0.0, 2.0]> : tensor<4xf32>
  // expected-error @below {{'ge.resize' op expects 'scales' to be positive, but got 0.000000e+00}}
  // expected-error @below {{'ge.resize' op failed to infer returned types}}
  %y = ge.resize %x scales(%s) : (tensor<1x8x4x4xf32>, tensor<4xf32>) -> tensor<1x8x0x8xf32>
  return
}

// -----

// C2: `mode` is an interpolation.
func.func @f(%x: tensor<1x8x4x4xf32>, %s: tensor<4xi64>) {
  // expected-error @below {{'ge.resize' op expects 'mode' to be one of nearest, linear, cubic, but got 'area'}}
  %y = ge.resize %x sizes(%s) {mode = "area"} : (tensor<1x8x4x4xf32>, tensor<4xi64>) -> tensor<1x8x8x8xf32>
  return
}

// -----

// C3: coordinates are transformed in a known way.
func.func @f(%x: tensor<1x8x4x4xf32>, %s: tensor<4xi64>) {
  // expected-error @below {{'ge.resize' op expects 'coordinate_transformation_mode' to be one of half_pixel, half_pixel_symmetric, pytorch_half_pixel, align_corners, asymmetric, tf_half_pixel_for_nn, tf_crop_and_resize, but got 'corner'}}
  %y = ge.resize %x sizes(%s) {coordinate_transformation_mode = "corner"} : (tensor<1x8x4x4xf32>, tensor<4xi64>) -> tensor<1x8x8x8xf32>
  return
}

// -----

// C4: `nearest_mode` is a rounding.
func.func @f(%x: tensor<1x8x4x4xf32>, %s: tensor<4xi64>) {
  // expected-error @below {{'ge.resize' op expects 'nearest_mode' to be one of round_prefer_floor, round_prefer_ceil, floor, ceil, but got 'round'}}
  %y = ge.resize %x sizes(%s) {nearest_mode = "round"} : (tensor<1x8x4x4xf32>, tensor<4xi64>) -> tensor<1x8x8x8xf32>
  return
}

// -----

// C1: the layout of attention is one of three.
func.func @attention_layout(%q: tensor<1x4x7x8xf32>) {
  // expected-error @below {{'ge.prompt_flash_attention' op expects 'input_layout' to be one of BNSD, BSND, BSH, but got 'NBSD'}}
  // expected-error @below {{'ge.prompt_flash_attention' op failed to infer returned types}}
  %y = ge.prompt_flash_attention %q, %q, %q {num_heads = 4 : i64, input_layout = "NBSD"} : (tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>) -> tensor<1x4x7x8xf32>
  return
}

// -----

// C2: operands have the heads that the attributes name.
func.func @attention_heads(%q: tensor<1x4x7x8xf32>) {
  // expected-error @below {{'ge.prompt_flash_attention' op expects 2 heads of 'query' and 2 of 'key' and 'value', but got 4, 4 and 4}}
  // expected-error @below {{'ge.prompt_flash_attention' op failed to infer returned types}}
  %y = ge.prompt_flash_attention %q, %q, %q {num_heads = 2 : i64, input_layout = "BNSD"} : (tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>) -> tensor<1x4x7x8xf32>
  return
}

// -----

// C2: groups of heads are equal.
func.func @attention_groups(%q: tensor<1x4x7x8xf32>) {
  // expected-error @below {{'ge.prompt_flash_attention' op expects 'num_heads' to be a positive multiple of 'num_key_value_heads', but got 4 and 3}}
  // expected-error @below {{'ge.prompt_flash_attention' op failed to infer returned types}}
  %y = ge.prompt_flash_attention %q, %q, %q {num_heads = 4 : i64, num_key_value_heads = 3 : i64, input_layout = "BNSD"} : (tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>) -> tensor<1x4x7x8xf32>
  return
}

// -----

// C2: a row of all heads divides into them.
func.func @attention_row(%q: tensor<1x7x30xf32>) {
  // expected-error @below {{'ge.prompt_flash_attention' op expects the last dimension of 'query' to hold 4 heads, but got 30}}
  // expected-error @below {{'ge.prompt_flash_attention' op failed to infer returned types}}
  %y = ge.prompt_flash_attention %q, %q, %q {num_heads = 4 : i64} : (tensor<1x7x30xf32>, tensor<1x7x30xf32>, tensor<1x7x30xf32>) -> tensor<1x7x30xf32>
  return
}

// -----

// C3: keys and values have equal rows.
func.func @attention_rows(%q: tensor<1x4x7x8xf32>, %v: tensor<1x4x9x8xf32>) {
  // expected-error @below {{'ge.prompt_flash_attention' op expects equal batches, 'key' with the columns of 'query' and the rows of 'value'}}
  // expected-error @below {{'ge.prompt_flash_attention' op failed to infer returned types}}
  %y = ge.prompt_flash_attention %q, %q, %v {num_heads = 4 : i64, input_layout = "BNSD"} : (tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>, tensor<1x4x9x8xf32>) -> tensor<1x4x7x8xf32>
  return
}

// -----

// C4: a mask broadcasts to the scores.
func.func @attention_mask(%q: tensor<1x4x7x8xf32>, %m: tensor<1x1x7x9xf32>) {
  // expected-error @below {{'ge.prompt_flash_attention' op expects 'pse_shift' to broadcast to [1, 4, 7, 7], but got [1, 1, 7, 9]}}
  // expected-error @below {{'ge.prompt_flash_attention' op failed to infer returned types}}
  %y = ge.prompt_flash_attention %q, %q, %q shift(%m) {num_heads = 4 : i64, input_layout = "BNSD"} : (tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>, tensor<1x4x7x8xf32>, tensor<1x1x7x9xf32>) -> tensor<1x4x7x8xf32>
  return
}
