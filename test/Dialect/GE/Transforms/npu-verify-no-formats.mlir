// RUN: ge-opt %s -split-input-file -npu-verify-no-formats -verify-diagnostics

func.func @plain(%x: tensor<1x2x8x8x16xf32>) -> tensor<1x2x8x8x16xf32> {
  return %x : tensor<1x2x8x8x16xf32>
}

// -----

#f = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 32, 8, 8]>
// expected-error @+1 {{expects tensors without encoding below the graph, but got 'tensor<1x2x8x8x16xf32}}
func.func @argument(%x: tensor<1x2x8x8x16xf32, #f>) {
  return
}

// -----

#f = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 32, 8, 8]>
func.func @result() {
  // expected-error @+1 {{expects tensors without encoding below the graph, but got}}
  %0 = tensor.empty() : tensor<1x2x8x8x16xf32, #f>
  return
}
