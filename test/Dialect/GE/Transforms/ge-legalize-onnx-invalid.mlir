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

func.func @mode(%x: tensor<1x2x4x4xf32>, %rois: tensor<3x4xf32>, %batches: tensor<3xi64>) -> tensor<3x2x2x2xf32> {
  // expected-error @+1 {{ONNX operator RoiAlign: sampling_ratio 0, expected 1 to 64; give the number of samples; 0 makes it depend on the data [E16005]}}
  %0 = ge.framework_op "RoiAlign"(%x, %rois, %batches) {version = 16 : i64, node_attributes = {output_height = 2 : i64, output_width = 2 : i64}} : (tensor<1x2x4x4xf32>, tensor<3x4xf32>, tensor<3xi64>) -> tensor<3x2x2x2xf32>
  return %0 : tensor<3x2x2x2xf32>
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
  // expected-error @+1 {{ONNX operator ReduceSum: axes depends on the graph input 'shape', expected a constant; make it an initializer, or fix the shapes it is computed from (--input_shape) [E16007]}}
  %1 = ge.framework_op "ReduceSum"(%x, %0) {version = 13 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// -----

func.func @dynamic(%x: tensor<?x3x3xf32>) -> tensor<?xf32> {
  // expected-error @+1 {{ONNX operator Det: found shape tensor<?x3x3xf32>, expected all dimensions known; fix the dynamic dimensions of the model's inputs (--input_shape) [E16008]}}
  %0 = ge.framework_op "Det"(%x) {version = 11 : i64} : (tensor<?x3x3xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// How long a tuple is says what it indexes; how many there are need not be known.
func.func @tuples(%x: tensor<2x3xf32>, %i: tensor<?x?xi64>) -> tensor<?xf32> {
  // expected-error @+1 {{ONNX operator GatherND: found shape tensor<?x?xi64>, expected dimension 1 known; fix the dynamic dimensions of the model's inputs (--input_shape) [E16008]}}
  %0 = ge.framework_op "GatherND"(%x, %i) {version = 13 : i64} : (tensor<2x3xf32>, tensor<?x?xi64>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

func.func @filter(%x: tensor<1x2x8x8xf32>, %w: tensor<4x2x?x?xf32>) -> tensor<1x4x?x?xf32> {
  // expected-error @+1 {{ONNX operator Conv: found shape tensor<4x2x?x?xf32>, expected dimension 2 known; fix the dynamic dimensions of the model's inputs (--input_shape) [E16008]}}
  %0 = ge.framework_op "Conv"(%x, %w) {version = 11 : i64} : (tensor<1x2x8x8xf32>, tensor<4x2x?x?xf32>) -> tensor<1x4x?x?xf32>
  return %0 : tensor<1x4x?x?xf32>
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

// -----

// An input that no operator takes is one problem; those who use it are none.
// expected-error @+1 {{the input has elements of !ge.string; give the model tensors of numbers, and do the rest outside [E14002]}}
func.func @text(%s: tensor<3x!ge.string> {ge.name = "words"}) -> tensor<*x!ge.undefined> {
  // expected-error @+1 {{ONNX operator StringNormalizer: the operator works on strings}}
  %0 = ge.framework_op "StringNormalizer"(%s) {version = 10 : i64} : (tensor<3x!ge.string>) -> tensor<*x!ge.undefined>
  %1 = ge.framework_op "Identity"(%s) {version = 13 : i64} : (tensor<3x!ge.string>) -> tensor<*x!ge.undefined>
  return %1 : tensor<*x!ge.undefined>
}

// -----

func.func @few_bits(%x: tensor<2x32xf32>, %w: tensor<4x1x12xui8>, %s: tensor<4x1xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{ONNX operator com.microsoft::MatMulNBits: weights of 3 bits, expected 2, 4 or 8 [E16005]}}
  %0 = ge.framework_op "MatMulNBits"(%x, %w, %s) {domain = "com.microsoft", version = 1 : i64, node_attributes = {K = 32 : i64, N = 4 : i64, bits = 3 : i64, block_size = 32 : i64}} : (tensor<2x32xf32>, tensor<4x1x12xui8>, tensor<4x1xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// Bounds may be read when the model runs, but not what they are of.
func.func @run_time_axes(%x: tensor<4x5xf32> {ge.name = "x"}, %b: tensor<1xi64> {ge.name = "begin"}, %a: tensor<1xi64> {ge.name = "axes"}) -> tensor<?x?xf32> {
  // expected-error @+1 {{ONNX operator Slice: axes depends on the graph input 'axes', expected a constant}}
  %0 = ge.framework_op "Slice"(%x, %b, %b, %a) {version = 13 : i64} : (tensor<4x5xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// All pairs of rows are compared, so their number must be known.
func.func @unique(%x: tensor<?x2xf32> {ge.name = "x"}) -> tensor<?x2xf32> {
  // expected-error @+1 {{ONNX operator Unique: found shape tensor<?x2xf32>, expected all dimensions known}}
  %0 = ge.framework_op "Unique"(%x) {version = 11 : i64, node_attributes = {axis = 0 : i64}} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}
