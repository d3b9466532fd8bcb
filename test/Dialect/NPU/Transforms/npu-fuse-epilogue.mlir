// RUN: ge-opt %s -split-input-file -npu-fuse-epilogue | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>

// Bias, residual and activation move onto the accumulator.
// CHECK-LABEL: func.func @matmul
func.func @matmul(%a: tensor<8x64xf32>, %b: tensor<2x64x16xf32>, %bias: tensor<32xf32>, %res: tensor<8x32xf32>) -> tensor<8x32xf32> {
  // CHECK: npu.mmad ins({{.*}}) epilogue(%{{.*}}, %{{.*}} : tensor<32xf32>, tensor<8x32xf32>)
  // CHECK-NEXT: ^bb0(%[[ACC:.*]]: f32, %[[BIAS:.*]]: f32, %[[RES:.*]]: f32):
  // CHECK: %[[S:.*]] = arith.addf %[[ACC]], %[[BIAS]]
  // CHECK: %[[T:.*]] = arith.addf %[[S]], %[[RES]]
  // CHECK: %[[M:.*]] = arith.maximumf %[[T]]
  // CHECK: npu.yield %[[M]]
  // CHECK-NOT: linalg.generic
  %zero = arith.constant 0.0 : f32
  %c = tensor.empty() : tensor<8x32xf32>
  %0 = npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<2x64x16xf32>) outs(%c : tensor<8x32xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x32xf32>
  %1 = linalg.generic {indexing_maps = [#id, #column, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %bias, %res : tensor<8x32xf32>, tensor<32xf32>, tensor<8x32xf32>) outs(%c : tensor<8x32xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32, %out: f32):
    %s = arith.addf %x, %y : f32
    %t = arith.addf %s, %z : f32
    %m = arith.maximumf %t, %zero : f32
    linalg.yield %m : f32
  } -> tensor<8x32xf32>
  return %1 : tensor<8x32xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// A product with two users keeps its value.
// CHECK-LABEL: func.func @two_users
func.func @two_users(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>) -> (tensor<8x16xf32>, tensor<8x16xf32>) {
  // CHECK: npu.mmad
  // CHECK: linalg.generic
  %c = tensor.empty() : tensor<8x16xf32>
  %0 = npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x16xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<8x16xf32>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%x: f32, %out: f32):
    %s = arith.negf %x : f32
    linalg.yield %s : f32
  } -> tensor<8x16xf32>
  return %0, %1 : tensor<8x16xf32>, tensor<8x16xf32>
}
