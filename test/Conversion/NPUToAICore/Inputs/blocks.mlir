// NCHW as blocks of 16 channels, the last one with zeros.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
npu.kernel @blocks(%x: memref<1x21x5x37xf16>, %y: memref<2x5x37x16xf16>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c20 = arith.constant 20 : index
  %c21 = arith.constant 21 : index
  %zero = arith.constant 0.0 : f16
  %0 = bufferization.to_tensor %x restrict : memref<1x21x5x37xf16> to tensor<1x21x5x37xf16>
  %1 = bufferization.to_tensor %y restrict writable : memref<2x5x37x16xf16> to tensor<2x5x37x16xf16>
  %2 = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%1 : tensor<2x5x37x16xf16>) {
  ^bb0(%out: f16):
    %b = linalg.index 0 : index
    %s = arith.muli %b, %c16 : index
    %l = linalg.index 3 : index
    %c = arith.addi %s, %l : index
    %m = arith.minsi %c, %c20 : index
    %h = linalg.index 1 : index
    %w = linalg.index 2 : index
    %e = tensor.extract %0[%c0, %m, %h, %w] : tensor<1x21x5x37xf16>
    %in = arith.cmpi ult, %c, %c21 : index
    %r = arith.select %in, %e, %zero : f16
    linalg.yield %r : f16
  } -> tensor<2x5x37x16xf16>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<2x5x37x16xf16>, memref<2x5x37x16xf16>) -> ()
  npu.return
}
