// RUN: ge-eval --all %s | FileCheck %s

// CHECK-LABEL: @reduce
// CHECK-NEXT: dense<{{\[\[}}6.000000e+00], [1.500000e+01]]> : tensor<2x1xf32>
// CHECK-NEXT: dense<[2.500000e+00, 3.500000e+00, 4.500000e+00]> : tensor<3xf32>
// CHECK-NEXT: dense<[3.000000e+00, 6.000000e+00]> : tensor<2xf32>
// CHECK-NEXT: dense<[6.000000e+00, 1.200000e+02]> : tensor<2xf32>
// CHECK-NEXT: dense<[3.40760589, 6.40760612]> : tensor<2xf32>
func.func @reduce() -> (tensor<2x1xf32>, tensor<3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %x = ge.const dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %last = ge.const dense<-1> : tensor<1xi64>
  %first = ge.const dense<0> : tensor<1xi64>
  %0 = ge.reduce_sum %x, %last {keep_dims = true} : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1xf32>
  %1 = ge.reduce_mean %x, %first : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<3xf32>
  %2 = ge.reduce_max %x, %last : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2xf32>
  %3 = ge.reduce_prod %x, %last : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2xf32>
  %4 = ge.reduce_log_sum_exp %x, %last : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2xf32>
  return %0, %1, %2, %3, %4 : tensor<2x1xf32>, tensor<3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// Empty axes reduce nothing, or everything, as the attribute says.
// CHECK-LABEL: @empty_axes
// CHECK-NEXT: dense<[1, 2]> : tensor<2xi32>
// CHECK-NEXT: dense<3> : tensor<i32>
func.func @empty_axes() -> (tensor<2xi32>, tensor<i32>) {
  %x = ge.const dense<[1, 2]> : tensor<2xi32>
  %axes = ge.const dense<> : tensor<0xi64>
  %0 = ge.reduce_sum %x, %axes : (tensor<2xi32>, tensor<0xi64>) -> tensor<2xi32>
  %1 = ge.reduce_sum %x, %axes {noop_with_empty_axes = false} : (tensor<2xi32>, tensor<0xi64>) -> tensor<i32>
  return %0, %1 : tensor<2xi32>, tensor<i32>
}

// Among equal elements the first wins.
// CHECK-LABEL: @arg
// CHECK-NEXT: dense<[1, 0]> : tensor<2xi64>
// CHECK-NEXT: dense<[0, 1]> : tensor<2xi32>
func.func @arg() -> (tensor<2xi64>, tensor<2xi32>) {
  %x = ge.const dense<[[1.0, 3.0, 3.0], [9.0, 2.0, 2.0]]> : tensor<2x3xf32>
  %d = ge.const dense<1> : tensor<i64>
  %0 = ge.arg_max_v2 %x, %d : (tensor<2x3xf32>, tensor<i64>) -> tensor<2xi64>
  %1 = ge.arg_min %x, %d {dtype = i32} : (tensor<2x3xf32>, tensor<i64>) -> tensor<2xi32>
  return %0, %1 : tensor<2xi64>, tensor<2xi32>
}

// CHECK-LABEL: @scan
// CHECK-NEXT: dense<[1, 3, 6]> : tensor<3xi32>
// CHECK-NEXT: dense<[5, 3, 0]> : tensor<3xi32>
// CHECK-NEXT: dense<[1, 2, 6]> : tensor<3xi32>
func.func @scan() -> (tensor<3xi32>, tensor<3xi32>, tensor<3xi32>) {
  %x = ge.const dense<[1, 2, 3]> : tensor<3xi32>
  %axis = ge.const dense<0> : tensor<i32>
  %0 = ge.cumsum %x, %axis : (tensor<3xi32>, tensor<i32>) -> tensor<3xi32>
  %1 = ge.cumsum %x, %axis {exclusive = true, reverse = true} : (tensor<3xi32>, tensor<i32>) -> tensor<3xi32>
  %2 = ge.cumprod %x, %axis : (tensor<3xi32>, tensor<i32>) -> tensor<3xi32>
  return %0, %1, %2 : tensor<3xi32>, tensor<3xi32>, tensor<3xi32>
}

// CHECK-LABEL: @top_k
// CHECK-NEXT: dense<{{\[\[}}9.000000e+00, 5.000000e+00], [7.000000e+00, 7.000000e+00]]> : tensor<2x2xf32>
// CHECK-NEXT: dense<{{\[\[}}1, 2], [0, 2]]> : tensor<2x2xi32>
func.func @top_k() -> (tensor<2x2xf32>, tensor<2x2xi32>) {
  %x = ge.const dense<[[1.0, 9.0, 5.0], [7.0, 2.0, 7.0]]> : tensor<2x3xf32>
  %k = ge.const dense<2> : tensor<i32>
  %v, %i = ge.top_k_v2 %x, %k : (tensor<2x3xf32>, tensor<i32>) -> (tensor<2x2xf32>, tensor<2x2xi32>)
  return %v, %i : tensor<2x2xf32>, tensor<2x2xi32>
}

// CHECK-LABEL: @logical
// CHECK-NEXT: dense<[false, true]> : tensor<2xi1>
// CHECK-NEXT: dense<true> : tensor<2xi1>
func.func @logical() -> (tensor<2xi1>, tensor<2xi1>) {
  %x = ge.const dense<[[true, false], [true, true]]> : tensor<2x2xi1>
  %axes = ge.const dense<1> : tensor<1xi64>
  %0 = ge.reduce_all %x, %axes : (tensor<2x2xi1>, tensor<1xi64>) -> tensor<2xi1>
  %1 = ge.reduce_any %x, %axes : (tensor<2x2xi1>, tensor<1xi64>) -> tensor<2xi1>
  return %0, %1 : tensor<2xi1>, tensor<2xi1>
}
