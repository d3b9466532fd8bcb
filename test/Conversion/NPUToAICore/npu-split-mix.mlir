// RUN: ge-opt %s -npu-split-mix | FileCheck %s
// RUN: ge-opt %s "--pass-pipeline=builtin.module(npu-split-mix,npu.kernel(npu-multi-buffer,npu-plan-local-memory,npu-insert-sync),convert-npu-to-engine)" | FileCheck %s --check-prefix=ENGINE

// Each kernel has what both execute and its own section.
// CHECK-LABEL: npu.kernel @k.cube
// CHECK-SAME: npu.engine = "cube", npu.mix
// CHECK: %[[BEGIN:.*]], %{{.*}} = npu.tile_range
// CHECK: npu.signal 0 behind "FIX"
// CHECK-NOT: npu.await
// CHECK-LABEL: npu.kernel @k.vector
// CHECK-SAME: npu.engine = "vector", npu.mix
// CHECK: npu.tile_range
// CHECK: npu.await 0 before "MTE2"
// CHECK: npu.move
// CHECK-NOT: npu.signal
// CHECK-LABEL: npu.kernel @other
// CHECK-SAME: npu.engine = "vector"
// CHECK-NOT: npu.mix

// One launch runs both, on as many groups of cores.
// ENGINE: llvm.func @k.cube({{.*}}npu.blocks = 24
// ENGINE: npu.engine.xflag {{.*}}queue = "FIX", wait = 0
// ENGINE: llvm.func @k.vector({{.*}}npu.blocks = 24
npu.kernel @k(%x: memref<48x64xf32>) attributes {num_outputs = 0 : i64, npu.engine = "mix", tiles = 48 : i64} {
  %begin, %end = npu.tile_range
  npu.section "cube" {
    npu.signal 0 behind "FIX"
  }
  npu.section "vector" {
    %c1 = arith.constant 1 : index
    npu.await 0 before "MTE2"
    scf.for %i = %begin to %end step %c1 {
      %a = npu.local : memref<64xf32, 1>
      %row = memref.subview %x[%i, 0] [1, 64] [1, 1] : memref<48x64xf32> to memref<64xf32, strided<[1], offset: ?>>
      npu.move %row to %a : memref<64xf32, strided<[1], offset: ?>>, memref<64xf32, 1>
    }
  }
  npu.return
}

npu.kernel @other(%x: memref<8xf32>) attributes {num_outputs = 0 : i64, npu.engine = "vector"} {
  npu.return
}
