//===- OpDesc.cpp - what an operator is -----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Graph/GraphImpl.h"

namespace ge {

const char *toString(PortKind kind) {
  switch (kind) {
  case PortKind::Required: return "required";
  case PortKind::Optional: return "optional";
  case PortKind::Dynamic: return "dynamic";
  }
  return "";
}

int OpDesc::find(const std::vector<Port> &ports, const std::string &name) {
  for (size_t i = 0; i < ports.size(); ++i)
    if (ports[i].name == name)
      return static_cast<int>(i);
  return -1;
}

std::vector<int> OpDesc::group(const std::vector<IrPort> &ir, const std::vector<Port> &ports, const std::string &name) {
  std::vector<int> result;
  for (size_t i = 0; i < ports.size(); ++i)
    if (ports[i].ir >= 0 && ir[ports[i].ir].name == name)
      result.push_back(static_cast<int>(i));
  return result;
}

AttrValue OpDesc::getAttr(const std::string &name) const {
  auto it = attrs.find(name);
  if (it != attrs.end())
    return it->second;
  for (const IrAttr &attr : irAttrs)
    if (attr.name == name)
      return attr.defaultValue;
  return AttrValue();
}

SubgraphSlot *OpDesc::findSubgraph(const std::string &irName, unsigned index) {
  for (SubgraphSlot &slot : subgraphs)
    if (slot.irName == irName && slot.index == index)
      return &slot;
  return nullptr;
}

std::shared_ptr<GraphImpl> getOrBuild(SubgraphSlot &slot) {
  if (!slot.instance && slot.builder) {
    slot.instance = GraphAccess::get(slot.builder());
    if (slot.instance && !slot.instanceName.empty())
      slot.instance->name = slot.instanceName;
  }
  return slot.instance;
}

bool getConstValue(const OpDesc &desc, Tensor &value) {
  if (desc.type != "Const" && desc.type != "Constant")
    return false;
  return desc.getAttr("value").GetAttrValue(value) == GRAPH_SUCCESS;
}

} // namespace ge
