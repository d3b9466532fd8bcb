// The passes keep what a function computes, bit for bit where the arithmetic is
// exact: values and weights here are small multiples of powers of two.
//
// RUN: ge-eval %s --input=iota --output=%t.expected.npy
// RUN: ge-opt %s -ge-decompose -ge-fuse-conv-bias-bn | ge-eval - --input=iota --output=%t.fused.npy
// RUN: cmp %t.expected.npy %t.fused.npy
// RUN: ge-opt %s -ge-assign-formats | ge-eval - --input=iota --output=%t.formats.npy
// RUN: cmp %t.expected.npy %t.formats.npy
// RUN: ge-opt %s -ge-assign-formats=c0=4 | ge-eval - --input=iota --output=%t.formats4.npy
// RUN: cmp %t.expected.npy %t.formats4.npy
// RUN: ge-opt %s -pass-pipeline="builtin.module(ge-pipeline)" -o %t.all.mlir
// RUN: ge-eval %t.all.mlir --input=iota --output=%t.all.npy
// RUN: cmp %t.expected.npy %t.all.npy
// RUN: FileCheck %s < %t.all.mlir

// All arithmetic per channel went into the convolutions.
// CHECK-NOT: ge.batch_norm
// CHECK-COUNT-3: conv2d
// CHECK-NOT: ge.sub
// CHECK: ge.global_average_pool

func.func @main(%x: tensor<2x3x6x5xf32>) -> tensor<2x6xf32> {
  %w0 = ge.const dense<0.5> : tensor<6x3x3x3xf32>
  %b0 = ge.const dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf32>
  %0 = ge.conv2d %x, %w0 bias(%b0) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<2x3x6x5xf32>, tensor<6x3x3x3xf32>, tensor<6xf32>) -> tensor<2x6x6x5xf32>
  %scale = ge.const dense<[2.0, 4.0, 2.0, 4.0, 2.0, 4.0]> : tensor<6xf32>
  %offset = ge.const dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<6xf32>
  %mean = ge.const dense<[1.0, 1.0, 2.0, 2.0, 4.0, 4.0]> : tensor<6xf32>
  %variance = ge.const dense<[3.0, 15.0, 3.0, 15.0, 3.0, 15.0]> : tensor<6xf32>
  %1:6 = ge.batch_norm %0, %scale, %offset mean(%mean) variance(%variance) {data_format = "NCHW", epsilon = 1.0 : f32,
      is_training = false} : (tensor<2x6x6x5xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) ->
      (tensor<2x6x6x5xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>)
  %2 = ge.relu %1#0 : tensor<2x6x6x5xf32>
  %w1 = ge.const dense<0.25> : tensor<6x1x3x3xf32>
  %3 = ge.depthwise_conv2d %2, %w1 {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} :
      (tensor<2x6x6x5xf32>, tensor<6x1x3x3xf32>) -> tensor<2x6x3x3xf32>
  %shift = ge.const dense<[[[1.0]], [[2.0]], [[3.0]], [[4.0]], [[5.0]], [[6.0]]]> : tensor<6x1x1xf32>
  %4 = ge.sub %3, %shift : (tensor<2x6x3x3xf32>, tensor<6x1x1xf32>) -> tensor<2x6x3x3xf32>
  %w2 = ge.const dense<0.5> : tensor<6x6x1x1xf32>
  %5 = ge.conv2d %4, %w2 {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<2x6x3x3xf32>, tensor<6x6x1x1xf32>) -> tensor<2x6x3x3xf32>
  %6 = ge.add %5, %4 : tensor<2x6x3x3xf32>
  %7 = ge.max_pool_v3 %6 {ksize = array<i64: 1, 1, 2, 2>, strides = array<i64: 1, 1, 1, 1>} :
      (tensor<2x6x3x3xf32>) -> tensor<2x6x2x2xf32>
  %8 = ge.global_average_pool %7 : (tensor<2x6x2x2xf32>) -> tensor<2x6x1x1xf32>
  %9 = ge.squeeze %8 {axis = array<i64: 2, 3>} : (tensor<2x6x1x1xf32>) -> tensor<2x6xf32>
  return %9 : tensor<2x6xf32>
}
