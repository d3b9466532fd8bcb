// RUN: ge-eval --all %s | FileCheck %s

// CHECK-LABEL: @transpose
// CHECK-NEXT: dense<{{\[\[}}1, 4], [2, 5], [3, 6]]> : tensor<3x2xi32>
func.func @transpose() -> tensor<3x2xi32> {
  %x = ge.const dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %perm = ge.const dense<[1, 0]> : tensor<2xi64>
  %0 = ge.transpose %x, %perm : (tensor<2x3xi32>, tensor<2xi64>) -> tensor<3x2xi32>
  return %0 : tensor<3x2xi32>
}

// CHECK-LABEL: @join_and_cut
// CHECK-NEXT: dense<{{\[\[}}1, 2, 5], [3, 4, 6]]> : tensor<2x3xi32>
// CHECK-NEXT: dense<{{\[\[}}1], [3]]> : tensor<2x1xi32>
// CHECK-NEXT: dense<{{\[\[}}2, 5], [4, 6]]> : tensor<2x2xi32>
// CHECK-NEXT: dense<[3, 4]> : tensor<2xi32>
func.func @join_and_cut() -> (tensor<2x3xi32>, tensor<2x1xi32>, tensor<2x2xi32>, tensor<2xi32>) {
  %a = ge.const dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %b = ge.const dense<[[5], [6]]> : tensor<2x1xi32>
  %dim = ge.const dense<-1> : tensor<i32>
  %0 = ge.concat_v2 %a, %b, %dim : (tensor<2x2xi32>, tensor<2x1xi32>, tensor<i32>) -> tensor<2x3xi32>
  %sizes = ge.const dense<[1, -1]> : tensor<2xi64>
  %1:2 = ge.split_v %0, %sizes, %dim {num_split = 2 : i64} : (tensor<2x3xi32>, tensor<2xi64>, tensor<i32>) -> (tensor<2x1xi32>, tensor<2x2xi32>)
  %2:2 = ge.unpack %a {num = 2 : i64} : (tensor<2x2xi32>) -> (tensor<2xi32>, tensor<2xi32>)
  return %0, %1#0, %1#1, %2#1 : tensor<2x3xi32>, tensor<2x1xi32>, tensor<2x2xi32>, tensor<2xi32>
}

