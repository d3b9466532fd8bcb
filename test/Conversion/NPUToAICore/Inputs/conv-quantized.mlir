npu.kernel @quantized(%x: memref<2x1x9x7x40xi8>, %w: memref<24x360xi8>, %bias: memref<24xi32>, %scales: memref<24xf32>, %z: memref<40x24xi8>) {
  %zero = arith.constant -3.0 : f32
  %low = arith.constant -128.0 : f32
  %high = arith.constant 127.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<2x1x9x7x40xi8> to tensor<2x1x9x7x40xi8>
  %1 = bufferization.to_tensor %w restrict : memref<24x360xi8> to tensor<24x360xi8>
  %2 = bufferization.to_tensor %bias restrict : memref<24xi32> to tensor<24xi32>
  %3 = bufferization.to_tensor %scales restrict : memref<24xf32> to tensor<24xf32>
  %4 = bufferization.to_tensor %z restrict writable : memref<40x24xi8> to tensor<40x24xi8>
  %p = npu.im2col %0 {channels = 40 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 5, 4>, pad_value = 9 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : tensor<2x1x9x7x40xi8> -> !npu.matrix<40x360xi8>
  %5 = npu.mmad ins(%p, %1 : !npu.matrix<40x360xi8>, tensor<24x360xi8>) epilogue(%2, %3 : tensor<24xi32>, tensor<24xf32>) outs(%4 : tensor<40x24xi8>) attributes {order = #npu<panel_order nk>} {
  ^bb0(%acc: i32, %e: i32, %scale: f32):
    %s = arith.addi %acc, %e : i32
    %f = arith.sitofp %s : i32 to f32
    %q = arith.mulf %f, %scale : f32
    %r = math.roundeven %q : f32
    %m = arith.addf %r, %zero : f32
    %l = arith.maximumf %m, %low : f32
    %h = arith.minimumf %l, %high : f32
    %y = arith.fptosi %h : f32 to i8
    npu.yield %y : i8
  } -> tensor<40x24xi8>
  bufferization.materialize_in_destination %5 in restrict writable %z : (tensor<40x24xi8>, memref<40x24xi8>) -> ()
  npu.return
}
