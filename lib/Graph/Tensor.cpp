//===- Tensor.cpp - shapes, tensor descriptions and tensors ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "graph/tensor.h"

#include <cstdlib>
#include <cstring>

namespace ge {

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

class ShapeImpl {
public:
  std::vector<int64_t> dims;
};

Shape::Shape() : impl_(std::make_shared<ShapeImpl>()) {}
Shape::Shape(const std::vector<int64_t> &dims) : Shape() { impl_->dims = dims; }
Shape::Shape(const Shape &other) : Shape() { *this = other; }
Shape::Shape(Shape &&other) : impl_(std::move(other.impl_)) {}

Shape &Shape::operator=(const Shape &other) {
  if (this != &other) {
    // A moved-from shape has no implementation.
    impl_ = std::make_shared<ShapeImpl>();
    if (other.impl_)
      impl_->dims = other.impl_->dims;
  }
  return *this;
}

Shape &Shape::operator=(Shape &&other) {
  impl_ = std::move(other.impl_);
  return *this;
}

size_t Shape::GetDimNum() const {
  if (!impl_ || impl_->dims == UNKNOWN_RANK)
    return 0;
  return impl_->dims.size();
}

int64_t Shape::GetDim(size_t index) const { return impl_ && index < impl_->dims.size() ? impl_->dims[index] : 0; }

graphStatus Shape::SetDim(size_t index, int64_t value) {
  if (!impl_ || index >= impl_->dims.size())
    return GRAPH_FAILED;
  impl_->dims[index] = value;
  return GRAPH_SUCCESS;
}

std::vector<int64_t> Shape::GetDims() const { return impl_ ? impl_->dims : std::vector<int64_t>(); }

int64_t Shape::GetShapeSize() const {
  if (!impl_ || impl_->dims.empty())
    return 0;
  for (int64_t dim : impl_->dims)
    if (dim < 0)
      return UNKNOWN_DIM;
  int64_t size = 1;
  for (int64_t dim : impl_->dims)
    if (__builtin_mul_overflow(size, dim, &size))
      return 0;
  return size;
}

//===----------------------------------------------------------------------===//
// TensorDesc
//===----------------------------------------------------------------------===//

class TensorDescImpl {
public:
  Shape shape;
  Shape originShape;
  Format format = FORMAT_ND;
  Format originFormat = FORMAT_ND;
  DataType type = DT_FLOAT;
  AscendString name;
  int64_t size = 0;
  int64_t realDimCount = 0;
  Placement placement = kPlacementHost;
  std::vector<std::pair<int64_t, int64_t>> range;
  AscendString expandDimsRule;
  uint32_t reuseInputIndex = 0;
  // Immutable once set, so copies of the description may share it.
  std::shared_ptr<uint8_t> constData;
  size_t constSize = 0;
};

namespace {
TensorDescImpl &ensure(std::shared_ptr<TensorDescImpl> &impl) {
  if (!impl)
    impl = std::make_shared<TensorDescImpl>();
  return *impl;
}

const TensorDescImpl &get(const std::shared_ptr<TensorDescImpl> &impl) {
  static const TensorDescImpl empty;
  return impl ? *impl : empty;
}
} // namespace

TensorDesc::TensorDesc() : impl_(std::make_shared<TensorDescImpl>()) {}
TensorDesc::TensorDesc(Shape shape, Format format, DataType type) : TensorDesc() { Update(shape, format, type); }
TensorDesc::TensorDesc(const TensorDesc &other) : impl_(std::make_shared<TensorDescImpl>(get(other.impl_))) {}
TensorDesc::TensorDesc(TensorDesc &&other) : impl_(std::move(other.impl_)) {}
TensorDesc &TensorDesc::operator=(const TensorDesc &other) {
  if (this != &other)
    impl_ = std::make_shared<TensorDescImpl>(get(other.impl_));
  return *this;
}
TensorDesc &TensorDesc::operator=(TensorDesc &&other) {
  impl_ = std::move(other.impl_);
  return *this;
}

void TensorDesc::Update(const Shape &shape, Format format, DataType type) {
  TensorDescImpl &impl = ensure(impl_);
  impl.shape = shape;
  impl.format = format;
  impl.type = type;
}

Shape TensorDesc::GetShape() const { return get(impl_).shape; }
void TensorDesc::SetShape(const Shape &shape) { ensure(impl_).shape = shape; }
graphStatus TensorDesc::SetUnknownDimNumShape() {
  ensure(impl_).shape = Shape(UNKNOWN_RANK);
  return GRAPH_SUCCESS;
}
Shape TensorDesc::GetOriginShape() const { return get(impl_).originShape; }
void TensorDesc::SetOriginShape(const Shape &shape) { ensure(impl_).originShape = shape; }
graphStatus TensorDesc::SetShapeRange(const std::vector<std::pair<int64_t, int64_t>> &range) {
  ensure(impl_).range = range;
  return GRAPH_SUCCESS;
}
graphStatus TensorDesc::GetShapeRange(std::vector<std::pair<int64_t, int64_t>> &range) const {
  range = get(impl_).range;
  return GRAPH_SUCCESS;
}
Format TensorDesc::GetFormat() const { return get(impl_).format; }
void TensorDesc::SetFormat(Format format) { ensure(impl_).format = format; }
Format TensorDesc::GetOriginFormat() const { return get(impl_).originFormat; }
void TensorDesc::SetOriginFormat(Format format) { ensure(impl_).originFormat = format; }
DataType TensorDesc::GetDataType() const { return get(impl_).type; }
void TensorDesc::SetDataType(DataType type) { ensure(impl_).type = type; }
graphStatus TensorDesc::GetName(AscendString &name) {
  name = get(impl_).name;
  return GRAPH_SUCCESS;
}
graphStatus TensorDesc::GetName(AscendString &name) const {
  name = get(impl_).name;
  return GRAPH_SUCCESS;
}
void TensorDesc::SetName(const char *name) { ensure(impl_).name = name; }
int64_t TensorDesc::GetSize() const { return get(impl_).size; }
void TensorDesc::SetSize(int64_t size) { ensure(impl_).size = size; }
int64_t TensorDesc::GetRealDimCnt() const { return get(impl_).realDimCount; }
void TensorDesc::SetRealDimCnt(int64_t count) { ensure(impl_).realDimCount = count; }
Placement TensorDesc::GetPlacement() const { return get(impl_).placement; }
void TensorDesc::SetPlacement(Placement placement) { ensure(impl_).placement = placement; }
graphStatus TensorDesc::GetExpandDimsRule(AscendString &rule) const {
  rule = get(impl_).expandDimsRule;
  return GRAPH_SUCCESS;
}
void TensorDesc::SetExpandDimsRule(const AscendString &rule) { ensure(impl_).expandDimsRule = rule; }
void TensorDesc::SetReuseInputIndex(uint32_t index) { ensure(impl_).reuseInputIndex = index; }
void TensorDesc::SetConstData(std::unique_ptr<uint8_t[]> data, const size_t &size) {
  TensorDescImpl &impl = ensure(impl_);
  impl.constData = std::shared_ptr<uint8_t>(data.release(), std::default_delete<uint8_t[]>());
  impl.constSize = impl.constData ? size : 0;
}
bool TensorDesc::GetConstData(uint8_t **data, size_t &size) const {
  const TensorDescImpl &impl = get(impl_);
  if (data == nullptr || !impl.constData)
    return false;
  *data = impl.constData.get();
  size = impl.constSize;
  return true;
}

//===----------------------------------------------------------------------===//
// Tensor
//===----------------------------------------------------------------------===//

class TensorImpl {
public:
  using Holder = std::unique_ptr<uint8_t[], Tensor::DeleteFunc>;

