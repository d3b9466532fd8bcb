// RUN: ge-opt %s --verify-ge-lowering --split-input-file --verify-diagnostics

// Every operation without a lowering is named.
func.func @custom(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @below {{operator Sort2: the operator has no lowering; replace it in the graph, or compute it outside [E13010]}}
  %0 = ge.custom "Sort2" (%x) : (tensor<8xf32>) -> tensor<8xf32>
  %1 = ge.relu %0 : (tensor<8xf32>) -> tensor<8xf32>
  // expected-error @below {{operator Sort3: the operator has no lowering}}
  %2 = ge.custom "Sort3" (%1) : (tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// -----

// Nothing is said of what can be lowered.
func.func @good(%x: tensor<8xf16>) -> tensor<8xf32> {
  %0 = ge.cast %x {dst_type = f32} : (tensor<8xf16>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @strings(%x: tensor<8x!ge.string>) -> tensor<8x!ge.string> {
  // expected-error @below {{operator Identity: operand 0 has elements of !ge.string, expected numbers}}
  %0 = ge.identity %x : (tensor<8x!ge.string>) -> tensor<8x!ge.string>
  return %0 : tensor<8x!ge.string>
}
