// A product of what lies the other way round and a value for each row of the result.
#in = affine_map<(d0, d1, d2) -> (d0, d2, d1)>
#row = affine_map<(d0, d1, d2) -> (d1)>
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
npu.kernel @turned(%x: memref<3x131x21xf32>, %f: memref<21xf32>, %y: memref<3x21x131xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<3x131x21xf32> to tensor<3x131x21xf32>
  %1 = bufferization.to_tensor %f restrict : memref<21xf32> to tensor<21xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<3x21x131xf32> to tensor<3x21x131xf32>
  %3 = linalg.generic {indexing_maps = [#in, #row, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %1 : tensor<3x131x21xf32>, tensor<21xf32>) outs(%2 : tensor<3x21x131xf32>) {
  ^bb0(%a: f32, %g: f32, %out: f32):
    %p = arith.mulf %a, %g : f32
    linalg.yield %p : f32
  } -> tensor<3x21x131xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<3x21x131xf32>, memref<3x21x131xf32>) -> ()
  npu.return
}