// Negative places count from the end, negative strides walk back, masks drop
// bounds and dimensions.
// CHECK-LABEL: @strided_slice
// CHECK-NEXT: dense<{{\[\[}}5, 3], [11, 9]]> : tensor<2x2xi32>
// CHECK-NEXT: dense<[6, 7, 8, 9, 10, 11]> : tensor<6xi32>
// CHECK-NEXT: dense<{{\[\[}}4, 5], [10, 11]]> : tensor<2x2xi32>
func.func @strided_slice() -> (tensor<2x2xi32>, tensor<6xi32>, tensor<2x2xi32>) {
  %x = ge.const dense<[[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]> : tensor<2x6xi32>
  %b0 = ge.const dense<[0, -1]> : tensor<2xi64>
  %e0 = ge.const dense<[2, 1]> : tensor<2xi64>
  %s0 = ge.const dense<[1, -2]> : tensor<2xi64>
  %0 = ge.strided_slice %x, %b0, %e0, %s0 : (tensor<2x6xi32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x2xi32>
  %b1 = ge.const dense<1> : tensor<1xi64>
  %e1 = ge.const dense<2> : tensor<1xi64>
  %s1 = ge.const dense<1> : tensor<1xi64>
  %1 = ge.strided_slice %x, %b1, %e1, %s1 {shrink_axis_mask = 1 : i64} : (tensor<2x6xi32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<6xi32>
  %b2 = ge.const dense<-2> : tensor<1xi64>
  %e2 = ge.const dense<9223372036854775807> : tensor<1xi64>
  %a2 = ge.const dense<1> : tensor<1xi64>
  %2 = ge.strided_slice_v2 %x, %b2, %e2 axes(%a2) : (tensor<2x6xi32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x2xi32>
  return %0, %1, %2 : tensor<2x2xi32>, tensor<6xi32>, tensor<2x2xi32>
}

// CHECK-LABEL: @pad
// CHECK-NEXT: dense<[9, 1, 2, 3, 9, 9]> : tensor<6xi32>
// CHECK-NEXT: dense<[2, 1, 2, 3, 2, 1]> : tensor<6xi32>
// CHECK-NEXT: dense<[1, 1, 2, 3, 3, 3]> : tensor<6xi32>
// CHECK-NEXT: dense<[1, 1, 2, 3, 3, 2]> : tensor<6xi32>
// CHECK-NEXT: dense<[2, 3]> : tensor<2xi32>
func.func @pad() -> (tensor<6xi32>, tensor<6xi32>, tensor<6xi32>, tensor<6xi32>, tensor<2xi32>) {
  %x = ge.const dense<[1, 2, 3]> : tensor<3xi32>
  %p = ge.const dense<[[1, 2]]> : tensor<1x2xi64>
  %crop = ge.const dense<[[-1, 0]]> : tensor<1x2xi64>
  %v = ge.const dense<9> : tensor<i32>
  %0 = ge.pad_v3 %x, %p, %v : (tensor<3xi32>, tensor<1x2xi64>, tensor<i32>) -> tensor<6xi32>
  %1 = ge.pad_v3 %x, %p {mode = "reflect"} : (tensor<3xi32>, tensor<1x2xi64>) -> tensor<6xi32>
  %2 = ge.pad_v3 %x, %p {mode = "edge"} : (tensor<3xi32>, tensor<1x2xi64>) -> tensor<6xi32>
  %3 = ge.mirror_pad %x, %p {mode = "SYMMETRIC"} : (tensor<3xi32>, tensor<1x2xi64>) -> tensor<6xi32>
  %4 = ge.pad_v3 %x, %crop : (tensor<3xi32>, tensor<1x2xi64>) -> tensor<2xi32>
  return %0, %1, %2, %3, %4 : tensor<6xi32>, tensor<6xi32>, tensor<6xi32>, tensor<6xi32>, tensor<2xi32>
}

// CHECK-LABEL: @repeat
// CHECK-NEXT: dense<{{\[\[}}1, 2, 1, 2], [1, 2, 1, 2]]> : tensor<2x4xi32>
// CHECK-NEXT: dense<{{\[\[}}1, 2], [1, 2]]> : tensor<2x2xi32>
func.func @repeat() -> (tensor<2x4xi32>, tensor<2x2xi32>) {
  %x = ge.const dense<[1, 2]> : tensor<2xi32>
  %m = ge.const dense<[2, 2]> : tensor<2xi64>
  %s = ge.const dense<[2, 1]> : tensor<2xi64>
  %0 = ge.tile %x, %m : (tensor<2xi32>, tensor<2xi64>) -> tensor<2x4xi32>
  %1 = ge.broadcast_to %x, %s : (tensor<2xi32>, tensor<2xi64>) -> tensor<2x2xi32>
  return %0, %1 : tensor<2x4xi32>, tensor<2x2xi32>
}

// CHECK-LABEL: @reverse
// CHECK-NEXT: dense<{{\[\[}}3, 2, 1], [6, 5, 4]]> : tensor<2x3xi32>
// CHECK-NEXT: dense<{{\[\[}}2, 1, 3], [6, 5, 4]]> : tensor<2x3xi32>
func.func @reverse() -> (tensor<2x3xi32>, tensor<2x3xi32>) {
  %x = ge.const dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %axis = ge.const dense<1> : tensor<1xi64>
  %l = ge.const dense<[2, 3]> : tensor<2xi64>
  %0 = ge.reverse_v2 %x, %axis : (tensor<2x3xi32>, tensor<1xi64>) -> tensor<2x3xi32>
  %1 = ge.reverse_sequence %x, %l {seq_dim = 1 : i64} : (tensor<2x3xi32>, tensor<2xi64>) -> tensor<2x3xi32>
  return %0, %1 : tensor<2x3xi32>, tensor<2x3xi32>
}

// In DCR the block's place is the slower part of the channel, in CRD the faster;
// SpaceToDepth undoes DCR.
// CHECK-LABEL: @blocks
// CHECK-NEXT: dense<{{\[\[\[\[}}0, 2], [4, 6]], {{\[\[}}1, 3], [5, 7]]]]> : tensor<1x2x2x2xi32>
// CHECK-NEXT: dense<{{\[\[\[\[}}0, 1], [2, 3]], {{\[\[}}4, 5], [6, 7]]]]> : tensor<1x2x2x2xi32>
// CHECK-NEXT: dense<{{\[\[\[\[}}0]], {{\[\[}}1]], {{\[\[}}2]], {{\[\[}}3]], {{\[\[}}4]], {{\[\[}}5]], {{\[\[}}6]], {{\[\[}}7]]]]> : tensor<1x8x1x1xi32>
func.func @blocks() -> (tensor<1x2x2x2xi32>, tensor<1x2x2x2xi32>, tensor<1x8x1x1xi32>) {
  %x = ge.const dense<[[[[0]], [[1]], [[2]], [[3]], [[4]], [[5]], [[6]], [[7]]]]> : tensor<1x8x1x1xi32>
  %0 = ge.depth_to_space %x {block_size = 2 : i64, data_format = "NCHW"} : (tensor<1x8x1x1xi32>) -> tensor<1x2x2x2xi32>
  %1 = ge.depth_to_space %x {block_size = 2 : i64, data_format = "NCHW", mode = "CRD"} : (tensor<1x8x1x1xi32>) -> tensor<1x2x2x2xi32>
  %2 = ge.space_to_depth %0 {block_size = 2 : i64, data_format = "NCHW"} : (tensor<1x2x2x2xi32>) -> tensor<1x8x1x1xi32>
  return %0, %1, %2 : tensor<1x2x2x2xi32>, tensor<1x2x2x2xi32>, tensor<1x8x1x1xi32>
}

// CHECK-LABEL: @views
// CHECK-NEXT: dense<{{\[\[}}1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
// CHECK-NEXT: tensor<1x6x1xi32>
// CHECK-NEXT: tensor<6xi32>
func.func @views() -> (tensor<2x3xi32>, tensor<1x6x1xi32>, tensor<6xi32>) {
  %x = ge.const dense<[1, 2, 3, 4, 5, 6]> : tensor<6xi32>
  %shape = ge.const dense<[-1, 3]> : tensor<2xi64>
  %0 = ge.reshape %x, %shape : (tensor<6xi32>, tensor<2xi64>) -> tensor<2x3xi32>
  %1 = ge.unsqueeze %x {axes = array<i64: 0, 2>} : (tensor<6xi32>) -> tensor<1x6x1xi32>
  %2 = ge.squeeze %1 : (tensor<1x6x1xi32>) -> tensor<6xi32>
  return %0, %1, %2 : tensor<2x3xi32>, tensor<1x6x1xi32>, tensor<6xi32>
}

// CHECK-LABEL: @generate
// CHECK-NEXT: dense<[1, 4, 7]> : tensor<3xi64>
// CHECK-NEXT: dense<[5.000000e-01, 2.500000e-01]> : tensor<2xf32>
// CHECK-NEXT: dense<{{\[\[}}1.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 1.000000e+00, 0.000000e+00]]> : tensor<2x3xf32>
// CHECK-NEXT: dense<{{\[\[}}1, 0], [3, 4]]> : tensor<2x2xi32>
// CHECK-NEXT: dense<{{\[\[}}0, 2], [0, 0]]> : tensor<2x2xi32>
func.func @generate() -> (tensor<3xi64>, tensor<2xf32>, tensor<2x3xf32>, tensor<2x2xi32>, tensor<2x2xi32>) {
  %a = ge.const dense<1> : tensor<i64>
  %b = ge.const dense<10> : tensor<i64>
  %c = ge.const dense<3> : tensor<i64>
  %0 = ge.range %a, %b, %c : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<3xi64>
  %d = ge.const dense<0.5> : tensor<f32>
  %e = ge.const dense<0.1> : tensor<f32>
  %f = ge.const dense<-0.25> : tensor<f32>
  %1 = ge.range %d, %e, %f : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<2xf32>
  %2 = ge.eye {num_rows = 2 : i64, num_columns = 3 : i64} : tensor<2x3xf32>
  %x = ge.const dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %3 = ge.tril %x : tensor<2x2xi32>
  %4 = ge.triu %x {diagonal = 1 : i64} : tensor<2x2xi32>
  return %0, %1, %2, %3, %4 : tensor<3xi64>, tensor<2xf32>, tensor<2x3xf32>, tensor<2x2xi32>, tensor<2x2xi32>
}
