//===- ONNXWriter.h - small ONNX models for tests ---------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Messages are strings of their serialised fields, so that a test can also write
// what no sane writer would.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TEST_UNIT_IMPORT_ONNXWRITER_H
#define GE_MLIR_TEST_UNIT_IMPORT_ONNXWRITER_H

#include <cstdint>
#include <string>
#include <vector>

namespace writer {

using Message = std::string;

Message varint(uint64_t value);
Message number(uint32_t field, int64_t value);
Message text(uint32_t field, const std::string &value);

/// TensorProto; `payload` goes to raw_data.
Message tensor(const std::string &name, int64_t type, const std::vector<int64_t> &dims, const std::string &payload);
Message floats(const std::string &name, const std::vector<int64_t> &dims, const std::vector<float> &values);
/// ValueInfoProto; a dimension below zero is symbolic.
Message value(const std::string &name, int64_t type, const std::vector<int64_t> &dims);
Message intAttribute(const std::string &name, int64_t value);
Message intsAttribute(const std::string &name, const std::vector<int64_t> &values);
Message graphAttribute(const std::string &name, const Message &graph);
Message referenceAttribute(const std::string &name, const std::string &of, int64_t type);
Message node(const std::string &type, const std::string &name, const std::vector<std::string> &inputs,
             const std::vector<std::string> &outputs, const std::vector<Message> &attributes = {},
             const std::string &domain = "");

struct Graph {
  std::vector<Message> nodes, initializers, inputs, outputs;

  Message serialize() const;
};

Message opset(const std::string &domain, int64_t version);
Message model(const Graph &graph, int64_t version = 13, const std::vector<Message> &functions = {},
              const std::vector<Message> &opsets = {});
Message function(const std::string &domain, const std::string &name, const std::vector<std::string> &inputs,
                 const std::vector<std::string> &outputs, const std::vector<std::string> &attributes,
                 const std::vector<Message> &nodes);

} // namespace writer

#endif // GE_MLIR_TEST_UNIT_IMPORT_ONNXWRITER_H
