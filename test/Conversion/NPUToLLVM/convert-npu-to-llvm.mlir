// RUN: ge-opt %s -split-input-file --convert-npu-to-llvm | FileCheck %s
// RUN: ge-opt %s -split-input-file --convert-npu-to-llvm=expand-half | FileCheck %s --check-prefixes=CHECK,EXPAND

// The exported function loads the addresses that the internal one computes with.
// CHECK-LABEL: llvm.func internal @double.body(
// CHECK-SAME: %{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: i64, %[[B:.*]]: i64, %[[E:.*]]: i64)
// CHECK: llvm.fadd
// CHECK-LABEL: llvm.func @double(
// CHECK-SAME: %[[BUFFERS:.*]]: !llvm.ptr, %[[SCALARS:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64, %{{.*}}: !llvm.ptr)
// CHECK: %[[X:.*]] = llvm.load %[[BUFFERS]]
// CHECK: %[[A1:.*]] = llvm.getelementptr %[[BUFFERS]][1]
// CHECK: %[[Y:.*]] = llvm.load %[[A1]]
// CHECK: %[[S:.*]] = llvm.load %[[SCALARS]] : !llvm.ptr -> i64
// CHECK: llvm.call @double.body(%[[X]], %[[Y]], %[[S]], %[[BEGIN]], %[[END]])
// CHECK-NOT: unrealized_conversion_cast
npu.kernel @double(%x: memref<8xf32>, %y: memref<8xf32>, %s: i64) attributes {num_outputs = 1 : i64, tiles = 8 : i64} {
  %b, %e = npu.tile_range
  %v = memref.load %x[%b] : memref<8xf32>
  %w = arith.addf %v, %v : f32
  memref.store %w, %y[%b] : memref<8xf32>
  npu.return
}

// -----

// bf16 is shifts and integer arithmetic, no call.
// CHECK-LABEL: llvm.func internal @brain.body
// CHECK-NOT: llvm.fptrunc
// CHECK: llvm.lshr
npu.kernel @brain(%x: memref<8xf32>, %y: memref<8xbf16>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %c0 = arith.constant 0 : index
  %v = memref.load %x[%c0] : memref<8xf32>
  %w = arith.truncf %v : f32 to bf16
  memref.store %w, %y[%c0] : memref<8xbf16>
  npu.return
}

// -----

// f16 is widened by an instruction, or by a product with 2^112.
// CHECK-LABEL: llvm.func internal @half.body
// EXPAND-NOT: llvm.fpext
// EXPAND: %[[BITS:.*]] = llvm.and
// EXPAND: %[[MOVED:.*]] = llvm.bitcast %[[BITS]] : vector<4xi32> to vector<4xf32>
// EXPAND: llvm.fmul %[[MOVED]], %{{.*}} : vector<4xf32>
// EXPAND: llvm.select %{{.*}} : vector<4xi1>, vector<4xf32>
// EXPAND: llvm.store
npu.kernel @half(%x: memref<8xf16>, %y: memref<8xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %c0 = arith.constant 0 : index
  %v = vector.load %x[%c0] : memref<8xf16>, vector<4xf16>
  %w = arith.extf %v : vector<4xf16> to vector<4xf32>
  vector.store %w, %y[%c0] : memref<8xf32>, vector<4xf32>
  npu.return
}
