#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#column = affine_map<(d0, d1, d2) -> (d0, d1)>
npu.kernel @center(%x: memref<2x3x20xf32>, %m: memref<2x3xf32>, %y: memref<2x3x20xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<2x3x20xf32> to tensor<2x3x20xf32>
  %1 = bufferization.to_tensor %m restrict : memref<2x3xf32> to tensor<2x3xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<2x3x20xf32> to tensor<2x3x20xf32>
  %3 = linalg.generic {indexing_maps = [#id, #column, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %1 : tensor<2x3x20xf32>, tensor<2x3xf32>) outs(%2 : tensor<2x3x20xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %d = arith.subf %a, %b : f32
    linalg.yield %d : f32
  } -> tensor<2x3x20xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<2x3x20xf32>, memref<2x3x20xf32>) -> ()
  npu.return
}
