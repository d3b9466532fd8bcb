// Rows of two tables, by numbers that count from the end if they are negative and stop at the edges;
// of the second table by a number that is limited by a scalar.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#rows = affine_map<(d0, d1, d2) -> (d0, d1)>
npu.kernel @gathered(%i: memref<?x?xi32> {npu.sizes = array<i64: 0, 1>}, %x: memref<51x37xf32>, %z: memref<?x37xf32> {npu.sizes = array<i64: 2>}, %y: memref<?x?x37xf32> {npu.sizes = array<i64: 0, 1>}, %n: i64, %m: i64, %k: i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c50 = arith.constant 50 : index
  %c51 = arith.constant 51 : index
  %last = arith.index_cast %k : i64 to index
  %0 = bufferization.to_tensor %i restrict : memref<?x?xi32> to tensor<?x?xi32>
  %1 = bufferization.to_tensor %x restrict : memref<51x37xf32> to tensor<51x37xf32>
  %2 = bufferization.to_tensor %z restrict : memref<?x37xf32> to tensor<?x37xf32>
  %3 = bufferization.to_tensor %y restrict writable : memref<?x?x37xf32> to tensor<?x?x37xf32>
  %4 = linalg.generic {indexing_maps = [#rows, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<?x?xi32>) outs(%3 : tensor<?x?x37xf32>) {
  ^bb0(%in: i32, %out: f32):
    %p = arith.index_cast %in : i32 to index
    %q = arith.addi %p, %c51 : index
    %less = arith.cmpi slt, %p, %c0 : index
    %r = arith.select %less, %q, %p : index
    %low = arith.maxsi %r, %c0 : index
    %row = arith.minsi %low, %c50 : index
    %c = linalg.index 2 : index
    %a = tensor.extract %1[%row, %c] : tensor<51x37xf32>
    %j = linalg.index 1 : index
    %most = arith.subi %last, %c1 : index
    %l = arith.minsi %j, %most : index
    %b = tensor.extract %2[%l, %c] : tensor<?x37xf32>
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<?x?x37xf32>
  bufferization.materialize_in_destination %4 in restrict writable %y : (tensor<?x?x37xf32>, memref<?x?x37xf32>) -> ()
  npu.return
}
