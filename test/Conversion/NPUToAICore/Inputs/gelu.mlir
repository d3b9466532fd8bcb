#full = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#channel = affine_map<(d0, d1, d2) -> (d1)>
#scalar = affine_map<(d0, d1, d2) -> ()>
npu.kernel @gelu(%x: memref<3x5x1001xf16>, %b: memref<5xf16>, %s: memref<f16>, %y: memref<3x5x1001xf16>) {
  %half = arith.constant 0.5 : f16
  %one = arith.constant 1.0 : f16
  %r = arith.constant 0.70703125 : f16
  %low = arith.constant -1.5 : f16
  %0 = bufferization.to_tensor %x restrict : memref<3x5x1001xf16> to tensor<3x5x1001xf16>
  %1 = bufferization.to_tensor %b restrict : memref<5xf16> to tensor<5xf16>
  %2 = bufferization.to_tensor %s restrict : memref<f16> to tensor<f16>
  %3 = bufferization.to_tensor %y restrict writable : memref<3x5x1001xf16> to tensor<3x5x1001xf16>
  %4 = linalg.generic {indexing_maps = [#full, #channel, #scalar, #full], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %1, %2 : tensor<3x5x1001xf16>, tensor<5xf16>, tensor<f16>) outs(%3 : tensor<3x5x1001xf16>) {
  ^bb0(%in: f16, %bias: f16, %scale: f16, %out: f16):
    %a = arith.addf %in, %bias : f16
    %c = arith.mulf %a, %r : f16
    %d = math.erf %c : f16
    %e = arith.addf %d, %one : f16
    %f = arith.mulf %a, %half : f16
    %g = arith.mulf %e, %f : f16
    %h = arith.mulf %g, %scale : f16
    %p = arith.cmpf olt, %a, %low : f16
    %q = arith.select %p, %low, %h : f16
    linalg.yield %q : f16
  } -> tensor<3x5x1001xf16>
  bufferization.materialize_in_destination %4 in restrict writable %y : (tensor<3x5x1001xf16>, memref<3x5x1001xf16>) -> ()
  npu.return
}
