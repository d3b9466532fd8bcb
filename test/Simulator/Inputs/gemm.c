//===- gemm.c - a double-buffered matrix product ----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C = A B, f16 by f16 to f32, row-major, sizes multiples of the tiles. A block
// computes tiles of TM x TN, with slabs of TK in L1 and steps of SK in L0A and
// L0B, each twice. Every buffer has a flag forward and a flag back; those back are
// set once before the loops and waited for once behind them.
//
//===----------------------------------------------------------------------===//

#include "npu_commands.h"

#ifndef TM
#define TM 128
#define TN 256
#define TK 256
#define SK 64
#endif

enum { V = NP_QUEUE_V, M = NP_QUEUE_M, MTE1 = NP_QUEUE_MTE1, MTE2 = NP_QUEUE_MTE2, FIX = NP_QUEUE_FIX };
#define SET(src, dst, event) np_flag(dst, src, 0, event)
#define WAIT(src, dst, event) np_flag(dst, src, 1, event)

typedef struct {
  unsigned long a, b, c;            // addresses
  unsigned long m, n, k;            // sizes
  unsigned long gridRows, gridCols; // blocks by rows and columns of C
} Arguments;

enum { SlabA = TM * TK * 2, SlabB = TK * TN * 2, StepA = TM * SK * 2, StepB = SK * TN * 2 };

static void loadSlabs(const Arguments *x, unsigned long row, unsigned long col, unsigned long k, unsigned long p) {
  np_pset(0, np_dma_nd2nz_p0(TK, TM), np_dma_nd2nz_p1(x->k * 2));
  np_pset(1, np_dma_nd2nz_p2(1, NP_TYPE_F16, TM), 0);
  np_dma_nd2nz(NP_ADDRESS(NP_SPACE_L1, p * SlabA), x->a + (row * x->k + k) * 2);
  np_pset(0, np_dma_nd2nz_p0(TN, TK), np_dma_nd2nz_p1(x->n * 2));
  np_pset(1, np_dma_nd2nz_p2(1, NP_TYPE_F16, TK), 0);
  np_dma_nd2nz(NP_ADDRESS(NP_SPACE_L1, 2 * SlabA + p * SlabB), x->b + (k * x->n + col) * 2);
}

static void multiplySlab(unsigned long p, int isFirst) {
  #pragma clang loop unroll(disable)
  for (unsigned long step = 0; step < TK / SK; ++step) {
    unsigned long r = step & 1;
    WAIT(M, MTE1, r);
    np_l0_load2d(0, 0, 0, 1, r * StepA / 32, (p * SlabA + step * TM * SK * 2) / 32, TM / 16, SK / 16, TM / 16, SK / 16);
    np_l0_load2d(1, 1, 1, 1, r * StepB / 32, (2 * SlabA + p * SlabB + step * SK * 32) / 32, SK / 16, TN / 16, TK / 16,
                 TN / 16);
    SET(MTE1, M, r);
    WAIT(MTE1, M, r);
    if (isFirst && step == 0) {
      WAIT(FIX, M, 0);
      np_mmad(0, 1, r * StepA / 32, r * StepB / 32, 0, 0, TM, SK, TN, 0);
    } else {
      np_mmad(0, 0, r * StepA / 32, r * StepB / 32, 0, 0, TM, SK, TN, 0);
    }
    SET(M, MTE1, r);
  }
}

static void computeTile(const Arguments *x, unsigned long row, unsigned long col) {
  #pragma clang loop unroll(disable)
  for (unsigned long k = 0; k < x->k; k += TK) {
    unsigned long p = (k / TK) & 1;
    WAIT(MTE1, MTE2, p);
    loadSlabs(x, row, col, k, p);
    SET(MTE2, MTE1, p);
    WAIT(MTE2, MTE1, p);
    multiplySlab(p, k == 0);
    SET(MTE1, MTE2, p);
  }
  SET(M, FIX, 0);
  WAIT(M, FIX, 0);
  np_pset(3, np_fix_p6(x->n * 4, 0, 0), 0);
  np_fix(0, 0, 0, x->c + (row * x->n + col) * 4, 0, TM, TN, TM / 16);
  SET(FIX, M, 0);
}

void cube_main(const Arguments *x) {
  unsigned long block = np_get(0, 0), gridCols = x->gridCols;
  unsigned long rows = x->m / x->gridRows, cols = x->n / gridCols;
  unsigned long top = block / gridCols * rows, left = block % gridCols * cols;
  SET(MTE1, MTE2, 0);
  SET(MTE1, MTE2, 1);
  SET(M, MTE1, 0);
  SET(M, MTE1, 1);
  SET(FIX, M, 0);
  #pragma clang loop unroll(disable)
  for (unsigned long i = 0; i < rows; i += TM)
    #pragma clang loop unroll(disable)
    for (unsigned long j = 0; j < cols; j += TN)
      computeTile(x, top + i, left + j);
  WAIT(MTE1, MTE2, 0);
  WAIT(MTE1, MTE2, 1);
  WAIT(M, MTE1, 0);
  WAIT(M, MTE1, 1);
  WAIT(FIX, M, 0);
  np_sys(0, 0, 0);
}
