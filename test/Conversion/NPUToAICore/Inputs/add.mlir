#id = affine_map<(d0) -> (d0)>
npu.kernel @add(%x: memref<100003xf32>, %y: memref<100003xf32>, %z: memref<100003xf32>) {
  %0 = bufferization.to_tensor %x restrict : memref<100003xf32> to tensor<100003xf32>
  %1 = bufferization.to_tensor %y restrict : memref<100003xf32> to tensor<100003xf32>
  %2 = bufferization.to_tensor %z restrict writable : memref<100003xf32> to tensor<100003xf32>
  %3 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%0, %1 : tensor<100003xf32>, tensor<100003xf32>) outs(%2 : tensor<100003xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %n = arith.addf %a, %b : f32
    linalg.yield %n : f32
  } -> tensor<100003xf32>
  bufferization.materialize_in_destination %3 in restrict writable %z : (tensor<100003xf32>, memref<100003xf32>) -> ()
  npu.return
}
