// RUN: ge-opt %s -split-input-file -pass-pipeline='builtin.module(npu.kernel(npu-tile-engines{device=Ascend910B1}))' | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>
#swap = affine_map<(d0, d1) -> (d1, d0)>

// What is the same in all tiles is moved in once, before the loop.
// CHECK-LABEL: npu.kernel @bias
// CHECK-SAME: npu.engine = "vector"
// CHECK-SAME: tiles = {{[0-9]+}}
npu.kernel @bias(%x: memref<4096x256xf32>, %b: memref<256xf32>, %y: memref<4096x256xf32>) {
  // CHECK: npu.tile_range
  // CHECK: npu.local : memref<256xf32, 1>
  // CHECK: npu.move
  // CHECK: scf.for
  // CHECK: npu.local : memref<[[R:[0-9]+]]x256xf32, 1>
  // CHECK: npu.move
  // CHECK: npu.vector "binary.add" ins(%{{.*}}, %{{.*}} : memref<{{.*}}>, memref<256xf32, strided<[1]>, 1>)
  // CHECK: npu.move
  %0 = bufferization.to_tensor %x restrict : memref<4096x256xf32> to tensor<4096x256xf32>
  %1 = bufferization.to_tensor %b restrict : memref<256xf32> to tensor<256xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<4096x256xf32> to tensor<4096x256xf32>
  %3 = linalg.generic {indexing_maps = [#id, #column, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %1 : tensor<4096x256xf32>, tensor<256xf32>) outs(%2 : tensor<4096x256xf32>) {
  ^bb0(%a: f32, %c: f32, %out: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<4096x256xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<4096x256xf32>, memref<4096x256xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#swap = affine_map<(d0, d1) -> (d1, d0)>

// What lies the other way round is moved as it is and turned in UB.
// CHECK-LABEL: npu.kernel @transpose
// CHECK-SAME: npu.engine = "vector"
npu.kernel @transpose(%x: memref<4x8xf32>, %y: memref<8x4xf32>) {
  // CHECK: npu.move
  // CHECK: npu.vector "permute.transpose" ins(%{{.*}} : memref<4x8xf32, {{.*}}>) outs(%{{.*}} : memref<8x4xf32, {{.*}}>)
  // CHECK: npu.move
  %0 = bufferization.to_tensor %x restrict : memref<4x8xf32> to tensor<4x8xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<8x4xf32> to tensor<8x4xf32>
  %2 = linalg.generic {indexing_maps = [#swap, #id], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<4x8xf32>) outs(%1 : tensor<8x4xf32>) {
  ^bb0(%a: f32, %out: f32):
    linalg.yield %a : f32
  } -> tensor<8x4xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<8x4xf32>, memref<8x4xf32>) -> ()
  npu.return
}

// -----

#in = affine_map<(d0, d1, d2) -> (d2, d1, d0)>
#other = affine_map<(d0, d1, d2) -> (d0, d2, d1)>
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>

// What no command does stays as it is, with the reason.
// CHECK-LABEL: npu.kernel @both
// CHECK-SAME: npu.aicpu_reason = "'linalg.generic' permutes its loops in more than one way"
npu.kernel @both(%x: memref<6x8x4xf32>, %z: memref<4x6x8xf32>, %y: memref<4x8x6xf32>) {
  // CHECK: linalg.generic
  %0 = bufferization.to_tensor %x restrict : memref<6x8x4xf32> to tensor<6x8x4xf32>
  %1 = bufferization.to_tensor %z restrict : memref<4x6x8xf32> to tensor<4x6x8xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<4x8x6xf32> to tensor<4x8x6xf32>
  %3 = linalg.generic {indexing_maps = [#in, #other, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %1 : tensor<6x8x4xf32>, tensor<4x6x8xf32>) outs(%2 : tensor<4x8x6xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<4x8x6xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<4x8x6xf32>, memref<4x8x6xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#each = affine_map<(d0, d1) -> (d1)>

// A reduction over rows walks them in parts.
// CHECK-LABEL: npu.kernel @columns
// CHECK-SAME: npu.engine = "vector"
npu.kernel @columns(%x: memref<90000x16xf32>, %y: memref<16xf32>) {
  // CHECK: scf.for
  // CHECK: npu.vector "generate.dup" {{.*}} outs(%[[SUM:.*]] : memref<16xf32, {{.*}}>)
  // CHECK: scf.for
  // CHECK: npu.move
  // CHECK: npu.vector "reduce.colsum" {{.*}} outs(%[[PART:.*]] : memref<16xf32, {{.*}}>)
  // CHECK: npu.vector "binary.add" ins(%[[SUM]], %[[PART]] : {{.*}}) outs(%[[SUM]]
  // CHECK: }
  // CHECK: npu.move
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<90000x16xf32> to tensor<90000x16xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<16xf32> to tensor<16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%1 : tensor<16xf32>) -> tensor<16xf32>
  %2 = linalg.generic {indexing_maps = [#id, #each], iterator_types = ["reduction", "parallel"]} ins(%0 : tensor<90000x16xf32>) outs(%f : tensor<16xf32>) {
  ^bb0(%a: f32, %sum: f32):
    %s = arith.addf %sum, %a : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<16xf32>, memref<16xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>

// What a body takes by number is moved with a stride; where the number stops, the last
// row is moved again.
// CHECK-LABEL: npu.kernel @pairs
// CHECK-SAME: npu.engine = "vector"
npu.kernel @pairs(%x: memref<5x9x16xf32>, %y: memref<5x5x16xf32>) {
  // CHECK: scf.for
  // CHECK: %[[BOTH:.*]] = npu.local : memref<{{[0-9]+}}x16xf32, 1>
  // CHECK: memref.reinterpret_cast {{.*}}, strides: [32, 1]
  // CHECK: npu.move
  // CHECK: memref.reinterpret_cast {{.*}}, strides: [32, 1]
  // CHECK: npu.move
  // CHECK: memref.reinterpret_cast {{.*}}, strides: [0, 1]
  // CHECK: npu.move
  // CHECK: npu.vector "binary.add"
  // CHECK: npu.move
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c8 = arith.constant 8 : index
  %0 = bufferization.to_tensor %x restrict : memref<5x9x16xf32> to tensor<5x9x16xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<5x5x16xf32> to tensor<5x5x16xf32>
  %2 = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel", "parallel"]} outs(%1 : tensor<5x5x16xf32>) {
  ^bb0(%out: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %k = linalg.index 2 : index
    %a = arith.muli %j, %c2 : index
    %b = arith.addi %a, %c1 : index
    %m = arith.minsi %b, %c8 : index
    %e = tensor.extract %0[%i, %a, %k] : tensor<5x9x16xf32>
    %f = tensor.extract %0[%i, %m, %k] : tensor<5x9x16xf32>
    %s = arith.addf %e, %f : f32
    linalg.yield %s : f32
  } -> tensor<5x5x16xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<5x5x16xf32>, memref<5x5x16xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: npu.kernel @diagonal
// CHECK-SAME: npu.aicpu_reason = "'linalg.generic' takes elements by number along a diagonal or backwards"
npu.kernel @diagonal(%x: memref<24x16xf32>, %y: memref<8x16xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<24x16xf32> to tensor<24x16xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<8x16xf32> to tensor<8x16xf32>
  %2 = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]} outs(%1 : tensor<8x16xf32>) {
  ^bb0(%out: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %a = arith.addi %i, %j : index
    %e = tensor.extract %0[%a, %j] : tensor<24x16xf32>
    linalg.yield %e : f32
  } -> tensor<8x16xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<8x16xf32>, memref<8x16xf32>) -> ()
  npu.return
}

// -----

// CHECK-LABEL: npu.kernel @wide
// CHECK-SAME: npu.aicpu_reason = "no command of the vector unit for 'math.atan' on f32"
npu.kernel @wide(%x: memref<8xf32>, %y: memref<8xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<8xf32> to tensor<8xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<8xf32> to tensor<8xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<8xf32>) outs(%1 : tensor<8xf32>) {
  ^bb0(%a: f32, %out: f32):
    %t = math.atan %a : f32
    linalg.yield %t : f32
  } -> tensor<8xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<8xf32>, memref<8xf32>) -> ()
  npu.return
}

// -----

// A product walks tiles, slabs in L1 and steps in L0A and L0B.
// CHECK-LABEL: npu.kernel @product
// CHECK-SAME: npu.engine = "cube"
npu.kernel @product(%x: memref<3072x3072xf16>, %w: memref<192x3072x16xf16>, %z: memref<3072x3072xf32>) {
  // CHECK: scf.for
  // CHECK: npu.local : memref<128x256xf32, 5>
  // CHECK: scf.for
  // CHECK: npu.fractals %{{.*}} to %{{.*}} : memref<128x192xf16, {{.*}}>, memref<12x128x16xf16, 2>
  // CHECK: npu.move
  // CHECK: scf.for
  // CHECK: npu.feed
  // CHECK: npu.feed
  // CHECK: npu.multiply {{.*}} {start}
  // CHECK: npu.drain
  %0 = bufferization.to_tensor %x restrict : memref<3072x3072xf16> to tensor<3072x3072xf16>
  %1 = bufferization.to_tensor %w restrict : memref<192x3072x16xf16> to tensor<192x3072x16xf16>
  %3 = bufferization.to_tensor %z restrict writable : memref<3072x3072xf32> to tensor<3072x3072xf32>
  %4 = npu.mmad ins(%0, %1 : tensor<3072x3072xf16>, tensor<192x3072x16xf16>) outs(%3 : tensor<3072x3072xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<3072x3072xf32>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<3072x3072xf32>, memref<3072x3072xf32>) -> ()
  npu.return
}

// -----

// A bias is added to the accumulator, not to what else became of it.
// CHECK-LABEL: npu.kernel @scaled
// CHECK-SAME: npu.aicpu_reason = "an epilogue that is no bias for each column, rectification and conversion"
npu.kernel @scaled(%x: memref<64x64xf16>, %w: memref<4x64x16xf16>, %b: memref<64xf32>, %z: memref<64x64xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<64x64xf16> to tensor<64x64xf16>
  %1 = bufferization.to_tensor %w restrict : memref<4x64x16xf16> to tensor<4x64x16xf16>
  %2 = bufferization.to_tensor %b restrict : memref<64xf32> to tensor<64xf32>
  %3 = bufferization.to_tensor %z restrict writable : memref<64x64xf32> to tensor<64x64xf32>
  %4 = npu.mmad ins(%0, %1 : tensor<64x64xf16>, tensor<4x64x16xf16>) epilogue(%2 : tensor<64xf32>) outs(%3 : tensor<64x64xf32>) {
  ^bb0(%acc: f32, %bias: f32):
    %double = arith.addf %acc, %acc : f32
    %sum = arith.addf %bias, %double : f32
    npu.yield %sum : f32
  } -> tensor<64x64xf32>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<64x64xf32>, memref<64x64xf32>) -> ()
  npu.return
}

// -----

// The image is staged once for all taps; the second block of channels has 8, and
// zeros on both sides.
// CHECK-LABEL: npu.kernel @convolution
// CHECK-SAME: npu.engine = "cube"
npu.kernel @convolution(%x: memref<1x2x56x56x16xf16>, %w: memref<4x216x16xf16>, %z: memref<1x4x56x56x16xf16>) {
  // CHECK: scf.for
  // CHECK: npu.local : memref<{{.*}}xf32, 5>
  // CHECK: scf.for
  // CHECK: npu.move %{{.*}} : memref<?x?x896xf16, {{.*}}>, memref<?x?x896xf16, {{.*}}, 2>
  // CHECK: npu.move %{{.*}} : memref<?x56x8xf16, {{.*}}>, memref<?x56x16xf16, {{.*}}, 2>
  // CHECK: npu.fractals %{{.*}} : memref<9x8x16xf16, {{.*}}>, memref<9x1x8x16xf16, {{.*}}, 2>
  // CHECK: scf.for
  // CHECK: npu.patches %{{.*}} {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>}
  // CHECK: npu.feed
  // CHECK: npu.multiply {{.*}} {start}
  // CHECK: npu.drain
  %0 = bufferization.to_tensor %x restrict : memref<1x2x56x56x16xf16> to tensor<1x2x56x56x16xf16>
  %1 = bufferization.to_tensor %w restrict : memref<4x216x16xf16> to tensor<4x216x16xf16>
  %2 = bufferization.to_tensor %z restrict writable : memref<1x4x56x56x16xf16> to tensor<1x4x56x56x16xf16>
  %3 = npu.im2col %0 {channels = 24 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 56, 56>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : tensor<1x2x56x56x16xf16> -> !npu.matrix<3136x216xf16>
  %4 = npu.mmad ins(%3, %1 : !npu.matrix<3136x216xf16>, tensor<4x216x16xf16>) outs(%2 : tensor<1x4x56x56x16xf16>) {
  ^bb0(%acc: f32):
    %h = arith.truncf %acc : f32 to f16
    npu.yield %h : f16
  } -> tensor<1x4x56x56x16xf16>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<1x4x56x56x16xf16>, memref<1x4x56x56x16xf16>) -> ()
  npu.return
}

// -----

// The columns of an f32 filter at a distance: blocks of 8 channels, one by one.
// CHECK-LABEL: npu.kernel @dilated
// CHECK-SAME: npu.engine = "cube"
// CHECK: scf.for
// CHECK: scf.for
// CHECK: npu.fractals {{.*}}x8xf32, {{.*}}x8xf32, {{.*}}, 2>
// CHECK: npu.patches
npu.kernel @dilated(%x: memref<1x1x8x8x16xf32>, %w: memref<1x144x16xf32>, %z: memref<1x1x4x4x16xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<1x1x8x8x16xf32> to tensor<1x1x8x8x16xf32>
  %1 = bufferization.to_tensor %w restrict : memref<1x144x16xf32> to tensor<1x144x16xf32>
  %2 = bufferization.to_tensor %z restrict writable : memref<1x1x4x4x16xf32> to tensor<1x1x4x4x16xf32>
  %3 = npu.im2col %0 {channels = 16 : i64, dilations = array<i64: 2, 2>, kernel = array<i64: 3, 3>, output = array<i64: 4, 4>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : tensor<1x1x8x8x16xf32> -> !npu.matrix<16x144xf32>
  %4 = npu.mmad ins(%3, %1 : !npu.matrix<16x144xf32>, tensor<1x144x16xf32>) outs(%2 : tensor<1x1x4x4x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<1x1x4x4x16xf32>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<1x1x4x4x16xf32>, memref<1x1x4x4x16xf32>) -> ()
  npu.return
}

// -----

// A tap is a product of halves of places by the tap's, then a sum.
// CHECK-LABEL: npu.kernel @depthwise
// CHECK-SAME: npu.engine = "vector"
npu.kernel @depthwise(%x: memref<1x4x28x28x16xf32>, %w: memref<4x1x3x16xf32>, %z: memref<1x4x28x28x16xf32>) {
  // CHECK: scf.for
  // CHECK: npu.vector "generate.dup"
  // CHECK: npu.move
  // CHECK: npu.vector "binary.mul" ins(%{{.*}}, %{{.*}} : memref<{{.*}}x28x8xf32, {{.*}}>, memref<{{.*}}x28x8xf32, strided<[0, 0, 1]{{.*}}>, 1>)
  // CHECK: npu.vector "binary.mul"
  // CHECK: npu.vector "binary.mul"
  // CHECK: npu.vector "binary.mul"
  // CHECK: npu.vector "binary.add"
  // CHECK: npu.move
  %0 = bufferization.to_tensor %x restrict : memref<1x4x28x28x16xf32> to tensor<1x4x28x28x16xf32>
  %1 = bufferization.to_tensor %w restrict : memref<4x1x3x16xf32> to tensor<4x1x3x16xf32>
  %2 = bufferization.to_tensor %z restrict writable : memref<1x4x28x28x16xf32> to tensor<1x4x28x28x16xf32>
  %3 = npu.depthwise ins(%0, %1 : tensor<1x4x28x28x16xf32>, tensor<4x1x3x16xf32>) outs(%2 : tensor<1x4x28x28x16xf32>) attributes {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>, strides = array<i64: 1, 1>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<1x4x28x28x16xf32>
  bufferization.materialize_in_destination %3 in restrict writable %z : (tensor<1x4x28x28x16xf32>, memref<1x4x28x28x16xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// max(a - b, 0) is one command where nothing else takes the difference.
// CHECK-LABEL: npu.kernel @rectified
npu.kernel @rectified(%x: memref<90x64xf32>, %z: memref<90x64xf32>, %y: memref<90x64xf32>) {
  // CHECK: npu.vector "fused.subrelu" ins({{.*}}) outs(%[[SUM:[a-z0-9_]+]] :
  // CHECK: npu.vector "fused.addrelu" ins(%[[SUM]], {{.*}})
  // CHECK-NOT: scalar.maxs
  // CHECK: npu.vector "binary.add"
  // CHECK: npu.vector "scalar.maxs"
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<90x64xf32> to tensor<90x64xf32>
  %1 = bufferization.to_tensor %z restrict : memref<90x64xf32> to tensor<90x64xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<90x64xf32> to tensor<90x64xf32>
  %3 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %1 : tensor<90x64xf32>, tensor<90x64xf32>) outs(%2 : tensor<90x64xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %d = arith.subf %a, %b : f32
    %p = arith.maximumf %d, %zero : f32
    %e = arith.addf %p, %b : f32
    %q = arith.maximumf %e, %zero : f32
    %f = arith.addf %q, %a : f32
    %r = arith.maximumf %f, %zero : f32
    %s = arith.mulf %r, %f : f32
    linalg.yield %s : f32
  } -> tensor<90x64xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<90x64xf32>, memref<90x64xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// Rows are reduced by blocks, until they are one number or shorter than a repeat.
// CHECK-LABEL: npu.kernel @blocks
npu.kernel @blocks(%x: memref<48x512xf32>, %y: memref<48xf32>) {
  // CHECK: npu.vector "reduce.blockmax" ins({{.*}}) outs(%[[FIRST:[a-z0-9_]+]] : memref<{{.*}}x64xf32
  // CHECK: npu.vector "reduce.blockmax" ins(%[[FIRST]] : {{.*}}) outs(%[[SECOND:[a-z0-9_]+]] : memref<{{.*}}x8xf32
  // CHECK: npu.vector "reduce.blockmax" ins(%[[SECOND]] : {{.*}}) outs({{.*}} : memref<{{[^x]*}}xf32
  // CHECK-NOT: "reduce.max"
  %low = arith.constant 0xFF800000 : f32
  %0 = bufferization.to_tensor %x restrict : memref<48x512xf32> to tensor<48x512xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<48xf32> to tensor<48xf32>
  %f = linalg.fill ins(%low : f32) outs(%1 : tensor<48xf32>) -> tensor<48xf32>
  %2 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<48x512xf32>) outs(%f : tensor<48xf32>) {
  ^bb0(%a: f32, %m: f32):
    %s = arith.maximumf %m, %a : f32
    linalg.yield %s : f32
  } -> tensor<48xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<48xf32>, memref<48xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// CHECK-LABEL: npu.kernel @rest
npu.kernel @rest(%x: memref<48x100xf32>, %y: memref<48xf32>) {
  // CHECK: npu.vector "reduce.blocksum" ins({{.*}}) outs(%[[PART:[a-z0-9_]+]] : memref<{{.*}}x13xf32
  // CHECK: npu.vector "reduce.sum" ins(%[[PART]] :
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<48x100xf32> to tensor<48x100xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<48xf32> to tensor<48xf32>
  %f = linalg.fill ins(%zero : f32) outs(%1 : tensor<48xf32>) -> tensor<48xf32>
  %2 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<48x100xf32>) outs(%f : tensor<48xf32>) {
  ^bb0(%a: f32, %m: f32):
    %s = arith.addf %m, %a : f32
    linalg.yield %s : f32
  } -> tensor<48xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<48xf32>, memref<48xf32>) -> ()
  npu.return
}

// -----

#part = affine_map<(d0, d1) -> (d0 * 2 + 1, d1 + 3)>
#id = affine_map<(d0, d1) -> (d0, d1)>

// A part of an operand: every other row, and columns from the fourth on.
// CHECK-LABEL: npu.kernel @slice
// CHECK-SAME: npu.engine = "vector"
npu.kernel @slice(%x: memref<9x70xf32>, %y: memref<4x33xf32>) {
  // CHECK: scf.for %[[T:.*]] =
  // CHECK: %[[D:.*]] = arith.muli %{{.*}}, %c2
  // CHECK: %[[R:.*]] = arith.addi %[[D]], %c1
  // CHECK: memref.subview %{{.*}}[%[[R]], 3] [1, 33] [2, 1] : memref<9x70xf32>
  %0 = bufferization.to_tensor %x restrict : memref<9x70xf32> to tensor<9x70xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<4x33xf32> to tensor<4x33xf32>
  %2 = linalg.generic {indexing_maps = [#part, #id], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<9x70xf32>) outs(%1 : tensor<4x33xf32>) {
  ^bb0(%a: f32, %out: f32):
    linalg.yield %a : f32
  } -> tensor<4x33xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<4x33xf32>, memref<4x33xf32>) -> ()
  npu.return
}

// -----

// A part of a result, of one row in the first dimension.
// CHECK-LABEL: npu.kernel @insert
// CHECK-SAME: npu.engine = "vector"
npu.kernel @insert(%x: memref<4x33xf32>, %y: memref<2x4x70xf32>) {
  // CHECK: memref.subview %arg1[1, %{{.*}}, 37] [1, {{.*}}, 33] [1, 1, 1] : memref<2x4x70xf32>
  // CHECK-NOT: tensor.insert_slice
  %0 = bufferization.to_tensor %x restrict : memref<4x33xf32> to tensor<4x33xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<2x4x70xf32> to tensor<2x4x70xf32>
  %2 = tensor.insert_slice %0 into %1[1, 0, 37] [1, 4, 33] [1, 1, 1] : tensor<4x33xf32> into tensor<2x4x70xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<2x4x70xf32>, memref<2x4x70xf32>) -> ()
  npu.return
}

// -----

#id = affine_map<(d0) -> (d0)>

// A function without a command is computed by those that there are.
// CHECK-LABEL: npu.kernel @expm1
// CHECK-SAME: npu.engine = "vector"
npu.kernel @expm1(%x: memref<999xf16>, %y: memref<999xf16>) {
  // CHECK: npu.vector "cast"
  // CHECK: npu.vector "unary.tanh"
  // CHECK: npu.vector "unary.exp"
  // CHECK: npu.vector "cast"
  %0 = bufferization.to_tensor %x restrict : memref<999xf16> to tensor<999xf16>
  %1 = bufferization.to_tensor %y restrict writable : memref<999xf16> to tensor<999xf16>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%0 : tensor<999xf16>) outs(%1 : tensor<999xf16>) {
  ^bb0(%a: f16, %out: f16):
    %s = math.expm1 %a : f16
    linalg.yield %s : f16
  } -> tensor<999xf16>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<999xf16>, memref<999xf16>) -> ()
  npu.return
}
