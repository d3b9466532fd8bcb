// Operators that read or write by index agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<10x4x3xf32>, %i: tensor<2x5xi64> {test.low = -4.0 : f64, test.high = 3.0 : f64}, %j: tensor<7xi32> {test.low = 0.0 : f64, test.high = 9.0 : f64}) -> (tensor<7x4x3xf32>, tensor<10x2x5x3xf32>, tensor<10x3xf32>, tensor<4x3xf32>) {
  %zero = ge.const dense<0> : tensor<i32>
  %one = ge.const dense<1> : tensor<i64>
  %0 = ge.gather_v2 %x, %j, %zero : (tensor<10x4x3xf32>, tensor<7xi32>, tensor<i32>) -> tensor<7x4x3xf32>
  %1 = ge.gather_v2 %x, %i, %one {negative_index_support = true} : (tensor<10x4x3xf32>, tensor<2x5xi64>, tensor<i64>) -> tensor<10x2x5x3xf32>
  %k = ge.const dense<2> : tensor<i64>
  %2 = ge.gather_v2 %x, %k, %one : (tensor<10x4x3xf32>, tensor<i64>, tensor<i64>) -> tensor<10x3xf32>
  %3 = ge.gather_v2 %x, %k, %zero : (tensor<10x4x3xf32>, tensor<i64>, tensor<i32>) -> tensor<4x3xf32>
  return %0, %1, %2, %3 : tensor<7x4x3xf32>, tensor<10x2x5x3xf32>, tensor<10x3xf32>, tensor<4x3xf32>
}

// -----
func.func @main(%x: tensor<2x6x3xf32>, %i: tensor<2x4xi64> {test.low = 0.0 : f64, test.high = 5.0 : f64}, %n: tensor<3x2xi64> {test.low = 0.0 : f64, test.high = 1.0 : f64}, %e: tensor<2x2x3xi32> {test.low = 0.0 : f64, test.high = 5.0 : f64}) -> (tensor<2x4x3xf32>, tensor<3x3xf32>, tensor<2x2x3xf32>) {
  %one = ge.const dense<1> : tensor<i64>
  %0 = ge.gather_v2 %x, %i, %one {batch_dims = 1 : i64} : (tensor<2x6x3xf32>, tensor<2x4xi64>, tensor<i64>) -> tensor<2x4x3xf32>
  %1 = ge.gather_nd %x, %n : (tensor<2x6x3xf32>, tensor<3x2xi64>) -> tensor<3x3xf32>
  %2 = ge.gather_elements %x, %e {dim = 1 : i64} : (tensor<2x6x3xf32>, tensor<2x2x3xi32>) -> tensor<2x2x3xf32>
  return %0, %1, %2 : tensor<2x4x3xf32>, tensor<3x3xf32>, tensor<2x2x3xf32>
}

// -----
func.func @main(%x: tensor<4x6xf32>, %i: tensor<4x2xi64> {test.values = dense<[[0, 5], [2, 1], [3, 4], [5, 0]]> : tensor<4x2xi64>}, %u: tensor<4x2xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %0 = ge.scatter_elements %x, %i, %u {axis = 1 : i64} : (tensor<4x6xf32>, tensor<4x2xi64>, tensor<4x2xf32>) -> tensor<4x6xf32>
  %1 = ge.scatter_elements %x, %i, %u {axis = 1 : i64, reduction = "add"} : (tensor<4x6xf32>, tensor<4x2xi64>, tensor<4x2xf32>) -> tensor<4x6xf32>
  %2 = ge.scatter_elements %x, %i, %u {axis = 1 : i64, reduction = "mul"} : (tensor<4x6xf32>, tensor<4x2xi64>, tensor<4x2xf32>) -> tensor<4x6xf32>
  %3 = ge.scatter_elements %x, %i, %u {axis = 1 : i64, reduction = "max"} : (tensor<4x6xf32>, tensor<4x2xi64>, tensor<4x2xf32>) -> tensor<4x6xf32>
  return %0, %1, %2, %3 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----
func.func @main(%x: tensor<4x6xf32>, %i: tensor<3x1xi64> {test.values = dense<[[1], [3], [0]]> : tensor<3x1xi64>}, %u: tensor<3x6xf32>, %n: tensor<2x2xi64> {test.values = dense<[[1, 2], [3, 5]]> : tensor<2x2xi64>}, %v: tensor<2xf32>, %d: tensor<3x1xi64> {test.values = dense<[[1], [3], [1]]> : tensor<3x1xi64>}) -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %0 = ge.tensor_scatter_update %x, %i, %u : (tensor<4x6xf32>, tensor<3x1xi64>, tensor<3x6xf32>) -> tensor<4x6xf32>
  %1 = ge.tensor_scatter_update %x, %n, %v : (tensor<4x6xf32>, tensor<2x2xi64>, tensor<2xf32>) -> tensor<4x6xf32>
  %shape = ge.const dense<[4, 6]> : tensor<2xi64>
  %2 = ge.scatter_nd %d, %u, %shape : (tensor<3x1xi64>, tensor<3x6xf32>, tensor<2xi64>) -> tensor<4x6xf32>
  return %0, %1, %2 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----
// Updates that are the data, of any size: the loop starts from a copy.
func.func @main(%x: tensor<3x4xf32> {test.open = array<i64: 0, 1>},
                %i: tensor<3x4xi64> {test.low = 0.0, test.high = 2.0, test.open = array<i64: 0, 1>}) -> tensor<3x4xf32> {
  %y = ge.scatter_elements %x, %i, %x {axis = 0 : i64} : (tensor<3x4xf32>, tensor<3x4xi64>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}
