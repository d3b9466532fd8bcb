// RUN: ge-opt %s -split-input-file -verify-diagnostics

// C1: an axis lies inside the operand.
func.func @f(%x: tensor<2x3xf32>) {
  %axes = ge.const dense<2> : tensor<1xi64>
  // expected-error @below {{'ge.reduce_sum' op expects 'axes' in [-2, 2), but got 2}}
  // expected-error @below {{'ge.reduce_sum' op failed to infer returned types}}
  %y = ge.reduce_sum %x, %axes : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2xf32>
  return
}

// -----

// C1: no axis is named twice.
func.func @f(%x: tensor<2x3xf32>) {
  %axes = ge.const dense<[1, -1]> : tensor<2xi64>
  // expected-error @below {{'ge.reduce_max' op expects 'axes' to name each dimension once, but got [1, -1]}}
  // expected-error @below {{'ge.reduce_max' op failed to infer returned types}}
  %y = ge.reduce_max %x, %axes : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2xf32>
  return
}

// -----

// C1: axes are a vector.
func.func @f(%x: tensor<2x3xi1>) {
  %axes = ge.const dense<0> : tensor<1x1xi64>
  // expected-error @below {{'ge.reduce_all' op expects 'axes' to be a vector, but got shape [1, 1]}}
  // expected-error @below {{'ge.reduce_all' op failed to infer returned types}}
  %y = ge.reduce_all %x, %axes : (tensor<2x3xi1>, tensor<1x1xi64>) -> tensor<3xi1>
  return
}

// -----

// C2: a stored operand keeps its dimensions.
func.func @f(%x: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>) {
  %axes = ge.const dense<[2, 3]> : tensor<2xi64>
  // expected-error @below {{'ge.reduce_mean' op expects 'keep_dims' for an operand with the storage format NC1HWC0}}
  // expected-error @below {{'ge.reduce_mean' op failed to infer returned types}}
  %y = ge.reduce_mean %x, %axes : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, tensor<2xi64>) -> tensor<1x16xf32>
  return
}

// -----

// C2: the channels of a stored operand are not reduced.
func.func @f(%x: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>) {
  %axes = ge.const dense<1> : tensor<1xi64>
  // expected-error @below {{'ge.reduce_mean' op expects 'axes' without the channels of the storage format NC1HWC0, but got [1]}}
  // expected-error @below {{'ge.reduce_mean' op failed to infer returned types}}
  %y = ge.reduce_mean %x, %axes {keep_dims = true} : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, tensor<1xi64>) -> tensor<1x1x2x2xf32>
  return
}

// -----

// The shape of a reduction follows from its axes.
func.func @f(%x: tensor<2x3xf32>) {
  %axes = ge.const dense<1> : tensor<1xi64>
  // expected-error @below {{'ge.reduce_min' op inferred type(s) 'tensor<2xf32>' are incompatible with return type(s) of operation 'tensor<3xf32>'}}
  // expected-error @below {{'ge.reduce_min' op failed to infer returned types}}
  %y = ge.reduce_min %x, %axes : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<3xf32>
  return
}

// -----

// C1: the dimension of ArgMax is one number.
func.func @f(%x: tensor<2x3xf32>) {
  %d = ge.const dense<[0, 1]> : tensor<2xi64>
  // expected-error @below {{'ge.arg_max_v2' op expects 'dimension' to have one element, but got shape [2]}}
  // expected-error @below {{'ge.arg_max_v2' op failed to infer returned types}}
  %y = ge.arg_max_v2 %x, %d : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<i64>
  return
}

// -----

// C1: the dimension of ArgMin lies inside the operand.
func.func @f(%x: tensor<2x3xf32>) {
  %d = ge.const dense<-3> : tensor<i64>
  // expected-error @below {{'ge.arg_min' op expects 'dimension' in [-2, 2), but got -3}}
  // expected-error @below {{'ge.arg_min' op failed to infer returned types}}
  %y = ge.arg_min %x, %d : (tensor<2x3xf32>, tensor<i64>) -> tensor<3xi64>
  return
}

// -----

// C1: a scalar has no dimension to search.
func.func @f(%x: tensor<f32>) {
  %d = ge.const dense<0> : tensor<i64>
  // expected-error @below {{'ge.arg_max_v2' op expects 'x' to have a dimension, but got a scalar}}
  // expected-error @below {{'ge.arg_max_v2' op failed to infer returned types}}
  %y = ge.arg_max_v2 %x, %d : (tensor<f32>, tensor<i64>) -> tensor<i64>
  return
}

// -----

// C2: an index is an integer.
func.func @f(%x: tensor<2xf32>) {
  %d = ge.const dense<0> : tensor<i64>
  // expected-error @below {{'ge.arg_max_v2' op expects 'dtype' to be i32 or i64, but got 'f32'}}
  // expected-error @below {{'ge.arg_max_v2' op failed to infer returned types}}
  %y = ge.arg_max_v2 %x, %d {dtype = f32} : (tensor<2xf32>, tensor<i64>) -> tensor<i64>
  return
}

// -----

// C1: the axis of a scan lies inside the operand.
func.func @f(%x: tensor<2xf32>) {
  %axis = ge.const dense<1> : tensor<i32>
  // expected-error @below {{'ge.cumsum' op expects 'axis' in [-1, 1), but got 1}}
  // expected-error @below {{'ge.cumsum' op failed to infer returned types}}
  %y = ge.cumsum %x, %axis : (tensor<2xf32>, tensor<i32>) -> tensor<2xf32>
  return
}
