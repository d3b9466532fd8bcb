// RUN: ge-opt %s -split-input-file -verify-diagnostics | ge-opt -split-input-file | FileCheck %s

// Commands read back as they are written: registers' fields are operands, the word's attributes.
// CHECK-LABEL: llvm.func @commands
llvm.func @commands(%x: i64) {
  // CHECK: npu.engine.flag event(%{{.*}}) {dst = "V", src = "MTE2", wait = 0 : i64}
  npu.engine.flag event(%x) {dst = "V", src = "MTE2", wait = 0 : i64}
  // CHECK: %{{.*}} = npu.engine.get index(%{{.*}}) {what = 0 : i64}
  %0 = npu.engine.get index(%x) {what = 0 : i64}
  // CHECK: npu.engine.v.unary dst({{.*}}) src({{.*}}) rows({{.*}}) cols({{.*}}) dPitch({{.*}}) sPitch({{.*}}) {element_type = "f32", op = "exp"}
  npu.engine.v.unary dst(%x) src(%0) rows(%x) cols(%x) dPitch(%x) sPitch(%x) {op = "exp", element_type = "f32"}
  llvm.return
}

// -----

llvm.func @queue(%x: i64) {
  // expected-error@+1 {{expects a name that the field 'dst' has, but got "W"}}
  npu.engine.flag event(%x) {dst = "W", src = "MTE2", wait = 0 : i64}
  llvm.return
}

// -----

llvm.func @width(%x: i64) {
  // expected-error@+1 {{expects 'wait' to fit 1 bits, but got 2}}
  npu.engine.flag event(%x) {dst = "V", src = "MTE2", wait = 2 : i64}
  llvm.return
}

// -----

llvm.func @constant(%x: i64) {
  %large = arith.constant 70000 : i64
  // expected-error@+1 {{expects 'cols' to fit 16 bits, but got 70000}}
  npu.engine.v.unary dst(%x) src(%x) rows(%x) cols(%large) dPitch(%x) sPitch(%x) {op = "exp", element_type = "f32"}
  llvm.return
}

// -----

// CHECK-LABEL: npu.kernel @local
npu.kernel @local(%x: memref<64xf32>, %y: memref<64xf32>) {
  // CHECK: npu.local : memref<64xf32, 1>
  %a = npu.local : memref<64xf32, 1>
  npu.move %x to %a : memref<64xf32>, memref<64xf32, 1>
  // CHECK: npu.vector "unary.neg" ins(%{{.*}} : memref<64xf32, 1>) outs(%{{.*}} : memref<64xf32, 1>)
  npu.vector "unary.neg" ins(%a : memref<64xf32, 1>) outs(%a : memref<64xf32, 1>)
  npu.move %a to %y : memref<64xf32, 1>, memref<64xf32>
  npu.return
}

// -----

npu.kernel @function(%x: memref<64xf32>) {
  %a = npu.local : memref<64xf32, 1>
  // expected-error@+1 {{expects a family and a member of it, but got 'unary.half'}}
  npu.vector "unary.half" ins(%a : memref<64xf32, 1>) outs(%a : memref<64xf32, 1>)
  npu.return
}

// -----

npu.kernel @slot(%x: memref<64xf32>) {
  // expected-error@+1 {{expects a slot that chooses one of 2 copies}}
  %a = npu.local {copies = 2 : i64} : memref<64xf32, 1>
  npu.return
}

// -----

npu.kernel @space(%x: memref<64xf32>) {
  // expected-error@+1 {{expects a buffer of static shape in a local memory, but got 'memref<64xf32>'}}
  %a = npu.local : memref<64xf32>
  npu.return
}
