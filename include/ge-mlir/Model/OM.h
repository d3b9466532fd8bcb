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

/// One piece of weights that lie in files of their own: `size` bytes of `file`
/// from `fileOffset` on are the bytes of the weights from `offset` on.
struct ExternalWeight {
  std::string file; ///< a name without a folder
  uint64_t fileOffset = 0;
  int64_t offset = 0;
  uint64_t size = 0;
  std::array<uint8_t, 32> digest = {}; ///< SHA-256 of the piece
};

/// Weights outside the model. There are none if `pieces` is empty; otherwise the
/// model has no weights inside.
struct ExternalWeights {
  /// The folder of the files; empty for `weight` beside the model's file.
  std::string directory;
  /// Saving the model to a file brings the weights into it; otherwise it copies
  /// their files to `weight` beside it.
  bool embedWhenSaved = false;
  int64_t totalSize = 0;
  std::vector<ExternalWeight> pieces; ///< by offset, without overlap
};

/// What the values of a gear stand for. The numbers are those of the container.
enum class GearKind : uint32_t {
  None = 0,
  Batch = 1,     ///< one value, the open dimension of every input
  ImageSize = 2, ///< height and width, the open dimensions of an input
  Dims = 3,      ///< the open dimensions of all inputs, in their order
};

/// One of the shapes that a model was compiled for.
struct Gear {
  std::vector<int64_t> values;
  Program program;
};

/// Everything that goes into a file. The model's inputs, outputs and sizes are
/// those of the program. A model with gears has a program for each, all on the
/// same weights; a dimension in which they differ is -1 to the outside.
struct OMContents {
  std::string name;
  Program program; ///< not used if there are gears
  GearKind gearKind = GearKind::None;
  std::vector<Gear> gears;
  std::vector<uint8_t> modelDef;
  std::vector<WeightSegment> weights;
  ExternalWeights external;
  std::vector<OMBinary> binaries;
  /// Free text of the compiler: version, options, kernel keys. No paths, times.
  std::string manifest;
};

/// The model's inputs or outputs, as the caller sees them, of the programs of its
/// gears: a dimension in which they differ is -1.
std::vector<TensorInfo> joinTensors(const std::vector<const std::vector<TensorInfo> *> &gears);

/// Where a segment list puts its pieces: the offset of each, and the whole
/// size. What Program's Constant buffers refer to.
std::vector<int64_t> layoutWeights(const std::vector<WeightSegment> &weights, int64_t &totalSize);

Error writeOM(const OMContents &contents, std::vector<uint8_t> &bytes);
/// Writes to a temporary name beside `path` and renames; on failure nothing is
/// left behind and a file that was there before stays as it is.
Error writeOMFile(const OMContents &contents, const std::string &path);
/// The same for bytes that are a file already.
Error writeFileAtomically(const std::vector<ByteSpan> &parts, const std::string &path);

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
  ByteSpan manifest, weightHashes;
  std::vector<ByteSpan> programs; ///< one, or one for each gear
  GearKind gearKind = GearKind::None;
  std::vector<std::vector<int64_t>> gearValues; ///< of each gear
  ExternalWeights external;

  const Item *findItem(const std::string &itemName) const;
};

/// Checks the structure of the model and the hash of everything but the
/// weights.
Error readOM(const void *data, size_t size, OMView &view);
/// Decodes the programs, of each gear if there are gears, and checks that they
/// fit the rest of the model.
Error readPrograms(const OMView &view, std::vector<Program> &programs);
/// Decodes everything, so that `writeOM` makes the same model again. Weights
/// alias the view's.
Error readContents(const OMView &view, OMContents &contents);
/// Fails unless this version of ge-mlir made the model: buffers, unlike files,
/// are not exchanged between versions.
Error checkVersion(const OMView &view);
/// Checks the weights against their leaf hashes.
Error verifyWeights(const OMView &view);

struct PrintOptions {
  bool program = true;
  bool hashes = false;
};
/// A model as text: header, partitions, inputs and outputs, program, kernels.
Error printOM(const void *data, size_t size, std::ostream &os, const PrintOptions &options = {});
/// The disassembly alone.
void printProgram(const Program &program, std::ostream &os);

} // namespace gemlir::model

#endif // GEMLIR_MODEL_OM_H
