// REQUIRES: ge-compile, ge-run
// DEFINE: %{same} = --expect groups=%t/groups.npy --expect rows=%t/rows.npy --expect columns=%t/columns.npy --expect sums=%t/sums.npy
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Host -o %t/host.om && ge-run %t/host.om --output-dir %t
// RUN: ge-compile %s --device=Ascend910B1 -o %t/24.om --placement | FileCheck %s
// RUN: ge-run %t/24.om %{same}
// RUN: ge-compile %s --device=Ascend910B1:4 -o %t/4.om && ge-run %t/4.om %{same}
// RUN: ge-compile %s --device=Ascend910B1:1 -o %t/1.om && ge-run %t/1.om %{same}
// RUN: ge-compile %s --device=Ascend310P3 -o %t/old.om && ge-run %t/old.om %{same}

// Groups of fewer channels than a block, with a filter whose numbers all differ, right
// operands that are inputs, by rows and by columns, and bytes: the same as on the host,
// and nothing of it on an AICPU.
// CHECK-NOT: on aicpu
// CHECK: 4 on cube
// CHECK-NOT: aicpu
func.func @main(%x: tensor<2x32x9x11xf32> {ge.name = "x"}, %a: tensor<2x50x41xf32> {ge.name = "a"}, %b: tensor<2x41x28xf32> {ge.name = "b"}, %c: tensor<2x23x41xf32> {ge.name = "c"}, %i: tensor<50x72xui8> {ge.name = "i"}, %e: tensor<40xi32> {ge.name = "e"}) -> (tensor<2x48x9x11xf32> {ge.name = "groups"}, tensor<2x50x28xf32> {ge.name = "rows"}, tensor<2x50x23xf32> {ge.name = "columns"}, tensor<50x40xi32> {ge.name = "sums"}) {
  %zero = ge.const dense<0.0> : tensor<f32>
  %one = ge.const dense<1.0> : tensor<f32>
  %l = ge.const dense<3456.0> : tensor<f32>
  %r = ge.range %zero, %l, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<3456xf32>
  %d = ge.const dense<[48, 8, 3, 3]> : tensor<4xi64>
  %s = ge.reshape %r, %d : (tensor<3456xf32>, tensor<4xi64>) -> tensor<48x8x3x3xf32>
  %f = ge.sin %s : tensor<48x8x3x3xf32>
  %g = ge.conv2d %x, %f {data_format = "NCHW", groups = 4 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<2x32x9x11xf32>, tensor<48x8x3x3xf32>) -> tensor<2x48x9x11xf32>
  %m = ge.batch_mat_mul_v2 %a, %b : (tensor<2x50x41xf32>, tensor<2x41x28xf32>) -> tensor<2x50x28xf32>
  %n = ge.batch_mat_mul_v2 %a, %c {adj_x2 = true} : (tensor<2x50x41xf32>, tensor<2x23x41xf32>) -> tensor<2x50x23xf32>
  %lw = ge.const dense<2880.0> : tensor<f32>
  %rw = ge.range %zero, %lw, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<2880xf32>
  %dw = ge.const dense<[72, 40]> : tensor<2xi64>
  %sw = ge.reshape %rw, %dw : (tensor<2880xf32>, tensor<2xi64>) -> tensor<72x40xf32>
  %w = ge.sin %sw : tensor<72x40xf32>
  %k = ge.const dense<100.0> : tensor<f32>
  %q = ge.mul %w, %k : (tensor<72x40xf32>, tensor<f32>) -> tensor<72x40xf32>
  %y = ge.cast %q {dst_type = i8} : (tensor<72x40xf32>) -> tensor<72x40xi8>
  %t = ge.mat_mul_v2 %i, %y bias(%e) : (tensor<50x72xui8>, tensor<72x40xi8>, tensor<40xi32>) -> tensor<50x40xi32>
  return %g, %m, %n, %t : tensor<2x48x9x11xf32>, tensor<2x50x28xf32>, tensor<2x50x23xf32>, tensor<50x40xi32>
}
