#id = affine_map<(d0, d1) -> (d0, d1)>
npu.kernel @mask(%x: memref<7x3001xf32>, %f: memref<7x3001xi8>, %y: memref<7x3001xi8>) {
  %zero = arith.constant 0 : i8
  %half = arith.constant 0.5 : f32
  %none = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<7x3001xf32> to tensor<7x3001xf32>
  %1 = bufferization.to_tensor %f restrict : memref<7x3001xi8> to tensor<7x3001xi8>
  %2 = bufferization.to_tensor %y restrict writable : memref<7x3001xi8> to tensor<7x3001xi8>
  %3 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %1 : tensor<7x3001xf32>, tensor<7x3001xi8>) outs(%2 : tensor<7x3001xi8>) {
  ^bb0(%a: f32, %c: i8, %out: i8):
    %p = arith.cmpi ne, %c, %zero : i8
    %s = arith.select %p, %a, %none : f32
    %q = arith.cmpf oge, %s, %half : f32
    %r = arith.extui %q : i1 to i8
    linalg.yield %r : i8
  } -> tensor<7x3001xi8>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<7x3001xi8>, memref<7x3001xi8>) -> ()
  npu.return
}
