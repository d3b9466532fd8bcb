// REQUIRES: ge-compile
// RUN: ge-compile %s --device=Host:x86-64-v3 --emit=llvm -o - | FileCheck %s --check-prefix=LLVM
// RUN: ge-compile %s --device=Host:x86-64-v3 --emit=asm -o - | FileCheck %s --check-prefix=ASM
// RUN: ge-compile %s --device=Host:x86-64-v4 --emit=asm -o - | FileCheck %s --check-prefix=V4
// RUN: ge-compile %s --device=Host:aarch64 --emit=asm -o - | FileCheck %s --check-prefix=NEON
// RUN: ge-compile %s --device=Host:x86-64-v3 --emit=obj -o %t.so
// RUN: llvm-readelf --dyn-syms --dynamic %t.so | FileCheck %s --check-prefix=OBJ
// RUN: ge-compile %s --device=Host:x86-64-v3 --emit=obj -o %t.again.so
// RUN: cmp %t.so %t.again.so

// Every stage below kernels can be seen, for each processor. The shared object
// exports kernels and asks nobody for anything.

// LLVM: target triple = "x86_64-unknown-linux-gnu"
// LLVM: define void @matmul
// LLVM: call {{.*}}<8 x float> @llvm.fmuladd.v8f32
// ASM: vfmadd231ps {{.*}}%ymm
// V4: vfmadd231ps {{.*}}%zmm
// NEON: fmla v{{[0-9]+}}.4s

// OBJ-NOT: UND {{[a-z]}}
// OBJ: FUNC GLOBAL DEFAULT {{.*}} matmul
// OBJ-NOT: UND {{[a-z]}}
// OBJ-NOT: (NEEDED)
func.func @main(%x: tensor<12x64xf32> {ge.name = "x"}) -> (tensor<12x32xf32> {ge.name = "y"}) {
  %w = ge.const dense<0.5> : tensor<64x32xf32>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<12x64xf32>, tensor<64x32xf32>) -> tensor<12x32xf32>
  %1 = ge.relu %0 : tensor<12x32xf32>
  return %1 : tensor<12x32xf32>
}
