// Two heads that share keys, of columns that fill no fractals, and a number for each key and query.
npu.kernel @attention(%q: memref<1x2x70x20xf32>, %k: memref<1x1x150x20xf32>, %v: memref<1x1x150x36xf32>, %mask: memref<1x1x150x70xf32>, %o: memref<1x2x70x36xf32>) attributes {num_outputs = 1 : i64} {
  %qt = bufferization.to_tensor %q restrict : memref<1x2x70x20xf32> to tensor<1x2x70x20xf32>
  %kt = bufferization.to_tensor %k restrict : memref<1x1x150x20xf32> to tensor<1x1x150x20xf32>
  %vt = bufferization.to_tensor %v restrict : memref<1x1x150x36xf32> to tensor<1x1x150x36xf32>
  %maskt = bufferization.to_tensor %mask restrict : memref<1x1x150x70xf32> to tensor<1x1x150x70xf32>
  %e = tensor.empty() : tensor<1x2x70x36xf32>
  %r = npu.attention ins(%qt, %kt, %vt : tensor<1x2x70x20xf32>, tensor<1x1x150x20xf32>, tensor<1x1x150x36xf32>) mask(%maskt : tensor<1x1x150x70xf32>) outs(%e : tensor<1x2x70x36xf32>) {scale = 0.25 : f32} -> tensor<1x2x70x36xf32>
  bufferization.materialize_in_destination %r in restrict writable %o : (tensor<1x2x70x36xf32>, memref<1x2x70x36xf32>) -> ()
  npu.return
}
