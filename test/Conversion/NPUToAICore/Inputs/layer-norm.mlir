#full = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>
#one = affine_map<(d0) -> (d0)>
npu.kernel @norm(%x: memref<77x100xf32>, %g: memref<100xf32>, %y: memref<77x100xf32>) attributes {npu.rows = 1 : i64} {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 100.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %0 = bufferization.to_tensor %x restrict : memref<77x100xf32> to tensor<77x100xf32>
  %1 = bufferization.to_tensor %g restrict : memref<100xf32> to tensor<100xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<77x100xf32> to tensor<77x100xf32>
  %e = tensor.empty() : tensor<77xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<77xf32>) -> tensor<77xf32>
  %s = linalg.generic {indexing_maps = [#full, #row], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<77x100xf32>) outs(%f : tensor<77xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.addf %in, %out : f32
    linalg.yield %a : f32
  } -> tensor<77xf32>
  %m = linalg.generic {indexing_maps = [#one, #one], iterator_types = ["parallel"]} ins(%s : tensor<77xf32>) outs(%e : tensor<77xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.divf %in, %n : f32
    linalg.yield %a : f32
  } -> tensor<77xf32>
  %v = linalg.generic {indexing_maps = [#full, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%0, %m : tensor<77x100xf32>, tensor<77xf32>) outs(%f : tensor<77xf32>) {
  ^bb0(%in: f32, %mean: f32, %out: f32):
    %a = arith.subf %in, %mean : f32
    %b = arith.mulf %a, %a : f32
    %c = arith.addf %out, %b : f32
    linalg.yield %c : f32
  } -> tensor<77xf32>
  %q = linalg.generic {indexing_maps = [#full, #row, #row, #column, #full], iterator_types = ["parallel", "parallel"]} ins(%0, %m, %v, %1 : tensor<77x100xf32>, tensor<77xf32>, tensor<77xf32>, tensor<100xf32>) outs(%2 : tensor<77x100xf32>) {
  ^bb0(%in: f32, %mean: f32, %sum: f32, %scale: f32, %out: f32):
    %a = arith.subf %in, %mean : f32
    %b = arith.divf %sum, %n : f32
    %c = arith.addf %b, %eps : f32
    %d = math.sqrt %c : f32
    %h = arith.divf %a, %d : f32
    %i = arith.mulf %h, %scale : f32
    linalg.yield %i : f32
  } -> tensor<77x100xf32>
  bufferization.materialize_in_destination %q in restrict writable %y : (tensor<77x100xf32>, memref<77x100xf32>) -> ()
  npu.return
}
