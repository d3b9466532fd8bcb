// Reductions and scans agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<4x6x33xf32>) -> (tensor<4x6xf32>, tensor<4x1x33xf32>, tensor<33xf32>, tensor<4x6x1xf32>, tensor<f32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %last = ge.const dense<-1> : tensor<1xi64>
  %middle = ge.const dense<1> : tensor<1xi64>
  %outer = ge.const dense<[0, 1]> : tensor<2xi64>
  %all = ge.const dense<[0, 1, 2]> : tensor<3xi32>
  %0 = ge.reduce_sum %x, %last : (tensor<4x6x33xf32>, tensor<1xi64>) -> tensor<4x6xf32>
  %1 = ge.reduce_mean %x, %middle {keep_dims = true} : (tensor<4x6x33xf32>, tensor<1xi64>) -> tensor<4x1x33xf32>
  %2 = ge.reduce_max %x, %outer : (tensor<4x6x33xf32>, tensor<2xi64>) -> tensor<33xf32>
  %3 = ge.reduce_min %x, %last {keep_dims = true} : (tensor<4x6x33xf32>, tensor<1xi64>) -> tensor<4x6x1xf32>
  %4 = ge.reduce_sum %x, %all : (tensor<4x6x33xf32>, tensor<3xi32>) -> tensor<f32>
  %5 = ge.reduce_prod %x, %last : (tensor<4x6x33xf32>, tensor<1xi64>) -> tensor<4x6xf32>
  %6 = ge.reduce_log_sum_exp %x, %last : (tensor<4x6x33xf32>, tensor<1xi64>) -> tensor<4x6xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<4x6xf32>, tensor<4x1x33xf32>, tensor<33xf32>, tensor<4x6x1xf32>, tensor<f32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----
func.func @main(%x: tensor<5x12xi32>, %b: tensor<5x3xi1>, %h: tensor<5x200xf16>) -> (tensor<5xi32>, tensor<12xi32>, tensor<5xi1>, tensor<5xi1>, tensor<5x12xi32>, tensor<5xf16>, tensor<5xi32>) {
  %last = ge.const dense<1> : tensor<1xi64>
  %first = ge.const dense<0> : tensor<1xi64>
  %none = ge.const dense<> : tensor<0xi64>
  %0 = ge.reduce_sum %x, %last : (tensor<5x12xi32>, tensor<1xi64>) -> tensor<5xi32>
  %1 = ge.reduce_max %x, %first : (tensor<5x12xi32>, tensor<1xi64>) -> tensor<12xi32>
  %2 = ge.reduce_all %b, %last : (tensor<5x3xi1>, tensor<1xi64>) -> tensor<5xi1>
  %3 = ge.reduce_any %b, %last : (tensor<5x3xi1>, tensor<1xi64>) -> tensor<5xi1>
  %4 = ge.reduce_sum %x, %none : (tensor<5x12xi32>, tensor<0xi64>) -> tensor<5x12xi32>
  %5 = ge.reduce_mean %h, %last : (tensor<5x200xf16>, tensor<1xi64>) -> tensor<5xf16>
  %6 = ge.reduce_mean %x, %last : (tensor<5x12xi32>, tensor<1xi64>) -> tensor<5xi32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<5xi32>, tensor<12xi32>, tensor<5xi1>, tensor<5xi1>, tensor<5x12xi32>, tensor<5xf16>, tensor<5xi32>
}

// -----
func.func @main(%x: tensor<4x9x5xf32>, %i: tensor<4x9xi32> {test.low = 0.0 : f64, test.high = 3.0 : f64}) -> (tensor<4x5xi64>, tensor<4x9xi32>, tensor<9xi64>, tensor<4xi64>) {
  %one = ge.const dense<1> : tensor<i64>
  %two = ge.const dense<-1> : tensor<1xi32>
  %zero = ge.const dense<0> : tensor<1xi32>
  %0 = ge.arg_max_v2 %x, %one : (tensor<4x9x5xf32>, tensor<i64>) -> tensor<4x5xi64>
  %1 = ge.arg_min %x, %two {dtype = i32} : (tensor<4x9x5xf32>, tensor<1xi32>) -> tensor<4x9xi32>
  %2 = ge.arg_max_v2 %i, %zero : (tensor<4x9xi32>, tensor<1xi32>) -> tensor<9xi64>
  %3 = ge.arg_min %i, %two : (tensor<4x9xi32>, tensor<1xi32>) -> tensor<4xi64>
  return %0, %1, %2, %3 : tensor<4x5xi64>, tensor<4x9xi32>, tensor<9xi64>, tensor<4xi64>
}

