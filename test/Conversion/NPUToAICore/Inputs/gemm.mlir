npu.kernel @gemm(%x: memref<70x72xf16>, %w: memref<7x72x16xf16>, %bias: memref<100xf16>, %z: memref<70x100xf16>) {
  %zero = arith.constant 0.0 : f16
  %0 = bufferization.to_tensor %x restrict : memref<70x72xf16> to tensor<70x72xf16>
  %1 = bufferization.to_tensor %w restrict : memref<7x72x16xf16> to tensor<7x72x16xf16>
  %2 = bufferization.to_tensor %bias restrict : memref<100xf16> to tensor<100xf16>
  %3 = bufferization.to_tensor %z restrict writable : memref<70x100xf16> to tensor<70x100xf16>
  %4 = npu.mmad ins(%0, %1 : tensor<70x72xf16>, tensor<7x72x16xf16>) epilogue(%2 : tensor<100xf16>) outs(%3 : tensor<70x100xf16>) {
  ^bb0(%acc: f32, %e: f16):
    %b = arith.extf %e : f16 to f32
    %s = arith.addf %acc, %b : f32
    %h = arith.truncf %s : f32 to f16
    %r = arith.maximumf %h, %zero : f16
    npu.yield %r : f16
  } -> tensor<70x100xf16>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<70x100xf16>, memref<70x100xf16>) -> ()
  npu.return
}
