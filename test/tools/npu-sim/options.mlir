// REQUIRES: ge-compile
// RUN: rm -rf %t && mkdir %t && mkdir %t/folder.json
// RUN: ge-compile %s --device=Ascend910B1:1 --emit=obj -o %t/all.elf
// RUN: ge-compile %s --device=Ascend910B1:1 -o %t/model.om

// One kernel of a device binary, on the device and with the blocks that it was compiled for.
// RUN: npu-sim %t/all.elf --kernel=matmul --timing --pattern=F32:4096 --pattern=F32:4096 --buffer=16384 --print=2:F32:2 --check-races | FileCheck %s --check-prefix=KERNEL
// KERNEL: 1 cores, {{[0-9]+}} instructions, {{[0-9]+}} cycles, cube
// KERNEL-NEXT: {{^[-0-9.]+ [-0-9.]+$}}
// RUN: not npu-sim %t/all.elf 2>&1 | FileCheck %s --check-prefix=SEVERAL
// RUN: not npu-sim %t/all.elf --kernel=none 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not npu-sim %t/all.elf --kernel=elementwise 2>&1 | FileCheck %s --check-prefix=AICPU
// SEVERAL: npu-sim: error: '{{.*}}all.elf': found several kernels, expected --kernel=NAME with one of{{.*}} 'matmul'
// NONE: all.elf': found no kernel 'none', expected one of{{.*}} 'matmul'
// AICPU: all.elf': kernel 'elementwise' is one for AICPUs, which only a model can launch

// A device as JSON is one that the tools take.
// RUN: npu-sim --describe --device=Ascend310P3:2 > %t/mine.json
// RUN: npu-sim --describe --device=%t/mine.json | cmp - %t/mine.json
// RUN: ge-compile %s --device=%t/mine.json -o %t/mine.om && npu-sim %t/mine.om --timing | FileCheck %s --check-prefix=MINE
// MINE: matmul

// Open dimensions of a model's inputs are given.
// RUN: sed 's/8xi64/?xi64/g' %s > %t/any.mlir && ge-compile %t/any.mlir --device=Ascend910B1:1 -o %t/any.om
// RUN: not npu-sim %t/any.om 2>&1 | FileCheck %s --check-prefix=OPEN
// RUN: npu-sim %t/any.om --input-shape=n:5 | FileCheck %s --check-prefix=GIVEN
// OPEN: npu-sim: error: input 'n' has the dynamic shape [?]: give it by --input or --input-shape
// GIVEN: 2 launches

