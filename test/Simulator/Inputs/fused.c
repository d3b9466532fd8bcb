//===- fused.c - commands of two operations, and of blocks ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From 256 f32 each of x and y: 2 x + y, the largest of each of its blocks of eight,
// its blocks from the second on, and its even elements.
//
//===----------------------------------------------------------------------===//

#include "npu_commands.h"

#define SET(src, dst) np_flag(NP_QUEUE_##dst, NP_QUEUE_##src, 0, 0)
#define WAIT(src, dst) np_flag(NP_QUEUE_##dst, NP_QUEUE_##src, 1, 0)

enum { X = 0, Y = 32, Sum = 64, Largest = 96, Numbers = 112, Blocks = 128, Even = 160 }; // blk

typedef struct {
  unsigned long x, y, sum, largest, blocks, even; // addresses
} Arguments;

static void load(unsigned long from, unsigned long blk) { np_dma_in(NP_ADDRESS(NP_SPACE_UB, blk * 32), from); }

static void store(unsigned long to, unsigned long blk, unsigned long bytes) {
  np_pset(0, np_dma_out_p0(bytes, 1), 0);
  np_dma_out(to, NP_ADDRESS(NP_SPACE_UB, blk * 32), 0);
}

void vector_main(const Arguments *a) {
  np_pset(0, np_dma_in_p0(1024, 1), 0);
  np_pset(1, np_dma_in_p2(1, 0), 0);
  load(a->x, X);
  load(a->y, Y);
  SET(MTE2, V);
  WAIT(MTE2, V);
  np_pset(4, 0, np_v_fused_p9(0x40000000)); // 2.0
  np_v_fused(NP_V_FUSED_AXPY, NP_TYPE_F32, Sum, X, Y, 1, 256, 0, 0, 0, 1, 1, 1, 0);
  np_v_reduce(NP_V_REDUCE_BLOCKMAX, NP_TYPE_F32, Largest, Sum, 1, 256, 0, 0);
  np_v_generate(NP_V_GENERATE_IOTA, NP_TYPE_S32, Numbers, 1, 31, 0, 0, 0, 1);
  np_v_permute(NP_V_PERMUTE_GATHERB, NP_TYPE_F32, Blocks, Sum, Numbers, 1, 248, 0, 0, 0, 32);
  np_v_permute(NP_V_PERMUTE_PICK, NP_TYPE_F32, Even, Sum, 0, 1, 256, 0, 0, 0, 1);
  SET(V, MTE3);
  WAIT(V, MTE3);
  store(a->sum, Sum, 1024);
  store(a->largest, Largest, 128);
  store(a->blocks, Blocks, 992);
  store(a->even, Even, 512);
  np_sys(0, 0, 0);
}
