//===- OMPrinter.cpp - offline models as text -----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ByteStream.h"
#include "OMLayout.h"
#include "Quote.h"
#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Model/OM.h"

#include <ostream>

namespace gemlir::model {

namespace {

const char *getPartitionName(PartitionType type) {
  switch (type) {
  case PartitionType::ModelDef: return "MODEL_DEF";
  case PartitionType::WeightsData: return "WEIGHTS_DATA";
  case PartitionType::TaskInfo: return "TASK_INFO";
  case PartitionType::TbeKernels: return "TBE_KERNELS";
  case PartitionType::ModelInoutInfo: return "MODEL_INOUT_INFO";
  }
  return "unknown";
}

void printTensors(const char *kind, const std::vector<TensorInfo> &tensors, std::ostream &os) {
  for (const TensorInfo &info : tensors) {
    os << kind << ' ' << quote(info.name) << ' ' << getDataTypeName(info.dataType) << '[';
    const char *separator = "";
    for (int64_t dim : info.dims) {
      os << separator;
      if (dim < 0)
        os << '?';
      else
        os << dim;
      separator = ",";
    }
    os << "] " << getFormatName(info.format);
    if (info.byteSize >= 0)
      os << ", " << info.byteSize << " bytes";
    os << '\n';
  }
}

void printDigest(const uint8_t *digest, std::ostream &os) {
  const char *digits = "0123456789abcdef";
  for (size_t i = 0; i < layout::kDigestSize; ++i)
    os << digits[digest[i] >> 4] << digits[digest[i] & 15];
  os << '\n';
}

void printHashes(const OMView &view, std::ostream &os) {
  os << "hash ";
  printDigest(view.findItem(layout::kHashItem)->bytes.data, os);
  ByteReader in(view.weightHashes.data, view.weightHashes.size);
  in.raw(12);
  uint32_t numLeaves = in.count(layout::kDigestSize);
  for (uint32_t i = 0; i < numLeaves; ++i) {
    os << "weight leaf " << i << ' ';
    printDigest(in.raw(layout::kDigestSize), os);
  }
}

} // namespace

Error printOM(const void *data, size_t size, std::ostream &os, const PrintOptions &options) {
  OMView view;
  if (Error error = readOM(data, size, view))
    return error;
  std::vector<Program> programs;
  if (Error error = readPrograms(view, programs))
    return error;
  os << "offline model " << quote(view.name) << ", version 0x" << std::hex << view.version << std::dec << ", platform "
     << quote(view.platform) << ", " << size << " bytes\n";
  if (view.hasHostKernels)
    os << "carries native code of the host\n";
  for (const OMView::Partition &partition : view.partitions)
    os << "partition " << getPartitionName(partition.type) << " at " << partition.offset << ", " << partition.bytes.size
       << " bytes\n";
  printTensors("input", view.inputs, os);
  printTensors("output", view.outputs, os);
  for (const ExternalWeight &piece : view.external.pieces)
    os << "weights " << piece.offset << " + " << piece.size << " in " << quote(piece.file) << " from byte "
       << piece.fileOffset << '\n';
  for (const OMView::Item &item : view.items)
    os << "item " << quote(item.name) << ' ' << item.bytes.size << " bytes\n";
  if (view.manifest.size)
    os << "manifest " << quote(std::string(reinterpret_cast<const char *>(view.manifest.data), view.manifest.size))
       << '\n';
  if (options.hashes)
    printHashes(view, os);
  for (size_t i = 0; options.program && i < programs.size(); ++i) {
    if (!view.gearValues.empty()) {
      os << "gear";
      for (int64_t value : view.gearValues[i])
        os << ' ' << value;
      os << '\n';
    }
    printProgram(programs[i], os);
  }
  return Error::success();
}

} // namespace gemlir::model
