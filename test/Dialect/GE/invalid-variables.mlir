// RUN: ge-opt %s -split-input-file -verify-diagnostics

// VariableOp C1: the shape of a variable is known.
// expected-error@+1 {{'ge.variable' op expects a tensor type of static shape, but got 'tensor<?xf32>'}}
ge.variable @v : tensor<?xf32>

// -----

// VariableOp C2: the initial value has the variable's type.
// expected-error@+1 {{'ge.variable' op expects a value of type 'tensor<2xf32>', but got 'tensor<3xf32>'}}
ge.variable @v : tensor<2xf32> = dense<1.0> : tensor<3xf32>

// -----

// ReadVariableOp C1: there is such a variable.
func.func @main() -> tensor<2xf32> {
  // expected-error@+1 {{'ge.read_variable' op expects 'v' to name a variable}}
  %0 = ge.read_variable @v : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// ReadVariableOp C2: a read has the variable's type.
ge.variable @v : tensor<2xf32>
func.func @main() -> tensor<3xf32> {
  // expected-error@+1 {{'ge.read_variable' op expects the type of variable 'v', 'tensor<2xf32>', but got 'tensor<3xf32>'}}
  %0 = ge.read_variable @v : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// AssignOp C2: so has what is assigned.
ge.variable @v : tensor<2xf32>
func.func @main(%x: tensor<2xi32>) {
  // expected-error@+1 {{'ge.assign' op expects the type of variable 'v', 'tensor<2xf32>', but got 'tensor<2xi32>'}}
  ge.assign %x, @v : tensor<2xi32>
  return
}
