//===- OM.h - the offline model container -----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An OM file is a 256-byte header, a table of partitions, and the partitions:
// descriptions of the inputs and outputs, the graph (MODEL_DEF), the weights, a
// kernel store with the program and the device binaries, and a task list. The
// layout is that of CANN's `.om` files. Reading trusts nothing.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_MODEL_OM_H
#define GEMLIR_MODEL_OM_H

#include "ge-mlir/Model/Program.h"
#include "ge-mlir/Support/Error.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace gemlir::model {

enum class PartitionType : uint32_t {
  ModelDef = 0,
  WeightsData = 1,
  TaskInfo = 2,
  TbeKernels = 3,
  ModelInoutInfo = 8,
};

/// A range of somebody else's bytes.
struct ByteSpan {
  const uint8_t *data = nullptr;
  size_t size = 0;
};

/// One piece of the weights. It starts at the next multiple of `alignment`
/// after the piece before it; the bytes between are zero.
struct WeightSegment {
  const void *data = nullptr;
  size_t size = 0;
  size_t alignment = 64;
};

/// A device binary under its name in the kernel store, as Program's binaries
/// name it: "ge_mlir.host.x86-64-v3".
struct OMBinary {
  std::string item;
  std::vector<uint8_t> bytes;
};

/// Everything that goes into a file. The model's inputs, outputs and sizes are
/// those of the program.
struct OMContents {
  std::string name;
  Program program;
  std::vector<uint8_t> modelDef;
  std::vector<WeightSegment> weights;
  std::vector<OMBinary> binaries;
  /// Free text of the compiler: version, options, kernel keys. No paths, times.
  std::string manifest;
};

/// Where a segment list puts its pieces: the offset of each, and the whole
/// size. What Program's Constant buffers refer to.
std::vector<int64_t> layoutWeights(const std::vector<WeightSegment> &weights,
                                   int64_t &totalSize);

Error writeOM(const OMContents &contents, std::vector<uint8_t> &bytes);
/// Writes to a temporary name beside `path` and renames; on failure nothing is
/// left behind and a file that was there before stays as it is.
Error writeOMFile(const OMContents &contents, const std::string &path);
/// The same for bytes that are a file already.
Error writeFileAtomically(const std::vector<ByteSpan> &parts,
                          const std::string &path);

/// A checked view of a model's bytes, which must outlive it.
struct OMView {
  struct Item {
    std::string name;
    ByteSpan bytes;
  };
  struct Partition {
    PartitionType type;
    uint64_t offset; ///< in the file
    ByteSpan bytes;
  };

  std::string name;
  std::string platform;
  uint32_t version = 0;
  bool hasHostKernels = false; ///< carries native code of the host
  std::vector<Partition> partitions;
  std::vector<TensorInfo> inputs, outputs;
  std::vector<Item> items;
  ByteSpan modelDef, weights, taskInfo;
  ByteSpan program, manifest, weightHashes;

  const Item *findItem(const std::string &itemName) const;
};

/// Checks the structure of the model and the hash of everything but the
/// weights.
Error readOM(const void *data, size_t size, OMView &view);
/// Decodes the program and checks that it fits the rest of the model.
Error readProgram(const OMView &view, Program &program);
/// Checks the weights against their leaf hashes.
Error verifyWeights(const OMView &view);

struct PrintOptions {
  bool program = true;
  bool hashes = false;
};
/// A model as text: header, partitions, inputs and outputs, program, kernels.
Error printOM(const void *data, size_t size, std::ostream &os,
              const PrintOptions &options = {});
/// The disassembly alone.
void printProgram(const Program &program, std::ostream &os);

} // namespace gemlir::model

#endif // GEMLIR_MODEL_OM_H
