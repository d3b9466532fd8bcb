//===- Npy.h - arrays in NumPy's file format --------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_SUPPORT_NPY_H
#define GEMLIR_SUPPORT_NPY_H

#include "ge-mlir/Support/Error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gemlir {

/// A dense array in row-major order and the machine's byte order. `dataType` is
/// the client API's number (ge::DataType).
struct NpyArray {
  int32_t dataType = 0;
  std::vector<int64_t> shape;
  std::vector<uint8_t> data;
};

/// Reads versions 1 to 3, either byte order and either element order. Two-byte
/// elements without a type ("V2") are bfloat16.
Error readNpy(const std::string &path, NpyArray &array);
Error parseNpy(const void *data, size_t size, NpyArray &array);

/// Whether a .npy file can hold elements of a type.
bool hasNpyType(int32_t dataType);

/// Writes version 1. NumPy has no bfloat16, so those become float32.
Error writeNpy(const std::string &path, int32_t dataType, const std::vector<int64_t> &shape, const void *data);
Error formatNpy(int32_t dataType, const std::vector<int64_t> &shape, const void *data, std::vector<uint8_t> &bytes);

} // namespace gemlir

#endif // GEMLIR_SUPPORT_NPY_H
