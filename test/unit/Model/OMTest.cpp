//===- OMTest.cpp - tests of the container
//-------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Model/OM.h"

#include <cstring>
#include <dirent.h>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gemlir;
using namespace gemlir::model;

namespace {

struct TestContents {
  std::vector<uint8_t> weights = std::vector<uint8_t>(100);
  OMContents om;

  explicit TestContents(size_t weightBytes = 100) : weights(weightBytes) {
    for (size_t i = 0; i < weights.size(); ++i)
      weights[i] = uint8_t(i * 31 + 5);
    om.name = "test";
    om.modelDef = {1, 2, 3};
    om.manifest = "ge-mlir test";
    if (weightBytes)
      om.weights = {{weights.data(), 10, 64}, {weights.data() + 10, weightBytes - 10, 64}};
    om.binaries = {{"ge_mlir.host.x86-64-v3", {0x7f, 'E', 'L', 'F'}}};
    ProgramBuilder b;
    int64_t total;
    layoutWeights(om.weights, total);
    b.program.weightSize = total;
    b.program.inputs = {{"in", 0, 2, {2, 3}, 24}};
    b.program.outputs = {{"out", 3, 2, {}, 4}};
    b.program.binaries = {{"ge_mlir.host.x86-64-v3", 0, {}}};
    b.beginFunction("main");
    b.launch(b.kernel("k"), 1, {b.input(0, 24), b.output(0, 4)});
    b.ret();
    Error error = b.finish(om.program);
    EXPECT_FALSE(error) << error.text();
  }
};

std::vector<uint8_t> write(const OMContents &contents) {
  std::vector<uint8_t> bytes;
  Error error = writeOM(contents, bytes);
  EXPECT_FALSE(error) << error.text();
  return bytes;
}

uint64_t get(const std::vector<uint8_t> &bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i)
    value |= uint64_t(bytes[at + i]) << (8 * i);
  return value;
}

// The layout that other readers of such files rely on.
TEST(OM, Layout) {
  TestContents test;
  std::vector<uint8_t> bytes = write(test.om);
  EXPECT_EQ(std::memcmp(bytes.data(), "IMOD", 4), 0);
  EXPECT_EQ(get(bytes, 4, 4), 256u);
  EXPECT_EQ(get(bytes, 8, 4), 0x20000000u);
  EXPECT_EQ(get(bytes, 76, 4), bytes.size() - 256);
  EXPECT_EQ(get(bytes, 156, 4), 1u);
  EXPECT_EQ(get(bytes, 184, 8), 0u) << "legacy partition table";
  EXPECT_STREQ(reinterpret_cast<char *>(&bytes[84]), "test");
  ASSERT_EQ(get(bytes, 256, 4), 5u);
  const uint32_t types[] = {8, 0, 1, 3, 2};
  uint64_t offset = 0;
  for (int i = 0; i < 5; ++i) {
    size_t entry = 260 + 12 * i;
    EXPECT_EQ(get(bytes, entry, 4), types[i]);
    EXPECT_EQ(get(bytes, entry + 4, 4), offset);
    if (types[i] == 1) {
      EXPECT_EQ((260 + 60 + offset) % 4096, 0u);
    }
    offset += get(bytes, entry + 8, 4);
  }
  EXPECT_EQ(260 + 60 + offset, bytes.size());
}

TEST(OM, RoundTrip) {
  for (size_t weightBytes : {0, 100, 3 << 20}) {
    TestContents test(weightBytes);
    std::vector<uint8_t> bytes = write(test.om);
    OMView view;
    Error error = readOM(bytes.data(), bytes.size(), view);
    ASSERT_FALSE(error) << error.text();
    EXPECT_EQ(view.name, "test");
    EXPECT_EQ(view.platform, "Host");
    EXPECT_TRUE(view.hasHostKernels);
    ASSERT_EQ(view.inputs.size(), 1u);
    EXPECT_EQ(view.inputs[0].name, "in");
    EXPECT_EQ(view.inputs[0].dims, (std::vector<int64_t>{2, 3}));
    EXPECT_EQ(view.outputs[0].dataType, 3);
    EXPECT_EQ(view.modelDef.size, 3u);
    std::vector<Program> programs;
    error = readPrograms(view, programs);
    ASSERT_FALSE(error) << error.text();
    ASSERT_EQ(programs.size(), 1u);
    const Program &program = programs[0];
    EXPECT_EQ(program.encode(), test.om.program.encode());
    EXPECT_EQ(view.weights.size, size_t(program.weightSize));
    if (weightBytes) {
      EXPECT_EQ(std::memcmp(view.weights.data, test.weights.data(), 10), 0);
      EXPECT_EQ(std::memcmp(view.weights.data + 64, test.weights.data() + 10, weightBytes - 10), 0);
    }
    error = verifyWeights(view);
    EXPECT_FALSE(error) << error.text();
  }
}

