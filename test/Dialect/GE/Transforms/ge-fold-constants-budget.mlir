// RUN: ge-opt %s -ge-fold-constants="max-bytes=64" -verify-diagnostics | FileCheck %s

// A result over the budget is left to run time, and the user is told.
// CHECK-LABEL: func.func @large
func.func @large() -> tensor<100xf32> {
  %dims = ge.const dense<100> : tensor<1xi64>
  %value = ge.const dense<1.0> : tensor<f32>
  // CHECK: ge.fill
  // expected-remark @+1 {{not folded: the result has more than 64 bytes}}
  %y = ge.fill %dims, %value : (tensor<1xi64>, tensor<f32>) -> tensor<100xf32>
  return %y : tensor<100xf32>
}

// A result smaller than its operands saves memory whatever its size.
// CHECK-LABEL: func.func @shrinking
func.func @shrinking() -> tensor<20xf32> {
  %x = ge.const dense<1.0> : tensor<40xf32>
  %offsets = ge.const dense<0> : tensor<1xi64>
  %size = ge.const dense<20> : tensor<1xi64>
  // CHECK: ge.const dense<1.000000e+00> : tensor<20xf32>
  %y = ge.slice %x, %offsets, %size : (tensor<40xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<20xf32>
  return %y : tensor<20xf32>
}
