//===- Tensors.h - TensorProto becomes ge::Tensor ---------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_IMPORT_ONNX_TENSORS_H
#define GE_MLIR_LIB_IMPORT_ONNX_TENSORS_H

#include "Proto.h"
#include "ge-mlir/Import/ONNX/Importer.h"

namespace gemlir {
namespace onnx {

/// DT_UNDEFINED for element types that GE has no name for.
::ge::DataType toDataType(int64_t onnxType);
/// "float16", for error texts.
std::string getTypeName(int64_t onnxType);

/// Maps whole files once, however many tensors lie in each.
class ExternalFiles {
public:
  explicit ExternalFiles(std::string folder) : folder(std::move(folder)) {}

  /// The bytes of a file below the folder. A location that leaves the folder, by
  /// "..", an absolute path or a symbolic link, is refused.
  bool open(const std::string &location, std::shared_ptr<const void> &owner, Span &bytes, std::string &error);

private:
  struct Mapping {
    std::shared_ptr<const void> owner;
    Span bytes;
  };
  std::string folder;
  std::map<std::string, Mapping> mappings;
};

/// Maps a file, privately. An empty file is an error.
bool mapFile(const std::string &path, std::shared_ptr<const void> &owner, Span &bytes, std::string &error);

/// Makes a tensor whose data alias the model's bytes where the owner is known and
/// the wire holds them as they lie in memory.
bool makeTensor(const TensorView &view, const ImportOptions &options, ExternalFiles &files, ::ge::Tensor &tensor,
                ReadError &error);

} // namespace onnx
} // namespace gemlir

#endif // GE_MLIR_LIB_IMPORT_ONNX_TENSORS_H
