//===- OMWriter.cpp - writing offline models ------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ByteStream.h"
#include "OMLayout.h"
#include "SHA256.h"
#include "ge-mlir/Model/OM.h"

#include <algorithm>
#include <set>

namespace gemlir::model {

using namespace layout;

namespace {

Error fail(const std::string &text) { return Error(ErrorCode::InvalidArgument, text); }

uint64_t alignTo(uint64_t value, uint64_t alignment) { return (value + alignment - 1) / alignment * alignment; }

bool startsWith(const std::string &text, const std::string &prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

/// The pieces of a file in order. The weights are the caller's memory; only
/// what stands before and after them is built here.
struct FileImage {
  std::vector<uint8_t> head, tail;
  std::vector<ByteSpan> parts;
  uint64_t size = 0;
};

class Writer {
public:
  explicit Writer(const OMContents &contents) : contents(contents) {
    for (const Gear &gear : contents.gears)
      programs.push_back(&gear.program);
    if (programs.empty())
      programs.push_back(&contents.program);
  }

  Error write(FileImage &image);

private:
  Error check();
  Error checkProgram(const Program &program, const std::set<std::string> &items);
  Error checkGears();
  void placeWeights();
  std::vector<uint8_t> encodeGears() const;
  std::vector<uint8_t> encodeExternalWeights() const;
  std::vector<uint8_t> hashWeights() const;
  void writeDescs(ByteWriter &out, uint32_t type, const std::vector<TensorInfo> &tensors);
  void writeItem(ByteWriter &out, const std::string &name, const void *data, size_t size);
  std::vector<uint8_t> makeKernelStore();
  std::vector<uint8_t> makeTaskInfo();
  std::vector<uint8_t> makeHeader(uint64_t bodySize, bool wide);
  void writeTable(ByteWriter &out, bool wide);

  struct Entry {
    PartitionType type;
    uint64_t size;
  };

  const OMContents &contents;
  std::vector<const Program *> programs;
  std::vector<TensorInfo> inputs, outputs;
  std::vector<ByteSpan> weightParts;
  uint64_t weightSize = 0;
  std::vector<Entry> table;
};

Error Writer::checkProgram(const Program &program, const std::set<std::string> &items) {
  if (Error error = program.verify())
    return error;
  const int64_t size = contents.external.pieces.empty() ? int64_t(weightSize) : contents.external.totalSize;
  if (program.weightSize != size)
    return fail("the program expects " + std::to_string(program.weightSize) + " bytes of weights, but there are " +
                std::to_string(size));
  for (const Binary &binary : program.binaries)
    if (!items.count(binary.item))
      return fail("the program names the binary '" + binary.item + "', which is not there");
  return Error::success();
}

Error Writer::checkGears() {
  if (contents.gears.empty() != (contents.gearKind == GearKind::None) || contents.gears.size() > kMaxGears)
    return fail("found " + std::to_string(contents.gears.size()) + " gears of kind " +
                std::to_string(uint32_t(contents.gearKind)));
  for (const Program *program : programs) {
    if (program->inputs.size() != programs[0]->inputs.size() || program->outputs.size() != programs[0]->outputs.size())
      return fail("the gears differ in the number of their inputs or outputs");
    auto differ = [](const std::vector<TensorInfo> &lhs, const std::vector<TensorInfo> &rhs) {
      return !std::equal(lhs.begin(), lhs.end(), rhs.begin(), [](const TensorInfo &a, const TensorInfo &b) {
        return a.name == b.name && a.dataType == b.dataType && a.format == b.format && a.dims.size() == b.dims.size();
      });
    };
    if (differ(program->inputs, programs[0]->inputs) || differ(program->outputs, programs[0]->outputs))
      return fail("the gears differ in more than the dimensions of their inputs and outputs");
  }
  return Error::success();
}

Error Writer::check() {
  for (const WeightSegment &segment : contents.weights) {
    if (!segment.alignment || kWeightsAlignment % segment.alignment)
      return fail("found a weight segment of alignment " + std::to_string(segment.alignment) +
                  ", expected a divisor of " + std::to_string(kWeightsAlignment));
    if (segment.size && !segment.data)
      return fail("a weight segment has no data");
  }
  if (weightSize && !contents.external.pieces.empty())
    return fail("found weights in the model and in files, expected one of them");
  std::set<std::string> names = {kManifestItem, kWeightHashItem, kHashItem, kGearsItem, kExternalWeightsItem};
  for (size_t i = 0; i < programs.size(); ++i)
    names.insert(getProgramItem(i));
  for (const OMBinary &binary : contents.binaries)
    if (!names.insert(binary.item).second)
      return fail("two items of the kernel store are called '" + binary.item + "'");
  for (const Program *program : programs)
    if (Error error = checkProgram(*program, names))
      return error;
  return checkGears();
}

const uint8_t kZeros[kWeightsAlignment] = {};

void Writer::placeWeights() {
  int64_t total;
  std::vector<int64_t> offsets = layoutWeights(contents.weights, total);
  uint64_t position = 0;
  for (size_t i = 0; i < offsets.size(); ++i) {
    const WeightSegment &segment = contents.weights[i];
    if (uint64_t gap = offsets[i] - position)
      weightParts.push_back({kZeros, size_t(gap)});
    if (segment.size)
      weightParts.push_back({static_cast<const uint8_t *>(segment.data), segment.size});
    position = offsets[i] + segment.size;
  }
  weightSize = total;
}

/// Size of the weights, size of a leaf, and the hash of every leaf.
std::vector<uint8_t> Writer::hashWeights() const {
  ByteWriter out;
  out.integer(weightSize);
  out.integer(uint32_t(kLeafSize));
  out.integer(uint32_t(alignTo(weightSize, kLeafSize) / kLeafSize));
  SHA256 leaf;
  size_t filled = 0;
  auto close = [&] {
    SHA256::Digest digest = leaf.finish();
    out.raw(digest.data(), digest.size());
    leaf = SHA256();
    filled = 0;
  };
  for (ByteSpan part : weightParts) {
    while (part.size) {
      size_t taken = std::min(part.size, kLeafSize - filled);
      leaf.update(part.data, taken);
      part.data += taken;
      part.size -= taken;
      filled += taken;
      if (filled == kLeafSize)
        close();
    }
  }
  if (filled)
    close();
  return std::move(out.bytes);
}

std::vector<uint8_t> Writer::encodeGears() const {
  ByteWriter out;
  out.integer(uint32_t(contents.gearKind));
  out.integer(uint32_t(contents.gears.size()));
  for (const Gear &gear : contents.gears) {
    out.integer(uint32_t(gear.values.size()));
    for (int64_t value : gear.values)
      out.integer(value);
  }
  return std::move(out.bytes);
}

std::vector<uint8_t> Writer::encodeExternalWeights() const {
  ByteWriter out;
  out.string(contents.external.directory);
  out.integer(uint32_t(contents.external.embedWhenSaved));
  out.integer(contents.external.totalSize);
  out.integer(uint32_t(contents.external.pieces.size()));
  for (const ExternalWeight &piece : contents.external.pieces) {
    out.string(piece.file);
    out.integer(piece.fileOffset);
    out.integer(piece.offset);
    out.integer(piece.size);
    out.raw(piece.digest.data(), piece.digest.size());
  }
  return std::move(out.bytes);
}

void Writer::writeDescs(ByteWriter &out, uint32_t type, const std::vector<TensorInfo> &tensors) {
  ByteWriter body;
  body.integer(uint32_t(tensors.size()));
  for (const TensorInfo &info : tensors) {
    uint32_t dimBytes = info.dims.size() * sizeof(int64_t);
    body.integer(uint64_t(std::max<int64_t>(info.byteSize, 0)));
    body.integer(uint32_t(info.format));
    body.integer(uint32_t(info.dataType));
    body.integer(uint32_t(info.name.size()));
    body.integer(dimBytes);
    body.integer(dimBytes); // the same dimensions for readers of "dims V2"
    body.integer(uint32_t(0));
    body.raw(info.name);
    for (int copy = 0; copy < 2; ++copy)
      for (int64_t dim : info.dims)
        body.integer(dim);
  }
  out.integer(type);
  out.integer(uint32_t(body.bytes.size()));
  out.raw(body.bytes.data(), body.bytes.size());
}

void Writer::writeItem(ByteWriter &out, const std::string &name, const void *data, size_t size) {
  out.integer(kItemMagic);
  out.integer(uint32_t(name.size()));
  out.integer(uint32_t(size));
  out.raw(name);
  out.raw(data, size);
}

/// Ends with 32 zero bytes, the place of the hash.
std::vector<uint8_t> Writer::makeKernelStore() {
  ByteWriter out;
  auto add = [&](const std::string &name, const std::vector<uint8_t> &bytes) {
    writeItem(out, name, bytes.data(), bytes.size());
  };
  for (size_t i = 0; i < programs.size(); ++i)
    add(getProgramItem(i), programs[i]->encode());
  if (!contents.gears.empty())
    add(kGearsItem, encodeGears());
  if (!contents.external.pieces.empty())
    add(kExternalWeightsItem, encodeExternalWeights());
  for (const OMBinary &binary : contents.binaries)
    writeItem(out, binary.item, binary.bytes.data(), binary.bytes.size());
  writeItem(out, kManifestItem, contents.manifest.data(), contents.manifest.size());
  std::vector<uint8_t> leaves = hashWeights();
  writeItem(out, kWeightHashItem, leaves.data(), leaves.size());
  writeItem(out, kHashItem, kZeros, kDigestSize);
  return std::move(out.bytes);
}

/// A domi.ModelTaskDef without tasks: {version = 1: "1.0", memory_size = 11,
/// stream_num = 12, weight_size = 14} in protobuf's wire format.
std::vector<uint8_t> Writer::makeTaskInfo() {
  std::vector<uint8_t> out = {1 << 3 | 2, 3, '1', '.', '0'};
  auto varint = [&](uint32_t field, uint64_t value) {
    out.push_back(field << 3);
    for (; value >= 0x80; value >>= 7)
      out.push_back(uint8_t(value) | 0x80);
    out.push_back(uint8_t(value));
  };
  int64_t arenaSize = 0;
  for (const Program *program : programs)
    arenaSize = std::max(arenaSize, program->arenaSize);
  varint(11, arenaSize);
  varint(12, 1);
  varint(14, weightSize);
  return out;
}

std::vector<uint8_t> Writer::makeHeader(uint64_t bodySize, bool wide) {
  std::vector<uint8_t> header(kHeaderSize);
  auto put = [&](size_t at, uint64_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; ++i)
      header[at + i] = uint8_t(value >> (8 * i));
  };
  auto putText = [&](size_t at, size_t room, const std::string &text) {
    // The last byte stays zero, since readers take C strings.
    std::copy_n(text.begin(), std::min(text.size(), room - 1), header.begin() + at);
  };
  bool isDynamic = false, hasHostKernels = false;
  for (auto *tensors : {&inputs, &outputs})
    for (const TensorInfo &info : *tensors)
      isDynamic |= info.byteSize == kDynamic;
  for (const OMBinary &binary : contents.binaries)
    hasHostKernels |= startsWith(binary.item, kHostPrefix);
  put(0, kMagic, 4);
  put(kHeadSizeAt, kHeaderSize, 4);
  put(kVersionAt, kVersion, 4);
  put(wide ? kModelLengthAt : kLengthAt, bodySize, wide ? 8 : 4);
  putText(kNameAt, kNameSize, contents.name);
  put(kModelNumAt, 1, 4);
  putText(kPlatformAt, kPlatformSize, programs[0]->device);
  put(kIsDynamicAt, isDynamic, 1);
  put(kFlagsAt, hasHostKernels ? kFlagHostKernels : 0, 1);
  return header;
}

void Writer::writeTable(ByteWriter &out, bool wide) {
  out.integer(uint32_t(table.size()));
  if (wide)
    out.integer(uint32_t(0));
  uint64_t offset = 0;
  for (const Entry &entry : table) {
    out.integer(uint32_t(entry.type));
    if (wide) {
      out.integer(uint32_t(0));
      out.integer(offset);
      out.integer(entry.size);
    } else {
      out.integer(uint32_t(offset));
      out.integer(uint32_t(entry.size));
    }
    offset += entry.size;
  }
}

Error Writer::write(FileImage &image) {
  placeWeights();
  if (Error error = check())
    return error;
  std::vector<const std::vector<TensorInfo> *> inputLists, outputLists;
  for (const Program *program : programs) {
    inputLists.push_back(&program->inputs);
    outputLists.push_back(&program->outputs);
  }
  inputs = joinTensors(inputLists);
  outputs = joinTensors(outputLists);
  std::vector<uint8_t> kernels = makeKernelStore();
  std::vector<uint8_t> tasks = makeTaskInfo();
  ByteWriter inout;
  writeDescs(inout, kInputDescs, inputs);
  writeDescs(inout, kOutputDescs, outputs);

  size_t numPartitions = weightSize ? 5 : 4;
  // Whether the legacy table suffices depends on the size, and the size, by a
  // few bytes, on the table; decide with room to spare.
  uint64_t estimate = kHeaderSize + inout.bytes.size() + contents.modelDef.size() + weightSize + kernels.size() +
                      tasks.size() + 2 * kWeightsAlignment;
  bool wide = estimate >= uint64_t(1) << 32;
  size_t dataBegin =
      kHeaderSize + (wide ? kPreamble64 + kEntry64 * numPartitions : kPreamble32 + kEntry32 * numPartitions);
  uint64_t unpadded = dataBegin + inout.bytes.size() + 8 + contents.modelDef.size();
  size_t padding = alignTo(unpadded, kWeightsAlignment) - unpadded;
  inout.integer(kPadding);
  inout.integer(uint32_t(padding));
  inout.zeros(padding);

  table = {{PartitionType::ModelInoutInfo, inout.bytes.size()}, {PartitionType::ModelDef, contents.modelDef.size()}};
  if (weightSize)
    table.push_back({PartitionType::WeightsData, weightSize});
  table.push_back({PartitionType::TbeKernels, kernels.size()});
  table.push_back({PartitionType::TaskInfo, tasks.size()});
  uint64_t fileSize = dataBegin;
  for (const Entry &entry : table)
    fileSize += entry.size;

  ByteWriter head;
  head.bytes = makeHeader(fileSize - kHeaderSize, wide);
  writeTable(head, wide);
  head.raw(inout.bytes.data(), inout.bytes.size());
  head.raw(contents.modelDef.data(), contents.modelDef.size());

  SHA256 sha;
  sha.update(head.bytes.data(), head.bytes.size());
  sha.update(kernels.data(), kernels.size());
  sha.update(tasks.data(), tasks.size());
  SHA256::Digest digest = sha.finish();
  std::copy(digest.begin(), digest.end(), kernels.end() - kDigestSize);

  image.head = std::move(head.bytes);
  image.tail = std::move(kernels);
  image.tail.insert(image.tail.end(), tasks.begin(), tasks.end());
  image.parts = {{image.head.data(), image.head.size()}};
  image.parts.insert(image.parts.end(), weightParts.begin(), weightParts.end());
  image.parts.push_back({image.tail.data(), image.tail.size()});
  image.size = fileSize;
  return Error::success();
}

} // namespace

std::vector<TensorInfo> joinTensors(const std::vector<const std::vector<TensorInfo> *> &gears) {
  std::vector<TensorInfo> result = *gears[0];
  for (size_t i = 0; i < result.size(); ++i)
    for (const std::vector<TensorInfo> *gear : gears)
      for (size_t d = 0; d < result[i].dims.size(); ++d)
        if ((*gear)[i].dims[d] != result[i].dims[d]) {
          result[i].dims[d] = -1;
          result[i].byteSize = kDynamic;
        }
  return result;
}

std::vector<int64_t> layoutWeights(const std::vector<WeightSegment> &weights, int64_t &totalSize) {
  std::vector<int64_t> offsets;
  uint64_t position = 0;
  for (const WeightSegment &segment : weights) {
    position = alignTo(position, std::max<size_t>(segment.alignment, 1));
    offsets.push_back(position);
    position += segment.size;
  }
  totalSize = position;
  return offsets;
}

Error writeOM(const OMContents &contents, std::vector<uint8_t> &bytes) {
  FileImage image;
  if (Error error = Writer(contents).write(image))
    return error;
  bytes.clear();
  bytes.reserve(image.size);
  for (ByteSpan part : image.parts)
    bytes.insert(bytes.end(), part.data, part.data + part.size);
  return Error::success();
}

Error writeOMFile(const OMContents &contents, const std::string &path) {
  FileImage image;
  if (Error error = Writer(contents).write(image))
    return error;
  return writeFileAtomically(image.parts, path);
}

} // namespace gemlir::model
