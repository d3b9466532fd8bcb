//===- scalar.c - arithmetic of the control core -----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints hashes of results, one for each kind of operation. Built for the control
// core and for the host, the two must print the same. What C leaves open, such as
// a division by zero, is asked of the control core alone.
//
//===----------------------------------------------------------------------===//

typedef unsigned long long u64;
typedef long long s64;
typedef unsigned u32;
typedef int s32;

#ifdef __riscv
#include "npu_commands.h"
#define PRINT(tag, value) np_sys(3, tag, value)
// The compiler calls these for arrays.
void *memset(void *to, int value, unsigned long size) {
  for (volatile char *at = to; size; --size)
    *at++ = (char)value;
  return to;
}
void *memcpy(void *to, const void *from, unsigned long size) {
  volatile char *at = to;
  for (const char *source = from; size; --size)
    *at++ = *source++;
  return to;
}
#else
#include <stdio.h>
#define PRINT(tag, value) printf("core 0: %llu %lld\n", (u64)(tag), (s64)(value))
#endif

static volatile u64 edges[] = {0, 1, 2, 63, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
                               0x8000000000000000, 0xffffffffffffffff, 0x123456789abcdef0, 0xff00ff0000ff00};
enum { Edges = sizeof(edges) / sizeof(*edges) };

static u64 state = 88172645463325252ull;
static u64 next(u32 i) {
  if (i < Edges)
    return edges[i];
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}
static u64 mix(u64 hash, u64 value) { return (hash ^ value) * 0x100000001b3ull; }
static u64 bitsOf(double x) {
  u64 bits;
  __builtin_memcpy(&bits, &x, 8);
  return x == x ? bits : 0x7ff8000000000000;
}
static u64 bitsOfSingle(float x) {
  u32 bits;
  __builtin_memcpy(&bits, &x, 4);
  return x == x ? bits : 0x7fc00000;
}

static void integers(void) {
  u64 h[10] = {0};
  for (u32 i = 0; i < 400; ++i) {
    u64 a = next(i % 20), b = next(i / 20 % 20);
    u32 c = (u32)a, d = (u32)b, s = (u32)b & 63;
    h[0] = mix(h[0], a + b), h[0] = mix(h[0], a - b), h[0] = mix(h[0], (u64)(s64)(s32)(c + d));
    h[1] = mix(h[1], a * b), h[1] = mix(h[1], (u64)(s64)(s32)(c * d));
    h[1] = mix(h[1], (u64)((unsigned __int128)a * b >> 64)), h[1] = mix(h[1], (u64)((__int128)(s64)a * (s64)b >> 64));
    if (b)
      h[2] = mix(h[2], a / b), h[2] = mix(h[2], a % b);
    if (b && b != ~0ull)
      h[2] = mix(h[2], (u64)((s64)a / (s64)b)), h[2] = mix(h[2], (u64)((s64)a % (s64)b));
    if (d)
      h[3] = mix(h[3], c / d), h[3] = mix(h[3], c % d);
    if (d && d != ~0u)
      h[3] = mix(h[3], (u64)(s64)((s32)c / (s32)d)), h[3] = mix(h[3], (u64)(s64)((s32)c % (s32)d));
    h[4] = mix(h[4], a << s), h[4] = mix(h[4], a >> s), h[4] = mix(h[4], (u64)((s64)a >> s));
    h[4] = mix(h[4], c << (s & 31)), h[4] = mix(h[4], c >> (s & 31)), h[4] = mix(h[4], (u64)(s64)((s32)c >> (s & 31)));
    h[5] = mix(h[5], a << s | a >> (-s & 63)), h[5] = mix(h[5], a >> s | a << (-s & 63));
    h[5] = mix(h[5], c << (s & 31) | c >> (-s & 31)), h[5] = mix(h[5], a >> 13 | a << 51);
    h[6] = mix(h[6], a & ~b), h[6] = mix(h[6], a | ~b), h[6] = mix(h[6], ~(a ^ b)), h[6] = mix(h[6], __builtin_bswap64(a));
    h[7] = mix(h[7], (s64)a < (s64)b ? a : b), h[7] = mix(h[7], a < b ? a : b), h[7] = mix(h[7], (s64)a > (s64)b ? a : b);
    h[7] = mix(h[7], a > b ? a : b), h[7] = mix(h[7], (s64)a < (s64)b), h[7] = mix(h[7], a < b);
    if (a)
      h[8] = mix(h[8], (u64)__builtin_clzll(a)), h[8] = mix(h[8], (u64)__builtin_ctzll(a));
    if (c)
      h[8] = mix(h[8], (u64)__builtin_clz(c)), h[8] = mix(h[8], (u64)__builtin_ctz(c));
    h[8] = mix(h[8], (u64)__builtin_popcountll(a)), h[8] = mix(h[8], (u64)__builtin_popcount(c));
    h[9] = mix(h[9], (u64)(s64)(signed char)a), h[9] = mix(h[9], (u64)(s64)(short)a), h[9] = mix(h[9], (unsigned short)a);
    h[9] = mix(h[9], (a << 1) + b), h[9] = mix(h[9], (a << 3) + b), h[9] = mix(h[9], ((u64)c << 2) + b);
  }
  for (u32 i = 0; i < 10; ++i)
    PRINT(i, h[i]);
}

