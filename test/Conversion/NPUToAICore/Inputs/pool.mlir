// The largest of 3 x 3 places at every second one; numbers outside stop at the edge.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
npu.kernel @pool(%x: memref<1x3x13x11x16xf32>, %y: memref<3x7x6x16xf32>) {
  %m1 = arith.constant -1 : index
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c10 = arith.constant 10 : index
  %c12 = arith.constant 12 : index
  %0 = bufferization.to_tensor %x restrict : memref<1x3x13x11x16xf32> to tensor<1x3x13x11x16xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<3x7x6x16xf32> to tensor<3x7x6x16xf32>
  %2 = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%1 : tensor<3x7x6x16xf32>) {
  ^bb0(%out: f32):
    %b = linalg.index 0 : index
    %h = linalg.index 1 : index
    %w = linalg.index 2 : index
    %l = linalg.index 3 : index
    %hh = arith.muli %h, %c2 : index
    %ww = arith.muli %w, %c2 : index
    %i0 = arith.addi %hh, %m1 : index
    %im0 = arith.maxsi %i0, %c0 : index
    %ic0 = arith.minsi %im0, %c12 : index
    %i1 = arith.addi %hh, %c0 : index
    %im1 = arith.maxsi %i1, %c0 : index
    %ic1 = arith.minsi %im1, %c12 : index
    %i2 = arith.addi %hh, %c1 : index
    %im2 = arith.maxsi %i2, %c0 : index
    %ic2 = arith.minsi %im2, %c12 : index
    %j0 = arith.addi %ww, %m1 : index
    %jm0 = arith.maxsi %j0, %c0 : index
    %jc0 = arith.minsi %jm0, %c10 : index
    %j1 = arith.addi %ww, %c0 : index
    %jm1 = arith.maxsi %j1, %c0 : index
    %jc1 = arith.minsi %jm1, %c10 : index
    %j2 = arith.addi %ww, %c1 : index
    %jm2 = arith.maxsi %j2, %c0 : index
    %jc2 = arith.minsi %jm2, %c10 : index
    %e00 = tensor.extract %0[%c0, %b, %ic0, %jc0, %l] : tensor<1x3x13x11x16xf32>
    %e01 = tensor.extract %0[%c0, %b, %ic0, %jc1, %l] : tensor<1x3x13x11x16xf32>
    %p01 = arith.cmpf olt, %e00, %e01 : f32
    %s01 = arith.select %p01, %e01, %e00 : f32
    %e02 = tensor.extract %0[%c0, %b, %ic0, %jc2, %l] : tensor<1x3x13x11x16xf32>
    %p02 = arith.cmpf olt, %s01, %e02 : f32
    %s02 = arith.select %p02, %e02, %s01 : f32
    %e10 = tensor.extract %0[%c0, %b, %ic1, %jc0, %l] : tensor<1x3x13x11x16xf32>
    %p10 = arith.cmpf olt, %s02, %e10 : f32
    %s10 = arith.select %p10, %e10, %s02 : f32
    %e11 = tensor.extract %0[%c0, %b, %ic1, %jc1, %l] : tensor<1x3x13x11x16xf32>
    %p11 = arith.cmpf olt, %s10, %e11 : f32
    %s11 = arith.select %p11, %e11, %s10 : f32
    %e12 = tensor.extract %0[%c0, %b, %ic1, %jc2, %l] : tensor<1x3x13x11x16xf32>
    %p12 = arith.cmpf olt, %s11, %e12 : f32
    %s12 = arith.select %p12, %e12, %s11 : f32
    %e20 = tensor.extract %0[%c0, %b, %ic2, %jc0, %l] : tensor<1x3x13x11x16xf32>
    %p20 = arith.cmpf olt, %s12, %e20 : f32
    %s20 = arith.select %p20, %e20, %s12 : f32
    %e21 = tensor.extract %0[%c0, %b, %ic2, %jc1, %l] : tensor<1x3x13x11x16xf32>
    %p21 = arith.cmpf olt, %s20, %e21 : f32
    %s21 = arith.select %p21, %e21, %s20 : f32
    %e22 = tensor.extract %0[%c0, %b, %ic2, %jc2, %l] : tensor<1x3x13x11x16xf32>
    %p22 = arith.cmpf olt, %s21, %e22 : f32
    %s22 = arith.select %p22, %e22, %s21 : f32
    linalg.yield %s22 : f32
  } -> tensor<3x7x6x16xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<3x7x6x16xf32>, memref<3x7x6x16xf32>) -> ()
  npu.return
}
