// RUN: ge-opt %s -split-input-file -npu-build-program | FileCheck %s

npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
// A returned value is computed in the output; a value between launches gets a buffer.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[X:.*]]: memref<8xf32> {ge.name = "x"}, %[[Y:.*]]: memref<8xf32>)
func.func @main(%x: tensor<8xf32> {ge.name = "x"}) -> tensor<8xf32> {
  // CHECK: %[[T:.*]] = memref.alloc() : memref<8xf32>
  // CHECK: npu.launch @k(%[[X]], %[[T]])
  // CHECK: npu.launch @k(%[[T]], %[[Y]])
  // CHECK-NEXT: npu.return
  %0 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %1 = npu.launch @k(%0) : (tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// -----

npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
// A part of a concatenation is computed where it belongs.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<16xf32>)
func.func @main(%x: tensor<8xf32>) -> tensor<16xf32> {
  // CHECK: %[[C0:.*]] = arith.constant 0 : i64
  // CHECK: %[[A:.*]] = npu.view %[[Y]][%[[C0]]]
  // CHECK: npu.launch @k(%[[X]], %[[A]])
  // CHECK: %[[C32:.*]] = arith.constant 32 : i64
  // CHECK: %[[B:.*]] = npu.view %[[Y]][%[[C32]]]
  // CHECK: npu.launch @k(%[[X]], %[[B]])
  // CHECK-NOT: npu.copy
  %e = tensor.empty() : tensor<16xf32>
  %0 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %1 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %2 = tensor.insert_slice %0 into %e[0] [8] [1] : tensor<8xf32> into tensor<16xf32>
  %3 = tensor.insert_slice %1 into %2[8] [8] [1] : tensor<8xf32> into tensor<16xf32>
  return %3 : tensor<16xf32>
}

// -----

// An input that is returned is copied.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<8xf32>)
// CHECK-NEXT: npu.copy %[[X]] to %[[Y]]
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}

// -----

npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
// Each branch computes in the place of the result.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[C:.*]]: memref<i8>, %[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<8xf32>)
func.func @main(%c: tensor<i8>, %x: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: %[[BYTE:.*]] = npu.read %[[C]]
  // CHECK: cf.cond_br %{{.*}}, ^[[THEN:.*]], ^[[ELSE:.*]]
  // CHECK: ^[[THEN]]:
  // CHECK-NEXT: npu.launch @k(%[[X]], %[[Y]])
  // CHECK-NEXT: cf.br ^[[AFTER:.*]]
  // CHECK: ^[[ELSE]]:
  // CHECK-NEXT: npu.copy %[[X]] to %[[Y]]
  // CHECK-NEXT: cf.br ^[[AFTER]]
  // CHECK: ^[[AFTER]]:
  // CHECK-NEXT: npu.return
  %byte = tensor.extract %c[] : tensor<i8>
  %zero = arith.constant 0 : i8
  %holds = arith.cmpi ne, %byte, %zero : i8
  %y = npu.if %holds -> (tensor<8xf32>) {
    %0 = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
    npu.next %0 : tensor<8xf32>
  } else {
    npu.next %x : tensor<8xf32>
  }
  return %y : tensor<8xf32>
}

// -----

npu.kernel @k(%x: memref<?xf32> {npu.sizes = array<i64: 0>}, %y: memref<?xf32> {npu.sizes = array<i64: 0>}, %n: i64) {
  npu.return
}
// Room for what branches of a size that only the execution knows give.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%{{[^:]*}}: memref<i8>, %[[X:[^:]*]]: memref<?xf32>, %[[Y:[^:]*]]: memref<?xf32>
// CHECK: npu.set_dims %[[Y]]
// CHECK: cf.cond_br
// CHECK: npu.launch @k(%[[X]], %[[Y]]
// CHECK: npu.copy %[[X]] to %[[Y]]
func.func @main(%c: tensor<i8>, %x: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %size = arith.index_cast %n : index to i64
  %byte = tensor.extract %c[] : tensor<i8>
  %zero = arith.constant 0 : i8
  %holds = arith.cmpi ne, %byte, %zero : i8
  %y = npu.if %holds sizes(%n) -> (tensor<?xf32>) {
    %0 = npu.launch @k(%x, %size) : (tensor<?xf32>, i64) -> tensor<?xf32>
    npu.next %0 : tensor<?xf32>
  } else {
    npu.next %x : tensor<?xf32>
  }
  return %y : tensor<?xf32>
}

// -----

npu.kernel @step(%a: memref<1x8xf32>, %x: memref<1x8xf32>, %b: memref<1x8xf32>) {
  npu.return
}
// A step reads and writes rows at the counter; a new value that the old one is
// needed for is copied, all others are computed in place.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[XS:.*]]: memref<4x8xf32>, %[[S:.*]]: memref<1x8xf32>, %[[LAST:.*]]: memref<1x8xf32>, %[[YS:.*]]: memref<4x8xf32>)
func.func @main(%xs: tensor<4x8xf32>, %s: tensor<1x8xf32>) -> (tensor<1x8xf32>, tensor<4x8xf32>) {
  // CHECK: npu.copy %[[S]] to %[[LAST]]
  // CHECK: cf.br ^[[HEADER:.*]](%{{.*}} : index)
  // CHECK: ^[[HEADER]](%[[I:.*]]: index):
  // CHECK: %[[MORE:.*]] = arith.cmpi slt, %[[I]]
  // CHECK: cf.cond_br %[[MORE]], ^[[BODY:.*]], ^[[AFTER:.*]]
  // CHECK: ^[[BODY]]:
  // CHECK: %[[ROW:.*]] = npu.view %[[XS]][%{{.*}}] : memref<4x8xf32> -> memref<1x8xf32>
  // CHECK: %[[NEW:.*]] = memref.alloc() : memref<1x8xf32>
  // CHECK: npu.launch @step(%[[LAST]], %[[ROW]], %[[NEW]])
  // CHECK: %[[PLACE:.*]] = npu.view %[[YS]][%{{.*}}] : memref<4x8xf32> -> memref<1x8xf32>
  // CHECK: npu.copy %[[NEW]] to %[[PLACE]]
  // CHECK: npu.copy %[[NEW]] to %[[LAST]]
  // CHECK: cf.br ^[[HEADER]]
  // CHECK: ^[[AFTER]]:
  // CHECK-NEXT: npu.return
  %four = arith.constant 4 : index
  %e = tensor.empty() : tensor<4x8xf32>
  %r:2 = npu.for %four init(%s, %e : tensor<1x8xf32>, tensor<4x8xf32>) -> tensor<1x8xf32>, tensor<4x8xf32> {
  ^bb0(%i: index, %a: tensor<1x8xf32>, %all: tensor<4x8xf32>):
    %row = tensor.extract_slice %xs[%i, 0] [1, 8] [1, 1] : tensor<4x8xf32> to tensor<1x8xf32>
    %new = npu.launch @step(%a, %row) : (tensor<1x8xf32>, tensor<1x8xf32>) -> tensor<1x8xf32>
    %more = tensor.insert_slice %new into %all[%i, 0] [1, 8] [1, 1] : tensor<1x8xf32> into tensor<4x8xf32>
    npu.next %new, %more : tensor<1x8xf32>, tensor<4x8xf32>
  }
  return %r#0, %r#1 : tensor<1x8xf32>, tensor<4x8xf32>
}

// -----

npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
npu.kernel @test(%x: memref<8xf32>, %y: memref<i8>) {
  npu.return
}
// Values that change places are saved before either changes.
// CHECK-LABEL: npu.program @main
func.func @main(%x: tensor<8xf32>, %y: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  // CHECK: cf.br ^[[HEADER:.*]]
  // CHECK: ^[[HEADER]]:
  // CHECK: npu.launch @test(%[[A:[a-z0-9]+]], %{{.*}})
  // CHECK: cf.cond_br
  // CHECK: npu.copy %[[B:[a-z0-9]+]] to %[[SAVED_B:[a-z0-9_]+]] :
  // CHECK: npu.copy %[[A]] to %[[SAVED_A:[a-z0-9_]+]] :
  // CHECK: npu.copy %[[SAVED_B]] to %[[A]]
  // CHECK: npu.copy %[[SAVED_A]] to %[[B]]
  // CHECK: cf.br ^[[HEADER]]
  %r:2 = npu.while init(%x, %y : tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>, tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>, %b: tensor<8xf32>):
    %t = npu.launch @test(%a) : (tensor<8xf32>) -> tensor<i8>
    %byte = tensor.extract %t[] : tensor<i8>
    %zero = arith.constant 0 : i8
    %holds = arith.cmpi ne, %byte, %zero : i8
    npu.condition %holds
  } do {
  ^bb0(%a: tensor<8xf32>, %b: tensor<8xf32>):
    npu.next %b, %a : tensor<8xf32>, tensor<8xf32>
  }
  return %r#0, %r#1 : tensor<8xf32>, tensor<8xf32>
}

