// RUN: ge-opt %s --ge-legalize-onnx --split-input-file | FileCheck %s

// An operator with a counterpart becomes it, and the function takes the inferred type.
// CHECK-LABEL: func.func @relu(
// CHECK-SAME:    -> tensor<2x3xf32>
func.func @relu(%x: tensor<2x3xf32>) -> tensor<*x!ge.undefined> {
  // CHECK: ge.relu %{{.*}} : tensor<2x3xf32>
  %0 = ge.framework_op "Relu"(%x) {version = 13 : i64} : (tensor<2x3xf32>) -> tensor<*x!ge.undefined>
  return %0 : tensor<*x!ge.undefined>
}

// -----

// Limits are attributes before version 11; 0 and 6 have an operator of their own.
// CHECK-LABEL: func.func @clip6
func.func @clip6(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: ge.relu6
  %0 = ge.framework_op "Clip"(%x) {version = 6 : i64, node_attributes = {min = 0.0 : f32, max = 6.0 : f32}} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A minimum that is left out is no limit: `input_indices` says which input is which.
// CHECK-LABEL: func.func @clip_max_only
func.func @clip_max_only(%x: tensor<4xf32>, %max: tensor<f32>) -> tensor<4xf32> {
  // CHECK-NOT: ge.maximum
  // CHECK: ge.minimum %{{.*}}, %arg1
  %0 = ge.framework_op "Clip"(%x, %max) {version = 13 : i64, input_indices = array<i64: 0, 2>} : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Before version 13, softmax works on the matrix that starts at its axis.
// CHECK-LABEL: func.func @softmax_flattens
func.func @softmax_flattens(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK: ge.reshape {{.*}} -> tensor<2x12xf32>
  // CHECK: ge.softmax_v2 {{.*}}axes = array<i64: 1>{{.*}} : tensor<2x12xf32>
  // CHECK: ge.reshape {{.*}} -> tensor<2x3x4xf32>
  %0 = ge.framework_op "Softmax"(%x) {version = 11 : i64, node_attributes = {axis = 1 : i64}} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// -----

// Since version 13 it works on the axis alone.
// CHECK-LABEL: func.func @softmax_axis
func.func @softmax_axis(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK-NOT: ge.reshape
  // CHECK: ge.softmax_v2 {{.*}}axes = array<i64: 1>{{.*}} : tensor<2x3x4xf32>
  %0 = ge.framework_op "Softmax"(%x) {version = 13 : i64, node_attributes = {axis = 1 : i64}} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// -----

// A row of biases is MatMulV2's own; the transposed factor stays where it is.
// CHECK-LABEL: func.func @gemm
func.func @gemm(%a: tensor<4x8xf32>, %b: tensor<16x8xf32>, %c: tensor<1x16xf32>) -> tensor<4x16xf32> {
  // CHECK: %[[C:.*]] = ge.reshape %arg2
  // CHECK: ge.mat_mul_v2 %arg0, %arg1 bias(%[[C]]) {transpose_x2 = true}
  %0 = ge.framework_op "Gemm"(%a, %b, %c) {version = 13 : i64, node_attributes = {transB = 1 : i64}} : (tensor<4x8xf32>, tensor<16x8xf32>, tensor<1x16xf32>) -> tensor<4x16xf32>
  return %0 : tensor<4x16xf32>
}

// -----

// All rows of a batch meet a common matrix in one product.
// CHECK-LABEL: func.func @matmul_rows
func.func @matmul_rows(%a: tensor<2x3x8xf32>, %b: tensor<8x16xf32>) -> tensor<2x3x16xf32> {
  // CHECK: ge.mat_mul_v2 {{.*}} : (tensor<6x8xf32>, tensor<8x16xf32>) -> tensor<6x16xf32>
  %0 = ge.framework_op "MatMul"(%a, %b) {version = 13 : i64} : (tensor<2x3x8xf32>, tensor<8x16xf32>) -> tensor<2x3x16xf32>
  return %0 : tensor<2x3x16xf32>
}

// -----

// SAME_UPPER puts the odd pad behind; a group for each channel is depthwise.
// CHECK-LABEL: func.func @conv_same
func.func @conv_same(%x: tensor<1x8x5x6xf32>, %w: tensor<8x1x2x3xf32>) -> tensor<*x!ge.undefined> {
  // CHECK: ge.depthwise_conv2d
  // CHECK-SAME: pads = array<i64: 0, 1, 1, 1>
  // CHECK-SAME: -> tensor<1x8x5x6xf32>
  %0 = ge.framework_op "Conv"(%x, %w) {version = 11 : i64, node_attributes = {auto_pad = "SAME_UPPER", group = 8 : i64}} : (tensor<1x8x5x6xf32>, tensor<8x1x2x3xf32>) -> tensor<*x!ge.undefined>
  return %0 : tensor<*x!ge.undefined>
}

// -----

// With strides of 1 the pads of all sizes are the same.
// CHECK-LABEL: func.func @conv_same_open
func.func @conv_same_open(%x: tensor<1x8x?x?xf32>, %w: tensor<4x8x2x3xf32>) -> tensor<*x!ge.undefined> {
  // CHECK: ge.conv2d
  // CHECK-SAME: pads = array<i64: 1, 0, 1, 1>
  %0 = ge.framework_op "Conv"(%x, %w) {version = 11 : i64, node_attributes = {auto_pad = "SAME_LOWER"}} : (tensor<1x8x?x?xf32>, tensor<4x8x2x3xf32>) -> tensor<*x!ge.undefined>
  return %0 : tensor<*x!ge.undefined>
}

// -----

// A convolution of signals is one of images of height one.
// CHECK-LABEL: func.func @conv1d
func.func @conv1d(%x: tensor<1x2x9xf32>, %w: tensor<4x2x3xf32>, %b: tensor<4xf32>) -> tensor<*x!ge.undefined> {
  // CHECK: ge.conv2d {{.*}} : (tensor<1x2x1x9xf32>, tensor<4x2x1x3xf32>, tensor<4xf32>) -> tensor<1x4x1x7xf32>
  // CHECK: ge.reshape {{.*}} -> tensor<1x4x7xf32>
  %0 = ge.framework_op "Conv"(%x, %w, %b) {version = 11 : i64} : (tensor<1x2x9xf32>, tensor<4x2x3xf32>, tensor<4xf32>) -> tensor<*x!ge.undefined>
  return %0 : tensor<*x!ge.undefined>
}

// -----

// Inference takes the statistics it is given; the other outputs are of training.
// CHECK-LABEL: func.func @batch_norm
func.func @batch_norm(%x: tensor<1x8x4x4xf32>, %s: tensor<8xf32>) -> tensor<1x8x4x4xf32> {
  // CHECK: ge.batch_norm
  // CHECK-SAME: is_training = false
  %0 = ge.framework_op "BatchNormalization"(%x, %s, %s, %s, %s) {version = 9 : i64} : (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<1x8x4x4xf32>
  return %0 : tensor<1x8x4x4xf32>
}

// -----

// Axes are an attribute in version 11; no axes are all axes.
// CHECK-LABEL: func.func @reduce
func.func @reduce(%x: tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<f32>) {
  // CHECK: ge.reduce_sum {{.*}}keep_dims = true{{.*}} -> tensor<2x1xf32>
  %0 = ge.framework_op "ReduceSum"(%x) {version = 11 : i64, node_attributes = {axes = array<i64: -1>}} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  // CHECK: ge.reduce_max {{.*}} -> tensor<f32>
  %1 = ge.framework_op "ReduceMax"(%x) {version = 11 : i64, node_attributes = {keepdims = 0 : i64}} : (tensor<2x3xf32>) -> tensor<f32>
  return %0, %1 : tensor<2x1xf32>, tensor<f32>
}

// -----

// A quantized operator is arithmetic on its real values.
// CHECK-LABEL: func.func @quantize
func.func @quantize(%x: tensor<4xf32>, %s: tensor<f32>, %z: tensor<ui8>) -> tensor<4xui8> {
  // CHECK: ge.real_div
  // CHECK: ge.rint
  // CHECK: ge.clip_by_value_v2
  // CHECK: ge.cast {{.*}} -> tensor<4xui8>
  %0 = ge.framework_op "QuantizeLinear"(%x, %s, %z) {version = 13 : i64} : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}

// -----

// Upsample and the old Resize count from the corner.
// CHECK-LABEL: func.func @upsample
func.func @upsample(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x8x8xf32> {
  %scales = ge.const dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>
  // CHECK: ge.resize
  // CHECK-SAME: coordinate_transformation_mode = "asymmetric"
  // CHECK-SAME: nearest_mode = "floor"
  %0 = ge.framework_op "Upsample"(%x, %scales) {version = 9 : i64} : (tensor<1x2x4x4xf32>, tensor<4xf32>) -> tensor<1x2x8x8xf32>
  return %0 : tensor<1x2x8x8xf32>
}

// -----

// Causal attention with shared keys: keys are repeated for their queries' heads, and the mask is a constant.
// CHECK-LABEL: func.func @attention
func.func @attention(%q: tensor<1x4x2x8xf32>, %k: tensor<1x2x3x8xf32>, %v: tensor<1x2x3x8xf32>) -> tensor<*x!ge.undefined> {
  // CHECK: ge.broadcast_to {{.*}} -> tensor<1x2x2x3x8xf32>
  // CHECK: ge.batch_mat_mul_v2 {{.*}} -> tensor<1x4x2x3xf32>
  // CHECK: ge.add {{.*}}tensor<1x4x2x3xf32>, tensor<1x1x2x3xf32>
  // CHECK: ge.softmax_v2 {{.*}}axes = array<i64: 3>
  // CHECK-NOT: ge.select
  // CHECK: ge.batch_mat_mul_v2 {{.*}} -> tensor<1x4x2x8xf32>
  %0 = ge.framework_op "Attention"(%q, %k, %v) {version = 23 : i64, node_attributes = {is_causal = 1 : i64}} : (tensor<1x4x2x8xf32>, tensor<1x2x3x8xf32>, tensor<1x2x3x8xf32>) -> tensor<*x!ge.undefined>
  return %0 : tensor<*x!ge.undefined>
}

// -----

// Too large a number becomes the greatest one of an 8-bit float, unless the node says otherwise.
// CHECK-LABEL: func.func @saturate
func.func @saturate(%x: tensor<4xf32>) -> (tensor<4xf8E4M3FN>, tensor<4xf8E5M2>) {
  // CHECK: ge.const dense<-4.480000e+02>
  // CHECK: %[[LIMITED:.*]] = ge.clip_by_value_v2
  // CHECK: ge.cast %[[LIMITED]] {dst_type = f8E4M3FN}
  // CHECK: ge.cast %arg0 {dst_type = f8E5M2}
  %0 = ge.framework_op "Cast"(%x) {version = 19 : i64, node_attributes = {to = 17 : i64}} : (tensor<4xf32>) -> tensor<4xf8E4M3FN>
  %1 = ge.framework_op "Cast"(%x) {version = 19 : i64, node_attributes = {to = 19 : i64, saturate = 0 : i64}} : (tensor<4xf32>) -> tensor<4xf8E5M2>
  return %0, %1 : tensor<4xf8E4M3FN>, tensor<4xf8E5M2>
}

// -----

// Bits stay as they are.
// CHECK-LABEL: func.func @bits
func.func @bits(%x: tensor<4xf32>) -> tensor<4xi32> {
  // CHECK: ge.bitcast %arg0 {type = i32} : (tensor<4xf32>) -> tensor<4xi32>
  %0 = ge.framework_op "BitCast"(%x) {version = 26 : i64, node_attributes = {to = 6 : i64}} : (tensor<4xf32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// -----

// Weights of 4 bits are taken apart: the low half of each byte comes first.
// CHECK-LABEL: func.func @four_bits
func.func @four_bits(%x: tensor<2x16xf32>, %w: tensor<4x1x8xui8>, %s: tensor<4x1xf32>) -> tensor<2x4xf32> {
  // CHECK: ge.bitwise_and %arg1
  // CHECK: ge.right_shift %arg1
  // CHECK: ge.concat_v2
  // CHECK: ge.const dense<8.000000e+00>
  // CHECK: ge.mat_mul_v2
  %0 = ge.framework_op "MatMulNBits"(%x, %w, %s) {domain = "com.microsoft", version = 1 : i64, node_attributes = {K = 16 : i64, N = 4 : i64, bits = 4 : i64, block_size = 16 : i64}} : (tensor<2x16xf32>, tensor<4x1x8xui8>, tensor<4x1xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// An input that is there has an element, one that is left out has none.
// CHECK-LABEL: func.func @optional
func.func @optional(%x: tensor<4xf32>) -> (tensor<i1>, tensor<i1>, tensor<4xf32>) {
  // CHECK-DAG: %[[YES:.*]] = ge.const dense<true>
  // CHECK-DAG: %[[NO:.*]] = ge.const dense<false>
  // CHECK: return %[[YES]], %[[NO]], %arg0
  %0 = ge.framework_op "OptionalHasElement"(%x) {version = 18 : i64} : (tensor<4xf32>) -> tensor<i1>
  %1 = ge.framework_op "OptionalHasElement"() {version = 18 : i64} : () -> tensor<i1>
  %2 = ge.framework_op "OptionalGetElement"(%x) {version = 18 : i64} : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1, %2 : tensor<i1>, tensor<i1>, tensor<4xf32>
}

// -----

// Dropped elements follow from a hash of their place and the node's seed.
// CHECK-LABEL: func.func @training
func.func @training(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[KEPT:.*]] = ge.const dense<{{.*}}> : tensor<2xi1>
  // CHECK: %[[SCALED:.*]] = ge.mul %arg0
  // CHECK: ge.select %[[KEPT]], %[[SCALED]]
  %ratio = ge.const dense<0.5> : tensor<f32>
  %training = ge.const dense<true> : tensor<i1>
  %0 = ge.framework_op "Dropout"(%x, %ratio, %training) {version = 13 : i64, node_attributes = {seed = 1 : i64}} : (tensor<2xf32>, tensor<f32>, tensor<i1>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// How many elements are found is known when the model runs.
// CHECK-LABEL: func.func @non_zero
// CHECK: ge.non_zero %arg0 : (tensor<?x4xf32>) -> tensor<2x?xi64>
func.func @non_zero(%x: tensor<?x4xf32>) -> tensor<2x?xi64> {
  %0 = ge.framework_op "NonZero"(%x) {version = 13 : i64} : (tensor<?x4xf32>) -> tensor<2x?xi64>
  return %0 : tensor<2x?xi64>
}

// -----

// Those of a constant are known now.
// CHECK-LABEL: func.func @non_zero_of_constant
// CHECK: ge.const dense<{{\[\[}}1, 3]]> : tensor<1x2xi64>
func.func @non_zero_of_constant() -> tensor<1x?xi64> {
  %x = ge.const dense<[0, 5, 0, 7]> : tensor<4xi32>
  %0 = ge.framework_op "NonZero"(%x) {version = 13 : i64} : (tensor<4xi32>) -> tensor<1x?xi64>
  return %0 : tensor<1x?xi64>
}

// -----

// GE counts in i32, ONNX in i64; a limit beyond i32 is none.
// CHECK-LABEL: func.func @non_max_suppression
// CHECK: %[[MOST:.*]] = ge.minimum
// CHECK: %[[LIMIT:.*]] = ge.cast %[[MOST]] {dst_type = i32}
// CHECK: %[[ROWS:.*]] = ge.non_max_suppression_v6 %arg0, %arg1 max_output_size(%[[LIMIT]]) iou_threshold(%{{.*}})
// CHECK: ge.cast %[[ROWS]] {dst_type = i64} : (tensor<?x3xi32>) -> tensor<?x3xi64>
func.func @non_max_suppression(%b: tensor<1x?x4xf32>, %s: tensor<1x2x?xf32>, %m: tensor<1xi64>, %i: tensor<1xf32>) -> tensor<?x3xi64> {
  %0 = ge.framework_op "NonMaxSuppression"(%b, %s, %m, %i) {version = 11 : i64} : (tensor<1x?x4xf32>, tensor<1x2x?xf32>, tensor<1xi64>, tensor<1xf32>) -> tensor<?x3xi64>
  return %0 : tensor<?x3xi64>
}

// -----

// Branches of different ranks: exporters write this where they expect a dimension
// to be 1, and the squeeze lets each execution check that.
// CHECK-LABEL: func.func @squeeze_if_one
// CHECK-NOT: ge.if
// CHECK: ge.squeeze %arg0 {axis = array<i64: 1>} : (tensor<?x?xf32>) -> tensor<?xf32>
// CHECK-NOT: ge.if
func.func @squeeze_if_one(%x: tensor<?x?xf32>) -> tensor<*xf32> {
  %last = ge.const dense<1> : tensor<1xi64>
  %one = ge.const dense<1> : tensor<1xi64>
  %0 = ge.framework_op "Shape"(%x) {version = 13 : i64} : (tensor<?x?xf32>) -> tensor<2xi64>
  %1 = ge.framework_op "Gather"(%0, %last) {version = 13 : i64} : (tensor<2xi64>, tensor<1xi64>) -> tensor<1xi64>
  %2 = ge.framework_op "Equal"(%1, %one) {version = 13 : i64} : (tensor<1xi64>, tensor<1xi64>) -> tensor<1xi1>
  %3 = ge.framework_op "If"(%2, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["else_branch", "then_branch"]} : (tensor<1xi1>, tensor<?x?xf32>) -> tensor<*xf32> bodies {
  ^bb0(%a: tensor<?x?xf32>):
    %i = ge.framework_op "Identity"(%a) {version = 13 : i64} : (tensor<?x?xf32>) -> tensor<*xf32>
    ge.yield %i : tensor<*xf32>
  }, {
  ^bb0(%a: tensor<?x?xf32>):
    %axes = ge.const dense<1> : tensor<1xi64>
    %s = ge.framework_op "Squeeze"(%a, %axes) {version = 13 : i64} : (tensor<?x?xf32>, tensor<1xi64>) -> tensor<*xf32>
    ge.yield %s : tensor<*xf32>
  }
  return %3 : tensor<*xf32>
}

// -----

// The state of a recurrent node takes the batch of its input.
// CHECK-LABEL: func.func @lstm_of_any_batch
// CHECK: ge.fill
// CHECK: ge.while
// CHECK: -> tensor<7x1x?x5xf32>
func.func @lstm_of_any_batch(%x: tensor<7x?x3xf32>, %w: tensor<1x20x3xf32>, %r: tensor<1x20x5xf32>) -> tensor<7x1x?x5xf32> {
  %0 = ge.framework_op "LSTM"(%x, %w, %r) {version = 14 : i64, node_attributes = {hidden_size = 5 : i64}} : (tensor<7x?x3xf32>, tensor<1x20x3xf32>, tensor<1x20x5xf32>) -> tensor<7x1x?x5xf32>
  return %0 : tensor<7x1x?x5xf32>
}

// -----

// A sequence of any length is a loop of as many steps, backwards from the last.
// CHECK-LABEL: func.func @lstm_of_any_length
// CHECK: %[[ROOM:.*]] = ge.fill {{.*}} -> tensor<?x?x5xf32>
// CHECK: ge.while({{.*}}%[[ROOM]])
// CHECK: ge.less
// CHECK: ge.tensor_scatter_update {{.*}} -> tensor<?x?x5xf32>
// CHECK: return %{{.*}} : tensor<?x1x?x5xf32>
func.func @lstm_of_any_length(%x: tensor<?x?x3xf32>, %w: tensor<1x20x3xf32>, %r: tensor<1x20x5xf32>) -> tensor<?x1x?x5xf32> {
  %0 = ge.framework_op "LSTM"(%x, %w, %r) {version = 14 : i64, node_attributes = {hidden_size = 5 : i64, direction = "reverse"}} : (tensor<?x?x3xf32>, tensor<1x20x3xf32>, tensor<1x20x5xf32>) -> tensor<?x1x?x5xf32>
  return %0 : tensor<?x1x?x5xf32>
}

// -----

// The different elements of a vector of any size, in order.
// CHECK-LABEL: func.func @unique_of_any_size
// CHECK: %[[Y:.*]], %{{.*}} = ge.unique %arg0 {out_idx = i64} : (tensor<?xf32>) -> (tensor<?xf32>, tensor<?xi64>)
// CHECK: %[[RANKS:.*]] = ge.reduce_sum
// CHECK: %[[ORDER:.*]] = ge.scatter_elements %{{.*}}, %[[RANKS]]
// CHECK: ge.gather_v2 %[[Y]], %[[ORDER]]
func.func @unique_of_any_size(%x: tensor<?xf32>) -> tensor<?xf32> {
  %0 = ge.framework_op "Unique"(%x) {version = 11 : i64} : (tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
