// REQUIRES: ge-compile, ge-run
// DEFINE: %{same} = --tolerance 0.01 --expect product=%t/product.npy --expect batch=%t/batch.npy --expect image=%t/image.npy
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Host -o %t/host.om && ge-run %t/host.om --output-dir %t
// RUN: ge-compile %s --device=Ascend910B1:2 --precision_mode=force_fp16 --emit=npu -o - | FileCheck %s --check-prefix=NPU
// RUN: ge-compile %s --device=Ascend910B1 --precision_mode=force_fp16 -o %t/half.om --placement | FileCheck %s
// RUN: ge-run %t/half.om %{same}
// RUN: ge-run %t/half.om --tolerance 0.02 --expect grown=%t/grown.npy
// RUN: ge-compile %s --device=Ascend910A:1 --precision_mode=force_fp16 -o %t/old.om && ge-run %t/old.om %{same}
// RUN: ge-compile %s --device=Ascend950PR:4 --precision_mode=force_fp16 -o %t/new.om && ge-run %t/new.om %{same}
// RUN: ge-compile %s --device=Ascend910B1:4 --precision_mode=cube_fp16in_fp32out --emit=npu -o - | FileCheck %s --check-prefix=NPU
// RUN: ge-compile %s --device=Ascend910B1:4 --precision_mode=cube_fp16in_fp32out -o %t/cube.om --placement | FileCheck %s
// RUN: ge-run %t/cube.om %{same} && ge-run %t/cube.om --tolerance 0.02 --expect grown=%t/grown.npy
// RUN: ge-compile %s --device=Ascend910B1:4 --precision_mode=allow_mix_precision_bf16 -o %t/brain.om --placement | FileCheck %s
// RUN: ge-run %t/brain.om --tolerance 0.05 --expect product=%t/product.npy

// Products of a model in f32 that is compiled for f16 have operands of f16 in L0A and
// L0B, whatever their sizes; what they store is what the host computes in f32. (The sums
// of 'grown' cancel.)
// NPU-NOT: npu.{{feed|patches}} {{.*}}xf32, {{[34]}}>
// NPU-COUNT-5: npu.feed {{.*}} to {{.*}} : memref<{{.*}}xf16, 4>
// NPU-NOT: npu.{{feed|patches}} {{.*}}xf32, {{[34]}}>
// CHECK: 5 on cube
func.func @main(%x: tensor<70x41xf32> {ge.name = "x"}, %b: tensor<3x41x23xf32> {ge.name = "b"}, %i: tensor<2x3x20x18xf32> {ge.name = "i"}) -> (tensor<70x40xf32> {ge.name = "product"}, tensor<3x70x23xf32> {ge.name = "batch"}, tensor<2x24x10x9xf32> {ge.name = "image"}, tensor<2x5x20x18xf32> {ge.name = "grown"}) {
  // Weights that are all different: sines, which the compiler computes.
  %zero = ge.const dense<0.0> : tensor<f32>
  %one = ge.const dense<1.0> : tensor<f32>
  %lw = ge.const dense<1640.0> : tensor<f32>
  %rw = ge.range %zero, %lw, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<1640xf32>
  %dw = ge.const dense<[41, 40]> : tensor<2xi64>
  %sw = ge.reshape %rw, %dw : (tensor<1640xf32>, tensor<2xi64>) -> tensor<41x40xf32>
  %w = ge.sin %sw : tensor<41x40xf32>
  %lc = ge.const dense<40.0> : tensor<f32>
  %rc = ge.range %zero, %lc, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<40xf32>
  %dc = ge.const dense<[40]> : tensor<1xi64>
  %sc = ge.reshape %rc, %dc : (tensor<40xf32>, tensor<1xi64>) -> tensor<40xf32>
  %c = ge.sin %sc : tensor<40xf32>
  %lf0 = ge.const dense<540.0> : tensor<f32>
  %rf0 = ge.range %zero, %lf0, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<540xf32>
  %df0 = ge.const dense<[20, 3, 3, 3]> : tensor<4xi64>
  %sf0 = ge.reshape %rf0, %df0 : (tensor<540xf32>, tensor<4xi64>) -> tensor<20x3x3x3xf32>
  %f0 = ge.sin %sf0 : tensor<20x3x3x3xf32>
  %lb0 = ge.const dense<20.0> : tensor<f32>
  %rb0 = ge.range %zero, %lb0, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<20xf32>
  %db0 = ge.const dense<[20]> : tensor<1xi64>
  %sb0 = ge.reshape %rb0, %db0 : (tensor<20xf32>, tensor<1xi64>) -> tensor<20xf32>
  %b0 = ge.sin %sb0 : tensor<20xf32>
  %lf1 = ge.const dense<4320.0> : tensor<f32>
  %rf1 = ge.range %zero, %lf1, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<4320xf32>
  %df1 = ge.const dense<[24, 20, 3, 3]> : tensor<4xi64>
  %sf1 = ge.reshape %rf1, %df1 : (tensor<4320xf32>, tensor<4xi64>) -> tensor<24x20x3x3xf32>
  %f1 = ge.sin %sf1 : tensor<24x20x3x3xf32>
  %lf2 = ge.const dense<480.0> : tensor<f32>
  %rf2 = ge.range %zero, %lf2, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<480xf32>
  %df2 = ge.const dense<[24, 5, 2, 2]> : tensor<4xi64>
  %sf2 = ge.reshape %rf2, %df2 : (tensor<480xf32>, tensor<4xi64>) -> tensor<24x5x2x2xf32>
  %f2 = ge.sin %sf2 : tensor<24x5x2x2xf32>

  %m = ge.mat_mul_v2 %x, %w : (tensor<70x41xf32>, tensor<41x40xf32>) -> tensor<70x40xf32>
  %a = ge.add %m, %c : (tensor<70x40xf32>, tensor<40xf32>) -> tensor<70x40xf32>
  %product = ge.relu %a : tensor<70x40xf32>
  %batch = ge.batch_mat_mul_v2 %x, %b : (tensor<70x41xf32>, tensor<3x41x23xf32>) -> tensor<3x70x23xf32>
  %i0 = ge.conv2d %i, %f0 bias(%b0) {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x3x20x18xf32>, tensor<20x3x3x3xf32>, tensor<20xf32>) -> tensor<2x20x20x18xf32>
  %i1 = ge.relu %i0 : tensor<2x20x20x18xf32>
  %i2 = ge.conv2d %i1, %f1 {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 2, 2>} : (tensor<2x20x20x18xf32>, tensor<24x20x3x3xf32>) -> tensor<2x24x10x9xf32>
  %size = ge.const dense<[2, 5, 20, 18]> : tensor<4xi64>
  %i3 = ge.conv2d_transpose %size, %i2, %f2 {data_format = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<2x24x10x9xf32>, tensor<24x5x2x2xf32>) -> tensor<2x5x20x18xf32>
  return %product, %batch, %i2, %i3 : tensor<70x40xf32>, tensor<3x70x23xf32>, tensor<2x24x10x9xf32>, tensor<2x5x20x18xf32>
}
