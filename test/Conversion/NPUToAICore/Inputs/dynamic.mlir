#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
npu.kernel @scale(%x: memref<?x33xi32> {npu.sizes = array<i64: 0>}, %w: memref<?xi32> {npu.sizes = array<i64: 0>}, %y: memref<?x33xf32> {npu.sizes = array<i64: 0>}, %n: i64) {
  %0 = bufferization.to_tensor %x restrict : memref<?x33xi32> to tensor<?x33xi32>
  %1 = bufferization.to_tensor %w restrict : memref<?xi32> to tensor<?xi32>
  %2 = bufferization.to_tensor %y restrict writable : memref<?x33xf32> to tensor<?x33xf32>
  %3 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %1 : tensor<?x33xi32>, tensor<?xi32>) outs(%2 : tensor<?x33xf32>) {
  ^bb0(%a: i32, %b: i32, %out: f32):
    %p = arith.muli %a, %b : i32
    %f = arith.sitofp %p : i32 to f32
    linalg.yield %f : f32
  } -> tensor<?x33xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<?x33xf32>, memref<?x33xf32>) -> ()
  npu.return
}
