//===- Proto.h - the parts of an ONNX model, as views of its bytes -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names are string_views and payloads are spans of the model's bytes, which
// outlive every structure here.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_IMPORT_ONNX_PROTO_H
#define GE_MLIR_LIB_IMPORT_ONNX_PROTO_H

#include "ge-mlir/Support/Wire.h"

#include <memory>

namespace gemlir {
namespace onnx {

using gemlir::ReadError;
using gemlir::Span;
using gemlir::WireReader;
using gemlir::WireType;

/// TensorProto.DataType.
enum ElementType : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kUInt8 = 2,
  kInt8 = 3,
  kUInt16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUInt32 = 12,
  kUInt64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBFloat16 = 16,
  kFloat8E4M3FN = 17,
  kFloat8E4M3FNUZ = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FNUZ = 20,
  kUInt4 = 21,
  kInt4 = 22,
  kFloat4E2M1 = 23,
  kFloat8E8M0 = 24,
  kUInt2 = 25,
  kInt2 = 26,
};

struct TensorView {
  std::string_view name;
  std::vector<int64_t> dims;
  int64_t dataType = kUndefined;
  size_t offset = 0; ///< of the message, for error texts
  bool hasRaw = false;
  Span raw;
  /// The typed fields, in file order; most writers use raw data instead.
  std::vector<Span> floatData, int32Data, int64Data, doubleData, uint64Data;
  std::vector<std::string_view> strings;
  /// Values of typed fields that were not packed.
  std::vector<int64_t> looseInts;
  std::vector<float> looseFloats;
  std::vector<double> looseDoubles;
  bool external = false;
  std::string_view location, externalOffset, externalLength;
};

struct TypeView {
  enum Kind { None, Tensor, Sequence, Map, Optional, SparseTensor } kind = None;
  int64_t elementType = kUndefined;
  bool hasShape = false;
  std::vector<int64_t> dims;           ///< -1 for a symbolic dimension
  std::vector<std::string_view> names; ///< of symbolic dimensions, else empty
};

struct ValueInfo {
  std::string_view name;
  TypeView type;
};

struct GraphView;

struct AttributeView {
  enum Type {
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Strings = 8,
    Tensors = 9,
    Graphs = 10,
    SparseTensor = 11,
    SparseTensors = 12,
    TypeProto = 13,
    TypeProtos = 14,
  };
  std::string_view name, refName;
  int64_t type = Undefined;
  float f = 0;
  int64_t i = 0;
  std::string_view s;
  std::vector<float> floats;
  std::vector<int64_t> ints;
  std::vector<std::string_view> strings;
  std::vector<TensorView> tensors;                ///< also the single tensor
  std::vector<std::shared_ptr<GraphView>> graphs; ///< also the single graph
};

struct NodeView {
  std::string_view name, type, domain, overload;
  std::vector<std::string_view> inputs, outputs;
  std::vector<AttributeView> attributes;
  size_t offset = 0;
  int64_t version = 0; ///< of the operator set, where not the model's

  const AttributeView *find(std::string_view attribute) const;
};

struct GraphView {
  std::string_view name;
  std::vector<NodeView> nodes;
  std::vector<TensorView> initializers;
  std::vector<ValueInfo> inputs, outputs, values;
  size_t sparseInitializers = 0;
};

struct OpsetView {
  std::string_view domain;
  int64_t version = 0;
};

struct FunctionView {
  std::string_view name, domain, overload;
  std::vector<std::string_view> inputs, outputs, attributes;
  std::vector<AttributeView> defaults;
  std::vector<NodeView> nodes;
  std::vector<OpsetView> opsets;
};

struct ModelView {
  int64_t irVersion = 0;
  std::vector<OpsetView> opsets;
  std::vector<FunctionView> functions;
  GraphView graph;
};

bool readModel(Span span, ModelView &model, ReadError &error);
bool readTensor(Span span, TensorView &tensor, ReadError &error);

} // namespace onnx
} // namespace gemlir

#endif // GE_MLIR_LIB_IMPORT_ONNX_PROTO_H
