// RUN: ge-opt %s -canonicalize -split-input-file | FileCheck %s

// Twice an idempotent operation is once.
// CHECK-LABEL: @idempotent
func.func @idempotent(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: %[[RELU:.*]] = ge.relu %arg0
  // CHECK: %[[FLOOR:.*]] = ge.floor %arg0
  // CHECK: return %[[RELU]], %[[FLOOR]]
  %0 = ge.relu %x : tensor<4xf32>
  %1 = ge.relu %0 : tensor<4xf32>
  %2 = ge.floor %x : tensor<4xf32>
  %3 = ge.floor %2 : tensor<4xf32>
  return %1, %3 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Twice an involution is nothing.
// CHECK-LABEL: @involution
func.func @involution(%x: tensor<4xf32>, %b: tensor<4xi1>) -> (tensor<4xf32>, tensor<4xi1>) {
  // CHECK: return %arg0, %arg1
  %0 = ge.neg %x : tensor<4xf32>
  %1 = ge.neg %0 : tensor<4xf32>
  %2 = ge.logical_not %b : tensor<4xi1>
  %3 = ge.logical_not %2 : tensor<4xi1>
  return %1, %3 : tensor<4xf32>, tensor<4xi1>
}

// -----

// Neutral constants vanish; they stand right of a commutative operation.
// CHECK-LABEL: @neutral
func.func @neutral(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: return %arg0
  %zero = ge.const dense<0.0> : tensor<f32>
  %one = ge.const dense<1.0> : tensor<f32>
  %0 = ge.add %zero, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = ge.sub %0, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %2 = ge.mul %one, %1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = ge.real_div %2, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %4 = ge.div %3, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %5 = ge.pow %4, %one : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %5 : tensor<4xf32>
}

// -----

// A neutral constant that widens the result stays, and so do those on the wrong side.
// CHECK-LABEL: @not_neutral
func.func @not_neutral(%x: tensor<4xf32>) -> (tensor<2x4xf32>, tensor<4xf32>) {
  %zeros = ge.const dense<0.0> : tensor<2x4xf32>
  %zero = ge.const dense<0.0> : tensor<f32>
  // CHECK: ge.add
  %0 = ge.add %x, %zeros : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  // CHECK: ge.sub
  %1 = ge.sub %zero, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<2x4xf32>, tensor<4xf32>
}

// -----

// The maximum of a value and itself is the value; so with logic.
// CHECK-LABEL: @equal_operands
func.func @equal_operands(%x: tensor<4xf32>, %b: tensor<4xi1>) -> (tensor<4xf32>, tensor<4xi1>) {
  // CHECK: return %arg0, %arg1
  %0 = ge.maximum %x, %x : tensor<4xf32>
  %1 = ge.minimum %0, %0 : tensor<4xf32>
  %true = ge.const dense<true> : tensor<i1>
  %false = ge.const dense<false> : tensor<i1>
  %2 = ge.logical_and %b, %true : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  %3 = ge.logical_or %2, %false : (tensor<4xi1>, tensor<i1>) -> tensor<4xi1>
  return %1, %3 : tensor<4xf32>, tensor<4xi1>
}

// -----

// A known condition selects.
// CHECK-LABEL: @select
func.func @select(%a: tensor<4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: return %arg0, %arg1
  %true = ge.const dense<true> : tensor<4xi1>
  %false = ge.const dense<false> : tensor<i1>
  %0 = ge.select %true, %a, %b : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = ge.select %false, %a, %b : (tensor<i1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Casts to the same type vanish, and those there and back without a loss.
// CHECK-LABEL: @cast
func.func @cast(%x: tensor<4xf16>) -> (tensor<4xf16>, tensor<4xf16>) {
  // CHECK: return %arg0, %arg0
  %0 = ge.cast %x {dst_type = f16} : (tensor<4xf16>) -> tensor<4xf16>
  %1 = ge.cast %x {dst_type = f32} : (tensor<4xf16>) -> tensor<4xf32>
  %2 = ge.cast %1 {dst_type = f16} : (tensor<4xf32>) -> tensor<4xf16>
  return %0, %2 : tensor<4xf16>, tensor<4xf16>
}

// -----

// Casts that lose something stay.
// CHECK-LABEL: @lossy_cast
func.func @lossy_cast(%x: tensor<4xf32>, %i: tensor<4xi64>) -> (tensor<4xf32>, tensor<4xi64>) {
  // CHECK-COUNT-4: ge.cast
  %0 = ge.cast %x {dst_type = bf16} : (tensor<4xf32>) -> tensor<4xbf16>
  %1 = ge.cast %0 {dst_type = f32} : (tensor<4xbf16>) -> tensor<4xf32>
  %2 = ge.cast %i {dst_type = f64} : (tensor<4xi64>) -> tensor<4xf64>
  %3 = ge.cast %2 {dst_type = i64} : (tensor<4xf64>) -> tensor<4xi64>
  return %1, %3 : tensor<4xf32>, tensor<4xi64>
}

// -----

// Views that lead back to a shape vanish.
// CHECK-LABEL: @views
func.func @views(%x: tensor<2x?xf32>) -> tensor<2x?xf32> {
  // CHECK: return %arg0
  %0 = ge.unsqueeze %x {axes = array<i64: 0>} : (tensor<2x?xf32>) -> tensor<1x2x?xf32>
  %axis = ge.const dense<3> : tensor<i32>
  %1 = ge.expand_dims %0, %axis : (tensor<1x2x?xf32>, tensor<i32>) -> tensor<1x2x?x1xf32>
  %2 = ge.squeeze %1 {axis = array<i64: 0, 3>} : (tensor<1x2x?x1xf32>) -> tensor<2x?xf32>
  return %2 : tensor<2x?xf32>
}

// -----

// A reshape reads through the views before it.
// CHECK-LABEL: @reshape_chain
func.func @reshape_chain(%x: tensor<2x6xf32>) -> tensor<3x4xf32> {
  // CHECK: ge.reshape %arg0,
  // CHECK-NOT: ge.flatten
  %0 = ge.flatten %x {axis = 0 : i64} : (tensor<2x6xf32>) -> tensor<1x12xf32>
  %shape = ge.const dense<[3, -1]> : tensor<2xi64>
  %1 = ge.reshape %0, %shape : (tensor<1x12xf32>, tensor<2xi64>) -> tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
}

// -----

// Equal dynamic types do not mean equal shapes.
// CHECK-LABEL: @dynamic_reshape
func.func @dynamic_reshape(%x: tensor<?x?xf32>, %shape: tensor<2xi64>) -> tensor<?x?xf32> {
  // CHECK: ge.reshape
  %0 = ge.reshape %x, %shape : (tensor<?x?xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// Transposes are composed; an identity vanishes.
// CHECK-LABEL: @transpose
func.func @transpose(%x: tensor<2x3x4xf32>) -> (tensor<3x4x2xf32>, tensor<2x3x4xf32>) {
  // CHECK: %[[PERM:.*]] = ge.const dense<[1, 2, 0]> : tensor<3xi64>
  // CHECK: %[[T:.*]] = ge.transpose %arg0, %[[PERM]]
  // CHECK: return %[[T]], %arg0
  %a = ge.const dense<[2, 0, 1]> : tensor<3xi64>
  %b = ge.const dense<[1, 2, 0]> : tensor<3xi32>
  %0 = ge.transpose %x, %a : (tensor<2x3x4xf32>, tensor<3xi64>) -> tensor<4x2x3xf32>
  %1 = ge.transpose %0, %a : (tensor<4x2x3xf32>, tensor<3xi64>) -> tensor<3x4x2xf32>
  %2 = ge.transpose %0, %b : (tensor<4x2x3xf32>, tensor<3xi32>) -> tensor<2x3x4xf32>
  return %1, %2 : tensor<3x4x2xf32>, tensor<2x3x4xf32>
}

// -----

// A round trip through a storage format vanishes.
// CHECK-LABEL: @trans_data
func.func @trans_data(%x: tensor<1x20x4x4xf32>) -> tensor<1x20x4x4xf32> {
  // CHECK: return %arg0
  %0 = ge.trans_data %x {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<1x20x4x4xf32>)
    -> tensor<1x2x4x4x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 4, 4]>>
  %1 = ge.trans_data %0 {src_format = "NC1HWC0", dst_format = "NCHW"}
    : (tensor<1x2x4x4x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 4, 4]>>) -> tensor<1x20x4x4xf32>
  return %1 : tensor<1x20x4x4xf32>
}

// -----

// Movement that moves nothing vanishes.
// CHECK-LABEL: @movement
func.func @movement(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: return %arg0
  %dim = ge.const dense<0> : tensor<i32>
  %zeros = ge.const dense<0> : tensor<2xi64>
  %ones = ge.const dense<1> : tensor<2xi64>
  %shape = ge.const dense<[2, 3]> : tensor<2xi64>
  %pads = ge.const dense<0> : tensor<2x2xi64>
  %0 = ge.concat_v2 %x, %dim : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3xf32>
  %1 = ge.slice %0, %zeros, %shape : (tensor<2x3xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x3xf32>
  %2 = ge.tile %1, %ones : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  %3 = ge.broadcast_to %2, %shape : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  %4 = ge.pad_v3 %3, %pads : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x3xf32>
  %5 = ge.identity %4 : tensor<2x3xf32>
  return %5 : tensor<2x3xf32>
}

// -----

// A fold does not lose what a type knows.
// CHECK-LABEL: @refined
func.func @refined(%x: tensor<?xf32>) -> tensor<4xf32> {
  // CHECK: ge.identity
  %0 = ge.identity %x : (tensor<?xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Only the squeeze says that the last size is 1: a reshape of all elements would
// take any.
// CHECK-LABEL: @squeeze_of_an_open_size
func.func @squeeze_of_an_open_size(%x: tensor<?x8x?xf32>) -> tensor<1x?x8xf32> {
  // CHECK: %[[S:.*]] = ge.squeeze %arg0
  // CHECK: ge.reshape %[[S]]
  %s = ge.squeeze %x {axis = array<i64: 2>} : (tensor<?x8x?xf32>) -> tensor<?x8xf32>
  %shape = ge.const dense<[1, -1, 8]> : tensor<3xi64>
  %y = ge.reshape %s, %shape : (tensor<?x8xf32>, tensor<3xi64>) -> tensor<1x?x8xf32>
  return %y : tensor<1x?x8xf32>
}
