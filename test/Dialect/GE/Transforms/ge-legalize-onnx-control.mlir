// RUN: ge-opt %s --ge-legalize-onnx --split-input-file --verify-diagnostics | FileCheck %s

// A predicate that folds chooses its branch; the other one is never mapped.
// CHECK-LABEL: func.func @if_known(
func.func @if_known(%x: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK-NEXT: ge.relu %arg0
  // CHECK-NEXT: return
  %one = ge.const dense<1> : tensor<i64>
  %n = ge.framework_op "Size"(%x) {version = 13 : i64} : (tensor<3xf32>) -> tensor<*x!ge.undefined>
  %c = ge.framework_op "Greater"(%n, %one) {version = 13 : i64} : (tensor<*x!ge.undefined>, tensor<i64>) -> tensor<*x!ge.undefined>
  %y = ge.framework_op "If"(%c, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["else_branch", "then_branch"]} : (tensor<*x!ge.undefined>, tensor<3xf32>) -> tensor<3xf32> bodies {
  ^bb0(%a: tensor<3xf32>):
    %e = ge.framework_op "NoSuchOperator"(%a) {version = 13 : i64} : (tensor<3xf32>) -> tensor<3xf32>
    ge.yield %e : tensor<3xf32>
  }, {
  ^bb0(%a: tensor<3xf32>):
    %t = ge.framework_op "Relu"(%a) {version = 13 : i64} : (tensor<3xf32>) -> tensor<3xf32>
    ge.yield %t : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}

// -----

// A predicate that is data chooses between both results.
// CHECK-LABEL: func.func @if_data(
func.func @if_data(%c: tensor<i1>, %x: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK: %[[T:.*]] = ge.relu %arg1
  // CHECK: %[[E:.*]] = ge.neg %arg1
  // CHECK: ge.select %arg0, %[[T]], %[[E]]
  %y = ge.framework_op "If"(%c, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["else_branch", "then_branch"]} : (tensor<i1>, tensor<3xf32>) -> tensor<3xf32> bodies {
  ^bb0(%a: tensor<3xf32>):
    %e = ge.framework_op "Neg"(%a) {version = 13 : i64} : (tensor<3xf32>) -> tensor<3xf32>
    ge.yield %e : tensor<3xf32>
  }, {
  ^bb0(%a: tensor<3xf32>):
    %t = ge.framework_op "Relu"(%a) {version = 13 : i64} : (tensor<3xf32>) -> tensor<3xf32>
    ge.yield %t : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}

// -----

// A branch that does not fit the shapes cannot be meant; nothing of it is left.
// CHECK-LABEL: func.func @if_one_fits(
func.func @if_one_fits(%c: tensor<i1>, %x: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK-NEXT: ge.relu %arg1
  // CHECK-NEXT: return
  // expected-warning @+1 {{ONNX operator If: the else branch does not fit the shapes of the inputs, the other one is taken always}}
  %y = ge.framework_op "If"(%c, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["else_branch", "then_branch"]} : (tensor<i1>, tensor<3xf32>) -> tensor<3xf32> bodies {
  ^bb0(%a: tensor<3xf32>):
    %two = ge.const dense<[1.0, 2.0]> : tensor<2xf32>
    %e = ge.framework_op "Add"(%a, %two) {version = 13 : i64} : (tensor<3xf32>, tensor<2xf32>) -> tensor<3xf32>
    %f = ge.framework_op "Relu"(%e) {version = 13 : i64} : (tensor<3xf32>) -> tensor<3xf32>
    ge.yield %f : tensor<3xf32>
  }, {
  ^bb0(%a: tensor<3xf32>):
    %t = ge.framework_op "Relu"(%a) {version = 13 : i64} : (tensor<3xf32>) -> tensor<3xf32>
    ge.yield %t : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}

// -----

// A loop of known length is unrolled; what it collects is joined.
// CHECK-LABEL: func.func @loop(
func.func @loop(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<2x3xf32>) {
  // CHECK: %[[A:.*]] = ge.add %arg0, %arg0
  // CHECK: %[[B:.*]] = ge.add %[[A]], %arg0
  // CHECK: ge.concat_v2 {{.*}} -> tensor<2x3xf32>
  // CHECK: return %[[B]]
  %n = ge.const dense<2> : tensor<i64>
  %t = ge.const dense<true> : tensor<i1>
  %y, %all = ge.framework_op "Loop"(%n, %t, %x, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["body"]} : (tensor<i64>, tensor<i1>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<2x3xf32>) bodies {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %state: tensor<3xf32>, %outer: tensor<3xf32>):
    %s = ge.framework_op "Add"(%state, %outer) {version = 13 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    ge.yield %c, %s, %s : tensor<i1>, tensor<3xf32>, tensor<3xf32>
  }
  return %y, %all : tensor<3xf32>, tensor<2x3xf32>
}

// -----

// A scan takes a slice a step.
// CHECK-LABEL: func.func @scan(
func.func @scan(%s: tensor<3xf32>, %x: tensor<2x3xf32>) -> tensor<3xf32> {
  // CHECK-COUNT-2: ge.add
  %y = ge.framework_op "Scan"(%s, %x) {version = 11 : i64, node_attributes = {num_scan_inputs = 1 : i64}, body_names = ["body"]} : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<3xf32> bodies {
  ^bb0(%a: tensor<3xf32>, %b: tensor<3xf32>):
    %t = ge.framework_op "Add"(%a, %b) {version = 13 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    ge.yield %t : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}

// -----

// A recurrent layer multiplies all inputs at once, then steps.
// CHECK-LABEL: func.func @rnn(
func.func @rnn(%x: tensor<2x1x4xf32>, %w: tensor<1x8x4xf32>, %r: tensor<1x8x8xf32>) -> tensor<1x1x8xf32> {
  // CHECK: ge.mat_mul_v2 {{.*}} : (tensor<2x4xf32>, tensor<4x8xf32>) -> tensor<2x8xf32>
  // CHECK-COUNT-2: ge.tanh
  // CHECK-NOT: ge.tanh
  %y, %h = ge.framework_op "RNN"(%x, %w, %r) {version = 14 : i64, node_attributes = {hidden_size = 8 : i64}} : (tensor<2x1x4xf32>, tensor<1x8x4xf32>, tensor<1x8x8xf32>) -> (tensor<2x1x1x8xf32>, tensor<1x1x8xf32>)
  return %h : tensor<1x1x8xf32>
}
