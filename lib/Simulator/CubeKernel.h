//===- CubeKernel.h - the loops of the cube --------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same source is compiled for the processor that the library is built for and
// for one with AVX2, FMA and F16C. Sums of floats are fused multiply-adds in the order of
// k, so that both give the same bits.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_CUBEKERNEL_H
#define GE_MLIR_LIB_SIMULATOR_CUBEKERNEL_H

#include <cmath>
#include <cstdint>

namespace gemlir {
namespace sim {

/// Columns of a fractal of C.
typedef float FloatRow __attribute__((vector_size(64)));
typedef int32_t IntRow __attribute__((vector_size(64)));

__attribute__((always_inline)) inline FloatRow multiplyAdd(FloatRow a, FloatRow b, FloatRow c) {
#if __has_builtin(__builtin_elementwise_fma)
  return __builtin_elementwise_fma(a, b, c);
#else
  FloatRow result;
  for (int i = 0; i < 16; ++i)
    result[i] = std::fma(a[i], b[i], c[i]);
  return result;
#endif
}
__attribute__((always_inline)) inline IntRow multiplyAdd(IntRow a, IntRow b, IntRow c) { return a * b + c; }

/// Elements of k in a panel of A, whose rows so are a constant apart.
constexpr int64_t kPanelDepth = 64;

/// Adds to `Rows` rows of C the product of as many of a panel of A and `depth` rows
/// of B; those of B and C have 16 columns.
template <int Rows, typename T, typename Row>
__attribute__((always_inline)) inline void multiplyRows(const T *a, const T *b, T *c, int64_t depth) {
  Row sums[Rows];
  for (int r = 0; r < Rows; ++r)
    __builtin_memcpy(&sums[r], c + r * 16, sizeof(Row));
  auto step = [&](int64_t k) __attribute__((always_inline)) {
    Row right;
    __builtin_memcpy(&right, b + k * 16, sizeof(Row));
    for (int r = 0; r < Rows; ++r)
      sums[r] = multiplyAdd(a[r * kPanelDepth + k] - Row{}, right, sums[r]);
  };
  int64_t k = 0;
  for (; k + 4 <= depth; k += 4) {
    step(k);
    step(k + 1);
    step(k + 2);
    step(k + 3);
  }
  for (; k < depth; ++k)
    step(k);
  for (int r = 0; r < Rows; ++r)
    __builtin_memcpy(c + r * 16, &sums[r], sizeof(Row));
}

/// Six rows of sums fill the registers of AVX2.
constexpr int64_t kRowsAtOnce = 6;

/// The same for the rows of a column of fractals, a multiple of 16. Calls `between` for
/// each `kRowsAtOnce` rows.
template <typename T, typename Row, typename F>
__attribute__((always_inline)) inline void multiplyColumn(const T *a, const T *b, T *c, int64_t rows, int64_t depth,
                                                          F &&between) {
  int64_t row = 0;
  for (; row + kRowsAtOnce <= rows; row += kRowsAtOnce) {
    between();
    multiplyRows<kRowsAtOnce, T, Row>(a + row * kPanelDepth, b, c + row * 16, depth);
  }
  for (; row + 4 <= rows; row += 4)
    multiplyRows<4, T, Row>(a + row * kPanelDepth, b, c + row * 16, depth);
  for (; row < rows; row += 2)
    multiplyRows<2, T, Row>(a + row * kPanelDepth, b, c + row * 16, depth);
}

/// Turns 16 by 16 elements of 16 bits: four times, the rows of both halves are
/// shuffled into each other.
typedef uint16_t HalfRow __attribute__((vector_size(32)));
__attribute__((always_inline)) inline void turn(HalfRow (&rows)[16]) {
  for (int stage = 0; stage < 4; ++stage) {
    HalfRow next[16];
    for (int i = 0; i < 8; ++i) {
      next[2 * i] =
          __builtin_shufflevector(rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] =
          __builtin_shufflevector(rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    for (int i = 0; i < 16; ++i)
      rows[i] = next[i];
  }
}

/// Turns 8 by 8 elements of 32 bits: three times the same.
typedef uint32_t WordRow __attribute__((vector_size(32)));
__attribute__((always_inline)) inline void turn(WordRow (&rows)[8]) {
  for (int stage = 0; stage < 3; ++stage) {
    WordRow next[8];
    for (int i = 0; i < 4; ++i) {
      next[2 * i] = __builtin_shufflevector(rows[i], rows[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      next[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    for (int i = 0; i < 8; ++i)
      rows[i] = next[i];
  }
}

/// Copies, and fetches what lies `kAhead` further on; a call of the C library takes an
/// instruction for long rows that some processors are slow at.
__attribute__((always_inline)) inline void copyBytes(uint8_t *to, const uint8_t *from, uint64_t bytes) {
  constexpr uint64_t kAhead = 1024;
  uint64_t at = 0;
  for (; at + 128 <= bytes; at += 128) {
    WordRow rows[4];
    __builtin_prefetch(from + at + kAhead);
    __builtin_prefetch(from + at + kAhead + 64);
    __builtin_memcpy(rows, from + at, sizeof(rows));
    __builtin_memcpy(to + at, rows, sizeof(rows));
  }
  if (at < bytes)
    __builtin_memcpy(to + at, from + at, bytes - at);
}

#if defined(__x86_64__)
/// Widens 16 elements of 16 bits.
typedef _Float16 HalfOctet __attribute__((vector_size(16)));
typedef float FloatOctet __attribute__((vector_size(32)));
__attribute__((target("avx2,fma,f16c"))) inline void widenHalves(const void *from, float *to) {
  HalfOctet halves[2];
  __builtin_memcpy(halves, from, sizeof(halves));
  const FloatOctet low = __builtin_convertvector(halves[0], FloatOctet);
  const FloatOctet high = __builtin_convertvector(halves[1], FloatOctet);
  __builtin_memcpy(to, &low, sizeof(low));
  __builtin_memcpy(to + 8, &high, sizeof(high));
}
/// A fractal of B, to `depth` rows of 16.
__attribute__((target("avx2,fma,f16c"))) inline void turnFractal(const uint8_t *fractal, float *to, uint64_t depth) {
  HalfRow rows[16];
  __builtin_memcpy(rows, fractal, sizeof(rows));
  turn(rows);
  for (uint64_t k = 0; k < depth; ++k)
    widenHalves(&rows[k], to + k * 16);
}
#endif

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_CUBEKERNEL_H
