npu.kernel @gemm(%x: memref<3072x3072xf16>, %w: memref<192x3072x16xf16>, %z: memref<3072x3072xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<3072x3072xf16> to tensor<3072x3072xf16>
  %1 = bufferization.to_tensor %w restrict : memref<192x3072x16xf16> to tensor<192x3072x16xf16>
  %3 = bufferization.to_tensor %z restrict writable : memref<3072x3072xf32> to tensor<3072x3072xf32>
  %4 = npu.mmad ins(%0, %1 : tensor<3072x3072xf16>, tensor<192x3072x16xf16>) outs(%3 : tensor<3072x3072xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<3072x3072xf32>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<3072x3072xf32>, memref<3072x3072xf32>) -> ()
  npu.return
}
