//===- DescriptionTest.cpp - device descriptions --------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Device/Description.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

using namespace gemlir::device;

namespace {

TEST(DescriptionTest, FindsBuiltinLevels) {
  Description d;
  std::string error;
  ASSERT_TRUE(lookup("x86-64-v3", d, error)) << error;
  EXPECT_EQ(d.name, "Host");
  EXPECT_EQ(d.mmadTile().rows, 6);
  EXPECT_EQ(d.mmadTile().columns, 16);
  EXPECT_EQ(d.lanes(32), 8u);
  ASSERT_TRUE(lookup("Host:x86-64-v4", d, error)) << error;
  EXPECT_EQ(d.lanes(32), 16u);
  ASSERT_TRUE(lookup("aarch64", d, error)) << error;
  EXPECT_EQ(d.lanes(64), 2u);
  ASSERT_TRUE(lookup("Host", d, error)) << error;
  EXPECT_EQ(d.level, hostLevel());
}

TEST(DescriptionTest, NamesTheUnknownDeviceAndTheKnownOnes) {
  Description d;
  std::string error;
  EXPECT_FALSE(lookup("Hast", d, error));
  EXPECT_EQ(
      error,
      "unknown device 'Hast', expected a path that ends in '.json' or one of "
      "'Host' 'x86-64-v3' 'x86-64-v4' 'aarch64' "
      "'Ascend910A' 'Ascend310P3' 'Ascend910B1' 'Ascend910B2' 'Ascend910B3' 'Ascend910B4' 'Ascend950PR' 'Ascend950DT'");
  EXPECT_FALSE(lookup("/no/such/file.json", d, error));
  EXPECT_EQ(error, "device description: cannot read '/no/such/file.json': No such file or directory");
}

TEST(DescriptionTest, ReadsBackWhatItWrites) {
  for (const std::string &name : builtinNames()) {
    Description d, copy;
    std::string error;
    ASSERT_TRUE(lookup(name, d, error)) << error;
    ASSERT_TRUE(fromJson(toJson(d), copy, error)) << error;
    EXPECT_EQ(toJson(copy), toJson(d));
  }
}

TEST(DescriptionTest, SlicesNPUs) {
  Description d;
  std::string error;
  for (const std::string &name : aiCoreNames()) {
    ASSERT_TRUE(lookup(name, d, error)) << error;
    ASSERT_TRUE(d.kind == Kind::AICore && d.aiCore);
    EXPECT_GT(d.bytesOf("UB"), 0u);
    EXPECT_NE(d.aiCore->findPath("GM", "L1 NZ"), nullptr);
    EXPECT_FALSE(d.aiCore->sources.empty());
    ASSERT_TRUE(lookup(name + ":4", d, error)) << error;
    EXPECT_EQ(d.aiCore->cubeCores, 4u);
    EXPECT_EQ(d.aiCore->vectorCores, d.aiCore->coupled ? 0u : 8u);
  }
  EXPECT_FALSE(lookup("Ascend910B1:25", d, error));
  EXPECT_EQ(error, "unknown slice 'Ascend910B1:25', expected 1 to 24 cores after the colon");
  ASSERT_TRUE(fromJson(R"({"base": "Ascend910B1", "name": "Mine"})", d, error)) << error;
  EXPECT_EQ(d.aiCore->cubeCores, 24u);
}

TEST(DescriptionTest, TakesAbsentFieldsFromTheBase) {
  Description d;
  std::string error;
  ASSERT_TRUE(fromJson(R"({"base": "x86-64-v3", "name": "Small", "l2_bytes": 262144})", d, error)) << error;
  EXPECT_EQ(d.name, "Small");
  EXPECT_EQ(d.l2Bytes, 262144u);
  EXPECT_EQ(d.vectorBits, 256u);
}

/// An architect writes down only what differs, however deep it lies.
TEST(DescriptionTest, TakesAbsentFieldsWithinFromTheBase) {
  Description d, base;
  std::string error;
  ASSERT_TRUE(lookup("Ascend910B1", base, error)) << error;
  ASSERT_TRUE(fromJson(R"({"base": "Ascend910B1", "name": "Mine", "spaces": [{"name": "UB", "bytes": 131072}],
      "ai_core": {"queue_depth": 4, "aicpu": {"harts": 2}, "cube_rates": [{"type": "mine", "cycles_per_fractal": 3}],
                  "paths": [{"from": "L1", "to": "L0A", "bytes_per_cycle": 7}]}})",
                       d, error))
      << error;
  EXPECT_EQ(d.bytesOf("UB"), 131072u);
  EXPECT_EQ(d.bytesOf("L1"), base.bytesOf("L1"));
  EXPECT_EQ(d.spaces.size(), base.spaces.size());
  EXPECT_EQ(d.aiCore->queueDepth, 4u);
  EXPECT_EQ(d.aiCore->cubeCores, base.aiCore->cubeCores);
  EXPECT_EQ(d.aiCore->aicpu.harts, 2u);
  EXPECT_EQ(d.aiCore->aicpu.cacheBytes, base.aiCore->aicpu.cacheBytes);
  EXPECT_EQ(d.aiCore->findPath("L1", "L0A")->bytesPerCycle, 7);
  EXPECT_EQ(d.aiCore->findPath("L1", "L0A")->latency, base.aiCore->findPath("L1", "L0A")->latency);
  EXPECT_EQ(d.aiCore->paths.size(), base.aiCore->paths.size());
  EXPECT_EQ(d.aiCore->cubeRates.size(), base.aiCore->cubeRates.size() + 1);
}

