//===- LegalizeONNXSequence.cpp - sequences and optionals -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The length of a sequence is known while a model is compiled, so a sequence is
// a list of tensors. A cast with the tensors as operands stands for it as long as
// nodes refer to it, and is gone when all are mapped.
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include "ge-mlir/Dialect/Utils/Constants.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

namespace {

using Elements = SmallVector<Value>;

constexpr StringLiteral kSequence = "sequence", kOptional = "optional";

Value bundle(Node &n, StringRef kind, ValueRange elements) {
  if (n.hasFailed() || llvm::is_contained(elements, Value()))
    return {};
  Type element = OpaqueType::get(n.builder().getStringAttr("ge"), kind);
  return UnrealizedConversionCastOp::create(n.builder(), n.loc(), UnrankedTensorType::get(element), elements)
      .getResult(0);
}

/// The parts of a sequence or optional; nothing if `value` is none.
std::optional<Elements> getParts(Value value, StringRef kind) {
  auto cast = value ? value.getDefiningOp<UnrealizedConversionCastOp>() : UnrealizedConversionCastOp();
  auto type = cast ? dyn_cast<OpaqueType>(getElementTypeOrSelf(value.getType())) : OpaqueType();
  if (!type || type.getTypeData() != kind)
    return std::nullopt;
  return Elements(cast.getInputs());
}

/// The tensors of a required sequence.
std::optional<Elements> needSequence(Node &n, unsigned input) {
  Value value = n.need(input);
  // An optional that holds one.
  if (auto held = getParts(value, kOptional); held && held->size() == 1)
    value = held->front();
  std::optional<Elements> elements = getParts(value, kSequence);
  if (value && !elements)
    n.unsupported("a sequence whose length is not known while compiling", "split it into tensors outside of the model");
  return elements;
}

/// A place in a sequence of `length`, from the end if negative.
bool needPosition(Node &n, unsigned input, int64_t length, int64_t &position) {
  if (!n.needInt(n.in(input), "the position in a sequence", position))
    return false;
  if (position < 0)
    position += length;
  if (position >= 0 && position < length)
    return true;
  n.invalid("position " + Twine(position) + " of a sequence of " + Twine(length));
  return false;
}

void mapConstruct(Node &n) {
  Elements elements;
  for (unsigned i = 0; i < n.numInputs(); ++i)
    elements.push_back(n.need(i));
  n.set(0, bundle(n, kSequence, elements));
}

void mapEmpty(Node &n) { n.set(0, bundle(n, kSequence, {})); }

void mapAt(Node &n) {
  std::optional<Elements> elements = needSequence(n, 0);
  int64_t position = 0;
  if (elements && needPosition(n, 1, elements->size(), position))
    n.set(0, (*elements)[position]);
}

void mapInsert(Node &n) {
  std::optional<Elements> elements = needSequence(n, 0);
  Value tensor = n.need(1);
  if (!elements)
    return;
  int64_t length = elements->size(), position = length;
  if (n.has(2) && !n.needInt(n.in(2), "the position in a sequence", position))
    return;
  if (position < -length || position > length)
    return (void)n.invalid("position " + Twine(position) + " of a sequence of " + Twine(length));
  position += position < 0 ? length : 0;
  elements->insert(elements->begin() + position, tensor);
  n.set(0, bundle(n, kSequence, *elements));
}

void mapErase(Node &n) {
  std::optional<Elements> elements = needSequence(n, 0);
  if (!elements)
    return;
  int64_t position = int64_t(elements->size()) - 1;
  if ((n.has(1) || elements->empty()) && !needPosition(n, 1, elements->size(), position))
    return;
  elements->erase(elements->begin() + position);
  n.set(0, bundle(n, kSequence, *elements));
}

void mapLength(Node &n) {
  if (std::optional<Elements> elements = needSequence(n, 0))
    n.set(0, n.intScalar(elements->size()));
}

void mapSplit(Node &n) {
  Value x = n.need(0);
  if (!x || !n.needStatic(x))
    return;
  int64_t axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(x));
  if (n.hasFailed())
    return;
  if (n.rank(x) == 0)
    return (void)n.invalid("the input is a scalar, which has no dimension to split");
  int64_t extent = n.shapeOf(x)[axis];
  Ints sizes;
  if (!n.has(1)) {
    sizes.assign(extent, 1);
  } else if (!n.needInts(n.in(1), "the sizes of a split", sizes)) {
    return;
  } else if (RankedTensorType type = n.typeOf(n.in(1)); type && type.getRank() == 0) {
    int64_t size = sizes.front();
    if (size <= 0)
      return (void)n.invalid("parts of size " + Twine(size));
    sizes.clear();
    for (int64_t begin = 0; begin < extent; begin += size)
      sizes.push_back(std::min(size, extent - begin));
  }
  if (!n.canList(sizes.size()))
    return;
  bool keeps = n.has(1) || n.getInt("keepdims", 1) != 0;
  Ints shape = n.shapeOf(x);
  shape.erase(shape.begin() + axis);
  Elements elements;
  int64_t begin = 0;
  for (int64_t size : sizes) {
    Value part = n.sliceAxis(x, axis, begin, begin + size);
    elements.push_back(keeps ? part : n.reshape(part, shape));
    begin += size;
  }
  if (begin != extent)
    return (void)n.invalid("parts of " + Twine(begin) + " in all, expected " + Twine(extent));
  n.set(0, bundle(n, kSequence, elements));
}

