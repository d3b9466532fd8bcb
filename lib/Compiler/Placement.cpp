//===- Placement.cpp - which nodes run where -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Compiler.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

using namespace gemlir;

std::string gemlir::formatPlacementText(const std::string &modelName, const std::vector<KernelPlacement> &placements) {
  std::map<std::string, size_t> counts;
  for (const KernelPlacement &placement : placements)
    ++counts[placement.unit];
  std::string text;
  llvm::raw_string_ostream os(text);
  os << modelName << ": " << placements.size() << " kernels";
  for (const auto &[unit, count] : counts)
    os << ", " << count << " on " << unit;
  os << "\n";
  for (const KernelPlacement &placement : placements) {
    os << placement.unit << " " << placement.kernel;
    if (!placement.reason.empty())
      os << ", " << placement.reason;
    os << "\n";
    for (const std::string &nodes : placement.nodes)
      os << "  " << nodes << "\n";
  }
  return text;
}

std::string gemlir::formatPlacementJSON(const std::string &modelName, const std::vector<KernelPlacement> &placements) {
  // Names come from a file, and may be no text.
  auto toValue = [](const std::string &text) -> llvm::json::Value { return llvm::json::fixUTF8(text); };
  llvm::json::Array kernels;
  for (const KernelPlacement &placement : placements) {
    llvm::json::Array nodes;
    for (const std::string &name : placement.nodes)
      nodes.push_back(toValue(name));
    kernels.push_back(llvm::json::Object{{"kernel", toValue(placement.kernel)},
                                         {"unit", placement.unit},
                                         {"reason", toValue(placement.reason)},
                                         {"nodes", std::move(nodes)}});
  }
  llvm::json::Object report{{"model", toValue(modelName)}, {"kernels", std::move(kernels)}};
  std::string text;
  llvm::raw_string_ostream(text) << llvm::formatv("{0:2}", llvm::json::Value(std::move(report))) << "\n";
  return text;
}
