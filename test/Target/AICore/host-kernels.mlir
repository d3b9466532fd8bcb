// REQUIRES: ge-compile
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Ascend910B1 -o %t/npu.om && ge-run %t/npu.om --output-dir %t/out
// RUN: ge-compile %s --device=Ascend910B1 --allow-host-kernels -o %t/mixed.om --placement | FileCheck %s --check-prefix=TEXT

// No engine has numbers of 64 bits. Native code in a model for an NPU shows in the file, and loads only where it is
// allowed.
// RUN: ge-translate --om-to-text %t/npu.om | FileCheck %s --check-prefix=NPU
// RUN: ge-translate --om-to-text %t/mixed.om | FileCheck %s --check-prefix=MIXED
// RUN: not ge-run %t/mixed.om 2>&1 | FileCheck %s --check-prefix=REFUSED
// RUN: not npu-sim %t/mixed.om 2>&1 | FileCheck %s --check-prefix=REFUSED
// RUN: ge-run %t/mixed.om --allow-host-kernels --profile --expect y=%t/out/y.npy | FileCheck %s --check-prefix=SAME

// TEXT: on host
// TEXT-NEXT: host elementwise, {{.+}}
// NPU-NOT: host
// MIXED: platform "Ascend910B1"{{.*}}
// MIXED-NEXT: {{.*}}native code
// MIXED: item "ge_mlir.aicore"
// MIXED: item "ge_mlir.host.
// REFUSED: has native code of a host, 'elementwise', which loads only where the caller allows it
// SAME: output 'y': close
func.func @main(%x: tensor<20x24xf64> {ge.name = "x"}) -> (tensor<20x24xf64> {ge.name = "y"}) {
  %0 = ge.mul %x, %x : (tensor<20x24xf64>, tensor<20x24xf64>) -> tensor<20x24xf64>
  return %0 : tensor<20x24xf64>
}
