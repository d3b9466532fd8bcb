//===- DataTypes.cpp - numbers, names and sizes of element types ----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Model/DataTypes.h"

#include <cstddef>

namespace gemlir::model {

namespace {

struct TypeRow {
  int32_t number;
  const char *name;
  unsigned bits;
  bool readable;
};

constexpr TypeRow kTypes[] = {
    {kFloat, "float32", 32, false},
    {kFloat16, "float16", 16, false},
    {kInt8, "int8", 8, true},
    {kInt32, "int32", 32, true},
    {kUInt8, "uint8", 8, true},
    {kInt16, "int16", 16, true},
    {kUInt16, "uint16", 16, true},
    {kUInt32, "uint32", 32, true},
    {kInt64, "int64", 64, true},
    {kUInt64, "uint64", 64, true},
    {kDouble, "float64", 64, false},
    {kBool, "bool", 8, true},
    {14, "dual_sub_int8", 8, false},
    {15, "dual_sub_uint8", 8, false},
    {kComplex64, "complex64", 64, false},
    {kComplex128, "complex128", 128, false},
    {18, "qint8", 8, false},
    {19, "qint16", 16, false},
    {20, "qint32", 32, false},
    {21, "quint8", 8, false},
    {22, "quint16", 16, false},
    {kBFloat16, "bfloat16", 16, false},
    {kInt4, "int4", 4, false},
    {30, "uint1", 1, false},
    {kInt2, "int2", 2, false},
    {kUInt2, "uint2", 2, false},
    {33, "complex32", 32, false},
    {34, "hifloat8", 8, false},
    {kFloat8E5M2, "float8_e5m2", 8, false},
    {kFloat8E4M3FN, "float8_e4m3fn", 8, false},
    {kFloat8E8M0, "float8_e8m0", 8, false},
    {38, "float6_e3m2", 6, false},
    {39, "float6_e2m3", 6, false},
    {kFloat4E2M1, "float4_e2m1", 4, false},
    {41, "float4_e1m2", 4, false},
    {kUInt4, "uint4", 4, false},
    {kFloat8E4M3FNUZ, "float8_e4m3fnuz", 8, false},
    {kFloat8E5M2FNUZ, "float8_e5m2fnuz", 8, false},
};

struct FormatRow {
  int32_t number;
  const char *name;
};

constexpr FormatRow kFormats[] = {
    {0, "NCHW"},    {1, "NHWC"},      {2, "ND"},
    {3, "NC1HWC0"}, {4, "FRACTAL_Z"}, {12, "NC1HWC0_C04"},
    {16, "HWCN"},   {27, "NDHWC"},    {29, "FRACTAL_NZ"},
    {30, "NCDHW"},  {32, "NDC1HWC0"}, {33, "FRACTAL_Z_3D"},
    {35, "NC"},     {47, "NCL"},
};

const TypeRow *findType(int64_t number) {
  for (const TypeRow &row : kTypes)
    if (row.number == number)
      return &row;
  return nullptr;
}

} // namespace

unsigned getBitWidth(int64_t dataType) {
  const TypeRow *row = findType(dataType);
  return row ? row->bits : 0;
}

int64_t getByteSize(int64_t dataType, int64_t count) {
  int64_t bits = getBitWidth(dataType);
  if (!bits || count < 0 || __builtin_mul_overflow(count, bits, &bits))
    return -1;
  return bits / 8 + (bits % 8 != 0);
}

const char *getDataTypeName(int64_t dataType) {
  const TypeRow *row = findType(dataType);
  return row ? row->name : "unknown";
}

const char *getFormatName(int64_t format) {
  for (const FormatRow &row : kFormats)
    if (row.number == format)
      return row.name;
  return "unknown";
}

bool isReadableType(int64_t dataType) {
  const TypeRow *row = findType(dataType);
  return row && row->readable;
}

} // namespace gemlir::model
