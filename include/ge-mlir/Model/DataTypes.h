//===- DataTypes.h - numbers, names and sizes of element types --*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The container knows element types by the client API's numbers (ge::DataType
// and aclDataType agree). The table is in DataTypes.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_MODEL_DATATYPES_H
#define GEMLIR_MODEL_DATATYPES_H

#include <cstdint>
#include <string>

namespace gemlir::model {

/// The numbers that the runtime itself computes with.
enum DataTypeNumber : int32_t {
  kFloat = 0,
  kFloat16 = 1,
  kInt8 = 2,
  kInt32 = 3,
  kUInt8 = 4,
  kInt16 = 6,
  kUInt16 = 7,
  kUInt32 = 8,
  kInt64 = 9,
  kUInt64 = 10,
  kDouble = 11,
  kBool = 12,
  kComplex64 = 16,
  kComplex128 = 17,
  kBFloat16 = 27,
  kInt4 = 29,
  kInt2 = 31,
  kUInt2 = 32,
  kFloat8E5M2 = 35,
  kFloat8E4M3FN = 36,
  kFloat8E8M0 = 37,
  kFloat4E2M1 = 40,
  // Types of ONNX models that the client API has no number for.
  kUInt4 = 61,
  kFloat8E4M3FNUZ = 62,
  kFloat8E5M2FNUZ = 63,
};

/// Bits of one element, or 0 if the type is unknown or has no fixed size.
unsigned getBitWidth(int64_t dataType);
/// Bytes of `count` elements, the last one filled up; -1 if the type has no
/// size, `count` is negative or the result does not fit.
int64_t getByteSize(int64_t dataType, int64_t count);
/// "float32", "int8", ... or "unknown".
const char *getDataTypeName(int64_t dataType);
/// "NCHW", "ND", ... or "unknown".
const char *getFormatName(int64_t format);
/// The number of such a name, or -1.
int64_t findFormat(const std::string &name);
/// Whether an instruction may read an element of this type as a register.
bool isReadableType(int64_t dataType);

} // namespace gemlir::model

#endif // GEMLIR_MODEL_DATATYPES_H
