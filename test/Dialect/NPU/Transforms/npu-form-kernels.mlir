// RUN: ge-opt %s -split-input-file -npu-form-kernels | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// What computes becomes a kernel; a view stays behind.
// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<8x4xf32>) -> tensor<32xf32> {
  // CHECK: %[[Y:.*]] = npu.launch @elementwise(%{{.*}}) : (tensor<8x4xf32>) -> tensor<8x4xf32>
  // CHECK-NEXT: tensor.collapse_shape %[[Y]]
  %e = tensor.empty() : tensor<8x4xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %n = arith.negf %in : f32
    linalg.yield %n : f32
  } -> tensor<8x4xf32>
  %z = tensor.collapse_shape %y [[0, 1]] : tensor<8x4xf32> into tensor<32xf32>
  return %z : tensor<32xf32>
}
// CHECK: npu.kernel @elementwise(%[[IN:.*]]: memref<8x4xf32>, %[[OUT:.*]]: memref<8x4xf32>)
// CHECK: %[[A:.*]] = bufferization.to_tensor %[[IN]] restrict
// CHECK: %[[B:.*]] = bufferization.to_tensor %[[OUT]] restrict writable
// CHECK: %[[R:.*]] = linalg.generic {{.*}} ins(%[[A]] : tensor<8x4xf32>) outs(%[[B]] : tensor<8x4xf32>)
// CHECK: bufferization.materialize_in_destination %[[R]] in restrict writable %[[OUT]]

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// A reduction and its user over the same rows are one kernel.
// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  // CHECK: %[[R:.*]] = npu.launch @rows(%{{.*}}) : (tensor<8x4xf32>) -> tensor<8x4xf32>
  // CHECK-NEXT: return %[[R]]
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %s = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<8x4xf32>) outs(%f : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.addf %in, %out : f32
    linalg.yield %a : f32
  } -> tensor<8xf32>
  %d = tensor.empty() : tensor<8x4xf32>
  %q = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %s : tensor<8x4xf32>, tensor<8xf32>) outs(%d : tensor<8x4xf32>) {
  ^bb0(%in: f32, %sum: f32, %out: f32):
    %a = arith.divf %in, %sum : f32
    linalg.yield %a : f32
  } -> tensor<8x4xf32>
  return %q : tensor<8x4xf32>
}
// CHECK: npu.kernel @rows
// CHECK-SAME: npu.rows = 1

// -----

// A slice that is not contiguous is a copy, and one that updates ties the launch's result to its destination.
// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<8x4xf32>, %y: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // CHECK: npu.launch @slice(%{{.*}}, %{{.*}}) {tied = array<i64: 1>}
  %0 = tensor.insert_slice %x into %y[0, 4] [8, 4] [1, 1] : tensor<8x4xf32> into tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// -----

// Regions have kernels of their own; a counter is a scalar of those that need it.
// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<8xi64>) -> tensor<8xi64> {
  // CHECK: npu.for
  // CHECK-NEXT: ^bb0(%[[I:.*]]: index, %{{.*}}: tensor<8xi64>):
  // CHECK: %[[N:.*]] = arith.index_cast %[[I]] : index to i64
  // CHECK: npu.launch @elementwise(%[[N]]) : (i64) -> tensor<8xi64>
  // CHECK: npu.next
  // CHECK: npu.kernel @elementwise(%{{.*}}: memref<8xi64>, %{{.*}}: i64)
  %n = arith.constant 5 : index
  %y = npu.for %n init(%x : tensor<8xi64>) -> tensor<8xi64> {
  ^bb0(%i: index, %a: tensor<8xi64>):
    %e = tensor.empty() : tensor<8xi64>
    %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%e : tensor<8xi64>) {
    ^bb0(%out: i64):
      %v = arith.index_cast %i : index to i64
      linalg.yield %v : i64
    } -> tensor<8xi64>
    npu.next %0 : tensor<8xi64>
  }
  return %y : tensor<8xi64>
}

// -----

// A tensor filled with a scalar is read as the scalar, so that no kernel has to hold it.
// CHECK-LABEL: func.func @main
// CHECK: npu.kernel @elementwise
// CHECK-NOT: linalg.fill
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<8xf32>)
// CHECK: arith.addf %{{.*}}, %cst
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.5 : f32
  %e = tensor.empty() : tensor<8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]}
      ins(%x, %f : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.addf %a, %b : f32
    linalg.yield %1 : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// Writes by index, one after the other, change what is there: the launch takes
// the memory of its operand over, whatever its size.
// CHECK-LABEL: func.func @main
// CHECK: npu.launch @for({{.*}}) {tied = array<i64: 0>}
// CHECK: npu.kernel @for(%{{.*}}: memref<?xf32> {{.*}}, %{{.*}}: memref<4xi64>, %[[Y:.*]]: memref<?xf32> {
// CHECK: %[[FORMER:.*]] = bufferization.to_tensor %[[Y]] restrict writable
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[FORMER]])
func.func @main(%x: tensor<?xf32>, %i: tensor<4xi64>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %one = arith.constant 1.0 : f32
  %y = scf.for %k = %c0 to %c4 step %c1 iter_args(%t = %x) -> (tensor<?xf32>) {
    %at = tensor.extract %i[%k] : tensor<4xi64>
    %place = arith.index_cast %at : i64 to index
    %next = tensor.insert %one into %t[%place] : tensor<?xf32>
    scf.yield %next : tensor<?xf32>
  }
  return %y : tensor<?xf32>
}
