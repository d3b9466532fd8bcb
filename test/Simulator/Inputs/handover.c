//===- handover.c - a cube core and its vector cores -------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The cube core copies its block's part of the source through L1 into a staging
// area; each vector core doubles its half of that; the cube core copies the halves
// into the result once both are done. N numbers of f32 for each block.
//
//===----------------------------------------------------------------------===//

#include "npu_commands.h"

enum { V = NP_QUEUE_V, MTE1 = NP_QUEUE_MTE1, MTE2 = NP_QUEUE_MTE2, MTE3 = NP_QUEUE_MTE3, N = 128 };
#define SET(src, dst, event) np_flag(dst, src, 0, event)
#define WAIT(src, dst, event) np_flag(dst, src, 1, event)

typedef struct {
  unsigned long source, staging, result;
} Arguments;

static void setShape(unsigned long bytes) {
  np_pset(0, np_dma_in_p0(bytes, 1), 0);
  np_pset(1, np_dma_in_p2(1, 0), 0);
}

void cube_main(const Arguments *x) {
  unsigned long at = np_get(0, 0) * N * 4, l1 = NP_ADDRESS(NP_SPACE_L1, 0);
  setShape(N * 4);
  np_dma_in(l1, x->source + at);
  SET(MTE2, MTE3, 0);
  WAIT(MTE2, MTE3, 0);
  np_dma_out(x->staging + at, l1, 0);
  np_xflag(MTE3, 2, 0, 0, 0);
  np_xflag(MTE2, 2, 1, 1, 0);
  np_dma_in(l1 + N * 4, x->staging + at);
  SET(MTE2, MTE3, 0);
  WAIT(MTE2, MTE3, 0);
  np_dma_out(x->result + at, l1 + N * 4, 0);
  np_sys(0, 0, 0);
}

void vector_main(const Arguments *x) {
  unsigned long at = np_get(0, 0) * N * 4 + np_get(2, 0) * N * 2, ub = NP_ADDRESS(NP_SPACE_UB, 0);
  setShape(N * 2);
  np_xflag(MTE2, 2, 1, 0, 0);
  np_dma_in(ub, x->staging + at);
  SET(MTE2, V, 0);
  WAIT(MTE2, V, 0);
  np_v_scalar(NP_V_SCALAR_MULS, NP_TYPE_F32, 0, 0, 1, N / 2, 0, 0, 0x40000000);
  SET(V, MTE3, 0);
  WAIT(V, MTE3, 0);
  np_dma_out(x->staging + at, ub, 0);
  np_xflag(MTE3, 2, 0, 1, 0);
  np_sys(0, 0, 0);
}
