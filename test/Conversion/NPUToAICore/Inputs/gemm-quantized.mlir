npu.kernel @quantized(%x: memref<70x8xi8>, %w: memref<100x8xi8>, %bias: memref<100xi32>, %scales: memref<100xf32>, %z: memref<70x100xi8>) {
  %zero = arith.constant -3.0 : f32
  %low = arith.constant -128.0 : f32
  %high = arith.constant 127.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<70x8xi8> to tensor<70x8xi8>
  %1 = bufferization.to_tensor %w restrict : memref<100x8xi8> to tensor<100x8xi8>
  %2 = bufferization.to_tensor %bias restrict : memref<100xi32> to tensor<100xi32>
  %3 = bufferization.to_tensor %scales restrict : memref<100xf32> to tensor<100xf32>
  %4 = bufferization.to_tensor %z restrict writable : memref<70x100xi8> to tensor<70x100xi8>
  %5 = npu.mmad ins(%0, %1 : tensor<70x8xi8>, tensor<100x8xi8>) epilogue(%2, %3 : tensor<100xi32>, tensor<100xf32>) outs(%4 : tensor<70x100xi8>) attributes {order = #npu<panel_order nk>} {
  ^bb0(%acc: i32, %e: i32, %scale: f32):
    %s = arith.addi %acc, %e : i32
    %f = arith.sitofp %s : i32 to f32
    %p = arith.mulf %f, %scale : f32
    %r = math.roundeven %p : f32
    %m = arith.addf %r, %zero : f32
    %l = arith.maximumf %m, %low : f32
    %h = arith.minimumf %l, %high : f32
    %y = arith.fptosi %h : f32 to i8
    npu.yield %y : i8
  } -> tensor<70x100xi8>
  bufferization.materialize_in_destination %5 in restrict writable %z : (tensor<70x100xi8>, memref<70x100xi8>) -> ()
  npu.return
}
