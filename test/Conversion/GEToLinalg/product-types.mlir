// RUN: ge-opt %s -convert-ge-to-linalg=device=Ascend910B1 | FileCheck %s --check-prefixes=CHECK,CUBE
// RUN: ge-opt %s -convert-ge-to-linalg=device=Host:x86-64-v3 | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: ge-opt %s -convert-ge-to-linalg="device=Ascend910B1 cube-type=f16" -cse | FileCheck %s --check-prefixes=CHECK,CUBE,SHORT
// RUN: ge-opt %s -convert-ge-to-linalg="device=Host:x86-64-v3 cube-type=f16" | FileCheck %s --check-prefixes=CHECK,WIDE,KEPT
// RUN: ge-opt %s -convert-ge-to-linalg=device=Ascend910B1 | FileCheck %s --check-prefix=KEPT
// RUN: not ge-opt %s -convert-ge-to-linalg="device=Ascend910B1 cube-type=f8" 2>&1 | FileCheck %s --check-prefix=BAD

// BAD: error: cube type 'f8' is not supported, expected f16

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

// With cube-type, operands of f32 are rounded, constants at compile time: what f16
// has not is its largest number then, but not what is infinite. Sums, biases and
// results stay f32. A device without that product keeps all as it is.
// SHORT-LABEL: func.func @wide
// KEPT-LABEL: func.func @wide
func.func @wide(%x: tensor<5x3xf32>) -> tensor<5x2xf32> {
  // SHORT-DAG: arith.constant dense<{{\[\[}}6.550400e+04, 1.000000e+00], [-6.550400e+04, 0xFC00], [2.000000e+00, 3.000000e+00]]> : tensor<3x2xf16>
  // SHORT-DAG: arith.truncf %{{.*}} : f32 to f16
  // SHORT: npu.mmad ins(%{{.*}}, %{{.*}} : tensor<5x3xf16>, tensor<1x3x16xf16>) epilogue(%{{.*}} : tensor<2xf32>) outs(%{{.*}} : tensor<5x2xf32>)
  // SHORT-NOT: arith.truncf
  // KEPT: npu.mmad ins(%{{.*}}, %{{.*}} : tensor<5x3xf32>, tensor<1x3x16xf32>)
  %w = ge.const dense<[[1.0e9, 1.0], [-1.0e9, 0xFF800000], [2.0, 3.0]]> : tensor<3x2xf32>
  %b = ge.const dense<[1.0e9, 1.0]> : tensor<2xf32>
  %0 = ge.mat_mul_v2 %x, %w bias(%b) : (tensor<5x3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<5x2xf32>
  return %0 : tensor<5x2xf32>
}

// SHORT-LABEL: func.func @wide_attention
func.func @wide_attention(%q: tensor<1x2x7x8xf32>, %k: tensor<1x2x9x8xf32>, %m: tensor<1x1x7x9xf32>) -> tensor<1x2x7x8xf32> {
  // SHORT: npu.attention ins({{.*}} : tensor<1x2x7x8xf16>, tensor<1x2x9x8xf16>, tensor<1x2x9x8xf16>) mask({{.*}} : tensor<1x1x9x7xf32>)
  %0 = ge.prompt_flash_attention %q, %k, %k shift(%m) {num_heads = 2 : i64, input_layout = "BNSD", scale_value = 0.5 : f32} : (tensor<1x2x7x8xf32>, tensor<1x2x9x8xf32>, tensor<1x2x9x8xf32>, tensor<1x1x7x9xf32>) -> tensor<1x2x7x8xf32>
  return %0 : tensor<1x2x7x8xf32>
}

// What is looked at in two shapes is converted once, before; what an attention gave in
// f16 not at all.
// SHORT-LABEL: func.func @views
func.func @views(%x: tensor<1x7x16xf32>, %w: tensor<16x4xf32>) -> (tensor<7x4xf32>, tensor<7x4xf32>) {
  // SHORT: %[[X:.*]] = linalg.generic {{.*}} ins(%arg0 : tensor<1x7x16xf32>) outs(%{{.*}} : tensor<1x7x16xf16>)
  // SHORT: %[[HEADS:.*]] = tensor.expand_shape %[[X]] {{.*}} : tensor<1x7x16xf16> into tensor<1x7x2x8xf16>
  // SHORT: %[[Y:.*]] = npu.attention ins(%[[HEADS]], %[[HEADS]], %[[HEADS]] : {{.*}}) outs(
  // SHORT: %[[ROWS:.*]] = tensor.collapse_shape %[[Y]] {{.*}} into tensor<7x16xf16>
  // SHORT: npu.mmad ins(%[[ROWS]],
  %heads = ge.const dense<[1, 7, 2, 8]> : tensor<4xi64>
  %rows = ge.const dense<[7, 16]> : tensor<2xi64>
  %0 = ge.reshape %x, %heads : (tensor<1x7x16xf32>, tensor<4xi64>) -> tensor<1x7x2x8xf32>
  %1 = ge.prompt_flash_attention %0, %0, %0 {num_heads = 2 : i64, input_layout = "BSND", scale_value = 0.5 : f32} : (tensor<1x7x2x8xf32>, tensor<1x7x2x8xf32>, tensor<1x7x2x8xf32>) -> tensor<1x7x2x8xf32>
  %2 = ge.reshape %1, %rows : (tensor<1x7x2x8xf32>, tensor<2xi64>) -> tensor<7x16xf32>
  %3 = ge.mat_mul_v2 %2, %w : (tensor<7x16xf32>, tensor<16x4xf32>) -> tensor<7x4xf32>
  %4 = ge.reshape %x, %rows : (tensor<1x7x16xf32>, tensor<2xi64>) -> tensor<7x16xf32>
  %5 = ge.mat_mul_v2 %4, %w : (tensor<7x16xf32>, tensor<16x4xf32>) -> tensor<7x4xf32>
  return %3, %5 : tensor<7x4xf32>, tensor<7x4xf32>
}

// Depthwise convolutions are none of the cube's.
// SHORT-LABEL: func.func @depthwise
func.func @depthwise(%x: tensor<1x16x8x8xf32>, %w: tensor<16x1x3x3xf32>) -> tensor<1x16x8x8xf32> {
  // SHORT-NOT: xf16
  // SHORT: npu.depthwise
  // SHORT-NOT: xf16
  %0 = ge.depthwise_conv2d %x, %w {data_format = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x16x8x8xf32>, tensor<16x1x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}

// Bytes are an image [H, W, C], around which lies what stands for zero, by rows of bytes;
// what each sum has too much, the bias takes away. One place is a matrix. Devices without
// that product take it away from each element.
// CHECK-LABEL: func.func @bytes
func.func @bytes(%x: tensor<1x8x8x5xui8>) -> (tensor<1x8x8x20xi32>, tensor<1x8x8x20xi32>) {
  // CUBE-DAG: %[[W:.*]] = arith.constant dense<2> : tensor<20x45xi8>
  // CUBE-DAG: %[[A:.*]] = npu.im2col {{.*}}pad_value = 7 : i64{{.*}} : tensor<1x1x8x8x5xi8> -> !npu.matrix<64x45xi8>
  // CUBE-DAG: %[[B:.*]] = arith.constant dense<-629> : tensor<20xi32>
  // CUBE: npu.mmad ins(%[[A]], %[[W]] : !npu.matrix<64x45xi8>, tensor<20x45xi8>) epilogue(%[[B]] : tensor<20xi32>) {{.*}}order = #npu<panel_order nk>, unsigned_lhs
  // CUBE: npu.mmad ins(%{{.*}}, %{{.*}} : tensor<64x5xi8>, tensor<20x5xi8>)
  // WIDE: arith.extui %{{.*}} : i8 to i32
  // WIDE: arith.subi
  // WIDE: arith.muli
  %w = ge.const dense<2> : tensor<3x3x5x20xi8>
  %b = ge.const dense<1> : tensor<20xi32>
  %v = ge.const dense<3> : tensor<1x1x5x20xi8>
  %0 = ge.conv2d %x, %w bias(%b) {data_format = "NHWC", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1, 1, 1>, offset_x = 7 : i64} : (tensor<1x8x8x5xui8>, tensor<3x3x5x20xi8>, tensor<20xi32>) -> tensor<1x8x8x20xi32>
  %1 = ge.conv2d %x, %v {data_format = "NHWC", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1, 1, 1>} : (tensor<1x8x8x5xui8>, tensor<1x1x5x20xi8>) -> tensor<1x8x8x20xi32>
  return %0, %1 : tensor<1x8x8x20xi32>, tensor<1x8x8x20xi32>
}
