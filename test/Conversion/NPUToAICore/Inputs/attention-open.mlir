// Batch, queries and keys are scalars; heads inside, a number for each key of a batch.
npu.kernel @attention(%q: memref<?x?x2x16xf32> {npu.sizes = array<i64: 0, 1>}, %k: memref<?x?x2x16xf32> {npu.sizes = array<i64: 0, 2>}, %v: memref<?x?x2x20xf32> {npu.sizes = array<i64: 0, 2>}, %mask: memref<?x1x?x1xf32> {npu.sizes = array<i64: 0, 2>}, %o: memref<?x?x2x20xf32> {npu.sizes = array<i64: 0, 1>}, %b: i64, %m: i64, %s: i64) attributes {num_outputs = 1 : i64} {
  %qt = bufferization.to_tensor %q restrict : memref<?x?x2x16xf32> to tensor<?x?x2x16xf32>
  %kt = bufferization.to_tensor %k restrict : memref<?x?x2x16xf32> to tensor<?x?x2x16xf32>
  %vt = bufferization.to_tensor %v restrict : memref<?x?x2x20xf32> to tensor<?x?x2x20xf32>
  %maskt = bufferization.to_tensor %mask restrict : memref<?x1x?x1xf32> to tensor<?x1x?x1xf32>
  %e = bufferization.to_tensor %o restrict writable : memref<?x?x2x20xf32> to tensor<?x?x2x20xf32>
  %r = npu.attention ins(%qt, %kt, %vt : tensor<?x?x2x16xf32>, tensor<?x?x2x16xf32>, tensor<?x?x2x20xf32>) mask(%maskt : tensor<?x1x?x1xf32>) outs(%e : tensor<?x?x2x20xf32>) {scale = 0.25 : f32, key_heads_inside = true, query_heads_inside = true} -> tensor<?x?x2x20xf32>
  bufferization.materialize_in_destination %r in restrict writable %o : (tensor<?x?x2x20xf32>, memref<?x?x2x20xf32>) -> ()
  npu.return
}
