// Views stay views; what moves elements is one generic.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg | FileCheck %s

// CHECK-LABEL: func.func @reshape
func.func @reshape(%x: tensor<2x3x4xf32>) -> tensor<3x8xf32> {
  %s = ge.const dense<[3, 8]> : tensor<2xi64>
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1, 2]] : tensor<2x3x4xf32> into tensor<24xf32>
  // CHECK: tensor.expand_shape %[[FLAT]] {{\[\[}}0, 1]] output_shape [3, 8]
  %0 = ge.reshape %x, %s : (tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// -----
// A permutation of dimensions of size 1 is a reshape.
// CHECK-LABEL: func.func @transpose
func.func @transpose(%x: tensor<2x1x4xf32>) -> (tensor<4x2x1xf32>, tensor<1x2x4xf32>) {
  %p = ge.const dense<[2, 0, 1]> : tensor<3xi64>
  %q = ge.const dense<[1, 0, 2]> : tensor<3xi64>
  // CHECK: linalg.generic
  // CHECK-NOT: linalg.generic
  %0 = ge.transpose %x, %p : (tensor<2x1x4xf32>, tensor<3xi64>) -> tensor<4x2x1xf32>
  // CHECK: tensor.expand_shape {{.*}} into tensor<1x2x4xf32>
  %1 = ge.transpose %x, %q : (tensor<2x1x4xf32>, tensor<3xi64>) -> tensor<1x2x4xf32>
  return %0, %1 : tensor<4x2x1xf32>, tensor<1x2x4xf32>
}

// -----
// CHECK-LABEL: func.func @concat
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>, %[[Y:.*]]: tensor<4x3xf32>)
func.func @concat(%x: tensor<2x3xf32>, %y: tensor<4x3xf32>) -> tensor<6x3xf32> {
  %d = ge.const dense<0> : tensor<i32>
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<6x3xf32>
  // CHECK: %[[A:.*]] = tensor.insert_slice %[[X]] into %[[INIT]][0, 0] [2, 3] [1, 1]
  // CHECK: tensor.insert_slice %[[Y]] into %[[A]][2, 0] [4, 3] [1, 1]
  %0 = ge.concat_v2 %x, %y, %d : (tensor<2x3xf32>, tensor<4x3xf32>, tensor<i32>) -> tensor<6x3xf32>
  return %0 : tensor<6x3xf32>
}

// -----
// A range of memory is a view, other parts are copied by a map.
// CHECK: #[[$PART:.*]] = affine_map<(d0, d1) -> (d0, d1 * 2 + 1)>
// CHECK-LABEL: func.func @slice
func.func @slice(%x: tensor<4x6xf32>) -> (tensor<2x6xf32>, tensor<4x2xf32>) {
  %o = ge.const dense<[1, 0]> : tensor<2xi64>
  %s = ge.const dense<[2, 6]> : tensor<2xi64>
  // CHECK: tensor.extract_slice %{{.*}}[1, 0] [2, 6] [1, 1]
  %0 = ge.slice %x, %o, %s : (tensor<4x6xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x6xf32>
  %b = ge.const dense<[0, 1]> : tensor<2xi64>
  %e = ge.const dense<[4, 4]> : tensor<2xi64>
  %t = ge.const dense<[1, 2]> : tensor<2xi64>
  // CHECK: linalg.generic {indexing_maps = [#[[$PART]],
  %1 = ge.strided_slice %x, %b, %e, %t : (tensor<4x6xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<4x2xf32>
  return %0, %1 : tensor<2x6xf32>, tensor<4x2xf32>
}

// -----
// An index from data is clamped.
// CHECK-LABEL: func.func @gather
func.func @gather(%x: tensor<10x4xf32>, %i: tensor<3xi64>) -> tensor<3x4xf32> {
  %a = ge.const dense<0> : tensor<i32>
  // CHECK: arith.maxsi
  // CHECK: %[[AT:.*]] = arith.minsi
  // CHECK: tensor.extract %{{.*}}[%[[AT]], %{{.*}}] : tensor<10x4xf32>
  %0 = ge.gather_v2 %x, %i, %a : (tensor<10x4xf32>, tensor<3xi64>, tensor<i32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// -----
// Enlargement by the nearest element is a broadcast; tables say what a bilinear one reads.
// CHECK-LABEL: func.func @resize
func.func @resize(%x: tensor<1x2x4x4xf32>) -> (tensor<1x2x8x8xf32>, tensor<1x2x6x6xf32>) {
  %s = ge.const dense<[1, 2, 8, 8]> : tensor<4xi64>
  %t = ge.const dense<[1, 2, 6, 6]> : tensor<4xi64>
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<1x2x4x2x4x2xf32>)
  // CHECK: tensor.collapse_shape {{.*}} into tensor<1x2x8x8xf32>
  %0 = ge.resize %x sizes(%s) : (tensor<1x2x4x4xf32>, tensor<4xi64>) -> tensor<1x2x8x8xf32>
  // CHECK: linalg.generic
  // CHECK-COUNT-4: tensor.extract %{{.*}} : tensor<1x2x4x4xf32>
  %1 = ge.resize %x sizes(%t) {mode = "linear"} : (tensor<1x2x4x4xf32>, tensor<4xi64>) -> tensor<1x2x6x6xf32>
  return %0, %1 : tensor<1x2x8x8xf32>, tensor<1x2x6x6xf32>
}

// -----
// Updates are written in order.
// CHECK-LABEL: func.func @scatter
func.func @scatter(%x: tensor<4x6xf32>, %i: tensor<2x1xi64>, %u: tensor<2x6xf32>) -> tensor<4x6xf32> {
  // CHECK: scf.for {{.*}} iter_args
  // CHECK: scf.for {{.*}} iter_args
  // CHECK: tensor.insert
  %0 = ge.tensor_scatter_update %x, %i, %u : (tensor<4x6xf32>, tensor<2x1xi64>, tensor<2x6xf32>) -> tensor<4x6xf32>
  return %0 : tensor<4x6xf32>
}