static void floats(void) {
  u64 h[8] = {0};
  volatile double specials[] = {0.0, -0.0, 1.0, -1.5, 1e300, 1e-300, 5e-324, 1e18, 2.5, -0.5, __builtin_inf(), 0x1p31};
  for (u32 i = 0; i < 600; ++i) {
    double a = specials[i % 12], b = specials[i / 12 % 12];
    if (i >= 144)
      a = (double)(s64)next(99) * 1e-9, b = (double)(next(99) >> 20);
    float x = (float)a, y = (float)b;
    h[0] = mix(h[0], bitsOf(a + b)), h[0] = mix(h[0], bitsOf(a - b)), h[0] = mix(h[0], bitsOf(a * b));
    h[0] = mix(h[0], bitsOf(a / b)), h[0] = mix(h[0], bitsOf(__builtin_sqrt(b)));
    h[1] = mix(h[1], bitsOfSingle(x + y)), h[1] = mix(h[1], bitsOfSingle(x - y)), h[1] = mix(h[1], bitsOfSingle(x * y));
    h[1] = mix(h[1], bitsOfSingle(x / y)), h[1] = mix(h[1], bitsOfSingle(__builtin_sqrtf(y)));
    h[2] = mix(h[2], bitsOf(__builtin_fma(a, b, -a))), h[2] = mix(h[2], bitsOfSingle(__builtin_fmaf(x, y, x)));
    h[2] = mix(h[2], bitsOf(__builtin_fma(-a, b, a))), h[2] = mix(h[2], bitsOfSingle(__builtin_fmaf(-x, y, -x)));
    h[3] = mix(h[3], a < b), h[3] = mix(h[3], a <= b), h[3] = mix(h[3], a == b), h[3] = mix(h[3], x < y);
    h[4] = mix(h[4], bitsOf(__builtin_fabs(a))), h[4] = mix(h[4], bitsOf(-b)), h[4] = mix(h[4], bitsOf(__builtin_copysign(a, b)));
    if (a > -1e9 && a < 1e9)
      h[5] = mix(h[5], (u64)(s64)(s32)a), h[5] = mix(h[5], (u64)(s64)(s32)x), h[5] = mix(h[5], (u64)(s64)a);
    h[6] = mix(h[6], bitsOf(x)), h[6] = mix(h[6], bitsOfSingle((float)(s64)next(99))), h[6] = mix(h[6], bitsOf((double)next(99)));
    h[6] = mix(h[6], bitsOf((double)(s32)next(99))), h[6] = mix(h[6], bitsOfSingle((float)(u32)next(99)));
    h[7] = mix(h[7], bitsOfSingle(x > y ? x : y)), h[7] = mix(h[7], (u64)(b < 1e15 && b >= 0 ? (u64)b : 0));
  }
  for (u32 i = 0; i < 8; ++i)
    PRINT(100 + i, h[i]);
}

static void atomics(void) {
  static u64 place = 5;
  static u32 word = 7;
  u64 h = 0;
  for (u32 i = 0; i < 40; ++i) {
    u64 a = next(i);
    h = mix(h, __atomic_fetch_add(&place, a, __ATOMIC_RELAXED)), h = mix(h, __atomic_fetch_xor(&place, a, __ATOMIC_SEQ_CST));
    h = mix(h, __atomic_fetch_or(&place, a & 0xff, __ATOMIC_RELAXED)), h = mix(h, __atomic_exchange_n(&place, ~a, __ATOMIC_RELAXED));
    h = mix(h, (u64)(s64)(s32)__atomic_fetch_add(&word, (u32)a, __ATOMIC_RELAXED)), h = mix(h, __atomic_fetch_and(&word, ~(u32)a, __ATOMIC_RELAXED));
    u64 expected = i & 1 ? place : 0;
    h = mix(h, __atomic_compare_exchange_n(&place, &expected, a, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
  }
  PRINT(200, mix(mix(h, place), word));
}

#ifdef __riscv
void vector_main(void) {
  integers();
  floats();
  atomics();
  np_sys(0, 0, 0);
}
#else
int main(void) {
  integers();
  floats();
  atomics();
  return 0;
}
#endif
