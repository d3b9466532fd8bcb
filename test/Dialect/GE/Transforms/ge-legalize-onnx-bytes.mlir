// RUN: ge-opt %s --ge-legalize-onnx=byte-products --split-input-file | FileCheck %s
// RUN: ge-opt %s --ge-legalize-onnx --split-input-file | FileCheck %s --check-prefix=REAL

// Where a device multiplies bytes, convolutions of them stay such: channels are last, and
// what stands for zero is a number beside them. Elsewhere they are of real numbers.
// REAL-COUNT-8: ge.conv2d {{.*}} -> tensor<{{[0-9x]*}}f32>

// CHECK-LABEL: func.func @integers
// CHECK: %[[X:.*]] = ge.transpose %arg0, {{.*}} -> tensor<2x6x5x3xui8>
// CHECK: %[[Y:.*]] = ge.conv2d %[[X]], {{.*}}offset_x = 200 : i64{{.*}}strides = array<i64: 1, 2, 1, 1>{{.*}} : (tensor<2x6x5x3xui8>, tensor<3x3x3x4xi8>) -> tensor<2x2x3x4xi32>
// CHECK: ge.transpose %[[Y]], {{.*}} -> tensor<2x4x2x3xi32>
func.func @integers(%x: tensor<2x3x6x5xui8>) -> tensor<2x4x2x3xi32> {
  %w = ge.const dense<-3> : tensor<4x3x3x3xi8>
  %z = ge.const dense<200> : tensor<ui8>
  %0 = ge.framework_op "ConvInteger"(%x, %w, %z) {version = 10 : i64, node_attributes = {strides = array<i64: 2, 1>}} : (tensor<2x3x6x5xui8>, tensor<4x3x3x3xi8>, tensor<ui8>) -> tensor<2x4x2x3xi32>
  return %0 : tensor<2x4x2x3xi32>
}

// -----

// A filter that counts from another number is no bytes any more.
// CHECK-LABEL: func.func @wide_filter
// CHECK: ge.conv2d {{.*}} -> tensor<{{[0-9x]*}}f32>
func.func @wide_filter(%x: tensor<2x3x6x5xui8>) -> tensor<2x4x4x3xi32> {
  %w = ge.const dense<250> : tensor<4x3x3x3xui8>
  %z = ge.const dense<200> : tensor<ui8>
  %y = ge.const dense<3> : tensor<ui8>
  %0 = ge.framework_op "ConvInteger"(%x, %w, %z, %y) {version = 10 : i64} : (tensor<2x3x6x5xui8>, tensor<4x3x3x3xui8>, tensor<ui8>, tensor<ui8>) -> tensor<2x4x4x3xi32>
  return %0 : tensor<2x4x4x3xi32>
}

// -----

