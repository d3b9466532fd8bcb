// RUN: ge-opt %s --npu-expand-math | FileCheck %s

// What the processor cannot do becomes what it can, for both widths and for
// vectors.
// CHECK-LABEL: npu.kernel @functions
// CHECK-NOT: math.exp
// CHECK-NOT: math.powf
// CHECK-NOT: math.erf
// CHECK-NOT: math.tanh
// CHECK-NOT: math.sin
// CHECK: math.fma {{.*}} : vector<8xf32>
// CHECK: npu.return
npu.kernel @functions(%x: memref<8xf32>, %y: memref<8xf64>) attributes {num_outputs = 2 : i64, tiles = 1 : i64} {
  %c0 = arith.constant 0 : index
  %v = vector.load %x[%c0] : memref<8xf32>, vector<8xf32>
  %0 = math.exp %v : vector<8xf32>
  %1 = math.erf %0 : vector<8xf32>
  %2 = math.tanh %1 : vector<8xf32>
  vector.store %2, %x[%c0] : memref<8xf32>, vector<8xf32>
  %s = memref.load %y[%c0] : memref<8xf64>
  %3 = math.powf %s, %s : f64
  %4 = math.sin %3 : f64
  memref.store %4, %y[%c0] : memref<8xf64>
  npu.return
}

// Instructions stay.
// CHECK-LABEL: npu.kernel @instructions
// CHECK: math.sqrt
// CHECK: math.floor
npu.kernel @instructions(%x: memref<8xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %c0 = arith.constant 0 : index
  %s = memref.load %x[%c0] : memref<8xf32>
  %0 = math.sqrt %s : f32
  %1 = math.floor %0 : f32
  memref.store %1, %x[%c0] : memref<8xf32>
  npu.return
}

// The exact remainder is a loop, so each lane has its own; f16 goes through f32.
// CHECK-LABEL: npu.kernel @remainder
// CHECK-COUNT-4: scf.while
// CHECK-NOT: arith.remf
// CHECK: arith.extf {{.*}} : f16 to f32
// CHECK-NOT: math.log
npu.kernel @remainder(%x: memref<2xf32>, %h: memref<1xf16>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %c0 = arith.constant 0 : index
  %v = vector.load %x[%c0] : memref<2xf32>, vector<2xf32>
  %0 = arith.remf %v, %v : vector<2xf32>
  vector.store %0, %x[%c0] : memref<2xf32>, vector<2xf32>
  %s = memref.load %h[%c0] : memref<1xf16>
  %1 = math.log %s : f16
  memref.store %1, %h[%c0] : memref<1xf16>
  npu.return
}
