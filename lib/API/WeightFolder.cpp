//===- WeightFolder.cpp - weight files that go with a session -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightFolder.h"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace gemlir::api {

namespace fs = std::filesystem;

std::string WeightFolder::path() {
  std::lock_guard<std::mutex> lock(mutex);
  if (place.empty()) {
    const char *work = std::getenv("ASCEND_WORK_PATH");
    // Absolute, since models remember it while the process may move on.
    std::error_code error;
    const fs::path base = fs::absolute(work && *work ? work : ".", error);
    place = (base / ("tmp_weight_" + std::to_string(::getpid()) + "_" + std::to_string(sessionId)))
                .lexically_normal()
                .string();
  }
  return place;
}

void WeightFolder::remove() {
  std::lock_guard<std::mutex> lock(mutex);
  std::error_code ignored;
  if (!place.empty())
    fs::remove_all(place, ignored);
  place.clear();
}

} // namespace gemlir::api
