npu.kernel @batch(%x: memref<3x?x41xf32> {npu.sizes = array<i64: 0>}, %w: memref<3x2x41x16xf32>, %z: memref<3x?x23xf32> {npu.sizes = array<i64: 0>}, %m: i64) {
  %0 = bufferization.to_tensor %x restrict : memref<3x?x41xf32> to tensor<3x?x41xf32>
  %1 = bufferization.to_tensor %w restrict : memref<3x2x41x16xf32> to tensor<3x2x41x16xf32>
  %2 = bufferization.to_tensor %z restrict writable : memref<3x?x23xf32> to tensor<3x?x23xf32>
  %3 = npu.mmad ins(%0, %1 : tensor<3x?x41xf32>, tensor<3x2x41x16xf32>) outs(%2 : tensor<3x?x23xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<3x?x23xf32>
  bufferization.materialize_in_destination %3 in restrict writable %z : (tensor<3x?x23xf32>, memref<3x?x23xf32>) -> ()
  npu.return
}
