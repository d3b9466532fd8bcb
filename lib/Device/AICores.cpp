//===- AICores.cpp - the built-in NPUs ------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes, clocks and counts of cores are those of the platform configuration files
// published with each product. Rates and latencies are straight lines through
// published measurements of one core; where a family has none of its own, those of
// the nearest one are scaled by its configured rates, and `sources` says so.
//
//===----------------------------------------------------------------------===//

#include "AICores.h"

namespace gemlir {
namespace device {

namespace {

/// What products of a family differ in.
struct Product {
  const char *name;
  unsigned cubes, vectors, harts;
  double gigahertz;
  uint64_t cacheMiB, memoryGiB;
};

constexpr uint64_t KiB = 1024, MiB = 1024 * KiB, GiB = 1024 * MiB;

} // namespace

static std::vector<VectorRate> makeVectorRates(double twoSource) {
  // Rows of EngineCommands.td; slopes per repeat of 256 bytes.
  return {{"one_source", 10, 1, 1, 14},
          {"two_source", 10, twoSource, twoSource, 14},
          {"divide", 11, 4, 4, 19},
          {"transcendental", 13, 4, 2, 18},
          {"function", 13, 24, 24, 25},
          {"compare", 14, 2, 2, 22},
          {"compare_scalar", 14, 1, 1, 22},
          {"select", 13, 2, 2, 14},
          {"fma", 10, 5, 5, 15},
          {"row_sum", 14, 7, 3, 32},
          {"row_max", 14, 7, 7, 24},
          {"block_sum", 14, 7, 1, 24},
          {"block_max", 14, 7, 1, 17},
          {"pair_sum", 14, 1, 1, 24},
          {"transpose", 14, 8, 8, 18},
          {"gather", 24, 24.2, 12.2, 18},
          {"gather_blocks", 24, 2.1, 2.1, 18},
          {"pack", 14, 14, 14, 18},
          {"pick", 14, 2, 2, 18},
          {"sort", 20, 16.4, 16.4, 78},
          {"cast", 14, 1, 1, 18}};
}

static std::vector<MemorySpace> makeSpaces(uint64_t memory, uint64_t ub, uint64_t l1, uint64_t l0c, uint64_t bt,
                                           uint64_t fb) {
  return {{"GM", memory, 1, 0, true},         {"UB", ub, 32, 128, false},         {"L1", l1, 32, 256, false},
          {"L0A", 64 * KiB, 512, 256, false}, {"L0B", 64 * KiB, 512, 128, false}, {"L0C", l0c, 64, 256, false},
          {"BT", bt, 64, 64, false},          {"FB", fb, 64, 64, false}};
}

/// The counts are published; clock and cycles are those of a small two-wide core
/// in order.
static AICPU makeAICPU(unsigned harts) {
  AICPU cpu;
  cpu.harts = harts;
  cpu.gigahertz = 2.0;
  cpu.features = {"+unaligned-scalar-mem"};
  cpu.instructionCycles = 0.6;
  cpu.floatCycles = 1;
  cpu.divideCycles = 16;
  cpu.cacheBytes = 64 * KiB;
  cpu.missCycles = 40;
  return cpu;
}

static Description makeCommon(const Product &product) {
  Description d;
  d.name = product.name;
  d.kind = Kind::AICore;
  d.triple = "riscv64-unknown-elf";
  d.cpu = "generic-rv64";
  d.features = {"+m", "+a", "+f", "+d", "+zba", "+zbb"};
  d.vectorBits = 0;
  d.vectorRegisters = 32;
  d.fmaPorts = 1;
  d.gigahertz = product.gigahertz;
  d.cores = product.cubes;
  d.l1Bytes = 32 * KiB;
  d.l2Bytes = product.cacheMiB * MiB;
  d.l3Bytes = 0;
  d.channelBlock = 16;
  // A row of 16 accumulators leaves registers for a panel's; the cube's fractals
  // have as many columns.
  d.mmadTiles = {{1, 16}};
  d.kBlock = 1024;
  d.tileWork = 1 << 15;
  AICore core;
  core.cubeCores = product.cubes;
  core.vectorCores = product.vectors;
  core.leftOrder = "zZ";
  core.flags = 8;
  core.crossFlags = 11;
  core.queueDepth = 32;
  core.handoffCycles = 30;
  core.crossFlagCycles = 220;
  core.launchCycles = 10905;
  core.dispatchCycles = 2000;
  core.loadCycles = 3;
  core.missCycles = 300;
  core.cubeSetup = 2;
  core.cubeTail = 21;
  core.cubeRates = {{"f16", 1}, {"bf16", 1}, {"f32", 2}, {"s8", 1}, {"u8", 1}};
  core.vectorRates = makeVectorRates(2);
  core.bankGroups = 16;
  core.cacheBytes = product.cacheMiB * MiB;
  core.cacheLine = 512;
  core.cacheMissCycles = 250;
  core.aicpu = makeAICPU(product.harts);
  d.aiCore = core;
  return d;
}

/// Bytes per cycle of the cube's clock for a bandwidth in GB/s.
static double perCycle(double gigabytes, double gigahertz) { return gigabytes / gigahertz; }

/// 910B: cube and vector cores apart, joined by global memory alone.
static Description makeA2(const Product &product) {
  Description d = makeCommon(product);
  d.spaces = makeSpaces(product.memoryGiB * GiB, 192 * KiB, 512 * KiB, 128 * KiB, 1 * KiB, 7 * KiB);
  AICore &core = *d.aiCore;
  const bool wide = std::string(product.name) == "Ascend910B3";
  core.paths = {{"GM", "L1", 8, 155, 198, 155},
                {"GM", "L1 NZ", 8, 251, 748, 251},
                {"GM", "UB", 8, wide ? 118. : 71., wide ? 213. : 238., wide ? 118. : 71.},
                {"GM", "L0A", 8, 127, 198, 127},
                {"GM", "L0B", 8, 127, 198, 127},
                {"UB", "GM", 8, 83, 149, 83},
                {"L1", "GM", 8, 83, 149, 83},
                {"L1", "L0A", 2.2, 245, 2.2, 245},
                {"L1", "L0B", 2.2, 123, 2.2, 123},
                {"L1", "BT", 4, 32, 20, 32},
                {"L1", "FB", 4, 32, 20, 32},
                {"L0C", "GM", 4, 112, 76, 299},
                {"L0C", "L1", 4, 256, 20, 256}};
  core.cacheReadBytesPerCycle = 2100;
  core.cacheWriteBytesPerCycle = 86. * product.cubes;
  core.memoryBytesPerCycle = perCycle(1600, product.gigahertz);
  core.sources = {"hicann/runtime platform_config: sizes, clocks, cores",
                  "Ascend/mskpp prof_data: single-core transfers and vector rates at 1.8 GHz",
                  "hw-native-sys/pto-isa: heads and tails, launch, all-core GEMM (shared cache rate)"};
  return d;
}

/// 950: fractals of L0A by columns, paths between L0C, UB and L1.
static Description makeA5(const Product &product) {
  Description d = makeCommon(product);
  d.spaces = makeSpaces(product.memoryGiB * GiB, 248 * KiB, 512 * KiB, 256 * KiB, 4 * KiB, 6 * KiB);
  AICore &core = *d.aiCore;
  core.leftOrder = "zN";
  core.crossFlags = 16;
  core.crossFlagCycles = 150;
  core.cubeSetup = 1;
  core.cubeTail = 20;
  core.vectorRates = makeVectorRates(1);
  core.bankGroups = 8;
  core.bankReads = 2;
  core.paths = {{"GM", "L1", 8, 113, 198, 113}, {"GM", "L1 NZ", 8, 113, 408, 113}, {"GM", "UB", 8, 57, 208, 57},
                {"UB", "GM", 8, 44, 158, 44},   {"L1", "L0A", 2, 238, 2, 238},     {"L1", "L0B", 2, 238, 2, 238},
                {"L1", "BT", 4, 32, 20, 32},    {"L1", "FB", 4, 32, 20, 32},       {"L0C", "GM", 4, 87, 76, 299},
                {"L0C", "L1", 4, 238, 20, 238}, {"L0C", "UB", 4, 119, 20, 119},    {"UB", "L1", 4, 119, 20, 119},
                {"L1", "UB", 4, 119, 20, 119}};
  const bool large = product.memoryGiB > 128;
  core.cacheReadBytesPerCycle = perCycle(5300, product.gigahertz);
  core.cacheWriteBytesPerCycle = 100. * product.cubes;
  core.memoryBytesPerCycle = perCycle(large ? 4000 : 1600, product.gigahertz);
  core.sources = {"hicann/runtime platform_config: sizes, clocks, cores", "hicann/ops-nn: memory and cache bandwidth",
                  "Ascend/mskpp prof_data: single-core transfers"};
  return d;
}

/// 910A and 310P: one core is cube and vector unit, L0C leaves through UB.
static Description makeCoupled(const Product &product, double memory) {
  Description d = makeCommon(product);
  d.spaces = makeSpaces(product.memoryGiB * GiB, 256 * KiB, 1 * MiB, 256 * KiB, 1 * KiB, 7 * KiB);
  AICore &core = *d.aiCore;
  core.coupled = true;
  core.paths = {{"GM", "L1", 8, 110, 198, 110},  {"GM", "L1 NZ", 8, 110, 748, 110}, {"GM", "UB", 8, 71, 238, 71},
                {"GM", "L0A", 8, 110, 198, 110}, {"GM", "L0B", 8, 110, 198, 110},   {"UB", "GM", 8, 64, 149, 64},
                {"L1", "GM", 8, 64, 149, 64},    {"L1", "L0A", 2.2, 245, 2.2, 245}, {"L1", "L0B", 2.2, 123, 2.2, 123},
                {"L1", "BT", 4, 32, 20, 32},     {"L1", "FB", 4, 32, 20, 32},       {"L0C", "UB", 4, 128, 20, 128},
                {"L0C", "GM", 4, 64, 76, 64},    {"UB", "L1", 4, 128, 20, 128},     {"L1", "UB", 4, 128, 20, 128}};
  core.cacheReadBytesPerCycle = 110. * product.cubes;
  core.cacheWriteBytesPerCycle = 86. * product.cubes;
  core.memoryBytesPerCycle = perCycle(memory, product.gigahertz);
  core.sources = {"hicann/runtime platform_config: sizes, clocks, cores, rates per cycle",
                  "latencies and vector rates: those of Ascend910B1"};
  return d;
}

static std::vector<Description> makeTable() {
  std::vector<Description> table;
  table.push_back(makeCoupled({"Ascend910A", 32, 0, 4, 1.0, 32, 32}, 1200));
  table.push_back(makeCoupled({"Ascend310P3", 8, 0, 7, 1.06, 16, 24}, 204));
  for (const Product &product :
       {Product{"Ascend910B1", 24, 48, 6, 1.85, 192, 64}, Product{"Ascend910B2", 24, 48, 6, 1.8, 192, 64},
        Product{"Ascend910B3", 20, 40, 6, 1.8, 192, 64}, Product{"Ascend910B4", 20, 40, 6, 1.5, 96, 32}})
    table.push_back(makeA2(product));
  table.push_back(makeA5({"Ascend950PR", 32, 64, 6, 1.65, 128, 128}));
  table.push_back(makeA5({"Ascend950DT", 36, 72, 6, 1.8, 128, 144}));
  return table;
}

static const std::vector<Description> &getTable() {
  static const std::vector<Description> table = makeTable();
  return table;
}

std::vector<std::string> aiCoreNames() {
  std::vector<std::string> names;
  for (const Description &d : getTable())
    names.push_back(d.name);
  return names;
}

bool findAICore(const std::string &name, Description &result, std::string &error) {
  const size_t colon = name.find(':');
  for (const Description &d : getTable()) {
    if (name.substr(0, colon) != d.name)
      continue;
    result = d;
    if (colon == std::string::npos)
      return true;
    // A slice keeps what the whole chip shares.
    const std::string count = name.substr(colon + 1);
    const unsigned all = d.aiCore->cubeCores;
    unsigned cores = 0;
    for (char c : count)
      cores = c >= '0' && c <= '9' && cores < 1000 ? cores * 10 + unsigned(c - '0') : 1000;
    if (cores < 1 || cores > all) {
      error = "unknown slice '" + name + "', expected 1 to " + std::to_string(all) + " cores after the colon";
      return false;
    }
    result.name = name;
    result.cores = cores;
    result.aiCore->vectorCores = d.aiCore->vectorCores / all * cores;
    result.aiCore->cubeCores = cores;
    return true;
  }
  return false;
}

} // namespace device
} // namespace gemlir
