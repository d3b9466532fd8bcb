//===- MinCut.cpp - minimum cut of a network ------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MinCut.h"
#include <algorithm>

using namespace mlir::ge;

unsigned MinCut::addNode() {
  arcsOf.emplace_back();
  return arcsOf.size() - 1;
}

void MinCut::addArc(unsigned from, unsigned to, int64_t capacity) {
  arcsOf[from].push_back(arcs.size());
  arcs.push_back({to, capacity});
  arcsOf[to].push_back(arcs.size());
  arcs.push_back({from, 0});
}

/// Distances from the source over arcs with capacity left.
bool MinCut::findLevels() {
  level.assign(arcsOf.size(), -1);
  level[kSource] = 0;
  std::vector<unsigned> queue{kSource};
  for (size_t i = 0; i < queue.size(); ++i)
    for (unsigned index : arcsOf[queue[i]])
      if (const Arc &arc = arcs[index]; arc.capacity > 0 && level[arc.to] < 0) {
        level[arc.to] = level[queue[i]] + 1;
        queue.push_back(arc.to);
      }
  return level[kSink] >= 0;
}

/// Pushes flow along one shortest path, without recursion: paths are as long as
/// a model is deep.
int64_t MinCut::augment() {
  std::vector<unsigned> path;
  unsigned node = kSource;
  while (node != kSink) {
    size_t &next = nextArc[node];
    while (next < arcsOf[node].size()) {
      const Arc &arc = arcs[arcsOf[node][next]];
      if (arc.capacity > 0 && level[arc.to] == level[node] + 1)
        break;
      ++next;
    }
    if (next < arcsOf[node].size()) {
      path.push_back(arcsOf[node][next]);
      node = arcs[path.back()].to;
      continue;
    }
    if (path.empty())
      return 0;
    // A dead end: step back and never try this arc again.
    node = arcs[path.back() ^ 1].to;
    path.pop_back();
    ++nextArc[node];
  }
  int64_t flow = kInfinite;
  for (unsigned index : path)
    flow = std::min(flow, arcs[index].capacity);
  for (unsigned index : path) {
    arcs[index].capacity -= flow;
    arcs[index ^ 1].capacity += flow;
  }
  return flow;
}

/// What still reaches the sink is on its side in every minimum cut.
void MinCut::findSinkSide() {
  reachesSink.assign(arcsOf.size(), false);
  reachesSink[kSink] = true;
  std::vector<unsigned> queue{kSink};
  for (size_t i = 0; i < queue.size(); ++i)
    for (unsigned index : arcsOf[queue[i]])
      // The arc towards this node is the reverse of the one that leaves it.
      if (unsigned from = arcs[index].to; arcs[index ^ 1].capacity > 0 && !reachesSink[from]) {
        reachesSink[from] = true;
        queue.push_back(from);
      }
}

int64_t MinCut::solve() {
  int64_t total = 0;
  while (findLevels()) {
    nextArc.assign(arcsOf.size(), 0);
    while (int64_t flow = augment())
      total += flow;
  }
  findSinkSide();
  return total;
}
