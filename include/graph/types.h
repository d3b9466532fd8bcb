//===- types.h - element types, formats and placements ----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_TYPES_H
#define GRAPH_TYPES_H

#include "graph/ascend_string.h"
#include "graph/ge_error_codes.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace ge {
using char_t = char;
using float32_t = float;
using float64_t = double;

const int64_t UNKNOWN_DIM = -1;
const int64_t UNKNOWN_DIM_NUM = -2;
const int64_t UNKNOWN_DIM_SIZE = 1;
const std::vector<int64_t> UNKNOWN_SHAPE = {-1};
const std::vector<int64_t> UNKNOWN_RANK = {-2};
const std::vector<int64_t> DUMMY_SHAPE = {-3};

/// GetSizeByDataType returns this plus the number of bits for an element of
/// less than a byte.
const int kDataTypeSizeBitOffset = 1000;
const int kBitNumOfOneByte = 8;

/// The numbers are part of the interface. A model file uses others.
enum DataType {
  DT_FLOAT = 0,
  DT_FLOAT16 = 1,
  DT_INT8 = 2,
  DT_INT32 = 3,
  DT_UINT8 = 4,
  DT_INT16 = 6,
  DT_UINT16 = 7,
  DT_UINT32 = 8,
  DT_INT64 = 9,
  DT_UINT64 = 10,
  DT_DOUBLE = 11,
  DT_BOOL = 12,
  DT_STRING = 13,
  DT_DUAL_SUB_INT8 = 14,
  DT_DUAL_SUB_UINT8 = 15,
  DT_COMPLEX64 = 16,
  DT_COMPLEX128 = 17,
  DT_QINT8 = 18,
  DT_QINT16 = 19,
  DT_QINT32 = 20,
  DT_QUINT8 = 21,
  DT_QUINT16 = 22,
  DT_RESOURCE = 23,
  DT_STRING_REF = 24,
  DT_DUAL = 25,
  DT_VARIANT = 26,
  DT_BF16 = 27,
  DT_UNDEFINED = 28,
  DT_INT4 = 29,
  DT_UINT1 = 30,
  DT_INT2 = 31,
  DT_UINT2 = 32,
  DT_COMPLEX32 = 33,
  DT_HIFLOAT8 = 34,
  DT_FLOAT8_E5M2 = 35,
  DT_FLOAT8_E4M3FN = 36,
  DT_FLOAT8_E8M0 = 37,
  DT_FLOAT6_E3M2 = 38,
  DT_FLOAT6_E2M3 = 39,
  DT_FLOAT4_E2M1 = 40,
  DT_FLOAT4_E1M2 = 41,
  DT_HIFLOAT4 = 42,
  DT_MAX = 43,
};

