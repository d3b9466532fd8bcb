// REQUIRES: ge-compile
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Ascend910B1 -o %t/m.om

// The table of kernels, what they move, and what their queues wait for; npu-sim and
// ge-run have the same.
// RUN: npu-sim %t/m.om --timing --json=%t/sim.json | FileCheck %s
// RUN: ge-run %t/m.om --profile --iterations=2 --json=%t/run.json | FileCheck %s
// RUN: %python %S/Inputs/check_profile.py %t/sim.json %t/run.json | FileCheck %s --check-prefix=JSON

// CHECK: cycles % launches unit cores cube% vec% read written kernel: origin
// CHECK-DAG: 1 cube {{[0-9]+ +[0-9.]+ +\. .*}} matmul
// CHECK-DAG: 1 vector {{[0-9]+ +\. +[0-9.]+ .*}} elementwise
// CHECK: bytes by path
// CHECK-NEXT: GM-UB GM-L1 UB-GM L1-L0A L1-L0B L0C-GM L2 hit%
// CHECK-DAG: . {{[0-9.]+[KM]}} . {{[0-9.]+[KM] +[0-9.]+[KM] +131K +[0-9.]+}} matmul
// CHECK-DAG: 131K . 131K . . . {{[0-9.]+}} elementwise
// CHECK: queue busy shared empty flag cores result full barrier launch flags of
// CHECK-DAG: M {{.*}} MTE1
// CHECK-DAG: V {{.*}} MTE2

// JSON: matmul cube M waits for MTE1, GM-L1 loads both operands, all cycles are told
// JSON: elementwise vector V waits for MTE2, UB-GM stores the result, all cycles are told

// The time line as a picture and as a page.
// RUN: npu-sim %t/m.om --timeline=%t/all.svg && npu-sim %t/m.om --timeline=%t/all.html && npu-sim %t/m.om --timeline=%t/cores.svg --cores=2 --window=11000:12500
// RUN: %python %S/Inputs/check_timeline.py %t/all.svg %t/all.html %t/cores.svg | FileCheck %s --check-prefix=PICTURE
// RUN: not npu-sim %t/m.om --timeline=%t/no.svg --window=9:3 2>&1 | FileCheck %s --check-prefix=WINDOW

// PICTURE: all.svg: 2 kernels, cube core 0, vector core 0, lanes FIX M MTE1 MTE2 MTE3 S V, nothing outside
// PICTURE: all.html: the same picture
// PICTURE: cores.svg: 1 kernels, cube core 0, cube core 1
// WINDOW: --window: found '9:3', expected two cycles, the first one smaller
func.func @main(%x: tensor<128x256xf32> {ge.name = "x"}) -> (tensor<128x256xf32> {ge.name = "y"}) {
  %w = ge.const dense<0.5> : tensor<256x256xf32>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<128x256xf32>, tensor<256x256xf32>) -> tensor<128x256xf32>
  %1 = ge.tanh %0 : tensor<128x256xf32>
  return %1 : tensor<128x256xf32>
}
