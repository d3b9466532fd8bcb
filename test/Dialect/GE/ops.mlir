// RUN: ge-opt %s | ge-opt | FileCheck %s
// RUN: ge-opt %s -mlir-print-op-generic | ge-opt | FileCheck %s
// RUN: ge-opt %s -emit-bytecode | ge-opt | FileCheck %s

// examples.test prints every operation; here are the forms that they have.

// Operands and result of one type are printed once.
// CHECK-LABEL: @uniform
func.func @uniform(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: ge.add %arg0, %arg0 : tensor<2x3xf32>
  %0 = ge.add %x, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// A result may have a more precise type than is inferred.
// CHECK-LABEL: @refined
func.func @refined(%x: tensor<?x3xf32>, %u: tensor<*xf32>) {
  // CHECK: ge.relu %arg0 : (tensor<?x3xf32>) -> tensor<2x3xf32>
  %0 = ge.relu %x : (tensor<?x3xf32>) -> tensor<2x3xf32>
  // CHECK: ge.relu %arg1 : (tensor<*xf32>) -> tensor<2xf32>
  %1 = ge.relu %u : (tensor<*xf32>) -> tensor<2xf32>
  return
}

// Attributes with their defaults are not printed.
// CHECK-LABEL: @defaults
func.func @defaults(%x: tensor<2x3xf32>) {
  // CHECK: ge.softmax_v2 %arg0 : tensor<2x3xf32>
  %0 = ge.softmax_v2 %x {axes = array<i64: -1>, half_to_float = false} : tensor<2x3xf32>
  // CHECK: ge.shape %arg0 : (tensor<2x3xf32>) -> tensor<2xi32>
  %1 = ge.shape %x {dtype = i32} : (tensor<2x3xf32>) -> tensor<2xi32>
  return
}

// Optional operands are named.
// CHECK-LABEL: @optional
func.func @optional(%x: tensor<1x8x4x4xf32>, %s: tensor<4xf32>, %a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<4xf32>) {
  // CHECK: ge.resize %arg0 scales(%arg1) :
  %0 = ge.resize %x scales(%s) : (tensor<1x8x4x4xf32>, tensor<4xf32>) -> tensor<?x?x?x?xf32>
  // CHECK: ge.mat_mul_v2 %arg2, %arg3 :
  %1 = ge.mat_mul_v2 %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  // CHECK: ge.mat_mul_v2 %arg2, %arg3 bias(%arg4) :
  %2 = ge.mat_mul_v2 %a, %b bias(%c) : (tensor<2x3xf32>, tensor<3x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return
}

// A convolution may change the storage of its operand.
// CHECK-LABEL: @stored
// CHECK-SAME: #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 3, ?, 8]>
func.func @stored(%x: tensor<1x3x8x8xf32>, %w: tensor<20x3x3x3xf32>,
                  %d: tensor<1x1x?x8x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 3, ?, 8]>>) {
  // CHECK: -> tensor<1x2x6x6x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 6, 6]>>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>}
    : (tensor<1x3x8x8xf32>, tensor<20x3x3x3xf32>)
    -> tensor<1x2x6x6x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 6, 6]>>
  return
}

// Constants are dense elements or resources.
// CHECK-LABEL: @constants
func.func @constants() {
  // CHECK: ge.const dense<[1, 2]> : tensor<2xi64>
  %0 = ge.const dense<[1, 2]> : tensor<2xi64>
  // CHECK: ge.const dense_resource<weights> : tensor<2xf32>
  %1 = ge.const dense_resource<weights> : tensor<2xf32>
  return
}

// Foreign operators keep their attributes, graphs and missing inputs.
// CHECK-LABEL: @foreign
func.func @foreign(%x: tensor<2xf32>) {
  // CHECK: ge.framework_op "Clip"(%arg0, %arg0) {input_indices = array<i64: 0, 2>, node_attributes = {k = 1 : i64}, version = 13 : i64} :
  %0 = ge.framework_op "Clip"(%x, %x) {input_indices = array<i64: 0, 2>, node_attributes = {k = 1 : i64}, version = 13 : i64}
    : (tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32>
  // CHECK: ge.framework_op "Scan"(%arg0) {body_names = ["body"]} : (tensor<2xf32>) -> tensor<2xf32> bodies {
  %1 = ge.framework_op "Scan"(%x) {body_names = ["body"]} : (tensor<2xf32>) -> tensor<2xf32> bodies {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }
  // CHECK: ge.custom "Foo"(%arg0) {input_names = ["in"]} :
  %2 = ge.custom "Foo"(%x) {input_names = ["in"]} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// Node names are locations, control edges an attribute.
// CHECK-LABEL: @control_edges
func.func @control_edges(%x: tensor<2xf32> {ge.name = "in"}) {
  // CHECK: ge.relu %arg0 {ge.control_inputs = ["other"]} : tensor<2xf32>
  %0 = ge.relu %x {ge.control_inputs = ["other"]} : tensor<2xf32>
  return
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F00000040"
    }
  }
#-}
