// REQUIRES: ge-compile
// RUN: ge-compile %s --device=Ascend910B1 --emit=llvm -o - | FileCheck %s --check-prefix=LLVM
// RUN: ge-compile %s --soc_version=Ascend910B1 --emit=asm -o - | FileCheck %s --check-prefix=ASM
// RUN: ge-compile %s --device=Ascend910B1 --emit=obj -o %t.elf
// RUN: llvm-readelf --headers --symbols %t.elf | FileCheck %s --check-prefix=ELF
// RUN: npu-objdump %t.elf | FileCheck %s --check-prefix=DUMP
// RUN: ge-compile %s --device=Ascend910B1 --emit=obj -o %t.again.elf
// RUN: cmp %t.elf %t.again.elf
// RUN: ge-compile %s --device=Ascend910B1 -o %t.om --placement | FileCheck %s --check-prefix=TEXT
// RUN: ge-compile %s --device=Ascend910B1 -o %t.om --placement=json | FileCheck %s --check-prefix=JSON

// The device binary of an NPU is a static file that needs nothing else and lists
// its kernels.

// LLVM: target triple = "riscv64-unknown-elf"
// LLVM: define void @rows(
// ASM: rows:
// ASM: fsd
// ASM-NOT: {{call|tail}} {{(exp|memcpy)}}

// ELF: Class:{{ *}}ELF64
// ELF: Type:{{ *}}EXEC
// ELF: Machine:{{ *}}RISC-V
// ELF: Flags:{{.*}}double-float ABI
// ELF: .npu.kernels PROGBITS {{.*}} A
// ELF: .npu.target PROGBITS
// ELF-NOT: .dynamic
// ELF: FUNC GLOBAL DEFAULT {{.*}} rows

// DUMP: kernels
// DUMP-NEXT: {{ *}}aicpu rows at 0x
// DUMP: rows:
// DUMP-NEXT: ; {{.*}}:{{[0-9]+}}

// TEXT: {{.*}}.mlir: 1 kernels, 1 on aicpu
// TEXT-NEXT: aicpu rows, {{.*}}elements of a type that no engine has
// JSON: "kernel": "rows"
// JSON: "reason": "{{.*}}elements of a type that no engine has
// JSON: "unit": "aicpu"
func.func @main(%x: tensor<12x64xf64> {ge.name = "x"}) -> (tensor<12x64xf64> {ge.name = "y"}) {
  %0 = ge.softmax_v2 %x {axes = array<i64: -1>} : tensor<12x64xf64>
  return %0 : tensor<12x64xf64>
}