void mapConcat(Node &n) {
  std::optional<Elements> elements = needSequence(n, 0);
  if (!elements)
    return;
  if (elements->empty())
    return (void)n.invalid("a sequence without elements");
  bool stacks = n.getInt("new_axis", 0) != 0;
  int64_t axis = n.normalizeAxis(n.getInt("axis", 0), n.rank(elements->front()) + (stacks ? 1 : 0));
  if (n.hasFailed())
    return;
  for (Value &element : *elements) {
    Ints shape = n.shapeOf(element);
    if (n.hasFailed() || !stacks)
      continue;
    shape.insert(shape.begin() + axis, 1);
    element = n.reshape(element, shape);
  }
  n.set(0, n.concat(*elements, axis));
}

/// The body, once for each element of the sequences; inputs that are tensors it
/// gets each time.
void mapMap(Node &n) {
  Region *body = n.getBody("body");
  std::optional<Elements> first = needSequence(n, 0);
  if (!body || !first)
    return body ? void() : (void)n.invalid("the body is missing");
  SmallVector<Elements> results(n.numOutputs());
  for (size_t i = 0; i < first->size() && !n.hasFailed(); ++i) {
    SmallVector<Value> arguments;
    for (unsigned k = 0; k < n.numInputs(); ++k) {
      std::optional<Elements> elements = getParts(n.need(k), kSequence);
      if (elements && elements->size() != first->size())
        return (void)n.invalid("sequences of lengths " + Twine(first->size()) + " and " + Twine(elements->size()));
      arguments.push_back(elements ? (*elements)[i] : n.in(k));
    }
    llvm::append_range(arguments, n.getCaptures());
    auto step = n.getLegalizer().inlineBody(n, *body, arguments);
    for (unsigned k = 0; step && k < n.numOutputs(); ++k)
      results[k].push_back((*step)[k]);
  }
  for (unsigned k = 0; k < n.numOutputs(); ++k)
    n.set(k, bundle(n, kSequence, results[k]));
}

void mapOptional(Node &n) { n.set(0, bundle(n, kOptional, n.has(0) ? Elements{n.in(0)} : Elements())); }

void mapGetElement(Node &n) {
  Value value = n.need(0);
  std::optional<Elements> held = getParts(value, kOptional);
  if (held && held->empty())
    return (void)n.invalid("the element of an optional that has none");
  // Since operator set 18 a tensor or a sequence counts as an optional that holds it.
  n.set(0, held ? held->front() : value);
}

void mapHasElement(Node &n) {
  std::optional<Elements> held = n.has(0) ? getParts(n.in(0), kOptional) : Elements();
  n.set(0, n.scalar(n.builder().getI1Type(), !held || !held->empty()));
}

} // namespace

void mlir::ge::onnx::populateSequence(MappingTable &table) {
  table.add("SequenceConstruct", mapConstruct);
  table.add("SequenceEmpty", mapEmpty);
  table.add("SequenceAt", mapAt);
  table.add("SequenceInsert", mapInsert);
  table.add("SequenceErase", mapErase);
  table.add("SequenceLength", mapLength);
  table.add("SequenceMap", mapMap);
  table.add("SplitToSequence", mapSplit);
  table.add("ConcatFromSequence", mapConcat);
  table.add("Optional", mapOptional);
  table.add("OptionalGetElement", mapGetElement);
  table.add("OptionalHasElement", mapHasElement);
}
