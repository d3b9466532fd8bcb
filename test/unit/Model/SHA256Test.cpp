//===- SHA256Test.cpp - tests of the container's hash
//--------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SHA256.h"

#include <gtest/gtest.h>
#include <string>

using gemlir::model::SHA256;

namespace {

std::string toHex(const SHA256::Digest &digest) {
  std::string result;
  for (uint8_t byte : digest) {
    char text[3];
    snprintf(text, sizeof(text), "%02x", byte);
    result += text;
  }
  return result;
}

std::string hash(const std::string &text) { return toHex(SHA256::hash(text.data(), text.size())); }

// The examples of FIPS 180-4.
TEST(SHA256, KnownAnswers) {
  EXPECT_EQ(hash(""), "e3b0c44298fc1c149afbf4c8996fb924"
                      "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash("abc"), "ba7816bf8f01cfea414140de5dae2223"
                         "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hash(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(SHA256, PiecesDoNotMatter) {
  std::string text;
  for (int i = 0; i < 300; ++i)
    text += char(i * 7);
  for (size_t length = 0; length < text.size(); ++length) {
    SHA256 sha;
    size_t position = 0;
    for (size_t piece = 1; position < length; piece = piece * 2 % 97 + 1) {
      size_t taken = std::min(piece, length - position);
      sha.update(text.data() + position, taken);
      position += taken;
    }
    ASSERT_EQ(toHex(sha.finish()), hash(text.substr(0, length))) << length;
  }
}

} // namespace
