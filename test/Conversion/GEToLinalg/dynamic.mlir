// Sizes that only the execution knows are registers; what is computed from shapes
// for shapes leaves no tensor behind.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @shape_arithmetic
// CHECK-NEXT: %[[Y:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]] : tensor<?x?x8xf32> into tensor<?x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @shape_arithmetic(%x: tensor<?x?x8xf32>) -> tensor<?x8xf32> {
  %s = ge.shape %x {dtype = i64} : (tensor<?x?x8xf32>) -> tensor<3xi64>
  %i = ge.const dense<[0, 1]> : tensor<2xi64>
  %a = ge.const dense<0> : tensor<i64>
  %g = ge.gather_v2 %s, %i, %a : (tensor<3xi64>, tensor<2xi64>, tensor<i64>) -> tensor<2xi64>
  %axes = ge.const dense<0> : tensor<1xi64>
  %p = ge.reduce_prod %g, %axes {keep_dims = true} : (tensor<2xi64>, tensor<1xi64>) -> tensor<1xi64>
  %c = ge.const dense<8> : tensor<1xi64>
  %t = ge.concat_v2 %p, %c, %a {N = 2 : i64} : (tensor<1xi64>, tensor<1xi64>, tensor<i64>) -> tensor<2xi64>
  %y = ge.reshape %x, %t : (tensor<?x?x8xf32>, tensor<2xi64>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// -----

// A shape that someone reads is made of registers.
// CHECK-LABEL: func.func @shape
// CHECK: %[[N:.*]] = tensor.dim
// CHECK: %[[I:.*]] = arith.index_cast %[[N]] : index to i64
// CHECK: tensor.from_elements %[[I]], %{{.*}} : tensor<2xi64>
func.func @shape(%x: tensor<?x8xf32>) -> tensor<2xi64> {
  %s = ge.shape %x {dtype = i64} : (tensor<?x8xf32>) -> tensor<2xi64>
  return %s : tensor<2xi64>
}

// -----

// Dimensions of one name are one size; the execution checks that they are.
// CHECK-LABEL: func.func @named
// CHECK: %[[A:.*]] = tensor.dim %arg0
// CHECK: %[[B:.*]] = tensor.dim %arg1
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[A]], %[[B]]
// CHECK: %[[OK:.*]] = arith.extui %[[SAME]]
// CHECK: npu.check %[[OK]], "inputs have sizes that do not fit together"
// CHECK: linalg.generic
// CHECK-SAME: ins(%arg0, %arg1 : tensor<?xf32>, tensor<?xf32>)
func.func @named(%x: tensor<?xf32> {ge.attrs = {dim_names = ["n"]}}, %y: tensor<?xf32> {ge.attrs = {dim_names = ["n"]}}) -> tensor<?xf32> {
  %0 = ge.add %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// Of sizes that have nothing in common either may be 1 when the model runs.
// CHECK-LABEL: func.func @unrelated
// CHECK: npu.check %{{.*}}, "operator add got shapes that do not broadcast"
// CHECK: tensor.extract %arg0
// CHECK: tensor.extract %arg1
func.func @unrelated(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %0 = ge.add %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// A shape that is data is read once it has been computed.
// CHECK-LABEL: func.func @data
// CHECK: tensor.extract %arg1
// CHECK: tensor.expand_shape {{.*}} output_shape
func.func @data(%x: tensor<?x4xf32>, %s: tensor<3xi64>) -> tensor<?x?x?xf32> {
  %y = ge.reshape %x, %s : (tensor<?x4xf32>, tensor<3xi64>) -> tensor<?x?x?xf32>
  return %y : tensor<?x?x?xf32>
}

// -----

// A number of elements that a division by data gives is computed by a kernel and
// read; there is none if the distance is 0.
// CHECK-LABEL: func.func @range
// CHECK: %[[COUNT:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<i64>)
// CHECK: %[[READ:.*]] = tensor.extract %[[COUNT]][]
// CHECK: %[[N:.*]] = arith.index_cast %[[READ]]
// CHECK: npu.check %{{.*}}, "operator range got a delta of 0"
// CHECK: tensor.empty(%[[N]]) : tensor<?xf32>
func.func @range(%start: tensor<f32>, %limit: tensor<f32>, %delta: tensor<f32>) -> tensor<?xf32> {
  %y = ge.range %start, %limit, %delta : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// Which elements a step takes follows from what the step computed.
// CHECK-LABEL: func.func @in_a_branch
// CHECK: npu.if
// CHECK: %[[PLACE:.*]] = linalg.generic
// CHECK: tensor.extract %[[PLACE]]
// CHECK: tensor.extract_slice
// CHECK: npu.next
func.func @in_a_branch(%c: tensor<i1>, %x: tensor<8xf32>, %i: tensor<1xi64>) -> tensor<2xf32> {
  %y = ge.if %c(%x, %i) : (tensor<i1>, tensor<8xf32>, tensor<1xi64>) -> tensor<2xf32> then {
  ^bb0(%a: tensor<8xf32>, %at: tensor<1xi64>):
    %next = ge.add %at, %at : (tensor<1xi64>, tensor<1xi64>) -> tensor<1xi64>
    %size = ge.const dense<2> : tensor<1xi64>
    %s = ge.slice %a, %next, %size : (tensor<8xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<2xf32>
    ge.yield %s : tensor<2xf32>
  } else {
  ^bb0(%a: tensor<8xf32>, %at: tensor<1xi64>):
    %begin = ge.const dense<0> : tensor<1xi64>
    %size = ge.const dense<2> : tensor<1xi64>
    %s = ge.slice %a, %begin, %size : (tensor<8xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<2xf32>
    ge.yield %s : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}

// -----

// Room for what branches give is made before the decision, of sizes that both
// agree on.
// CHECK-LABEL: func.func @branches_of_any_size
// CHECK: %[[N:.*]] = tensor.dim %arg1
// CHECK: npu.if %{{.*}} sizes(%[[N]]) -> (tensor<?x4xf32>) {
// CHECK: linalg.generic
// CHECK: npu.next %{{.*}} : tensor<?x4xf32>
// CHECK: } else {
// CHECK: npu.next %arg1 : tensor<?x4xf32>
func.func @branches_of_any_size(%c: tensor<i1>, %x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = ge.if %c(%x) : (tensor<i1>, tensor<?x4xf32>) -> tensor<?x4xf32> then {
  ^bb0(%a: tensor<?x4xf32>):
    %n = ge.neg %a : tensor<?x4xf32>
    ge.yield %n : tensor<?x4xf32>
  } else {
  ^bb0(%a: tensor<?x4xf32>):
    ge.yield %a : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// What a loop passes on keeps its size; where nothing proves that, each step
// checks it.
// CHECK-LABEL: func.func @steps_of_any_size
// CHECK: npu.while init(%arg0 : tensor<?xf32>) -> tensor<?xf32>
// CHECK: } do {
// CHECK: npu.check %{{.*}}, "operator while got sizes that do not fit together"
// CHECK: npu.next
func.func @steps_of_any_size(%x: tensor<?xf32>, %z: tensor<?xf32>, %c: tensor<i1>) -> tensor<?xf32> {
  %y:3 = ge.while(%x, %z, %c) : (tensor<?xf32>, tensor<?xf32>, tensor<i1>) -> (tensor<?xf32>, tensor<?xf32>, tensor<i1>) cond {
  ^bb0(%a: tensor<?xf32>, %b: tensor<?xf32>, %d: tensor<i1>):
    ge.yield %d : tensor<i1>
  } body {
  ^bb0(%a: tensor<?xf32>, %b: tensor<?xf32>, %d: tensor<i1>):
    %s = ge.add %a, %b : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    ge.yield %s, %b, %d : tensor<?xf32>, tensor<?xf32>, tensor<i1>
  }
  return %y#0 : tensor<?xf32>
}

// -----

// What a branch assumes is checked in it, not where the other one may be taken.
// CHECK-LABEL: func.func @assumed_in_a_branch
// CHECK-NOT: npu.check
// CHECK: npu.if
// CHECK: npu.check %{{.*}}, "operator squeeze got sizes that do not fit together"
// CHECK: } else {
// CHECK-NOT: npu.check
// CHECK: return
func.func @assumed_in_a_branch(%c: tensor<i1>, %x: tensor<?x?xf32>) -> tensor<?x1xf32> {
  %y = ge.if %c(%x) : (tensor<i1>, tensor<?x?xf32>) -> tensor<?x1xf32> then {
  ^bb0(%a: tensor<?x?xf32>):
    %s = ge.squeeze %a {axis = array<i64: 1>} : (tensor<?x?xf32>) -> tensor<?xf32>
    %u = ge.unsqueeze %s {axes = array<i64: 1>} : (tensor<?xf32>) -> tensor<?x1xf32>
    ge.yield %u : tensor<?x1xf32>
  } else {
  ^bb0(%a: tensor<?x?xf32>):
    %axes = ge.const dense<1> : tensor<1xi64>
    %r = ge.reduce_sum %a, %axes {keep_dims = true} : (tensor<?x?xf32>, tensor<1xi64>) -> tensor<?x1xf32>
    ge.yield %r : tensor<?x1xf32>
  }
  return %y : tensor<?x1xf32>
}

// -----

// A result of known shape may be so only if the operand fits.
// CHECK-LABEL: func.func @known_result
// CHECK: npu.check %{{.*}}, "operator squeeze got sizes that do not fit together"
func.func @known_result(%x: tensor<4x?xf32>) -> tensor<4xf32> {
  %y = ge.squeeze %x {axis = array<i64: 1>} : (tensor<4x?xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A slice ends where the dimension does, wherever it is told to begin.
// CHECK-LABEL: func.func @clamped
// CHECK-NOT: npu.check
// CHECK: arith.minsi
// CHECK-NOT: npu.check
// CHECK: return
func.func @clamped(%x: tensor<?xf32>) -> tensor<?xf32> {
  %begin = ge.const dense<1000> : tensor<1xi64>
  %end = ge.const dense<2000> : tensor<1xi64>
  %y = ge.strided_slice_v2 %x, %begin, %end : (tensor<?xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}
