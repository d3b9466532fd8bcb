// The largest of each column, of f16 and of more columns than rows.
#id = affine_map<(d0, d1) -> (d0, d1)>
#each = affine_map<(d0, d1) -> (d1)>
npu.kernel @largest(%x: memref<9x5003xf16>, %y: memref<5003xf16>) {
  %least = arith.constant 0xFC00 : f16
  %0 = bufferization.to_tensor %x restrict : memref<9x5003xf16> to tensor<9x5003xf16>
  %1 = bufferization.to_tensor %y restrict writable : memref<5003xf16> to tensor<5003xf16>
  %f = linalg.fill ins(%least : f16) outs(%1 : tensor<5003xf16>) -> tensor<5003xf16>
  %s = linalg.generic {indexing_maps = [#id, #each], iterator_types = ["reduction", "parallel"]} ins(%0 : tensor<9x5003xf16>) outs(%f : tensor<5003xf16>) {
  ^bb0(%a: f16, %acc: f16):
    %r = arith.maximumf %acc, %a : f16
    linalg.yield %r : f16
  } -> tensor<5003xf16>
  bufferization.materialize_in_destination %s in restrict writable %y : (tensor<5003xf16>, memref<5003xf16>) -> ()
  npu.return
}