struct Wrong {
  const char *json, *error;
};

class WrongDescriptionTest : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongDescriptionTest, SaysWhatIsWrong) {
  Description d;
  d.name = "untouched";
  std::string error;
  EXPECT_FALSE(fromJson(GetParam().json, d, error));
  EXPECT_EQ(error, GetParam().error);
  EXPECT_EQ(d.name, "untouched");
}

INSTANTIATE_TEST_SUITE_P(
    Errors, WrongDescriptionTest,
    ::testing::Values(
        Wrong{"{", "not valid JSON: parse error at line 1, column 2: syntax error while parsing object key - "
                   "unexpected end of input; expected string literal"},
        Wrong{"{\n\"gigahertz\": NaN}", "not valid JSON: parse error at line 2, column 14: syntax error while parsing "
                                       "value - invalid literal; last read: '\"gigahertz\": N'"},
        Wrong{R"({"gigahertz": 1e999})", "not valid JSON: number overflow parsing '1e999'"},
        Wrong{R"({"base": "x86-64-v3", "cores": 1, "cores": 2})", "cores: found the field twice in an object"},
        Wrong{R"({"base": "Ascend910B1", "spaces": [{"name": "UB", "bytes": 32}, {"name": "UB"}]})",
              "spaces[1]: found a second element of this name"},
        Wrong{R"({"base": "Ascend910B1", "spaces": [{"name": "MINE", "bytes": 32}]})",
              "spaces[0].alignment: field is missing"},
        Wrong{R"({"base": "x86-64-v3", "ai_core": {"cube_cores": 1}})", "ai_core.vector_cores: field is missing"},
        Wrong{R"({"base": "Ascend910B1", "ai_core": {"cube_setup": 1e300}})",
              "ai_core.cube_setup: found 1e+300, expected a number from 0 to 1000000"},
        Wrong{R"({"base": "Ascend910B1", "ai_core": {"aicpu": {"cache_bytes": 8388608}}})",
              "ai_core.aicpu.cache_bytes: found 8388608, expected 64 bytes to 4 MiB"},
        Wrong{R"({"base": "Ascend910B1", "vector_bits": 4294967295})",
              "vector_bits: found 4294967295, expected 0, 128, 256 or 512"},
        Wrong{R"({"base": "Ascend910B1", "gigahertz": 0})",
              "gigahertz: found a clock under 0.001, expected the cube's"},
        Wrong{R"({"base": "x86-64-v3", "name": "a\nb"})", "name: expected a name of printable characters"},
        Wrong{"[]", "found array, expected object"},
        Wrong{R"({"name": "X"})", "kind: field is missing"},
        Wrong{R"({"base": "y"})", "base: unknown device 'y', expected a path that ends in '.json' or one of "
                                  "'Host' 'x86-64-v3' 'x86-64-v4' 'aarch64' "
                                  "'Ascend910A' 'Ascend310P3' 'Ascend910B1' 'Ascend910B2' 'Ascend910B3' 'Ascend910B4' "
                                  "'Ascend950PR' 'Ascend950DT'"},
        Wrong{R"({"base": "my.json"})", "base: found \"my.json\", expected a built-in device"},
        Wrong{R"({"base": "x86-64-v3", "cores": "two"})", "cores: found string, expected integer"},
        Wrong{R"({"base": "x86-64-v3", "cores": -1})", "cores: found -1, expected an integer from 0 to 4294967295"},
        Wrong{R"({"base": "x86-64-v3", "cores": 0})", "cores: found 0, expected a positive integer"},
        Wrong{R"({"base": "x86-64-v3", "coers": 2})", "coers: unknown field"},
        Wrong{R"({"base": "x86-64-v3", "kind": "GPU"})", "kind: found \"GPU\", expected \"Host\" or \"AICore\""},
        Wrong{R"({"base": "x86-64-v3", "vector_bits": 100})",
              "mmad_tiles[0].columns: found 16, expected a multiple of 3, the lanes of a vector"},
        Wrong{R"({"base": "x86-64-v3", "mmad_tiles": []})", "mmad_tiles: expected at least one tile"},
        Wrong{R"({"base": "x86-64-v3", "mmad_tiles": [{"rows": 6}]})", "mmad_tiles[0].columns: field is missing"},
        Wrong{R"({"base": "x86-64-v3", "mmad_tiles": [{"rows": 0, "columns": 16}]})",
              "mmad_tiles[0].rows: found 0, expected 1 to 64"},
        Wrong{R"({"base": "x86-64-v3", "spaces": [3]})", "spaces[0]: found number, expected object"},
        Wrong{R"({"base": "Ascend910B1", "l1_bytes": 1099511627776})",
              "l1_bytes: found 1099511627776, expected at most 4 MiB"},
        Wrong{
            R"({"base": "Ascend910B1", "spaces": [{"name": "UB", "bytes": 33554432, "alignment": 32, "bytes_per_cycle": 1, "shared": false}]})",
            "spaces: found 33554432 bytes of UB, expected at most 16 MiB"},
        Wrong{
            R"({"base": "Ascend910B1", "spaces": [{"name": "UB", "bytes": 16777216, "alignment": 32, "bytes_per_cycle": 1, "shared": false}]})",
            "spaces: found more than 1 GiB of local memory in all cores"},
        Wrong{R"({"base": "x86-64-v3", "gigahertz": -2})",
              "gigahertz: found -2, expected a number from 0 to 1000000"}));

TEST(DescriptionTest, ReadsAFile) {
  std::string path = ::testing::TempDir() + "gemlir-device.json", error;
  std::ofstream(path) << R"({"base": "x86-64-v3", "cores": "x"})";
  Description d;
  EXPECT_FALSE(lookup(path, d, error));
  EXPECT_EQ(error, "device description '" + path + "': cores: found string, expected integer");
  std::ofstream(path) << R"({"base": "x86-64-v4", "cores": 8})";
  EXPECT_TRUE(lookup(path, d, error)) << error;
  EXPECT_EQ(d.cores, 8u);
  std::remove(path.c_str());
  EXPECT_FALSE(lookup(path, d, error));
  EXPECT_EQ(error, "device description: cannot read '" + path + "': No such file or directory");
}

} // namespace
