//===- LegalizeONNXNode.cpp - one ONNX node under legalization ------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Interpreter/Interpreter.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;
using namespace gemlir;

/// Results larger than this are left to the folding pass and its budget.
static constexpr int64_t kMaxFoldedElements = 4096;
/// No machine holds a tensor of more elements; products of dimensions stay exact.
static constexpr int64_t kMaxElements = int64_t(1) << 40;
/// Tables that mappings write out.
static constexpr int64_t kMaxListed = 1 << 24;

/// Whether a tensor's size, if it is known, can be computed with.
static bool isReasonable(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return true;
  int64_t count = 1;
  for (int64_t dim : tensor.getShape())
    if (dim > 0 && (dim > kMaxElements || (count *= dim) > kMaxElements))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// The node
//===----------------------------------------------------------------------===//

Node::Node(FrameworkOp op, OpBuilder &builder, Legalizer &legalizer)
    : op(op), b(builder), legalizer(legalizer), location(op.getLoc()), nodeType(op.getOriginalType()),
      nodeVersion(op.getVersion()), outputs(op->getNumResults()) {
  Ints slots;
  if (std::optional<ArrayRef<int64_t>> indices = op.getInputIndices())
    slots.append(indices->begin(), indices->end());
  auto operands = op->getOperands();
  size_t captured = std::min<size_t>(std::max<int64_t>(getInt("captures", 0), 0), operands.size());
  size_t given = operands.size() - captured;
  for (size_t i = 0; i < given; ++i) {
    size_t slot = i < slots.size() && slots[i] >= int64_t(i) && slots[i] < 1 << 16 ? slots[i] : i;
    if (inputs.size() <= slot)
      inputs.resize(slot + 1);
    inputs[slot] = operands[i];
  }
  captures.append(operands.begin() + given, operands.end());
}

Value Node::need(unsigned i) {
  if (!has(i))
    invalid("input " + Twine(i) + " is missing");
  return in(i);
}

Region *Node::getBody(StringRef attribute) {
  std::optional<ArrayAttr> names = op.getBodyNames();
  if (!names)
    return nullptr;
  for (auto [i, name] : llvm::enumerate(*names))
    if (i < op->getNumRegions() && llvm::cast<StringAttr>(name).getValue() == attribute)
      return &op->getRegion(i);
  return nullptr;
}

bool Node::isUsed(unsigned i) { return i < op->getNumResults() && !op->getResult(i).use_empty(); }

void Node::set(unsigned i, Value value) {
  if (i < outputs.size())
    outputs[i] = value;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

Attribute Node::attr(StringRef name) { return op.getNodeAttributes().get(name); }

int64_t Node::getInt(StringRef name, int64_t fallback) {
  if (auto value = dyn_cast_if_present<IntegerAttr>(attr(name)))
    return value.getInt();
  return fallback;
}

double Node::getFloat(StringRef name, double fallback) {
  if (auto value = dyn_cast_if_present<FloatAttr>(attr(name)))
    return value.getValueAsDouble();
  return fallback;
}

StringRef Node::getString(StringRef name, StringRef fallback) {
  if (auto value = dyn_cast_if_present<StringAttr>(attr(name)))
    return value.getValue();
  return fallback;
}

Ints Node::getInts(StringRef name, ArrayRef<int64_t> fallback) {
  if (auto value = dyn_cast_if_present<DenseI64ArrayAttr>(attr(name)))
    return Ints(value.asArrayRef());
  return Ints(fallback);
}

SmallVector<double> Node::getFloats(StringRef name) {
  SmallVector<double> result;
  if (auto value = dyn_cast_if_present<DenseF32ArrayAttr>(attr(name)))
    result.append(value.asArrayRef().begin(), value.asArrayRef().end());
  return result;
}

//===----------------------------------------------------------------------===//
// Types and constants of values
//===----------------------------------------------------------------------===//

RankedTensorType Node::typeOf(Value value) {
  if (!value)
    return {};
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    fail("E16008", "the rank of an input is unknown", "give the shapes of the model's inputs (--input_shape)");
  return type;
}

Ints Node::shapeOf(Value value) {
  RankedTensorType type = typeOf(value);
  return type ? Ints(type.getShape()) : Ints();
}

Type Node::elem(Value value) {
  RankedTensorType type = typeOf(value);
  return type ? type.getElementType() : Type();
}

bool Node::needStatic(Value value) {
  RankedTensorType type = typeOf(value);
  if (!type)
    return false;
  if (type.hasStaticShape())
    return true;
  std::string text;
  llvm::raw_string_ostream(text) << type;
  fail("E16008", "found shape " + text + ", expected all dimensions known",
       "fix the dynamic dimensions of the model's inputs (--input_shape)");
  return false;
}

bool Node::canList(int64_t count, int64_t times) {
  if (count < 0 || times < 0 || count > kMaxListed || times > kMaxListed || count * times > kMaxListed)
    unsupported("a table of " + Twine(count) + " by " + Twine(times) + " elements");
  return !failed;
}

int64_t Node::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  // A scalar has one axis for the operators that treat it as a vector.
  if (rank != 0 || (axis != 0 && axis != -1))
    invalid("axis " + Twine(axis) + " is out of range for rank " + Twine(rank));
  return 0;
}

bool Node::normalizeAxes(Ints &axes, int64_t rank) {
  for (int64_t &axis : axes)
    axis = normalizeAxis(axis, rank);
  return !failed;
}

std::optional<Ints> Node::constInts(Value value) {
  ElementsAttr attr = value ? getConstantAttr(value) : ElementsAttr();
  if (!attr || !isa<IntegerType>(attr.getElementType()))
    return std::nullopt;
  FailureOr<SmallVector<int64_t>> values = getIntValues(attr);
  if (mlir::failed(values))
    return std::nullopt;
  return Ints(*values);
}

std::optional<SmallVector<double>> Node::constFloats(Value value) {
  ElementsAttr attr = value ? getConstantAttr(value) : ElementsAttr();
  if (!attr)
    return std::nullopt;
  FailureOr<gemlir::interp::Tensor> tensor = gemlir::interp::Tensor::fromAttr(attr);
  if (mlir::failed(tensor))
    return std::nullopt;
  SmallVector<double> values;
  for (int64_t i = 0; i < tensor->size(); ++i)
    values.push_back(tensor->getDouble(i));
  return values;
}

/// The first graph input that a value is computed from, through a few operations.
static StringAttr findGraphInput(Value value, Legalizer &legalizer) {
  constexpr size_t kMaxVisited = 256;
  SmallVector<Value> worklist = {value};
  llvm::SmallDenseSet<Value> seen;
  StringAttr first;
  unsigned number = ~0u;
  while (!worklist.empty() && seen.size() < kMaxVisited) {
    Value current = worklist.pop_back_val();
    if (!current || !seen.insert(current).second)
      continue;
    if (Operation *producer = current.getDefiningOp()) {
      llvm::append_range(worklist, producer->getOperands());
      continue;
    }
    if (Value outer = legalizer.getOrigin(current)) {
      worklist.push_back(outer);
      continue;
    }
    auto argument = llvm::cast<BlockArgument>(current);
    auto func = dyn_cast_or_null<func::FuncOp>(argument.getOwner()->getParentOp());
    if (!func || argument.getArgNumber() >= number)
      continue;
    number = argument.getArgNumber();
    first = func.getArgAttrOfType<StringAttr>(number, kNameAttr);
  }
  return first;
}

Failure Node::makeValueFailure(Value value, const char *what) {
  Failure result;
  result.code = "E16007";
  result.advice = "make it an initializer, or fix the shapes it is computed from (--input_shape)";
  if (StringAttr input = findGraphInput(value, legalizer))
    result.input = input.str();
  result.why = std::string(what) + " depends on " +
               (result.input.empty() ? "the model's inputs" : "the graph input '" + result.input + "'") +
               ", expected a constant";
  return result;
}

/// The elements of a tensor of sizes, if the sizes are known.
static std::optional<Ints> knownElements(SymbolicShapes &shapes, Value value) {
  std::optional<DimList> elements = shapes.getElements(value);
  Ints known;
  for (Dim element : elements.value_or(DimList()))
    if (std::optional<int64_t> number = element.known())
      known.push_back(*number);
  return elements && known.size() == elements->size() ? std::optional(known) : std::nullopt;
}

std::optional<Ints> Node::knownInts(Value value) {
  std::optional<Ints> constant = constInts(value);
  return constant || !value ? constant : knownElements(legalizer.getShapes(), value);
}

bool Node::isKnown(Value value) { return !value || knownInts(value); }

bool Node::isRead(Value value) {
  return value && !isKnown(value) && !isNested() && legalizer.getShapes().getElementsOrSymbols(value);
}

bool Node::isShape(Value value) {
  std::optional<DimList> elements = legalizer.getShapes().getElements(value);
  return elements && llvm::none_of(*elements, [](const Dim &element) { return element == 0; });
}

bool Node::needInts(Value value, const char *what, Ints &values) {
  if (!value) {
    invalid(Twine(what) + " is missing");
    return false;
  }
  if (std::optional<Ints> known = knownInts(value)) {
    values = *known;
    return true;
  }
  recordFailure(makeValueFailure(value, what));
  return false;
}

bool Node::needInt(Value value, const char *what, int64_t &result) {
  Ints values;
  if (!needInts(value, what, values))
    return false;
  if (values.size() != 1) {
    invalid(Twine(what) + " has " + Twine(values.size()) + " elements, expected 1");
    return false;
  }
  result = values[0];
  return true;
}

bool Node::needFloats(Value value, const char *what, SmallVector<double> &values) {
  if (!value) {
    invalid(Twine(what) + " is missing");
    return false;
  }
  if (std::optional<SmallVector<double>> known = constFloats(value)) {
    values = *known;
    return true;
  }
  recordFailure(makeValueFailure(value, what));
  return false;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value Node::constant(ElementsAttr attr) {
  if (failed || !attr)
    return {};
  if (!isReasonable(attr.getType()))
    return unsupported("a tensor of more than 2^40 elements");
  return ConstOp::create(b, location, attr);
}

Value Node::ints(ArrayRef<int64_t> values) { return constant(makeIntConstant(context(), values)); }

Value Node::intScalar(int64_t value) {
  return constant(DenseElementsAttr::get(RankedTensorType::get({}, b.getI64Type()), value));
}

Value Node::tensor(Type element, ArrayRef<int64_t> shape, ArrayRef<double> values) {
  if (failed || !element)
    return {};
  if (!gemlir::interp::Tensor::isSupported(element)) {
    std::string text;
    llvm::raw_string_ostream(text) << element;
    return unsupported("element type " + text);
  }
  if (!isReasonable(RankedTensorType::get(shape, element)) ||
      !canList(RankedTensorType::get(shape, element).getNumElements()))
    return unsupported("a table that is too large");
  gemlir::interp::Tensor result(element, shape);
  for (int64_t i = 0, e = result.size(); i < e; ++i)
    result.set(i, values.size() == 1 ? values[0] : values[i]);
  return constant(result.toAttr());
}

Value Node::splat(Type element, ArrayRef<int64_t> shape, double value) {
  if (failed || !element)
    return {};
  gemlir::interp::Tensor single(element, ArrayRef<int64_t>{});
  if (!gemlir::interp::Tensor::isSupported(element))
    return tensor(element, {}, value); // reports the type
  single.set(0, value);
  DenseElementsAttr attr = single.toDenseElements();
  auto type = RankedTensorType::get(shape, element);
  if (isa<FloatType>(element))
    return constant(DenseElementsAttr::get(type, *attr.value_begin<APFloat>()));
  return constant(DenseElementsAttr::get(type, *attr.value_begin<APInt>()));
}

Value Node::scalarLike(Value like, double value) { return splat(elem(like), {}, value); }

Value Node::zerosLike(Value like) { return typeOf(like) ? fill(elem(like), dimsOf(like), 0) : Value(); }

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

SmallVector<Value> Node::finish(OperationState &state) {
  SmallVector<Value> results(state.types.size());
  std::string problem;
  ScopedDiagnosticHandler handler(context(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error && problem.empty())
      problem = diagnostic.str();
    return success();
  });
  Operation *operation = b.create(state);
  auto inference = llvm::cast<InferTypeOpInterface>(operation);
  SmallVector<Type> types;
  bool ok = succeeded(inference.inferReturnTypes(context(), location, operation->getOperands(),
                                                 operation->getRawDictionaryAttrs(), operation->getPropertiesStorage(),
                                                 operation->getRegions(), types)) &&
            types.size() == operation->getNumResults();
  if (ok) {
    for (auto [result, type] : llvm::zip(operation->getResults(), types))
      result.setType(type);
    refineBySymbols(operation, legalizer.getShapes());
    ok = succeeded(verify(operation, /*verifyRecursively=*/false));
    if (ok && !llvm::all_of(types, isReasonable)) {
      legalizer.getShapes().forget(operation);
      operation->erase();
      unsupported("a tensor of more than 2^40 elements");
      return results;
    }
  }
  if (!ok) {
    legalizer.getShapes().forget(operation);
    operation->erase();
    invalid(problem.empty() ? "the types of its inputs do not fit" : problem);
    return results;
  }
  if (!tryFold(operation, results))
    llvm::copy(operation->getResults(), results.begin());
  return results;
}

/// Whether a result is worth a constant of its own.
static bool isSmall(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() && tensor.getNumElements() <= kMaxFoldedElements &&
         gemlir::interp::Tensor::isSupported(tensor.getElementType());
}

/// The same for a result, which may be as large as the data say.
static bool maybeSmall(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return isSmall(type) ||
         (tensor && !tensor.hasStaticShape() && gemlir::interp::Tensor::isSupported(tensor.getElementType()));
}

bool Node::tryFold(Operation *operation, SmallVectorImpl<Value> &results) {
  SmallVector<Attribute> operands;
  for (Value operand : operation->getOperands())
    operands.push_back(getConstantAttr(operand));
  bool allConstant = !operands.empty() && llvm::all_of(operands, [](Attribute attr) { return bool(attr); });
  if (allConstant && llvm::all_of(operation->getOperandTypes(), isSmall) &&
      llvm::all_of(operation->getResultTypes(), maybeSmall) && gemlir::interp::canEvaluate(operation)) {
    SmallVector<gemlir::interp::Tensor> inputs, values;
    for (Attribute attr : operands) {
      FailureOr<gemlir::interp::Tensor> tensor = gemlir::interp::Tensor::fromAttr(attr);
      if (mlir::failed(tensor))
        return false;
      inputs.push_back(std::move(*tensor));
    }
    if (mlir::failed(gemlir::interp::evaluate(operation, inputs, values)) || values.size() != results.size() ||
        !llvm::all_of(values, [](const gemlir::interp::Tensor &value) { return isSmall(value.getType()); }))
      return false;
    for (auto [result, value] : llvm::zip(results, values))
      result = constant(value.toAttr());
    legalizer.getShapes().forget(operation);
    operation->erase();
    return true;
  }
  // The dialect's own folders, which also reshape large constants.
  SmallVector<OpFoldResult> folded;
  if (mlir::failed(operation->fold(operands, folded)) || folded.size() != results.size())
    return false;
  for (auto [result, fold] : llvm::zip(results, folded)) {
    if (auto value = dyn_cast<Value>(fold))
      result = value;
    else if (auto attr = dyn_cast<ElementsAttr>(llvm::cast<Attribute>(fold)))
      result = constant(attr);
    else
      return false;
  }
  legalizer.getShapes().forget(operation);
  operation->erase();
  return true;
}

Value Node::div(Value a, Value c) {
  if (!a || !c)
    return {};
  return isFloat(a) ? emit<RealDivOp>(a, c) : emit<DivOp>(a, c);
}

Value Node::cast(Value value, Type element) {
  if (!value || !element || elem(value) == element)
    return value;
  return emit<CastOp>(value, element);
}

Value Node::select(Value condition, Value a, Value c) { return emit<SelectOp>(condition, a, c); }

Value Node::reshape(Value value, ArrayRef<int64_t> shape) {
  RankedTensorType type = typeOf(value);
  if (!type)
    return {};
  if (type.getShape() == shape && llvm::count(shape, ShapedType::kDynamic) != 1)
    return value;
  bool known = type.hasStaticShape() && llvm::all_of(shape, [](int64_t dim) { return dim >= 0; });
  if (ElementsAttr attr = known ? getConstantAttr(value) : ElementsAttr()) {
    auto newType = RankedTensorType::get(shape, type.getElementType());
    if (newType.getNumElements() == type.getNumElements())
      return constant(reshapeConstant(attr, newType));
  }
  Ints dims(shape);
  for (int64_t &dim : dims)
    dim = dim < 0 ? -1 : dim;
  // One -1 says what is left; where there are more, only dimensions of size 1 come
  // and go.
  if (llvm::count(dims, -1) > 1)
    return moveUnits(value, shape);
  return emit<ReshapeOp>(value, ints(dims));
}

Value Node::moveUnits(Value value, ArrayRef<int64_t> shape) {
  Ints from = shapeOf(value), left, wanted, dropped, added;
  for (auto [i, dim] : llvm::enumerate(from)) {
    if (dim == 1)
      dropped.push_back(i);
    else
      left.push_back(dim);
  }
  for (auto [i, dim] : llvm::enumerate(shape)) {
    if (dim == 1)
      added.push_back(i);
    else
      wanted.push_back(dim);
  }
  if (left != wanted)
    return fail("E16008", "several unknown dimensions change", "give the shapes of the model's inputs");
  if (!dropped.empty())
    value = emit<SqueezeOp>(value, ArrayRef<int64_t>(dropped));
  return added.empty() || !value ? value : emit<UnsqueezeOp>(value, ArrayRef<int64_t>(added));
}

Value Node::reshapeLike(Value value, Value like) {
  Ints shape = shapeOf(like);
  if (!value || llvm::count(shape, ShapedType::kDynamic) < 2 || typeOf(value) == typeOf(like))
    return reshape(value, shape);
  Value sizes = emitWith<ShapeOp>(1, {like}, [&](ShapeOp::Properties &properties) {
                  properties.dtype = TypeAttr::get(b.getI64Type());
                }).front();
  return emit<ReshapeOp>(value, sizes);
}

Value Node::transpose(Value value, ArrayRef<int64_t> permutation) {
  if (llvm::equal(permutation, llvm::seq<int64_t>(0, permutation.size())))
    return value;
  return emit<TransposeOp>(value, ints(permutation));
}

Value Node::broadcastTo(Value value, ArrayRef<int64_t> shape) {
  RankedTensorType type = typeOf(value);
  if (!type || (type.hasStaticShape() && type.getShape() == shape))
    return value;
  return emit<BroadcastToOp>(value, ints(shape));
}

Value Node::concat(ArrayRef<Value> values, int64_t axis) {
  if (values.size() == 1)
    return values.front();
  return emit<ConcatV2Op>(SmallVector<Value>(values), intScalar(axis), int64_t(values.size()));
}

Value Node::slice(Value value, ArrayRef<int64_t> begin, ArrayRef<int64_t> end, ArrayRef<int64_t> strides) {
  Ints shape = shapeOf(value);
  bool whole = value && strides.size() == shape.size();
  for (size_t i = 0; whole && i < shape.size(); ++i)
    whole = shape[i] >= 0 && begin[i] == 0 && end[i] >= shape[i] && strides[i] == 1;
  if (whole)
    return value;
  return emit<StridedSliceV2Op>(value, ints(begin), ints(end),
                                Optional{ints(llvm::to_vector(llvm::seq<int64_t>(0, begin.size())))},
                                Optional{ints(strides)});
}

Value Node::sliceAxis(Value value, int64_t axis, int64_t begin, int64_t end) {
  Ints shape = shapeOf(value);
  if (shape.empty())
    return {};
  Ints from(shape.size(), 0), to(shape.size(), INT64_MAX), by(shape.size(), 1);
  from[axis] = begin;
  to[axis] = end;
  for (size_t i = 0; i < shape.size(); ++i)
    if (int64_t(i) != axis && shape[i] >= 0)
      to[i] = shape[i];
  return slice(value, from, to, by);
}

Value Node::gather(Value value, Value indices, int64_t axis) {
  return emit<GatherV2Op>(value, indices, intScalar(axis));
}

Value Node::reduceSum(Value value, ArrayRef<int64_t> axes, bool keepDims) {
  return reduce<ReduceSumOp>(value, axes, keepDims);
}
Value Node::reduceMean(Value value, ArrayRef<int64_t> axes, bool keepDims) {
  return reduce<ReduceMeanOp>(value, axes, keepDims);
}
Value Node::reduceMax(Value value, ArrayRef<int64_t> axes, bool keepDims) {
  return reduce<ReduceMaxOp>(value, axes, keepDims);
}

Value Node::alignTo(Value value, int64_t axis, int64_t rank) {
  Ints shape = shapeOf(value);
  Ints aligned(rank, 1);
  if (axis + int64_t(shape.size()) > rank)
    return value ? invalid("a parameter of rank " + Twine(shape.size()) + " does not fit rank " + Twine(rank))
                 : Value();
  for (size_t i = 0; i < shape.size(); ++i)
    aligned[axis + i] = shape[i];
  return reshape(value, aligned);
}

//===----------------------------------------------------------------------===//
// Failures
//===----------------------------------------------------------------------===//

void Node::recordFailure(Failure newFailure) {
  if (failed)
    return;
  failed = true;
  failure = std::move(newFailure);
}

Failure Node::takeFailure() {
  failed = false;
  return std::move(failure);
}

Value Node::fail(const char *code, const Twine &why, const Twine &advice) {
  Failure result;
  result.code = code;
  result.why = why.str();
  result.advice = advice.str();
  recordFailure(std::move(result));
  return {};
}
