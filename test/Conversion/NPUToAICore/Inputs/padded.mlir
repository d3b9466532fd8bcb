// The sum of a value and of what is three rows and two planes above, with 0.5 around
// the tensor.
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
npu.kernel @padded(%x: memref<4x19x13xf32>, %z: memref<9x23x13xf32>, %y: memref<9x23x13xf32>) {
  %c0 = arith.constant 0 : index
  %m3 = arith.constant -3 : index
  %m2 = arith.constant -2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c18 = arith.constant 18 : index
  %c19 = arith.constant 19 : index
  %half = arith.constant 0.5 : f32
  %0 = bufferization.to_tensor %x restrict : memref<4x19x13xf32> to tensor<4x19x13xf32>
  %1 = bufferization.to_tensor %z restrict : memref<9x23x13xf32> to tensor<9x23x13xf32>
  %2 = bufferization.to_tensor %y restrict writable : memref<9x23x13xf32> to tensor<9x23x13xf32>
  %3 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%1 : tensor<9x23x13xf32>) outs(%2 : tensor<9x23x13xf32>) {
  ^bb0(%v: f32, %out: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %k = linalg.index 2 : index
    %a = arith.addi %i, %m2 : index
    %b = arith.addi %j, %m3 : index
    %a0 = arith.maxsi %a, %c0 : index
    %a1 = arith.minsi %a0, %c3 : index
    %b0 = arith.maxsi %b, %c0 : index
    %b1 = arith.minsi %b0, %c18 : index
    %e = tensor.extract %0[%a1, %b1, %k] : tensor<4x19x13xf32>
    %p = arith.cmpi ult, %a, %c4 : index
    %q = arith.cmpi ult, %b, %c19 : index
    %in = arith.andi %p, %q : i1
    %r = arith.select %in, %e, %half : f32
    %s = arith.addf %r, %v : f32
    linalg.yield %s : f32
  } -> tensor<9x23x13xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<9x23x13xf32>, memref<9x23x13xf32>) -> ()
  npu.return
}
