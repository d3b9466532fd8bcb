//===- OperatorFactory.cpp - operators by type name -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "graph/operator_factory.h"

#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"

#include <mutex>

namespace ge {
namespace {

struct Registry {
  std::mutex mutex;
  std::map<std::string, OpCreatorV2> creators;
  std::map<std::string, InferShapeFunc> inferShape;
  std::map<std::string, InferFormatFunc> inferFormat;
  std::map<std::string, InferValueRangeFunc> inferRange;
  std::map<std::string, VerifyFunc> verify;
};

Registry &registry() {
  // Not destroyed: a plug-in's objects may go after this library's.
  static Registry *all = new Registry;
  return *all;
}

template <typename Function>
void add(std::map<std::string, Function> Registry::*map, const char *type, const Function &function) {
  if (type == nullptr || !function)
    return;
  std::lock_guard<std::mutex> lock(registry().mutex);
  // The first one wins: every translation unit that includes a prototype
  // registers it again.
  (registry().*map).emplace(type, function);
}

template <typename Function>
Function find(std::map<std::string, Function> Registry::*map, const std::string &type) {
  std::lock_guard<std::mutex> lock(registry().mutex);
  auto it = (registry().*map).find(type);
  return it == (registry().*map).end() ? Function() : it->second;
}

} // namespace

OperatorCreatorRegister::OperatorCreatorRegister(const char *type, const OpCreatorV2 &creator) {
  add(&Registry::creators, type, creator);
}
PrototypeRegister::PrototypeRegister(const char *type, Operator (*creator)(const AscendString &name)) {
  add(&Registry::creators, type, OpCreatorV2(creator));
}
InferShapeFuncRegister::InferShapeFuncRegister(const char *type, const InferShapeFunc &function) {
  add(&Registry::inferShape, type, function);
}
InferFormatFuncRegister::InferFormatFuncRegister(const char *type, const InferFormatFunc &function) {
  add(&Registry::inferFormat, type, function);
}
InferValueRangeFuncRegister::InferValueRangeFuncRegister(const char *type, WHEN_CALL when,
                                                         const InferValueRangeFunc &function) {
  (void)when;
  add(&Registry::inferRange, type, function);
}
InferValueRangeFuncRegister::InferValueRangeFuncRegister(const char *type) {
  (void)type; // the default needs no function
}
VerifyFuncRegister::VerifyFuncRegister(const char *type, const VerifyFunc &function) {
  add(&Registry::verify, type, function);
}

Operator OperatorFactory::CreateOperator(const char *name, const char *type) {
  const OpCreatorV2 creator = find(&Registry::creators, type == nullptr ? "" : type);
  if (!creator) {
    gemlir::reportError("E13009", std::string("no operator is registered for "
                                              "type '") +
                                      (type == nullptr ? "" : type) + "'");
    return Operator();
  }
  return creator(AscendString(name));
}

graphStatus OperatorFactory::GetOpsTypeList(std::vector<AscendString> &types) {
  std::lock_guard<std::mutex> lock(registry().mutex);
  types.clear();
  for (const auto &creator : registry().creators)
    types.emplace_back(creator.first.c_str());
  return GRAPH_SUCCESS;
}

bool OperatorFactory::IsExistOp(const char *type) {
  return type != nullptr && find(&Registry::creators, type) != nullptr;
}

Operator makePrototype(const std::string &type) {
  const OpCreatorV2 creator = find(&Registry::creators, type);
  return creator ? creator(AscendString("")) : Operator();
}

//===----------------------------------------------------------------------===//
// Registered functions
//===----------------------------------------------------------------------===//

void Operator::InferFuncRegister(const std::function<graphStatus(Operator &)> &function) {
  if (impl_)
    add(&Registry::inferShape, impl_->desc->type.c_str(), function);
}
void Operator::VerifierFuncRegister(const std::function<graphStatus(Operator &)> &function) {
  if (impl_)
    add(&Registry::verify, impl_->desc->type.c_str(), function);
}
void Operator::InferFormatFuncRegister(const std::function<graphStatus(Operator &)> &function) {
  if (impl_)
    add(&Registry::inferFormat, impl_->desc->type.c_str(), function);
}

graphStatus Operator::InferShapeAndType() {
  if (!impl_)
    return GRAPH_FAILED;
  const InferShapeFunc function = find(&Registry::inferShape, impl_->desc->type);
  return function ? function(*this) : GRAPH_FAILED;
}

graphStatus Operator::VerifyAll() { return VerifyAllAttr(); }

graphStatus Operator::VerifyAllAttr(bool disable_common_verifier) {
  if (!impl_)
    return GRAPH_FAILED;
  const OpDesc &desc = *impl_->desc;
  if (!disable_common_verifier)
    for (const IrAttr &attr : desc.irAttrs)
      if (attr.required && desc.attrs.find(attr.name) == desc.attrs.end()) {
        gemlir::reportError("E14001", "operator '" + desc.name + "' of type " + desc.type +
                                          " lacks its required attribute '" + attr.name + "'");
        return GRAPH_FAILED;
      }
  const VerifyFunc function = find(&Registry::verify, desc.type);
  return function ? function(*this) : GRAPH_SUCCESS;
}

} // namespace ge
