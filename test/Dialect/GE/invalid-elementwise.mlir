// RUN: ge-opt %s -split-input-file -verify-diagnostics

// C1: operands of a binary operation have one element type.
func.func @f(%a: tensor<2xf32>, %b: tensor<2xf16>) {
  // expected-error @below {{'ge.add' op expects operands of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.add' op failed to infer returned types}}
  %y = ge.add %a, %b : (tensor<2xf32>, tensor<2xf16>) -> tensor<2xf32>
  return
}

// -----

// C2: the shapes of a binary operation broadcast.
func.func @f(%a: tensor<2x3xf32>, %b: tensor<4xf32>) {
  // expected-error @below {{'ge.mul' op expects shapes that broadcast, but got [2, 3] and [4]}}
  // expected-error @below {{'ge.mul' op failed to infer returned types}}
  %y = ge.mul %a, %b : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<2x3xf32>
  return
}

// -----

// C3: beside a stored operand, plain ones have one element.
func.func @f(%a: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, %b: tensor<16x1x1xf32>) {
  // expected-error @below {{'ge.add' op expects an operand of one element beside one with the storage format NC1HWC0, but got 'tensor<16x1x1xf32>'}}
  // expected-error @below {{'ge.add' op failed to infer returned types}}
  %y = ge.add %a, %b : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, tensor<16x1x1xf32>) -> tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>
  return
}

// -----

// C3: channels are not broadcast between stored operands, since one channel is one lane.
func.func @f(%a: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, %b: tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 1, 2, 2]>>) {
  // expected-error @below {{'ge.add' op expects operands of one storage format with as many channels, but got 'tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>' and 'tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 1, 2, 2]>>'}}
  // expected-error @below {{'ge.add' op failed to infer returned types}}
  %y = ge.add %a, %b : (tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>, tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 1, 2, 2]>>) -> tensor<1x1x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 16, 2, 2]>>
  return
}

// -----

// The result of an operation does not contradict what is inferred.
func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @below {{'ge.relu' op inferred type(s) 'tensor<2x3xf32>' are incompatible with return type(s) of operation 'tensor<2x4xf32>'}}
  // expected-error @below {{'ge.relu' op failed to infer returned types}}
  %y = ge.relu %x : (tensor<2x3xf32>) -> tensor<2x4xf32>
  return
}

// -----

// C1: a comparison compares elements of one type.
func.func @f(%a: tensor<2xf32>, %b: tensor<2xi32>) {
  // expected-error @below {{'ge.less' op expects operands of one element type, but got 'f32' and 'i32'}}
  // expected-error @below {{'ge.less' op failed to infer returned types}}
  %y = ge.less %a, %b : (tensor<2xf32>, tensor<2xi32>) -> tensor<2xi1>
  return
}

// -----

// C1: a predicate has bool elements.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.is_nan' op result #0 must be tensor of 1-bit signless integer values, but got 'tensor<2xf32>'}}
  %y = ge.is_nan %x : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// C1: a cast has elements of the type that it names.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.cast' op inferred type(s) 'tensor<2xf16>' are incompatible with return type(s) of operation 'tensor<2xbf16>'}}
  // expected-error @below {{'ge.cast' op failed to infer returned types}}
  %y = ge.cast %x {dst_type = f16} : (tensor<2xf32>) -> tensor<2xbf16>
  return
}

// -----

// C1: shifts have operands of one element type.
func.func @f(%a: tensor<2xi32>, %b: tensor<2xi64>) {
  // expected-error @below {{'ge.left_shift' op expects operands of one element type, but got 'i32' and 'i64'}}
  // expected-error @below {{'ge.left_shift' op failed to infer returned types}}
  %z = ge.left_shift %a, %b : (tensor<2xi32>, tensor<2xi64>) -> tensor<2xi32>
  return
}

// -----

// C2: `approximate` of GeluV2 is a formula's name.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.gelu_v2' op expects 'approximate' to be none or tanh, but got 'sigmoid'}}
  %y = ge.gelu_v2 %x {approximate = "sigmoid"} : tensor<2xf32>
  return
}

// -----

// C1: operands of PRelu have one element type.
func.func @f(%x: tensor<1x8xf32>, %w: tensor<8xf16>) {
  // expected-error @below {{'ge.p_relu' op expects operands of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.p_relu' op failed to infer returned types}}
  %y = ge.p_relu %x, %w : (tensor<1x8xf32>, tensor<8xf16>) -> tensor<1x8xf32>
  return
}

// -----

// C2: slopes of PRelu fit the channels.
func.func @f(%x: tensor<1x8x2x2xf32>, %w: tensor<4xf32>) {
  // expected-error @below {{'ge.p_relu' op expects 'weight' to have an element for each channel or to broadcast to [1, 8, 2, 2], but got shape [4]}}
  // expected-error @below {{'ge.p_relu' op failed to infer returned types}}
  %y = ge.p_relu %x, %w : (tensor<1x8x2x2xf32>, tensor<4xf32>) -> tensor<1x8x2x2xf32>
  return
}

// -----

// C1: limits have the element type of the operand.
func.func @f(%x: tensor<2xf32>, %min: tensor<f16>, %max: tensor<f32>) {
  // expected-error @below {{'ge.clip_by_value_v2' op expects operands of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.clip_by_value_v2' op failed to infer returned types}}
  %y = ge.clip_by_value_v2 %x, %min, %max : (tensor<2xf32>, tensor<f16>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

// C2: limits do not widen the operand.
func.func @f(%x: tensor<2xf32>, %min: tensor<3x2xf32>, %max: tensor<f32>) {
  // expected-error @below {{'ge.clip_by_value_v2' op expects limits that broadcast to [2], but got shape [3, 2]}}
  // expected-error @below {{'ge.clip_by_value_v2' op failed to infer returned types}}
  %y = ge.clip_by_value_v2 %x, %min, %max : (tensor<2xf32>, tensor<3x2xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

// C1: both choices have one element type.
func.func @f(%c: tensor<2xi1>, %a: tensor<2xf32>, %b: tensor<2xf16>) {
  // expected-error @below {{'ge.select' op expects operands of one element type, but got 'f32' and 'f16'}}
  // expected-error @below {{'ge.select' op failed to infer returned types}}
  %y = ge.select %c, %a, %b : (tensor<2xi1>, tensor<2xf32>, tensor<2xf16>) -> tensor<2xf32>
  return
}

// -----

// C2: condition and choices broadcast.
func.func @f(%c: tensor<3xi1>, %a: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{'ge.select' op expects shapes that broadcast, but got [3] and [2]}}
  // expected-error @below {{'ge.select' op failed to infer returned types}}
  %y = ge.select %c, %a, %b : (tensor<3xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// ODS: bitwise operations take integers.
func.func @f(%a: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{'ge.bitwise_and' op operand #0 must be tensor of 8-bit signless integer or 16-bit signless integer or 32-bit signless integer or 64-bit signless integer or 8-bit unsigned integer or 16-bit unsigned integer or 32-bit unsigned integer or 64-bit unsigned integer values, but got 'tensor<2xf32>'}}
  %y = ge.bitwise_and %a, %b : tensor<2xf32>
  return
}

// -----

// C2: bits have to be as many.
func.func @f(%a: tensor<2xf32>) {
  // expected-error @below {{'ge.bitcast' op expects 'type' to have as many bits as 'f32', but got 'i16'}}
  %y = ge.bitcast %a {type = i16} : (tensor<2xf32>) -> tensor<2xi16>
  return
}