// CHECK-LABEL: func.func @between
// CHECK: %[[X:.*]] = ge.transpose %arg0, {{.*}} -> tensor<1x6x6x8xui8>
// CHECK: ge.conv2d %[[X]], {{.*}}offset_x = 9 : i64{{.*}} -> tensor<1x6x6x4xi32>
// CHECK-NOT: ge.relu
// CHECK: ge.transpose {{.*}} -> tensor<1x4x6x6xui8>
func.func @between(%x: tensor<1x8x6x6xui8>) -> tensor<1x4x6x6xui8> {
  %s = ge.const dense<0.5> : tensor<f32>
  %t = ge.const dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %z = ge.const dense<9> : tensor<ui8>
  %y = ge.const dense<0> : tensor<ui8>
  %w = ge.const dense<3> : tensor<4x8x3x3xi8>
  %v = ge.const dense<0> : tensor<4xi8>
  %b = ge.const dense<5> : tensor<4xi32>
  %u = ge.const dense<[0.5, 1.0, 1.5, 2.0]> : tensor<4xf32>
  %0 = ge.framework_op "DequantizeLinear"(%x, %s, %z) {version = 13 : i64} : (tensor<1x8x6x6xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
  %1 = ge.framework_op "DequantizeLinear"(%w, %t, %v) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4x8x3x3xi8>, tensor<4xf32>, tensor<4xi8>) -> tensor<*xf32>
  %2 = ge.framework_op "DequantizeLinear"(%b, %u) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4xi32>, tensor<4xf32>) -> tensor<*xf32>
  %3 = ge.framework_op "Conv"(%0, %1, %2) {version = 11 : i64, node_attributes = {pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %5 = ge.framework_op "QuantizeLinear"(%3, %s, %y) {version = 13 : i64} : (tensor<*xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4x6x6xui8>
  return %5 : tensor<1x4x6x6xui8>
}

// -----

// Bytes stop where rectified numbers do.
// CHECK-LABEL: func.func @rectified
// CHECK: %[[X:.*]] = ge.transpose %arg0, {{.*}} -> tensor<1x6x6x8xui8>
// CHECK: ge.conv2d %[[X]], {{.*}}offset_x = 9 : i64{{.*}} -> tensor<1x6x6x4xi32>
// CHECK-NOT: ge.relu
// CHECK: ge.transpose {{.*}} -> tensor<1x4x6x6xui8>
func.func @rectified(%x: tensor<1x8x6x6xui8>) -> tensor<1x4x6x6xui8> {
  %s = ge.const dense<0.5> : tensor<f32>
  %t = ge.const dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %z = ge.const dense<9> : tensor<ui8>
  %y = ge.const dense<0> : tensor<ui8>
  %w = ge.const dense<3> : tensor<4x8x3x3xi8>
  %v = ge.const dense<0> : tensor<4xi8>
  %b = ge.const dense<5> : tensor<4xi32>
  %u = ge.const dense<[0.5, 1.0, 1.5, 2.0]> : tensor<4xf32>
  %0 = ge.framework_op "DequantizeLinear"(%x, %s, %z) {version = 13 : i64} : (tensor<1x8x6x6xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
  %1 = ge.framework_op "DequantizeLinear"(%w, %t, %v) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4x8x3x3xi8>, tensor<4xf32>, tensor<4xi8>) -> tensor<*xf32>
  %2 = ge.framework_op "DequantizeLinear"(%b, %u) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4xi32>, tensor<4xf32>) -> tensor<*xf32>
  %3 = ge.framework_op "Conv"(%0, %1, %2) {version = 11 : i64, node_attributes = {pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %4 = ge.framework_op "Relu"(%3) {version = 14 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %5 = ge.framework_op "QuantizeLinear"(%4, %s, %y) {version = 13 : i64} : (tensor<*xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4x6x6xui8>
  return %5 : tensor<1x4x6x6xui8>
}

// -----

// These do not.
// CHECK-LABEL: func.func @limited
// CHECK: ge.conv2d {{.*}}xf32>
func.func @limited(%x: tensor<1x8x6x6xui8>) -> tensor<1x4x6x6xui8> {
  %s = ge.const dense<0.5> : tensor<f32>
  %t = ge.const dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %z = ge.const dense<9> : tensor<ui8>
  %y = ge.const dense<7> : tensor<ui8>
  %w = ge.const dense<3> : tensor<4x8x3x3xi8>
  %v = ge.const dense<0> : tensor<4xi8>
  %b = ge.const dense<5> : tensor<4xi32>
  %u = ge.const dense<[0.5, 1.0, 1.5, 2.0]> : tensor<4xf32>
  %0 = ge.framework_op "DequantizeLinear"(%x, %s, %z) {version = 13 : i64} : (tensor<1x8x6x6xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
  %1 = ge.framework_op "DequantizeLinear"(%w, %t, %v) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4x8x3x3xi8>, tensor<4xf32>, tensor<4xi8>) -> tensor<*xf32>
  %2 = ge.framework_op "DequantizeLinear"(%b, %u) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4xi32>, tensor<4xf32>) -> tensor<*xf32>
  %3 = ge.framework_op "Conv"(%0, %1, %2) {version = 11 : i64, node_attributes = {pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %4 = ge.framework_op "Relu"(%3) {version = 14 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %5 = ge.framework_op "QuantizeLinear"(%4, %s, %y) {version = 13 : i64} : (tensor<*xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4x6x6xui8>
  return %5 : tensor<1x4x6x6xui8>
}

// -----

// A bias in other units.
// CHECK-LABEL: func.func @bias
// CHECK: ge.conv2d {{.*}}xf32>
func.func @bias(%x: tensor<1x8x6x6xui8>) -> tensor<1x4x6x6xui8> {
  %s = ge.const dense<0.5> : tensor<f32>
  %t = ge.const dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %z = ge.const dense<9> : tensor<ui8>
  %y = ge.const dense<0> : tensor<ui8>
  %w = ge.const dense<3> : tensor<4x8x3x3xi8>
  %v = ge.const dense<0> : tensor<4xi8>
  %b = ge.const dense<5> : tensor<4xi32>
  %u = ge.const dense<[0.7, 1.0, 1.5, 2.0]> : tensor<4xf32>
  %0 = ge.framework_op "DequantizeLinear"(%x, %s, %z) {version = 13 : i64} : (tensor<1x8x6x6xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
  %1 = ge.framework_op "DequantizeLinear"(%w, %t, %v) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4x8x3x3xi8>, tensor<4xf32>, tensor<4xi8>) -> tensor<*xf32>
  %2 = ge.framework_op "DequantizeLinear"(%b, %u) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4xi32>, tensor<4xf32>) -> tensor<*xf32>
  %3 = ge.framework_op "Conv"(%0, %1, %2) {version = 11 : i64, node_attributes = {pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %5 = ge.framework_op "QuantizeLinear"(%3, %s, %y) {version = 13 : i64} : (tensor<*xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4x6x6xui8>
  return %5 : tensor<1x4x6x6xui8>
}

// -----

// CHECK-LABEL: func.func @groups
// CHECK: ge.conv2d {{.*}}xf32>
func.func @groups(%x: tensor<1x8x6x6xui8>) -> tensor<1x4x6x6xui8> {
  %s = ge.const dense<0.5> : tensor<f32>
  %t = ge.const dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %z = ge.const dense<9> : tensor<ui8>
  %y = ge.const dense<0> : tensor<ui8>
  %w = ge.const dense<3> : tensor<4x4x3x3xi8>
  %v = ge.const dense<0> : tensor<4xi8>
  %b = ge.const dense<5> : tensor<4xi32>
  %u = ge.const dense<[0.5, 1.0, 1.5, 2.0]> : tensor<4xf32>
  %0 = ge.framework_op "DequantizeLinear"(%x, %s, %z) {version = 13 : i64} : (tensor<1x8x6x6xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
  %1 = ge.framework_op "DequantizeLinear"(%w, %t, %v) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4x4x3x3xi8>, tensor<4xf32>, tensor<4xi8>) -> tensor<*xf32>
  %2 = ge.framework_op "DequantizeLinear"(%b, %u) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4xi32>, tensor<4xf32>) -> tensor<*xf32>
  %3 = ge.framework_op "Conv"(%0, %1, %2) {version = 11 : i64, node_attributes = {pads = array<i64: 1, 1, 1, 1>, group = 2 : i64}} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %5 = ge.framework_op "QuantizeLinear"(%3, %s, %y) {version = 13 : i64} : (tensor<*xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4x6x6xui8>
  return %5 : tensor<1x4x6x6xui8>
}

// -----

// A result that something else needs.
// CHECK-LABEL: func.func @needed
// CHECK: ge.conv2d {{.*}}xf32>
func.func @needed(%x: tensor<1x8x6x6xui8>) -> (tensor<1x4x6x6xui8>, tensor<*xf32>) {
  %s = ge.const dense<0.5> : tensor<f32>
  %t = ge.const dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %z = ge.const dense<9> : tensor<ui8>
  %y = ge.const dense<0> : tensor<ui8>
  %w = ge.const dense<3> : tensor<4x8x3x3xi8>
  %v = ge.const dense<0> : tensor<4xi8>
  %b = ge.const dense<5> : tensor<4xi32>
  %u = ge.const dense<[0.5, 1.0, 1.5, 2.0]> : tensor<4xf32>
  %0 = ge.framework_op "DequantizeLinear"(%x, %s, %z) {version = 13 : i64} : (tensor<1x8x6x6xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
  %1 = ge.framework_op "DequantizeLinear"(%w, %t, %v) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4x8x3x3xi8>, tensor<4xf32>, tensor<4xi8>) -> tensor<*xf32>
  %2 = ge.framework_op "DequantizeLinear"(%b, %u) {version = 13 : i64, node_attributes = {axis = 0 : i64}} : (tensor<4xi32>, tensor<4xf32>) -> tensor<*xf32>
  %3 = ge.framework_op "Conv"(%0, %1, %2) {version = 11 : i64, node_attributes = {pads = array<i64: 1, 1, 1, 1>, group = 1 : i64}} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %5 = ge.framework_op "QuantizeLinear"(%3, %s, %y) {version = 13 : i64} : (tensor<*xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4x6x6xui8>
  return %5, %3 : tensor<1x4x6x6xui8>, tensor<*xf32>
}