  TensorDesc desc;
  Holder data{nullptr, [](uint8_t *) {}};
  size_t size = 0;

  graphStatus adopt(uint8_t *bytes, size_t count, const Tensor::DeleteFunc &deleter) {
    data = Holder(bytes, deleter ? deleter : [](uint8_t *) {});
    size = count;
    return GRAPH_SUCCESS;
  }

  graphStatus copy(const uint8_t *bytes, size_t count) {
    // Vector loads of any width may read weights directly.
    constexpr size_t kAlignment = 64;
    const size_t room = (count + kAlignment - 1) / kAlignment * kAlignment;
    auto *memory = static_cast<uint8_t *>(std::aligned_alloc(kAlignment, room == 0 ? kAlignment : room));
    if (memory == nullptr)
      return GRAPH_FAILED;
    if (count != 0)
      std::memcpy(memory, bytes, count);
    return adopt(memory, count, [](uint8_t *p) { std::free(p); });
  }
};

namespace {
TensorImpl &ensure(std::shared_ptr<TensorImpl> &impl) {
  if (!impl)
    impl = std::make_shared<TensorImpl>();
  return *impl;
}
} // namespace

Tensor::Tensor() : impl_(std::make_shared<TensorImpl>()) {}
Tensor::Tensor(const TensorDesc &desc) : Tensor() { impl_->desc = desc; }
Tensor::Tensor(const TensorDesc &desc, const std::vector<uint8_t> &data) : Tensor(desc) { (void)SetData(data); }
Tensor::Tensor(const TensorDesc &desc, const uint8_t *data, size_t size) : Tensor(desc) { (void)SetData(data, size); }
Tensor::Tensor(TensorDesc &&desc, std::vector<uint8_t> &&data) : Tensor() {
  impl_->desc = std::move(desc);
  (void)SetData(std::move(data));
}

TensorDesc Tensor::GetTensorDesc() const { return impl_ ? impl_->desc : TensorDesc(); }
graphStatus Tensor::SetTensorDesc(const TensorDesc &desc) {
  ensure(impl_).desc = desc;
  return GRAPH_SUCCESS;
}
const uint8_t *Tensor::GetData() const { return impl_ ? impl_->data.get() : nullptr; }
uint8_t *Tensor::GetData() { return impl_ ? impl_->data.get() : nullptr; }
size_t Tensor::GetSize() const { return impl_ ? impl_->size : 0; }

std::unique_ptr<uint8_t[], Tensor::DeleteFunc> Tensor::ResetData() {
  TensorImpl &impl = ensure(impl_);
  TensorImpl::Holder data = std::move(impl.data);
  impl.data = TensorImpl::Holder(nullptr, [](uint8_t *) {});
  impl.size = 0;
  return data;
}

graphStatus Tensor::SetData(std::vector<uint8_t> &&data) {
  auto owner = std::make_shared<std::vector<uint8_t>>(std::move(data));
  return ensure(impl_).adopt(owner->data(), owner->size(), [owner](uint8_t *) {});
}
graphStatus Tensor::SetData(const std::vector<uint8_t> &data) { return ensure(impl_).copy(data.data(), data.size()); }
graphStatus Tensor::SetData(const uint8_t *data, size_t size) {
  if (data == nullptr && size != 0)
    return GRAPH_FAILED;
  return ensure(impl_).copy(data, size);
}
graphStatus Tensor::SetData(const char *data) {
  if (data == nullptr)
    return GRAPH_FAILED;
  return SetData(std::vector<AscendString>(1, AscendString(data)));
}
graphStatus Tensor::SetData(const std::vector<AscendString> &data) {
  // One (address, length) pair per string, then the texts; addresses count from
  // the start of the data.
  std::vector<uint8_t> bytes(data.size() * 2 * sizeof(uint64_t));
  for (size_t i = 0; i < data.size(); ++i) {
    const uint64_t head[2] = {bytes.size(), data[i].GetLength()};
    std::memcpy(bytes.data() + i * sizeof(head), head, sizeof(head));
    const char *text = data[i].GetString();
    bytes.insert(bytes.end(), text, text + data[i].GetLength() + 1);
  }
  return SetData(std::move(bytes));
}
graphStatus Tensor::SetData(uint8_t *data, size_t size, const DeleteFunc &deleter) {
  if (data == nullptr && size != 0)
    return GRAPH_FAILED;
  return ensure(impl_).adopt(data, size, deleter);
}
graphStatus Tensor::ResetData(uint8_t *data, size_t size, const DeleteFunc &deleter) {
  return SetData(data, size, deleter);
}

graphStatus Tensor::IsValid() {
  const TensorDesc desc = GetTensorDesc();
  const DataType type = desc.GetDataType();
  if (type == DT_STRING || type == DT_STRING_REF)
    return GRAPH_SUCCESS;
  const std::vector<int64_t> dims = desc.GetShape().GetDims();
  const int64_t count = dims.empty() ? 1 : desc.GetShape().GetShapeSize();
  if (count < 0)
    return GRAPH_FAILED;
  const int64_t size = GetSizeInBytes(count, type);
  // A tensor without dimensions may be a scalar or have no content.
  const bool absent = dims.empty() && GetSize() == 0;
  return absent || (size >= 0 && static_cast<size_t>(size) == GetSize()) ? GRAPH_SUCCESS : GRAPH_FAILED;
}

graphStatus Tensor::SetOriginShapeDimNum(size_t number) {
  TensorDesc &desc = ensure(impl_).desc;
  std::vector<int64_t> dims = desc.GetOriginShape().GetDims();
  dims.resize(number);
  desc.SetOriginShape(Shape(dims));
  return GRAPH_SUCCESS;
}
size_t Tensor::GetOriginShapeDimNum() const { return GetTensorDesc().GetOriginShape().GetDimNum(); }
graphStatus Tensor::SetOriginShapeDim(size_t index, int64_t value) {
  TensorDesc &desc = ensure(impl_).desc;
  Shape shape = desc.GetOriginShape();
  const graphStatus status = shape.SetDim(index, value);
  desc.SetOriginShape(shape);
  return status;
}
int64_t Tensor::GetOriginShapeDim(size_t index) const { return GetTensorDesc().GetOriginShape().GetDim(index); }
graphStatus Tensor::SetOriginFormat(const Format &format) {
  ensure(impl_).desc.SetOriginFormat(format);
  return GRAPH_SUCCESS;
}
Format Tensor::GetOriginFormat() const { return GetTensorDesc().GetOriginFormat(); }
graphStatus Tensor::SetShapeDimNum(size_t number) {
  TensorDesc &desc = ensure(impl_).desc;
  std::vector<int64_t> dims = desc.GetShape().GetDims();
  dims.resize(number);
  desc.SetShape(Shape(dims));
  return GRAPH_SUCCESS;
}
size_t Tensor::GetShapeDimNum() const { return GetTensorDesc().GetShape().GetDimNum(); }
graphStatus Tensor::SetShapeDim(size_t index, int64_t value) {
  TensorDesc &desc = ensure(impl_).desc;
  Shape shape = desc.GetShape();
  const graphStatus status = shape.SetDim(index, value);
  desc.SetShape(shape);
  return status;
}
int64_t Tensor::GetShapeDim(size_t index) const { return GetTensorDesc().GetShape().GetDim(index); }
graphStatus Tensor::SetFormat(const Format &format) {
  ensure(impl_).desc.SetFormat(format);
  return GRAPH_SUCCESS;
}
Format Tensor::GetFormat() const { return GetTensorDesc().GetFormat(); }
graphStatus Tensor::SetDataType(const DataType &type) {
  ensure(impl_).desc.SetDataType(type);
  return GRAPH_SUCCESS;
}
DataType Tensor::GetDataType() const { return GetTensorDesc().GetDataType(); }
graphStatus Tensor::SetPlacement(const Placement &placement) {
  ensure(impl_).desc.SetPlacement(placement);
  return GRAPH_SUCCESS;
}
Placement Tensor::GetPlacement() const { return GetTensorDesc().GetPlacement(); }
graphStatus Tensor::SetExpandDimsRule(const AscendString &rule) {
  ensure(impl_).desc.SetExpandDimsRule(rule);
  return GRAPH_SUCCESS;
}
graphStatus Tensor::GetExpandDimsRule(AscendString &rule) const { return GetTensorDesc().GetExpandDimsRule(rule); }

Tensor Tensor::Clone() const { return Tensor(GetTensorDesc(), GetData(), GetSize()); }

} // namespace ge
