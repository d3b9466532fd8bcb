//===- graph_buffer.h - bytes of a serialised graph -------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GRAPH_GRAPH_BUFFER_H
#define GRAPH_GRAPH_BUFFER_H

#include "graph/types.h"

namespace ge {
class BufferImpl;
class GraphImpl;

class GE_FUNC_VISIBILITY GraphBuffer {
public:
  GraphBuffer();
  GraphBuffer(const GraphBuffer &) = delete;
  GraphBuffer &operator=(const GraphBuffer &) = delete;
  ~GraphBuffer() = default;

  const uint8_t *GetData() const;
  size_t GetSize() const;

private:
  friend class GraphImpl;
  std::shared_ptr<BufferImpl> buffer_;
};
} // namespace ge

#endif // GRAPH_GRAPH_BUFFER_H
