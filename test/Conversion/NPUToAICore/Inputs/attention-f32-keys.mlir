// A number for each key, in four blocks of which the last is short; heads inside.
npu.kernel @attention(%q: memref<1x37x2x64xf32>, %k: memref<1x1100x2x64xf32>, %v: memref<1x1100x2x64xf32>, %mask: memref<1x1x1100x1xf32>, %o: memref<1x37x2x64xf32>) attributes {num_outputs = 1 : i64} {
  %qt = bufferization.to_tensor %q restrict : memref<1x37x2x64xf32> to tensor<1x37x2x64xf32>
  %kt = bufferization.to_tensor %k restrict : memref<1x1100x2x64xf32> to tensor<1x1100x2x64xf32>
  %vt = bufferization.to_tensor %v restrict : memref<1x1100x2x64xf32> to tensor<1x1100x2x64xf32>
  %maskt = bufferization.to_tensor %mask restrict : memref<1x1x1100x1xf32> to tensor<1x1x1100x1xf32>
  %e = tensor.empty() : tensor<1x37x2x64xf32>
  %r = npu.attention ins(%qt, %kt, %vt : tensor<1x37x2x64xf32>, tensor<1x1100x2x64xf32>, tensor<1x1100x2x64xf32>) mask(%maskt : tensor<1x1x1100x1xf32>) outs(%e : tensor<1x37x2x64xf32>) {scale = 0.25 : f32, key_heads_inside = true, query_heads_inside = true} -> tensor<1x37x2x64xf32>
  bufferization.materialize_in_destination %r in restrict writable %o : (tensor<1x37x2x64xf32>, memref<1x37x2x64xf32>) -> ()
  npu.return
}
