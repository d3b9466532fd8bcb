// RUN: ge-opt %s -split-input-file -ge-infer-shapes | FileCheck %s

// Types flow from the arguments through every operator to the function's type.
// CHECK-LABEL: func.func @chain(%arg0: tensor<2x3xf32>) -> tensor<3x2xf32>
func.func @chain(%x: tensor<2x3xf32>) -> tensor<?x?xf32> {
  // CHECK: ge.relu %{{.*}} : tensor<2x3xf32>
  %0 = "ge.relu"(%x) : (tensor<2x3xf32>) -> tensor<?x?xf32>
  %perm = ge.const dense<[1, 0]> : tensor<2xi64>
  // CHECK: ge.transpose {{.*}} -> tensor<3x2xf32>
  %1 = "ge.transpose"(%0, %perm) : (tensor<?x?xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  // CHECK: return {{.*}} : tensor<3x2xf32>
  return %1 : tensor<?x?xf32>
}

// -----

// A dimension that no operand knows stays unknown.
// CHECK-LABEL: func.func @dynamic(%arg0: tensor<?x3xf32>) -> tensor<?x3xf32>
func.func @dynamic(%x: tensor<?x3xf32>) -> tensor<?x?xf32> {
  %0 = "ge.exp"(%x) : (tensor<?x3xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// What the importer stated more precisely than inference is kept.
// CHECK-LABEL: func.func @keep
// CHECK-SAME: -> tensor<4x3xf32>
func.func @keep(%x: tensor<?x3xf32>) -> tensor<4x3xf32> {
  %0 = "ge.exp"(%x) : (tensor<?x3xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----

// Branches are refined with their operands, results with what both agree on.
// CHECK-LABEL: func.func @branches
// CHECK-SAME: -> tensor<?x3xf32>
func.func @branches(%c: tensor<i1>, %x: tensor<2x3xf32>) -> tensor<?x?xf32> {
  // CHECK: ge.if {{.*}} : (tensor<i1>, tensor<2x3xf32>) -> tensor<?x3xf32> then
  %y = "ge.if"(%c, %x) ({
  ^bb0(%a: tensor<?x?xf32>):
    // CHECK: ge.neg {{.*}} : tensor<2x3xf32>
    %n = ge.neg %a : tensor<?x?xf32>
    ge.yield %n : tensor<?x?xf32>
  }, {
  ^bb0(%a: tensor<?x?xf32>):
    %dim = ge.const dense<0> : tensor<i64>
    // CHECK: ge.concat_v2 {{.*}} -> tensor<4x3xf32>
    %n = ge.concat_v2 %a, %a, %dim : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<i64>) -> tensor<?x?xf32>
    ge.yield %n : tensor<?x?xf32>
  }) : (tensor<i1>, tensor<2x3xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
