// RUN: ge-opt %s -split-input-file -verify-diagnostics

// C1: a constant has the type of its value.
func.func @f() {
  // expected-error @below {{'ge.const' op inferred type(s) 'tensor<3xi64>' are incompatible with return type(s) of operation 'tensor<2xi64>'}}
  // expected-error @below {{failed to infer returned types}}
  %y = "ge.const"() {value = dense<1> : tensor<3xi64>} : () -> tensor<2xi64>
  return
}

// -----

// C1: there is an index for each operand.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.framework_op' op expects 'input_indices' to have an element for each operand, but got 2 for 1}}
  %y = ge.framework_op "Clip"(%x) {input_indices = array<i64: 0, 2>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// C1: inputs are in order.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.custom' op expects 'input_indices' to be ascending and not negative, but got [2, 0]}}
  %y = ge.custom "Clip"(%x, %x) {input_indices = array<i64: 2, 0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// C2: each body is the value of an attribute.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.framework_op' op expects 'body_names' to have an element for each body, but got 0 for 1}}
  %y = ge.framework_op "Scan"(%x) : (tensor<2xf32>) -> tensor<2xf32> bodies {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }
  return
}

// -----

// C2: each operand has a name.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.custom' op expects 'input_names' to have an element for each operand, but got 2 for 1}}
  %y = ge.custom "Foo"(%x) {input_names = ["a", "b"]} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// C2: each result has a name.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.custom' op expects 'output_names' to have an element for each result, but got 0 for 1}}
  %y = ge.custom "Foo"(%x) {output_names = []} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// C1: the arguments of a branch have the types of the inputs.
func.func @f(%c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error @below {{'ge.if' op expects the arguments of 'else_branch' to have the types of its inputs ('tensor<2xf32>'), but got ('tensor<3xf32>')}}
  %y = ge.if %c(%x) : (tensor<i1>, tensor<2xf32>) -> tensor<?xf32> then {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  } else {
  ^bb0(%a: tensor<3xf32>):
    ge.yield %a : tensor<3xf32>
  }
  return
}

// -----

// C2: branches yield the results.
func.func @f(%c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error @below {{'ge.if' op expects 'then_branch' to yield ('tensor<2xf16>'), but got ('tensor<2xf32>')}}
  %y = ge.if %c(%x) : (tensor<i1>, tensor<2xf32>) -> tensor<2xf16> then {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  } else {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }
  return
}

// -----

// Branches see their arguments only.
func.func @f(%c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-note @below {{required by region isolation constraints}}
  %y = ge.if %c() : (tensor<i1>) -> tensor<2xf32> then {
    // expected-error @below {{'ge.yield' op using value defined outside the region}}
    ge.yield %x : tensor<2xf32>
  } else {
    ge.yield %x : tensor<2xf32>
  }
  return
}

// -----

// C1: a case has a branch.
func.func @f(%i: tensor<i32>) {
  // expected-error @below {{'ge.case' op expects a branch, but got none}}
  "ge.case"(%i) : (tensor<i32>) -> ()
  return
}

// -----

// C3: every branch yields the results.
func.func @f(%i: tensor<i32>, %x: tensor<2xf32>) {
  // expected-error @below {{'ge.case' op expects branch 1 to yield ('tensor<2xf32>'), but got ()}}
  %y = ge.case %i(%x) : (tensor<i32>, tensor<2xf32>) -> tensor<2xf32> branches {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }, {
  ^bb0(%a: tensor<2xf32>):
    ge.yield
  }
  return
}

// -----

// C2: every branch takes the inputs.
func.func @f(%i: tensor<i32>, %x: tensor<2xf32>) {
  // expected-error @below {{'ge.case' op expects the arguments of branch 0 to have the types of its inputs ('tensor<2xf32>'), but got ()}}
  ge.case %i(%x) : (tensor<i32>, tensor<2xf32>) -> () branches {
    ge.yield
  }
  return
}

// -----

// C1: the condition takes the loop's values.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.while' op expects the arguments of 'cond' to have the types of its inputs ('tensor<2xf32>'), but got ('tensor<i1>')}}
  %y = ge.while(%x) : (tensor<2xf32>) -> tensor<2xf32> cond {
  ^bb0(%a: tensor<i1>):
    ge.yield %a : tensor<i1>
  } body {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }
  return
}

// -----

// C2: the condition is one tensor.
func.func @f(%x: tensor<i1>) {
  // expected-error @below {{'ge.while' op expects 'cond' to yield one tensor, but got 2}}
  %y = ge.while(%x) : (tensor<i1>) -> tensor<i1> cond {
  ^bb0(%a: tensor<i1>):
    ge.yield %a, %a : tensor<i1>, tensor<i1>
  } body {
  ^bb0(%a: tensor<i1>):
    ge.yield %a : tensor<i1>
  }
  return
}

// -----

// C3: a loop returns its values.
func.func @f(%x: tensor<i1>) {
  // expected-error @below {{'ge.while' op expects as many results as inputs, but got 0 and 1}}
  ge.while(%x) : (tensor<i1>) -> () cond {
  ^bb0(%a: tensor<i1>):
    ge.yield %a : tensor<i1>
  } body {
  ^bb0(%a: tensor<i1>):
    ge.yield %a : tensor<i1>
  }
  return
}

// -----

// C3: the body yields the loop's values.
func.func @f(%x: tensor<i1>) {
  // expected-error @below {{'ge.while' op expects 'body' to yield ('tensor<i1>'), but got ()}}
  %y = ge.while(%x) : (tensor<i1>) -> tensor<i1> cond {
  ^bb0(%a: tensor<i1>):
    ge.yield %a : tensor<i1>
  } body {
  ^bb0(%a: tensor<i1>):
    ge.yield
  }
  return
}

// -----

// Control edges are names of nodes.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{'ge.relu' op expects 'ge.control_inputs' to be a list of node names, but got "a"}}
  %y = ge.relu %x {ge.control_inputs = "a"} : tensor<2xf32>
  return
}

// -----

// One type, or a function type with an operand for each.
func.func @f(%x: tensor<2xf32>) {
  // expected-error @below {{expected a type with 1 operands and one result, but got '(tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>'}}
  %y = ge.relu %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}
