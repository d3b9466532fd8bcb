//===- ONNXWriter.cpp - small ONNX models for tests -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ONNXWriter.h"

namespace writer {

Message varint(uint64_t value) {
  Message result;
  for (; value >= 0x80; value >>= 7)
    result += static_cast<char>((value & 0x7f) | 0x80);
  return result + static_cast<char>(value);
}

Message number(uint32_t field, int64_t value) { return varint(field << 3) + varint(static_cast<uint64_t>(value)); }

Message text(uint32_t field, const std::string &value) { return varint(field << 3 | 2) + varint(value.size()) + value; }

Message tensor(const std::string &name, int64_t type, const std::vector<int64_t> &dims, const std::string &payload) {
  Message result;
  for (int64_t dim : dims)
    result += number(1, dim);
  return result + number(2, type) + text(8, name) + text(9, payload);
}

Message floats(const std::string &name, const std::vector<int64_t> &dims, const std::vector<float> &values) {
  return tensor(name, 1, dims, std::string(reinterpret_cast<const char *>(values.data()), values.size() * 4));
}

Message value(const std::string &name, int64_t type, const std::vector<int64_t> &dims) {
  Message shape;
  for (int64_t dim : dims)
    shape += text(1, dim < 0 ? text(2, "N") : number(1, dim));
  return text(1, name) + text(2, text(1, number(1, type) + text(2, shape)));
}

Message intAttribute(const std::string &name, int64_t value) {
  return text(1, name) + number(3, value) + number(20, 2);
}

Message intsAttribute(const std::string &name, const std::vector<int64_t> &values) {
  Message result = text(1, name);
  for (int64_t value : values)
    result += number(8, value);
  return result + number(20, 7);
}

Message graphAttribute(const std::string &name, const Message &graph) {
  return text(1, name) + text(6, graph) + number(20, 5);
}

Message referenceAttribute(const std::string &name, const std::string &of, int64_t type) {
  return text(1, name) + number(20, type) + text(21, of);
}

Message node(const std::string &type, const std::string &name, const std::vector<std::string> &inputs,
             const std::vector<std::string> &outputs, const std::vector<Message> &attributes,
             const std::string &domain) {
  Message result;
  for (const std::string &input : inputs)
    result += text(1, input);
  for (const std::string &output : outputs)
    result += text(2, output);
  result += text(3, name) + text(4, type);
  for (const Message &attribute : attributes)
    result += text(5, attribute);
  return domain.empty() ? result : result + text(7, domain);
}

Message Graph::serialize() const {
  Message result;
  for (const Message &node : nodes)
    result += text(1, node);
  result += text(2, "test");
  for (const Message &initializer : initializers)
    result += text(5, initializer);
  for (const Message &input : inputs)
    result += text(11, input);
  for (const Message &output : outputs)
    result += text(12, output);
  return result;
}

Message opset(const std::string &domain, int64_t version) { return text(1, domain) + number(2, version); }

Message model(const Graph &graph, int64_t version, const std::vector<Message> &functions,
              const std::vector<Message> &opsets) {
  Message result = number(1, 8) + text(7, graph.serialize()) + text(8, opset("", version));
  for (const Message &set : opsets)
    result += text(8, set);
  for (const Message &function : functions)
    result += text(25, function);
  return result;
}

Message function(const std::string &domain, const std::string &name, const std::vector<std::string> &inputs,
                 const std::vector<std::string> &outputs, const std::vector<std::string> &attributes,
                 const std::vector<Message> &nodes) {
  Message result = text(1, name);
  for (const std::string &input : inputs)
    result += text(4, input);
  for (const std::string &output : outputs)
    result += text(5, output);
  for (const std::string &attribute : attributes)
    result += text(6, attribute);
  for (const Message &node : nodes)
    result += text(7, node);
  return result + text(9, opset("", 13)) + text(10, domain);
}

} // namespace writer
