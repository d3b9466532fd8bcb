// REQUIRES: ge-compile
// RUN: rm -rf %t && mkdir %t
// RUN: split-file %s %t
// RUN: ge-compile %t/large.mlir --device=Ascend910B1 -o %t/large.om && npu-sim %t/large.om --timing --no-payload | FileCheck %s --check-prefix=LARGE
// RUN: ge-compile %t/factors.mlir --device=Ascend910B1 -o %t/factors.om && npu-sim %t/factors.om --timing --no-payload | FileCheck %s --check-prefix=LARGE
// RUN: ge-compile %t/deep.mlir --device=Ascend910B1 -o %t/deep.om && npu-sim %t/deep.om --timing --no-payload | FileCheck %s --check-prefix=DEEP
// RUN: ge-compile %t/image.mlir --device=Ascend910B1 -o %t/image.om && npu-sim %t/image.om --timing --no-payload | FileCheck %s --check-prefix=IMAGE

// How much of the time models in f16 use all cubes, launch included.
// LARGE: cube 24 {{8[2-9]|9[0-9]}}.{{[0-9]}} {{.*}}matmul
// DEEP: cube 24 {{5[5-9]|[6-9][0-9]}}.{{[0-9]}} {{.*}}matmul
// IMAGE: cube 24 {{8[0-9]|9[0-9]}}.{{[0-9]}} {{.*}}conv

//--- large.mlir
func.func @main(%x: tensor<3072x3072xf16> {ge.name = "x"}) -> (tensor<3072x3072xf16> {ge.name = "y"}) {
  %w = ge.const dense<0.5> : tensor<3072x3072xf16>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<3072x3072xf16>, tensor<3072x3072xf16>) -> tensor<3072x3072xf16>
  return %0 : tensor<3072x3072xf16>
}

//--- factors.mlir
func.func @main(%x: tensor<6144x6144xf16> {ge.name = "x"}, %w: tensor<6144x6144xf16> {ge.name = "w"}) -> (tensor<6144x6144xf16> {ge.name = "y"}) {
  %0 = ge.mat_mul_v2 %x, %w : (tensor<6144x6144xf16>, tensor<6144x6144xf16>) -> tensor<6144x6144xf16>
  return %0 : tensor<6144x6144xf16>
}

//--- deep.mlir
func.func @main(%x: tensor<1024x6144xf16> {ge.name = "x"}) -> (tensor<1024x576xf16> {ge.name = "y"}) {
  %w = ge.const dense<0.5> : tensor<6144x576xf16>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<1024x6144xf16>, tensor<6144x576xf16>) -> tensor<1024x576xf16>
  return %0 : tensor<1024x576xf16>
}

//--- image.mlir
func.func @main(%x: tensor<4x256x12x64xf16> {ge.name = "x"}) -> (tensor<4x3072x12x64xf16> {ge.name = "y"}) {
  %w = ge.const dense<0.5> : tensor<3072x256x3x3xf16>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<4x256x12x64xf16>, tensor<3072x256x3x3xf16>) -> tensor<4x3072x12x64xf16>
  return %0 : tensor<4x3072x12x64xf16>
}
