//===- operator_factory.h - operators by type name --------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_OPERATOR_FACTORY_H
#define GRAPH_OPERATOR_FACTORY_H

#include "graph/operator.h"

namespace ge {
using OpCreatorV2 = std::function<Operator(const AscendString &)>;
/// The older form; its std::string is the client's.
using OpCreator = std::function<Operator(const std::string &)>;
using InferShapeFunc = std::function<graphStatus(Operator &)>;
using InferFormatFunc = std::function<graphStatus(Operator &)>;
using InferValueRangeFunc = std::function<graphStatus(Operator &)>;
using VerifyFunc = std::function<graphStatus(Operator &)>;

enum WHEN_CALL {
  INPUT_IS_DYNAMIC = 0,
  INPUT_HAS_VALUE_RANGE = 1,
};

class GE_FUNC_VISIBILITY OperatorFactory {
public:
  /// An empty operator for an unknown type.
  static Operator CreateOperator(const char *name, const char *type);
  static graphStatus GetOpsTypeList(std::vector<AscendString> &types);
  static bool IsExistOp(const char *type);

  static Operator CreateOperator(const std::string &name, const std::string &type) {
    return CreateOperator(name.c_str(), type.c_str());
  }
  static graphStatus GetOpsTypeList(std::vector<std::string> &types) {
    std::vector<AscendString> texts;
    const graphStatus status = GetOpsTypeList(texts);
    types.clear();
    for (const AscendString &text : texts)
      types.emplace_back(text.GetString());
    return status;
  }
  static bool IsExistOp(const std::string &type) { return IsExistOp(type.c_str()); }
};

// Objects whose construction registers something for an operator type.

class GE_FUNC_VISIBILITY OperatorCreatorRegister {
public:
  OperatorCreatorRegister(const char *type, const OpCreatorV2 &creator);
  OperatorCreatorRegister(const std::string &type, const OpCreator &creator)
      : OperatorCreatorRegister(
            type.c_str(), OpCreatorV2([creator](const AscendString &name) { return creator(name.GetString()); })) {}
};

/// What the prototype macros use: there are thousands of prototypes, and a
/// function pointer compiles faster than a function object.
class GE_FUNC_VISIBILITY PrototypeRegister {
public:
  PrototypeRegister(const char *type, Operator (*creator)(const AscendString &name));
};

class GE_FUNC_VISIBILITY InferShapeFuncRegister {
public:
  InferShapeFuncRegister(const char *type, const InferShapeFunc &function);
};

class GE_FUNC_VISIBILITY InferFormatFuncRegister {
public:
  InferFormatFuncRegister(const char *type, const InferFormatFunc &function);
};

class GE_FUNC_VISIBILITY InferValueRangeFuncRegister {
public:
  InferValueRangeFuncRegister(const char *type, WHEN_CALL when, const InferValueRangeFunc &function);
  explicit InferValueRangeFuncRegister(const char *type);
};

class GE_FUNC_VISIBILITY VerifyFuncRegister {
public:
  VerifyFuncRegister(const char *type, const VerifyFunc &function);
};
} // namespace ge

#endif // GRAPH_OPERATOR_FACTORY_H