enum Format {
  FORMAT_NCHW = 0,
  FORMAT_NHWC = 1,
  FORMAT_ND = 2,
  FORMAT_NC1HWC0 = 3,
  FORMAT_FRACTAL_Z = 4,
  FORMAT_NC1C0HWPAD = 5,
  FORMAT_NHWC1C0 = 6,
  FORMAT_FSR_NCHW = 7,
  FORMAT_FRACTAL_DECONV = 8,
  FORMAT_C1HWNC0 = 9,
  FORMAT_FRACTAL_DECONV_TRANSPOSE = 10,
  FORMAT_FRACTAL_DECONV_SP_STRIDE_TRANS = 11,
  FORMAT_NC1HWC0_C04 = 12,
  FORMAT_FRACTAL_Z_C04 = 13,
  FORMAT_CHWN = 14,
  FORMAT_FRACTAL_DECONV_SP_STRIDE8_TRANS = 15,
  FORMAT_HWCN = 16,
  FORMAT_NC1KHKWHWC0 = 17,
  FORMAT_BN_WEIGHT = 18,
  FORMAT_FILTER_HWCK = 19,
  FORMAT_HASHTABLE_LOOKUP_LOOKUPS = 20,
  FORMAT_HASHTABLE_LOOKUP_KEYS = 21,
  FORMAT_HASHTABLE_LOOKUP_VALUE = 22,
  FORMAT_HASHTABLE_LOOKUP_OUTPUT = 23,
  FORMAT_HASHTABLE_LOOKUP_HITS = 24,
  FORMAT_C1HWNCoC0 = 25,
  FORMAT_MD = 26,
  FORMAT_NDHWC = 27,
  FORMAT_FRACTAL_ZZ = 28,
  FORMAT_FRACTAL_NZ = 29,
  FORMAT_NCDHW = 30,
  FORMAT_DHWCN = 31,
  FORMAT_NDC1HWC0 = 32,
  FORMAT_FRACTAL_Z_3D = 33,
  FORMAT_CN = 34,
  FORMAT_NC = 35,
  FORMAT_DHWNC = 36,
  FORMAT_FRACTAL_Z_3D_TRANSPOSE = 37,
  FORMAT_FRACTAL_ZN_LSTM = 38,
  FORMAT_FRACTAL_Z_G = 39,
  FORMAT_RESERVED = 40,
  FORMAT_ALL = 41,
  FORMAT_NULL = 42,
  FORMAT_ND_RNN_BIAS = 43,
  FORMAT_FRACTAL_ZN_RNN = 44,
  FORMAT_NYUV = 45,
  FORMAT_NYUV_A = 46,
  FORMAT_NCL = 47,
  FORMAT_FRACTAL_Z_WINO = 48,
  FORMAT_C1HWC0 = 49,
  FORMAT_FRACTAL_NZ_C0_16 = 50,
  FORMAT_FRACTAL_NZ_C0_32 = 51,
  FORMAT_FRACTAL_NZ_C0_2 = 52,
  FORMAT_FRACTAL_NZ_C0_4 = 53,
  FORMAT_FRACTAL_NZ_C0_8 = 54,
  FORMAT_END = 55,
  FORMAT_MAX = 0xff,
};

enum Placement {
  kPlacementHost = 0,
  kPlacementDevice = 1,
  kPlacementEnd,
};

enum UnknowShapeOpType {
  DEPEND_IN_SHAPE = 1,
  DEPEND_CONST_VALUE = 2,
  DEPEND_SHAPE_RANGE = 3,
  DEPEND_COMPUTE = 4,
};

enum DeviceType {
  NPU = 0,
  CPU = 1,
};

/// Bytes of one element; kDataTypeSizeBitOffset + bits for a type of less than
/// a byte; -1 for a type without a size.
inline int GetSizeByDataType(DataType type) {
  switch (type) {
  case DT_INT8:
  case DT_UINT8:
  case DT_BOOL:
  case DT_QINT8:
  case DT_QUINT8:
  case DT_DUAL_SUB_INT8:
  case DT_DUAL_SUB_UINT8:
  case DT_HIFLOAT8:
  case DT_FLOAT8_E5M2:
  case DT_FLOAT8_E4M3FN:
  case DT_FLOAT8_E8M0: return 1;
  case DT_FLOAT16:
  case DT_BF16:
  case DT_INT16:
  case DT_UINT16:
  case DT_QINT16:
  case DT_QUINT16: return 2;
  case DT_FLOAT:
  case DT_INT32:
  case DT_UINT32:
  case DT_QINT32:
  case DT_COMPLEX32: return 4;
  case DT_DUAL: return 5;
  case DT_INT64:
  case DT_UINT64:
  case DT_DOUBLE:
  case DT_COMPLEX64:
  case DT_RESOURCE:
  case DT_VARIANT: return 8;
  case DT_COMPLEX128: return 16;
  case DT_UINT1: return kDataTypeSizeBitOffset + 1;
  case DT_INT2:
  case DT_UINT2: return kDataTypeSizeBitOffset + 2;
  case DT_INT4:
  case DT_FLOAT4_E2M1:
  case DT_FLOAT4_E1M2:
  case DT_HIFLOAT4: return kDataTypeSizeBitOffset + 4;
  case DT_FLOAT6_E3M2:
  case DT_FLOAT6_E2M3: return kDataTypeSizeBitOffset + 6;
  default: return -1;
  }
}

