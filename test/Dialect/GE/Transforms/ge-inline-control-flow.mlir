// RUN: ge-opt %s -split-input-file -ge-inline-control-flow | FileCheck %s

// The branch taken replaces the operator.
// CHECK-LABEL: func.func @if_true
func.func @if_true(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = ge.const dense<true> : tensor<i1>
  // CHECK-NOT: ge.if
  // CHECK: %[[Y:.*]] = ge.neg %arg0
  // CHECK-NEXT: return %[[Y]]
  %y = ge.if %c(%x) : (tensor<i1>, tensor<2xf32>) -> tensor<2xf32> then {
  ^bb0(%a: tensor<2xf32>):
    %n = ge.neg %a : tensor<2xf32>
    ge.yield %n : tensor<2xf32>
  } else {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}

// -----

// An index out of range takes the last branch.
// CHECK-LABEL: func.func @case_out_of_range
func.func @case_out_of_range(%x: tensor<2xf32>) -> tensor<2xf32> {
  %i = ge.const dense<7> : tensor<i32>
  // CHECK: ge.abs
  // CHECK-NOT: ge.case
  %y = ge.case %i(%x) : (tensor<i32>, tensor<2xf32>) -> tensor<2xf32> branches {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }, {
  ^bb0(%a: tensor<2xf32>):
    %n = ge.abs %a : tensor<2xf32>
    ge.yield %n : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}

// -----

// A loop that never runs gives its operands.
// CHECK-LABEL: func.func @while_false
func.func @while_false(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK-NEXT: return %arg0
  %y = ge.while(%x) : (tensor<2xf32>) -> tensor<2xf32> cond {
  ^bb0(%a: tensor<2xf32>):
    %c = ge.const dense<false> : tensor<i1>
    ge.yield %c : tensor<i1>
  } body {
  ^bb0(%a: tensor<2xf32>):
    %n = ge.neg %a : tensor<2xf32>
    ge.yield %n : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}

// -----

// Nested operators are reached whether the outer one is known or not.
// CHECK-LABEL: func.func @nested
func.func @nested(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: ge.if %arg0
  %y = ge.if %c(%x) : (tensor<i1>, tensor<2xf32>) -> tensor<2xf32> then {
  ^bb0(%a: tensor<2xf32>):
    // CHECK-NOT: ge.if
    // CHECK: ge.exp
    %f = ge.const dense<false> : tensor<i1>
    %n = ge.if %f(%a) : (tensor<i1>, tensor<2xf32>) -> tensor<2xf32> then {
    ^bb1(%b: tensor<2xf32>):
      ge.yield %b : tensor<2xf32>
    } else {
    ^bb1(%b: tensor<2xf32>):
      %e = ge.exp %b : tensor<2xf32>
      ge.yield %e : tensor<2xf32>
    }
    ge.yield %n : tensor<2xf32>
  } else {
  ^bb0(%a: tensor<2xf32>):
    ge.yield %a : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}
