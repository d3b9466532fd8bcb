// [h, w, c, i, j] to [c, h, i, w, j]: the last dimension stays, the others move.
#in = affine_map<(d0, d1, d2, d3, d4) -> (d1, d3, d0, d2, d4)>
#id = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4)>
npu.kernel @shuffled(%x: memref<5x37x3x2x2xf32>, %y: memref<3x5x2x37x2xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<5x37x3x2x2xf32> to tensor<5x37x3x2x2xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<3x5x2x37x2xf32> to tensor<3x5x2x37x2xf32>
  %2 = linalg.generic {indexing_maps = [#in, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]} ins(%0 : tensor<5x37x3x2x2xf32>) outs(%1 : tensor<3x5x2x37x2xf32>) {
  ^bb0(%a: f32, %out: f32):
    linalg.yield %a : f32
  } -> tensor<3x5x2x37x2xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<3x5x2x37x2xf32>, memref<3x5x2x37x2xf32>) -> ()
  npu.return
}
