// REQUIRES: ge-compile
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Ascend910B1:1 -o %t/model.om && ge-compile %s -o %t/host.om
// RUN: ge-compile %s --device=Ascend910B1:1 --emit=obj -o %t/model.elf

// The binary of a model is printed as it is alone: device, kernels, code, and the lines
// of the model that it comes from.
// RUN: npu-objdump %t/model.om | FileCheck %s
// RUN: npu-objdump %t/model.elf > %t/alone && npu-objdump %t/model.om | tail -n +2 | cmp - %t/alone
// CHECK: ge_mlir.aicore
// CHECK-NEXT: device Ascend910B1:1
// CHECK-NEXT: kernels
// CHECK-NEXT: vector [[KERNEL:[a-z]+]] at 0x
// CHECK: ; model.mlir:[[#@LINE + 19]]
// CHECK: v.unary.exp

// RUN: npu-objdump --target %t/model.om > %t/device.json
// RUN: npu-sim --describe --device=Ascend910B1:1 | cmp - %t/device.json

// RUN: not npu-objdump %t/host.om 2>&1 | FileCheck %s --check-prefix=HOST
// RUN: not npu-objdump %s 2>&1 | FileCheck %s --check-prefix=TEXT
// RUN: not npu-objdump %t/none 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not npu-objdump %t 2>&1 | FileCheck %s --check-prefix=FOLDER
// RUN: not npu-objdump --colour 2>&1 | FileCheck %s --check-prefix=OPTION
// RUN: not npu-objdump 2>&1 | FileCheck %s --check-prefix=EMPTY
// HOST: npu-objdump: error: '{{.*}}host.om' is a model for the host, expected one for an NPU
// TEXT: npu-objdump: error: '{{.*}}model.mlir': found no ELF magic, expected an ELF file
// NONE: npu-objdump: error: cannot read '{{.*}}none': No such file or directory
// FOLDER: npu-objdump: error: cannot read '{{.*}}': Is a directory
// OPTION: npu-objdump: error: unknown option '--colour'; see --help
// EMPTY: npu-objdump: error: expected a kernel or a model; see --help
func.func @main(%x: tensor<64x64xf32> {ge.name = "x"}) -> (tensor<64x64xf32> {ge.name = "y"}) {
  %0 = ge.exp %x : tensor<64x64xf32>
  return %0 : tensor<64x64xf32>
}