// -----
func.func @main(%x: tensor<3x8x4xf32>, %i: tensor<10xi64>) -> (tensor<3x8x4xf32>, tensor<3x8x4xf32>, tensor<3x8x4xf32>, tensor<3x8x4xf32>, tensor<10xi64>) {
  %one = ge.const dense<1> : tensor<i32>
  %two = ge.const dense<2> : tensor<i32>
  %zero = ge.const dense<0> : tensor<i32>
  %0 = ge.cumsum %x, %one : (tensor<3x8x4xf32>, tensor<i32>) -> tensor<3x8x4xf32>
  %1 = ge.cumsum %x, %two {exclusive = true} : (tensor<3x8x4xf32>, tensor<i32>) -> tensor<3x8x4xf32>
  %2 = ge.cumsum %x, %zero {exclusive = true, reverse = true} : (tensor<3x8x4xf32>, tensor<i32>) -> tensor<3x8x4xf32>
  %3 = ge.cumprod %x, %one {reverse = true} : (tensor<3x8x4xf32>, tensor<i32>) -> tensor<3x8x4xf32>
  %4 = ge.cumsum %i, %zero : (tensor<10xi64>, tensor<i32>) -> tensor<10xi64>
  return %0, %1, %2, %3, %4 : tensor<3x8x4xf32>, tensor<3x8x4xf32>, tensor<3x8x4xf32>, tensor<3x8x4xf32>, tensor<10xi64>
}

// -----
func.func @main(%x: tensor<3x40xf32>, %i: tensor<2x9x3xi32> {test.low = 0.0 : f64, test.high = 4.0 : f64}) -> (tensor<3x5xf32>, tensor<3x5xi32>, tensor<2x4x3xi32>, tensor<2x4x3xi64>) {
  %k = ge.const dense<5> : tensor<i32>
  %four = ge.const dense<4> : tensor<1xi64>
  %values, %indices = ge.top_k_v2 %x, %k : (tensor<3x40xf32>, tensor<i32>) -> (tensor<3x5xf32>, tensor<3x5xi32>)
  %v, %n = ge.top_k_v2 %i, %four {dim = 1 : i64, largest = false, indices_dtype = i64} : (tensor<2x9x3xi32>, tensor<1xi64>) -> (tensor<2x4x3xi32>, tensor<2x4x3xi64>)
  return %values, %indices, %v, %n : tensor<3x5xf32>, tensor<3x5xi32>, tensor<2x4x3xi32>, tensor<2x4x3xi64>
}

// -----
// What a loop carries from element to element is kept for each row, however many
// tiles there are.
func.func @main(%x: tensor<512x300xf32>) -> (tensor<512x300xf32>, tensor<512xi64>, tensor<512x20xf32>, tensor<512x20xi64>) {
  %axis = ge.const dense<1> : tensor<i64>
  %k = ge.const dense<20> : tensor<i64>
  %0 = ge.cumsum %x, %axis : (tensor<512x300xf32>, tensor<i64>) -> tensor<512x300xf32>
  %1 = ge.arg_max_v2 %x, %axis {dtype = i64} : (tensor<512x300xf32>, tensor<i64>) -> tensor<512xi64>
  %2, %3 = ge.top_k_v2 %x, %k {dim = 1 : i64, indices_dtype = i64} : (tensor<512x300xf32>, tensor<i64>) -> (tensor<512x20xf32>, tensor<512x20xi64>)
  return %0, %1, %2, %3 : tensor<512x300xf32>, tensor<512xi64>, tensor<512x20xf32>, tensor<512x20xi64>
}
