// Blocks of 16 channels as NCHW, of which the last has fewer; batch and width are scalars. Beside
// them, one number for each image and channel.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
npu.kernel @unpacked(%x: memref<?x5x2x?x16xf32> {npu.sizes = array<i64: 0, 1>}, %s: memref<?x80x1x1xf32> {npu.sizes = array<i64: 0>}, %y: memref<?x69x2x?xf32> {npu.sizes = array<i64: 0, 1>}, %n: i64, %v: i64) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %0 = bufferization.to_tensor %x restrict : memref<?x5x2x?x16xf32> to tensor<?x5x2x?x16xf32>
  %1 = bufferization.to_tensor %s restrict : memref<?x80x1x1xf32> to tensor<?x80x1x1xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<?x69x2x?xf32> to tensor<?x69x2x?xf32>
  %3 = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%2 : tensor<?x69x2x?xf32>) {
  ^bb0(%out: f32):
    %b = linalg.index 0 : index
    %c = linalg.index 1 : index
    %h = linalg.index 2 : index
    %w = linalg.index 3 : index
    %block = arith.divui %c, %c16 : index
    %lane = arith.remui %c, %c16 : index
    %e = tensor.extract %0[%b, %block, %h, %w, %lane] : tensor<?x5x2x?x16xf32>
    %f = tensor.extract %1[%b, %c, %c0, %c0] : tensor<?x80x1x1xf32>
    %r = arith.mulf %e, %f : f32
    linalg.yield %r : f32
  } -> tensor<?x69x2x?xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<?x69x2x?xf32>, memref<?x69x2x?xf32>) -> ()
  npu.return
}
