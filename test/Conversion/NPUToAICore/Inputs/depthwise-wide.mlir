npu.kernel @depthwise(%x: memref<1x1x7x260x16xf32>, %w: memref<1x5x5x16xf32>, %z: memref<1x1x4x115x16xf16>) {
  %0 = bufferization.to_tensor %x restrict : memref<1x1x7x260x16xf32> to tensor<1x1x7x260x16xf32>
  %1 = bufferization.to_tensor %w restrict : memref<1x5x5x16xf32> to tensor<1x5x5x16xf32>
  %3 = bufferization.to_tensor %z restrict writable : memref<1x1x4x115x16xf16> to tensor<1x1x4x115x16xf16>
  %4 = npu.depthwise ins(%0, %1 : tensor<1x1x7x260x16xf32>, tensor<1x5x5x16xf32>) outs(%3 : tensor<1x1x4x115x16xf16>)
      attributes {dilations = array<i64: 1, 8>, pads = array<i64: 2, 2, 0, 1>, strides = array<i64: 2, 2>} {
  ^bb0(%acc: f32):
    %h = arith.truncf %acc : f32 to f16
    npu.yield %h : f16
  } -> tensor<1x1x4x115x16xf16>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<1x1x4x115x16xf16>, memref<1x1x4x115x16xf16>) -> ()
  npu.return
}
