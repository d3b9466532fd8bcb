// RUN: ge-opt %s -npu-plan-memory | FileCheck %s

npu.kernel @k(%x: memref<64xf32>, %y: memref<64xf32>) {
  npu.return
}
// The first and the third buffer are never alive together and share memory.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: arena_size = 512 : i64
npu.program @main(%x: memref<64xf32>, %y: memref<64xf32>) {
  // CHECK: %[[A:.*]] = npu.arena 0 : memref<64xf32>
  %a = memref.alloc() : memref<64xf32>
  npu.launch @k(%x, %a) : (memref<64xf32>, memref<64xf32>) -> ()
  // CHECK: %[[B:.*]] = npu.arena 256 : memref<64xf32>
  %b = memref.alloc() : memref<64xf32>
  npu.launch @k(%a, %b) : (memref<64xf32>, memref<64xf32>) -> ()
  // CHECK: %[[C:.*]] = npu.arena 0 : memref<64xf32>
  %c = memref.alloc() : memref<64xf32>
  npu.launch @k(%b, %c) : (memref<64xf32>, memref<64xf32>) -> ()
  npu.launch @k(%c, %y) : (memref<64xf32>, memref<64xf32>) -> ()
  npu.return
}
