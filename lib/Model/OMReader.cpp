//===- OMReader.cpp - reading and checking offline models -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ByteStream.h"
#include "OMLayout.h"
#include "SHA256.h"
#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Support/Version.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace gemlir::model {

using namespace layout;

namespace {

Error fail(const std::string &text) { return Error(ErrorCode::ModelFormat, text); }

class Reader {
public:
  Reader(const void *data, size_t size, OMView &view)
      : data(static_cast<const uint8_t *>(data)), size(size), view(view) {}

  Error run() {
    if (Error error = readHeader())
      return error;
    if (Error error = readTable())
      return error;
    if (Error error = readPartitions())
      return error;
    return checkHash();
  }

private:
  Error readHeader();
  Error readTable();
  Error readPartitions();
  Error readInout(ByteSpan bytes);
  Error readDescs(ByteReader &in, std::vector<TensorInfo> &tensors);
  Error readItems(ByteSpan bytes);
  Error findItems();
  Error readGears(ByteSpan bytes);
  Error readExternalWeights(ByteSpan bytes);
  Error checkHash();

  template <typename T>
  T get(size_t at) const {
    return ByteReader(data + at, sizeof(T)).integer<T>();
  }
  std::string getText(size_t at, size_t room) const {
    auto *begin = reinterpret_cast<const char *>(data + at);
    return std::string(begin, strnlen(begin, room));
  }

