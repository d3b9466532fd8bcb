// RUN: ge-opt %s -split-input-file -ge-resolve-variables -verify-diagnostics | FileCheck %s

// The user of an assignment reads what was assigned.
// CHECK: ge.variable @sum : tensor<2xf32> = dense<5.000000e-01>
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32>)
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[OLD:.*]] = ge.read_variable @sum : tensor<2xf32>
  // CHECK: %[[NEW:.*]] = ge.add %[[OLD]], %[[X]]
  // CHECK: ge.assign %[[NEW]], @sum
  // CHECK: %[[READ:.*]] = ge.read_variable @sum
  // CHECK: return %[[READ]]
  %v = ge.custom "Variable"() {node_attributes = {value = dense<0.5> : tensor<2xf32>}} : () -> tensor<2xf32> loc("sum")
  %n = ge.custom "AssignAdd"(%v, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %n : tensor<2xf32>
}

// -----

// Each user reads when it runs: one before, one after the assignment.
// CHECK: ge.variable @v : tensor<2xf32>
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32>)
func.func @main(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // CHECK: %[[A:.*]] = ge.read_variable @v
  // CHECK: %[[BEFORE:.*]] = ge.relu %[[A]]
  // CHECK: ge.assign %[[X]], @v
  // CHECK: %[[B:.*]] = ge.read_variable @v
  // CHECK: %[[AFTER:.*]] = ge.relu %[[B]]
  // CHECK: return %[[BEFORE]], %[[AFTER]]
  %v = ge.custom "VariableV2"() : () -> tensor<2xf32> loc("v")
  %0 = ge.relu %v : tensor<2xf32>
  %1 = ge.custom "Assign"(%v, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %2 = ge.relu %v : tensor<2xf32>
  return %0, %2 : tensor<2xf32>, tensor<2xf32>
}

// -----

// An explicit read is the content itself.
// CHECK-LABEL: func.func @main
func.func @main() -> tensor<2xf32> {
  // CHECK-NEXT: %[[A:.*]] = ge.read_variable @v
  // CHECK-NEXT: return %[[A]]
  %v = ge.custom "Variable"() : () -> tensor<2xf32> loc("v")
  %0 = ge.custom "ReadVariableOp"(%v) : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{'Assign' expects a variable and a value, but its input 0 is no variable [E10401]}}
  %0 = ge.custom "Assign"(%x, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @main() -> tensor<?xf32> {
  // expected-error@+1 {{expects a variable of static shape, but got 'tensor<?xf32>' [E10011]}}
  %v = ge.custom "Variable"() : () -> tensor<?xf32>
  return %v : tensor<?xf32>
}
