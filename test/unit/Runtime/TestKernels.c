//===- TestKernels.c - kernels of the runtime's tests
//--------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

/* y = x * 2, in tiles of scalars[0] elements; scalars[1] elements in all. */
void twice(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {
  const float *x = buffers[0];
  float *y = buffers[1];
  for (int64_t i = begin * scalars[0]; i < end * scalars[0] && i < scalars[1]; ++i)
    y[i] = x[i] * 2.0f;
}

/* z = x + y, four elements. */
void add4(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {
  const float *x = buffers[0], *y = buffers[1];
  float *z = buffers[2];
  for (int i = 0; i < 4; ++i)
    z[i] = x[i] + y[i];
}

/* One denormal-sensitive sum per tile: the value depends on the tile alone. */
void tile_sums(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {
  const float *x = buffers[0];
  float *y = buffers[1];
  for (int64_t tile = begin; tile < end; ++tile) {
    float sum = 0;
    for (int i = 0; i < 64; ++i)
      sum += x[(tile * 7 + i * 13) % 1024] / (float)(i + 1);
    y[tile] = sum * 1e-38f * 0.001f + sum;
  }
}

/* Counts how often each tile ran. */
void count_tiles(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {
  int32_t *counts = buffers[0];
  for (int64_t tile = begin; tile < end; ++tile)
    counts[tile]++;
}

/* y = x * 0.5 for one element. */
void half(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {
  *(float *)buffers[1] = *(const float *)buffers[0] * 0.5f;
}

/* A state that counts executions. */
void increment(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {
  int64_t *state = buffers[0], *out = buffers[1];
  *out = ++*state;
}

/* Writes a scalar. */
void store(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {
  *(int64_t *)buffers[0] = scalars[0];
}

/* Which of two builds of this library it is in; see makeVariant. */
const volatile int64_t variant_marker[2] = {0x1122334455667788, 1};
void variant(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {
  *(int64_t *)buffers[0] = variant_marker[1];
}

void nothing(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end, void *context) {}
