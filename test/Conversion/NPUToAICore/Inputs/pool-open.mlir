// Batch and width are scalars.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
npu.kernel @pool(%x: memref<?x3x2x?x16xf32> {npu.sizes = array<i64: 0, 1>}, %y: memref<?x3x?x16xf32> {npu.sizes = array<i64: 0, 2>}, %n: i64, %v: i64, %q: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %0 = bufferization.to_tensor %x restrict : memref<?x3x2x?x16xf32> to tensor<?x3x2x?x16xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<?x3x?x16xf32> to tensor<?x3x?x16xf32>
  %2 = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%1 : tensor<?x3x?x16xf32>) {
  ^bb0(%out: f32):
    %b = linalg.index 0 : index
    %c = linalg.index 1 : index
    %p = linalg.index 2 : index
    %l = linalg.index 3 : index
    %w = arith.muli %p, %c2 : index
    %i = arith.addi %w, %c1 : index
    %a0 = tensor.extract %0[%b, %c, %c0, %w, %l] : tensor<?x3x2x?x16xf32>
    %a1 = tensor.extract %0[%b, %c, %c0, %i, %l] : tensor<?x3x2x?x16xf32>
    %a2 = tensor.extract %0[%b, %c, %c1, %w, %l] : tensor<?x3x2x?x16xf32>
    %a3 = tensor.extract %0[%b, %c, %c1, %i, %l] : tensor<?x3x2x?x16xf32>
    %m0 = arith.maximumf %a0, %a1 : f32
    %m1 = arith.maximumf %a2, %a3 : f32
    %m = arith.maximumf %m0, %m1 : f32
    linalg.yield %m : f32
  } -> tensor<?x3x?x16xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<?x3x?x16xf32>, memref<?x3x?x16xf32>) -> ()
  npu.return
}