TEST(OM, SameContentsSameBytes) { EXPECT_EQ(write(TestContents().om), write(TestContents().om)); }

TEST(OM, DynamicDimensions) {
  TestContents test;
  test.om.program.inputs[0] = {"in", 0, 2, {-1, 3}, kDynamic};
  test.om.program.buffers[0].size = kDynamic;
  std::vector<uint8_t> bytes = write(test.om);
  EXPECT_EQ(bytes[193], 1) << "the header says that shapes are dynamic";
  OMView view;
  std::vector<Program> programs;
  ASSERT_FALSE(readOM(bytes.data(), bytes.size(), view));
  ASSERT_FALSE(readPrograms(view, programs));
  EXPECT_EQ(view.inputs[0].byteSize, kDynamic);
}

TEST(OM, EveryTruncationIsRefused) {
  std::vector<uint8_t> bytes = write(TestContents().om);
  for (size_t size = 0; size < bytes.size(); ++size) {
    std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + size);
    OMView view;
    Error error = readOM(cut.data(), cut.size(), view);
    ASSERT_TRUE(error) << size;
    ASSERT_EQ(error.code(), ErrorCode::ModelSize) << error.text();
  }
}

TEST(OM, EveryEditIsNoticed) {
  std::vector<uint8_t> bytes = write(TestContents().om);
  OMView whole;
  ASSERT_FALSE(readOM(bytes.data(), bytes.size(), whole));
  size_t weightsBegin = whole.weights.data - bytes.data();
  size_t weightsEnd = weightsBegin + whole.weights.size;
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (uint8_t change : {0x01, 0x80, 0xff}) {
      bytes[i] ^= change;
      OMView view;
      Error error = readOM(bytes.data(), bytes.size(), view);
      if (i >= weightsBegin && i < weightsEnd) {
        ASSERT_FALSE(error) << error.text();
        error = verifyWeights(view);
        ASSERT_EQ(error.code(), ErrorCode::ModelHash) << i;
      } else {
        ASSERT_TRUE(error) << i;
        ASSERT_FALSE(error.text().empty());
      }
      bytes[i] ^= change;
    }
  }
}

// A changed body with the right length, so that the parsers see it.
TEST(OM, RandomBytesNeverCrash) {
  std::vector<uint8_t> original = write(TestContents().om);
  OMView whole;
  ASSERT_FALSE(readOM(original.data(), original.size(), whole));
  size_t weightsBegin = whole.weights.data - original.data();
  size_t weightsEnd = weightsBegin + whole.weights.size;
  std::mt19937 random(11);
  for (int round = 0; round < 20000; ++round) {
    std::vector<uint8_t> bytes = original;
    bool isSame = true;
    for (unsigned edits = random() % 8 + 1; edits; --edits) {
      size_t at = random() % 4 ? 256 + random() % 400 : random() % bytes.size();
      bytes[at] = random();
    }
    for (size_t i = 0; i < bytes.size(); ++i)
      if (i < weightsBegin || i >= weightsEnd)
        isSame &= bytes[i] == original[i];
    OMView view;
    Error error = readOM(bytes.data(), bytes.size(), view);
    ASSERT_EQ(!error, isSame);
  }
}

TEST(OM, ForeignFiles) {
  OMView view;
  EXPECT_EQ(readOM(nullptr, 0, view).code(), ErrorCode::ModelSize);
  std::vector<uint8_t> zeros(1000);
  EXPECT_EQ(readOM(zeros.data(), zeros.size(), view).code(), ErrorCode::ModelFormat);
}

