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

// By number.
constexpr const char *kFormats[] = {"NCHW",
                                    "NHWC",
                                    "ND",
                                    "NC1HWC0",
                                    "FRACTAL_Z",
                                    "NC1C0HWPAD",
                                    "NHWC1C0",
                                    "FSR_NCHW",
                                    "FRACTAL_DECONV",
                                    "C1HWNC0",
                                    "FRACTAL_DECONV_TRANSPOSE",
                                    "FRACTAL_DECONV_SP_STRIDE_TRANS",
                                    "NC1HWC0_C04",
                                    "FRACTAL_Z_C04",
                                    "CHWN",
                                    "FRACTAL_DECONV_SP_STRIDE8_TRANS",
                                    "HWCN",
                                    "NC1KHKWHWC0",
                                    "BN_WEIGHT",
                                    "FILTER_HWCK",
                                    "HASHTABLE_LOOKUP_LOOKUPS",
                                    "HASHTABLE_LOOKUP_KEYS",
                                    "HASHTABLE_LOOKUP_VALUE",
                                    "HASHTABLE_LOOKUP_OUTPUT",
                                    "HASHTABLE_LOOKUP_HITS",
                                    "C1HWNCoC0",
                                    "MD",
                                    "NDHWC",
                                    "FRACTAL_ZZ",
                                    "FRACTAL_NZ",
                                    "NCDHW",
                                    "DHWCN",
                                    "NDC1HWC0",
                                    "FRACTAL_Z_3D",
                                    "CN",
                                    "NC",
                                    "DHWNC",
                                    "FRACTAL_Z_3D_TRANSPOSE",
                                    "FRACTAL_ZN_LSTM",
                                    "FRACTAL_Z_G",
                                    "RESERVED",
                                    "ALL",
                                    "NULL",
                                    "ND_RNN_BIAS",
                                    "FRACTAL_ZN_RNN",
                                    "NYUV",
                                    "NYUV_A",
                                    "NCL",
                                    "FRACTAL_Z_WINO",
                                    "C1HWC0",
                                    "FRACTAL_NZ_C0_16",
                                    "FRACTAL_NZ_C0_32",
                                    "FRACTAL_NZ_C0_2",
                                    "FRACTAL_NZ_C0_4",
                                    "FRACTAL_NZ_C0_8"};
constexpr int64_t kNumFormats = sizeof(kFormats) / sizeof(*kFormats);

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

const char *getFormatName(int64_t format) { return format >= 0 && format < kNumFormats ? kFormats[format] : "unknown"; }

int64_t findFormat(const std::string &name) {
  for (int64_t format = 0; format < kNumFormats; ++format)
    if (name == kFormats[format])
      return format;
  return -1;
}

bool isReadableType(int64_t dataType) {
  const TypeRow *row = findType(dataType);
  return row && row->readable;
}

} // namespace gemlir::model
