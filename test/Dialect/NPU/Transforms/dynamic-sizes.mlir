// Kernels, tiles and programs of tensors whose sizes only the execution knows.
// RUN: ge-opt %s -npu-form-kernels -npu-deduplicate-kernels | FileCheck %s --check-prefix=FORM
// RUN: ge-opt %s -linalg-to-npu-pipeline | FileCheck %s --check-prefix=PROGRAM

#id = affine_map<(d0, d1) -> (d0, d1)>

// A dynamic dimension is a scalar of the kernel, one for all that have its size.
// FORM-LABEL: func.func @main
// FORM: %[[N:.*]] = tensor.dim %[[X:.*]], %
// FORM: %[[A:.*]] = arith.index_cast %[[N]] : index to i64
// FORM: %[[T:.*]] = npu.launch @elementwise(%[[X]], %[[A]]) : (tensor<?x4xf32>, i64) -> tensor<?x4xf32>
// FORM: npu.launch @elementwise(%[[T]], %{{.*}})
// FORM: npu.kernel @elementwise(%{{.*}}: memref<?x4xf32> {npu.sizes = array<i64: 0>}, %{{.*}}: memref<?x4xf32> {npu.sizes = array<i64: 0>}, %[[S:.*]]: i64)
// FORM: arith.index_cast %[[S]] : i64 to index

// The program computes sizes, takes buffers from the pool and gives outputs their
// dimensions; the number of tiles follows from the scalars.
// PROGRAM-DAG: #[[TILES:.*]] = affine_map<()[s0] -> ((s0 + {{.*}}) floordiv {{.*}})>
// PROGRAM-LABEL: npu.program @main
// PROGRAM-SAME: (%[[X:.*]]: memref<?x4xf32> {{.*}}, %[[Y:.*]]: memref<?x4xf32>
// PROGRAM: npu.dim %[[X]], 0
// PROGRAM: %[[T:.*]] = npu.alloc %{{.*}} : memref<?x4xf32>
// PROGRAM: npu.launch @elementwise(%[[X]], %[[T]], %{{.*}}) : (memref<?x4xf32>, memref<?x4xf32>, i64) -> ()
// PROGRAM: npu.set_dims %[[Y]][%{{.*}}] : memref<?x4xf32>
// PROGRAM: npu.launch @elementwise(%[[T]], %[[Y]], %{{.*}})
// PROGRAM: npu.free %[[T]]
// PROGRAM: npu.kernel @elementwise
// PROGRAM-SAME: tile_count = #[[TILES]], tiles = -1 : i64
func.func @main(%x: tensor<?x4xf32> {ge.name = "x"}) -> (tensor<?x4xf32> {ge.name = "y"}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.negf %in : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.negf %in : f32
    linalg.yield %s : f32
  } -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}
