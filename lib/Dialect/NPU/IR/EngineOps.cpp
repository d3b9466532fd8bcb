//===- EngineOps.cpp - engine commands as operations -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/IR/EngineOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::npu;
using namespace gemlir::engine;

#include "ge-mlir/Dialect/NPU/IR/EngineInterfaces.cpp.inc"

namespace {
/// The order in which the control core issues commands.
struct IssueResource : SideEffects::Resource::Base<IssueResource> {
  StringRef getName() final { return "Issue"; }
};
template <unsigned Tag>
struct SpaceResource : SideEffects::Resource::Base<SpaceResource<Tag>> {
  StringRef getName() final { return kSpaceNames[Tag]; }
};
} // namespace

template <unsigned... Tags>
static SideEffects::Resource *getSpaceResource(unsigned tag, std::integer_sequence<unsigned, Tags...>) {
  SideEffects::Resource *const resources[] = {SpaceResource<Tags>::get()...};
  return resources[tag];
}

void npu::addEngineEffects(EngineOpInterface op,
                           SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  constexpr unsigned kSpaces = unsigned(Space::Stack) + 1;
  effects.emplace_back(MemoryEffects::Write::get(), IssueResource::get());
  for (unsigned tag = 0; tag < kSpaces; ++tag) {
    SideEffects::Resource *resource = getSpaceResource(tag, std::make_integer_sequence<unsigned, kSpaces>());
    if (op.getReadSpaces() >> tag & 1)
      effects.emplace_back(MemoryEffects::Read::get(), resource);
    if (op.getWrittenSpaces() >> tag & 1)
      effects.emplace_back(MemoryEffects::Write::get(), resource);
  }
}

/// Whether the field is static, in the word.
static bool isStatic(const FieldInfo &field) { return field.place == -3; }

static bool fits(const FieldInfo &field, uint64_t value) { return bits(value, 0, field.width) == value; }

/// Accessors of operations have the name `type` for something else.
static StringRef getAttributeName(const FieldInfo &field) {
  return StringRef(field.name) == "type" ? "element_type" : field.name;
}

static FailureOr<uint64_t> getNumber(const CommandInfo &info, const FieldInfo &field, Attribute value) {
  if (auto number = dyn_cast_or_null<IntegerAttr>(value))
    return number.getValue().getZExtValue();
  auto name = dyn_cast_or_null<StringAttr>(value);
  if (!name)
    return failure();
  for (unsigned i = 0; i < field.nameCount; ++i)
    if (name == field.names[i])
      return i;
  if (!field.nameCount)
    for (size_t i = 0; i < info.opCount; ++i)
      if (name == info.ops[i].name)
        return info.ops[i].code;
  return failure();
}

FailureOr<uint64_t> npu::getStaticField(EngineOpInterface op, const FieldInfo &field) {
  return getNumber(getInfo(op.getCommand()), field, op->getAttr(getAttributeName(field)));
}

LogicalResult npu::verifyEngineOp(EngineOpInterface op) {
  const CommandInfo &info = getInfo(op.getCommand());
  unsigned operand = 0;
  for (size_t i = 0; i < info.fieldCount; ++i) {
    const FieldInfo &field = info.fields[i];
    if (isStatic(field)) {
      FailureOr<uint64_t> value = getStaticField(op, field);
      if (failed(value)) // C1
        return op->emitOpError("expects a name that the field '")
               << field.name << "' has, but got " << op->getAttr(getAttributeName(field));
      if (!fits(field, *value)) // C2
        return op->emitOpError("expects '") << field.name << "' to fit " << field.width << " bits, but got " << *value;
      continue;
    }
    APInt value;
    if (matchPattern(op->getOperand(operand++), m_ConstantInt(&value)) && !fits(field, value.getZExtValue())) // C2
      return op->emitOpError("expects '")
             << field.name << "' to fit " << field.width << " bits, but got " << value.getZExtValue();
  }
  return success();
}

FailureOr<Operation *> npu::createEngineOp(OpBuilder &builder, Location loc, CommandId command,
                                           ArrayRef<std::pair<StringRef, EngineFieldValue>> fields) {
  const CommandInfo &info = getInfo(command);
  StringRef mnemonic = info.mnemonic;
  mnemonic.consume_front("np.");
  OperationState state(loc, ("npu.engine." + mnemonic).str());
  size_t used = 0;
  for (size_t i = 0; i < info.fieldCount; ++i) {
    const FieldInfo &field = info.fields[i];
    const auto *given = llvm::find_if(fields, [&](const auto &pair) { return pair.first == field.name; });
    EngineFieldValue value = given == fields.end() ? EngineFieldValue(int64_t(0)) : given->second;
    used += given != fields.end();
    if (auto *name = std::get_if<StringRef>(&value)) {
      state.addAttribute(getAttributeName(field), builder.getStringAttr(*name));
      if (failed(getNumber(info, field, builder.getStringAttr(*name))))
        return emitError(loc, "the command ") << info.mnemonic << " has no " << field.name << " '" << *name << "'";
    } else if (isStatic(field)) {
      auto *number = std::get_if<int64_t>(&value);
      if (!number)
        return emitError(loc, "the field '") << field.name << "' of " << info.mnemonic << " is static";
      if (field.nameCount)
        state.addAttribute(getAttributeName(field), builder.getStringAttr(field.names[*number]));
      else
        state.addAttribute(getAttributeName(field), builder.getI64IntegerAttr(*number));
    } else if (auto *number = std::get_if<int64_t>(&value)) {
      state.addOperands(arith::ConstantIntOp::create(builder, loc, *number, 64).getResult());
    } else {
      state.addOperands(std::get<Value>(value));
    }
  }
  if (used != fields.size())
    return emitError(loc, "the command ") << info.mnemonic << " lacks one of the fields that are set";
  if (info.hasResult)
    state.addTypes(builder.getI64Type());
  return builder.create(state);
}

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/NPU/IR/EngineOps.cpp.inc"

void NPUDialect::addEngineOps() {
  addOperations<
#define GET_OP_LIST
#include "ge-mlir/Dialect/NPU/IR/EngineOps.cpp.inc"
      >();
}
