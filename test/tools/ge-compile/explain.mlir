// RUN: ge-compile %s --device=Ascend910B1 -o %t.om --explain=project > %t.txt
// RUN: FileCheck %s < %t.txt
// RUN: ge-compile %s --device=Ascend910B1 --emit=npu -o %t.npu
// RUN: %python %S/check_explain.py %t.txt %t.npu | FileCheck %s --check-prefix=CHECKED
// RUN: ge-compile %s --device=Ascend910B1 -o %t.om --explain=weigh | FileCheck %s --check-prefix=VECTOR
// RUN: ge-compile %s --device=Ascend910B1 -o %t.om --explain=order | FileCheck %s --check-prefix=AICPU
// RUN: not ge-compile %s --device=Ascend910B1 -o %t.om --explain=nobody 2>&1 | FileCheck %s --check-prefix=NOBODY
// RUN: not ge-compile %s -o %t.om --explain=project 2>&1 | FileCheck %s --check-prefix=HOST
// RUN: not ge-compile %s --device=Ascend910B1 --emit=asm -o %t.s --explain=project 2>&1 | FileCheck %s --check-prefix=STAGE

// The tiles by what they are predicted to cost; the simulator counts the chosen one.
// CHECK: matmul, on cube, computes project
// CHECK-NEXT: rows columns staged step predicted
// CHECK-NEXT: {{^}} * {{([0-9]+ +){4}[0-9]+$}}
// CHECK-COUNT-11: {{^ +([0-9]+ +){4}[0-9]+$}}
// CHECK-NEXT: simulated *: {{[0-9]+}} cycles, and 10905 of the launch

// CHECKED: 12 tiles, the cheapest first, and the kernel has it

// VECTOR: on vector, computes {{.*}}weigh
// VECTOR-NEXT: rows columns predicted
// VECTOR-NEXT: {{^}} * {{([0-9]+ +){2}[0-9]+$}}
// VECTOR-NEXT: {{^ +([0-9]+ +){2}[0-9]+$}}
// VECTOR: simulated *: {{[0-9]+}} cycles, and 10905 of the launch
// AICPU: on aicpu, computes {{.*}}order
// AICPU-NEXT: {{^  .+$}}
// AICPU-NEXT: simulated: {{[0-9]+}} cycles
// NOBODY: no kernel computes node 'nobody'
// HOST: found device 'Host', expected an NPU for --placement and --explain
// STAGE: --explain needs a whole model
func.func @main(%x: tensor<256x384xf16> {ge.name = "x"}) -> (tensor<256x512xf32> {ge.name = "y"}, tensor<256x512xi64> {ge.name = "z"}) {
  %w = ge.const dense<0.5> : tensor<384x512xf16>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<256x384xf16>, tensor<384x512xf16>) -> tensor<256x512xf16> loc("project")
  %1 = ge.cast %0 {dst_type = f32} : (tensor<256x512xf16>) -> tensor<256x512xf32> loc("widen")
  %2 = ge.softmax_v2 %1 {axes = array<i64: -1>} : tensor<256x512xf32> loc("weigh")
  %3 = ge.cast %2 {dst_type = i64} : (tensor<256x512xf32>) -> tensor<256x512xi64> loc("order")
  return %2, %3 : tensor<256x512xf32>, tensor<256x512xi64>
}
