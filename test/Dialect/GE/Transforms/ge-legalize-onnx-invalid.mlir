// RUN: ge-opt %s --ge-legalize-onnx --split-input-file --verify-diagnostics

// Everything that has no mapping is reported at once; what follows from it is not.
func.func @all_at_once(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{ONNX operator NoSuchOperator: the operator has no implementation; replace it in the model, or compute it outside [E16002]}}
  %0 = ge.framework_op "NoSuchOperator"(%x) {version = 13 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = ge.framework_op "Relu"(%0) {version = 13 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @+1 {{ONNX operator com.example::Relu: the operator has no implementation}}
  %2 = ge.framework_op "Relu"(%1) {domain = "com.example", version = 1 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  return %2 : tensor<2xf32>
}

// -----

func.func @mode(%x: tensor<1x2x4x4xf32>, %s: tensor<4xf32>) -> tensor<1x2x2x2xf32> {
  %scales = ge.const dense<[1.0, 1.0, 0.5, 0.5]> : tensor<4xf32>
  // expected-error @+1 {{ONNX operator Resize: antialias=1; resize without it, or blur beforehand [E16005]}}
  %0 = ge.framework_op "Resize"(%x, %scales) {version = 18 : i64, input_indices = array<i64: 0, 2>, node_attributes = {antialias = 1 : i64}} : (tensor<1x2x4x4xf32>, tensor<4xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

// What the operator's own inference found wrong is the reason.
func.func @types(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{ONNX operator Add: 'ge.add' op expects}}
  %0 = ge.framework_op "Add"(%x, %y) {version = 13 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @missing(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{ONNX operator Add: input 1 is missing; check the model with onnx.checker [E16006]}}
  %0 = ge.framework_op "Add"(%x) {version = 13 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// The graph input is named, also through what is computed from it.
func.func @value(%x: tensor<2x3xf32>, %s: tensor<2xi64> {ge.name = "shape"}) -> tensor<*xf32> {
  %0 = ge.framework_op "Neg"(%s) {version = 13 : i64} : (tensor<2xi64>) -> tensor<2xi64>
  // expected-error @+1 {{ONNX operator Reshape: shape depends on the graph input 'shape', expected a constant; make it an initializer, or fix the shapes it is computed from (--input_shape) [E16007]}}
  %1 = ge.framework_op "Reshape"(%x, %0) {version = 13 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// -----

func.func @dynamic(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // expected-error @+1 {{ONNX operator Hardmax: found shape tensor<?x3xf32>, expected all dimensions known; fix the dynamic dimensions of the model's inputs (--input_shape) [E16008]}}
  %0 = ge.framework_op "Hardmax"(%x) {version = 13 : i64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// -----

func.func @training(%x: tensor<2xf32>) -> (tensor<2xf32>) {
  %ratio = ge.const dense<0.5> : tensor<f32>
  %mode = ge.const dense<true> : tensor<i1>
  // expected-error @+1 {{ONNX operator Dropout: training mode, which is random; export the model for inference [E16005]}}
  %0 = ge.framework_op "Dropout"(%x, %ratio, %mode) {version = 13 : i64} : (tensor<2xf32>, tensor<f32>, tensor<i1>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// A failure in a body is told where it is, once.
func.func @body(%c: tensor<i1>, %x: tensor<3xf32>) -> tensor<3xf32> {
  %y = ge.framework_op "If"(%c, %x) {version = 13 : i64, node_attributes = {captures = 1 : i64}, body_names = ["else_branch", "then_branch"]} : (tensor<i1>, tensor<3xf32>) -> tensor<3xf32> bodies {
  ^bb0(%a: tensor<3xf32>):
    ge.yield %a : tensor<3xf32>
  }, {
  ^bb0(%a: tensor<3xf32>):
    // expected-error @+1 {{ONNX operator NoSuchOperator: the operator has no implementation}}
    %t = ge.framework_op "NoSuchOperator"(%a) {version = 13 : i64} : (tensor<3xf32>) -> tensor<3xf32>
    ge.yield %t : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}
