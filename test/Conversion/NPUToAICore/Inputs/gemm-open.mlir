npu.kernel @open(%x: memref<?x?xf16> {npu.sizes = array<i64: 0, 1>}, %w: memref<?x?xf16> {npu.sizes = array<i64: 2, 1>}, %z: memref<?x?xf32> {npu.sizes = array<i64: 0, 2>}, %m: i64, %k: i64, %n: i64) {
  %0 = bufferization.to_tensor %x restrict : memref<?x?xf16> to tensor<?x?xf16>
  %1 = bufferization.to_tensor %w restrict : memref<?x?xf16> to tensor<?x?xf16>
  %2 = bufferization.to_tensor %z restrict writable : memref<?x?xf32> to tensor<?x?xf32>
  %3 = npu.mmad ins(%0, %1 : tensor<?x?xf16>, tensor<?x?xf16>) outs(%2 : tensor<?x?xf32>) attributes {order = #npu<panel_order nk>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<?x?xf32>
  bufferization.materialize_in_destination %3 in restrict writable %z : (tensor<?x?xf32>, memref<?x?xf32>) -> ()
  npu.return
}
