/*===- NPUKernels.c - kernels of a simulated NPU for tests -----------------===*\
|*
|* Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for license information.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===----------------------------------------------------------------------===*/

typedef unsigned long u64;

/* Tile i doubles element i. */
void twice(float *const *buffers, const long *scalars, long begin, long end) {
  for (long i = begin; i < end; ++i)
    buffers[1][i] = buffers[0][i] * 2;
}

/* Adds scalar 0 to all of as many elements as scalar 1 says. */
void add(float *const *buffers, const long *scalars, long begin, long end) {
  for (long i = 0; i < scalars[1]; ++i)
    buffers[1][i] = buffers[0][i] + (float)scalars[0];
}

/* Reads in front of its input. */
void before(float *const *buffers, const long *scalars, long begin, long end) { buffers[1][0] = buffers[0][-1]; }

/* Writes to its input. */
void back(float *const *buffers, const long *scalars, long begin, long end) { buffers[0][0] = buffers[1][0]; }

/* The control core of a vector core: ends its block. */
__attribute__((naked)) void block(void) { __asm__ volatile(".insn r 11, 7, 0, x0, x0, x0"); }

struct Row {
  const char *name;
  void *cube, *vector, *aicpu;
  unsigned blocks, reserved;
};

__attribute__((section(".npu.kernels"), used)) const struct Row table[] = {{"twice", 0, 0, twice, 0, 0},
                                                                           {"add", 0, 0, add, 0, 0},
                                                                           {"before", 0, 0, before, 0, 0},
                                                                           {"back", 0, 0, back, 0, 0},
                                                                           {"block", 0, block, 0, 3, 0}};

__attribute__((section(".npu.target"), used)) const char target[] = {
    '{', '"', 'b', 'a', 's', 'e', '"', ':', '"', 'A', 's', 'c', 'e', 'n', 'd', '9', '1', '0', 'B', '1', '"', '}'};
