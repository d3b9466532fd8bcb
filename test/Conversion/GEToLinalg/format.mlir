// Formats become shapes; no encoding is left.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg | FileCheck %s --implicit-check-not=ge.format

#image = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 32, 4, 4]>
// CHECK: #[[$PACK:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4, d2, d3)>
// CHECK-LABEL: func.func @full_blocks
func.func @full_blocks(%x: tensor<1x32x4x4xf32>) -> tensor<1x2x4x4x16xf32, #image> {
  // CHECK: tensor.expand_shape {{.*}} into tensor<1x2x16x4x4xf32>
  // CHECK: linalg.generic {indexing_maps = [#[[$PACK]],
  %0 = ge.trans_data %x {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<1x32x4x4xf32>) -> tensor<1x2x4x4x16xf32, #image>
  return %0 : tensor<1x2x4x4x16xf32, #image>
}

// -----
#image = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 4, 4]>
// Lanes beyond the channels are zero.
// CHECK-LABEL: func.func @partial_block
func.func @partial_block(%x: tensor<1x20x4x4xf32>) -> tensor<1x2x4x4x16xf32, #image> {
  // CHECK: %[[ELEMENT:.*]] = tensor.extract
  // CHECK: %[[REAL:.*]] = arith.cmpi ult
  // CHECK: arith.select %[[REAL]], %[[ELEMENT]], %{{.*}} : f32
  %0 = ge.trans_data %x {src_format = "NCHW", dst_format = "NC1HWC0"} : (tensor<1x20x4x4xf32>) -> tensor<1x2x4x4x16xf32, #image>
  return %0 : tensor<1x2x4x4x16xf32, #image>
}

// -----
#image = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 4, 4]>
// A constant per channel is blocked at once.
// CHECK-LABEL: func.func @per_channel
func.func @per_channel(%x: tensor<1x2x4x4x16xf32, #image>) -> tensor<1x2x4x4x16xf32, #image> {
  %w = ge.const dense<[1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12., 13., 14., 15., 16., 17., 18., 19., 20.]> : tensor<20xf32>
  // CHECK: arith.constant dense<{{.*}}> : tensor<1x2x1x1x16xf32>
  %0 = ge.p_relu %x, %w : (tensor<1x2x4x4x16xf32, #image>, tensor<20xf32>) -> tensor<1x2x4x4x16xf32, #image>
  return %0 : tensor<1x2x4x4x16xf32, #image>
}
