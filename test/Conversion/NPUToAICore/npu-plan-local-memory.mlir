// RUN: ge-opt %s -split-input-file -verify-diagnostics -pass-pipeline='builtin.module(npu.kernel(npu-plan-local-memory))' | FileCheck %s

// Temporaries of the vector unit share memory when their lives do not meet; what
// queues hand over shares with nothing.
// CHECK-LABEL: npu.kernel @chain
npu.kernel @chain(%x: memref<64xf32>, %y: memref<64xf32>) {
  // CHECK: %[[A:.*]] = npu.local {address = 0 : i64} : memref<64xf32, 1>
  %a = npu.local : memref<64xf32, 1>
  npu.move %x to %a : memref<64xf32>, memref<64xf32, 1>
  // CHECK: npu.local {address = 512 : i64} : memref<64xf32, 1>
  %b = npu.local : memref<64xf32, 1>
  npu.vector "unary.neg" ins(%a : memref<64xf32, 1>) outs(%b : memref<64xf32, 1>)
  // CHECK: npu.local {address = 768 : i64} : memref<64xf32, 1>
  %c = npu.local : memref<64xf32, 1>
  npu.vector "unary.exp" ins(%b : memref<64xf32, 1>) outs(%c : memref<64xf32, 1>)
  // CHECK: npu.local {address = 512 : i64} : memref<64xf32, 1>
  %d = npu.local : memref<64xf32, 1>
  npu.vector "unary.abs" ins(%c : memref<64xf32, 1>) outs(%d : memref<64xf32, 1>)
  // CHECK: npu.local {address = 256 : i64} : memref<64xf32, 1>
  %e = npu.local : memref<64xf32, 1>
  npu.vector "unary.neg" ins(%d : memref<64xf32, 1>) outs(%e : memref<64xf32, 1>)
  npu.move %e to %y : memref<64xf32, 1>, memref<64xf32>
  npu.return
}

// -----

// expected-error@+1 {{expects local buffers of at most 196608 bytes in UB, but got 262144}}
npu.kernel @large(%x: memref<32768xf32>, %y: memref<32768xf32>) {
  // expected-note@+1 {{131072 bytes for 'memref<32768xf32, 1>'}}
  %a = npu.local : memref<32768xf32, 1>
  npu.move %x to %a : memref<32768xf32>, memref<32768xf32, 1>
  // expected-note@+2 {{131072 bytes for 'memref<32768xf32, 1>'}}
  // expected-note@+1 {{a tile of 24576 instead of 32768 would fit}}
  %b = npu.local : memref<32768xf32, 1>
  npu.vector "unary.neg" ins(%a : memref<32768xf32, 1>) outs(%b : memref<32768xf32, 1>)
  npu.move %b to %y : memref<32768xf32, 1>, memref<32768xf32>
  npu.return
}
