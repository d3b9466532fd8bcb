// RUN: ge-opt %s -split-input-file | ge-opt -split-input-file | FileCheck %s
// RUN: ge-opt %s -split-input-file -mlir-print-op-generic | ge-opt -split-input-file | FileCheck %s

// A kernel is a function over buffers whose last arguments are its outputs.
// CHECK-LABEL: npu.kernel @double
// CHECK-SAME: attributes {num_outputs = 1 : i64, tiles = 2 : i64}
npu.kernel @double(%x: memref<8xf32>, %y: memref<8xf32>) attributes {num_outputs = 1 : i64, tiles = 2 : i64} {
  // CHECK: %{{.*}}, %{{.*}} = npu.tile_range
  %begin, %end = npu.tile_range
  %v = memref.load %x[%begin] : memref<8xf32>
  memref.store %v, %y[%end] : memref<8xf32>
  npu.return
}

// -----

// A tile operation takes its epilogue operands as further region arguments.
// CHECK-LABEL: func.func @mmad
func.func @mmad(%a: tensor<128x64xf32>, %b: tensor<2x64x16xf32>, %bias: tensor<32xf32>, %c: tensor<128x32xf32>) -> tensor<128x32xf32> {
  // CHECK: npu.mmad ins(%{{.*}}, %{{.*}} : tensor<128x64xf32>, tensor<2x64x16xf32>)
  // CHECK-SAME: epilogue(%{{.*}} : tensor<32xf32>) outs(%{{.*}} : tensor<128x32xf32>)
  %r = npu.mmad ins(%a, %b : tensor<128x64xf32>, tensor<2x64x16xf32>) epilogue(%bias : tensor<32xf32>) outs(%c : tensor<128x32xf32>) {
  ^bb0(%acc: f32, %e: f32):
    %0 = arith.addf %acc, %e : f32
    // CHECK: npu.yield %{{.*}} : f32
    npu.yield %0 : f32
  } -> tensor<128x32xf32>
  return %r : tensor<128x32xf32>
}

// -----

