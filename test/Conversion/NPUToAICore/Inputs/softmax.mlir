#full = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
npu.kernel @softmax(%x: memref<333x197xf32>, %y: memref<333x197xf32>) attributes {npu.rows = 1 : i64} {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<333x197xf32> to tensor<333x197xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<333x197xf32> to tensor<333x197xf32>
  %e = tensor.empty() : tensor<333xf32>
  %f = linalg.fill ins(%low : f32) outs(%e : tensor<333xf32>) -> tensor<333xf32>
  %m = linalg.generic {indexing_maps = [#full, #row], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<333x197xf32>) outs(%f : tensor<333xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.maximumf %in, %out : f32
    linalg.yield %a : f32
  } -> tensor<333xf32>
  %d = tensor.empty() : tensor<333x197xf32>
  %p = linalg.generic {indexing_maps = [#full, #row, #full], iterator_types = ["parallel", "parallel"]} ins(%0, %m : tensor<333x197xf32>, tensor<333xf32>) outs(%d : tensor<333x197xf32>) {
  ^bb0(%in: f32, %max: f32, %out: f32):
    %a = arith.subf %in, %max : f32
    %b = math.exp %a : f32
    linalg.yield %b : f32
  } -> tensor<333x197xf32>
  %g = linalg.fill ins(%zero : f32) outs(%e : tensor<333xf32>) -> tensor<333xf32>
  %s = linalg.generic {indexing_maps = [#full, #row], iterator_types = ["parallel", "reduction"]} ins(%p : tensor<333x197xf32>) outs(%g : tensor<333xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.addf %in, %out : f32
    linalg.yield %a : f32
  } -> tensor<333xf32>
  %q = linalg.generic {indexing_maps = [#full, #row, #full], iterator_types = ["parallel", "parallel"]} ins(%p, %s : tensor<333x197xf32>, tensor<333xf32>) outs(%1 : tensor<333x197xf32>) {
  ^bb0(%in: f32, %sum: f32, %out: f32):
    %a = arith.divf %in, %sum : f32
    linalg.yield %a : f32
  } -> tensor<333x197xf32>
  bufferization.materialize_in_destination %q in restrict writable %y : (tensor<333x197xf32>, memref<333x197xf32>) -> ()
  npu.return
}
