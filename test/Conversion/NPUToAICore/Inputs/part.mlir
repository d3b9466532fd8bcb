// An operand of open sizes becomes channels 2 to 6 of a result, whose others stay.
npu.kernel @part(%x: memref<?x5x?xf32> {npu.sizes = array<i64: 0, 1>}, %y: memref<?x9x?xf32> {npu.sizes = array<i64: 0, 1>}, %n: i64, %v: i64) {
  %rows = arith.index_cast %n : i64 to index
  %columns = arith.index_cast %v : i64 to index
  %0 = bufferization.to_tensor %x restrict : memref<?x5x?xf32> to tensor<?x5x?xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<?x9x?xf32> to tensor<?x9x?xf32>
  %2 = tensor.insert_slice %0 into %1[0, 2, 0] [%rows, 5, %columns] [1, 1, 1] : tensor<?x5x?xf32> into tensor<?x9x?xf32>
  bufferization.materialize_in_destination %2 in restrict writable %y : (tensor<?x9x?xf32>, memref<?x9x?xf32>) -> ()
  npu.return
}
