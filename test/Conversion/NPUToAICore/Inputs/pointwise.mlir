npu.kernel @pointwise(%x: memref<2x3x5x7x16xf32>, %w: memref<3x48x16xf32>, %bias: memref<48xf32>, %z: memref<2x3x5x7x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<2x3x5x7x16xf32> to tensor<2x3x5x7x16xf32>
  %1 = bufferization.to_tensor %w restrict : memref<3x48x16xf32> to tensor<3x48x16xf32>
  %2 = bufferization.to_tensor %bias restrict : memref<48xf32> to tensor<48xf32>
  %3 = bufferization.to_tensor %z restrict writable : memref<2x3x5x7x16xf32> to tensor<2x3x5x7x16xf32>
  %m = npu.im2col %0 {channels = 48 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 1>, output = array<i64: 5, 7>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : tensor<2x3x5x7x16xf32> -> !npu.matrix<70x48xf32>
  %4 = npu.mmad ins(%m, %1 : !npu.matrix<70x48xf32>, tensor<3x48x16xf32>) epilogue(%2 : tensor<48xf32>) outs(%3 : tensor<2x3x5x7x16xf32>) {
  ^bb0(%acc: f32, %e: f32):
    %s = arith.addf %acc, %e : f32
    %r = arith.maximumf %s, %zero : f32
    npu.yield %r : f32
  } -> tensor<2x3x5x7x16xf32>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<2x3x5x7x16xf32>, memref<2x3x5x7x16xf32>) -> ()
  npu.return
}