TEST(OM, WriterRefuses) {
  std::vector<uint8_t> bytes;
  TestContents noBinary;
  noBinary.om.binaries.clear();
  EXPECT_TRUE(writeOM(noBinary.om, bytes));
  TestContents twice;
  twice.om.binaries.push_back(twice.om.binaries[0]);
  EXPECT_TRUE(writeOM(twice.om, bytes));
  TestContents weights;
  weights.om.program.weightSize += 1;
  EXPECT_TRUE(writeOM(weights.om, bytes));
  TestContents alignment;
  alignment.om.weights[0].alignment = 3;
  EXPECT_TRUE(writeOM(alignment.om, bytes));
}

TEST(OM, Text) {
  std::vector<uint8_t> bytes = write(TestContents().om);
  std::ostringstream os;
  Error error = printOM(bytes.data(), bytes.size(), os, {true, true});
  ASSERT_FALSE(error) << error.text();
  for (const char *line :
       {"partition WEIGHTS_DATA at 4096", "input \"in\" float32[2,3] ND", "output \"out\" int32[] ND",
        "launch @k(m0, m1) tiles 1", "item \"ge_mlir.host.x86-64-v3\" 4 bytes", "weight leaf 0 "})
    EXPECT_NE(os.str().find(line), std::string::npos) << line << os.str();
}

class OMFile : public testing::Test {
protected:
  void SetUp() override {
    char name[] = "/tmp/gemlir-om-XXXXXX";
    ASSERT_TRUE(mkdtemp(name));
    folder = name;
  }
  void TearDown() override {
    for (const std::string &name : list())
      unlink((folder + "/" + name).c_str());
    rmdir(folder.c_str());
  }
  std::vector<std::string> list() {
    std::vector<std::string> names;
    DIR *dir = opendir(folder.c_str());
    while (dirent *entry = readdir(dir))
      if (entry->d_name[0] != '.')
        names.push_back(entry->d_name);
    closedir(dir);
    return names;
  }
  std::string read(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream os;
    os << file.rdbuf();
    return os.str();
  }
  std::string folder;
};

TEST_F(OMFile, SameAsInMemory) {
  TestContents test;
  std::string path = folder + "/a.om";
  Error error = writeOMFile(test.om, path);
  ASSERT_FALSE(error) << error.text();
  std::vector<uint8_t> bytes = write(test.om);
  EXPECT_EQ(read(path), std::string(bytes.begin(), bytes.end()));
  EXPECT_EQ(list().size(), 1u);
}

TEST_F(OMFile, FullDiskLeavesNothing) {
  TestContents test(1 << 20);
  std::string path = folder + "/a.om";
  std::ofstream(path) << "before";
  rlimit old;
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = {64 << 10, old.rlim_max};
  auto *oldHandler = signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  Error error = writeOMFile(test.om, path);
  setrlimit(RLIMIT_FSIZE, &old);
  signal(SIGXFSZ, oldHandler);
  EXPECT_EQ(error.code(), ErrorCode::FileWrite);
  EXPECT_NE(error.text().find(path), std::string::npos) << error.text();
  EXPECT_EQ(list().size(), 1u);
  EXPECT_EQ(read(path), "before");
}

TEST_F(OMFile, UnusablePaths) {
  TestContents test;
  for (std::string path : {std::string(), folder, folder + "/no/such.om", std::string("/dev/full")}) {
    Error error = writeOMFile(test.om, path);
    EXPECT_EQ(error.code(), ErrorCode::FileWrite) << path;
  }
  struct stat info;
  ASSERT_EQ(stat("/dev/full", &info), 0);
  EXPECT_TRUE(S_ISCHR(info.st_mode)) << "devices are written, not replaced";
  EXPECT_TRUE(list().empty());
}

TEST_F(OMFile, LinksStay) {
  TestContents test;
  std::string target = folder + "/target", link = folder + "/link";
  std::ofstream(target) << "before";
  ASSERT_EQ(symlink(target.c_str(), link.c_str()), 0);
  ASSERT_FALSE(writeOMFile(test.om, link));
  struct stat info;
  ASSERT_EQ(lstat(link.c_str(), &info), 0);
  EXPECT_TRUE(S_ISLNK(info.st_mode));
  EXPECT_EQ(read(target).substr(0, 4), "IMOD");
}

} // namespace
