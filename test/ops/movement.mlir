// Operators that move elements agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%x: tensor<2x3x4x5xf32>) -> (tensor<6x20xf32>, tensor<5x3x2x4xf32>, tensor<3x2x4x5xf32>, tensor<2x60xf32>, tensor<2x12x5xf32>, tensor<2x1x3x4x5xf32>, tensor<1x2x3x4x5xf32>) {
  %shape = ge.const dense<[6, -1]> : tensor<2xi64>
  %perm = ge.const dense<[3, 1, 0, 2]> : tensor<4xi64>
  %swap = ge.const dense<[1, 0, 2, 3]> : tensor<4xi32>
  %zero = ge.const dense<0> : tensor<i32>
  %0 = ge.reshape %x, %shape : (tensor<2x3x4x5xf32>, tensor<2xi64>) -> tensor<6x20xf32>
  %1 = ge.transpose %x, %perm : (tensor<2x3x4x5xf32>, tensor<4xi64>) -> tensor<5x3x2x4xf32>
  %2 = ge.transpose %x, %swap : (tensor<2x3x4x5xf32>, tensor<4xi32>) -> tensor<3x2x4x5xf32>
  %3 = ge.flatten %x : (tensor<2x3x4x5xf32>) -> tensor<2x60xf32>
  %4 = ge.flatten_v2 %x {axis = 1 : i64, end_axis = 2 : i64} : (tensor<2x3x4x5xf32>) -> tensor<2x12x5xf32>
  %5 = ge.unsqueeze %x {axes = array<i64: 1>} : (tensor<2x3x4x5xf32>) -> tensor<2x1x3x4x5xf32>
  %6 = ge.expand_dims %x, %zero : (tensor<2x3x4x5xf32>, tensor<i32>) -> tensor<1x2x3x4x5xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<6x20xf32>, tensor<5x3x2x4xf32>, tensor<3x2x4x5xf32>, tensor<2x60xf32>, tensor<2x12x5xf32>, tensor<2x1x3x4x5xf32>, tensor<1x2x3x4x5xf32>
}

// -----
func.func @main(%x: tensor<1x8x4x6xf32>, %y: tensor<1x4x6x8xf32>, %z: tensor<3x1x5x1xi8>) -> (tensor<1x2x8x12xf32>, tensor<1x2x8x12xf32>, tensor<1x8x12x2xf32>, tensor<1x32x2x3xf32>, tensor<1x2x3x32xf32>, tensor<3x5xi8>) {
  %0 = ge.depth_to_space %x {block_size = 2 : i64, data_format = "NCHW"} : (tensor<1x8x4x6xf32>) -> tensor<1x2x8x12xf32>
  %1 = ge.depth_to_space %x {block_size = 2 : i64, data_format = "NCHW", mode = "CRD"} : (tensor<1x8x4x6xf32>) -> tensor<1x2x8x12xf32>
  %2 = ge.depth_to_space %y {block_size = 2 : i64} : (tensor<1x4x6x8xf32>) -> tensor<1x8x12x2xf32>
  %3 = ge.space_to_depth %x {block_size = 2 : i64, data_format = "NCHW"} : (tensor<1x8x4x6xf32>) -> tensor<1x32x2x3xf32>
  %4 = ge.space_to_depth %y {block_size = 2 : i64} : (tensor<1x4x6x8xf32>) -> tensor<1x2x3x32xf32>
  %5 = ge.squeeze %z : (tensor<3x1x5x1xi8>) -> tensor<3x5xi8>
  return %0, %1, %2, %3, %4, %5 : tensor<1x2x8x12xf32>, tensor<1x2x8x12xf32>, tensor<1x8x12x2xf32>, tensor<1x32x2x3xf32>, tensor<1x2x3x32xf32>, tensor<3x5xi8>
}

