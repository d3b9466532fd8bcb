//===- GeRunTest.cpp - tests of ge-run
//-----------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"
#include "ge-mlir/Support/Npy.h"

#include <dirent.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace gemlir;
using namespace gemlir::test;

namespace {

class GeRun : public testing::Test {
protected:
  void SetUp() override {
    char name[] = "/tmp/gemlir-run-XXXXXX";
    ASSERT_TRUE(mkdtemp(name));
    folder = name;
  }
  void TearDown() override { ASSERT_EQ(std::system(("rm -r '" + folder + "'").c_str()), 0); }
  void writeModel(const std::vector<uint8_t> &bytes) {
    std::ofstream file(folder + "/m.om", std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  }
  int run(const std::string &arguments) {
    std::string command =
        std::string(GEMLIR_GE_RUN) + " " + folder + "/m.om " + arguments + " > " + folder + "/log 2>&1";
    int status = std::system(command.c_str());
    log = read("log");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string read(const std::string &name) {
    std::ifstream file(folder + "/" + name, std::ios::binary);
    std::ostringstream os;
    os << file.rdbuf();
    return os.str();
  }
  NpyArray readArray(const std::string &name) {
    NpyArray array;
    die(readNpy(folder + "/" + name, array));
    return array;
  }
  std::string folder, log;
};

TEST_F(GeRun, InputsOutputsAndJson) {
  writeModel(makeSmallModel());
  const float x[] = {1, 2, 3, 4}, z[] = {12, 24, 36, 48};
  ASSERT_FALSE(writeNpy(folder + "/x.npy", 0, {4}, x));
  ASSERT_FALSE(writeNpy(folder + "/z.npy", 0, {4}, z));
  ASSERT_EQ(run("--input x=" + folder + "/x.npy --output-dir=" + folder + "/out --json=" + folder +
                "/r.json --threads=2 --warmup=2 "
                "--iterations=5 --profile --expect z=" +
                folder + "/z.npy"),
            0)
      << log;
  NpyArray result = readArray("out/z.npy");
  EXPECT_EQ(result.shape, std::vector<int64_t>{4});
  EXPECT_EQ(std::memcmp(result.data.data(), z, sizeof(z)), 0);
  auto json = nlohmann::json::parse(read("r.json"));
  EXPECT_EQ(json["inputs"][0]["name"], "x");
  EXPECT_EQ(json["outputs"][0]["type"], "float32");
  EXPECT_EQ(json["outputs"][0]["shape"], nlohmann::json({4}));
  EXPECT_EQ(json["outputs"][0]["file"], "z.npy");
  EXPECT_LE(json["min_ms"], json["median_ms"]);
  EXPECT_LE(json["median_ms"], json["p90_ms"]);
  EXPECT_EQ(json["profile"].size(), 2u);
  EXPECT_EQ(json["comparisons"][0]["close"], true);
  ASSERT_FALSE(writeNpy(folder + "/z.npy", 0, {4}, x));
  EXPECT_EQ(run("--input=x=" + folder + "/x.npy --expect z=" + folder + "/z.npy"), 2) << log;
}

TEST_F(GeRun, GeneratedInputsDependOnTheSeed) {
  writeModel(makeSmallModel());
  std::vector<std::vector<uint8_t>> results;
  for (const char *seed : {"0", "0", "1"}) {
    ASSERT_EQ(run("--output-dir " + folder + "/out --seed " + seed), 0) << log;
    results.push_back(readArray("out/z.npy").data);
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_NE(results[0], results[2]);
}

TEST_F(GeRun, OutputNamesBecomeFileNames) {
  TestModel b;
  const char *names[] = {"a/b:0", "a_b_0", "", "../up"};
  for (const char *name : names)
    b.program.outputs.push_back({name, 9, 2, {}, 8});
  b.beginFunction("main");
  for (uint32_t i = 0; i < 4; ++i)
    b.launch(b.kernel("store"), 1, {b.output(i, 8)}, {b.immediate(i)});
  b.ret();
  writeModel(b.write());
  ASSERT_EQ(run("--output-dir " + folder + "/out --json " + folder + "/r.json"), 0) << log;
  auto json = nlohmann::json::parse(read("r.json"));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(json["outputs"][i]["name"], names[i]);
    std::string file = json["outputs"][i]["file"];
    EXPECT_EQ(file.find('/'), std::string::npos);
    EXPECT_EQ(readArray("out/" + file).data[0], i);
  }
}

TEST_F(GeRun, Failures) {
  writeModel(makeSmallModel());
  const float x[] = {1, 2, 3, 4};
  ASSERT_FALSE(writeNpy(folder + "/x.npy", 0, {2, 2}, x));
  ASSERT_FALSE(writeNpy(folder + "/i.npy", 3, {4}, x));
  struct Row {
    std::string arguments, text;
  } rows[] = {
      {"--input x=" + folder + "/x.npy", "has shape [2,2], expected [4]"},
      {"--input x=" + folder + "/i.npy", "has type int32, expected float32"},
      {"--input y=" + folder + "/x.npy", "the model has no input 'y'"},
      {"--input x=/no.npy", "cannot read '/no.npy'"},
      {"--input x", "expected NAME=FILE"},
      {"--iterations 0", "expected at least 1"},
      {"--threads many", "expected a number"},
      {"--colour red", "unknown option '--colour'"},
      {"--json", "a value is missing"},
      {"--expect q=" + folder + "/x.npy", "the model has no output 'q'"},
      {"--json /no/such/folder/r.json", "cannot create"},
      {"second.om", "found two models"},
  };
  for (const Row &row : rows) {
    EXPECT_EQ(run(row.arguments), 1) << row.arguments;
    EXPECT_NE(log.find(row.text), std::string::npos) << log;
  }
  writeModel({1, 2, 3});
  EXPECT_EQ(run(""), 1);
  EXPECT_NE(log.find("m.om"), std::string::npos) << log;
}

} // namespace
