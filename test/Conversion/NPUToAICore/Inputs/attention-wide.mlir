// Too many columns for the local memories.
npu.kernel @attention(%q: memref<1x1x64x512xf16>, %k: memref<1x1x64x512xf16>, %v: memref<1x1x64x512xf16>, %o: memref<1x1x64x512xf16>) attributes {num_outputs = 1 : i64} {
  %qt = bufferization.to_tensor %q restrict : memref<1x1x64x512xf16> to tensor<1x1x64x512xf16>
  %kt = bufferization.to_tensor %k restrict : memref<1x1x64x512xf16> to tensor<1x1x64x512xf16>
  %vt = bufferization.to_tensor %v restrict : memref<1x1x64x512xf16> to tensor<1x1x64x512xf16>
  %e = tensor.empty() : tensor<1x1x64x512xf16>
  %r = npu.attention ins(%qt, %kt, %vt : tensor<1x1x64x512xf16>, tensor<1x1x64x512xf16>, tensor<1x1x64x512xf16>) outs(%e : tensor<1x1x64x512xf16>) {scale = 0.25 : f32} -> tensor<1x1x64x512xf16>
  bufferization.materialize_in_destination %r in restrict writable %o : (tensor<1x1x64x512xf16>, memref<1x1x64x512xf16>) -> ()
  npu.return
}
