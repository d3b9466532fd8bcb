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

// What a loop reads in each step stays until the loop ends, although the last step
// to read it comes early in the text.
// CHECK-LABEL: npu.program @loop
npu.program @loop(%x: memref<64xf32>, %y: memref<64xf32>) {
  // CHECK: npu.arena [[A:[0-9]+]] : memref<64xf32>
  // CHECK: npu.arena [[B:[0-9]+]] : memref<64xf32>
  // CHECK-NOT: npu.arena [[A]]
  // CHECK-NOT: npu.arena [[B]]
  // CHECK: npu.return
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %a = memref.alloc() : memref<64xf32>
  npu.launch @k(%x, %a) : (memref<64xf32>, memref<64xf32>) -> ()
  cf.br ^header(%c0 : index)
^header(%i: index):
  %more = arith.cmpi slt, %i, %c9 : index
  cf.cond_br %more, ^body, ^after
^body:
  %b = memref.alloc() : memref<64xf32>
  npu.launch @k(%a, %b) : (memref<64xf32>, memref<64xf32>) -> ()
  %c = memref.alloc() : memref<64xf32>
  npu.launch @k(%b, %c) : (memref<64xf32>, memref<64xf32>) -> ()
  npu.launch @k(%c, %y) : (memref<64xf32>, memref<64xf32>) -> ()
  %next = arith.addi %i, %c1 : index
  cf.br ^header(%next : index)
^after:
  npu.return
}

// So is what a loop fills and only its own steps have written.
// CHECK-LABEL: npu.program @filled
npu.program @filled(%x: memref<64xf32>, %y: memref<64xf32>) {
  // CHECK: npu.arena [[A:[0-9]+]] : memref<64xf32>
  // CHECK-NOT: npu.arena [[A]]
  // CHECK: npu.return
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %a = memref.alloc() : memref<64xf32>
  cf.br ^header(%c0 : index)
^header(%i: index):
  %more = arith.cmpi slt, %i, %c9 : index
  cf.cond_br %more, ^body, ^after
^body:
  %b = memref.alloc() : memref<64xf32>
  npu.launch @k(%x, %b) : (memref<64xf32>, memref<64xf32>) -> ()
  npu.launch @k(%b, %a) : (memref<64xf32>, memref<64xf32>) -> ()
  %next = arith.addi %i, %c1 : index
  cf.br ^header(%next : index)
^after:
  npu.launch @k(%a, %y) : (memref<64xf32>, memref<64xf32>) -> ()
  npu.return
}
