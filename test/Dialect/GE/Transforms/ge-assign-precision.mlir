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

// -----

// Branches compute in the shorter type too; what they take and give keeps its type.
// CHECK-LABEL: func.func @branches(
// CHECK: ge.if
// CHECK: ^bb0(%[[A:.*]]: tensor<2x2xf32>)
// CHECK: %[[S:.*]] = ge.cast %[[A]] {dst_type = f16}
// CHECK: %[[P:.*]] = ge.mat_mul_v2 %[[S]], %[[S]] {{.*}}-> tensor<2x2xf16>
// CHECK: %[[R:.*]] = ge.relu %[[P]] : tensor<2x2xf16>
// CHECK: %[[W:.*]] = ge.cast %[[R]] {dst_type = f32}
// CHECK: ge.yield %[[W]] : tensor<2x2xf32>
// MIX: ge.relu {{.*}} : tensor<2x2xf32>
// ALL: ge.relu {{.*}} : tensor<2x2xf16>
func.func @branches(%c: tensor<i1>, %x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %0 = ge.if %c(%x) : (tensor<i1>, tensor<2x2xf32>) -> tensor<2x2xf32> then {
  ^bb0(%a: tensor<2x2xf32>):
    %p = ge.mat_mul_v2 %a, %a : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
    %r = ge.relu %p : tensor<2x2xf32>
    ge.yield %r : tensor<2x2xf32>
  } else {
  ^bb0(%a: tensor<2x2xf32>):
    %r = ge.relu %a : tensor<2x2xf32>
    ge.yield %r : tensor<2x2xf32>
  }
  return %0 : tensor<2x2xf32>
}

// -----

// Of a constant, what is too large becomes the largest number of the type, and what
// is infinite stays so. Whoever else reads it sees it as it was.
// CHECK-LABEL: func.func @saturates(
// ALL-DAG: %[[C:.*]] = ge.const dense<[1.000000e+00, 6.550400e+04, -6.550400e+04, 0xFF800000]> : tensor<4xf32>
// ALL-DAG: ge.cast %[[C]] {dst_type = f16}
// ALL: return %{{.*}}, %[[O:.*]] : tensor<4xf32>, tensor<4xf32>
func.func @saturates(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %c = ge.const dense<[1.0, 1.0e9, -65530.0, 0xFF800000]> : tensor<4xf32>
  %0 = ge.add %x, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %c : tensor<4xf32>, tensor<4xf32>
}