// -----

npu.kernel @add(%x: memref<8xf32>, %y: memref<8xf32>, %z: memref<8xf32>) {
  npu.return
}
npu.kernel @update(%x: memref<2x8xf32>, %v: memref<8xf32>, %z: memref<2x8xf32>) {
  npu.return
}
// A state is read where it is; an update that ends in it changes it in place; one
// that the old content is needed for is copied.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<8xf32>)
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: %[[V:.*]] = npu.state "v" = dense<1.0{{.*}}> : tensor<8xf32> : memref<8xf32>
  // CHECK: npu.launch @add(%[[V]], %[[X]], %[[NEW:[a-z0-9]+]])
  // CHECK: %[[CACHE:.*]] = npu.state "cache" : memref<2x8xf32>
  // CHECK: npu.launch @update(%[[CACHE]], %[[NEW]], %[[CACHE]])
  // CHECK: npu.copy %[[NEW]] to
  // CHECK-NOT: npu.state "cache"
  // CHECK: npu.return
  %v = npu.read_state "v" = dense<1.0> : tensor<8xf32> : tensor<8xf32>
  %new = npu.launch @add(%v, %x) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %old = npu.read_state "cache" : tensor<2x8xf32>
  %all = npu.launch @update(%old, %new) {tied = array<i64: 0>} : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  npu.write_state %new, "v" = dense<1.0> : tensor<8xf32> : tensor<8xf32>
  npu.write_state %all, "cache" : tensor<2x8xf32>
  return %new : tensor<8xf32>
}

// -----

npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
// What was read before an assignment and is used after it is kept.
// CHECK-LABEL: npu.program @main
// CHECK-SAME: (%[[X:.*]]: memref<8xf32>, %[[Y:.*]]: memref<8xf32>)
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: %[[V:.*]] = npu.state "v"
  // CHECK: npu.copy %[[V]] to %[[Y]]
  // CHECK: npu.launch @k(%[[X]], %[[W:[a-z0-9]+]])
  %v = npu.read_state "v" : tensor<8xf32>
  %new = npu.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  npu.write_state %new, "v" : tensor<8xf32>
  return %v : tensor<8xf32>
}
