//===- MinCut.h - minimum cut of a network ----------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_MINCUT_H
#define GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_MINCUT_H

#include <cstdint>
#include <vector>

namespace mlir::ge {

/// A directed network with capacities between a source and a sink; finds the
/// cheapest set of arcs that separates them (Dinic's algorithm). Among cuts of
/// equal cost it takes the one with the largest source side.
class MinCut {
public:
  static constexpr int64_t kInfinite = int64_t(1) << 60;
  static constexpr unsigned kSource = 0, kSink = 1;

  MinCut() : arcsOf(2) {}
  unsigned addNode();
  void addArc(unsigned from, unsigned to, int64_t capacity);
  /// Computes the cut and returns its cost.
  int64_t solve();
  /// After `solve`: whether a node is on the side of the source.
  bool isSourceSide(unsigned node) const { return !reachesSink[node]; }

private:
  struct Arc {
    unsigned to;
    int64_t capacity;
  };
  bool findLevels();
  void findSinkSide();
  int64_t augment();

  /// Arc 2k and its reverse 2k + 1.
  std::vector<Arc> arcs;
  std::vector<std::vector<unsigned>> arcsOf;
  std::vector<int> level;
  std::vector<size_t> nextArc;
  std::vector<bool> reachesSink;
};

} // namespace mlir::ge

#endif // GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_MINCUT_H
