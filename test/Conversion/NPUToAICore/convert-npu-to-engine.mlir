// RUN: ge-opt %s -pass-pipeline='builtin.module(convert-npu-to-engine{device=Ascend910B1:2})' | FileCheck %s

// A kernel becomes a function of the array of its arguments; a block takes its part
// of the tiles, and a buffer is its address.
// CHECK-LABEL: llvm.func @negate.vector
// CHECK-SAME: (%[[ARGS:.*]]: !llvm.ptr) attributes {no_unwind, npu.blocks = 4 : i64}
npu.kernel @negate(%x: memref<1024xf32>, %y: memref<1024xf32>) attributes {npu.engine = "vector", tiles = 16 : i64} {
  // CHECK: llvm.load
  // CHECK: llvm.load
  // CHECK: npu.engine.get {{.*}} {what = 0 : i64}
  // CHECK: npu.engine.get {{.*}} {what = 1 : i64}
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %b, %e = npu.tile_range
  // CHECK: scf.for
  scf.for %i = %b to %e step %c1 {
    %at = arith.muli %i, %c64 : index
    %from = memref.subview %x[%at] [64] [1] : memref<1024xf32> to memref<64xf32, strided<[1], offset: ?>>
    %to = memref.subview %y[%at] [64] [1] : memref<1024xf32> to memref<64xf32, strided<[1], offset: ?>>
    %a = npu.local {address = 256 : i64} : memref<64xf32, 1>
    // CHECK: npu.engine.dma.in
    npu.move %from to %a : memref<64xf32, strided<[1], offset: ?>>, memref<64xf32, 1>
    // CHECK: npu.engine.v.unary dst({{.*}}) src({{.*}}) rows({{.*}}) cols({{.*}}) dPitch({{.*}}) sPitch({{.*}}) {element_type = "f32", op = "neg"}
    npu.vector "unary.neg" ins(%a : memref<64xf32, 1>) outs(%a : memref<64xf32, 1>)
    // CHECK: npu.engine.dma.out
    npu.move %a to %to : memref<64xf32, 1>, memref<64xf32, strided<[1], offset: ?>>
  }
  // CHECK: npu.engine.sys tag(%{{.*}}) value(%{{.*}}) {what = 0 : i64}
  // CHECK: llvm.return
  npu.return
}