// -----
func.func @main(%x: tensor<2x3x4xf32>, %y: tensor<2x5x4xf32>, %z: tensor<2x3x4xf32>, %b: tensor<3xi1>) -> (tensor<2x8x4xf32>, tensor<4x3x4xf32>, tensor<2x3x2x4xf32>, tensor<2x2x3x4xf32>, tensor<6xi1>) {
  %one = ge.const dense<1> : tensor<i32>
  %zero = ge.const dense<0> : tensor<i64>
  %0 = ge.concat_v2 %x, %y, %one : (tensor<2x3x4xf32>, tensor<2x5x4xf32>, tensor<i32>) -> tensor<2x8x4xf32>
  %1 = ge.concat_v2 %x, %z, %zero : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<i64>) -> tensor<4x3x4xf32>
  %2 = ge.pack %x, %z {axis = 2 : i64, N = 2 : i64} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x2x4xf32>
  %3 = ge.pack %x, %z {axis = 0 : i64, N = 2 : i64} : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x2x3x4xf32>
  %4 = ge.concat_v2 %b, %b, %zero : (tensor<3xi1>, tensor<3xi1>, tensor<i64>) -> tensor<6xi1>
  return %0, %1, %2, %3, %4 : tensor<2x8x4xf32>, tensor<4x3x4xf32>, tensor<2x3x2x4xf32>, tensor<2x2x3x4xf32>, tensor<6xi1>
}

// -----
func.func @main(%x: tensor<2x6x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x6x1xf32>, tensor<2x6x3xf32>, tensor<6x4xf32>, tensor<6x4xf32>) {
  %one = ge.const dense<1> : tensor<i32>
  %two = ge.const dense<2> : tensor<i32>
  %sizes = ge.const dense<[1, -1]> : tensor<2xi64>
  %0:2 = ge.split %one, %x {num_split = 2 : i64} : (tensor<i32>, tensor<2x6x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>)
  %1:2 = ge.split_v %x, %sizes, %two {num_split = 2 : i64} : (tensor<2x6x4xf32>, tensor<2xi64>, tensor<i32>) -> (tensor<2x6x1xf32>, tensor<2x6x3xf32>)
  %2:2 = ge.unpack %x {num = 2 : i64} : (tensor<2x6x4xf32>) -> (tensor<6x4xf32>, tensor<6x4xf32>)
  return %0#0, %0#1, %1#0, %1#1, %2#0, %2#1 : tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x6x1xf32>, tensor<2x6x3xf32>, tensor<6x4xf32>, tensor<6x4xf32>
}

