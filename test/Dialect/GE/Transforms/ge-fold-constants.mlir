// RUN: ge-opt %s -split-input-file -ge-fold-constants | FileCheck %s

// Arithmetic on the shape of a static tensor disappears, and types follow from it.
// CHECK-LABEL: func.func @shape_arithmetic
// CHECK-SAME: -> tensor<2x12xf32>
func.func @shape_arithmetic(%x: tensor<2x3x4xf32>) -> tensor<?x?xf32> {
  %shape = ge.shape %x {dtype = i64} : (tensor<2x3x4xf32>) -> tensor<3xi64>
  %zero = ge.const dense<0> : tensor<1xi64>
  %axis = ge.const dense<0> : tensor<i32>
  %batch = ge.gather_v2 %shape, %zero, %axis : (tensor<3xi64>, tensor<1xi64>, tensor<i32>) -> tensor<1xi64>
  %rest = ge.const dense<-1> : tensor<1xi64>
  %target = ge.concat_v2 %batch, %rest, %axis : (tensor<1xi64>, tensor<1xi64>, tensor<i32>) -> tensor<2xi64>
  // CHECK: %[[T:.*]] = ge.const dense<[2, -1]> : tensor<2xi64>
  // CHECK: ge.reshape %{{.*}}, %[[T]] : (tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<2x12xf32>
  // CHECK-NOT: ge.shape
  %y = "ge.reshape"(%x, %target) : (tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

// An operator with one unknown operand stays.
// CHECK-LABEL: func.func @unknown
func.func @unknown(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = ge.const dense<1.0> : tensor<2xf32>
  // CHECK: ge.add
  %0 = ge.add %x, %c : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// All results of an operator fold.
// CHECK-LABEL: func.func @several_results
func.func @several_results() -> (tensor<2xi32>, tensor<2xi32>) {
  %x = ge.const dense<[5, 6, 7, 8]> : tensor<4xi32>
  %dim = ge.const dense<0> : tensor<i32>
  // CHECK-DAG: %[[A:.*]] = ge.const dense<[5, 6]> : tensor<2xi32>
  // CHECK-DAG: %[[B:.*]] = ge.const dense<[7, 8]> : tensor<2xi32>
  // CHECK: return %[[A]], %[[B]]
  %y:2 = ge.split %dim, %x {num_split = 2 : i64} : (tensor<i32>, tensor<4xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  return %y#0, %y#1 : tensor<2xi32>, tensor<2xi32>
}

// -----

// Constants reach into branches.
// CHECK-LABEL: func.func @branch
func.func @branch(%c: tensor<i1>) -> tensor<2xf32> {
  %x = ge.const dense<[1.0, -2.0]> : tensor<2xf32>
  // CHECK: then
  // CHECK: ge.const dense<[-1.000000e+00, 2.000000e+00]> : tensor<2xf32>
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
