//===- FloatMode.h - flushing of denormal numbers ---------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_FLOATMODE_H
#define GEMLIR_LIB_RUNTIME_FLOATMODE_H

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace gemlir::runtime {

/// While it lives, the thread rounds to nearest, traps nothing, and, if it is to
/// flush, treats denormal numbers as zero, reads and writes alike; then the thread
/// has its own mode again. Kernels therefore compute the same in every thread,
/// whatever the caller has set.
class FloatMode {
public:
#if defined(__x86_64__)
  explicit FloatMode(bool flush = true) : saved(_mm_getcsr()) {
    constexpr unsigned kMaskExceptions = 0x1f80, kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040;
    _mm_setcsr(kMaskExceptions | (flush ? kFlushToZero | kDenormalsAreZero : 0));
  }
  ~FloatMode() { _mm_setcsr(saved); }

private:
  unsigned saved;
#elif defined(__aarch64__)
  explicit FloatMode(bool flush = true) {
    uint64_t mode = uint64_t(flush) << 24;
    __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
    __asm__ volatile("msr fpcr, %0" ::"r"(mode));
  }
  ~FloatMode() { __asm__ volatile("msr fpcr, %0" ::"r"(saved)); }

private:
  uint64_t saved;
#else
  explicit FloatMode(bool = true) {}
#endif

public:
  FloatMode(const FloatMode &) = delete;
  FloatMode &operator=(const FloatMode &) = delete;
};

} // namespace gemlir::runtime

#endif // GEMLIR_LIB_RUNTIME_FLOATMODE_H
