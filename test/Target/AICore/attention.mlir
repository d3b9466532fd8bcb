// REQUIRES: ge-compile, ge-run
// DEFINE: %{same} = --tolerance 0.01 --expect plain=%t/plain.npy --expect causal=%t/causal.npy
// RUN: rm -rf %t && mkdir %t
// RUN: ge-compile %s --device=Host -o %t/host.om && ge-run %t/host.om --output-dir %t
// RUN: ge-compile %s --device=Ascend910B1 --precision_mode=force_fp16 -o %t/all.om --placement | FileCheck %s
// RUN: ge-run %t/all.om %{same}
// RUN: ge-compile %s --device=Ascend910B1:1 --precision_mode=force_fp16 -o %t/one.om && ge-run %t/one.om %{same}
// RUN: ge-compile %s --device=Ascend910A:1 --precision_mode=force_fp16 -o %t/old.om --placement | FileCheck %s --check-prefix=AICPU
// RUN: ge-run %t/old.om %{same}
// RUN: ge-compile %s --device=Ascend910B1:4 -o %t/wide.om --placement | FileCheck %s
// RUN: ge-run %t/wide.om --tolerance 0.00001 --expect plain=%t/plain.npy --expect causal=%t/causal.npy
// RUN: npu-sim %t/all.om --timing | FileCheck %s --check-prefix=TIME

// An attention runs on cube and vector cores at once, where a device has both, and
// gives what the host computes in f32, up to roundings of f16 if it is in f16. Else it
// stays on the AICPU.
// CHECK: 2 on mix
// CHECK-DAG: mix attention
// AICPU: aicpu attention{{.*}}, an attention on a device without vector cores beside its cube cores
// TIME-COUNT-2: 1 mix
func.func @main(%q: tensor<2x4x150x64xf32> {ge.name = "q"}, %k: tensor<2x2x150x64xf32> {ge.name = "k"}, %v: tensor<2x2x150x64xf32> {ge.name = "v"}, %m: tensor<1x1x150x150xf32> {ge.name = "m"}) -> (tensor<2x4x150x64xf32> {ge.name = "plain"}, tensor<2x4x150x64xf32> {ge.name = "causal"}) {
  %0 = ge.prompt_flash_attention %q, %k, %v {num_heads = 4 : i64, num_key_value_heads = 2 : i64, input_layout = "BNSD", scale_value = 0.125 : f32} : (tensor<2x4x150x64xf32>, tensor<2x2x150x64xf32>, tensor<2x2x150x64xf32>) -> tensor<2x4x150x64xf32>
  %1 = ge.prompt_flash_attention %q, %k, %v shift(%m) {num_heads = 4 : i64, num_key_value_heads = 2 : i64, input_layout = "BNSD", scale_value = 0.125 : f32} : (tensor<2x4x150x64xf32>, tensor<2x2x150x64xf32>, tensor<2x2x150x64xf32>, tensor<1x1x150x150xf32>) -> tensor<2x4x150x64xf32>
  return %0, %1 : tensor<2x4x150x64xf32>, tensor<2x4x150x64xf32>
}
