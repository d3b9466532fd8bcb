// What decides at run time is read between kernels; a loop that counts has its counter there.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: func.func @branch
// CHECK-SAME: (%[[C:.*]]: tensor<i8>, %[[X:.*]]: tensor<2xf32>)
func.func @branch(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[BYTE:.*]] = tensor.extract %[[C]][]
  // CHECK: %[[HOLDS:.*]] = arith.cmpi ne, %[[BYTE]]
  // CHECK: %[[Y:.*]] = npu.if %[[HOLDS]] -> (tensor<2xf32>) {
  // CHECK: %[[N:.*]] = linalg.generic
  // CHECK: npu.next %[[N]]
  // CHECK: } else {
  // CHECK: npu.next %[[X]]
  // CHECK: return %[[Y]]
  %y = ge.if %c(%x) : (tensor<i1>, tensor<2xf32>) -> tensor<2xf32> then {
  ^bb0(%a: tensor<2xf32>):
    %n = ge.neg %a : tensor<2xf32>
    ge.yield %n : tensor<2xf32>
  } else {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}

// -----
// An index out of range takes the last branch.
// CHECK-LABEL: func.func @three
func.func @three(%i: tensor<i32>, %x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[I:.*]] = tensor.extract
  // CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[I]], %c0
  // CHECK: npu.if %[[FIRST]]
  // CHECK: } else {
  // CHECK: %[[SECOND:.*]] = arith.cmpi eq, %[[I]], %c1
  // CHECK: npu.if %[[SECOND]]
  %y = ge.case %i(%x) : (tensor<i32>, tensor<2xf32>) -> tensor<2xf32> branches {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }, {
  ^bb0(%a: tensor<2xf32>):
    %n = ge.neg %a : tensor<2xf32>
    ge.yield %n : tensor<2xf32>
  }, {
  ^bb0(%a: tensor<2xf32>):
    %n = ge.abs %a : tensor<2xf32>
    ge.yield %n : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}

// -----
// Slices at the counter are views; what the loop does not change is not passed on.
// CHECK-LABEL: func.func @count
// CHECK-SAME: (%[[XS:.*]]: tensor<5x2xf32>, %[[S:.*]]: tensor<2xf32>)
func.func @count(%xs: tensor<5x2xf32>, %s: tensor<2xf32>) -> (tensor<2xf32>, tensor<5x2xf32>) {
  // CHECK: npu.for %c5 init(%[[S]], %{{.*}} : tensor<2xf32>, tensor<5x2xf32>)
  // CHECK: ^bb0(%[[I:.*]]: index, %[[A:.*]]: tensor<2xf32>, %[[YS:.*]]: tensor<5x2xf32>):
  // CHECK: tensor.extract_slice %[[XS]]
  // CHECK: %[[SUM:.*]] = linalg.generic
  // CHECK: %[[ROW:.*]] = tensor.expand_shape %[[SUM]]
  // CHECK: tensor.insert_slice %[[ROW]] into %[[YS]]
  // CHECK: npu.next
  %zero = ge.const dense<0> : tensor<i64>
  %ys = ge.const dense<0.0> : tensor<5x2xf32>
  %r:4 = ge.while(%zero, %xs, %s, %ys) : (tensor<i64>, tensor<5x2xf32>, tensor<2xf32>, tensor<5x2xf32>) -> (tensor<i64>, tensor<5x2xf32>, tensor<2xf32>, tensor<5x2xf32>) cond {
  ^bb0(%i: tensor<i64>, %x: tensor<5x2xf32>, %a: tensor<2xf32>, %y: tensor<5x2xf32>):
    %n = ge.const dense<5> : tensor<i64>
    %c = ge.less %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
    ge.yield %c : tensor<i1>
  } body {
  ^bb0(%i: tensor<i64>, %x: tensor<5x2xf32>, %a: tensor<2xf32>, %y: tensor<5x2xf32>):
    %one = ge.const dense<1> : tensor<i64>
    %axis = ge.const dense<0> : tensor<i64>
    %shape = ge.const dense<1> : tensor<1xi64>
    %row = ge.gather_v2 %x, %i, %axis : (tensor<5x2xf32>, tensor<i64>, tensor<i64>) -> tensor<2xf32>
    %sum = ge.add %a, %row : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %at = ge.reshape %i, %shape : (tensor<i64>, tensor<1xi64>) -> tensor<1xi64>
    %all = ge.tensor_scatter_update %y, %at, %sum : (tensor<5x2xf32>, tensor<1xi64>, tensor<2xf32>) -> tensor<5x2xf32>
    %next = ge.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
    ge.yield %next, %x, %sum, %all : tensor<i64>, tensor<5x2xf32>, tensor<2xf32>, tensor<5x2xf32>
  }
  return %r#2, %r#3 : tensor<2xf32>, tensor<5x2xf32>
}

// -----
// Any other condition is computed before each step.
// CHECK-LABEL: func.func @until
func.func @until(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: npu.while init(%{{.*}} : tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: ^bb0(%[[A:.*]]: tensor<2xf32>):
  // CHECK: %[[C:.*]] = tensor.extract
  // CHECK: %[[HOLDS:.*]] = arith.cmpi ne, %[[C]]
  // CHECK: npu.condition %[[HOLDS]]
  // CHECK: } do {
  // CHECK: npu.next
  %y = ge.while(%x) : (tensor<2xf32>) -> tensor<2xf32> cond {
  ^bb0(%a: tensor<2xf32>):
    %axes = ge.const dense<0> : tensor<1xi64>
    %limit = ge.const dense<10.0> : tensor<f32>
    %sum = ge.reduce_sum %a, %axes : (tensor<2xf32>, tensor<1xi64>) -> tensor<f32>
    %c = ge.less %sum, %limit : (tensor<f32>, tensor<f32>) -> tensor<i1>
    ge.yield %c : tensor<i1>
  } body {
  ^bb0(%a: tensor<2xf32>):
    %b = ge.add %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    ge.yield %b : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}
