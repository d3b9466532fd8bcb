// RUN: ge-opt %s -split-input-file -npu-build-program | FileCheck %s

npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
// A returned value is computed in the output; a value between launches gets a buffer.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[X:.*]]: memref<8xf32> {ge.name = "x"}, %[[Y:.*]]: memref<8xf32>)
func.func @main(%x: tensor<8xf32> {ge.name = "x"}) -> tensor<8xf32> {
  // CHECK: %[[T:.*]] = memref.alloc() : memref<8xf32>
  // CHECK: npu.launch @k(%[[X]], %[[T]])
  // CHECK: npu.launch @k(%[[T]], %[[Y]])
  // CHECK-NEXT: npu.return
  %0 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %1 = npu.launch @k(%0) : (tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// -----

npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
// A part of a concatenation is computed where it belongs.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<16xf32>)
func.func @main(%x: tensor<8xf32>) -> tensor<16xf32> {
  // CHECK: %[[C0:.*]] = arith.constant 0 : i64
  // CHECK: %[[A:.*]] = npu.view %[[Y]][%[[C0]]]
  // CHECK: npu.launch @k(%[[X]], %[[A]])
  // CHECK: %[[C32:.*]] = arith.constant 32 : i64
  // CHECK: %[[B:.*]] = npu.view %[[Y]][%[[C32]]]
  // CHECK: npu.launch @k(%[[X]], %[[B]])
  // CHECK-NOT: npu.copy
  %e = tensor.empty() : tensor<16xf32>
  %0 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %1 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %2 = tensor.insert_slice %0 into %e[0] [8] [1] : tensor<8xf32> into tensor<16xf32>
  %3 = tensor.insert_slice %1 into %2[8] [8] [1] : tensor<8xf32> into tensor<16xf32>
  return %3 : tensor<16xf32>
}

// -----

// An input that is returned is copied.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<8xf32>)
// CHECK-NEXT: npu.copy %[[X]] to %[[Y]]
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}