// The patches of an image are a matrix without memory.
// CHECK-LABEL: func.func @convolution
func.func @convolution(%x: tensor<1x4x56x56x16xf32>, %w: tensor<4x576x16xf32>, %y: tensor<1x4x56x56x16xf32>) -> tensor<1x4x56x56x16xf32> {
  // CHECK: npu.im2col %{{.*}} {channels = 64 : i64
  // CHECK-SAME: tensor<1x4x56x56x16xf32> -> !npu.matrix<3136x576xf32>
  %a = npu.im2col %x {channels = 64 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 56, 56>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : tensor<1x4x56x56x16xf32> -> !npu.matrix<3136x576xf32>
  // CHECK: npu.mmad ins(%{{.*}}, %{{.*}} : !npu.matrix<3136x576xf32>, tensor<4x576x16xf32>)
  %r = npu.mmad ins(%a, %w : !npu.matrix<3136x576xf32>, tensor<4x576x16xf32>) outs(%y : tensor<1x4x56x56x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<1x4x56x56x16xf32>
  return %r : tensor<1x4x56x56x16xf32>
}

// -----

// A program uses registers, buffers of every kind, checks, branches and launches.
npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
npu.program @body(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.copy %x to %y : memref<8xf32>, memref<8xf32>
  npu.return
}
// CHECK-LABEL: npu.program @main
npu.program @main(%x: memref<8xf32>, %y: memref<8xf32>) {
  // CHECK: npu.constant dense<1.000000e+00> : tensor<8xf32> -> memref<8xf32>
  %w = npu.constant dense<1.0> : tensor<8xf32> -> memref<8xf32>
  // CHECK: npu.state "hidden" : memref<8xf32>
  %s = npu.state "hidden" : memref<8xf32>
  // CHECK: npu.arena 64 : memref<16xf32>
  %t = npu.arena 64 : memref<16xf32>
  %c32 = arith.constant 32 : i64
  // CHECK: npu.view %{{.*}}[%{{.*}}] : memref<16xf32> -> memref<8xf32>
  %v = npu.view %t[%c32] : memref<16xf32> -> memref<8xf32>
  // CHECK: npu.alloc %{{.*}} : memref<?xf32>
  %d = npu.alloc %c32 : memref<?xf32>
  // CHECK: npu.dim %{{.*}}, 0 : memref<8xf32>
  %n = npu.dim %x, 0 : memref<8xf32>
  // CHECK: npu.check %{{.*}}, "node 'x': expected 8 elements"
  npu.check %n, "node 'x': expected 8 elements"
  // CHECK: npu.launch @k(%{{.*}}, %{{.*}}) : (memref<8xf32>, memref<8xf32>) -> ()
  npu.launch @k(%w, %v) : (memref<8xf32>, memref<8xf32>) -> ()
  // CHECK: npu.call @body(%{{.*}}, %{{.*}}) : memref<8xf32>, memref<8xf32>
  npu.call @body(%v, %s) : memref<8xf32>, memref<8xf32>
  // CHECK: npu.free %{{.*}} : memref<?xf32>
  npu.free %d : memref<?xf32>
  cf.br ^last
^last:
  npu.copy %s to %y : memref<8xf32>, memref<8xf32>
  npu.return
}

// CHECK-LABEL: func.func @attention
func.func @attention(%q: tensor<1x4x7x8xf32>, %k: tensor<1x9x2x8xf32>, %v: tensor<1x9x2x5xf32>, %m: tensor<1x1x9x1xf32>,
                     %o: tensor<1x4x7x5xf32>) -> tensor<1x4x7x5xf32> {
  // CHECK: npu.attention ins(%arg0, %arg1, %arg2 : tensor<1x4x7x8xf32>, tensor<1x9x2x8xf32>, tensor<1x9x2x5xf32>) mask(%arg3 : tensor<1x1x9x1xf32>) outs(%arg4 : tensor<1x4x7x5xf32>) {key_heads_inside = true, scale = 5.000000e-01 : f32} -> tensor<1x4x7x5xf32>
  %r = npu.attention ins(%q, %k, %v : tensor<1x4x7x8xf32>, tensor<1x9x2x8xf32>, tensor<1x9x2x5xf32>)
      mask(%m : tensor<1x1x9x1xf32>) outs(%o : tensor<1x4x7x5xf32>) {key_heads_inside = true, scale = 0.5 : f32}
      -> tensor<1x4x7x5xf32>
  return %r : tensor<1x4x7x5xf32>
}

// CHECK-LABEL: func.func @branches_of_any_size
func.func @branches_of_any_size(%c: i1, %n: index, %x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK: npu.if %{{.*}} sizes(%{{.*}}) -> (tensor<?xf32>) {
  %0 = npu.if %c sizes(%n) -> (tensor<?xf32>) {
    npu.next %x : tensor<?xf32>
  } else {
    npu.next %x : tensor<?xf32>
  }
  return %0 : tensor<?xf32>
}

// CHECK-LABEL: func.func @control
func.func @control(%c: i1, %n: index, %x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  // CHECK: npu.if %{{.*}} -> (tensor<8xf32>) {
  // CHECK: npu.next %{{.*}} : tensor<8xf32>
  // CHECK: } else {
  %0 = npu.if %c -> (tensor<8xf32>) {
    npu.next %x : tensor<8xf32>
  } else {
    npu.next %x : tensor<8xf32>
  }
  // CHECK: npu.for %{{.*}} init(%{{.*}} : tensor<8xf32>) -> tensor<8xf32> {
  // CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: tensor<8xf32>):
  %1 = npu.for %n init(%0 : tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%i: index, %a: tensor<8xf32>):
    npu.next %a : tensor<8xf32>
  }
  // CHECK: npu.while init(%{{.*}} : tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: npu.condition %{{.*}}
  // CHECK: } do {
  %2 = npu.while init(%1 : tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>):
    npu.condition %c
  } do {
  ^bb0(%a: tensor<8xf32>):
    npu.next %a : tensor<8xf32>
  }
  // CHECK: npu.read_state "v" = dense<1.000000e+00> : tensor<8xf32> : tensor<8xf32>
  %v = npu.read_state "v" = dense<1.0> : tensor<8xf32> : tensor<8xf32>
  // CHECK: npu.write_state %{{.*}}, "v" : tensor<8xf32>
  npu.write_state %v, "v" : tensor<8xf32>
  return %0, %1, %2 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}
