// RUN: ge-opt %s --ge-legalize-onnx --split-input-file | FileCheck %s

// Shape arithmetic on static shapes is gone after the walk, down to the reshape it served.
// CHECK-LABEL: func.func @flatten_by_arithmetic(
// CHECK-SAME:    -> tensor<2x12xf32>
func.func @flatten_by_arithmetic(%x: tensor<2x3x4xf32>) -> tensor<*x!ge.undefined> {
  // CHECK-NEXT: ge.const dense<[2, 12]>
  // CHECK-NEXT: ge.reshape
  // CHECK-NEXT: return
  %zero = ge.const dense<0> : tensor<i64>
  %rest = ge.const dense<-1> : tensor<1xi64>
  %s = ge.framework_op "Shape"(%x) {version = 13 : i64} : (tensor<2x3x4xf32>) -> tensor<*x!ge.undefined>
  %n = ge.framework_op "Gather"(%s, %zero) {version = 13 : i64} : (tensor<*x!ge.undefined>, tensor<i64>) -> tensor<*x!ge.undefined>
  %axes = ge.const dense<0> : tensor<1xi64>
  %u = ge.framework_op "Unsqueeze"(%n, %axes) {version = 13 : i64} : (tensor<*x!ge.undefined>, tensor<1xi64>) -> tensor<*x!ge.undefined>
  %c = ge.framework_op "Concat"(%u, %rest) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<*x!ge.undefined>, tensor<1xi64>) -> tensor<*x!ge.undefined>
  %y = ge.framework_op "Reshape"(%x, %c) {version = 13 : i64} : (tensor<2x3x4xf32>, tensor<*x!ge.undefined>) -> tensor<*x!ge.undefined>
  return %y : tensor<*x!ge.undefined>
}

// -----

// Arithmetic, comparison and casts of shapes fold too.
// CHECK-LABEL: func.func @expand_to_half(
func.func @expand_to_half(%x: tensor<1x8xf32>) -> tensor<*x!ge.undefined> {
  // CHECK-NEXT: ge.const dense<[4, 8]>
  // CHECK-NEXT: ge.broadcast_to {{.*}} -> tensor<4x8xf32>
  %two = ge.const dense<2> : tensor<i64>
  %s = ge.framework_op "Shape"(%x) {version = 15 : i64, node_attributes = {start = 1 : i64}} : (tensor<1x8xf32>) -> tensor<*x!ge.undefined>
  %h = ge.framework_op "Div"(%s, %two) {version = 13 : i64} : (tensor<*x!ge.undefined>, tensor<i64>) -> tensor<*x!ge.undefined>
  %f = ge.framework_op "Cast"(%h) {version = 13 : i64, node_attributes = {to = 1 : i64}} : (tensor<*x!ge.undefined>) -> tensor<*x!ge.undefined>
  %i = ge.framework_op "Cast"(%f) {version = 13 : i64, node_attributes = {to = 7 : i64}} : (tensor<*x!ge.undefined>) -> tensor<*x!ge.undefined>
  %c = ge.framework_op "Concat"(%i, %s) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<*x!ge.undefined>, tensor<*x!ge.undefined>) -> tensor<*x!ge.undefined>
  %y = ge.framework_op "Expand"(%x, %c) {version = 13 : i64} : (tensor<1x8xf32>, tensor<*x!ge.undefined>) -> tensor<*x!ge.undefined>
  return %y : tensor<*x!ge.undefined>
}

// -----

// A slice is clamped to the operand, and one of everything is no slice.
// CHECK-LABEL: func.func @slices(
func.func @slices(%x: tensor<4x6xf32>) -> (tensor<*x!ge.undefined>, tensor<*x!ge.undefined>) {
  // CHECK: ge.strided_slice_v2 {{.*}} -> tensor<4x3xf32>
  // CHECK: return %{{.*}}, %arg0
  %0 = ge.framework_op "Slice"(%x) {version = 9 : i64, node_attributes = {axes = array<i64: 1>, starts = array<i64: -3>, ends = array<i64: 1000>}} : (tensor<4x6xf32>) -> tensor<*x!ge.undefined>
  %1 = ge.framework_op "Slice"(%x) {version = 9 : i64, node_attributes = {starts = array<i64: 0>, ends = array<i64: 9223372036854775807>}} : (tensor<4x6xf32>) -> tensor<*x!ge.undefined>
  return %0, %1 : tensor<*x!ge.undefined>, tensor<*x!ge.undefined>
}

// -----

// The shape of a tensor with dynamic dimensions stays an operation.
// CHECK-LABEL: func.func @dynamic(
func.func @dynamic(%x: tensor<?x3xf32>) -> (tensor<2xi64>, tensor<1xi64>) {
  // CHECK: ge.shape {{.*}}dtype = i64
  %0 = ge.framework_op "Shape"(%x) {version = 13 : i64} : (tensor<?x3xf32>) -> tensor<2xi64>
  // CHECK: ge.const dense<3>
  %1 = ge.framework_op "Shape"(%x) {version = 15 : i64, node_attributes = {start = 1 : i64}} : (tensor<?x3xf32>) -> tensor<1xi64>
  return %0, %1 : tensor<2xi64>, tensor<1xi64>
}

