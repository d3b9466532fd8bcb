//===- WeightFiles.h - weights outside the model ----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model may leave its weights in files: one for each weight, named by its
// hash, so that equal weights of all models in a folder are one file; or one for
// all. The model records size and hash of each.
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_MODEL_WEIGHTFILES_H
#define GEMLIR_MODEL_WEIGHTFILES_H

#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Support/MappedFile.h"

#include <map>
#include <memory>

namespace gemlir::model {

/// Where a model has its weights. The numbers are those of ge.externalWeight.
enum class WeightPlacement { Embedded = 0, Separate = 1, Combined = 2 };

/// What the weights of a model must be aligned to for a placement.
size_t getWeightAlignment(WeightPlacement placement);

/// Writes the weights of `contents` to files in `directory`, which is made if it
/// is not there, and makes `contents` refer to them. A file that is there with
/// the right content is left alone.
Error externalizeWeights(OMContents &contents, WeightPlacement placement, const std::string &directory,
                         bool embedWhenSaved);

/// The weight files of a model, mapped, with the sizes and hashes that it
/// records.
class WeightFiles {
public:
  /// `given` has the content of files, by name, that the caller holds in memory;
  /// the others are in `directory`.
  static Error open(const ExternalWeights &external, const std::string &directory,
                    const std::map<std::string, ByteSpan> &given, WeightFiles &result);
  /// The bytes of each of the pieces.
  const std::vector<ByteSpan> &pieces() const { return spans; }

private:
  std::vector<std::unique_ptr<MappedFile>> files;
  std::vector<ByteSpan> spans;
};

/// The folder of the weight files of a model that lies in the file `path`.
std::string getWeightDirectory(const ExternalWeights &external, const std::string &path);

/// Writes a model to a file that needs nothing else but, perhaps, the folder
/// `weight` beside it. On failure no model is left behind.
Error saveOM(const void *data, size_t size, const std::string &path);

} // namespace gemlir::model

#endif // GEMLIR_MODEL_WEIGHTFILES_H
