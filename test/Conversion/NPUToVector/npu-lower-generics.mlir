// RUN: ge-opt %s -split-input-file --npu-lower-generics=device=x86-64-v3 --canonicalize | FileCheck %s

#id2 = affine_map<(i, j) -> (i, j)>

// Contiguous dimensions are one loop; what vectors leave is narrower vectors,
// then single elements.
// CHECK-LABEL: npu.kernel @square
// CHECK: scf.for %{{.*}} = %c0 to %c96 step %c16
// CHECK: %[[A:.*]] = vector.load {{.*}} vector<16xf32>
// CHECK: %[[R:.*]] = arith.mulf %[[A]], %[[A]] fastmath<contract> : vector<16xf32>
// CHECK: vector.store %[[R]]
// CHECK: vector.load {{.*}} vector<4xf32>
// CHECK-NOT: linalg
npu.kernel @square(%x: memref<4x25xf32>, %y: memref<4x25xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]} ins(%x : memref<4x25xf32>) outs(%y : memref<4x25xf32>) {
  ^bb0(%a: f32, %o: f32):
    %0 = arith.mulf %a, %a : f32
    linalg.yield %0 : f32
  }
  npu.return
}

// -----

#id2 = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>

// A sum over a contiguous dimension has a wide accumulator that is halved, in an
// order that only the length decides.
// CHECK-LABEL: npu.kernel @sum
// CHECK: scf.for
// CHECK: %[[ACC:.*]] = scf.for {{.*}} step %c32 iter_args({{.*}}) -> (vector<32xf32>)
// CHECK: vector.shuffle %[[ACC]], %[[ACC]] [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
// CHECK-COUNT-2: vector.shuffle
// CHECK-NOT: vector.reduction
npu.kernel @sum(%x: memref<4x64xf32>, %y: memref<4xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  linalg.generic {indexing_maps = [#id2, #row], iterator_types = ["parallel", "reduction"]} ins(%x : memref<4x64xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %o: f32):
    %0 = arith.addf %o, %a : f32
    linalg.yield %0 : f32
  }
  npu.return
}

// -----

// What is the same for all lanes stays scalar, also if the body finds it by
// indexing.
// CHECK-LABEL: npu.kernel @shifted
// CHECK: scf.for %[[I:.*]] = %c0 to %c8
// CHECK: %[[NEXT:.*]] = arith.addi %[[I]], %c1
// CHECK: vector.load %{{.*}}[%[[NEXT]], %c0] : memref<9x16xf32>, vector<16xf32>
npu.kernel @shifted(%x: memref<9x16xf32>, %y: memref<8x16xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %c1 = arith.constant 1 : index
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} outs(%y : memref<8x16xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %h = arith.addi %i, %c1 : index
    %a = memref.load %x[%h, %j] : memref<9x16xf32>
    linalg.yield %a : f32
  }
  npu.return
}

// -----

// A body that reads backwards has no vectors.
// CHECK-LABEL: npu.kernel @reversed
// CHECK-NOT: vector
// CHECK: npu.return
npu.kernel @reversed(%x: memref<16xf32>, %y: memref<16xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %c15 = arith.constant 15 : index
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%y : memref<16xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %r = arith.subi %c15, %i : index
    %a = memref.load %x[%r] : memref<16xf32>
    linalg.yield %a : f32
  }
  npu.return
}

// -----

// A scan's result moves along its reduction, so it is no accumulator.
// CHECK-LABEL: npu.kernel @scan
// CHECK-NOT: vector
// CHECK-NOT: iter_args
// CHECK: npu.return
npu.kernel @scan(%x: memref<16xf32>, %y: memref<17xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i + 1)>], iterator_types = ["reduction"]} ins(%x : memref<16xf32>) outs(%y : memref<17xf32>) {
  ^bb0(%a: f32, %o: f32):
    %0 = arith.addf %a, %o : f32
    linalg.yield %0 : f32
  }
  npu.return
}

// -----

// A copy is a generic without arithmetic.
// CHECK-LABEL: npu.kernel @copy
// CHECK-NOT: memref.copy
// CHECK: vector.load
// CHECK: vector.store
npu.kernel @copy(%x: memref<64xi8>, %y: memref<64xi8>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  memref.copy %x, %y : memref<64xi8> to memref<64xi8>
  npu.return
}
