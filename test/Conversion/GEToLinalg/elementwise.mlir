// Element-wise operators become one generic; constants move into its body.
// RUN: ge-opt %s -split-input-file -convert-ge-to-linalg | FileCheck %s

// CHECK-DAG: #[[$ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[$ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[$COLUMN:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-LABEL: func.func @broadcast
// CHECK-SAME: (%[[A:.*]]: tensor<4x1xf32>, %[[B:.*]]: tensor<3xf32>) -> tensor<4x3xf32>
func.func @broadcast(%a: tensor<4x1xf32>, %b: tensor<3xf32>) -> tensor<4x3xf32> {
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<4x3xf32>
  // CHECK: linalg.generic {indexing_maps = [#[[$COLUMN]], #[[$ROW]], #[[$ID]]], iterator_types = ["parallel", "parallel"]}
  // CHECK-SAME: ins(%[[A]], %[[B]] : tensor<4x1xf32>, tensor<3xf32>) outs(%[[INIT]] : tensor<4x3xf32>)
  // CHECK: arith.addf
  %0 = ge.add %a, %b : (tensor<4x1xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----
// CHECK-LABEL: func.func @splat_in_body
func.func @splat_in_body(%x: tensor<8xf32>) -> tensor<8xf32> {
  %c = ge.const dense<2.5> : tensor<8xf32>
  // CHECK-NOT: arith.constant dense
  // CHECK: linalg.generic {{.*}} ins(%{{[^,]*}} : tensor<8xf32>) outs
  // CHECK: arith.constant 2.500000e+00 : f32
  // CHECK: arith.mulf
  %0 = ge.mul %x, %c : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----
// A NaN stays a NaN: the comparison is false for it.
// CHECK-LABEL: func.func @relu_half
func.func @relu_half(%x: tensor<8xf16>) -> tensor<8xf16> {
  // CHECK: %[[X:.*]] = arith.extf %{{.*}} : f16 to f32
  // CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK: %[[NEGATIVE:.*]] = arith.cmpf olt, %[[X]], %[[ZERO]] : f32
  // CHECK: %[[Y:.*]] = arith.select %[[NEGATIVE]], %[[ZERO]], %[[X]] : f32
  // CHECK: arith.truncf %[[Y]] : f32 to f16
  %0 = ge.relu %x : tensor<8xf16>
  return %0 : tensor<8xf16>
}

// -----
// A bool is a byte in memory.
// CHECK-LABEL: func.func @bool
// CHECK-SAME: (%[[P:.*]]: tensor<8xi8>, %[[X:.*]]: tensor<8xf32>) -> tensor<8xi8>
func.func @bool(%p: tensor<8xi1>, %x: tensor<8xf32>) -> tensor<8xi1> {
  // CHECK: %[[LESS:.*]] = arith.cmpf olt
  // CHECK: arith.extui %[[LESS]] : i1 to i8
  %0 = ge.less %x, %x : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xi1>
  // CHECK: arith.cmpi ne, %{{.*}}, %{{.*}} : i8
  // CHECK: arith.muli %{{.*}}, %{{.*}} : i1
  %1 = ge.logical_and %p, %0 : tensor<8xi1>
  return %1 : tensor<8xi1>
}

// -----
// Unsigned elements are signless below, with unsigned operations.
// CHECK-LABEL: func.func @unsigned
// CHECK-SAME: (%{{.*}}: tensor<8xi8>, %{{.*}}: tensor<8xi8>) -> (tensor<8xi8>, tensor<8xf32>)
func.func @unsigned(%a: tensor<8xui8>, %b: tensor<8xui8>) -> (tensor<8xui8>, tensor<8xf32>) {
  // CHECK: arith.maxui
  %0 = ge.maximum %a, %b : tensor<8xui8>
  // CHECK: arith.uitofp
  %1 = ge.cast %a {dst_type = f32} : (tensor<8xui8>) -> tensor<8xf32>
  return %0, %1 : tensor<8xui8>, tensor<8xf32>
}

// -----
// Neither a zero divisor nor the overflow of -1 traps.
// CHECK-LABEL: func.func @divide
func.func @divide(%a: tensor<8xi32>, %b: tensor<8xi32>) -> tensor<8xi32> {
  // CHECK: %[[ZERO:.*]] = arith.cmpi eq
  // CHECK: %[[MINUS:.*]] = arith.cmpi eq
  // CHECK: %[[BAD:.*]] = arith.ori %[[ZERO]], %[[MINUS]]
  // CHECK: %[[SAFE:.*]] = arith.select %[[BAD]]
  // CHECK: arith.divsi %{{.*}}, %[[SAFE]]
  %0 = ge.div %a, %b : tensor<8xi32>
  return %0 : tensor<8xi32>
}

// -----
// A float that an integer cannot hold saturates, NaN becomes zero.
// CHECK-LABEL: func.func @saturate
func.func @saturate(%x: tensor<8xf32>) -> tensor<8xi32> {
  // CHECK: arith.cmpf ord
  // CHECK: %[[ABOVE:.*]] = arith.cmpf ogt
  // CHECK: %[[Y:.*]] = arith.fptosi
  // CHECK: arith.select %[[ABOVE]], %{{.*}}, %[[Y]] : i32
  %0 = ge.cast %x {dst_type = i32} : (tensor<8xf32>) -> tensor<8xi32>
  return %0 : tensor<8xi32>
}

// -----
// Elements of less than a byte share bytes at the interface and have one each inside.
// CHECK-LABEL: func.func @packed
// CHECK-SAME: (%{{.*}}: tensor<2xi8>) -> tensor<1xi8>
func.func @packed(%x: tensor<3xi4>) -> tensor<3xui2> {
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x2xi8>)
  // CHECK: arith.shrui
  // CHECK: arith.shrsi
  // CHECK: tensor.extract_slice {{.*}} : tensor<4xi8> to tensor<3xi8>
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<4xi8>)
  // CHECK: tensor.extract %{{.*}} : tensor<3xi8>
  // CHECK: arith.shli
  // CHECK: arith.ori
  %0 = ge.cast %x {dst_type = ui2} : (tensor<3xi4>) -> tensor<3xui2>
  return %0 : tensor<3xui2>
}

// -----
// Bits do not pass through the type that bodies compute in.
// CHECK-LABEL: func.func @bitcast
func.func @bitcast(%x: tensor<8xf16>) -> tensor<8xi16> {
  // CHECK: ^bb0(%[[IN:.*]]: f16, %{{.*}}: i16):
  // CHECK-NEXT: arith.bitcast %[[IN]] : f16 to i16
  %0 = ge.bitcast %x {type = i16} : (tensor<8xf16>) -> tensor<8xi16>
  return %0 : tensor<8xi16>
}
