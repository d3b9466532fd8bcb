//===- SHA256.h - the hash of the container ---------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_MODEL_SHA256_H
#define GEMLIR_LIB_MODEL_SHA256_H

#include <array>
#include <cstddef>
#include <cstdint>

namespace gemlir::model {

/// SHA-256 as in FIPS 180-4, in pieces.
class SHA256 {
public:
  using Digest = std::array<uint8_t, 32>;

  void update(const void *data, size_t size);
  Digest finish();

  static Digest hash(const void *data, size_t size) {
    SHA256 sha;
    sha.update(data, size);
    return sha.finish();
  }

private:
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint8_t block[64];
  size_t used = 0;
  uint64_t total = 0;
};

} // namespace gemlir::model

#endif // GEMLIR_LIB_MODEL_SHA256_H
