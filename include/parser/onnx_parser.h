//===- onnx_parser.h - ONNX models become graphs ----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PARSER_ONNX_PARSER_H
#define PARSER_ONNX_PARSER_H

#include "ge/ge_api_error_codes.h"
#include "ge/ge_api_types.h"
#include "graph/graph.h"

#include <map>

#ifndef PARSER_FUNC_VISIBILITY
#define PARSER_FUNC_VISIBILITY GE_FUNC_VISIBILITY
#endif

namespace ge {
PARSER_FUNC_VISIBILITY graphStatus aclgrphParseONNX(const char *model_file,
                                                    const std::map<AscendString, AscendString> &parser_params,
                                                    ge::Graph &graph);
PARSER_FUNC_VISIBILITY graphStatus aclgrphParseONNXFromMem(const char *buffer, size_t size,
                                                           const std::map<AscendString, AscendString> &parser_params,
                                                           ge::Graph &graph);
} // namespace ge

#endif // PARSER_ONNX_PARSER_H
