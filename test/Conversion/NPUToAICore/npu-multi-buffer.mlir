// RUN: ge-opt %s -pass-pipeline='builtin.module(npu.kernel(npu-multi-buffer))' | FileCheck %s

// What queues hand over gets two copies, by the number of the iteration; what only
// one queue uses, and what is outside of loops, has one.
// CHECK-LABEL: npu.kernel @negate
npu.kernel @negate(%x: memref<1024xf32>, %y: memref<1024xf32>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c1024 = arith.constant 1024 : index
  // CHECK: %{{.*}} = npu.local : memref<64xf32, 1>
  %bias = npu.local : memref<64xf32, 1>
  %first = memref.subview %x[0] [64] [1] : memref<1024xf32> to memref<64xf32, strided<[1]>>
  npu.move %first to %bias : memref<64xf32, strided<[1]>>, memref<64xf32, 1>
  // CHECK: scf.for %[[I:.*]] =
  scf.for %i = %c0 to %c1024 step %c64 {
    // CHECK: %[[D:.*]] = arith.subi %[[I]]
    // CHECK: %[[N:.*]] = arith.divui %[[D]]
    // CHECK: %[[SLOT:.*]] = arith.remui %[[N]]
    // CHECK: npu.local[%[[SLOT]]] {copies = 2 : i64} : memref<64xf32, 1>
    %a = npu.local : memref<64xf32, 1>
    %from = memref.subview %x[%i] [64] [1] : memref<1024xf32> to memref<64xf32, strided<[1], offset: ?>>
    npu.move %from to %a : memref<64xf32, strided<[1], offset: ?>>, memref<64xf32, 1>
    // CHECK: npu.local : memref<64xf32, 1>
    %b = npu.local : memref<64xf32, 1>
    npu.vector "unary.neg" ins(%a : memref<64xf32, 1>) outs(%b : memref<64xf32, 1>)
    // CHECK: npu.local[%[[SLOT]]] {copies = 2 : i64} : memref<64xf32, 1>
    %c = npu.local : memref<64xf32, 1>
    npu.vector "binary.add" ins(%b, %bias : memref<64xf32, 1>, memref<64xf32, 1>) outs(%c : memref<64xf32, 1>)
    %to = memref.subview %y[%i] [64] [1] : memref<1024xf32> to memref<64xf32, strided<[1], offset: ?>>
    npu.move %c to %to : memref<64xf32, 1>, memref<64xf32, strided<[1], offset: ?>>
  }
  npu.return
}

// Three iterations inside go on in the next one outside with the other copy.
// CHECK-LABEL: npu.kernel @nested
npu.kernel @nested(%x: memref<192xf32>, %y: memref<192xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  %c192 = arith.constant 192 : index
  // CHECK: scf.for %[[T:.*]] =
  scf.for %t = %c0 to %c4 step %c1 {
    // CHECK: scf.for %[[I:.*]] =
    scf.for %i = %c0 to %c192 step %c64 {
      // CHECK: %[[N:.*]] = arith.divui
      // CHECK: %[[E:.*]] = arith.subi %[[T]]
      // CHECK: %[[M:.*]] = arith.divui %[[E]]
      // CHECK: %[[THREE:.*]] = arith.constant 3
      // CHECK: %[[BEFORE:.*]] = arith.muli %[[M]], %[[THREE]]
      // CHECK: %[[ALL:.*]] = arith.addi %[[BEFORE]], %[[N]]
      // CHECK: %[[SLOT:.*]] = arith.remui %[[ALL]]
      // CHECK: npu.local[%[[SLOT]]] {copies = 2 : i64}
      %a = npu.local : memref<64xf32, 1>
      %from = memref.subview %x[%i] [64] [1] : memref<192xf32> to memref<64xf32, strided<[1], offset: ?>>
      npu.move %from to %a : memref<64xf32, strided<[1], offset: ?>>, memref<64xf32, 1>
      %to = memref.subview %y[%i] [64] [1] : memref<192xf32> to memref<64xf32, strided<[1], offset: ?>>
      npu.move %a to %to : memref<64xf32, 1>, memref<64xf32, strided<[1], offset: ?>>
    }
  }
  npu.return
}

// What goes to the cube through L1 gets four copies where there is room.
// CHECK-LABEL: npu.kernel @staged
npu.kernel @staged(%x: memref<1024x16xf16>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c1024 = arith.constant 1024 : index
  // CHECK: scf.for
  scf.for %i = %c0 to %c1024 step %c16 {
    // CHECK-DAG: %[[FOUR:.*]] = arith.constant 4 : index
    // CHECK-DAG: %[[SLOT:.*]] = arith.remui %{{.*}}, %[[FOUR]]
    // CHECK: npu.local[%[[SLOT]]] {copies = 4 : i64} : memref<1x16x16xf16, 2>
    %a = npu.local : memref<1x16x16xf16, 2>
    %from = memref.subview %x[%i, 0] [16, 16] [1, 1] : memref<1024x16xf16> to memref<16x16xf16, strided<[16, 1], offset: ?>>
    npu.fractals %from to %a : memref<16x16xf16, strided<[16, 1], offset: ?>>, memref<1x16x16xf16, 2>
    // CHECK: npu.local[%{{.*}}] {copies = 2 : i64} : memref<1x1x16x16xf16, 4>
    %b = npu.local : memref<1x1x16x16xf16, 4>
    npu.feed %a to %b : memref<1x16x16xf16, 2>, memref<1x1x16x16xf16, 4>
    %c = npu.local : memref<1x1x16x16xf32, 5>
    %l = npu.local : memref<1x1x16x16xf16, 3>
    npu.multiply %l, %b into %c [%c16, %c16, %c16] {start} : memref<1x1x16x16xf16, 3>, memref<1x1x16x16xf16, 4>, memref<1x1x16x16xf32, 5>
  }
  npu.return
}

// Buffers that fill L1 with two copies have no more.
// CHECK-LABEL: npu.kernel @full
npu.kernel @full(%x: memref<1024x8192xf16>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c1024 = arith.constant 1024 : index
  scf.for %i = %c0 to %c1024 step %c16 {
    // CHECK: npu.local[%{{.*}}] {copies = 2 : i64} : memref<512x16x16xf16, 2>
    %a = npu.local : memref<512x16x16xf16, 2>
    %from = memref.subview %x[%i, 0] [16, 8192] [1, 1] : memref<1024x8192xf16> to memref<16x8192xf16, strided<[8192, 1], offset: ?>>
    npu.fractals %from to %a : memref<16x8192xf16, strided<[8192, 1], offset: ?>>, memref<512x16x16xf16, 2>
    %b = npu.local : memref<1x1x16x16xf16, 4>
    %part = memref.subview %a[0, 0, 0] [1, 16, 16] [1, 1, 1] : memref<512x16x16xf16, 2> to memref<1x16x16xf16, strided<[256, 16, 1]>, 2>
    npu.feed %part to %b : memref<1x16x16xf16, strided<[256, 16, 1]>, 2>, memref<1x1x16x16xf16, 4>
    %l = npu.local : memref<1x1x16x16xf16, 3>
    %c = npu.local : memref<1x1x16x16xf32, 5>
    npu.multiply %l, %b into %c [%c16, %c16, %c16] {start} : memref<1x1x16x16xf16, 3>, memref<1x1x16x16xf16, 4>, memref<1x1x16x16xf32, 5>
  }
  npu.return
}
