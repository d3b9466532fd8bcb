// RUN: ge-opt %s -npu-deduplicate-kernels | FileCheck %s

// Equal kernels under two names become one; a different one stays.
// CHECK: npu.kernel @copy
// CHECK-NOT: npu.kernel @same
// CHECK: npu.kernel @other
npu.kernel @copy(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.move %x to %y : memref<8xf32>, memref<8xf32>
  npu.return
}
npu.kernel @same(%a: memref<8xf32>, %b: memref<8xf32>) {
  npu.move %a to %b : memref<8xf32>, memref<8xf32>
  npu.return
}
npu.kernel @other(%a: memref<8xf32>, %b: memref<8xf32>) {
  npu.move %b to %a : memref<8xf32>, memref<8xf32>
  npu.return
}
// CHECK: npu.launch @copy
// CHECK: npu.launch @copy
// CHECK: npu.launch @other
npu.program @main(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.launch @copy(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()
  npu.launch @same(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()
  npu.launch @other(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()
  npu.return
}
