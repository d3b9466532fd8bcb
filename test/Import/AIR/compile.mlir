// RUN: ge-translate --export-air %s -o %t.air
// RUN: ge-compile %t.air -o %t.om && ge-translate --om-to-text %t.om | FileCheck %s
// RUN: ge-translate --export-air %s --air-text -o %t.txt
// RUN: atc --model=%t.txt --framework=1 --output=%t.atc --soc_version=Host && ge-translate --om-to-text %t.atc.om | FileCheck %s
// RUN: head -c 100 %t.air > %t.cut && not ge-compile %t.cut --emit=ge -o - 2>&1 | FileCheck %s --check-prefix=ONNX
// RUN: cp %t.cut %t.cut.air && not ge-compile %t.cut.air -o %t.om 2>&1 | FileCheck %s --check-prefix=CUT

// CHECK: input "x" float32[2,4]
// CHECK: output "y" float32[2,3]
// ONNX: error: [E16001]
// CUT: error: [E13005] at byte

module @layer {
  func.func @main(%x: tensor<2x4xf32> {ge.name = "x"}) -> (tensor<2x3xf32> {ge.name = "y"}) {
    %w = ge.const dense<0.5> : tensor<4x3xf32> loc("w")
    %p = ge.mat_mul_v2 %x, %w : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32> loc("product")
    return %p : tensor<2x3xf32>
  }
}
