//===- WeightFiles.cpp - weights outside the model ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Model/WeightFiles.h"

#include "OMLayout.h"
#include "SHA256.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <sys/stat.h>

namespace gemlir::model {

namespace {

const uint8_t kZeros[layout::kWeightsAlignment] = {};

std::string toHex(const SHA256::Digest &digest) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (uint8_t byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

/// The folder of a file.
std::string getFolder(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

Error makeDirectory(const std::string &path) {
  // The folders above it first.
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST && slash == std::string::npos)
      return Error(ErrorCode::FileWrite, "cannot make the folder '" + path + "': " + std::strerror(errno));
    if (slash == std::string::npos)
      return Error::success();
  }
}

/// Whether the file has the bytes of `parts` already.
bool hasContent(const std::string &path, const std::vector<ByteSpan> &parts) {
  std::unique_ptr<MappedFile> file;
  if (MappedFile::open(path, file))
    return false;
  auto *next = static_cast<const uint8_t *>(file->data());
  size_t left = file->size();
  for (ByteSpan part : parts) {
    if (part.size > left || (part.size && std::memcmp(next, part.data, part.size) != 0))
      return false;
    next += part.size;
    left -= part.size;
  }
  return left == 0;
}

/// Writes a file of `directory`. Another model's file of this name stays: then
/// the name is made one of its own.
Error writeWeightFile(const std::string &directory, std::string &name, const std::vector<ByteSpan> &parts) {
  struct stat info;
  if (::stat((directory + "/" + name).c_str(), &info) == 0 && !hasContent(directory + "/" + name, parts)) {
    SHA256 sha;
    for (ByteSpan part : parts)
      sha.update(part.data, part.size);
    name += "_" + toHex(sha.finish()).substr(0, 16);
  }
  const std::string path = directory + "/" + name;
  return hasContent(path, parts) ? Error::success() : writeFileAtomically(parts, path);
}

/// How long each file has to be.
std::map<std::string, uint64_t> getFileSizes(const ExternalWeights &external) {
  std::map<std::string, uint64_t> sizes;
  for (const ExternalWeight &piece : external.pieces) {
    uint64_t &size = sizes[piece.file];
    size = std::max(size, piece.fileOffset + piece.size);
  }
  return sizes;
}

/// Puts the weights of the files into the model again, at their places.
void embedWeights(OMContents &contents, const std::vector<ByteSpan> &pieces) {
  int64_t position = 0;
  auto add = [&](const void *data, size_t size) {
    contents.weights.push_back({data, size, /*alignment=*/1});
    position += size;
  };
  auto fillTo = [&](int64_t offset) {
    while (position < offset)
      add(kZeros, std::min<int64_t>(sizeof(kZeros), offset - position));
  };
  for (size_t i = 0; i < pieces.size(); ++i) {
    fillTo(contents.external.pieces[i].offset);
    add(pieces[i].data, pieces[i].size);
  }
  fillTo(contents.external.totalSize);
  contents.external = ExternalWeights();
}

/// Copies the files to `directory` and makes `external` name them there.
Error copyFiles(ExternalWeights &external, const std::string &from, const std::string &directory) {
  if (Error error = makeDirectory(directory))
    return error;
  std::map<std::string, std::string> names;
  for (const auto &entry : getFileSizes(external)) {
    std::unique_ptr<MappedFile> file;
    if (Error error = MappedFile::open(from + "/" + entry.first, file))
      return error;
    std::string &name = names[entry.first] = entry.first;
    if (Error error = writeWeightFile(directory, name, {{static_cast<const uint8_t *>(file->data()), file->size()}}))
      return error;
  }
  for (ExternalWeight &piece : external.pieces)
    piece.file = names[piece.file];
  external.directory.clear();
  return Error::success();
}

} // namespace

size_t getWeightAlignment(WeightPlacement placement) {
  // Entries of a combined file start at multiples of 512.
  return placement == WeightPlacement::Combined ? 512 : 64;
}

Error externalizeWeights(OMContents &contents, WeightPlacement placement, const std::string &directory,
                         bool embedWhenSaved) {
  int64_t total = 0;
  const std::vector<int64_t> offsets = layoutWeights(contents.weights, total);
  if (placement == WeightPlacement::Embedded || !total)
    return Error::success();
  if (Error error = makeDirectory(directory))
    return error;
  ExternalWeights external;
  external.directory = directory;
  external.embedWhenSaved = embedWhenSaved;
  external.totalSize = total;
  const bool combined = placement == WeightPlacement::Combined;
  // A file's name has no folder, whatever the model is called.
  std::string all = contents.name + "_weight_combined";
  std::replace(all.begin(), all.end(), '/', '_');
  std::vector<ByteSpan> parts;
  int64_t position = 0;
  for (size_t i = 0; i < offsets.size(); ++i) {
    const WeightSegment &segment = contents.weights[i];
    const ByteSpan bytes{static_cast<const uint8_t *>(segment.data), segment.size};
    if (!bytes.size)
      continue;
    const SHA256::Digest digest = SHA256::hash(bytes.data, bytes.size);
    std::string file = combined ? all : "weight_" + toHex(digest);
    if (!combined)
      if (Error error = writeWeightFile(directory, file, {bytes}))
        return error;
    external.pieces.push_back({file, combined ? uint64_t(offsets[i]) : 0, offsets[i], bytes.size, digest});
    if (combined) {
      parts.push_back({kZeros, size_t(offsets[i] - position)});
      parts.push_back(bytes);
      position = offsets[i] + int64_t(bytes.size);
    }
  }
  if (combined) {
    if (Error error = writeWeightFile(directory, all, parts))
      return error;
    for (ExternalWeight &piece : external.pieces)
      piece.file = all;
  }
  contents.weights.clear();
  contents.external = std::move(external);
  return Error::success();
}

Error WeightFiles::open(const ExternalWeights &external, const std::string &directory,
                        const std::map<std::string, ByteSpan> &given, WeightFiles &result) {
  std::map<std::string, ByteSpan> contents;
  for (const auto &entry : getFileSizes(external)) {
    const std::string path = directory + "/" + entry.first;
    ByteSpan &content = contents[entry.first];
    auto memory = given.find(entry.first);
    if (memory != given.end()) {
      content = memory->second;
    } else {
      std::unique_ptr<MappedFile> file;
      if (Error error = MappedFile::open(path, file))
        return Error(error.code(), "the weights of the model are in a file of their own: " + error.text());
      content = {static_cast<const uint8_t *>(file->data()), file->size()};
      result.files.push_back(std::move(file));
    }
    // The caller's memory may be rounded up.
    const bool fits = memory == given.end() ? content.size == entry.second : content.size >= entry.second;
    if (!fits || !content.data)
      return Error(ErrorCode::ModelSize, "weight file '" + path + "' has " + std::to_string(content.size) +
                                             " bytes, expected " + std::to_string(entry.second) +
                                             ": it is cut off or belongs to another model");
  }
  std::set<std::pair<std::string, uint64_t>> checked;
  for (const ExternalWeight &piece : external.pieces) {
    const ByteSpan bytes{contents[piece.file].data + piece.fileOffset, piece.size};
    if (checked.insert({piece.file, piece.fileOffset}).second && SHA256::hash(bytes.data, bytes.size) != piece.digest)
      return Error(ErrorCode::ModelHash, "weight file '" + directory + "/" + piece.file + "' from byte " +
                                             std::to_string(piece.fileOffset) +
                                             " on does not have the hash that the model records: it is damaged or "
                                             "belongs to another model");
    result.spans.push_back(bytes);
  }
  return Error::success();
}

std::string getWeightDirectory(const ExternalWeights &external, const std::string &path) {
  return external.directory.empty() ? getFolder(path) + "/weight" : external.directory;
}

Error saveOM(const void *data, size_t size, const std::string &path) {
  OMView view;
  if (Error error = readOM(data, size, view))
    return error;
  if (view.external.pieces.empty())
    return writeFileAtomically({{static_cast<const uint8_t *>(data), size}}, path);
  OMContents contents;
  if (Error error = readContents(view, contents))
    return error;
  const std::string from = view.external.directory.empty() ? "weight" : view.external.directory;
  WeightFiles files;
  if (Error error = WeightFiles::open(view.external, from, {}, files))
    return error;
  if (view.external.embedWhenSaved) {
    embedWeights(contents, files.pieces());
  } else if (Error error = copyFiles(contents.external, from, getFolder(path) + "/weight")) {
    return error;
  }
  return writeOMFile(contents, path);
}

} // namespace gemlir::model