  const uint8_t *data;
  size_t size;
  OMView &view;
  bool wide = false;
};

Error Reader::readHeader() {
  if (!data || size < kHeaderSize)
    return Error(ErrorCode::ModelSize, "the model has " + std::to_string(data ? size : 0) +
                                           " bytes, expected at least " + std::to_string(kHeaderSize) +
                                           " for its header");
  if (get<uint32_t>(0) != kMagic)
    return fail("the model does not start with \"IMOD\": not an offline model");
  if (get<uint32_t>(kHeadSizeAt) != kHeaderSize)
    return fail("the header says it has " + std::to_string(get<uint32_t>(kHeadSizeAt)) + " bytes, expected " +
                std::to_string(kHeaderSize));
  uint64_t length = get<uint64_t>(kModelLengthAt);
  wide = length != 0;
  if (!wide)
    length = get<uint32_t>(kLengthAt);
  if (length != size - kHeaderSize)
    return Error(ErrorCode::ModelSize, "the model has " + std::to_string(size - kHeaderSize) +
                                           " bytes after its header, which says " + std::to_string(length) +
                                           ": the file is cut off or has been added to");
  if (get<uint32_t>(kModelNumAt) != 1)
    return Error(ErrorCode::Unsupported,
                 "found " + std::to_string(get<uint32_t>(kModelNumAt)) + " models in the file, expected 1");
  view.version = get<uint32_t>(kVersionAt);
  view.name = getText(kNameAt, kNameSize);
  view.platform = getText(kPlatformAt, kPlatformSize);
  view.hasHostKernels = data[kFlagsAt] & kFlagHostKernels;
  return Error::success();
}

Error Reader::readTable() {
  ByteReader in(data + kHeaderSize, size - kHeaderSize);
  uint32_t count = in.integer<uint32_t>();
  if (wide)
    in.integer<uint32_t>();
  if (!count || count > kMaxPartitions)
    return fail("found " + std::to_string(count) + " partitions, expected 1 to " + std::to_string(kMaxPartitions));
  struct Entry {
    uint32_t type;
    uint64_t offset, size;
  };
  std::vector<Entry> entries(count);
  for (Entry &entry : entries) {
    entry.type = in.integer<uint32_t>();
    if (wide) {
      in.integer<uint32_t>();
      entry.offset = in.integer<uint64_t>();
      entry.size = in.integer<uint64_t>();
    } else {
      entry.offset = in.integer<uint32_t>();
      entry.size = in.integer<uint32_t>();
    }
  }
  if (in.failed())
    return Error(ErrorCode::ModelSize, "the partition table is cut off");
  // Readers of this format walk the sizes and ignore the offsets, so both must
  // say the same and nothing may be left over.
  uint64_t begin = size - in.remaining(), next = 0;
  for (const Entry &entry : entries) {
    std::string name = "partition of type " + std::to_string(entry.type);
    if (entry.offset != next || entry.size > in.remaining() - next)
      return fail(name + " has bytes " + std::to_string(entry.offset) + " + " + std::to_string(entry.size) + " of " +
                  std::to_string(in.remaining()) + ", expected to start at " + std::to_string(next));
    for (const OMView::Partition &other : view.partitions)
      if (uint32_t(other.type) == entry.type)
        return fail("found two partitions of type " + std::to_string(entry.type));
    view.partitions.push_back({PartitionType(entry.type), begin + next, {data + begin + next, size_t(entry.size)}});
    next += entry.size;
  }
  if (next != in.remaining())
    return fail("found " + std::to_string(in.remaining() - next) + " bytes after the last partition");
  return Error::success();
}

Error Reader::readPartitions() {
  for (const OMView::Partition &partition : view.partitions) {
    switch (partition.type) {
    case PartitionType::ModelDef: view.modelDef = partition.bytes; break;
    case PartitionType::WeightsData:
      view.weights = partition.bytes;
      if (partition.offset % kWeightsAlignment)
        return fail("the weights start at byte " + std::to_string(partition.offset) + ", expected a multiple of " +
                    std::to_string(kWeightsAlignment));
      break;
    case PartitionType::TaskInfo: view.taskInfo = partition.bytes; break;
    case PartitionType::ModelInoutInfo:
      if (Error error = readInout(partition.bytes))
        return error;
      break;
    case PartitionType::TbeKernels:
      if (Error error = readItems(partition.bytes))
        return error;
      break;
    default:
      return Error(ErrorCode::Unsupported, "found a partition of type " + std::to_string(uint32_t(partition.type)) +
                                               ", which is not supported");
    }
  }
  return findItems();
}

Error Reader::findItems() {
  auto take = [&](const std::string &name, ByteSpan &bytes) {
    const OMView::Item *item = view.findItem(name);
    if (item)
      bytes = item->bytes;
    return item != nullptr;
  };
  ByteSpan program;
  if (!take(kProgramItem, program))
    return Error(ErrorCode::Unsupported,
                 "the model has no item '" + kProgramItem + "' in its kernel store: it was made by another compiler");
  if (!take(kManifestItem, view.manifest) || !take(kWeightHashItem, view.weightHashes))
    return fail("the kernel store lacks '" + kManifestItem + "' or '" + kWeightHashItem + "'");
  view.programs.push_back(program);
  ByteSpan bytes;
  if (take(kGearsItem, bytes))
    if (Error error = readGears(bytes))
      return error;
  for (size_t i = 1; i < view.gearValues.size(); ++i) {
    if (!take(getProgramItem(i), program))
      return fail("the kernel store lacks '" + getProgramItem(i) + "'");
    view.programs.push_back(program);
  }
  if (take(kExternalWeightsItem, bytes))
    return readExternalWeights(bytes);
  return Error::success();
}

Error Reader::readGears(ByteSpan bytes) {
  ByteReader in(bytes.data, bytes.size);
  uint32_t kind = in.integer<uint32_t>();
  uint32_t count = in.count(4);
  if (kind < uint32_t(GearKind::Batch) || kind > uint32_t(GearKind::Dims) || !count || count > kMaxGears)
    return fail("found " + std::to_string(count) + " gears of kind " + std::to_string(kind));
  view.gearKind = GearKind(kind);
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    std::vector<int64_t> &values = view.gearValues.emplace_back();
    for (uint32_t left = in.count(8); left && !in.failed(); --left)
      values.push_back(in.integer<int64_t>());
  }
  if (in.failed() || in.remaining())
    return fail("the gears do not have the length they say");
  const size_t expected = view.gearKind == GearKind::Batch       ? 1
                          : view.gearKind == GearKind::ImageSize ? 2
                                                                 : view.gearValues[0].size();
  for (const std::vector<int64_t> &values : view.gearValues)
    if (values.size() != expected)
      return fail("a gear has " + std::to_string(values.size()) + " values, expected " + std::to_string(expected));
  return Error::success();
}

