// What a text of IR is refused for is said with its line.
// RUN: not ge-compile %s -o %t.om 2>&1 | FileCheck %s
// RUN: not ge-compile %s -o %t.om --placement 2>&1 | FileCheck %s --check-prefix=HOST

// CHECK: ge-compile: error: [E{{[0-9]+}}] places.mlir:[[#@LINE + 5]]:8: custom op 'ge.exponent' is unknown

// There are no units to place kernels on in a host.
// HOST: ge-compile: error: found device 'Host{{.*}}', expected an NPU for --placement and --explain
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = ge.exponent %x : tensor<8xf32>
  return %0 : tensor<8xf32>
}
