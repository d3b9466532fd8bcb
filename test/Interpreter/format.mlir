// RUN: ge-eval --all %s | FileCheck %s

#nc = #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 3, 1, 2]>
#nz = #ge.format<FRACTAL_NZ, origin = ND, origin_shape = [2, 3]>

// Channels go into blocks, and back.
// CHECK-LABEL: @blocks
// CHECK-NEXT: dense<{{\[\[\[\[\[}}1, 3, 5, 0], [2, 4, 6, 0]]]]]> : tensor<1x1x1x2x4xi32, #ge.format
// CHECK-NEXT: dense<{{\[\[\[\[}}1, 2]], {{\[\[}}3, 4]], {{\[\[}}5, 6]]]]> : tensor<1x3x1x2xi32>
func.func @blocks() -> (tensor<1x1x1x2x4xi32, #nc>, tensor<1x3x1x2xi32>) {
  %x = ge.const dense<[[[[1, 2]], [[3, 4]], [[5, 6]]]]> : tensor<1x3x1x2xi32>
  %0 = ge.trans_data %x {dst_format = "NC1HWC0", src_format = "NCHW"} : (tensor<1x3x1x2xi32>) -> tensor<1x1x1x2x4xi32, #nc>
  %1 = ge.trans_data %0 {dst_format = "NCHW", src_format = "NC1HWC0"} : (tensor<1x1x1x2x4xi32, #nc>) -> tensor<1x3x1x2xi32>
  return %0, %1 : tensor<1x1x1x2x4xi32, #nc>, tensor<1x3x1x2xi32>
}

// An operator computes on what its operands stand for: padding has no influence.
// CHECK-LABEL: @stored_operator
// CHECK-NEXT: dense<{{\[\[\[\[}}4.000000e+00]], {{\[\[}}6.000000e+00]], {{\[\[}}8.000000e+00]]]]> : tensor<1x3x1x1xf32>
func.func @stored_operator() -> tensor<1x3x1x1xf32> {
  %x = ge.const dense<[[[[1.0, 2.0]], [[2.0, 3.0]], [[3.0, 4.0]]]]> : tensor<1x3x1x2xf32>
  %w = ge.const dense<[[[[1.0]], [[1.0]], [[1.0]]], [[[2.0]], [[1.0]], [[1.0]]], [[[2.0]], [[2.0]], [[1.0]]]]> : tensor<3x3x1x1xf32>
  %0 = ge.trans_data %x {dst_format = "NC1HWC0", src_format = "NCHW"} : (tensor<1x3x1x2xf32>) -> tensor<1x1x1x2x16xf32, #nc>
  %1 = ge.max_pool_v3 %0 {ksize = array<i64: 1, 1, 1, 2>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x1x1x2x16xf32, #nc>)
      -> tensor<1x1x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 3, 1, 1]>>
  %2 = ge.add %1, %1 : tensor<1x1x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 3, 1, 1]>>
  %3 = ge.trans_data %2 {dst_format = "NCHW", src_format = "NC1HWC0"}
      : (tensor<1x1x1x1x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 3, 1, 1]>>) -> tensor<1x3x1x1xf32>
  return %3 : tensor<1x3x1x1xf32>
}

// Plain formats differ in the order of dimensions.
// CHECK-LABEL: @plain
// CHECK-NEXT: dense<{{\[\[\[\[}}1, 3, 5], [2, 4, 6]]]]> : tensor<1x1x2x3xi32>
func.func @plain() -> tensor<1x1x2x3xi32> {
  %x = ge.const dense<[[[[1, 2]], [[3, 4]], [[5, 6]]]]> : tensor<1x3x1x2xi32>
  %0 = ge.trans_data %x {dst_format = "NHWC", src_format = "NCHW"} : (tensor<1x3x1x2xi32>) -> tensor<1x1x2x3xi32>
  return %0 : tensor<1x1x2x3xi32>
}

// Matrices go into fractals, and back.
// CHECK-LABEL: @fractal
// CHECK-NEXT: dense<{{\[\[}}1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
func.func @fractal() -> tensor<2x3xi32> {
  %x = ge.const dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %0 = ge.trans_data %x {dst_format = "FRACTAL_NZ", src_format = "ND"} : (tensor<2x3xi32>) -> tensor<1x1x16x16xi32, #nz>
  %1 = ge.trans_data %0 {dst_format = "ND", src_format = "FRACTAL_NZ"} : (tensor<1x1x16x16xi32, #nz>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// Dynamic dimensions of a stored result take the value's.
// CHECK-LABEL: @dynamic
// CHECK-NEXT: dense<{{\[\[\[\[\[}}2, 6, 10, 0], [4, 8, 12, 0]]]]]> : tensor<1x1x1x2x4xi32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 3, 1, 2]>>
func.func @dynamic() -> tensor<?x1x1x2x4xi32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [?, 3, 1, 2]>> {
  %x = ge.const dense<[[[[1, 2]], [[3, 4]], [[5, 6]]]]> : tensor<1x3x1x2xi32>
  %0 = "ge.trans_data"(%x) {dst_format = "NC1HWC0", src_format = "NCHW"} : (tensor<1x3x1x2xi32>)
      -> tensor<?x1x1x2x4xi32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [?, 3, 1, 2]>>
  %1 = "ge.add"(%0, %0) : (tensor<?x1x1x2x4xi32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [?, 3, 1, 2]>>,
      tensor<?x1x1x2x4xi32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [?, 3, 1, 2]>>)
      -> tensor<?x1x1x2x4xi32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [?, 3, 1, 2]>>
  return %1 : tensor<?x1x1x2x4xi32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [?, 3, 1, 2]>>
}
