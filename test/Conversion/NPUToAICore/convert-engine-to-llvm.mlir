// RUN: ge-opt %s -convert-engine-to-llvm | FileCheck %s
// RUN: ge-opt %s -convert-engine-to-llvm=lines=true | FileCheck %s --check-prefix=LINES

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

// With lines, the first command of each block and each one from another place has a
// row; what is no letter or digit in a name is a number.
// LINES-LABEL: llvm.func @places
llvm.func @places(%event: i64, %more: i1) {
  // LINES-NEXT: llvm.inline_asm has_side_effects "0:\0A.pushsection .npu.lines\0A.quad 0b\0A.asciz \22a\\057b\\0441\22\0A.popsection", "" : () -> ()
  // LINES-NEXT: ".insn r 11, 2, 33, x0, $0, x0"
  // LINES-NEXT: ".insn r 11, 2, 33, x0, $0, x0"
  npu.engine.flag event(%event) {dst = "V", src = "MTE2", wait = 0 : i64} loc("a/b$1")
  npu.engine.flag event(%event) {dst = "V", src = "MTE2", wait = 0 : i64} loc("a/b$1")
  // LINES-NEXT: .quad 0b\0A.asciz \22c\\054d\22
  // LINES-NEXT: ".insn r 11, 2, 33, x0, $0, x0"
  npu.engine.flag event(%event) {dst = "V", src = "MTE2", wait = 0 : i64} loc(fused["c", "d"])
  // LINES-NEXT: llvm.cond_br
  llvm.cond_br %more, ^next, ^end
^next:
  // LINES: .quad 0b\0A.asciz \22c\\054d\22
  // LINES-NEXT: ".insn r 11, 2, 33, x0, $0, x0"
  npu.engine.flag event(%event) {dst = "V", src = "MTE2", wait = 0 : i64} loc(fused["c", "d"])
  // LINES: .quad 0b\0A.asciz \22model\\056mlir\\0727\22
  npu.engine.flag event(%event) {dst = "V", src = "MTE2", wait = 0 : i64} loc("/some/model.mlir":7:3)
  llvm.br ^end
^end:
  llvm.return
}
