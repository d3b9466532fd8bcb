// A number for each key and query.
npu.kernel @attention(%q: memref<1x2x140x32xf16>, %k: memref<1x1x150x32xf16>, %v: memref<1x1x150x16xf16>, %mask: memref<1x1x150x140xf32>, %o: memref<1x2x140x16xf16>) attributes {num_outputs = 1 : i64} {
  %qt = bufferization.to_tensor %q restrict : memref<1x2x140x32xf16> to tensor<1x2x140x32xf16>
  %kt = bufferization.to_tensor %k restrict : memref<1x1x150x32xf16> to tensor<1x1x150x32xf16>
  %vt = bufferization.to_tensor %v restrict : memref<1x1x150x16xf16> to tensor<1x1x150x16xf16>
  %maskt = bufferization.to_tensor %mask restrict : memref<1x1x150x140xf32> to tensor<1x1x150x140xf32>
  %e = tensor.empty() : tensor<1x2x140x16xf16>
  %r = npu.attention ins(%qt, %kt, %vt : tensor<1x2x140x32xf16>, tensor<1x1x150x32xf16>, tensor<1x1x150x16xf16>) mask(%maskt : tensor<1x1x150x140xf32>) outs(%e : tensor<1x2x140x16xf16>) {scale = 0.25 : f32} -> tensor<1x2x140x16xf16>
  bufferization.materialize_in_destination %r in restrict writable %o : (tensor<1x2x140x16xf16>, memref<1x2x140x16xf16>) -> ()
  npu.return
}
