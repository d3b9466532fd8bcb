//===- CubeKernel.h - the loops of the cube --------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same source is compiled for the processor that the library is built for and
// for one with AVX2 and FMA. Sums of floats are fused multiply-adds in the order of
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

/// Adds to a fractal of C the product of 16 rows of A (`depth` apart) and `depth`
/// rows of B of 16 columns.
template <typename T, typename Row>
__attribute__((always_inline)) inline void multiplyFractals(const T *a, const T *b, T *c, int64_t depth,
                                                            int64_t pitch) {
  constexpr int kRows = 4;
  for (int row = 0; row < 16; row += kRows) {
    Row sums[kRows];
    for (int r = 0; r < kRows; ++r)
      __builtin_memcpy(&sums[r], c + (row + r) * 16, sizeof(Row));
    for (int64_t k = 0; k < depth; ++k) {
      Row right;
      __builtin_memcpy(&right, b + k * 16, sizeof(Row));
      for (int r = 0; r < kRows; ++r)
        sums[r] = multiplyAdd(Row{} + a[(row + r) * pitch + k], right, sums[r]);
    }
    for (int r = 0; r < kRows; ++r)
      __builtin_memcpy(c + (row + r) * 16, &sums[r], sizeof(Row));
  }
}

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_CUBEKERNEL_H
