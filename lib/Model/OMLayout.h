//===- OMLayout.h - numbers of the container's layout -----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What writer and reader must agree on. docs/OMFormat.md describes the layout.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_MODEL_OMLAYOUT_H
#define GEMLIR_LIB_MODEL_OMLAYOUT_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace gemlir::model::layout {

constexpr uint32_t kMagic = 0x444f4d49; // "IMOD"
constexpr uint32_t kVersion = 0x20000000;
constexpr size_t kHeaderSize = 256;

// Byte offsets of the header's fields.
constexpr size_t kHeadSizeAt = 4;
constexpr size_t kVersionAt = 8;
constexpr size_t kLengthAt = 76;
constexpr size_t kModelTypeAt = 82;
constexpr size_t kNameAt = 84, kNameSize = 32;
constexpr size_t kModelNumAt = 156;
constexpr size_t kPlatformAt = 160, kPlatformSize = 20;
constexpr size_t kModelLengthAt = 184;
constexpr size_t kIsDynamicAt = 193;
/// The first reserved byte: bit 0 says that the model carries native code.
constexpr size_t kFlagsAt = 194;
constexpr uint8_t kFlagHostKernels = 1;

// Entry and preamble of the partition table in its two forms.
constexpr size_t kEntry32 = 12, kPreamble32 = 4;
constexpr size_t kEntry64 = 24, kPreamble64 = 8;
constexpr uint32_t kMaxPartitions = 32;

/// WEIGHTS_DATA starts at a multiple of this in the file, so that it can be
/// mapped and so that alignments within it hold in memory.
constexpr size_t kWeightsAlignment = 4096;

// Items of MODEL_INOUT_INFO. The last one is ours: bytes without meaning.
constexpr uint32_t kInputDescs = 0, kOutputDescs = 1, kPadding = 0x47454d4c;

constexpr uint32_t kItemMagic = 0x5d776efd;
constexpr size_t kItemHeader = 12;
inline const std::string kProgramItem = "ge_mlir.program";
inline const std::string kGearsItem = "ge_mlir.gears";
inline const std::string kExternalWeightsItem = "ge_mlir.external_weights";
inline const std::string kManifestItem = "ge_mlir.manifest";
inline const std::string kWeightHashItem = "ge_mlir.weight_hashes";
inline const std::string kHashItem = "ge_mlir.hash";
inline const std::string kHostPrefix = "ge_mlir.host.";

constexpr uint32_t kMaxGears = 128;
/// The item with the program of a gear.
inline std::string getProgramItem(size_t gear) {
  return gear ? kProgramItem + "." + std::to_string(gear) : kProgramItem;
}

constexpr size_t kLeafSize = 1 << 20;
constexpr size_t kDigestSize = 32;

} // namespace gemlir::model::layout

#endif // GEMLIR_LIB_MODEL_OMLAYOUT_H
