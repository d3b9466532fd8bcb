// Channels, which are last, become the first dimension: rows are no neighbours of the
// columns. And blocks of two elements that stay together.
#in = affine_map<(d0, d1, d2) -> (d1, d2, d0)>
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
npu.kernel @permuted(%x: memref<7x150x70xf16>, %y: memref<70x7x150xf16>) {
  %0 = bufferization.to_tensor %x restrict : memref<7x150x70xf16> to tensor<7x150x70xf16>
  %1 = bufferization.to_tensor %y restrict writable : memref<70x7x150xf16> to tensor<70x7x150xf16>
  %2 = linalg.generic {indexing_maps = [#in, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<7x150x70xf16>) outs(%1 : tensor<70x7x150xf16>) {
  ^bb0(%a: f16, %out: f16):
    linalg.yield %a : f16
  } -> tensor<70x7x150xf16>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<70x7x150xf16>, memref<70x7x150xf16>) -> ()
  npu.return
}
