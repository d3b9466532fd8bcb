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

// -----

// Sums of bytes leave as bytes, however the limits are written.
// CHECK-LABEL: func.func @requantized
func.func @requantized(%a: tensor<70x72xi8>, %b: tensor<100x72xi8>, %e: tensor<100xi32>) -> tensor<70x100xi8> {
  // CHECK: npu.mmad {{.*}} outs(%{{.*}} : tensor<70x100xi8>)
  // CHECK-NOT: linalg.generic
  // CHECK: math.roundeven
  // CHECK: npu.yield %{{.*}} : i8
  // CHECK-NOT: linalg.generic
  %ones = arith.constant -1 : i8
  %high = arith.constant 2.550000e+02 : f32
  %low = arith.constant 0.000000e+00 : f32
  %zero = arith.constant 5.000000e+00 : f32
  %scale = arith.constant 6.66666601E-4 : f32
  %0 = tensor.empty() : tensor<70x100xi32>
  %1 = npu.mmad ins(%a, %b : tensor<70x72xi8>, tensor<100x72xi8>) epilogue(%e : tensor<100xi32>) outs(%0 : tensor<70x100xi32>) attributes {order = #npu<panel_order nk>, unsigned_lhs} {
  ^bb0(%acc: i32, %bias: i32):
    %4 = arith.addi %acc, %bias : i32
    npu.yield %4 : i32
  } -> tensor<70x100xi32>
  %2 = tensor.empty() : tensor<70x100xi8>
  %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%1 : tensor<70x100xi32>) outs(%2 : tensor<70x100xi8>) {
  ^bb0(%in: i32, %out: i8):
    %4 = arith.sitofp %in : i32 to f32
    %5 = arith.mulf %4, %scale : f32
    %6 = math.roundeven %5 : f32
    %7 = arith.addf %6, %zero : f32
    %8 = arith.cmpf ogt, %7, %high : f32
    %9 = arith.cmpf olt, %7, %low : f32
    %10 = arith.select %9, %low, %7 : f32
    %11 = arith.select %8, %high, %10 : f32
    %12 = arith.fptoui %11 : f32 to i8
    %13 = arith.select %8, %ones, %12 : i8
    linalg.yield %13 : i8
  } -> tensor<70x100xi8>
  return %3 : tensor<70x100xi8>
}

// -----

// What limits to other numbers than a byte's stays apart.
// CHECK-LABEL: func.func @narrow
func.func @narrow(%a: tensor<70x72xi8>, %b: tensor<100x72xi8>) -> tensor<70x100xi8> {
  // CHECK: npu.yield %{{.*}} : i32
  // CHECK: linalg.generic
  %high = arith.constant 1.200000e+02 : f32
  %low = arith.constant -1.280000e+02 : f32
  %scale = arith.constant 6.66666601E-4 : f32
  %0 = tensor.empty() : tensor<70x100xi32>
  %1 = npu.mmad ins(%a, %b : tensor<70x72xi8>, tensor<100x72xi8>) outs(%0 : tensor<70x100xi32>) attributes {order = #npu<panel_order nk>} {
  ^bb0(%acc: i32):
    npu.yield %acc : i32
  } -> tensor<70x100xi32>
  %2 = tensor.empty() : tensor<70x100xi8>
  %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%1 : tensor<70x100xi32>) outs(%2 : tensor<70x100xi8>) {
  ^bb0(%in: i32, %out: i8):
    %4 = arith.sitofp %in : i32 to f32
    %5 = arith.mulf %4, %scale : f32
    %6 = math.roundeven %5 : f32
    %7 = arith.maximumf %6, %low : f32
    %8 = arith.minimumf %7, %high : f32
    %9 = arith.fptosi %8 : f32 to i8
    linalg.yield %9 : i8
  } -> tensor<70x100xi8>
  return %3 : tensor<70x100xi8>
}
