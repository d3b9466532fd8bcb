//===- inference_context.h - context of shape inference ---------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_INFERENCE_CONTEXT_H
#define GRAPH_INFERENCE_CONTEXT_H

#include "graph/tensor.h"

namespace ge {
class InferenceContextImpl;
class InferenceContext;
using InferenceContextPtr = std::shared_ptr<InferenceContext>;

/// A shape and a type that a resource handle stands for.
class GE_FUNC_VISIBILITY ShapeAndType {
public:
  ShapeAndType() = default;
  ShapeAndType(const Shape &shape, DataType type) : shape_(shape), type_(type) {}

  void SetShape(const Shape &shape) { shape_ = shape; }
  void SetType(DataType type) { type_ = type; }
  Shape GetShape() const { return shape_; }
  DataType GetDataType() const { return type_; }

private:
  Shape shape_;
  DataType type_ = DT_UNDEFINED;
};

/// What shape functions of operators with resource handles tell each other.
class GE_FUNC_VISIBILITY InferenceContext {
public:
  static InferenceContextPtr Create();
  InferenceContext(const InferenceContext &) = delete;
  InferenceContext &operator=(const InferenceContext &) = delete;
  ~InferenceContext();

  void SetInputHandleShapesAndTypes(std::vector<std::vector<ShapeAndType>> &&shapes_and_types);
  const std::vector<std::vector<ShapeAndType>> &GetInputHandleShapesAndTypes() const;
  void SetOutputHandleShapesAndTypes(const std::vector<std::vector<ShapeAndType>> &shapes_and_types);
  const std::vector<std::vector<ShapeAndType>> &GetOutputHandleShapesAndTypes() const;
  void SetMarks(const std::vector<AscendString> &marks);
  void GetMarks(std::vector<AscendString> &marks) const;

private:
  InferenceContext();
  std::unique_ptr<InferenceContextImpl> impl_;
};
} // namespace ge

#endif // GRAPH_INFERENCE_CONTEXT_H
