// Products of matrices agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%a: tensor<37x50xf32>, %b: tensor<50x45xf32>, %bt: tensor<45x50xf32>, %at: tensor<50x37xf32>, %bias: tensor<45xf32>) -> (tensor<37x45xf32>, tensor<37x45xf32>, tensor<37x45xf32>, tensor<37x45xf32>) {
  %0 = ge.mat_mul_v2 %a, %b : (tensor<37x50xf32>, tensor<50x45xf32>) -> tensor<37x45xf32>
  %1 = ge.mat_mul_v2 %a, %bt bias(%bias) {transpose_x2 = true} : (tensor<37x50xf32>, tensor<45x50xf32>, tensor<45xf32>) -> tensor<37x45xf32>
  %2 = ge.mat_mul_v2 %at, %b {transpose_x1 = true} : (tensor<50x37xf32>, tensor<50x45xf32>) -> tensor<37x45xf32>
  %3 = ge.mat_mul_v2 %at, %bt {transpose_x1 = true, transpose_x2 = true} : (tensor<50x37xf32>, tensor<45x50xf32>) -> tensor<37x45xf32>
  return %0, %1, %2, %3 : tensor<37x45xf32>, tensor<37x45xf32>, tensor<37x45xf32>, tensor<37x45xf32>
}

// -----
// A constant right operand is packed at compile time; the activation joins the product.
func.func @main(%a: tensor<5x3xf32>) -> tensor<5x4xf32> {
  %b = ge.const dense<[[1.0, -2.0, 3.0, 0.5], [0.25, 4.0, -1.0, 2.0], [-3.0, 1.5, 0.125, 1.0]]> : tensor<3x4xf32>
  %bias = ge.const dense<[0.5, -0.5, 1.0, 0.0]> : tensor<4xf32>
  %0 = ge.mat_mul_v2 %a, %b bias(%bias) : (tensor<5x3xf32>, tensor<3x4xf32>, tensor<4xf32>) -> tensor<5x4xf32>
  %1 = ge.relu %0 : tensor<5x4xf32>
  return %1 : tensor<5x4xf32>
}

// -----
func.func @main(%a: tensor<2x3x7x20xf32>, %b: tensor<2x3x20x9xf32>, %c: tensor<20x9xf32>, %d: tensor<3x9x20xf32>) -> (tensor<2x3x7x9xf32>, tensor<2x3x7x9xf32>, tensor<2x3x7x9xf32>) {
  %0 = ge.batch_mat_mul_v2 %a, %b : (tensor<2x3x7x20xf32>, tensor<2x3x20x9xf32>) -> tensor<2x3x7x9xf32>
  %1 = ge.batch_mat_mul_v2 %a, %c : (tensor<2x3x7x20xf32>, tensor<20x9xf32>) -> tensor<2x3x7x9xf32>
  %2 = ge.batch_mat_mul_v2 %a, %d {adj_x2 = true} : (tensor<2x3x7x20xf32>, tensor<3x9x20xf32>) -> tensor<2x3x7x9xf32>
  return %0, %1, %2 : tensor<2x3x7x9xf32>, tensor<2x3x7x9xf32>, tensor<2x3x7x9xf32>
}

// -----
func.func @main(%a: tensor<1x20x7xf32>, %b: tensor<4x20x9xf32>) -> tensor<4x7x9xf32> {
  %0 = ge.batch_mat_mul_v2 %a, %b {adj_x1 = true} : (tensor<1x20x7xf32>, tensor<4x20x9xf32>) -> tensor<4x7x9xf32>
  return %0 : tensor<4x7x9xf32>
}

// -----
func.func @main(%a: tensor<6x11xi32>, %b: tensor<11x5xi32>, %c: tensor<2x6x11xi32>, %d: tensor<2x5x11xi32>) -> (tensor<6x5xi32>, tensor<2x6x5xi32>) {
  %0 = ge.mat_mul_v2 %a, %b : (tensor<6x11xi32>, tensor<11x5xi32>) -> tensor<6x5xi32>
  %1 = ge.batch_mat_mul_v2 %c, %d {adj_x2 = true} : (tensor<2x6x11xi32>, tensor<2x5x11xi32>) -> tensor<2x6x5xi32>
  return %0, %1 : tensor<6x5xi32>, tensor<2x6x5xi32>
}

// -----
func.func @main(%a: tensor<6x11xf16>, %b: tensor<11x5xf16>, %c: tensor<6x11xf64>, %d: tensor<11x5xf64>) -> (tensor<6x5xf16>, tensor<6x5xf64>) {
  %0 = ge.mat_mul_v2 %a, %b : (tensor<6x11xf16>, tensor<11x5xf16>) -> tensor<6x5xf16>
  %1 = ge.mat_mul_v2 %c, %d : (tensor<6x11xf64>, tensor<11x5xf64>) -> tensor<6x5xf64>
  return %0, %1 : tensor<6x5xf16>, tensor<6x5xf64>
}

// -----
func.func @main(%a: tensor<6x11xf32>, %b: tensor<5x11xf32>, %c: tensor<5xf32>) -> tensor<6x5xf32> {
  %alpha = ge.const dense<0.5> : tensor<1xf32>
  %beta = ge.const dense<2.0> : tensor<1xf32>
  %0 = ge.gemm %a, %b, %c, %alpha, %beta {transpose_b = true} : (tensor<6x11xf32>, tensor<5x11xf32>, tensor<5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<6x5xf32>
  return %0 : tensor<6x5xf32>
}

// -----
// What is added to a product states the same sizes once more.
func.func @main(%a: tensor<3x9x31xf32> {test.open = array<i64: 0>, ge.attrs = {dim_names = ["m", "", ""]}},
                %b: tensor<1x31x11xf32> {test.open = array<i64: 2>, ge.attrs = {dim_names = ["", "", "n"]}},
                %c: tensor<3x9x11xf32> {test.open = array<i64: 0, 2>, ge.attrs = {dim_names = ["m", "", "n"]}}) -> tensor<3x9x11xf32> {
  %0 = ge.batch_mat_mul_v2 %a, %b : (tensor<3x9x31xf32>, tensor<1x31x11xf32>) -> tensor<3x9x11xf32>
  %1 = ge.add %c, %0 : tensor<3x9x11xf32>
  return %1 : tensor<3x9x11xf32>
}
