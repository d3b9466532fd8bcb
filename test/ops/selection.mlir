// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<7x5x3xi32> {test.low = -1.0 : f64, test.high = 1.0 : f64}, %m: tensor<40xi1>, %s: tensor<f32>, %h: tensor<4x6xf16>) -> (tensor<3x?xi64>, tensor<?x3xi32>, tensor<1x?xi64>, tensor<1x?xi64>, tensor<2x?xi64>) {
  %0 = ge.non_zero %x : (tensor<7x5x3xi32>) -> tensor<3x?xi64>
  %1 = ge.non_zero %x {dtype = i32, transpose = true} : (tensor<7x5x3xi32>) -> tensor<?x3xi32>
  %2 = ge.non_zero %m : (tensor<40xi1>) -> tensor<1x?xi64>
  %3 = ge.non_zero %s : (tensor<f32>) -> tensor<1x?xi64>
  %4 = ge.non_zero %h : (tensor<4x6xf16>) -> tensor<2x?xi64>
  return %0, %1, %2, %3, %4 : tensor<3x?xi64>, tensor<?x3xi32>, tensor<1x?xi64>, tensor<1x?xi64>, tensor<2x?xi64>
}

// -----
// Nothing is found, and everything.
func.func @main(%x: tensor<8xf32> {test.low = 0.0 : f64, test.high = 0.0 : f64}, %y: tensor<8xf32> {test.low = 1.0 : f64, test.high = 2.0 : f64}) -> (tensor<1x?xi64>, tensor<1x?xi64>) {
  %0 = ge.non_zero %x : (tensor<8xf32>) -> tensor<1x?xi64>
  %1 = ge.non_zero %y : (tensor<8xf32>) -> tensor<1x?xi64>
  return %0, %1 : tensor<1x?xi64>, tensor<1x?xi64>
}

// -----
// What follows takes the size from the data.
func.func @main(%x: tensor<30xf32>) -> tensor<?xf32> {
  %zero = ge.const dense<0> : tensor<i64>
  %n = ge.const dense<0.0> : tensor<f32>
  %1 = ge.greater %x, %n : (tensor<30xf32>, tensor<f32>) -> tensor<30xi1>
  %2 = ge.non_zero %1 : (tensor<30xi1>) -> tensor<1x?xi64>
  %3 = ge.squeeze %2 {axis = array<i64: 0>} : (tensor<1x?xi64>) -> tensor<?xi64>
  %4 = ge.gather_v2 %x, %3, %zero : (tensor<30xf32>, tensor<?xi64>, tensor<i64>) -> tensor<?xf32>
  %5 = ge.add %4, %4 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %5 : tensor<?xf32>
}

// -----
func.func @main(%x: tensor<50xi32> {test.low = 0.0 : f64, test.high = 9.0 : f64}, %f: tensor<9xf32> {test.values = dense<[1.0, 0.0, -0.0, 2.0, 0x7FC00000, 1.0, 0x7FC00000, 2.0, 3.0]> : tensor<9xf32>}, %h: tensor<12xf16>, %b: tensor<20xui8> {test.high = 3.0 : f64}) -> (tensor<?xi32>, tensor<50xi32>, tensor<?xf32>, tensor<9xi64>, tensor<?xf16>, tensor<?xui8>) {
  %0, %1 = ge.unique %x : (tensor<50xi32>) -> (tensor<?xi32>, tensor<50xi32>)
  %2, %3 = ge.unique %f {out_idx = i64} : (tensor<9xf32>) -> (tensor<?xf32>, tensor<9xi64>)
  %4, %5 = ge.unique %h : (tensor<12xf16>) -> (tensor<?xf16>, tensor<12xi32>)
  %6, %7 = ge.unique %b : (tensor<20xui8>) -> (tensor<?xui8>, tensor<20xi32>)
  return %0, %1, %2, %3, %4, %6 : tensor<?xi32>, tensor<50xi32>, tensor<?xf32>, tensor<9xi64>, tensor<?xf16>, tensor<?xui8>
}

// -----
// Two batches of three classes, random boxes; all limits, and hardly any.
func.func @main(%b: tensor<2x60x4xf32> {test.low = 0.0 : f64, test.high = 1.0 : f64}, %s: tensor<2x3x60xf32> {test.low = 0.0 : f64, test.high = 1.0 : f64}, %m: tensor<i32> {test.values = dense<7> : tensor<i32>}, %all: tensor<1xi32> {test.values = dense<2147483647> : tensor<1xi32>}) -> (tensor<?x3xi32>, tensor<?x3xi32>, tensor<?x3xi32>, tensor<?x3xi32>) {
  %i = ge.const dense<0.3> : tensor<f32>
  %t = ge.const dense<0.4> : tensor<1xf32>
  %0 = ge.non_max_suppression_v6 %b, %s max_output_size(%m) iou_threshold(%i) score_threshold(%t) : (tensor<2x60x4xf32>, tensor<2x3x60xf32>, tensor<i32>, tensor<f32>, tensor<1xf32>) -> tensor<?x3xi32>
  %1 = ge.non_max_suppression_v6 %b, %s max_output_size(%all) iou_threshold(%i) : (tensor<2x60x4xf32>, tensor<2x3x60xf32>, tensor<1xi32>, tensor<f32>) -> tensor<?x3xi32>
  %2 = ge.non_max_suppression_v6 %b, %s max_output_size(%all) {center_point_box = 1 : i64, max_boxes_size = 11 : i64} : (tensor<2x60x4xf32>, tensor<2x3x60xf32>, tensor<1xi32>) -> tensor<?x3xi32>
  %five = ge.const dense<5> : tensor<i32>
  %3 = ge.non_max_suppression_v6 %b, %s max_output_size(%five) score_threshold(%t) : (tensor<2x60x4xf32>, tensor<2x3x60xf32>, tensor<i32>, tensor<1xf32>) -> tensor<?x3xi32>
  return %0, %1, %2, %3 : tensor<?x3xi32>, tensor<?x3xi32>, tensor<?x3xi32>, tensor<?x3xi32>
}

// -----
// One batch of one class, none wanted, and no boxes that take part.
func.func @main(%b: tensor<1x40x4xf16> {test.low = 0.0 : f64, test.high = 1.0 : f64}, %s: tensor<1x1x40xf16>, %m: tensor<i32> {test.values = dense<9> : tensor<i32>}) -> (tensor<?x3xi32>, tensor<?x3xi32>, tensor<?x3xi32>) {
  %i = ge.const dense<0.3> : tensor<f32>
  %t = ge.const dense<9.0> : tensor<f32>
  %0 = ge.non_max_suppression_v6 %b, %s max_output_size(%m) iou_threshold(%i) : (tensor<1x40x4xf16>, tensor<1x1x40xf16>, tensor<i32>, tensor<f32>) -> tensor<?x3xi32>
  %1 = ge.non_max_suppression_v6 %b, %s iou_threshold(%i) : (tensor<1x40x4xf16>, tensor<1x1x40xf16>, tensor<f32>) -> tensor<?x3xi32>
  %2 = ge.non_max_suppression_v6 %b, %s max_output_size(%m) score_threshold(%t) : (tensor<1x40x4xf16>, tensor<1x1x40xf16>, tensor<i32>, tensor<f32>) -> tensor<?x3xi32>
  return %0, %1, %2 : tensor<?x3xi32>, tensor<?x3xi32>, tensor<?x3xi32>
}
