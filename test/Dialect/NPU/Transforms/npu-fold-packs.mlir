// RUN: ge-opt %s -split-input-file -npu-fold-packs | FileCheck %s
// RUN: ge-opt %s -split-input-file -npu-fold-packs=device=Ascend910B1 | FileCheck %s --check-prefix=CUBE

// A constant right operand is packed at compile time: panel 0 holds column 0 and 1, panel 1 column 2 and zeros.
// CHECK-LABEL: func.func @constant
func.func @constant() -> tensor<2x2x2xf32> {
  // CHECK: arith.constant dense<{{\[}}{{\[}}[1.000000e+00, 2.000000e+00], [4.000000e+00, 5.000000e+00]], {{\[}}[3.000000e+00, 0.000000e+00], [6.000000e+00, 0.000000e+00]]]> : tensor<2x2x2xf32>
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %p = npu.pack_panels %w kn {n0 = 2 : i64} : tensor<2x3xf32> -> tensor<2x2x2xf32>
  return %p : tensor<2x2x2xf32>
}

// -----

// A filter's rows follow the image's channel blocks: (c1, kh, kw, c0).
// CHECK-LABEL: func.func @filter
func.func @filter() -> tensor<1x6x2xf32> {
  // CHECK: arith.constant dense<{{\[}}{{\[}}[1.000000e+00, 7.000000e+00], [3.000000e+00, 9.000000e+00], [2.000000e+00, 8.000000e+00], [4.000000e+00, 1.000000e+01], [5.000000e+00, 1.100000e+01], [6.000000e+00, 1.200000e+01]]]>
  %w = arith.constant dense<[[[[1.0, 2.0]], [[3.0, 4.0]], [[5.0, 6.0]]], [[[7.0, 8.0]], [[9.0, 10.0]], [[11.0, 12.0]]]]> : tensor<2x3x1x2xf32>
  %p = npu.pack_panels %w conv_nc1hwc0 {n0 = 2 : i64, c0 = 2 : i64} : tensor<2x3x1x2xf32> -> tensor<1x6x2xf32>
  return %p : tensor<1x6x2xf32>
}

// -----

// An operand that only exists at run time is gathered by a loop nest.
// CHECK-LABEL: func.func @runtime
func.func @runtime(%w: tensor<4x3xf32>) -> tensor<2x4x2xf32> {
  // CHECK: linalg.generic
  // CHECK: tensor.extract %{{.*}} : tensor<4x3xf32>
  // CHECK-NOT: npu.pack_panels
  %p = npu.pack_panels %w kn {n0 = 2 : i64} : tensor<4x3xf32> -> tensor<2x4x2xf32>
  return %p : tensor<2x4x2xf32>
}

// -----

// The cube of an AI Core takes a matrix as it lies; columns side by side only by pairs
// of blocks of 32 bytes.
// CUBE-LABEL: func.func @taken
func.func @taken(%a: tensor<?x4xf32>, %w: tensor<4x16xf32>, %c: tensor<?x16xf32>) -> tensor<?x16xf32> {
  // CUBE: npu.mmad ins(%arg0, %arg1 : tensor<?x4xf32>, tensor<4x16xf32>) {{.*}} attributes {order = #npu<panel_order kn>}
  %p = npu.pack_panels %w kn {n0 = 16 : i64} : tensor<4x16xf32> -> tensor<1x4x16xf32>
  %r = npu.mmad ins(%a, %p : tensor<?x4xf32>, tensor<1x4x16xf32>) outs(%c : tensor<?x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<?x16xf32>
  return %r : tensor<?x16xf32>
}

// -----

// CUBE-LABEL: func.func @uneven
func.func @uneven(%a: tensor<?x4xf32>, %w: tensor<4x3xf32>, %c: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CUBE: tensor.extract
  %p = npu.pack_panels %w kn {n0 = 16 : i64} : tensor<4x3xf32> -> tensor<1x4x16xf32>
  %r = npu.mmad ins(%a, %p : tensor<?x4xf32>, tensor<1x4x16xf32>) outs(%c : tensor<?x3xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<?x3xf32>
  return %r : tensor<?x3xf32>
}
