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

// A predicate that is data chooses when the model runs; constants are the branches' own.
// CHECK-LABEL: func.func @if_data(
func.func @if_data(%c: tensor<i1>, %x: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK: ge.if %arg0(%arg1) : (tensor<i1>, tensor<3xf32>) -> tensor<3xf32> then {
  // CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<3xf32>):
  // CHECK-NEXT: ge.relu %[[A]]
  // CHECK: } else {
  // CHECK: %[[K:.*]] = ge.const dense<2.0
  // CHECK: ge.add %{{.*}}, %[[K]]
  %k = ge.const dense<2.0> : tensor<3xf32>
  %y = ge.framework_op "If"(%c, %x, %k) {version = 13 : i64, node_attributes = {captures = 2 : i64}, body_names = ["else_branch", "then_branch"]} : (tensor<i1>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32> bodies {
  ^bb0(%a: tensor<3xf32>, %b: tensor<3xf32>):
    %e = ge.framework_op "Add"(%a, %b) {version = 13 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    ge.yield %e : tensor<3xf32>
  }, {
  ^bb0(%a: tensor<3xf32>, %b: tensor<3xf32>):
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

// A longer one counts; what it collects is written step by step.
// CHECK-LABEL: func.func @long_loop(
func.func @long_loop(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<9x3xf32>) {
  // CHECK: %[[R:.*]]:4 = ge.while(%{{.*}}, %arg0, %arg0, %{{.*}}) {{.*}} cond {
  // CHECK: ge.less %{{.*}}, %{{.*}} : (tensor<i64>, tensor<i64>) -> tensor<i1>
  // CHECK: } body {
  // CHECK-NEXT: ^bb0(%[[I:.*]]: tensor<i64>, %[[S:.*]]: tensor<3xf32>, %[[X:.*]]: tensor<3xf32>, %[[ALL:.*]]: tensor<9x3xf32>):
  // CHECK: %[[NEXT:.*]] = ge.add %[[S]], %[[X]]
  // CHECK: %[[AT:.*]] = ge.reshape %[[I]]
  // CHECK: %[[MORE:.*]] = ge.tensor_scatter_update %[[ALL]], %[[AT]], %[[NEXT]]
  // CHECK: ge.yield %{{.*}}, %[[NEXT]], %[[X]], %[[MORE]]
  // CHECK: return %[[R]]#1, %[[R]]#3
  %n = ge.const dense<9> : tensor<i64>
  %t = ge.const dense<true> : tensor<i1>
  %y, %all = ge.framework_op "Loop"(%n, %t, %x, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["body"]} : (tensor<i64>, tensor<i1>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>, tensor<9x3xf32>) bodies {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %state: tensor<3xf32>, %outer: tensor<3xf32>):
    %s = ge.framework_op "Add"(%state, %outer) {version = 13 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    ge.yield %c, %s, %s : tensor<i1>, tensor<3xf32>, tensor<3xf32>
  }
  return %y, %all : tensor<3xf32>, tensor<9x3xf32>
}

// -----

// The execution decides how often, by a number and by what the body computes.
// CHECK-LABEL: func.func @loop_until(
func.func @loop_until(%n: tensor<i64>, %x: tensor<f32>) -> tensor<f32> {
  // CHECK: ge.while(
  // CHECK: %[[COUNTS:.*]] = ge.less
  // CHECK: %[[GOES:.*]] = ge.logical_and %[[COUNTS]]
  // CHECK: ge.yield %[[GOES]]
  %t = ge.const dense<true> : tensor<i1>
  %y = ge.framework_op "Loop"(%n, %t, %x) {version = 13 : i64, body_names = ["body"]} : (tensor<i64>, tensor<i1>, tensor<f32>) -> tensor<f32> bodies {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %state: tensor<f32>):
    %one = ge.const dense<1.0> : tensor<f32>
    %ten = ge.const dense<10.0> : tensor<f32>
    %s = ge.framework_op "Add"(%state, %one) {version = 13 : i64} : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %go = ge.framework_op "Less"(%s, %ten) {version = 13 : i64} : (tensor<f32>, tensor<f32>) -> tensor<i1>
    ge.yield %go, %s : tensor<i1>, tensor<f32>
  }
  return %y : tensor<f32>
}

// -----

// A loop whose values grow is written out.
// CHECK-LABEL: func.func @growing(
func.func @growing(%x: tensor<1x3xf32>) -> tensor<6x3xf32> {
  // CHECK-NOT: ge.while
  // CHECK: ge.concat_v2 {{.*}} -> tensor<2x3xf32>
  // CHECK: ge.concat_v2 {{.*}} -> tensor<6x3xf32>
  %n = ge.const dense<5> : tensor<i64>
  %t = ge.const dense<true> : tensor<i1>
  %y = ge.framework_op "Loop"(%n, %t, %x, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["body"]} : (tensor<i64>, tensor<i1>, tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<6x3xf32> bodies {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %state: tensor<?x3xf32>, %outer: tensor<1x3xf32>):
    %s = ge.framework_op "Concat"(%state, %outer) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x3xf32>
    ge.yield %c, %s : tensor<i1>, tensor<?x3xf32>
  }
  return %y : tensor<6x3xf32>
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

// -----

// A long sequence is a loop, whose size is that of one step.
// CHECK-LABEL: func.func @long_rnn(
func.func @long_rnn(%x: tensor<50x1x4xf32>, %w: tensor<1x8x4xf32>, %r: tensor<1x8x8xf32>) -> tensor<50x1x1x8xf32> {
  // CHECK: ge.mat_mul_v2 {{.*}} : (tensor<50x4xf32>, tensor<4x8xf32>) -> tensor<50x8xf32>
  // CHECK: ge.while
  // CHECK: ge.gather_v2 {{.*}} -> tensor<1x8xf32>
  // CHECK-COUNT-1: ge.tanh
  // CHECK-NOT: ge.tanh
  %y, %h = ge.framework_op "RNN"(%x, %w, %r) {version = 14 : i64, node_attributes = {hidden_size = 8 : i64}} : (tensor<50x1x4xf32>, tensor<1x8x4xf32>, tensor<1x8x8xf32>) -> (tensor<50x1x1x8xf32>, tensor<1x1x8xf32>)
  return %y : tensor<50x1x1x8xf32>
}

// -----

// Sequences whose length is known are lists of tensors, and leave nothing behind.
// CHECK-LABEL: func.func @sequence(
func.func @sequence(%x: tensor<4x3xf32>, %y: tensor<2x3xf32>) -> (tensor<6x3xf32>, tensor<i64>, tensor<2x3xf32>) {
  // CHECK-NOT: unrealized_conversion_cast
  // CHECK: %[[N:.*]] = ge.const dense<3> : tensor<i64>
  // CHECK: %[[ALL:.*]] = ge.concat_v2
  // CHECK: return %[[ALL]], %[[N]], %arg1
  %two = ge.const dense<2> : tensor<i64>
  %zero = ge.const dense<0> : tensor<i64>
  %s = ge.framework_op "SplitToSequence"(%x, %two) {version = 11 : i64} : (tensor<4x3xf32>, tensor<i64>) -> tensor<*x!ge.undefined>
  %t = ge.framework_op "SequenceInsert"(%s, %y, %zero) {version = 11 : i64} : (tensor<*x!ge.undefined>, tensor<2x3xf32>, tensor<i64>) -> tensor<*x!ge.undefined>
  %n = ge.framework_op "SequenceLength"(%t) {version = 11 : i64} : (tensor<*x!ge.undefined>) -> tensor<i64>
  %a = ge.framework_op "SequenceAt"(%t, %zero) {version = 11 : i64} : (tensor<*x!ge.undefined>, tensor<i64>) -> tensor<2x3xf32>
  %c = ge.framework_op "ConcatFromSequence"(%t) {version = 11 : i64, node_attributes = {axis = 0 : i64}} : (tensor<*x!ge.undefined>) -> tensor<6x3xf32>
  return %c, %n, %a : tensor<6x3xf32>, tensor<i64>, tensor<2x3xf32>
}

// -----

// An optional holds a tensor or nothing.
// CHECK-LABEL: func.func @optional(
func.func @optional(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<i1>) {
  // CHECK: %[[HAS:.*]] = ge.const dense<true> : tensor<i1>
  // CHECK: return %arg0, %[[HAS]]
  %o = ge.framework_op "Optional"(%x) {version = 15 : i64} : (tensor<4xf32>) -> tensor<*x!ge.undefined>
  %e = ge.framework_op "OptionalGetElement"(%o) {version = 15 : i64} : (tensor<*x!ge.undefined>) -> tensor<4xf32>
  %h = ge.framework_op "OptionalHasElement"(%o) {version = 15 : i64} : (tensor<*x!ge.undefined>) -> tensor<i1>
  return %e, %h : tensor<4xf32>, tensor<i1>
}
