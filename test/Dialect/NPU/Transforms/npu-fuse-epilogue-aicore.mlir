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

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>

// An accumulator is rounded once, when it is stored, in the type of the last user.
// CHECK-LABEL: func.func @half
// CHECK-SAME: %[[BIAS:[^ :]*]]: tensor<32xf16>
func.func @half(%a: tensor<8x64xf16>, %b: tensor<2x64x16xf16>, %bias: tensor<32xf16>) -> tensor<8x32xf32> {
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<8x32xf32>
  // CHECK: npu.mmad ins({{.*}}) epilogue(%[[BIAS]] : tensor<32xf16>) outs(%[[INIT]] : tensor<8x32xf32>)
  // CHECK-NEXT: ^bb0(%[[ACC:.*]]: f32, %[[E:.*]]: f16):
  // CHECK: %[[WIDE:.*]] = arith.extf %[[E]]
  // CHECK: %[[SUM:.*]] = arith.addf %[[ACC]], %[[WIDE]] : f32
  // CHECK: %[[LOW:.*]] = arith.cmpf olt, %[[SUM]]
  // CHECK: %[[RELU:.*]] = arith.select %[[LOW]], %{{.*}}, %[[SUM]] : f32
  // CHECK: npu.yield %[[RELU]] : f32
  // CHECK-NOT: linalg.generic
  %zero = arith.constant 0.0 : f32
  %c = tensor.empty() : tensor<8x32xf16>
  %0 = npu.mmad ins(%a, %b : tensor<8x64xf16>, tensor<2x64x16xf16>) outs(%c : tensor<8x32xf16>) {
  ^bb0(%acc: f32):
    %t = arith.truncf %acc : f32 to f16
    npu.yield %t : f16
  } -> tensor<8x32xf16>
  %1 = linalg.generic {indexing_maps = [#id, #column, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %bias : tensor<8x32xf16>, tensor<32xf16>) outs(%c : tensor<8x32xf16>) {
  ^bb0(%x: f16, %y: f16, %out: f16):
    %xw = arith.extf %x : f16 to f32
    %yw = arith.extf %y : f16 to f32
    %s = arith.addf %xw, %yw : f32
    %low = arith.cmpf olt, %s, %zero : f32
    %m = arith.select %low, %zero, %s : f32
    %t = arith.truncf %m : f32 to f16
    linalg.yield %t : f16
  } -> tensor<8x32xf16>
  %d = tensor.empty() : tensor<8x32xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%1 : tensor<8x32xf16>) outs(%d : tensor<8x32xf32>) {
  ^bb0(%x: f16, %out: f32):
    %w = arith.extf %x : f16 to f32
    linalg.yield %w : f32
  } -> tensor<8x32xf32>
  return %2 : tensor<8x32xf32>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// What does not start where the sums start, or is no bias of all columns, is no bias.
// CHECK-LABEL: func.func @no_bias
func.func @no_bias(%a: tensor<8x64xf16>, %b: tensor<2x64x16xf16>, %one: tensor<1xf16>) -> tensor<8x32xf16> {
  // CHECK: npu.mmad ins({{.*}}) outs
  // CHECK: linalg.generic
  %c = tensor.empty() : tensor<8x32xf16>
  %0 = npu.mmad ins(%a, %b : tensor<8x64xf16>, tensor<2x64x16xf16>) outs(%c : tensor<8x32xf16>) {
  ^bb0(%acc: f32):
    %t = arith.truncf %acc : f32 to f16
    npu.yield %t : f16
  } -> tensor<8x32xf16>
  %1 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (0)>, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %one : tensor<8x32xf16>, tensor<1xf16>) outs(%c : tensor<8x32xf16>) {
  ^bb0(%x: f16, %y: f16, %out: f16):
    %xw = arith.extf %x : f16 to f32
    %yw = arith.extf %y : f16 to f32
    %s = arith.addf %xw, %yw : f32
    %t = arith.truncf %s : f32 to f16
    linalg.yield %t : f16
  } -> tensor<8x32xf16>
  return %1 : tensor<8x32xf16>
}