// -----

// Sizes of what a branch sees can be asked for while the branch is mapped, where
// it belongs to no operation yet.
// CHECK-LABEL: func.func @in_a_branch
// CHECK: ge.if
// CHECK: ge.pad_v3
func.func @in_a_branch(%c: tensor<i1>, %x: tensor<?x3xf32>) -> tensor<?x5xf32> {
  %y = ge.framework_op "If"(%c, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["else_branch", "then_branch"]} : (tensor<i1>, tensor<?x3xf32>) -> tensor<?x5xf32> bodies {
  ^bb0(%a: tensor<?x3xf32>):
    %p = ge.const dense<[0, 0, 0, 2]> : tensor<4xi64>
    %t = ge.framework_op "Pad"(%a, %p) {version = 13 : i64} : (tensor<?x3xf32>, tensor<4xi64>) -> tensor<?x5xf32>
    ge.yield %t : tensor<?x5xf32>
  }, {
  ^bb0(%a: tensor<?x3xf32>):
    %p = ge.const dense<[0, 2, 0, 0]> : tensor<4xi64>
    %t = ge.framework_op "Pad"(%a, %p) {version = 13 : i64} : (tensor<?x3xf32>, tensor<4xi64>) -> tensor<?x5xf32>
    ge.yield %t : tensor<?x5xf32>
  }
  return %y : tensor<?x5xf32>
}

// -----

// A shape that is read when the model runs may be shorter than the operand's.
// CHECK-LABEL: func.func @expand_to_read(
// CHECK-SAME:    %[[X:.*]]: tensor<1x3x1xf32>, %[[SHAPE:.*]]: tensor<2xi64>) -> tensor<?x3x?xf32>
func.func @expand_to_read(%x: tensor<1x3x1xf32>, %shape: tensor<2xi64>) -> tensor<*x!ge.undefined> {
  // CHECK: %[[ONE:.*]] = ge.const dense<1> : tensor<1xi64>
  // CHECK: %[[ALL:.*]] = ge.concat_v2 %[[ONE]], %[[SHAPE]], {{.*}} -> tensor<3xi64>
  // CHECK: ge.broadcast_to %[[X]], %[[ALL]]
  %y = ge.framework_op "Expand"(%x, %shape) {version = 13 : i64} : (tensor<1x3x1xf32>, tensor<2xi64>) -> tensor<*x!ge.undefined>
  return %y : tensor<*x!ge.undefined>
}

// -----

// Sizes of unknown dimensions are no zeros that stand for the operand's dimension, so
// `allowzero` makes no difference.
// CHECK-LABEL: func.func @reshape_allowing_zero(
// CHECK-SAME:    -> tensor<?x?x4x16xf32>
func.func @reshape_allowing_zero(%x: tensor<?x?x64xf32>) -> tensor<*x!ge.undefined> {
  // CHECK: %[[SHAPE:.*]] = ge.concat_v2
  // CHECK: ge.reshape %arg0, %[[SHAPE]]
  %heads = ge.const dense<[4, 16]> : tensor<2xi64>
  %s = ge.framework_op "Shape"(%x) {version = 15 : i64, node_attributes = {start = 0 : i64, end = 2 : i64}} : (tensor<?x?x64xf32>) -> tensor<*x!ge.undefined>
  %c = ge.framework_op "Concat"(%s, %heads) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<*x!ge.undefined>, tensor<2xi64>) -> tensor<*x!ge.undefined>
  %y = ge.framework_op "Reshape"(%x, %c) {version = 14 : i64, node_attributes = {allowzero = 1 : i64}} : (tensor<?x?x64xf32>, tensor<*x!ge.undefined>) -> tensor<*x!ge.undefined>
  return %y : tensor<*x!ge.undefined>
}

// -----

// Attention of any batch and length: places are counted when they are, and no query is
// without a key, so that nothing stands between the weights and their product.
// CHECK-LABEL: func.func @attention_of_any_length
// CHECK: ge.reshape {{.*}} -> tensor<?x?x4x16xf32>
// CHECK-DAG: %[[COUNT:.*]] = ge.range
// CHECK: ge.less_equal
// CHECK: %[[WEIGHTS:.*]] = ge.softmax_v2
// CHECK-NEXT: %[[Y:.*]] = ge.batch_mat_mul_v2 %[[WEIGHTS]]
// CHECK-NOT: ge.select
// CHECK: ge.reshape {{.*}} -> tensor<?x?x64xf32>
func.func @attention_of_any_length(%q: tensor<?x?x64xf32>, %k: tensor<?x?x64xf32>, %v: tensor<?x?x64xf32>) -> tensor<?x?x64xf32> {
  %0 = ge.framework_op "Attention"(%q, %k, %v) {version = 23 : i64, node_attributes = {is_causal = 1 : i64, q_num_heads = 4 : i64, kv_num_heads = 4 : i64}}
      : (tensor<?x?x64xf32>, tensor<?x?x64xf32>, tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
  return %0 : tensor<?x?x64xf32>
}
