// RUN: ge-opt %s -split-input-file -npu-form-kernels -verify-diagnostics

#id = affine_map<(d0) -> (d0)>

// A size that no operation states cannot be passed to a kernel.
func.func private @make() -> tensor<?xf32>
func.func @main(%n: index) -> tensor<?xf32> {
  // expected-error@+1 {{has a dimension 0 of a size that nothing states}}
  %x = func.call @make() : () -> tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.negf %in : f32
    linalg.yield %s : f32
  } -> tensor<?xf32>
  return %y : tensor<?xf32>
}
