// RUN: ge-translate --export-air %s -o %t.air
// RUN: ge-translate --import-air %t.air --mlir-print-debuginfo | FileCheck %s
// RUN: ge-translate --export-air %s --air-text -o %t.txt
// RUN: FileCheck %s --check-prefix=TEXT < %t.txt
// RUN: ge-translate --import-air %t.txt --mlir-print-debuginfo | FileCheck %s

// CHECK: module @layers
// CHECK: func.func @main(%[[C:.*]]: tensor<i1> {ge.index = 0 : i64, ge.name = "c"} {{.*}}, %[[X:.*]]: tensor<2x4xf32> {ge.index = 1 : i64, ge.name = "x"}
// CHECK-SAME: ge.name = "first"
// CHECK: %[[W:.*]] = ge.const dense<5.000000e-01> : tensor<4x3xf32>
// CHECK: %[[P:.*]] = ge.mat_mul_v2 %[[X]], %[[W]]
// CHECK: ge.if %[[C]](%[[P]])
// CHECK: ge.neg
// CHECK: ge.relu
// CHECK: #{{.*}} = loc("product")

// TEXT: name: "layers"
// TEXT: graph {
// TEXT: op {
// TEXT: name: "product"
// TEXT: type: "MatMulV2"
// TEXT: input: "x:0"
// TEXT: dtype: DT_FLOAT
// TEXT: subgraph_name:

module @layers {
  func.func @main(%c: tensor<i1> {ge.name = "c"}, %x: tensor<2x4xf32> {ge.name = "x"}) -> (tensor<2x3xf32> {ge.name = "first"}) {
    %w = ge.const dense<0.5> : tensor<4x3xf32> loc("w")
    %p = ge.mat_mul_v2 %x, %w : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32> loc("product")
    %y = ge.if %c(%p) : (tensor<i1>, tensor<2x3xf32>) -> tensor<2x3xf32> then {
    ^bb0(%a: tensor<2x3xf32>):
      %n = ge.neg %a : tensor<2x3xf32> loc("minus")
      ge.yield %n : tensor<2x3xf32>
    } else {
    ^bb0(%a: tensor<2x3xf32>):
      %r = ge.relu %a : tensor<2x3xf32> loc("positive")
      ge.yield %r : tensor<2x3xf32>
    } loc("choice")
    return %y : tensor<2x3xf32>
  }
}
