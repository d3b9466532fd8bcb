npu.kernel @bytes(%x: memref<70x72xi8>, %w: memref<100x72xi8>, %bias: memref<100xi32>, %z: memref<70x100xi32>) {
  %0 = bufferization.to_tensor %x restrict : memref<70x72xi8> to tensor<70x72xi8>
  %1 = bufferization.to_tensor %w restrict : memref<100x72xi8> to tensor<100x72xi8>
  %2 = bufferization.to_tensor %bias restrict : memref<100xi32> to tensor<100xi32>
  %3 = bufferization.to_tensor %z restrict writable : memref<70x100xi32> to tensor<70x100xi32>
  %4 = npu.mmad ins(%0, %1 : tensor<70x72xi8>, tensor<100x72xi8>) epilogue(%2 : tensor<100xi32>) outs(%3 : tensor<70x100xi32>) attributes {order = #npu<panel_order nk>, unsigned_lhs} {
  ^bb0(%acc: i32, %e: i32):
    %s = arith.addi %acc, %e : i32
    npu.yield %s : i32
  } -> tensor<70x100xi32>
  bufferization.materialize_in_destination %4 in restrict writable %z : (tensor<70x100xi32>, memref<70x100xi32>) -> ()
  npu.return
}
