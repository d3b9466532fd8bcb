// RUN: ge-opt %s -npu-allocate-scratch | FileCheck %s
// RUN: ge-opt %s -npu-allocate-scratch -npu-build-program -npu-plan-memory | FileCheck %s --check-prefix=PROGRAM

// Scratch memory is an output between the others and the scalars.
// CHECK-LABEL: npu.kernel @k
// CHECK-SAME: (%{{.*}}: memref<8xf32>, %{{.*}}: memref<8xf32>, %[[S:.*]]: memref<64xf32>, %{{.*}}: i64)
// CHECK-SAME: num_outputs = 2
// CHECK-NOT: npu.scratch
// CHECK: memref.store %{{.*}}, %[[S]]
npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>, %n: i64) attributes {num_outputs = 1 : i64} {
  %c0 = arith.constant 0 : index
  %s = npu.scratch : memref<64xf32>
  %v = memref.load %x[%c0] : memref<8xf32>
  memref.store %v, %s[%c0] : memref<64xf32>
  memref.store %v, %y[%c0] : memref<8xf32>
  npu.return
}

// A launch has a result for it, which takes memory of the arena for this launch alone.
// CHECK-LABEL: func.func @main
// CHECK: %[[R:.*]]:2 = npu.launch @k(%{{.*}}, %{{.*}}) {tied = array<i64: -1, -1>} : (tensor<8xf32>, i64) -> (tensor<8xf32>, tensor<64xf32>)
// CHECK: npu.launch @k(%[[R]]#0
// PROGRAM: npu.program @main
// PROGRAM: npu.launch @k({{.*}}) : (memref<8xf32>, memref<8xf32>, memref<64xf32{{.*}}>, i64) -> ()
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  %n = arith.constant 8 : i64
  %0 = npu.launch @k(%x, %n) : (tensor<8xf32>, i64) -> tensor<8xf32>
  %1 = npu.launch @k(%0, %n) : (tensor<8xf32>, i64) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}
