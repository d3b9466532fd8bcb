// The mean of squares over the rows, and what follows it.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#sum = affine_map<(d0, d1, d2) -> (d0, d2)>
#each = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>
npu.kernel @mean(%x: memref<5x4099x16xf32>, %g: memref<16xf32>, %y: memref<5x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 4099.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<5x4099x16xf32> to tensor<5x4099x16xf32>
  %1 = bufferization.to_tensor %g restrict : memref<16xf32> to tensor<16xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<5x16xf32> to tensor<5x16xf32>
  %e = tensor.empty() : tensor<5x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<5x16xf32>) -> tensor<5x16xf32>
  %s = linalg.generic {indexing_maps = [#id, #sum], iterator_types = ["parallel", "reduction", "parallel"]} ins(%0 : tensor<5x4099x16xf32>) outs(%f : tensor<5x16xf32>) {
  ^bb0(%a: f32, %acc: f32):
    %q = arith.mulf %a, %a : f32
    %r = arith.addf %acc, %q : f32
    linalg.yield %r : f32
  } -> tensor<5x16xf32>
  %m = linalg.generic {indexing_maps = [#each, #column, #each], iterator_types = ["parallel", "parallel"]} ins(%s, %1 : tensor<5x16xf32>, tensor<16xf32>) outs(%2 : tensor<5x16xf32>) {
  ^bb0(%a: f32, %h: f32, %out: f32):
    %d = arith.divf %a, %n : f32
    %p = arith.addf %d, %h : f32
    linalg.yield %p : f32
  } -> tensor<5x16xf32>
  bufferization.materialize_in_destination %m in restrict writable %y : (tensor<5x16xf32>, memref<5x16xf32>) -> ()
  npu.return
}
