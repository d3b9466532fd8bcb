// What cannot be lowered is said with operation and node.
// RUN: ge-opt %s -split-input-file -verify-diagnostics -convert-ge-to-linalg

func.func @unranked(%x: tensor<*xf32>) -> tensor<*xf32> { // expected-error {{expects a known rank of argument 0, but got 'tensor<*xf32>'}}
  return %x : tensor<*xf32>
}

// -----
func.func @channels(%x: tensor<1x?x8x8xf32>, %w: tensor<4x?x1x1xf32>) -> tensor<1x4x8x8xf32> {
  // expected-error @+1 {{'ge.conv2d' op expects the number of channels to be known when it is compiled, but it is dynamic}}
  %y = ge.conv2d %x, %w {data_format = "NCHW", strides = array<i64: 1, 1, 1, 1>, pads = array<i64: 0, 0, 0, 0>} : (tensor<1x?x8x8xf32>, tensor<4x?x1x1xf32>) -> tensor<1x4x8x8xf32>
  return %y : tensor<1x4x8x8xf32>
}

// -----
func.func @foreign(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{'ge.framework_op' op is not supported: no operator implements 'Foo'}}
  %0 = ge.framework_op "Foo"(%x) {domain = "", version = 13 : i64} : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----
func.func @axes(%x: tensor<2x3xf32>, %axes: tensor<1xi64>) -> tensor<3xf32> {
  // expected-error @+1 {{'ge.reduce_sum' op expects constant 'axes'}}
  %0 = ge.reduce_sum %x, %axes : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----
func.func @training(%x: tensor<1x8x4x4xf32>, %s: tensor<8xf32>) -> tensor<1x8x4x4xf32> {
  // expected-error @+1 {{'ge.batch_norm' op expects 'is_training' = false}}
  %0:6 = ge.batch_norm %x, %s, %s {data_format = "NCHW"} : (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
  return %0#0 : tensor<1x8x4x4xf32>
}

// -----
func.func @branches(%c: tensor<i1>, %x: tensor<?xf32>, %z: tensor<?xf32>) -> tensor<?xf32> {
  // expected-error @+1 {{'ge.if' op expects branches whose results have the same sizes, but dimension 0 of result 0 differs}}
  %y = ge.if %c(%x, %z) : (tensor<i1>, tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32> then {
  ^bb0(%a: tensor<?xf32>, %b: tensor<?xf32>):
    ge.yield %a : tensor<?xf32>
  } else {
  ^bb0(%a: tensor<?xf32>, %b: tensor<?xf32>):
    ge.yield %b : tensor<?xf32>
  }
  return %y : tensor<?xf32>
}
