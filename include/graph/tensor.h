//===- tensor.h - shapes, tensor descriptions and tensors -------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_TENSOR_H
#define GRAPH_TENSOR_H

#include "graph/types.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ge {
class ShapeImpl;
class TensorDescImpl;
class TensorImpl;

/// A value: copies are independent.
class GE_FUNC_VISIBILITY Shape {
public:
  Shape();
  explicit Shape(const std::vector<int64_t> &dims);
  Shape(const Shape &other);
  Shape(Shape &&other);
  Shape &operator=(const Shape &other);
  Shape &operator=(Shape &&other);
  ~Shape() = default;

  /// 0 for a shape of unknown rank.
  size_t GetDimNum() const;
  /// 0 beyond the rank.
  int64_t GetDim(size_t index) const;
  graphStatus SetDim(size_t index, int64_t value);
  std::vector<int64_t> GetDims() const;
  /// The number of elements; -1 with an unknown dimension, 0 without any
  /// dimension or on overflow.
  int64_t GetShapeSize() const;

private:
  std::shared_ptr<ShapeImpl> impl_;
};

/// A value: copies are independent.
class GE_FUNC_VISIBILITY TensorDesc {
public:
  TensorDesc();
  explicit TensorDesc(Shape shape, Format format = FORMAT_ND, DataType type = DT_FLOAT);
  TensorDesc(const TensorDesc &other);
  TensorDesc(TensorDesc &&other);
  TensorDesc &operator=(const TensorDesc &other);
  TensorDesc &operator=(TensorDesc &&other);
  ~TensorDesc() = default;

  void Update(const Shape &shape, Format format = FORMAT_ND, DataType type = DT_FLOAT);

  Shape GetShape() const;
  void SetShape(const Shape &shape);
  graphStatus SetUnknownDimNumShape();
  Shape GetOriginShape() const;
  void SetOriginShape(const Shape &shape);
  graphStatus SetShapeRange(const std::vector<std::pair<int64_t, int64_t>> &range);
  graphStatus GetShapeRange(std::vector<std::pair<int64_t, int64_t>> &range) const;

  Format GetFormat() const;
  void SetFormat(Format format);
  Format GetOriginFormat() const;
  void SetOriginFormat(Format format);

  DataType GetDataType() const;
  void SetDataType(DataType type);

  graphStatus GetName(AscendString &name);
  graphStatus GetName(AscendString &name) const;
  void SetName(const char *name);
  std::string GetName() const {
    AscendString name;
    (void)GetName(name);
    return name.GetString();
  }
  void SetName(const std::string &name) { SetName(name.c_str()); }

  int64_t GetSize() const;
  void SetSize(int64_t size);
  int64_t GetRealDimCnt() const;
  void SetRealDimCnt(int64_t count);
  Placement GetPlacement() const;
  void SetPlacement(Placement placement);
  graphStatus GetExpandDimsRule(AscendString &rule) const;
  void SetExpandDimsRule(const AscendString &rule);
  void SetReuseInputIndex(uint32_t index);

  void SetConstData(std::unique_ptr<uint8_t[]> data, const size_t &size);
  bool GetConstData(uint8_t **data, size_t &size) const;

private:
  std::shared_ptr<TensorDescImpl> impl_;
};

/// A description and its data. Copies share both; Clone makes an independent
/// one.
class GE_FUNC_VISIBILITY Tensor {
public:
  using DeleteFunc = std::function<void(uint8_t *)>;

  Tensor();
  explicit Tensor(const TensorDesc &desc);
  Tensor(const TensorDesc &desc, const std::vector<uint8_t> &data);
  Tensor(const TensorDesc &desc, const uint8_t *data, size_t size);
  Tensor(TensorDesc &&desc, std::vector<uint8_t> &&data);
  ~Tensor() = default;

  TensorDesc GetTensorDesc() const;
  graphStatus SetTensorDesc(const TensorDesc &desc);

  const uint8_t *GetData() const;
  uint8_t *GetData();
  size_t GetSize() const;

  /// Moves the data out.
  std::unique_ptr<uint8_t[], DeleteFunc> ResetData();

  graphStatus SetData(std::vector<uint8_t> &&data);
  graphStatus SetData(const std::vector<uint8_t> &data);
  graphStatus SetData(const uint8_t *data, size_t size);
  graphStatus SetData(const char *data);
  graphStatus SetData(const std::vector<AscendString> &data);
  graphStatus SetData(const std::string &data) { return SetData(data.c_str()); }
  graphStatus SetData(const std::vector<std::string> &data) {
    std::vector<AscendString> texts;
    for (const std::string &text : data)
      texts.emplace_back(text.c_str(), text.size());
    return SetData(texts);
  }
  /// Takes over `data` without a copy; `deleter` runs when the last tensor that
  /// shares it goes.
  graphStatus SetData(uint8_t *data, size_t size, const DeleteFunc &deleter);
  graphStatus ResetData(uint8_t *data, size_t size, const DeleteFunc &deleter);

  /// GRAPH_SUCCESS when the data has the size that shape and type ask for.
  graphStatus IsValid();

  graphStatus SetOriginShapeDimNum(size_t number);
  size_t GetOriginShapeDimNum() const;
  graphStatus SetOriginShapeDim(size_t index, int64_t value);
  int64_t GetOriginShapeDim(size_t index) const;
  graphStatus SetOriginFormat(const Format &format);
  Format GetOriginFormat() const;
  graphStatus SetShapeDimNum(size_t number);
  size_t GetShapeDimNum() const;
  graphStatus SetShapeDim(size_t index, int64_t value);
  int64_t GetShapeDim(size_t index) const;
  graphStatus SetFormat(const Format &format);
  Format GetFormat() const;
  graphStatus SetDataType(const DataType &type);
  DataType GetDataType() const;
  graphStatus SetPlacement(const Placement &placement);
  Placement GetPlacement() const;
  graphStatus SetExpandDimsRule(const AscendString &rule);
  graphStatus GetExpandDimsRule(AscendString &rule) const;

  Tensor Clone() const;

private:
  std::shared_ptr<TensorImpl> impl_;
};
} // namespace ge

#endif // GRAPH_TENSOR_H
