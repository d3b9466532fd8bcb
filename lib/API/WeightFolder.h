//===- WeightFolder.h - weight files that go with a session -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_API_WEIGHTFOLDER_H
#define GE_MLIR_LIB_API_WEIGHTFOLDER_H

#include <cstdint>
#include <mutex>
#include <string>

namespace gemlir::api {

/// The temporary folder for weights of a session,
/// `tmp_weight_<process>_<session>` in $ASCEND_WORK_PATH or in the current
/// folder. It goes with the object.
class WeightFolder {
public:
  explicit WeightFolder(uint64_t sessionId) : sessionId(sessionId) {}
  ~WeightFolder() { remove(); }
  WeightFolder(const WeightFolder &) = delete;
  WeightFolder &operator=(const WeightFolder &) = delete;

  /// The place is settled by the first call; nobody needs to have made it.
  std::string path();
  void remove();

private:
  const uint64_t sessionId;
  std::mutex mutex;
  std::string place;
};

} // namespace gemlir::api

#endif // GE_MLIR_LIB_API_WEIGHTFOLDER_H
