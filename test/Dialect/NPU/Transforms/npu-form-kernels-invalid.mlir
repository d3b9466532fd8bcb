// RUN: ge-opt %s -split-input-file -npu-form-kernels -verify-diagnostics

#id = affine_map<(d0) -> (d0)>

// Kernels have buffers of known size.
func.func @main(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %e = tensor.empty(%n) : tensor<?xf32>
  // expected-error@+1 {{expects operands of static shape below linalg, but got 'tensor<?xf32>'}}
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.negf %in : f32
    linalg.yield %s : f32
  } -> tensor<?xf32>
  return %y : tensor<?xf32>
}