Error Reader::readExternalWeights(ByteSpan bytes) {
  ByteReader in(bytes.data, bytes.size);
  ExternalWeights &external = view.external;
  external.directory = in.string();
  external.embedWhenSaved = in.integer<uint32_t>();
  external.totalSize = in.integer<int64_t>();
  if (external.totalSize < 0)
    return fail("the weights have " + std::to_string(external.totalSize) + " bytes");
  int64_t end = 0;
  for (uint32_t left = in.count(60); left && !in.failed(); --left) {
    ExternalWeight piece;
    piece.file = in.string();
    piece.fileOffset = in.integer<uint64_t>();
    piece.offset = in.integer<int64_t>();
    piece.size = in.integer<uint64_t>();
    if (const uint8_t *digest = in.raw(kDigestSize))
      std::copy_n(digest, kDigestSize, piece.digest.begin());
    if (in.failed())
      break;
    // A model does not lead its reader to other folders.
    if (piece.file.empty() || piece.file == "." || piece.file == ".." || piece.file.find('/') != std::string::npos ||
        piece.file.find('\0') != std::string::npos)
      return fail("found a weight file called '" + piece.file + "', expected a name without a folder");
    if (piece.offset < end || piece.size > uint64_t(external.totalSize) ||
        piece.offset > external.totalSize - int64_t(piece.size) || piece.fileOffset + piece.size < piece.size)
      return fail("weight file '" + piece.file + "' has bytes " + std::to_string(piece.offset) + " + " +
                  std::to_string(piece.size) + " of the weights, which have " + std::to_string(external.totalSize));
    end = piece.offset + int64_t(piece.size);
    external.pieces.push_back(std::move(piece));
  }
  if (in.failed() || in.remaining() || external.pieces.empty())
    return fail("the list of weight files does not have the length it says");
  if (view.weights.size)
    return fail("found weights in the model and in files, expected one of them");
  return Error::success();
}

Error Reader::readInout(ByteSpan bytes) {
  ByteReader in(bytes.data, bytes.size);
  while (in.remaining() && !in.failed()) {
    uint32_t type = in.integer<uint32_t>();
    uint32_t length = in.integer<uint32_t>();
    const uint8_t *payload = in.raw(length);
    if (!payload)
      break;
    if (type != kInputDescs && type != kOutputDescs)
      continue;
    ByteReader descs(payload, length);
    if (Error error = readDescs(descs, type == kInputDescs ? view.inputs : view.outputs))
      return error;
  }
  return in.failed() ? fail("the input and output descriptions are cut off") : Error::success();
}

Error Reader::readDescs(ByteReader &in, std::vector<TensorInfo> &tensors) {
  uint32_t count = in.count(32);
  tensors.clear();
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    TensorInfo info;
    uint64_t bytes = in.integer<uint64_t>();
    info.format = in.integer<int32_t>();
    info.dataType = in.integer<int32_t>();
    uint32_t nameSize = in.integer<uint32_t>();
    uint32_t dimsSize = in.integer<uint32_t>();
    uint32_t dimsV2Size = in.integer<uint32_t>();
    uint32_t rangeSize = in.integer<uint32_t>();
    info.name = in.string(nameSize);
    if (dimsSize % sizeof(int64_t) || dimsSize > in.remaining())
      in.fail();
    bool isDynamic = false;
    for (uint32_t d = 0; d < dimsSize / sizeof(int64_t) && !in.failed(); ++d) {
      info.dims.push_back(in.integer<int64_t>());
      isDynamic |= info.dims.back() < 0;
    }
    in.raw(dimsV2Size);
    in.raw(rangeSize);
    info.byteSize = isDynamic ? kDynamic : int64_t(bytes);
    if (!in.failed() && info.byteSize < kDynamic)
      return fail("tensor '" + info.name + "' has " + std::to_string(bytes) + " bytes");
    tensors.push_back(std::move(info));
  }
  if (in.failed() || in.remaining())
    return fail("the input and output descriptions do not have the length "
                "they say");
  return Error::success();
}

