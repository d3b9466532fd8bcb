// RUN: ge-opt %s -split-input-file --npu-lower-tile-ops=device=x86-64-v3 | FileCheck %s
// RUN: ge-opt %s -split-input-file --npu-lower-tile-ops=device=x86-64-v4 | FileCheck %s --check-prefix=V4

// Accumulators of a 6x16 tile are twelve loop values; the epilogue runs on them.
// CHECK-LABEL: npu.kernel @product
// CHECK: scf.for %[[PANEL:.*]] = %c0 to %c2 step %c1
// CHECK: %[[ACC:.*]]:12 = scf.for %{{.*}} = %c0 to %c64 step %c2 iter_args
// CHECK: vector.load {{.*}} : memref<2048xf32>, vector<8xf32>
// CHECK: vector.load {{.*}} : memref<2048xf32>, vector<8xf32>
// CHECK-COUNT-6: memref.load
// CHECK: scf.yield
// CHECK: %[[BIAS:.*]] = vector.load {{.*}} : memref<32xf32>, vector<8xf32>
// CHECK: %[[SUM:.*]] = arith.addf %[[ACC]]#0, %[[BIAS]] fastmath<contract> : vector<8xf32>
// CHECK: vector.store %[[SUM]]
// CHECK-NOT: npu.mmad
// V4-LABEL: npu.kernel @product
// V4: scf.for {{.*}} iter_args({{.*}}) -> (vector<16xf32>
npu.kernel @product(%a: memref<12x64xf32>, %p: memref<2x64x16xf32>, %d: memref<32xf32>, %c: memref<12x32xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  npu.mmad ins(%a, %p : memref<12x64xf32>, memref<2x64x16xf32>) epilogue(%d : memref<32xf32>) outs(%c : memref<12x32xf32>) {
  ^bb0(%acc: f32, %e: f32):
    %0 = arith.addf %acc, %e : f32
    npu.yield %0 : f32
  }
  npu.return
}

// -----

// A kernel of several tiles computes those of its call.
// CHECK-LABEL: npu.kernel @tiled
// CHECK: %[[B:.*]], %[[E:.*]] = npu.tile_range
// CHECK: scf.for %{{.*}} = %[[B]] to %[[E]] step %c1
npu.kernel @tiled(%a: memref<128x256xf32>, %p: memref<16x256x16xf32>, %c: memref<128x256xf32>) attributes {num_outputs = 1 : i64, tiles = 16 : i64} {
  npu.mmad ins(%a, %p : memref<128x256xf32>, memref<16x256x16xf32>) outs(%c : memref<128x256xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  }
  npu.return
}

// -----

// Columns that end inside a vector are stored under a mask; vectors beyond are
// not computed.
// CHECK-LABEL: npu.kernel @edge
// CHECK: :6 = scf.for
// CHECK: %[[MASK:.*]] = vector.create_mask %c5 : vector<8xi1>
// CHECK: vector.maskedstore %{{.*}}[%{{.*}}], %[[MASK]]
// CHECK-NOT: vector.store
npu.kernel @edge(%a: memref<6x64xf32>, %p: memref<1x64x16xf32>, %c: memref<6x5xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  npu.mmad ins(%a, %p : memref<6x64xf32>, memref<1x64x16xf32>) outs(%c : memref<6x5xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  }
  npu.return
}

// -----

// Few rows take several panels at once, so that the multipliers have work.
// CHECK-LABEL: npu.kernel @row
// CHECK: scf.for {{.*}} step %c4
// CHECK: :8 = scf.for
npu.kernel @row(%a: memref<1x64xf32>, %p: memref<8x64x16xf32>, %c: memref<1x128xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  npu.mmad ins(%a, %p : memref<1x64xf32>, memref<8x64x16xf32>) outs(%c : memref<1x128xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  }
  npu.return
}

// -----

// A long reduction goes in blocks: the first starts from zero, the last ends
// with the epilogue, those between keep their sums in the result.
// CHECK-LABEL: npu.kernel @blocks
// CHECK: scf.for %[[K:.*]] = %c0 to %c3000
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[K]], %c0
// CHECK: %[[LAST:.*]] = arith.cmpi eq
// CHECK: scf.if %[[FIRST]]
// CHECK: scf.if %[[LAST]]
// CHECK: math.absf
// CHECK: } else {
// CHECK-NOT: math.absf
// CHECK: npu.return
npu.kernel @blocks(%a: memref<6x3000xf32>, %p: memref<1x3000x16xf32>, %c: memref<6x16xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  npu.mmad ins(%a, %p : memref<6x3000xf32>, memref<1x3000x16xf32>) outs(%c : memref<6x16xf32>) {
  ^bb0(%acc: f32):
    %0 = math.absf %acc : f32
    npu.yield %0 : f32
  }
  npu.return
}

// -----

