// Batch, height and width are scalars.
npu.kernel @depthwise(%x: memref<?x3x?x?x16xf32> {npu.sizes = array<i64: 0, 1, 2>}, %w: memref<3x3x3x16xf32>, %bias: memref<48xf32>, %z: memref<?x3x?x?x16xf32> {npu.sizes = array<i64: 0, 3, 4>}, %n: i64, %h: i64, %v: i64, %p: i64, %q: i64) {
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<?x3x?x?x16xf32> to tensor<?x3x?x?x16xf32>
  %1 = bufferization.to_tensor %w restrict : memref<3x3x3x16xf32> to tensor<3x3x3x16xf32>
  %2 = bufferization.to_tensor %bias restrict : memref<48xf32> to tensor<48xf32>
  %3 = bufferization.to_tensor %z restrict writable : memref<?x3x?x?x16xf32> to tensor<?x3x?x?x16xf32>
  %4 = npu.depthwise ins(%0, %1 : tensor<?x3x?x?x16xf32>, tensor<3x3x3x16xf32>) epilogue(%2 : tensor<48xf32>) outs(%3 : tensor<?x3x?x?x16xf32>)
      attributes {dilations = array<i64: 1, 2>, pads = array<i64: 1, 2, 0, 0>, strides = array<i64: 2, 1>} {
  ^bb0(%acc: f32, %e: f32):
    %s = arith.addf %acc, %e : f32
    %r = arith.maximumf %s, %zero : f32
    npu.yield %r : f32
  } -> tensor<?x3x?x?x16xf32>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<?x3x?x?x16xf32>, memref<?x3x?x?x16xf32>) -> ()
  npu.return
}