Error Reader::readItems(ByteSpan bytes) {
  ByteReader in(bytes.data, bytes.size);
  while (in.remaining()) {
    uint32_t magic = in.integer<uint32_t>();
    uint32_t nameSize = in.integer<uint32_t>();
    uint32_t itemSize = in.integer<uint32_t>();
    OMView::Item item;
    item.name = in.string(nameSize);
    item.bytes = {in.raw(itemSize), itemSize};
    if (in.failed())
      return fail("the kernel store is cut off");
    if (magic != kItemMagic)
      return fail("an item of the kernel store does not start with its magic "
                  "number");
    if (view.findItem(item.name))
      return fail("two items of the kernel store are called '" + item.name + "'");
    view.items.push_back(std::move(item));
  }
  return Error::success();
}

/// The hash covers everything but the weights and the hash itself, which counts
/// as zeros and is the last item of the kernel store.
Error Reader::checkHash() {
  const OMView::Item *item = view.findItem(kHashItem);
  if (!item || item != &view.items.back() || item->bytes.size != kDigestSize)
    return fail("the kernel store does not end with '" + kHashItem + "'");
  auto feed = [&](SHA256 &sha, const uint8_t *from, const uint8_t *to) {
    const uint8_t *weights = view.weights.data;
    if (!view.weights.size) {
      sha.update(from, to - from);
      return;
    }
    const uint8_t *weightsEnd = weights + view.weights.size;
    if (from < weights)
      sha.update(from, std::min(to, weights) - from);
    if (to > weightsEnd)
      sha.update(std::max(from, weightsEnd), to - std::max(from, weightsEnd));
  };
  static const uint8_t zeros[kDigestSize] = {};
  SHA256 sha;
  const uint8_t *recorded = item->bytes.data;
  // The writer hashes the store with the hash's bytes zero, in file order.
  feed(sha, data, recorded);
  sha.update(zeros, kDigestSize);
  feed(sha, recorded + kDigestSize, data + size);
  SHA256::Digest digest = sha.finish();
  if (!std::equal(digest.begin(), digest.end(), recorded))
    return Error(ErrorCode::ModelHash, "the model does not have the hash it records: it is damaged "
                                       "or has been edited");
  return Error::success();
}

bool sameTensors(const std::vector<TensorInfo> &lhs, const std::vector<TensorInfo> &rhs) {
  return std::equal(lhs.begin(), lhs.end(), rhs.begin(), rhs.end(), [](const TensorInfo &a, const TensorInfo &b) {
    return a.name == b.name && a.dataType == b.dataType && a.format == b.format && a.dims == b.dims &&
           a.byteSize == b.byteSize;
  });
}

bool sameRanks(const std::vector<TensorInfo> &lhs, const std::vector<TensorInfo> &rhs) {
  return std::equal(lhs.begin(), lhs.end(), rhs.begin(), rhs.end(), [](const TensorInfo &a, const TensorInfo &b) {
    return a.name == b.name && a.dataType == b.dataType && a.format == b.format && a.dims.size() == b.dims.size();
  });
}

} // namespace

const OMView::Item *OMView::findItem(const std::string &itemName) const {
  for (const Item &item : items)
    if (item.name == itemName)
      return &item;
  return nullptr;
}

Error readOM(const void *data, size_t size, OMView &view) {
  view = OMView();
  return Reader(data, size, view).run();
}

