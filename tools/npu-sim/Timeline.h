//===- Timeline.h - a picture of what an NPU's queues did -------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_TOOLS_NPU_SIM_TIMELINE_H
#define GE_MLIR_TOOLS_NPU_SIM_TIMELINE_H

#include "ge-mlir/Simulator/Simulator.h"

#include <string>
#include <vector>

namespace gemlir {

/// Launches, one after the other.
struct Timeline {
  struct Kernel {
    std::string name, origin, unit;
    uint64_t begin = 0, end = 0;
  };

  std::string title;
  std::vector<Kernel> kernels;
  /// Events and waits of all launches. The cores are in the order of their kinds, so
  /// that one has the same number in every launch.
  sim::Result all;

  /// Adds launches in their order. Each comes twice: `reserve` for all, before `add`
  /// for any.
  void reserve(const sim::Result &result);
  void add(const sim::Result &result, const std::string &name, const std::string &origin, const std::string &unit);

private:
  /// The most cores of each kind in a launch.
  unsigned counts[4] = {};
};

/// What of a time line the picture shows.
struct TimelineView {
  /// In cycles; to the end if `end` is 0.
  uint64_t begin = 0, end = 0;
  /// Cores of each kind that get a lane for each queue; the others get one for their
  /// engine.
  unsigned cores = 1;
};

/// Reads "1000:2000".
bool parseWindow(const std::string &text, TimelineView &view);

/// Whether a file's name is that of a page rather than of a picture.
bool isPage(const std::string &path);

/// The picture as SVG text, complete in itself, or within a page of HTML.
std::string drawTimeline(const Timeline &timeline, const TimelineView &view, bool asPage);

} // namespace gemlir

#endif // GE_MLIR_TOOLS_NPU_SIM_TIMELINE_H
