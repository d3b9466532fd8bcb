// RUN: not ge-eval %s --function=index 2>&1 | FileCheck %s --check-prefix=INDEX
// RUN: not ge-eval %s --function=unknown 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not ge-eval %s --function=absent 2>&1 | FileCheck %s --check-prefix=ABSENT
// RUN: not ge-eval %s --function=input --input=%t.absent.npy 2>&1 | FileCheck %s --check-prefix=INPUT

// INDEX: error: 'ge.gather_v2' op expects indices in [-2, 2), but got 2
func.func @index() -> tensor<1xi32> {
  %x = ge.const dense<[1, 2]> : tensor<2xi32>
  %i = ge.const dense<2> : tensor<1xi64>
  %axis = ge.const dense<0> : tensor<i32>
  %0 = ge.gather_v2 %x, %i, %axis : (tensor<2xi32>, tensor<1xi64>, tensor<i32>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// UNKNOWN: error: 'ge.custom' op has no reference semantics
func.func @unknown(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = ge.custom "Foo"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// ABSENT: error: has no function 'absent'
// INPUT: cannot read input 0: {{.*}}absent.npy
func.func @input(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
