// A number for each key of a batch, heads inside.
npu.kernel @attention(%q: memref<2x70x2x16xf16>, %k: memref<2x150x2x16xf16>, %v: memref<2x150x2x16xf16>, %mask: memref<2x1x150x1xf32>, %o: memref<2x70x2x16xf16>) attributes {num_outputs = 1 : i64} {
  %qt = bufferization.to_tensor %q restrict : memref<2x70x2x16xf16> to tensor<2x70x2x16xf16>
  %kt = bufferization.to_tensor %k restrict : memref<2x150x2x16xf16> to tensor<2x150x2x16xf16>
  %vt = bufferization.to_tensor %v restrict : memref<2x150x2x16xf16> to tensor<2x150x2x16xf16>
  %maskt = bufferization.to_tensor %mask restrict : memref<2x1x150x1xf32> to tensor<2x1x150x1xf32>
  %e = tensor.empty() : tensor<2x70x2x16xf16>
  %r = npu.attention ins(%qt, %kt, %vt : tensor<2x70x2x16xf16>, tensor<2x150x2x16xf16>, tensor<2x150x2x16xf16>) mask(%maskt : tensor<2x1x150x1xf32>) outs(%e : tensor<2x70x2x16xf16>) {scale = 0.25 : f32, key_heads_inside = true, query_heads_inside = true} -> tensor<2x70x2x16xf16>
  bufferization.materialize_in_destination %r in restrict writable %o : (tensor<2x70x2x16xf16>, memref<2x70x2x16xf16>) -> ()
  npu.return
}