Error readPrograms(const OMView &view, std::vector<Program> &programs) {
  const int64_t weightSize = view.external.pieces.empty() ? int64_t(view.weights.size) : view.external.totalSize;
  std::vector<const std::vector<TensorInfo> *> inputs, outputs;
  programs.clear();
  programs.reserve(view.programs.size());
  for (ByteSpan bytes : view.programs) {
    Program &program = programs.emplace_back();
    if (Error error = Program::decode(bytes.data, bytes.size, program))
      return error;
    if (program.weightSize != weightSize)
      return fail("the program expects " + std::to_string(program.weightSize) +
                  " bytes of weights, but the model has " + std::to_string(weightSize));
    for (const Binary &binary : program.binaries)
      if (!view.findItem(binary.item))
        return fail("the program names the binary '" + binary.item + "', which the kernel store does not have");
    if (!sameRanks(program.inputs, programs[0].inputs) || !sameRanks(program.outputs, programs[0].outputs))
      return fail("the programs of the gears describe different inputs or outputs");
    inputs.push_back(&program.inputs);
    outputs.push_back(&program.outputs);
  }
  if (!sameTensors(view.inputs, joinTensors(inputs)) || !sameTensors(view.outputs, joinTensors(outputs)))
    return fail("the program and the model describe different inputs or "
                "outputs");
  return Error::success();
}

Error readContents(const OMView &view, OMContents &contents) {
  contents = OMContents();
  std::vector<Program> programs;
  if (Error error = readPrograms(view, programs))
    return error;
  contents.name = view.name;
  contents.gearKind = view.gearKind;
  std::set<std::string> binaries;
  for (const Program &program : programs)
    for (const Binary &binary : program.binaries)
      if (binaries.insert(binary.item).second) {
        ByteSpan bytes = view.findItem(binary.item)->bytes;
        contents.binaries.push_back({binary.item, {bytes.data, bytes.data + bytes.size}});
      }
  if (view.gearValues.empty())
    contents.program = std::move(programs[0]);
  for (size_t i = 0; i < view.gearValues.size(); ++i)
    contents.gears.push_back({view.gearValues[i], std::move(programs[i])});
  contents.modelDef.assign(view.modelDef.data, view.modelDef.data + view.modelDef.size);
  if (view.weights.size)
    contents.weights.push_back({view.weights.data, view.weights.size});
  contents.external = view.external;
  contents.manifest.assign(reinterpret_cast<const char *>(view.manifest.data), view.manifest.size);
  return Error::success();
}

Error checkVersion(const OMView &view) {
  static const std::string key = "compiler: ge-mlir ";
  std::string manifest(reinterpret_cast<const char *>(view.manifest.data), view.manifest.size);
  size_t begin = manifest.find(key);
  std::string version = "an unknown version";
  if (begin != std::string::npos) {
    begin += key.size();
    version = manifest.substr(begin, manifest.find('\n', begin) - begin);
  }
  if (version == getVersion())
    return Error::success();
  return Error(ErrorCode::Unsupported, "the buffer was made by ge-mlir " + version + ", but this is ge-mlir " +
                                           getVersion() +
                                           ": a model in memory is for the version that compiled it; compile it again, "
                                           "or load an offline model from its file");
}

Error verifyWeights(const OMView &view) {
  ByteReader in(view.weightHashes.data, view.weightHashes.size);
  uint64_t weightSize = in.integer<uint64_t>();
  uint32_t leafSize = in.integer<uint32_t>();
  uint32_t numLeaves = in.count(kDigestSize);
  if (in.failed() || weightSize != view.weights.size || leafSize != kLeafSize ||
      numLeaves != (weightSize + leafSize - 1) / leafSize || in.remaining() != size_t(numLeaves) * kDigestSize)
    return fail("the hashes of the weights do not fit the weights");
  for (uint32_t i = 0; i < numLeaves; ++i) {
    size_t begin = size_t(i) * kLeafSize;
    SHA256::Digest digest = SHA256::hash(view.weights.data + begin, std::min(kLeafSize, view.weights.size - begin));
    if (std::memcmp(digest.data(), in.raw(kDigestSize), kDigestSize))
      return Error(ErrorCode::ModelHash,
                   "the weights from byte " + std::to_string(begin) + " on do not have the hash the model records");
  }
  return Error::success();
}

} // namespace gemlir::model
