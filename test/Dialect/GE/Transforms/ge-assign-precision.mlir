// RUN: ge-opt %s --ge-assign-precision="everywhere=true" --split-input-file | FileCheck %s --check-prefixes=CHECK,ALL
// RUN: ge-opt %s --ge-assign-precision --split-input-file | FileCheck %s --check-prefixes=CHECK,MIX
// RUN: ge-opt %s --ge-assign-precision="type=bf16" --split-input-file | FileCheck %s --check-prefix=BF16
// RUN: not ge-opt %s --ge-assign-precision="type=f8" --split-input-file 2>&1 | FileCheck %s --check-prefix=BAD

// BAD: error: precision type 'f8' is not supported, expected f16 or bf16 [E10006]

// Products take the shorter type, and what reads only them follows; one
// conversion serves two users.
// CHECK-LABEL: func.func @chain(
// CHECK-SAME: %[[X:.*]]: tensor<2x4xf32>) -> tensor<2x3xf32>
// CHECK: %[[XS:.*]] = ge.cast %[[X]] {dst_type = f16} : (tensor<2x4xf32>) -> tensor<2x4xf16>
// CHECK: %[[W:.*]] = ge.const
// CHECK: %[[WS:.*]] = ge.cast %[[W]] {dst_type = f16}
// CHECK: %[[A:.*]] = ge.mat_mul_v2 %[[XS]], %[[WS]] : (tensor<2x4xf16>, tensor<4x3xf16>) -> tensor<2x3xf16>
// CHECK: %[[B:.*]] = ge.mat_mul_v2 %[[XS]], %[[WS]]
// CHECK: %[[C:.*]] = ge.add %[[A]], %[[B]] : tensor<2x3xf16>
// CHECK: %[[D:.*]] = ge.relu %[[C]] : tensor<2x3xf16>
// CHECK: %[[Y:.*]] = ge.cast %[[D]] {dst_type = f32} : (tensor<2x3xf16>) -> tensor<2x3xf32>
// CHECK-NOT: ge.cast
// CHECK: return %[[Y]] : tensor<2x3xf32>
// BF16: ge.mat_mul_v2 {{.*}} -> tensor<2x3xbf16>
func.func @chain(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %w = ge.const dense<0.5> : tensor<4x3xf32>
  %a = ge.mat_mul_v2 %x, %w : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  %b = ge.mat_mul_v2 %x, %w : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  %c = ge.add %a, %b : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %d = ge.relu %c : tensor<2x3xf32>
  return %d : tensor<2x3xf32>
}

// -----

// What sums or exponentiates stays; what follows no product only goes with
// `everywhere`. Other element types are nobody's business.
// CHECK-LABEL: func.func @stays(
// ALL: ge.relu {{.*}} : tensor<2x4xf16>
// ALL: ge.minimum {{.*}} : tensor<2x4xf16>
// MIX: ge.relu {{.*}} : tensor<2x4xf32>
// CHECK: ge.softmax_v2 {{.*}} : tensor<2x4xf32>
// CHECK: ge.neg {{.*}} : tensor<2x4xi32>
func.func @stays(%x: tensor<2x4xf32>, %i: tensor<2x4xi32>) -> (tensor<2x4xf32>, tensor<2x4xi32>) {
  %a = ge.relu %x : tensor<2x4xf32>
  %b = ge.minimum %a, %x : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %c = ge.softmax_v2 %b {axes = array<i64: -1>} : tensor<2x4xf32>
  %n = ge.neg %i : tensor<2x4xi32>
  return %c, %n : tensor<2x4xf32>, tensor<2x4xi32>
}
