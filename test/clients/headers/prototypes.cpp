//===- prototypes.cpp - every prototype -----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "all_ops.h"

#include <cstdio>

/// Makes an operator of every type that the prototypes register.
int main() {
  std::vector<ge::AscendString> types;
  if (ge::OperatorFactory::GetOpsTypeList(types) != ge::GRAPH_SUCCESS)
    return 1;
  int wrong = 0;
  for (const ge::AscendString &type : types) {
    ge::Operator op = ge::OperatorFactory::CreateOperator("some_name", type.GetString());
    ge::AscendString name, made;
    if (op.GetName(name) != ge::GRAPH_SUCCESS || name != "some_name" || op.GetOpType(made) != ge::GRAPH_SUCCESS ||
        made != type) {
      std::fprintf(stderr, "wrong operator of type %s\n", type.GetString());
      ++wrong;
    }
  }
  ge::op::Conv2D conv("conv");
  conv.set_attr_strides({1, 1, 2, 2}).set_attr_pads({0, 0, 0, 0});
  std::vector<int64_t> dilations;
  if (conv.GetAttr("dilations", dilations) != ge::GRAPH_SUCCESS || dilations != std::vector<int64_t>{1, 1, 1, 1} ||
      conv.GetInputsSize() != 4)
    ++wrong;
  std::printf("%zu prototypes\n", types.size());
  return wrong == 0 && types.size() > 1900 ? 0 : 1;
}
