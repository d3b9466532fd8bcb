// RUN: ge-opt %s -split-input-file -pass-pipeline='builtin.module(npu.kernel(npu-tile-engines{device=Ascend910B1}))' | FileCheck %s

// Halves that are widened for a maximum and rounded behind it: the unit takes them as
// they are.
// CHECK-LABEL: npu.kernel @largest
// CHECK-SAME: npu.engine = "vector"
// CHECK-NOT: "cast"
// CHECK: npu.vector "reduce.max" ins(%{{.*}} : memref<{{.*}}xf16
// CHECK-NOT: "cast"
// CHECK: npu.return
#row = affine_map<(d0, d1) -> (d0)>
#id = affine_map<(d0, d1) -> (d0, d1)>
npu.kernel @largest(%x: memref<33x70xf16>, %y: memref<33xf16>) {
  %low = arith.constant 0xFC00 : f16
  %0 = bufferization.to_tensor %x restrict : memref<33x70xf16> to tensor<33x70xf16>
  %1 = bufferization.to_tensor %y restrict writable : memref<33xf16> to tensor<33xf16>
  %2 = linalg.fill ins(%low : f16) outs(%1 : tensor<33xf16>) -> tensor<33xf16>
  %3 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<33x70xf16>) outs(%2 : tensor<33xf16>) {
  ^bb0(%a: f16, %m: f16):
    %wa = arith.extf %a : f16 to f32
    %wm = arith.extf %m : f16 to f32
    %r = arith.maximumf %wm, %wa : f32
    %n = arith.truncf %r : f32 to f16
    linalg.yield %n : f16
  } -> tensor<33xf16>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<33xf16>, memref<33xf16>) -> ()
  npu.return
}

// -----

// A sum is one of f32, from a start that is the same number there.
// CHECK-LABEL: npu.kernel @sum
// CHECK-SAME: npu.engine = "vector"
// CHECK: npu.vector "cast"
// CHECK: npu.vector "reduce.sum" ins(%{{.*}} : memref<{{.*}}xf32
// CHECK-NEXT: npu.local
// CHECK: npu.vector "cast"
// CHECK-NOT: npu.vector
#row = affine_map<(d0, d1) -> (d0)>
#id = affine_map<(d0, d1) -> (d0, d1)>
npu.kernel @sum(%x: memref<33x70xf16>, %y: memref<33xf16>) {
  %zero = arith.constant 0.0 : f16
  %0 = bufferization.to_tensor %x restrict : memref<33x70xf16> to tensor<33x70xf16>
  %1 = bufferization.to_tensor %y restrict writable : memref<33xf16> to tensor<33xf16>
  %2 = linalg.fill ins(%zero : f16) outs(%1 : tensor<33xf16>) -> tensor<33xf16>
  %3 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<33x70xf16>) outs(%2 : tensor<33xf16>) {
  ^bb0(%a: f16, %m: f16):
    %wa = arith.extf %a : f16 to f32
    %wm = arith.extf %m : f16 to f32
    %r = arith.addf %wm, %wa : f32
    %n = arith.truncf %r : f32 to f16
    linalg.yield %n : f16
  } -> tensor<33xf16>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<33xf16>, memref<33xf16>) -> ()
  npu.return
}

// -----

// What a body takes by number and widens under a condition is moved among halves.
// CHECK-LABEL: npu.kernel @blocks
// CHECK-SAME: npu.engine = "vector"
// CHECK: arith.constant 0.000000e+00 : f16
// CHECK: npu.vector "generate.dup"
// CHECK: npu.move
// CHECK-NOT: "cast"
// CHECK: npu.return
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
npu.kernel @blocks(%x: memref<1x21x5x37xf16>, %y: memref<2x5x37x16xf16>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c20 = arith.constant 20 : index
  %c21 = arith.constant 21 : index
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<1x21x5x37xf16> to tensor<1x21x5x37xf16>
  %1 = bufferization.to_tensor %y restrict writable : memref<2x5x37x16xf16> to tensor<2x5x37x16xf16>
  %2 = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%1 : tensor<2x5x37x16xf16>) {
  ^bb0(%out: f16):
    %b = linalg.index 0 : index
    %s = arith.muli %b, %c16 : index
    %l = linalg.index 3 : index
    %c = arith.addi %s, %l : index
    %m = arith.minsi %c, %c20 : index
    %h = linalg.index 1 : index
    %w = linalg.index 2 : index
    %e = tensor.extract %0[%c0, %m, %h, %w] : tensor<1x21x5x37xf16>
    %wide = arith.extf %e : f16 to f32
    %in = arith.cmpi ult, %c, %c21 : index
    %r = arith.select %in, %wide, %zero : f32
    %n = arith.truncf %r : f32 to f16
    linalg.yield %n : f16
  } -> tensor<2x5x37x16xf16>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<2x5x37x16xf16>, memref<2x5x37x16xf16>) -> ()
  npu.return
}
