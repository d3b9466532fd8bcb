npu.kernel @matrix(%x: memref<2x50x41xf32>, %w: memref<2x41x28xf32>, %z: memref<2x50x28xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<2x50x41xf32> to tensor<2x50x41xf32>
  %1 = bufferization.to_tensor %w restrict : memref<2x41x28xf32> to tensor<2x41x28xf32>
  %2 = bufferization.to_tensor %z restrict writable : memref<2x50x28xf32> to tensor<2x50x28xf32>
  %3 = npu.mmad ins(%0, %1 : tensor<2x50x41xf32>, tensor<2x41x28xf32>) outs(%2 : tensor<2x50x28xf32>) attributes {order = #npu<panel_order kn>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<2x50x28xf32>
  bufferization.materialize_in_destination %3 in restrict writable %z : (tensor<2x50x28xf32>, memref<2x50x28xf32>) -> ()
  npu.return
}