// -----
func.func @main(%x: tensor<4x6x8xf32>) -> (tensor<2x6x8xf32>, tensor<3x4x2xf32>, tensor<2x3x2xf32>, tensor<6x4xf32>, tensor<1x4x6x8xf32>, tensor<4x3x8xf32>, tensor<4x6x4xf32>) {
  %o0 = ge.const dense<[1, 0, 0]> : tensor<3xi64>
  %s0 = ge.const dense<[2, -1, 8]> : tensor<3xi64>
  %0 = ge.slice %x, %o0, %s0 : (tensor<4x6x8xf32>, tensor<3xi64>, tensor<3xi64>) -> tensor<2x6x8xf32>
  %o1 = ge.const dense<[1, 2, 5]> : tensor<3xi64>
  %s1 = ge.const dense<[3, 4, 2]> : tensor<3xi64>
  %1 = ge.slice %x, %o1, %s1 : (tensor<4x6x8xf32>, tensor<3xi64>, tensor<3xi64>) -> tensor<3x4x2xf32>
  %b2 = ge.const dense<[0, 5, -1]> : tensor<3xi64>
  %e2 = ge.const dense<[4, -7, 1]> : tensor<3xi64>
  %t2 = ge.const dense<[2, -2, -3]> : tensor<3xi64>
  %2 = ge.strided_slice %x, %b2, %e2, %t2 : (tensor<4x6x8xf32>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>) -> tensor<2x3x2xf32>
  %b3 = ge.const dense<[-1, 0, 2]> : tensor<3xi64>
  %e3 = ge.const dense<[0, 0, 6]> : tensor<3xi64>
  %t3 = ge.const dense<1> : tensor<3xi64>
  %3 = ge.strided_slice %x, %b3, %e3, %t3 {shrink_axis_mask = 1 : i64, begin_mask = 2 : i64, end_mask = 2 : i64} : (tensor<4x6x8xf32>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>) -> tensor<6x4xf32>
  %b4 = ge.const dense<[0, 0]> : tensor<2xi64>
  %t4 = ge.const dense<1> : tensor<2xi64>
  %4 = ge.strided_slice %x, %b4, %b4, %t4 {new_axis_mask = 1 : i64, ellipsis_mask = 2 : i64} : (tensor<4x6x8xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<1x4x6x8xf32>
  %b5 = ge.const dense<1> : tensor<1xi64>
  %e5 = ge.const dense<100> : tensor<1xi64>
  %a5 = ge.const dense<1> : tensor<1xi64>
  %t5 = ge.const dense<2> : tensor<1xi64>
  %5 = ge.strided_slice_v2 %x, %b5, %e5 axes(%a5) strides(%t5) : (tensor<4x6x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x3x8xf32>
  %e6 = ge.const dense<5> : tensor<1xi64>
  %a6 = ge.const dense<-1> : tensor<1xi64>
  %6 = ge.strided_slice_v2 %x, %b5, %e6 axes(%a6) : (tensor<4x6x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x6x4xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<2x6x8xf32>, tensor<3x4x2xf32>, tensor<2x3x2xf32>, tensor<6x4xf32>, tensor<1x4x6x8xf32>, tensor<4x3x8xf32>, tensor<4x6x4xf32>
}

// -----
func.func @main(%x: tensor<2x3xf32>, %y: tensor<3x1xi32>, %v: tensor<f32>) -> (tensor<4x9xf32>, tensor<2x2x3xf32>, tensor<2x3x4xi32>, tensor<3x5xf32>, tensor<5x6xf32>, tensor<4x6xf32>) {
  %m = ge.const dense<[2, 3]> : tensor<2xi64>
  %0 = ge.tile %x, %m : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<4x9xf32>
  %m1 = ge.const dense<[2, 1, 1]> : tensor<3xi64>
  %1 = ge.tile %x, %m1 : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<2x2x3xf32>
  %s = ge.const dense<[2, 3, 4]> : tensor<3xi64>
  %2 = ge.broadcast_to %y, %s : (tensor<3x1xi32>, tensor<3xi64>) -> tensor<2x3x4xi32>
  %d = ge.const dense<[3, 5]> : tensor<2xi64>
  %3 = ge.fill %d, %v : (tensor<2xi64>, tensor<f32>) -> tensor<3x5xf32>
  %p = ge.const dense<[[1, 2], [3, 0]]> : tensor<2x2xi64>
  %4 = ge.pad_v3 %x, %p : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<5x6xf32>
  %q = ge.const dense<[[1, 1], [2, 1]]> : tensor<2x2xi64>
  %5 = ge.mirror_pad %x, %q {mode = "REFLECT"} : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<4x6xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<4x9xf32>, tensor<2x2x3xf32>, tensor<2x3x4xi32>, tensor<3x5xf32>, tensor<5x6xf32>, tensor<4x6xf32>
}

// -----
func.func @main(%x: tensor<4x5xf32>) -> (tensor<6x9xf32>, tensor<8x7xf32>, tensor<6x9xf32>, tensor<8x9xf32>, tensor<3x6xf32>, tensor<6x9xf32>) {
  %p = ge.const dense<[[1, 1], [2, 2]]> : tensor<2x2xi64>
  %v = ge.const dense<-7.5> : tensor<f32>
  %0 = ge.pad_v3 %x, %p, %v : (tensor<4x5xf32>, tensor<2x2xi64>, tensor<f32>) -> tensor<6x9xf32>
  %q = ge.const dense<[[2, 2], [1, 1]]> : tensor<2x2xi64>
  %1 = ge.pad_v3 %x, %q {mode = "reflect"} : (tensor<4x5xf32>, tensor<2x2xi64>) -> tensor<8x7xf32>
  %2 = ge.pad_v3 %x, %p {mode = "edge"} : (tensor<4x5xf32>, tensor<2x2xi64>) -> tensor<6x9xf32>
  %r = ge.const dense<[[4, 0], [0, 4]]> : tensor<2x2xi64>
  %3 = ge.mirror_pad %x, %r {mode = "SYMMETRIC"} : (tensor<4x5xf32>, tensor<2x2xi64>) -> tensor<8x9xf32>
  %s = ge.const dense<[[-1, 0], [2, -1]]> : tensor<2x2xi64>
  %4 = ge.pad_v3 %x, %s : (tensor<4x5xf32>, tensor<2x2xi64>) -> tensor<3x6xf32>
  %5 = ge.pad_v3 %x, %p {mode = "wrap"} : (tensor<4x5xf32>, tensor<2x2xi64>) -> tensor<6x9xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<6x9xf32>, tensor<8x7xf32>, tensor<6x9xf32>, tensor<8x9xf32>, tensor<3x6xf32>, tensor<6x9xf32>
}

// -----
func.func @main(%x: tensor<3x4x5xf32>, %n: tensor<4xi64> {test.values = dense<[1, 3, 2, 0]> : tensor<4xi64>}, %i: tensor<2x3xi64> {test.low = -1.0 : f64, test.high = 6.0 : f64}, %s: tensor<f32>, %d: tensor<f32>) -> (tensor<3x4x5xf32>, tensor<3x4x5xf32>, tensor<3x4x5xf32>, tensor<3x4x5xf32>, tensor<2x3x6xf32>, tensor<2x6x3xi32>, tensor<3x4xf32>, tensor<2x2x3xi8>) {
  %axes = ge.const dense<[0, -1]> : tensor<2xi64>
  %0 = ge.reverse_v2 %x, %axes : (tensor<3x4x5xf32>, tensor<2xi64>) -> tensor<3x4x5xf32>
  %1 = ge.reverse_sequence %x, %n {seq_dim = 0 : i64, batch_dim = 1 : i64} : (tensor<3x4x5xf32>, tensor<4xi64>) -> tensor<3x4x5xf32>
  %2 = ge.tril %x {diagonal = 1 : i64} : tensor<3x4x5xf32>
  %3 = ge.triu %x {diagonal = -1 : i64} : tensor<3x4x5xf32>
  %depth = ge.const dense<6> : tensor<i32>
  %on = ge.const dense<1.5> : tensor<f32>
  %off = ge.const dense<-0.5> : tensor<f32>
  %4 = ge.one_hot %i, %depth, %on, %off : (tensor<2x3xi64>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<2x3x6xf32>
  %oni = ge.const dense<7> : tensor<i32>
  %offi = ge.const dense<0> : tensor<i32>
  %5 = ge.one_hot %i, %depth, %oni, %offi {axis = 1 : i64} : (tensor<2x3xi64>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x6x3xi32>
  %6 = ge.eye {num_rows = 3 : i64, num_columns = 4 : i64} : tensor<3x4xf32>
  %7 = ge.eye {num_rows = 2 : i64, num_columns = 3 : i64, batch_shape = array<i64: 2>, dtype = i8} : tensor<2x2x3xi8>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<3x4x5xf32>, tensor<3x4x5xf32>, tensor<3x4x5xf32>, tensor<3x4x5xf32>, tensor<2x3x6xf32>, tensor<2x6x3xi32>, tensor<3x4xf32>, tensor<2x2x3xi8>
}

// -----
// What shapes and constants determine.
func.func @main(%x: tensor<2x3x4xf32>) -> (tensor<3xi32>, tensor<i64>, tensor<i32>, tensor<4xi64>, tensor<5xf32>) {
  %0 = ge.shape %x : (tensor<2x3x4xf32>) -> tensor<3xi32>
  %1 = ge.size %x {dtype = i64} : (tensor<2x3x4xf32>) -> tensor<i64>
  %2 = ge.rank %x : (tensor<2x3x4xf32>) -> tensor<i32>
  %a = ge.const dense<0> : tensor<i64>
  %b = ge.const dense<10> : tensor<i64>
  %c = ge.const dense<3> : tensor<i64>
  %3 = ge.range %a, %b, %c : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<4xi64>
  %d = ge.const dense<1.0> : tensor<f32>
  %e = ge.const dense<-1.0> : tensor<f32>
  %f = ge.const dense<-0.4> : tensor<f32>
  %4 = ge.range %d, %e, %f : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<5xf32>
  return %0, %1, %2, %3, %4 : tensor<3xi32>, tensor<i64>, tensor<i32>, tensor<4xi64>, tensor<5xf32>
}

// -----
// A slice that begins behind the end of a dimension of any size is empty.
func.func @main(%x: tensor<5x3xf32> {test.open = array<i64: 0>}) -> (tensor<0x3xf32>, tensor<5x3xf32>) {
  %begin = ge.const dense<7> : tensor<1xi64>
  %end = ge.const dense<9> : tensor<1xi64>
  %back = ge.const dense<-7> : tensor<1xi64>
  %0 = ge.strided_slice_v2 %x, %begin, %end : (tensor<5x3xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<0x3xf32>
  %1 = ge.strided_slice_v2 %x, %back, %end : (tensor<5x3xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<5x3xf32>
  return %0, %1 : tensor<0x3xf32>, tensor<5x3xf32>
}

// -----
// Rows, however long they are, between the inputs and the results of a model.
func.func @main(%x: tensor<13x5xf32> {test.open = array<i64: 1>}) -> tensor<4x5xf32> {
  %begin = ge.const dense<[3, 0]> : tensor<2xi64>
  %size = ge.const dense<[4, -1]> : tensor<2xi64>
  %0 = ge.slice %x, %begin, %size : (tensor<13x5xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<4x5xf32>
  return %0 : tensor<4x5xf32>
}
