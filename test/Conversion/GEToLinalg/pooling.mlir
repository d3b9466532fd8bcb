// A window is one body: nothing goes through memory between its taps.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg | FileCheck %s

#in = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 8, 8]>
#out = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 4, 4]>
// CHECK-LABEL: func.func @max
func.func @max(%x: tensor<1x1x8x8x16xf32, #in>) -> tensor<1x1x4x4x16xf32, #out> {
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]
  // CHECK-COUNT-4: tensor.extract %{{.*}} : tensor<1x1x8x8x16xf32>
  // CHECK-NOT: tensor.extract
  %0 = ge.max_pool_v3 %x {ksize = array<i64: 1, 1, 2, 2>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x1x8x8x16xf32, #in>) -> tensor<1x1x4x4x16xf32, #out>
  return %0 : tensor<1x1x4x4x16xf32, #out>
}

// -----
// Padding does not count: the divisor follows from the place.
// CHECK-LABEL: func.func @average
func.func @average(%x: tensor<1x2x7x7xf32>) -> tensor<1x2x4x4xf32> {
  // CHECK: arith.sitofp
  // CHECK: arith.divf
  %0 = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 3, 3>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<1x2x7x7xf32>) -> tensor<1x2x4x4xf32>
  return %0 : tensor<1x2x4x4xf32>
}

// -----
#in = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 24, 7, 7]>
#out = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 24, 1, 1]>
// CHECK-LABEL: func.func @global
func.func @global(%x: tensor<1x2x7x7x16xf32, #in>) -> tensor<1x2x1x1x16xf32, #out> {
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]
  // CHECK: tensor.expand_shape {{.*}} into tensor<1x2x1x1x16xf32>
  %0 = ge.global_average_pool %x : (tensor<1x2x7x7x16xf32, #in>) -> tensor<1x2x1x1x16xf32, #out>
  return %0 : tensor<1x2x1x1x16xf32, #out>
}
