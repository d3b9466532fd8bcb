// RUN: ge-eval --all %s | FileCheck %s

// CHECK-LABEL: @gather
// CHECK-NEXT: dense<{{\[\[}}3, 1], [6, 4]]> : tensor<2x2xi32>
// CHECK-NEXT: dense<{{\[\[}}2], [6]]> : tensor<2x1xi32>
// CHECK-NEXT: dense<[6, 1]> : tensor<2xi32>
// CHECK-NEXT: dense<{{\[\[}}1, 5], [4, 2]]> : tensor<2x2xi32>
func.func @gather() -> (tensor<2x2xi32>, tensor<2x1xi32>, tensor<2xi32>, tensor<2x2xi32>) {
  %x = ge.const dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %i = ge.const dense<[-1, 0]> : tensor<2xi64>
  %axis = ge.const dense<1> : tensor<i32>
  %0 = ge.gather_v2 %x, %i, %axis : (tensor<2x3xi32>, tensor<2xi64>, tensor<i32>) -> tensor<2x2xi32>
  %bi = ge.const dense<[[1], [2]]> : tensor<2x1xi64>
  %1 = ge.gather_v2 %x, %bi, %axis {batch_dims = 1 : i64} : (tensor<2x3xi32>, tensor<2x1xi64>, tensor<i32>) -> tensor<2x1xi32>
  %ni = ge.const dense<[[1, 2], [0, 0]]> : tensor<2x2xi64>
  %2 = ge.gather_nd %x, %ni : (tensor<2x3xi32>, tensor<2x2xi64>) -> tensor<2xi32>
  %ei = ge.const dense<[[0, 1], [1, 0]]> : tensor<2x2xi64>
  %3 = ge.gather_elements %x, %ei : (tensor<2x3xi32>, tensor<2x2xi64>) -> tensor<2x2xi32>
  return %0, %1, %2, %3 : tensor<2x2xi32>, tensor<2x1xi32>, tensor<2xi32>, tensor<2x2xi32>
}

// CHECK-LABEL: @scatter
// CHECK-NEXT: dense<{{\[\[}}1, 20, 3], [40, 5, 6]]> : tensor<2x3xi32>
// CHECK-NEXT: dense<{{\[\[}}1, 22, 3], [44, 5, 6]]> : tensor<2x3xi32>
// CHECK-NEXT: dense<{{\[\[}}1, 2, 3], [7, 8, 9]]> : tensor<2x3xi32>
// CHECK-NEXT: dense<[0, 3, 0, 5]> : tensor<4xi32>
func.func @scatter() -> (tensor<2x3xi32>, tensor<2x3xi32>, tensor<2x3xi32>, tensor<4xi32>) {
  %x = ge.const dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %i = ge.const dense<[[1], [0]]> : tensor<2x1xi64>
  %u = ge.const dense<[[20], [40]]> : tensor<2x1xi32>
  %0 = ge.scatter_elements %x, %i, %u {axis = 1 : i64} : (tensor<2x3xi32>, tensor<2x1xi64>, tensor<2x1xi32>) -> tensor<2x3xi32>
  %1 = ge.scatter_elements %x, %i, %u {axis = 1 : i64, reduction = "add"} : (tensor<2x3xi32>, tensor<2x1xi64>, tensor<2x1xi32>) -> tensor<2x3xi32>
  %row = ge.const dense<[[1]]> : tensor<1x1xi64>
  %ru = ge.const dense<[[7, 8, 9]]> : tensor<1x3xi32>
  %2 = ge.tensor_scatter_update %x, %row, %ru : (tensor<2x3xi32>, tensor<1x1xi64>, tensor<1x3xi32>) -> tensor<2x3xi32>
  %si = ge.const dense<[[1], [3], [1]]> : tensor<3x1xi64>
  %su = ge.const dense<[1, 5, 2]> : tensor<3xi32>
  %shape = ge.const dense<4> : tensor<1xi64>
  %3 = ge.scatter_nd %si, %su, %shape : (tensor<3x1xi64>, tensor<3xi32>, tensor<1xi64>) -> tensor<4xi32>
  return %0, %1, %2, %3 : tensor<2x3xi32>, tensor<2x3xi32>, tensor<2x3xi32>, tensor<4xi32>
}

// CHECK-LABEL: @one_hot
// CHECK-NEXT: dense<{{\[\[}}0, 9, 0], [0, 0, 0]]> : tensor<2x3xi32>
func.func @one_hot() -> tensor<2x3xi32> {
  %x = ge.const dense<[1, 3]> : tensor<2xi64>
  %depth = ge.const dense<3> : tensor<i32>
  %on = ge.const dense<9> : tensor<i32>
  %off = ge.const dense<0> : tensor<i32>
  %0 = ge.one_hot %x, %depth, %on, %off : (tensor<2xi64>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}
