// Reductions and scans.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @mean
func.func @mean(%x: tensor<4x6xf16>) -> tensor<4x1xf16> {
  %axes = ge.const dense<1> : tensor<1xi64>
  // CHECK: %[[ZERO:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<4xf32>)
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%{{.*}} : tensor<4x6xf16>) outs(%[[ZERO]] : tensor<4xf32>)
  // CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<4xf32>) outs(%{{.*}} : tensor<4xf16>)
  // CHECK: arith.truncf
  // CHECK: tensor.expand_shape {{.*}} into tensor<4x1xf16>
  %0 = ge.reduce_mean %x, %axes {keep_dims = true} : (tensor<4x6xf16>, tensor<1xi64>) -> tensor<4x1xf16>
  return %0 : tensor<4x1xf16>
}

// -----
// CHECK-LABEL: func.func @arg_max
func.func @arg_max(%x: tensor<4x6xf32>) -> tensor<4xi64> {
  %axis = ge.const dense<1> : tensor<i64>
  // CHECK: %[[R:.*]]:2 = linalg.generic
  // CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xi64>)
  // CHECK: return %[[R]]#1
  %0 = ge.arg_max_v2 %x, %axis : (tensor<4x6xf32>, tensor<i64>) -> tensor<4xi64>
  return %0 : tensor<4xi64>
}

// -----
// The total runs along in a destination of its own.
// CHECK-LABEL: func.func @cumsum
func.func @cumsum(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %axis = ge.const dense<0> : tensor<i64>
  // CHECK: linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%{{.*}} : tensor<4x6xf32>) outs(%{{.*}}, %{{.*}} : tensor<4x6xf32>, tensor<6xf32>)
  // CHECK: linalg.yield %[[T:.*]], %[[T]] : f32, f32
  %0 = ge.cumsum %x, %axis : (tensor<4x6xf32>, tensor<i64>) -> tensor<4x6xf32>
  return %0 : tensor<4x6xf32>
}

// -----
// CHECK-LABEL: func.func @top_k
func.func @top_k(%x: tensor<4x6xf32>) -> (tensor<4x2xf32>, tensor<4x2xi32>) {
  %k = ge.const dense<2> : tensor<i32>
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction", "reduction"]
  %v, %i = ge.top_k_v2 %x, %k : (tensor<4x6xf32>, tensor<i32>) -> (tensor<4x2xf32>, tensor<4x2xi32>)
  return %v, %i : tensor<4x2xf32>, tensor<4x2xi32>
}