// What is not understood, or would be of no use, is refused.
// RUN: not npu-sim 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not npu-sim %t/all.elf --blocks=4294967297 2>&1 | FileCheck %s --check-prefix=BLOCKS
// RUN: not npu-sim %t/all.elf --arg=12x 2>&1 | FileCheck %s --check-prefix=ARG
// RUN: not npu-sim %t/all.elf --arg=-1 2>&1 | FileCheck %s --check-prefix=MINUS
// RUN: not npu-sim %t/all.elf --pattern=F64:3 2>&1 | FileCheck %s --check-prefix=PATTERN
// RUN: not npu-sim %t/all.elf --input=%t/none 2>&1 | FileCheck %s --check-prefix=INPUT
// RUN: not npu-sim %t/all.elf --arg=1 --output=0:%t/x 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not npu-sim %t/all.elf --buffer=8 --print=0:F32:3 2>&1 | FileCheck %s --check-prefix=SHORT
// RUN: not npu-sim %t/all.elf --timing=5 2>&1 | FileCheck %s --check-prefix=FLAG
// RUN: not npu-sim %t/all.elf --trace 2>&1 | FileCheck %s --check-prefix=VALUE
// RUN: not npu-sim %t/all.elf --colour=3 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not npu-sim %t/all.elf %t/model.om 2>&1 | FileCheck %s --check-prefix=TWO
// RUN: not npu-sim %t/none.elf 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not npu-sim %t 2>&1 | FileCheck %s --check-prefix=FOLDER
// RUN: not npu-sim --describe --device=%t/folder.json 2>&1 | FileCheck %s --check-prefix=FOLDER
// RUN: not npu-sim %t/model.om --device=Ascend910B2 2>&1 | FileCheck %s --check-prefix=MODEL
// RUN: not npu-sim %t/all.elf --keep=%t 2>&1 | FileCheck %s --check-prefix=KEEP
// RUN: not npu-sim %s --sweep=ub=8K --trace=%t/x 2>&1 | FileCheck %s --check-prefix=SWEEP
// RUN: not npu-sim %s --sweep=ub=8K,UB=16K 2>&1 | FileCheck %s --check-prefix=TWICE
// EMPTY: npu-sim: error: expected a kernel, a model or a model's source; see --help
// BLOCKS: --blocks: found '4294967297', expected a number from 1 to 65535
// ARG: --arg: found '12x', expected a number from 0 to 18446744073709551615
// MINUS: --arg: found '-1', expected a number
// PATTERN: --pattern: found 'F64:3', expected F16, F32, S8 or S32 and a number of them
// INPUT: cannot read '{{.*}}none': No such file or directory
// NUMBER: --output: argument 0 is no buffer
// SHORT: --print: argument 0 has 8 bytes, expected F32:3
// FLAG: --timing: found '5', expected no value
// VALUE: --trace: expected a value, as --trace=...
// UNKNOWN: unknown option '--colour'; see --help
// TWO: found '{{.*}}all.elf' and '{{.*}}model.om', expected one file
// MISSING: cannot read '{{.*}}none.elf': No such file or directory
// FOLDER: cannot read '{{.*}}': Is a directory
// MODEL: --device is an option of a kernel, but '{{.*}}model.om' is a model, with its own device
// KEEP: --keep is an option of --sweep
// SWEEP: --trace is not an option of a sweep
// TWICE: --sweep: found 'ub=8K,UB=16K', expected figures and values

// A full disk is an error, of files and of standard output.
// RUN: not npu-sim %t/model.om --json=/dev/full 2>&1 | FileCheck %s --check-prefix=FULL
// RUN: not npu-sim %t/model.om --trace=/dev/full 2>&1 | FileCheck %s --check-prefix=FULL
// RUN: not npu-sim %t/all.elf --kernel=matmul --pattern=F32:4096 --pattern=F32:4096 --buffer=16384 --timeline=/dev/full 2>&1 | FileCheck %s --check-prefix=FULL
// RUN: not npu-sim %t/all.elf --kernel=matmul --pattern=F32:4096 --pattern=F32:4096 --buffer=16384 --output=2:/dev/full 2>&1 | FileCheck %s --check-prefix=FULL
// RUN: not npu-sim --describe 2>&1 > /dev/full | FileCheck %s --check-prefix=OUTPUT
// RUN: not npu-objdump %t/all.elf 2>&1 > /dev/full | FileCheck %s --check-prefix=OUTPUT
// RUN: not ge-run %t/model.om 2>&1 > /dev/full | FileCheck %s --check-prefix=OUTPUT
// RUN: not ge-compile %s --device=Ascend910B1:1 -o %t/again.om --placement 2>&1 > /dev/full | FileCheck %s --check-prefix=OUTPUT
// FULL: error: cannot write '/dev/full': No space left on device
// OUTPUT: error: cannot write standard output: No space left on device
func.func @main(%x: tensor<64x64xf32> {ge.name = "x"}, %y: tensor<64x64xf32> {ge.name = "y"}, %n: tensor<8xi64> {ge.name = "n"}) -> (tensor<64x64xf32>, tensor<8xi64>) {
  %0 = ge.mat_mul_v2 %x, %y : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
  %1 = ge.add %n, %n : (tensor<8xi64>, tensor<8xi64>) -> tensor<8xi64>
  return %0, %1 : tensor<64x64xf32>, tensor<8xi64>
}
