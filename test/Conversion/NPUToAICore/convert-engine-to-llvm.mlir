// RUN: ge-opt %s -convert-engine-to-llvm | FileCheck %s

// A command is one word; what is zero is register x0, and parameters are set where
// they are not known to hold the value.
// CHECK-LABEL: llvm.func @words
llvm.func @words(%dst: i64, %src: i64, %event: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %bytes = arith.constant 1024 : i64
  // CHECK: llvm.inline_asm has_side_effects ".insn r 11, 0, 0, x0, $0, x0", "r,~{memory}"
  // CHECK: llvm.inline_asm has_side_effects ".insn r 11, 0, 1, x0, $0, x0", "r,~{memory}"
  // CHECK: llvm.inline_asm has_side_effects ".insn r 43, 4, 0, x0, $0, $1", "r,r,~{memory}" %arg0, %arg1
  npu.engine.dma.in dst(%dst) src(%src) rowBytes(%bytes) rows(%one) srcPitch(%zero) dstPitch(%zero) planes(%one) srcPlane(%zero) dstPlane(%zero) pad(%zero)
  // CHECK-NEXT: llvm.inline_asm has_side_effects ".insn r 43, 4, 0, x0, $0, $1", "r,r,~{memory}" %arg1, %arg0
  npu.engine.dma.in dst(%src) src(%dst) rowBytes(%bytes) rows(%one) srcPitch(%zero) dstPitch(%zero) planes(%one) srcPlane(%zero) dstPlane(%zero) pad(%zero)
  // CHECK-NEXT: llvm.inline_asm has_side_effects ".insn r 11, 2, 33, x0, $0, x0", "r,~{memory}" %arg2
  npu.engine.flag event(%event) {dst = "V", src = "MTE2", wait = 0 : i64}
  // CHECK-NEXT: %{{.*}} = llvm.inline_asm has_side_effects ".insn r 11, 1, 1, $0, x0, x0", "=r,~{memory}"
  %0 = npu.engine.get index(%zero) {what = 1 : i64}
  llvm.return
}