/// Bytes of `element_count` elements, bits rounded up; -1 for a negative count,
/// an overflow, or a type without a size.
inline int64_t GetSizeInBytes(int64_t element_count, DataType type) {
  const int size = GetSizeByDataType(type);
  if (element_count < 0 || size < 0)
    return -1;
  int64_t total = 0;
  if (size > kDataTypeSizeBitOffset) {
    if (__builtin_mul_overflow(element_count, int64_t(size - kDataTypeSizeBitOffset), &total) ||
        total > INT64_MAX - (kBitNumOfOneByte - 1))
      return -1;
    return (total + kBitNumOfOneByte - 1) / kBitNumOfOneByte;
  }
  return __builtin_mul_overflow(element_count, int64_t(size), &total) ? -1 : total;
}

// A format carries more than its name: bits 0-7 the format, 8-23 the
// sub-format (a number of groups), 24-27 a code for C0, which is 1 << (code-1).
inline int32_t GetPrimaryFormat(int32_t format) { return format & 0xff; }
inline int32_t GetSubFormat(int32_t format) {
  return static_cast<int32_t>((static_cast<uint32_t>(format) >> 8U) & 0xffffU);
}
inline bool HasSubFormat(int32_t format) { return GetSubFormat(format) > 0; }
inline int64_t GetC0Format(int32_t format) {
  return static_cast<int64_t>((static_cast<uint32_t>(format) >> 24U) & 0xfU);
}
inline bool HasC0Format(int32_t format) { return GetC0Format(format) > 0; }
inline int64_t GetC0Value(int32_t format) { return HasC0Format(format) ? int64_t(1) << (GetC0Format(format) - 1) : -1; }
inline int32_t GetFormatFromSub(int32_t primary, int32_t sub) {
  return static_cast<int32_t>((static_cast<uint32_t>(primary) & 0xffU) |
                              ((static_cast<uint32_t>(sub) & 0xffffU) << 8U));
}
inline int32_t GetFormatFromC0(int32_t format, int32_t c0) {
  return static_cast<int32_t>((static_cast<uint32_t>(format) & 0xffffffU) |
                              ((static_cast<uint32_t>(c0) & 0xfU) << 24U));
}
inline int32_t GetFormatFromSubAndC0(int32_t primary, int32_t sub, int32_t c0) {
  return GetFormatFromC0(GetFormatFromSub(primary, sub), c0);
}

/// A set of element types that an input or output of an operator may have.
class TensorType {
public:
  TensorType(DataType type) : types_(1, type) {}
  TensorType(std::initializer_list<DataType> types) : types_(types) {}
  /// Sets may stand inside a list: `TensorType({BasicType(), DT_BOOL})`.
  TensorType(std::initializer_list<TensorType> sets) {
    for (const TensorType &set : sets)
      types_.insert(types_.end(), set.types_.begin(), set.types_.end());
  }

  const std::vector<DataType> &GetTypes() const { return types_; }

