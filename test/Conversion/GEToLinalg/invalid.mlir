// What cannot be lowered is said with operation and node.
// RUN: ge-opt %s -split-input-file -verify-diagnostics -convert-ge-to-linalg

func.func @dynamic(%x: tensor<?xf32>) -> tensor<?xf32> { // expected-error {{expects a static shape of argument 0, but got 'tensor<?xf32>'}}
  return %x : tensor<?xf32>
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
