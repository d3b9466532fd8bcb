// RUN: ge-opt %s -convert-ge-to-linalg=device=Ascend910B1 | FileCheck %s --check-prefixes=CHECK,CUBE
// RUN: ge-opt %s -convert-ge-to-linalg=device=Host:x86-64-v3 | FileCheck %s --check-prefixes=CHECK,WIDE

// A device whose cube multiplies f16 and bf16 gets such operands as they are, other
// devices f32. Accumulators are f32, and what is stored is rounded once.

// CHECK-LABEL: func.func @half
func.func @half(%x: tensor<5x8xf16>, %w: tensor<8x20xf16>) -> tensor<5x20xf16> {
  // CUBE-NOT: arith.extf
  // CUBE: npu.pack_panels %{{.*}} kn {n0 = 16 : i64} : tensor<8x20xf16> -> tensor<2x8x16xf16>
  // CUBE: npu.mmad ins(%{{.*}}, %{{.*}} : tensor<5x8xf16>, tensor<2x8x16xf16>) outs(%{{.*}} : tensor<5x20xf16>)
  // WIDE: npu.mmad ins(%{{.*}}, %{{.*}} : tensor<5x8xf32>, tensor<2x8x16xf32>) outs(%{{.*}} : tensor<5x20xf16>)
  // CHECK-NEXT: ^bb0(%[[ACC:.*]]: f32):
  // CHECK-NEXT: arith.truncf %[[ACC]] : f32 to f16
  %0 = ge.mat_mul_v2 %x, %w : (tensor<5x8xf16>, tensor<8x20xf16>) -> tensor<5x20xf16>
  return %0 : tensor<5x20xf16>
}

// CHECK-LABEL: func.func @attention
func.func @attention(%q: tensor<1x2x7x8xf16>, %k: tensor<1x2x9x8xf16>) -> tensor<1x2x7x8xf16> {
  // CUBE: npu.attention ins({{.*}} : tensor<1x2x7x8xf16>, tensor<1x2x9x8xf16>, tensor<1x2x9x8xf16>) outs({{.*}} : tensor<1x2x7x8xf16>)
  // WIDE: npu.attention ins({{.*}} : tensor<1x2x7x8xf32>, tensor<1x2x9x8xf32>, tensor<1x2x9x8xf32>) outs({{.*}} : tensor<1x2x7x8xf32>)
  %0 = ge.prompt_flash_attention %q, %k, %k {num_heads = 2 : i64, input_layout = "BNSD", scale_value = 0.5 : f32} : (tensor<1x2x7x8xf16>, tensor<1x2x9x8xf16>, tensor<1x2x9x8xf16>) -> tensor<1x2x7x8xf16>
  return %0 : tensor<1x2x7x8xf16>
}

// CHECK-LABEL: func.func @image
func.func @image(%x: tensor<1x3x8x8xbf16>, %w: tensor<20x3x3x3xbf16>) -> tensor<1x20x8x8xbf16> {
  // CUBE: npu.im2col {{.*}} : tensor<1x3x8x8xbf16> -> !npu.matrix<64x27xbf16>
  // CUBE: npu.mmad ins(%{{.*}}, %{{.*}} : !npu.matrix<64x27xbf16>, tensor<2x27x16xbf16>)
  // WIDE: npu.im2col {{.*}} : tensor<1x3x8x8xf32> -> !npu.matrix<64x27xf32>
  // CHECK: arith.truncf %{{.*}} : f32 to bf16
  %0 = ge.conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x3x8x8xbf16>, tensor<20x3x3x3xbf16>) -> tensor<1x20x8x8xbf16>
  return %0 : tensor<1x20x8x8xbf16>
}
