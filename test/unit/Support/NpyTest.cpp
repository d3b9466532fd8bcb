//===- NpyTest.cpp - tests of NumPy's file format
//------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Support/Npy.h"

#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

using namespace gemlir;

namespace {

std::vector<uint8_t> makeFile(const std::string &header, const std::vector<uint8_t> &data) {
  std::vector<uint8_t> bytes = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  bytes.push_back(uint8_t(header.size()));
  bytes.push_back(uint8_t(header.size() >> 8));
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

Error parse(const std::string &header, const std::vector<uint8_t> &data, NpyArray &array) {
  std::vector<uint8_t> bytes = makeFile(header, data);
  return parseNpy(bytes.data(), bytes.size(), array);
}

TEST(Npy, RoundTrip) {
  const std::vector<int64_t> shapes[] = {{}, {5}, {0, 3}, {2, 3, 4}};
  for (int32_t type : {0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 16, 17}) {
    for (const std::vector<int64_t> &shape : shapes) {
      std::vector<uint8_t> data(24 * 16), bytes;
      for (size_t i = 0; i < data.size(); ++i)
        data[i] = i;
      ASSERT_FALSE(formatNpy(type, shape, data.data(), bytes));
      NpyArray array;
      Error error = parseNpy(bytes.data(), bytes.size(), array);
      ASSERT_FALSE(error) << error.text();
      EXPECT_EQ(array.dataType, type);
      EXPECT_EQ(array.shape, shape);
      EXPECT_EQ(std::memcmp(array.data.data(), data.data(), array.data.size()), 0);
      // NumPy maps the elements where they are.
      EXPECT_EQ((bytes.size() - array.data.size()) % 64, 0u);
    }
  }
}

TEST(Npy, HeaderIsWhatNumPyWrites) {
  std::vector<uint8_t> bytes;
  float one = 1;
  ASSERT_FALSE(formatNpy(0, {1}, &one, bytes));
  std::string text(bytes.begin() + 10, bytes.end() - 4);
  EXPECT_EQ(text.find("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"), 0u);
  EXPECT_EQ(text.back(), '\n');
}

TEST(Npy, BFloat16BecomesFloat) {
  const uint16_t values[] = {0x3f80, 0xc000}; // 1, -2
  std::vector<uint8_t> bytes;
  ASSERT_FALSE(formatNpy(27, {2}, values, bytes));
  NpyArray array;
  ASSERT_FALSE(parseNpy(bytes.data(), bytes.size(), array));
  EXPECT_EQ(array.dataType, 0);
  float result[2];
  std::memcpy(result, array.data.data(), sizeof(result));
  EXPECT_EQ(result[0], 1.0f);
  EXPECT_EQ(result[1], -2.0f);
}

TEST(Npy, OtherOrders) {
  NpyArray array;
  ASSERT_FALSE(
      parse("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3)}", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6}, array));
  // The columns (1,2) (3,4) (5,6), as rows.
  EXPECT_EQ(array.data, (std::vector<uint8_t>{1, 0, 3, 0, 5, 0, 2, 0, 4, 0, 6, 0}));
}

TEST(Npy, Refuses) {
  NpyArray array;
  for (const char *header : {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
                             "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,)}",
                             "{'descr': '<O8', 'fortran_order': False, 'shape': (1,)}",
                             "{'descr': '', 'fortran_order': False, 'shape': (2,)}",
                             "{'descr': '<f4', 'fortran_order': False, "
                             "'shape': (99999999999999999999,)}",
                             "{'descr': '<f4', 'fortran_order': False, "
                             "'shape': (4294967296, 4294967296)}"})
    EXPECT_TRUE(parse(header, std::vector<uint8_t>(8), array)) << header;
  EXPECT_EQ(readNpy("/no/such.npy", array).code(), ErrorCode::FileRead);
}

TEST(Npy, DamageNeverCrashes) {
  std::vector<uint8_t> original =
      makeFile("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }\n", std::vector<uint8_t>(16));
  for (size_t size = 0; size < original.size(); ++size) {
    std::vector<uint8_t> cut(original.begin(), original.begin() + size);
    NpyArray array;
    ASSERT_TRUE(parseNpy(cut.data(), cut.size(), array));
  }
  std::mt19937 random(3);
  for (int i = 0; i < 20000; ++i) {
    std::vector<uint8_t> bytes = original;
    for (int edit = 0; edit < 3; ++edit)
      bytes[random() % bytes.size()] = random() % 128;
    NpyArray array;
    if (!parseNpy(bytes.data(), bytes.size(), array)) {
      ASSERT_LE(array.data.size(), bytes.size());
    }
  }
}

} // namespace
