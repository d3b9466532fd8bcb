//===- Selection.cpp - results as large as the data say -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include <algorithm>
#include <numeric>

using namespace mlir;
using namespace gemlir::interp;

namespace {

bool isZero(const Tensor &x, int64_t i) { return x.isFloat() ? x.getDouble(i) == 0 : x.getInt(i) == 0; }

LogicalResult nonZero(Call &call) {
  const Tensor &x = call.in(0);
  int64_t rank = std::max<int64_t>(x.getRank(), 1);
  SmallVector<int64_t> index(rank, 0), shape(x.getShape());
  shape.resize(rank, 1);
  std::vector<int64_t> found; // tuple by tuple
  for (int64_t i = 0, e = x.size(); i < e; ++i) {
    if (!isZero(x, i))
      found.insert(found.end(), index.begin(), index.end());
    next(index, shape);
  }
  int64_t count = int64_t(found.size()) / rank;
  bool transposed = call.boolAttr("transpose");
  Tensor &y = transposed ? call.make({count, rank}) : call.make({rank, count});
  for (int64_t i = 0; i < count; ++i)
    for (int64_t d = 0; d < rank; ++d)
      y.setInt(transposed ? i * rank + d : d * count + i, found[i * rank + d]);
  return success();
}

LogicalResult unique(Call &call) {
  const Tensor &x = call.in(0);
  auto equal = [&](int64_t i, int64_t j) {
    return x.isFloat() ? x.getDouble(i) == x.getDouble(j) : x.getInt(i) == x.getInt(j);
  };
  std::vector<int64_t> firsts, places;
  for (int64_t i = 0, e = x.size(); i < e; ++i) {
    auto known = llvm::find_if(firsts, [&](int64_t first) { return equal(first, i); });
    places.push_back(known - firsts.begin());
    if (known == firsts.end())
      firsts.push_back(i);
  }
  Tensor &y = call.make({int64_t(firsts.size())});
  for (auto [i, first] : llvm::enumerate(firsts))
    y.copyElement(i, x, first);
  Tensor &idx = call.make({x.size()});
  for (auto [i, place] : llvm::enumerate(places))
    idx.setInt(i, place);
  return success();
}

struct Box {
  double low[2], high[2];

  double area() const { return (high[0] - low[0]) * (high[1] - low[1]); }
  bool overlaps(const Box &other, double threshold) const {
    double common = 1;
    for (int i = 0; i < 2; ++i)
      common *= std::max(0.0, std::min(high[i], other.high[i]) - std::max(low[i], other.low[i]));
    return common / (area() + other.area() - common) > threshold;
  }
};

std::vector<Box> readBoxes(const Tensor &boxes, bool centered) {
  std::vector<Box> result(boxes.size() / 4);
  for (auto [i, box] : llvm::enumerate(result))
    for (int d = 0; d < 2; ++d) {
      double a = boxes.getDouble(4 * i + d), b = boxes.getDouble(4 * i + 2 + d);
      box.low[d] = centered ? a - b / 2 : std::min(a, b);
      box.high[d] = centered ? a + b / 2 : std::max(a, b);
    }
  return result;
}

LogicalResult nonMaxSuppression(Call &call) {
  const Tensor &boxes = call.in(0), &scores = call.in(1);
  const Tensor *most = call.optional(2), *overlap = call.optional(3), *least = call.optional(4);
  int64_t limit = most ? most->getInt(0) : 0, count = boxes.getDim(1), classes = scores.getDim(1);
  double threshold = overlap ? overlap->getDouble(0) : 0;
  std::vector<Box> all = readBoxes(boxes, call.intAttr("center_point_box"));
  std::vector<int64_t> rows;
  for (int64_t group = 0, e = scores.getDim(0) * classes; group < e; ++group) {
    auto scoreOf = [&](int64_t box) { return scores.getDouble(group * count + box); };
    const Box *own = all.data() + group / classes * count;
    std::vector<int64_t> order(count), kept;
    std::iota(order.begin(), order.end(), 0);
    if (least)
      llvm::erase_if(order, [&](int64_t box) { return !(scoreOf(box) > least->getDouble(0)); });
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return scoreOf(a) > scoreOf(b); });
    for (int64_t box : order) {
      bool isFree = llvm::none_of(kept, [&](int64_t other) { return own[other].overlaps(own[box], threshold); });
      if (!isFree || int64_t(kept.size()) >= limit)
        continue;
      kept.push_back(box);
      rows.insert(rows.end(), {group / classes, group % classes, box});
    }
  }
  int64_t bound = call.intAttr("max_boxes_size"), found = int64_t(rows.size()) / 3;
  Tensor &y = call.make({bound ? std::min(bound, found) : found, 3});
  for (int64_t i = 0, e = y.size(); i < e; ++i)
    y.setInt(i, rows[i]);
  return success();
}

} // namespace

void gemlir::interp::registerSelection(Registry &registry) {
  registry["non_zero"] = nonZero;
  registry["unique"] = unique;
  registry["non_max_suppression_v6"] = nonMaxSuppression;
}
