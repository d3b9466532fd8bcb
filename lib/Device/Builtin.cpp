//===- Builtin.cpp - the built-in device descriptions ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AICores.h"
#include "ge-mlir/Support/MappedFile.h"

namespace gemlir {
namespace device {

/// What all levels of the host have in common. Cache sizes are the smallest of
/// the processors of a level: blocks that fit them fit the others too, and the
/// same level gives the same code on every machine.
static Description makeHost(const char *level, const char *triple, const char *cpu) {
  Description d;
  d.name = "Host";
  d.kind = Kind::Host;
  d.level = level;
  d.triple = triple;
  d.cpu = cpu;
  d.fmaPorts = 2;
  d.cores = 2;
  d.l1Bytes = 32 << 10;
  d.l2Bytes = 512 << 10;
  d.l3Bytes = 16 << 20;
  d.cacheLine = 64;
  d.channelBlock = 16;
  d.tileWork = 1 << 17;
  return d;
}

static void addCaches(Description &d, double l1, double l2, double l3, double memory) {
  d.spaces = {{"l1", d.l1Bytes, 64, l1, false},
              {"l2", d.l2Bytes, 64, l2, false},
              {"l3", d.l3Bytes, 64, l3, true},
              {"memory", 0, 64, memory, true}};
}

static std::vector<Description> makeTable() {
  std::vector<Description> table;

  // 16 registers: 12 accumulators, two vectors of B, one broadcast of A.
  Description v3 = makeHost("x86-64-v3", "x86_64-unknown-linux-gnu", "x86-64-v3");
  v3.vectorBits = 256;
  v3.vectorRegisters = 16;
  v3.gigahertz = 3.0;
  v3.mmadTiles = {{6, 16}};
  v3.kBlock = 1024;
  addCaches(v3, 64, 32, 16, 8);
  table.push_back(v3);

  // 32 registers: 28 accumulators and two vectors of B; A is broadcast from
  // memory by the multiply-add itself.
  Description v4 = makeHost("x86-64-v4", "x86_64-unknown-linux-gnu", "x86-64-v4");
  v4.features = {"-prefer-256-bit"};
  v4.vectorBits = 512;
  v4.vectorRegisters = 32;
  v4.gigahertz = 2.8;
  v4.l1Bytes = 48 << 10;
  v4.l2Bytes = 1 << 20;
  v4.mmadTiles = {{14, 32}, {12, 32}};
  v4.kBlock = 1024;
  addCaches(v4, 128, 48, 16, 8);
  table.push_back(v4);

  // 32 registers: 24 accumulators of four lanes, four vectors of B, lanes of A.
  Description neon = makeHost("aarch64", "aarch64-unknown-linux-gnu", "generic");
  neon.features = {"+neon", "+fp-armv8"};
  neon.vectorBits = 128;
  neon.vectorRegisters = 32;
  neon.gigahertz = 2.5;
  neon.mmadTiles = {{6, 16}};
  neon.kBlock = 1024;
  addCaches(neon, 32, 32, 16, 8);
  table.push_back(neon);
  return table;
}

static const std::vector<Description> &getTable() {
  static const std::vector<Description> table = makeTable();
  return table;
}

std::vector<std::string> builtinNames() {
  std::vector<std::string> names = {"Host"};
  for (const Description &d : getTable())
    names.push_back(d.level);
  for (const std::string &name : aiCoreNames())
    names.push_back(name);
  return names;
}

std::string hostLevel() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4"))
    return "x86-64-v4";
  if (__builtin_cpu_supports("x86-64-v3"))
    return "x86-64-v3";
  return "";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "";
#endif
}

static bool readFile(const std::string &path, std::string &text, std::string &error) {
  std::unique_ptr<MappedFile> file;
  if (Error failure = MappedFile::open(path, file)) {
    error = "device description: " + failure.text();
    return false;
  }
  text.assign(static_cast<const char *>(file->data()), file->size());
  return true;
}

bool lookup(const std::string &name, Description &result, std::string &error) {
  error.clear();
  if (name.size() > 5 && name.compare(name.size() - 5, 5, ".json") == 0) {
    std::string text;
    if (!readFile(name, text, error))
      return false;
    if (fromJson(text, result, error))
      return true;
    error = "device description '" + name + "': " + error;
    return false;
  }
  std::string level = name;
  if (name == "Host") {
    level = hostLevel();
    if (level.empty()) {
      error = "this processor has none of the levels that device 'Host' needs (AVX2 and FMA, or AArch64)";
      return false;
    }
  } else if (name.compare(0, 5, "Host:") == 0) {
    level = name.substr(5);
  }
  for (const Description &d : getTable())
    if (d.level == level) {
      result = d;
      return true;
    }
  if (findAICore(name, result, error) || !error.empty())
    return error.empty();
  error = "unknown device '" + name + "', expected a path that ends in '.json' or one of";
  for (const std::string &known : builtinNames())
    error += " '" + known + "'";
  return false;
}

} // namespace device
} // namespace gemlir
