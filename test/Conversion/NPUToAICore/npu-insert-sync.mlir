// RUN: ge-opt %s -split-input-file -verify-diagnostics -pass-pipeline='builtin.module(npu.kernel(npu-insert-sync))' | FileCheck %s

// Both inputs are handed over by one flag for each copy; flags back are set before
// the loop and waited for behind it.
// CHECK-LABEL: npu.kernel @add
npu.kernel @add(%x: memref<1024xf32>, %y: memref<1024xf32>, %z: memref<1024xf32>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c64 = arith.constant 64 : index
  // CHECK-COUNT-2: npu.engine.flag event(%{{.*}}) {dst = "V", src = "MTE3", wait = 0 : i64}
  // CHECK-COUNT-2: npu.engine.flag event(%{{.*}}) {dst = "MTE2", src = "V", wait = 0 : i64}
  // CHECK: scf.for
  scf.for %i = %c0 to %c16 step %c1 {
    %slot = arith.remui %i, %c2 : index
    %at = arith.muli %i, %c64 : index
    %a = npu.local [%slot] {copies = 2 : i64} : memref<64xf32, 1>
    %b = npu.local [%slot] {copies = 2 : i64} : memref<64xf32, 1>
    %c = npu.local [%slot] {copies = 2 : i64} : memref<64xf32, 1>
    %va = memref.subview %x[%at] [64] [1] : memref<1024xf32> to memref<64xf32, strided<[1], offset: ?>>
    %vb = memref.subview %y[%at] [64] [1] : memref<1024xf32> to memref<64xf32, strided<[1], offset: ?>>
    %vc = memref.subview %z[%at] [64] [1] : memref<1024xf32> to memref<64xf32, strided<[1], offset: ?>>
    // CHECK: npu.engine.flag event(%{{.*}}) {dst = "MTE2", src = "V", wait = 1 : i64}
    // CHECK-NEXT: npu.move
    npu.move %va to %a : memref<64xf32, strided<[1], offset: ?>>, memref<64xf32, 1>
    // CHECK-NEXT: npu.move
    npu.move %vb to %b : memref<64xf32, strided<[1], offset: ?>>, memref<64xf32, 1>
    // CHECK: npu.engine.flag event(%{{.*}}) {dst = "V", src = "MTE2", wait = 0 : i64}
    // CHECK-DAG: npu.engine.flag event(%{{.*}}) {dst = "V", src = "MTE2", wait = 1 : i64}
    // CHECK-DAG: npu.engine.flag event(%{{.*}}) {dst = "V", src = "MTE3", wait = 1 : i64}
    // CHECK: npu.vector
    npu.vector "binary.add" ins(%a, %b : memref<64xf32, 1>, memref<64xf32, 1>) outs(%c : memref<64xf32, 1>)
    // CHECK-DAG: npu.engine.flag event(%{{.*}}) {dst = "MTE2", src = "V", wait = 0 : i64}
    // CHECK-DAG: npu.engine.flag event(%{{.*}}) {dst = "MTE3", src = "V", wait = 0 : i64}
    // CHECK: npu.engine.flag event(%{{.*}}) {dst = "MTE3", src = "V", wait = 1 : i64}
    // CHECK-NEXT: npu.move
    npu.move %c to %vc : memref<64xf32, 1>, memref<64xf32, strided<[1], offset: ?>>
    // CHECK: npu.engine.flag event(%{{.*}}) {dst = "V", src = "MTE3", wait = 0 : i64}
  }
  // CHECK-COUNT-2: npu.engine.flag event(%{{.*}}) {dst = "MTE2", src = "V", wait = 1 : i64}
  // CHECK-COUNT-2: npu.engine.flag event(%{{.*}}) {dst = "V", src = "MTE3", wait = 1 : i64}
  npu.return
}

// -----

npu.kernel @outlives(%x: memref<64xf32>, %y: memref<64xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  // expected-error@+1 {{cannot be ordered: queues hand the buffer over in a loop that it outlives}}
  %a = npu.local : memref<64xf32, 1>
  scf.for %i = %c0 to %c16 step %c1 {
    npu.move %x to %a : memref<64xf32>, memref<64xf32, 1>
    npu.move %a to %y : memref<64xf32, 1>, memref<64xf32>
  }
  npu.return
}

// -----

// Stores go behind products of the same accumulators fractal by fractal, and the next
// products behind stores; operands are handed over as a whole.
// CHECK-LABEL: npu.kernel @follow
npu.kernel @follow(%a: memref<2x1x16x16xf16>, %y: memref<16x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %l0a = npu.local : memref<1x1x16x16xf16, 3>
  %l0b = npu.local : memref<1x1x16x16xf16, 4>
  // CHECK: npu.engine.flag event(%{{.*}}) {dst = "M", src = "FIX", wait = 0 : i64}
  // CHECK: scf.for
  scf.for %i = %c0 to %c16 step %c1 {
    %c = npu.local : memref<1x1x16x16xf32, 5>
    // CHECK: npu.engine.follow event(%{{.*}}) {dst = "M", src = "FIX"}
    // CHECK-NEXT: scf.for
    scf.for %k = %c0 to %c16 step %c1 {
      // CHECK-NEXT: npu.multiply
      npu.multiply %l0a, %l0b into %c [%c16, %c16, %c16] : memref<1x1x16x16xf16, 3>, memref<1x1x16x16xf16, 4>, memref<1x1x16x16xf32, 5>
    }
    // CHECK: npu.engine.flag event(%{{.*}}) {dst = "FIX", src = "M", wait = 0 : i64}
    // CHECK: npu.engine.follow event(%{{.*}}) {dst = "FIX", src = "M"}
    // CHECK-NEXT: npu.drain
    npu.drain %c to %y : memref<1x1x16x16xf32, 5>, memref<16x16xf32>
    // CHECK: npu.engine.flag event(%{{.*}}) {dst = "M", src = "FIX", wait = 0 : i64}
  }
  // CHECK: npu.engine.flag event(%{{.*}}) {dst = "M", src = "FIX", wait = 1 : i64}
  npu.return
}

// -----

// Where M also works on other accumulators, its last command may be theirs.
// CHECK-LABEL: npu.kernel @two
npu.kernel @two(%a: memref<2x1x16x16xf16>, %y: memref<16x16xf32>, %z: memref<16x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %l0a = npu.local : memref<1x1x16x16xf16, 3>
  %l0b = npu.local : memref<1x1x16x16xf16, 4>
  %c = npu.local : memref<1x1x16x16xf32, 5>
  %d = npu.local : memref<1x1x16x16xf32, 5>
  scf.for %k = %c0 to %c16 step %c1 {
    npu.multiply %l0a, %l0b into %c [%c16, %c16, %c16] : memref<1x1x16x16xf16, 3>, memref<1x1x16x16xf16, 4>, memref<1x1x16x16xf32, 5>
    npu.multiply %l0a, %l0b into %d [%c16, %c16, %c16] : memref<1x1x16x16xf16, 3>, memref<1x1x16x16xf16, 4>, memref<1x1x16x16xf32, 5>
  }
  // CHECK-NOT: npu.engine.follow
  npu.drain %c to %y : memref<1x1x16x16xf32, 5>, memref<16x16xf32>
  npu.drain %d to %z : memref<1x1x16x16xf32, 5>, memref<16x16xf32>
  npu.return
}
