//===- Operator.cpp - operators under construction ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "graph/operator.h"

#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "graph/inference_context.h"

namespace ge {
namespace {

std::string str(const char *text) { return text == nullptr ? "" : text; }

std::string describe(const OpDesc &desc) { return "operator '" + desc.name + "' of type " + desc.type; }

/// The output that a link means: by name, or the only one.
int findOutput(const OpDesc &desc, const char *name) {
  if (name != nullptr)
    return desc.findOutput(name);
  return desc.outputs.size() == 1 ? 0 : -1;
}

void link(const std::shared_ptr<OperatorImpl> &dst, int input, const std::shared_ptr<OperatorImpl> &src, int output,
          const char *what) {
  if (!dst)
    return;
  if (!src) {
    gemlir::reportError("E10001", describe(*dst->desc) + ": the source of '" + str(what) + "' is empty");
    return;
  }
  OpDesc &to = *dst->desc;
  const OpDesc &from = *src->desc;
  if (input < 0 || static_cast<size_t>(input) >= to.inputs.size()) {
    gemlir::reportError("E10001", describe(to) + " has no input '" + str(what) + "'");
    return;
  }
  if (output < 0 || static_cast<size_t>(output) >= from.outputs.size()) {
    gemlir::reportError("E10001", describe(to) + ": input '" + to.inputs[input].name + "' names no output of " +
                                      describe(from) + ", which has " + std::to_string(from.outputs.size()));
    return;
  }
  dst->link(input) = Link{src, output};
  src->consumers.push_back(dst);
  const Port &port = from.outputs[output];
  if (port.described && !to.inputs[input].described) {
    to.inputs[input].desc = port.desc;
    to.inputs[input].described = true;
  }
}

int indexOf(const std::vector<IrPort> &ports, const std::string &name) {
  for (size_t i = 0; i < ports.size(); ++i)
    if (ports[i].name == name)
      return static_cast<int>(i);
  return -1;
}

void declare(std::vector<IrPort> &ir, std::vector<Port> &ports, const char *name, PortKind kind, const char *symbol) {
  if (indexOf(ir, str(name)) >= 0)
    return;
  ir.push_back(IrPort{str(name), kind, str(symbol)});
  if (kind == PortKind::Dynamic)
    return;
  Port port;
  port.name = str(name);
  port.ir = static_cast<int>(ir.size()) - 1;
  ports.push_back(std::move(port));
}

/// Adds `number` ports of a dynamic input or output behind those it has. Ports
/// are always in the order of the prototype.
size_t grow(std::vector<IrPort> &ir, std::vector<Port> &ports, const std::string &name, uint32_t number) {
  const int index = indexOf(ir, name);
  size_t at = 0;
  while (at < ports.size() && ports[at].ir <= index)
    ++at;
  size_t have = 0;
  for (const Port &port : ports)
    have += port.ir == index;
  for (uint32_t i = 0; i < number; ++i) {
    Port port;
    port.name = name + std::to_string(have + i);
    port.ir = index;
    ports.insert(ports.begin() + at + i, std::move(port));
  }
  return at;
}

void growInputs(OperatorImpl &op, const char *name, uint32_t number, const char *symbol) {
  OpDesc &desc = *op.desc;
  declare(desc.irInputs, desc.inputs, name, PortKind::Dynamic, symbol);
  if (op.links.size() < desc.inputs.size())
    op.links.resize(desc.inputs.size());
  const size_t at = grow(desc.irInputs, desc.inputs, str(name), number);
  op.links.insert(op.links.begin() + at, number, Link());
}

TensorDesc portDesc(const std::vector<Port> &ports, int index) {
  return index >= 0 && static_cast<size_t>(index) < ports.size() ? ports[index].desc : TensorDesc();
}

graphStatus update(std::vector<Port> &ports, int index, const TensorDesc &desc) {
  if (index < 0 || static_cast<size_t>(index) >= ports.size())
    return GRAPH_FAILED;
  ports[index].desc = desc;
  ports[index].described = true;
  return GRAPH_SUCCESS;
}

std::string numbered(const char *name, uint32_t index) { return str(name) + std::to_string(index); }

} // namespace

//===----------------------------------------------------------------------===//
// Identity
//===----------------------------------------------------------------------===//

const std::shared_ptr<OperatorImpl> &OperatorAccess::get(const Operator &op) { return op.impl_; }
Operator OperatorAccess::make(std::shared_ptr<OperatorImpl> impl) { return Operator(std::move(impl)); }

Operator::Operator(std::shared_ptr<OperatorImpl> impl) : impl_(std::move(impl)) {}
Operator::Operator(const char *type) : Operator("", type) {}
Operator::Operator(const char *name, const char *type) : impl_(std::make_shared<OperatorImpl>()) {
  impl_->desc->name = str(name);
  impl_->desc->type = str(type);
}
Operator::Operator(const AscendString &name, const AscendString &type) : Operator(name.GetString(), type.GetString()) {}
Operator::~Operator() = default;

bool Operator::IsEmpty() const { return !impl_; }

graphStatus Operator::GetName(AscendString &name) const {
  if (!impl_)
    return GRAPH_FAILED;
  name = AscendString(impl_->desc->name.c_str());
  return GRAPH_SUCCESS;
}

graphStatus Operator::GetOpType(AscendString &type) const {
  if (!impl_)
    return GRAPH_FAILED;
  type = AscendString(impl_->desc->type.c_str());
  return GRAPH_SUCCESS;
}

//===----------------------------------------------------------------------===//
// Links
//===----------------------------------------------------------------------===//

Operator &Operator::SetInput(const char *dst_name, const Operator &src) {
  return SetInput(dst_name, src, static_cast<const char *>(nullptr));
}
Operator &Operator::SetInput(const char *dst_name, const Operator &src, const char *src_output) {
  if (impl_)
    link(impl_, impl_->desc->findInput(str(dst_name)), src.impl_,
         src.impl_ ? findOutput(*src.impl_->desc, src_output) : -1, dst_name);
  return *this;
}
Operator &Operator::SetInput(const char *dst_name, const Operator &src, uint32_t src_index) {
  if (impl_)
    link(impl_, impl_->desc->findInput(str(dst_name)), src.impl_, static_cast<int>(src_index), dst_name);
  return *this;
}
Operator &Operator::SetInput(uint32_t dst_index, const Operator &src, uint32_t src_index) {
  link(impl_, static_cast<int>(dst_index), src.impl_, static_cast<int>(src_index), std::to_string(dst_index).c_str());
  return *this;
}
Operator &Operator::SetInput(const char *dst_name, uint32_t dst_index, const Operator &src) {
  return SetInput(numbered(dst_name, dst_index).c_str(), src);
}
Operator &Operator::SetInput(const char *dst_name, uint32_t dst_index, const Operator &src, const char *src_output) {
  return SetInput(numbered(dst_name, dst_index).c_str(), src, src_output);
}
Operator &Operator::AddControlInput(const Operator &src) {
  if (impl_ && src.impl_) {
    impl_->controls.push_back(src.impl_);
    src.impl_->consumers.push_back(impl_);
  }
  return *this;
}
void Operator::BreakConnect() const {
  if (!impl_)
    return;
  impl_->links.clear();
  impl_->controls.clear();
  impl_->consumers.clear();
}

//===----------------------------------------------------------------------===//
// Descriptions
//===----------------------------------------------------------------------===//

TensorDesc Operator::GetInputDescByName(const char *name) const {
  return impl_ ? portDesc(impl_->desc->inputs, impl_->desc->findInput(str(name))) : TensorDesc();
}
TensorDesc Operator::GetInputDesc(uint32_t index) const {
  return impl_ ? portDesc(impl_->desc->inputs, static_cast<int>(index)) : TensorDesc();
}
graphStatus Operator::TryGetInputDesc(const char *name, TensorDesc &desc) const {
  if (!impl_)
    return GRAPH_FAILED;
  const int index = impl_->desc->findInput(str(name));
  if (index < 0)
    return GRAPH_FAILED;
  // An optional input that nobody linked or described is absent.
  const Port &port = impl_->desc->inputs[index];
  const bool optional = port.ir >= 0 && impl_->desc->irInputs[port.ir].kind == PortKind::Optional;
  if (optional && !port.described && !impl_->link(index).producer)
    return GRAPH_FAILED;
  desc = port.desc;
  return GRAPH_SUCCESS;
}
graphStatus Operator::UpdateInputDesc(const char *name, const TensorDesc &desc) {
  return impl_ ? update(impl_->desc->inputs, impl_->desc->findInput(str(name)), desc) : GRAPH_FAILED;
}
graphStatus Operator::UpdateInputDesc(uint32_t index, const TensorDesc &desc) {
  return impl_ ? update(impl_->desc->inputs, static_cast<int>(index), desc) : GRAPH_FAILED;
}
TensorDesc Operator::GetOutputDescByName(const char *name) const {
  return impl_ ? portDesc(impl_->desc->outputs, impl_->desc->findOutput(str(name))) : TensorDesc();
}
TensorDesc Operator::GetOutputDesc(uint32_t index) const {
  return impl_ ? portDesc(impl_->desc->outputs, static_cast<int>(index)) : TensorDesc();
}
graphStatus Operator::UpdateOutputDesc(const char *name, const TensorDesc &desc) {
  return impl_ ? update(impl_->desc->outputs, impl_->desc->findOutput(str(name)), desc) : GRAPH_FAILED;
}
graphStatus Operator::UpdateOutputDesc(uint32_t index, const TensorDesc &desc) {
  return impl_ ? update(impl_->desc->outputs, static_cast<int>(index), desc) : GRAPH_FAILED;
}
TensorDesc Operator::GetDynamicInputDesc(const char *name, uint32_t index) const {
  return GetInputDescByName(numbered(name, index).c_str());
}
graphStatus Operator::UpdateDynamicInputDesc(const char *name, uint32_t index, const TensorDesc &desc) {
  return UpdateInputDesc(numbered(name, index).c_str(), desc);
}
TensorDesc Operator::GetDynamicOutputDesc(const char *name, uint32_t index) const {
  return GetOutputDescByName(numbered(name, index).c_str());
}
graphStatus Operator::UpdateDynamicOutputDesc(const char *name, uint32_t index, const TensorDesc &desc) {
  return UpdateOutputDesc(numbered(name, index).c_str(), desc);
}
int Operator::GetDynamicInputNum(const char *name) const {
  return impl_ ? static_cast<int>(OpDesc::group(impl_->desc->irInputs, impl_->desc->inputs, str(name)).size()) : -1;
}
int Operator::GetDynamicOutputNum(const char *name) const {
  return impl_ ? static_cast<int>(OpDesc::group(impl_->desc->irOutputs, impl_->desc->outputs, str(name)).size()) : -1;
}
size_t Operator::GetInputsSize() const { return impl_ ? impl_->desc->inputs.size() : 0; }
size_t Operator::GetOutputsSize() const { return impl_ ? impl_->desc->outputs.size() : 0; }
graphStatus Operator::GetInputConstData(const char *name, Tensor &data) const {
  if (!impl_)
    return GRAPH_FAILED;
  const int index = impl_->desc->findInput(str(name));
  if (index < 0)
    return GRAPH_FAILED;
  const Link &link = impl_->link(index);
  return link.producer && getConstValue(*link.producer->desc, data) ? GRAPH_SUCCESS : GRAPH_FAILED;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

Operator &Operator::SetAttr(const char *name, const AttrValue &value) {
  if (impl_ && name != nullptr)
    impl_->desc->attrs[name] = value;
  return *this;
}
graphStatus Operator::GetAttr(const char *name, AttrValue &value) const {
  if (!impl_)
    return GRAPH_FAILED;
  const AttrValue found = impl_->desc->getAttr(str(name));
  if (found.IsEmpty())
    return GRAPH_FAILED;
  value = found;
  return GRAPH_SUCCESS;
}

#define GEMLIR_SET(Type)                                                                                               \
  Operator &Operator::SetAttr(const char *name, Type value) {                                                          \
    AttrValue attr;                                                                                                    \
    return attr.SetAttrValue(value) == GRAPH_SUCCESS ? SetAttr(name, attr) : *this;                                    \
  }
GEMLIR_SET(int64_t)
GEMLIR_SET(int32_t)
GEMLIR_SET(uint32_t)
GEMLIR_SET(float32_t)
GEMLIR_SET(bool)
GEMLIR_SET(const char *)
GEMLIR_SET(const AscendString &)
GEMLIR_SET(const Tensor &)
GEMLIR_SET(const TensorDesc &)
GEMLIR_SET(const NamedAttrs &)
GEMLIR_SET(const DataType &)
GEMLIR_SET(const std::vector<int64_t> &)
GEMLIR_SET(const std::vector<int32_t> &)
GEMLIR_SET(const std::vector<uint32_t> &)
GEMLIR_SET(const std::vector<float32_t> &)
GEMLIR_SET(const std::vector<bool> &)
GEMLIR_SET(const std::vector<AscendString> &)
GEMLIR_SET(const std::vector<Tensor> &)
GEMLIR_SET(const std::vector<DataType> &)
GEMLIR_SET(const std::vector<NamedAttrs> &)
GEMLIR_SET(const std::vector<uint8_t> &)
GEMLIR_SET(const std::vector<std::vector<int64_t>> &)
#undef GEMLIR_SET

#define GEMLIR_GET(Type)                                                                                               \
  graphStatus Operator::GetAttr(const char *name, Type &value) const {                                                 \
    AttrValue attr;                                                                                                    \
    return GetAttr(name, attr) == GRAPH_SUCCESS ? attr.GetAttrValue(value) : GRAPH_FAILED;                             \
  }
GEMLIR_GET(int64_t)
GEMLIR_GET(int32_t)
GEMLIR_GET(uint32_t)
GEMLIR_GET(float32_t)
GEMLIR_GET(bool)
GEMLIR_GET(AscendString)
GEMLIR_GET(Tensor)
GEMLIR_GET(TensorDesc)
GEMLIR_GET(NamedAttrs)
GEMLIR_GET(DataType)
GEMLIR_GET(std::vector<int64_t>)
GEMLIR_GET(std::vector<int32_t>)
GEMLIR_GET(std::vector<uint32_t>)
GEMLIR_GET(std::vector<float32_t>)
GEMLIR_GET(std::vector<bool>)
GEMLIR_GET(std::vector<AscendString>)
GEMLIR_GET(std::vector<Tensor>)
GEMLIR_GET(std::vector<DataType>)
GEMLIR_GET(std::vector<NamedAttrs>)
GEMLIR_GET(std::vector<uint8_t>)
GEMLIR_GET(std::vector<std::vector<int64_t>>)
#undef GEMLIR_GET

bool Operator::HasAttr(const char *name) const { return impl_ && !impl_->desc->getAttr(str(name)).IsEmpty(); }
graphStatus Operator::GetAllAttrNamesAndTypes(std::map<AscendString, AscendString> &types) const {
  if (!impl_)
    return GRAPH_FAILED;
  (void)GetAllIrAttrNamesAndTypes(types);
  for (const auto &attr : impl_->desc->attrs)
    types.emplace(attr.first.c_str(), AttrValueAccess::kind(attr.second));
  return GRAPH_SUCCESS;
}
graphStatus Operator::GetAllIrAttrNamesAndTypes(std::map<AscendString, AscendString> &types) const {
  if (!impl_)
    return GRAPH_FAILED;
  for (const IrAttr &attr : impl_->desc->irAttrs)
    types.emplace(attr.name.c_str(), attr.type.c_str());
  return GRAPH_SUCCESS;
}
Operator &Operator::SetPortAttr(bool input, int32_t index, const char *port, const char *name, const AttrValue &value) {
  if (!impl_ || name == nullptr)
    return *this;
  std::vector<Port> &ports = input ? impl_->desc->inputs : impl_->desc->outputs;
  const int at = port != nullptr ? OpDesc::find(ports, port) : index;
  if (at >= 0 && static_cast<size_t>(at) < ports.size())
    ports[at].attrs[name] = value;
  return *this;
}
AttrValue Operator::GetPortAttr(bool input, int32_t index, const char *port, const char *name) const {
  if (!impl_ || name == nullptr)
    return AttrValue();
  const std::vector<Port> &ports = input ? impl_->desc->inputs : impl_->desc->outputs;
  const int at = port != nullptr ? OpDesc::find(ports, port) : index;
  if (at < 0 || static_cast<size_t>(at) >= ports.size())
    return AttrValue();
  auto it = ports[at].attrs.find(name);
  return it == ports[at].attrs.end() ? AttrValue() : it->second;
}

//===----------------------------------------------------------------------===//
// Subgraphs
//===----------------------------------------------------------------------===//

size_t Operator::GetSubgraphNamesCount() const { return impl_ ? impl_->desc->subgraphs.size() : 0; }
graphStatus Operator::GetSubgraphNames(std::vector<AscendString> &names) const {
  if (!impl_)
    return GRAPH_FAILED;
  for (const SubgraphSlot &slot : impl_->desc->subgraphs)
    names.emplace_back(slot.irName.c_str());
  return GRAPH_SUCCESS;
}
SubgraphBuilder Operator::GetSubgraphBuilder(const char *name) const { return GetDynamicSubgraphBuilder(name, 0); }
Graph Operator::GetSubgraph(const char *name) const { return GetDynamicSubgraph(name, 0); }
SubgraphBuilder Operator::GetDynamicSubgraphBuilder(const char *name, uint32_t index) const {
  SubgraphSlot *slot = impl_ ? impl_->desc->findSubgraph(str(name), index) : nullptr;
  return slot ? slot->builder : SubgraphBuilder();
}
Graph Operator::GetDynamicSubgraph(const char *name, uint32_t index) const {
  SubgraphSlot *slot = impl_ ? impl_->desc->findSubgraph(str(name), index) : nullptr;
  std::shared_ptr<GraphImpl> graph = slot ? getOrBuild(*slot) : nullptr;
  return graph ? GraphAccess::make(std::move(graph)) : Graph();
}
void Operator::SubgraphRegister(const char *ir_name, bool dynamic) {
  if (impl_)
    impl_->desc->irSubgraphs.push_back(IrSubgraph{str(ir_name), dynamic});
}
void Operator::SubgraphCountRegister(const char *ir_name, uint32_t count) {
  if (!impl_)
    return;
  for (uint32_t i = 0; i < count; ++i)
    if (impl_->desc->findSubgraph(str(ir_name), i) == nullptr) {
      SubgraphSlot slot;
      slot.irName = str(ir_name);
      slot.index = i;
      impl_->desc->subgraphs.push_back(std::move(slot));
    }
}
void Operator::SetSubgraphBuilder(const char *ir_name, uint32_t index, const SubgraphBuilder &builder) {
  if (!impl_)
    return;
  SubgraphSlot *slot = impl_->desc->findSubgraph(str(ir_name), index);
  if (slot == nullptr) {
    gemlir::reportError("E10001",
                        describe(*impl_->desc) + " has no subgraph '" + str(ir_name) + "' " + std::to_string(index));
    return;
  }
  slot->builder = builder;
  slot->instance.reset();
}
void Operator::SetSubgraphInstanceName(const uint32_t index, const char *name) {
  if (impl_ && index < impl_->desc->subgraphs.size())
    impl_->desc->subgraphs[index].instanceName = str(name);
}

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

void Operator::InputRegister(const char *name) { InputRegister(name, ""); }
void Operator::InputRegister(const char *name, const char *symbol) {
  if (impl_)
    declare(impl_->desc->irInputs, impl_->desc->inputs, name, PortKind::Required, symbol);
}
void Operator::OptionalInputRegister(const char *name) { OptionalInputRegister(name, ""); }
void Operator::OptionalInputRegister(const char *name, const char *symbol) {
  if (impl_)
    declare(impl_->desc->irInputs, impl_->desc->inputs, name, PortKind::Optional, symbol);
}
void Operator::OutputRegister(const char *name) { OutputRegister(name, ""); }
void Operator::OutputRegister(const char *name, const char *symbol) {
  if (impl_)
    declare(impl_->desc->irOutputs, impl_->desc->outputs, name, PortKind::Required, symbol);
}
void Operator::DynamicInputRegister(const char *name, const uint32_t number, bool is_push_back) {
  DynamicInputRegister(name, number, "", is_push_back);
}
void Operator::DynamicInputRegister(const char *name, const uint32_t number, const char *symbol, bool is_push_back) {
  (void)is_push_back; // ports are always in the order of the prototype
  if (impl_)
    growInputs(*impl_, name, number, symbol);
}
void Operator::DynamicInputRegisterByIndex(const char *name, const uint32_t number, size_t index) {
  (void)index;
  DynamicInputRegister(name, number, "");
}
void Operator::DynamicOutputRegister(const char *name, const uint32_t number, bool is_push_back) {
  DynamicOutputRegister(name, number, "", is_push_back);
}
void Operator::DynamicOutputRegister(const char *name, const uint32_t number, const char *symbol, bool is_push_back) {
  (void)is_push_back;
  if (!impl_)
    return;
  OpDesc &desc = *impl_->desc;
  declare(desc.irOutputs, desc.outputs, name, PortKind::Dynamic, symbol);
  (void)grow(desc.irOutputs, desc.outputs, str(name), number);
}
void Operator::AttrRegister(const char *name, const AttrValue &value) {
  AttrRegister(name, AttrValueAccess::kind(value), value);
}
void Operator::AttrRegister(const char *name, const char *type, const AttrValue &value) {
  if (impl_)
    impl_->desc->irAttrs.push_back(IrAttr{str(name), str(type), false, value});
}
void Operator::RequiredAttrWithTypeRegister(const char *name, const char *type) {
  if (impl_)
    impl_->desc->irAttrs.push_back(IrAttr{str(name), str(type), true, AttrValue()});
}
void Operator::RequiredAttrRegister(const char *name) { RequiredAttrWithTypeRegister(name, ""); }

namespace {
std::string text(const TensorType &type) {
  std::string result;
  for (DataType element : type.GetTypes())
    result += (result.empty() ? "" : ",") + std::to_string(element);
  return result;
}
} // namespace

void Operator::DataTypeRegister(const char *symbol, const TensorType &type) {
  if (impl_)
    impl_->desc->typeSymbols[str(symbol)] = text(type);
}
void Operator::DataTypeRegister(const char *symbol, const ListTensorType &type) {
  if (impl_)
    impl_->desc->typeSymbols[str(symbol)] = "list:" + text(type.GetType());
}
void Operator::DataTypeRegister(const char *symbol, const Promote &type) {
  if (!impl_)
    return;
  std::string names;
  for (const AscendString &name : type.GetSymbols())
    names += (names.empty() ? "promote:" : ",") + std::string(name.GetString());
  impl_->desc->typeSymbols[str(symbol)] = names;
}

void Operator::SetInferenceContext(const std::shared_ptr<InferenceContext> &context) {
  if (impl_)
    impl_->context = context;
}
std::shared_ptr<InferenceContext> Operator::GetInferenceContext() const { return impl_ ? impl_->context : nullptr; }

//===----------------------------------------------------------------------===//
// InferenceContext
//===----------------------------------------------------------------------===//

class InferenceContextImpl {
public:
  std::vector<std::vector<ShapeAndType>> inputs;
  std::vector<std::vector<ShapeAndType>> outputs;
  std::vector<AscendString> marks;
};

InferenceContext::InferenceContext() : impl_(new InferenceContextImpl) {}
InferenceContext::~InferenceContext() = default;
InferenceContextPtr InferenceContext::Create() { return InferenceContextPtr(new InferenceContext); }
void InferenceContext::SetInputHandleShapesAndTypes(std::vector<std::vector<ShapeAndType>> &&shapes_and_types) {
  impl_->inputs = std::move(shapes_and_types);
}
const std::vector<std::vector<ShapeAndType>> &InferenceContext::GetInputHandleShapesAndTypes() const {
  return impl_->inputs;
}
void InferenceContext::SetOutputHandleShapesAndTypes(const std::vector<std::vector<ShapeAndType>> &shapes_and_types) {
  impl_->outputs = shapes_and_types;
}
const std::vector<std::vector<ShapeAndType>> &InferenceContext::GetOutputHandleShapesAndTypes() const {
  return impl_->outputs;
}
void InferenceContext::SetMarks(const std::vector<AscendString> &marks) { impl_->marks = marks; }
void InferenceContext::GetMarks(std::vector<AscendString> &marks) const { marks = impl_->marks; }

} // namespace ge
