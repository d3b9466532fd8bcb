// RUN: ge-opt %s -split-input-file -npu-fuse-epilogue=device=Ascend910B1 | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>

// Fixpipe adds a bias for each column and rectifies.
// CHECK-LABEL: func.func @bias
func.func @bias(%a: tensor<8x64xf32>, %b: tensor<2x64x16xf32>, %bias: tensor<32xf32>) -> tensor<8x32xf32> {
  // CHECK: npu.mmad ins({{.*}}) epilogue(%{{.*}} : tensor<32xf32>)
  // CHECK: arith.addf
  // CHECK: arith.maximumf
  // CHECK-NOT: linalg.generic
  %zero = arith.constant 0.0 : f32
  %c = tensor.empty() : tensor<8x32xf32>
  %0 = npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<2x64x16xf32>) outs(%c : tensor<8x32xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x32xf32>
  %1 = linalg.generic {indexing_maps = [#id, #column, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %bias : tensor<8x32xf32>, tensor<32xf32>) outs(%c : tensor<8x32xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %s = arith.addf %x, %y : f32
    %m = arith.maximumf %s, %zero : f32
    linalg.yield %m : f32
  } -> tensor<8x32xf32>
  return %1 : tensor<8x32xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// Other functions, and a residual, stay work of the vector unit.
// CHECK-LABEL: func.func @activation
func.func @activation(%a: tensor<8x64xf32>, %b: tensor<2x64x16xf32>, %res: tensor<8x32xf32>) -> tensor<8x32xf32> {
  // CHECK: npu.mmad
  // CHECK: linalg.generic
  // CHECK: math.tanh
  %c = tensor.empty() : tensor<8x32xf32>
  %0 = npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<2x64x16xf32>) outs(%c : tensor<8x32xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x32xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %res : tensor<8x32xf32>, tensor<8x32xf32>) outs(%c : tensor<8x32xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %t = math.tanh %x : f32
    %s = arith.addf %t, %y : f32
    linalg.yield %s : f32
  } -> tensor<8x32xf32>
  return %1 : tensor<8x32xf32>
}
