// RUN: ge-opt %s -split-input-file -npu-fuse-elementwise | FileCheck %s
// RUN: ge-opt %s -split-input-file -npu-fuse-elementwise=round-once | FileCheck %s --check-prefix=ONCE
// RUN: ge-opt %s -split-input-file -npu-fuse-elementwise -mlir-print-debuginfo | FileCheck %s --check-prefix=LOC

#map = affine_map<(d0) -> (d0)>

// A producer with one user becomes part of it, and the node of neither is lost.
// CHECK-LABEL: func.func @chain
// CHECK: linalg.generic
// CHECK: arith.negf
// CHECK-NEXT: math.exp
// CHECK-NOT: linalg.generic
// CHECK: return
// LOC-DAG: loc("negate")
// LOC-DAG: loc("exponent")
func.func @chain(%x: tensor<64xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = arith.negf %a : f32
    linalg.yield %r : f32
  } -> tensor<64xf32> loc("negate")
  %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%0 : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = math.exp %a : f32
    linalg.yield %r : f32
  } -> tensor<64xf32> loc("exponent")
  return %1 : tensor<64xf32>
}

// -----

#map = affine_map<(d0) -> (d0)>

// Two users would compute it twice.
// CHECK-LABEL: func.func @two_users
// CHECK-COUNT-3: linalg.generic
// CHECK: return
func.func @two_users(%x: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  %e = tensor.empty() : tensor<64xf32>
  %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = arith.negf %a : f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%0 : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = math.exp %a : f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  %2 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%0 : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = math.absf %a : f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  return %1, %2 : tensor<64xf32>, tensor<64xf32>
}

// -----

#row = affine_map<(d0, d1) -> (d1)>
#all = affine_map<(d0, d1) -> (d0, d1)>
#map = affine_map<(d0) -> (d0)>

// A row that is repeated 32 times would be computed 32 times: that is not done for
// an exponential, but for a sign.
// CHECK-LABEL: func.func @expensive_row
// CHECK-COUNT-2: linalg.generic
// CHECK: return
// CHECK-LABEL: func.func @cheap_row
// CHECK: linalg.generic
// CHECK: arith.negf
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @expensive_row(%x: tensor<64xf32>, %y: tensor<32x64xf32>) -> tensor<32x64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %f = tensor.empty() : tensor<32x64xf32>
  %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = math.exp %a : f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  %1 = linalg.generic {indexing_maps = [#row, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%0, %y : tensor<64xf32>, tensor<32x64xf32>) outs(%f : tensor<32x64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %r = arith.addf %a, %b : f32
    linalg.yield %r : f32
  } -> tensor<32x64xf32>
  return %1 : tensor<32x64xf32>
}

func.func @cheap_row(%x: tensor<64xf32>, %y: tensor<32x64xf32>) -> tensor<32x64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %f = tensor.empty() : tensor<32x64xf32>
  %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = arith.negf %a : f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  %1 = linalg.generic {indexing_maps = [#row, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%0, %y : tensor<64xf32>, tensor<32x64xf32>) outs(%f : tensor<32x64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %r = arith.addf %a, %b : f32
    linalg.yield %r : f32
  } -> tensor<32x64xf32>
  return %1 : tensor<32x64xf32>
}

// -----

#map = affine_map<(d0) -> (d0)>

// What is rounded between the two is rounded only if nothing says otherwise; what
// several read is.
// CHECK-LABEL: func.func @rounded
// CHECK: arith.truncf
// CHECK: arith.extf
// CHECK: arith.truncf
// ONCE-LABEL: func.func @rounded
// ONCE: linalg.generic
// ONCE: %[[N:.*]] = arith.negf
// ONCE-NEXT: math.exp %[[N]]
// ONCE-NEXT: arith.truncf
// ONCE-NEXT: linalg.yield
// ONCE-NOT: linalg.generic
func.func @rounded(%x: tensor<64xf16>) -> tensor<64xf16> {
  %e = tensor.empty() : tensor<64xf16>
  %0 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%x : tensor<64xf16>) outs(%e : tensor<64xf16>) {
  ^bb0(%a: f16, %b: f16):
    %w = arith.extf %a : f16 to f32
    %n = arith.negf %w : f32
    %r = arith.truncf %n : f32 to f16
    linalg.yield %r : f16
  } -> tensor<64xf16>
  %1 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]}
      ins(%0 : tensor<64xf16>) outs(%e : tensor<64xf16>) {
  ^bb0(%a: f16, %b: f16):
    %w = arith.extf %a : f16 to f32
    %n = math.exp %w : f32
    %r = arith.truncf %n : f32 to f16
    linalg.yield %r : f16
  } -> tensor<64xf16>
  return %1 : tensor<64xf16>
}
