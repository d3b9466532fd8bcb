// REQUIRES: ge-compile
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Ascend910A -o %t/1.om && npu-sim %t/1.om --timing | FileCheck %s
// RUN: ge-compile %s --device=Ascend310P3 -o %t/2.om && npu-sim %t/2.om --timing | FileCheck %s
// RUN: ge-compile %s --device=Ascend910B1 -o %t/3.om && npu-sim %t/3.om --timing | FileCheck %s
// RUN: ge-compile %s --device=Ascend910B2:1 -o %t/4.om && npu-sim %t/4.om --timing | FileCheck %s
// RUN: ge-compile %s --device=Ascend910B3:4 -o %t/5.om && npu-sim %t/5.om --timing | FileCheck %s
// RUN: ge-compile %s --device=Ascend910B4 -o %t/6.om && npu-sim %t/6.om --timing | FileCheck %s
// RUN: ge-compile %s --device=Ascend950PR -o %t/7.om && npu-sim %t/7.om --timing | FileCheck %s
// RUN: ge-compile %s --device=Ascend950DT -o %t/8.om && npu-sim %t/8.om --timing | FileCheck %s

// Every NPU gives what the host gives.
// RUN: ge-compile %s --device=Host -o %t/host.om && ge-run %t/host.om --output-dir %t/host
// RUN: ge-run %t/1.om --expect y=%t/host/y.npy --tolerance 0.002 | FileCheck %s --check-prefix=SAME
// RUN: ge-run %t/3.om --expect y=%t/host/y.npy --tolerance 0.002 | FileCheck %s --check-prefix=SAME
// RUN: ge-run %t/7.om --expect y=%t/host/y.npy --tolerance 0.002 | FileCheck %s --check-prefix=SAME

// A device of one's own travels with the model.
// RUN: echo '{"base": "Ascend910B1", "name": "Mine", "gigahertz": 0.925}' > %t/mine.json
// RUN: ge-compile %s --device=%t/mine.json -o %t/mine.om && rm %t/mine.json
// RUN: npu-sim %t/mine.om --timing --json=%t/mine.out --trace=%t/mine.trace | FileCheck %s
// RUN: ge-translate --om-to-text %t/mine.om | FileCheck %s --check-prefix=MINE
// RUN: %python -c "import json, sys; r = json.load(open(sys.argv[1])); t = json.load(open(sys.argv[2])); print(r['cycles'] == sum(k['cycles'] for k in r['kernels']) > 0, any(e['ph'] == 'X' for e in t['traceEvents']))" %t/mine.out %t/mine.trace | FileCheck %s --check-prefix=JSON
// RUN: ge-run %t/mine.om --profile | FileCheck %s --check-prefix=PROFILE

// npu-sim wants an NPU.
// RUN: not npu-sim %t/host.om 2>&1 | FileCheck %s --check-prefix=HOST

// CHECK: launches, [[#]] instructions, [[#%u,CYCLES:]] cycles
// SAME: output 'y': close
// MINE: platform "Mine"
// JSON: True True
// PROFILE: cycles {{.*}} launches unit
// HOST: is a model for the host, expected one for an NPU
func.func @main(%x: tensor<20x40xf32> {ge.name = "x"}) -> (tensor<20x24xf32> {ge.name = "y"}) {
  %w = ge.const dense<0.5> : tensor<40x24xf32>
  %0 = ge.mat_mul_v2 %x, %w : (tensor<20x40xf32>, tensor<40x24xf32>) -> tensor<20x24xf32>
  %1 = ge.tanh %0 : tensor<20x24xf32>
  %2 = ge.softmax_v2 %1 {axes = array<i64: -1>} : tensor<20x24xf32>
  return %2 : tensor<20x24xf32>
}
