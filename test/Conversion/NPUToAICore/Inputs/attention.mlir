// Three heads that share keys, in three blocks of which the last is short.
npu.kernel @attention(%q: memref<1x3x37x24xf16>, %k: memref<1x1x1100x24xf16>, %v: memref<1x1x1100x40xf16>, %o: memref<1x3x37x40xf16>) attributes {num_outputs = 1 : i64} {
  %qt = bufferization.to_tensor %q restrict : memref<1x3x37x24xf16> to tensor<1x3x37x24xf16>
  %kt = bufferization.to_tensor %k restrict : memref<1x1x1100x24xf16> to tensor<1x1x1100x24xf16>
  %vt = bufferization.to_tensor %v restrict : memref<1x1x1100x40xf16> to tensor<1x1x1100x40xf16>
  %e = tensor.empty() : tensor<1x3x37x40xf16>
  %r = npu.attention ins(%qt, %kt, %vt : tensor<1x3x37x24xf16>, tensor<1x1x1100x24xf16>, tensor<1x1x1100x40xf16>) outs(%e : tensor<1x3x37x40xf16>) {scale = 0.25 : f32} -> tensor<1x3x37x40xf16>
  bufferization.materialize_in_destination %r in restrict writable %o : (tensor<1x3x37x40xf16>, memref<1x3x37x40xf16>) -> ()
  npu.return
}
