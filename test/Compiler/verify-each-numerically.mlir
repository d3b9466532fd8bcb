// A model that is compiled right passes.
// RUN: ge-compile %s -o %t.om --verify-each-numerically

// A pass on the graph that computes something else is named, and the node.
// RUN: not ge-compile %s -o %t.om --verify-each-numerically --load-pass-plugin=%broken_passes \
// RUN:   --insert-pass="ge-decompose:func.func(test-break-mul)" 2>&1 | FileCheck %s --check-prefix=GRAPH
// GRAPH: error: [E19013] node 'scale': results differ after pass 'test-break-mul', first at 'ge.add':
// GRAPH-SAME: result 0 is {{.*}} expected {{.*}} elements differ

// So is one below the graph, which is run to the end.
// RUN: not ge-compile %s -o %t.om --verify-each-numerically --load-pass-plugin=%broken_passes \
// RUN:   --insert-pass="npu-fuse-elementwise:func.func(test-break-compare)" 2>&1 | FileCheck %s --check-prefix=LOWERED
// LOWERED: error: [E19013] node 'relu': results differ after pass 'test-break-compare', first at 'ge.relu':

// Without the option nobody notices.
// RUN: ge-compile %s -o %t.om --load-pass-plugin=%broken_passes \
// RUN:   --insert-pass="ge-decompose:func.func(test-break-mul)"

// A pass that is inserted behind nothing is an error.
// RUN: not ge-compile %s -o %t.om --load-pass-plugin=%broken_passes \
// RUN:   --insert-pass="ge-fantasy:func.func(test-break-mul)" 2>&1 | FileCheck %s --check-prefix=NOWHERE
// NOWHERE: error: [E10001] no pass 'ge-fantasy' runs that 'func.func(test-break-mul)' could follow

func.func @main(%x: tensor<1x8x12x12xf32> {ge.name = "x"}, %s: tensor<1x16x12x12xf32> {ge.name = "s"})
    -> (tensor<1x16x6x6xf32> {ge.name = "y"}) {
  %w = ge.const dense<0.1> : tensor<16x8x3x3xf32>
  %0 = ge.conv2d %x, %w {data_format = "NCHW", strides = array<i64: 1, 1, 1, 1>, pads = array<i64: 1, 1, 1, 1>} :
      (tensor<1x8x12x12xf32>, tensor<16x8x3x3xf32>) -> tensor<1x16x12x12xf32> loc("conv")
  %1 = ge.tanh %0 : tensor<1x16x12x12xf32> loc("tanh")
  %2 = ge.mul %1, %s : tensor<1x16x12x12xf32> loc("scale")
  %3 = ge.relu %2 : tensor<1x16x12x12xf32> loc("relu")
  %4 = ge.max_pool_v3 %3 {ksize = array<i64: 1, 1, 2, 2>, strides = array<i64: 1, 1, 2, 2>} :
      (tensor<1x16x12x12xf32>) -> tensor<1x16x6x6xf32> loc("pool")
  return %4 : tensor<1x16x6x6xf32>
}