// Padding above and below is a bound of the loop over filter rows; tiles at the
// left and right edge have filter columns of their own.
// CHECK-LABEL: npu.kernel @convolution
// CHECK: %[[ABOVE:.*]] = arith.maxsi
// CHECK: %[[LO:.*]] = arith.minsi
// CHECK: %[[HI:.*]] = arith.minsi
// CHECK: scf.for %{{.*}} = %[[LO]] to %[[HI]] step %c1
// CHECK-NOT: npu.im2col
npu.kernel @convolution(%x: memref<1x1x12x12x16xf32>, %p: memref<1x144x16xf32>, %y: memref<1x1x12x12x16xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %m = npu.im2col %x {channels = 16 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 12, 12>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
      : memref<1x1x12x12x16xf32> -> !npu.matrix<144x144xf32>
  npu.mmad ins(%m, %p : !npu.matrix<144x144xf32>, memref<1x144x16xf32>) outs(%y : memref<1x1x12x12x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  }
  npu.return
}

// -----

// The 144 products of a block of channels are a sum of their own, so that no sum
// is long: the accumulators start at zero in each block and are added to totals.
// CHECK-LABEL: npu.kernel @partial_sums
// CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<8xf32>
// CHECK: scf.for %{{.*}} = %c0 to %c4 step %c1 iter_args(%[[TOTAL:[^ ]*]] = %[[ZERO]]
// CHECK: %[[SUM:.*]]:{{[0-9]+}} = scf.for {{.*}} iter_args(%{{[^ ]*}} = %[[ZERO]]
// CHECK: vector.fma
// CHECK: arith.addf %[[TOTAL]], %[[SUM]]#0 : vector<8xf32>
npu.kernel @partial_sums(%x: memref<1x4x12x12x16xf32>, %p: memref<1x576x16xf32>, %y: memref<1x1x12x12x16xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  %m = npu.im2col %x {channels = 64 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 12, 12>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
      : memref<1x4x12x12x16xf32> -> !npu.matrix<144x576xf32>
  npu.mmad ins(%m, %p : !npu.matrix<144x576xf32>, memref<1x576x16xf32>) outs(%y : memref<1x1x12x12x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  }
  npu.return
}

// -----

// A vector of the image that several outputs read is loaded once: of six columns
// and two beside them, in the inner tile.
// CHECK-LABEL: npu.kernel @depthwise
// CHECK: vector.fma
// CHECK-NOT: npu.depthwise
// CHECK: npu.return
npu.kernel @depthwise(%x: memref<1x1x8x8x16xf32>, %w: memref<1x3x3x16xf32>, %y: memref<1x1x8x8x16xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
  npu.depthwise ins(%x, %w : memref<1x1x8x8x16xf32>, memref<1x3x3x16xf32>) outs(%y : memref<1x1x8x8x16xf32>)
      attributes {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  }
  npu.return
}

// -----

// Queries are lanes: a score is a row of keys times a panel of queries, and blocks of
// keys carry maxima and sums.
// CHECK-LABEL: npu.kernel @attention
// CHECK-NOT: npu.attention
// CHECK: memref.alloca() {alignment = 64 : i64} : memref<512xf32>
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: vector.fma
// CHECK: arith.maximumf
// CHECK: math.exp {{.*}} : vector<8xf32>
// CHECK: arith.divf
// V4-LABEL: npu.kernel @attention
// V4: math.exp {{.*}} : vector<16xf32>
npu.kernel @attention(%q: memref<1x2x64x32xf32>, %k: memref<1x2x1000x32xf32>, %v: memref<1x2x1000x32xf32>, %o: memref<1x2x64x32xf32>) attributes {num_outputs = 1 : i64, tiles = 8 : i64} {
  npu.attention ins(%q, %k, %v : memref<1x2x64x32xf32>, memref<1x2x1000x32xf32>, memref<1x2x1000x32xf32>)
      outs(%o : memref<1x2x64x32xf32>) {scale = 0.125 : f32}
  npu.return
}

// -----

// Of queries and keys that only the execution counts: a tile with few queries has one
// vector of them, and the last register tiles of a block are smaller and smaller.
// CHECK-LABEL: npu.kernel @any_attention
// CHECK-NOT: npu.attention
// CHECK: %[[LEFT:.*]] = arith.subi
// CHECK: %[[FEW:.*]] = arith.cmpi sle, %[[LEFT]], %c8
// CHECK: scf.if %[[FEW]] {
// CHECK: scf.for {{.*}} step %c256 iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>) {
// CHECK: scf.for {{.*}} step %c12 iter_args({{.*}}) -> (vector<8xf32>) {
// CHECK: scf.for {{.*}} step %c6 iter_args({{.*}}) -> (vector<8xf32>) {
// CHECK: } else {
// CHECK: scf.for {{.*}} step %c256 iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>) {
npu.kernel @any_attention(%q: memref<1x2x?x32xf32> {npu.sizes = array<i64: 0>}, %k: memref<1x2x?x32xf32> {npu.sizes = array<i64: 1>},
    %v: memref<1x2x?x32xf32> {npu.sizes = array<i64: 1>}, %m: memref<1x1x?x?xf32> {npu.sizes = array<i64: 1, 0>},
    %o: memref<1x2x?x32xf32> {npu.sizes = array<i64: 0>}, %rows: i64, %keys: i64) attributes {num_outputs = 1 : i64, tile_count = affine_map<()[s0, s1] -> (s0 * 2)>, tiles = -1 : i64} {
  npu.attention ins(%q, %k, %v : memref<1x2x?x32xf32>, memref<1x2x?x32xf32>, memref<1x2x?x32xf32>)
      mask(%m : memref<1x1x?x?xf32>) outs(%o : memref<1x2x?x32xf32>) {scale = 0.125 : f32}
  npu.return
}
