//===- CpuFeatures.cpp - what this processor can do -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Features have LLVM's names. Each row says where the processor reports one and
// which register state the operating system must save for it.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Runtime/Model.h"

#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace gemlir::runtime {

namespace {

#if defined(__x86_64__)

enum Register : uint8_t { EAX, EBX, ECX, EDX };
enum SavedState : uint8_t { SSE = 0, AVX = 0x06, AVX512 = 0xe6 };

struct FeatureRow {
  const char *name;
  unsigned leaf, subleaf;
  Register reg;
  unsigned bit;
  SavedState state;
};

constexpr FeatureRow kFeatures[] = {
    {"sse2", 1, 0, EDX, 26, SSE},          {"sse3", 1, 0, ECX, 0, SSE},          {"ssse3", 1, 0, ECX, 9, SSE},
    {"sse4.1", 1, 0, ECX, 19, SSE},        {"sse4.2", 1, 0, ECX, 20, SSE},       {"cx16", 1, 0, ECX, 13, SSE},
    {"popcnt", 1, 0, ECX, 23, SSE},        {"movbe", 1, 0, ECX, 22, SSE},        {"lzcnt", 0x80000001, 0, ECX, 5, SSE},
    {"sahf", 0x80000001, 0, ECX, 0, SSE},  {"bmi", 7, 0, EBX, 3, SSE},           {"bmi2", 7, 0, EBX, 8, SSE},
    {"avx", 1, 0, ECX, 28, AVX},           {"f16c", 1, 0, ECX, 29, AVX},         {"fma", 1, 0, ECX, 12, AVX},
    {"avx2", 7, 0, EBX, 5, AVX},           {"avxvnni", 7, 1, EAX, 4, AVX},       {"avx512f", 7, 0, EBX, 16, AVX512},
    {"avx512dq", 7, 0, EBX, 17, AVX512},   {"avx512cd", 7, 0, EBX, 28, AVX512},  {"avx512bw", 7, 0, EBX, 30, AVX512},
    {"avx512vl", 7, 0, EBX, 31, AVX512},   {"avx512vbmi", 7, 0, ECX, 1, AVX512}, {"avx512vnni", 7, 0, ECX, 11, AVX512},
    {"avx512fp16", 7, 0, EDX, 23, AVX512}, {"avx512bf16", 7, 1, EAX, 5, AVX512},
};

struct LevelRow {
  const char *name;
  const char *features[16];
};

constexpr LevelRow kLevels[] = {
    {"x86-64", {"sse2"}},
    {"x86-64-v2", {"sse2", "sse3", "ssse3", "sse4.1", "sse4.2", "cx16", "popcnt", "sahf"}},
    {"x86-64-v3", {"x86-64-v2", "avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"}},
    {"x86-64-v4", {"x86-64-v3", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}},
};

bool read(const FeatureRow &row) {
  unsigned registers[4];
  if (!__get_cpuid_count(row.leaf, row.subleaf, &registers[EAX], &registers[EBX], &registers[ECX], &registers[EDX]))
    return false;
  if (!(registers[row.reg] >> row.bit & 1))
    return false;
  if (row.state == SSE)
    return true;
  unsigned a, b, c, d;
  constexpr unsigned kOsSavesState = 1u << 27;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & kOsSavesState))
    return false;
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & row.state) == row.state;
}

bool lookUp(const char *name) {
  for (const LevelRow &level : kLevels) {
    if (std::strcmp(level.name, name))
      continue;
    for (const char *feature : level.features)
      if (feature && !lookUp(feature))
        return false;
    return true;
  }
  for (const FeatureRow &row : kFeatures)
    if (!std::strcmp(row.name, name))
      return read(row);
  return false;
}

#elif defined(__aarch64__)

struct FeatureRow {
  const char *name;
  unsigned long auxiliary;
  unsigned bit;
};

constexpr FeatureRow kFeatures[] = {
    {"fp-armv8", AT_HWCAP, 0}, {"neon", AT_HWCAP, 1},   {"fullfp16", AT_HWCAP, 10}, {"dotprod", AT_HWCAP, 20},
    {"sve", AT_HWCAP, 22},     {"i8mm", AT_HWCAP2, 13}, {"bf16", AT_HWCAP2, 14},
};

bool lookUp(const char *name) {
  if (!std::strcmp(name, "aarch64"))
    return true;
  for (const FeatureRow &row : kFeatures)
    if (!std::strcmp(row.name, name))
      return getauxval(row.auxiliary) >> row.bit & 1;
  return false;
}

#else
bool lookUp(const char *) { return false; }
#endif

} // namespace

bool hasCpuFeature(const std::string &name) {
  // Lists of features have LLVM's signs. A minus says what the code does not
  // use, and "generic" is the processor without any.
  if (name == "generic" || (!name.empty() && name[0] == '-'))
    return true;
  return lookUp(name.c_str() + (!name.empty() && name[0] == '+'));
}

} // namespace gemlir::runtime
