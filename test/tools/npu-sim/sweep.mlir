// REQUIRES: ge-compile
// RUN: rm -rf %t && mkdir %t

// A row for the device as it is, one for each combination. What the softmax's rows
// need is known: with 8 KiB of UB they do not fit, and an AICPU computes it.
// RUN: npu-sim %s --device=Ascend910B1:1 --sweep=ub=8K:192K,gm-l1=32:256 --json=%t/table.json --keep=%t | FileCheck %s
// RUN: %python %S/Inputs/check_sweep.py %t/table.json | FileCheck %s --check-prefix=JSON

// CHECK: ub gm-l1 cycles change cube% vec% read MB written MB on AICPU
// CHECK-NEXT: - - [[#%u,BASE:]] +0.0% {{.*}} 0{{$}}
// CHECK-NEXT: 8K 32 {{.*}} 0.0 {{[0-9.]+ +[0-9.]+}} 1{{$}}
// CHECK-NEXT: 8K 256 {{.*}} 0.0 {{[0-9.]+ +[0-9.]+}} 1{{$}}
// CHECK-NEXT: 192K 32 {{.*}} 0{{$}}
// CHECK-NEXT: 192K 256 [[#BASE]] +0.0% {{.*}} 0{{$}}

// JSON: 5 rows, the slower path costs more, as does the smaller memory

// The models are kept.
// RUN: npu-sim %t/0.om --timing | FileCheck %s --check-prefix=KEPT
// RUN: npu-sim %t/2.om --timing | FileCheck %s --check-prefix=SMALL
// KEPT-NOT: aicpu
// SMALL: 1 aicpu

// A device that cannot be is a row; a figure that no device has is an error.
// RUN: npu-sim %s --device=Ascend910B1:1 --sweep=queue_depth=0 | FileCheck %s --check-prefix=BAD
// RUN: not npu-sim %s --sweep=colour=3 2>&1 | FileCheck %s --check-prefix=FIGURE
// RUN: not npu-sim %s --sweep=ub=1.5 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not npu-sim %s --sweep=ub 2>&1 | FileCheck %s --check-prefix=FORM
// RUN: not npu-sim %t/none.om --sweep=ub=8K 2>&1 | FileCheck %s --check-prefix=SOURCE

// BAD: 0 ai_core.queue_depth: found 0, expected 1 to 1024
// FIGURE: the device has no figure 'colour', expected a memory (ub), a path (GM-L1) or a field that is a number
// NUMBER: 'ub': found '1.5', expected an integer
// FORM: --sweep: found 'ub', expected figures and values, as ub=64K:128K
// SOURCE: none.om' is compiled already, expected the source of a model
func.func @main(%x: tensor<64x512xf32> {ge.name = "x"}) -> (tensor<64x512xf32> {ge.name = "y"}) {
  %w = ge.const dense<0.5> : tensor<512x512xf32>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<64x512xf32>, tensor<512x512xf32>) -> tensor<64x512xf32>
  %1 = ge.softmax_v2 %0 {axes = array<i64: -1>} : tensor<64x512xf32>
  return %1 : tensor<64x512xf32>
}