  static TensorType ALL() {
    return TensorType{DT_BOOL,   DT_COMPLEX128, DT_COMPLEX64, DT_DOUBLE, DT_FLOAT, DT_FLOAT16, DT_INT16,    DT_INT32,
                      DT_INT64,  DT_INT8,       DT_QINT16,    DT_QINT32, DT_QINT8, DT_QUINT16, DT_QUINT8,   DT_RESOURCE,
                      DT_STRING, DT_UINT16,     DT_UINT32,    DT_UINT64, DT_UINT8, DT_BF16,    DT_COMPLEX32};
  }
  static TensorType QuantifiedType() { return TensorType{DT_QINT16, DT_QINT32, DT_QINT8, DT_QUINT16, DT_QUINT8}; }
  static TensorType OrdinaryType() {
    return TensorType{DT_BOOL,  DT_COMPLEX128, DT_COMPLEX64, DT_DOUBLE, DT_FLOAT,  DT_FLOAT16, DT_INT16, DT_INT32,
                      DT_INT64, DT_INT8,       DT_UINT16,    DT_UINT32, DT_UINT64, DT_UINT8,   DT_BF16,  DT_COMPLEX32};
  }
  static TensorType BasicType() {
    return TensorType{DT_COMPLEX128, DT_COMPLEX64, DT_DOUBLE, DT_FLOAT,  DT_FLOAT16, DT_INT16,    DT_INT32,
                      DT_INT64,      DT_INT8,      DT_QINT16, DT_QINT32, DT_QINT8,   DT_QUINT16,  DT_QUINT8,
                      DT_UINT16,     DT_UINT32,    DT_UINT64, DT_UINT8,  DT_BF16,    DT_COMPLEX32};
  }
  static TensorType NumberType() {
    return TensorType{DT_COMPLEX128, DT_COMPLEX64, DT_DOUBLE, DT_FLOAT,  DT_FLOAT16, DT_INT16,
                      DT_INT32,      DT_INT64,     DT_INT8,   DT_QINT32, DT_QINT8,   DT_QUINT8,
                      DT_UINT16,     DT_UINT32,    DT_UINT64, DT_UINT8,  DT_BF16,    DT_COMPLEX32};
  }
  static TensorType RealNumberType() {
    return TensorType{DT_DOUBLE, DT_FLOAT,  DT_FLOAT16, DT_INT16,  DT_INT32, DT_INT64,
                      DT_INT8,   DT_UINT16, DT_UINT32,  DT_UINT64, DT_UINT8, DT_BF16};
  }
  static TensorType ComplexDataType() { return TensorType{DT_COMPLEX128, DT_COMPLEX64, DT_COMPLEX32}; }
  static TensorType IntegerDataType() {
    return TensorType{DT_INT16, DT_INT32, DT_INT64, DT_INT8, DT_UINT16, DT_UINT32, DT_UINT64, DT_UINT8};
  }
  static TensorType SignedDataType() { return TensorType{DT_INT16, DT_INT32, DT_INT64, DT_INT8}; }
  static TensorType UnsignedDataType() { return TensorType{DT_UINT16, DT_UINT32, DT_UINT64, DT_UINT8}; }
  static TensorType FloatingDataType() { return TensorType{DT_DOUBLE, DT_FLOAT, DT_FLOAT16}; }
  static TensorType IndexNumberType() { return TensorType{DT_INT32, DT_INT64}; }
  static TensorType UnaryDataType() {
    return TensorType{DT_COMPLEX128, DT_COMPLEX64, DT_DOUBLE, DT_FLOAT, DT_FLOAT16, DT_BF16, DT_COMPLEX32};
  }
  static TensorType FLOAT() { return TensorType{DT_FLOAT, DT_FLOAT16, DT_BF16}; }

private:
  std::vector<DataType> types_;
};

/// The same set for every element of a dynamic input or output.
class ListTensorType {
public:
  explicit ListTensorType(const TensorType &type) : type_(type) {}
  const TensorType &GetType() const { return type_; }

private:
  TensorType type_;
};

/// The type that the named symbols promote to.
class Promote {
public:
  Promote(std::initializer_list<const char *> symbols) : symbols_(symbols.begin(), symbols.end()) {}
  const std::vector<AscendString> &GetSymbols() const { return symbols_; }

private:
  std::vector<AscendString> symbols_;
};
} // namespace ge

namespace domi {
enum FrameworkType {
  CAFFE = 0,
  MINDSPORE = 1,
  TENSORFLOW = 3,
  ANDROID_NN = 4,
  ONNX = 5,
  FRAMEWORK_RESERVED = 6,
};
} // namespace domi

#endif // GRAPH_TYPES_H
