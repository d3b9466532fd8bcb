//===- Signature.cpp - the inputs and outputs of a model -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Signature.h"

#include "ge-mlir/Model/DataTypes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace gemlir;

int32_t gemlir::getDataTypeNumber(Type type) {
  auto integer = [](IntegerType type) -> int32_t {
    bool isUnsigned = type.isUnsigned();
    switch (type.getWidth()) {
    case 1: return model::kBool;
    case 2: return isUnsigned ? model::kUInt2 : model::kInt2;
    case 4: return isUnsigned ? model::kUInt4 : model::kInt4;
    case 8: return isUnsigned ? model::kUInt8 : model::kInt8;
    case 16: return isUnsigned ? model::kUInt16 : model::kInt16;
    case 32: return isUnsigned ? model::kUInt32 : model::kInt32;
    case 64: return isUnsigned ? model::kUInt64 : model::kInt64;
    default: return -1;
    }
  };
  return llvm::TypeSwitch<Type, int32_t>(type)
      .Case<Float32Type>([](Type) { return model::kFloat; })
      .Case<Float16Type>([](Type) { return model::kFloat16; })
      .Case<BFloat16Type>([](Type) { return model::kBFloat16; })
      .Case<Float64Type>([](Type) { return model::kDouble; })
      .Case<Float8E4M3FNType>([](Type) { return model::kFloat8E4M3FN; })
      .Case<Float8E4M3FNUZType>([](Type) { return model::kFloat8E4M3FNUZ; })
      .Case<Float8E5M2Type>([](Type) { return model::kFloat8E5M2; })
      .Case<Float8E5M2FNUZType>([](Type) { return model::kFloat8E5M2FNUZ; })
      .Case<Float8E8M0FNUType>([](Type) { return model::kFloat8E8M0; })
      .Case<Float4E2M1FNType>([](Type) { return model::kFloat4E2M1; })
      .Case<IntegerType>(integer)
      .Default([](Type) { return -1; });
}

static LogicalResult describe(func::FuncOp func, Type type, DictionaryAttr attributes, const Twine &fallback,
                              model::TensorInfo &info) {
  auto name = attributes ? attributes.getAs<StringAttr>("ge.name") : StringAttr();
  info.name = name ? name.str() : fallback.str();
  auto tensor = dyn_cast<RankedTensorType>(type);
  // What imports as no tensor at all.
  if (auto opaque = dyn_cast<OpaqueType>(getElementTypeOrSelf(type));
      opaque && (opaque.getTypeData() == "sequence" || opaque.getTypeData() == "optional"))
    return func.emitError("'") << info.name
                               << "' is a sequence or an optional, but the inputs and outputs of a model are "
                               << "tensors: give its elements one by one [E16004]";
  if (!tensor)
    return func.emitError("'")
           << info.name << "' has shape " << type
           << ", but only tensors of known rank can be compiled: give its dimensions with an input shape [E10011]";
  info.dataType = getDataTypeNumber(tensor.getElementType());
  if (info.dataType < 0)
    return func.emitError("'") << info.name << "' has element type " << tensor.getElementType()
                               << ", which a model cannot have [E14002]";
  for (int64_t size : tensor.getShape())
    info.dims.push_back(ShapedType::isDynamic(size) ? model::kDynamic : size);
  if (!tensor.hasStaticShape() && tensor.getElementType().getIntOrFloatBitWidth() < 8 &&
      !tensor.getElementType().isInteger(1))
    return func.emitError("'") << info.name << "' has shape " << type
                               << ", but elements smaller than a byte are packed in a tensor of known shape: give its "
                               << "dimensions with an input shape [E16008]";
  info.byteSize =
      tensor.hasStaticShape() ? model::getByteSize(info.dataType, tensor.getNumElements()) : model::kDynamic;
  return success();
}

LogicalResult gemlir::describeSignature(func::FuncOp func, Signature &signature) {
  auto module = func->getParentOfType<ModuleOp>();
  signature.name = module.getSymName().value_or("model").str();
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    if (failed(describe(func, func.getArgument(i).getType(), func.getArgAttrDict(i), "input_" + Twine(i),
                        signature.inputs.emplace_back())))
      return failure();
  for (unsigned i = 0; i < func.getNumResults(); ++i)
    if (failed(describe(func, func.getResultTypes()[i], func.getResultAttrDict(i), "output_" + Twine(i),
                        signature.outputs.emplace_back())))
      return failure();
  return success();
}

/// Whether `shape` fills in only what `type` leaves open.
static bool refines(TensorType type, ArrayRef<int64_t> shape) {
  if (!type.hasRank())
    return true;
  if (type.getShape().size() != shape.size())
    return false;
  return llvm::all_of(llvm::zip(type.getShape(), shape), [](auto pair) {
    return ShapedType::isDynamic(std::get<0>(pair)) || std::get<0>(pair) == std::get<1>(pair);
  });
}

LogicalResult gemlir::applyInputShapes(func::FuncOp func,
                                       ArrayRef<std::pair<std::string, std::vector<int64_t>>> shapes) {
  SmallVector<Type> types(func.getArgumentTypes());
  for (const auto &[name, given] : shapes) {
    SmallVector<int64_t> shape;
    for (int64_t size : given)
      shape.push_back(size < 0 ? ShapedType::kDynamic : size);
    bool found = false;
    for (BlockArgument argument : func.getArguments()) {
      unsigned index = argument.getArgNumber();
      auto known = func.getArgAttrOfType<StringAttr>(index, "ge.name");
      if (!known || known.getValue() != name)
        continue;
      auto type = cast<TensorType>(argument.getType());
      if (!refines(type, shape))
        return func.emitError("input shape of '") << name << "' contradicts the model's, " << type << " [E10002]";
      types[index] = RankedTensorType::get(shape, type.getElementType());
      argument.setType(types[index]);
      found = true;
    }
    if (!found)
      return func.emitError("input shape names '") << name << "', which is no input of the model [E10016]";
  }
  func.setFunctionType(FunctionType::get(func.getContext(), types, func.getResultTypes()));
  return success();
}

LogicalResult gemlir::applyGear(func::FuncOp func, const NamedShapes &order, model::GearKind kind,
                                const std::vector<int64_t> &values) {
  auto position = [&](StringRef name) {
    return llvm::find_if(order, [&](const auto &entry) { return entry.first == name; }) - order.begin();
  };
  NamedShapes shapes;
  for (BlockArgument argument : func.getArguments()) {
    auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "ge.name");
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || !name)
      return func.emitError("an input of type ")
             << argument.getType() << " cannot have gears: its rank must be known [E10045]";
    auto &[key, dims] = shapes.emplace_back(name.str(), std::vector<int64_t>());
    for (int64_t size : type.getShape())
      dims.push_back(ShapedType::isDynamic(size) ? -1 : size);
  }
  std::stable_sort(shapes.begin(), shapes.end(),
                   [&](const auto &a, const auto &b) { return position(a.first) < position(b.first); });
  std::string error;
  if (!fillOpenDimensions(kind, values, shapes, error))
    return func.emitError() << error;
  return applyInputShapes(func, shapes);
}
