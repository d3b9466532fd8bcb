//===- Normalization.cpp - softmax and normalizations ---------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "llvm/ADT/SmallBitVector.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace gemlir::interp;

namespace {

/// Groups the elements of `x` by their index outside `axes`; calls
/// `body(offsets)` for each group, in row-major order.
template <typename Body>
LogicalResult forEachGroup(Call &call, const Tensor &x, ArrayRef<int64_t> axes, Body body) {
  llvm::SmallBitVector inside(x.getRank());
  for (int64_t axis : axes) {
    FailureOr<int64_t> normalized = normalizeAxis(call, axis, x.getRank());
    if (failed(normalized))
      return failure();
    if (*normalized < x.getRank())
      inside.set(*normalized);
  }
  SmallVector<int64_t> outerShape, outerStrides, innerShape, innerStrides, strides = getStrides(x.getShape());
  for (int64_t i = 0; i < x.getRank(); ++i) {
    (inside[i] ? innerShape : outerShape).push_back(x.getDim(i));
    (inside[i] ? innerStrides : outerStrides).push_back(strides[i]);
  }
  if (x.size() == 0)
    return success();
  std::vector<int64_t> offsets(getSize(innerShape));
  SmallVector<int64_t> outer(outerShape.size(), 0);
  do {
    SmallVector<int64_t> inner(innerShape.size(), 0);
    for (int64_t &at : offsets) {
      at = offset(outer, outerStrides) + offset(inner, innerStrides);
      next(inner, innerShape);
    }
    body(ArrayRef<int64_t>(offsets));
  } while (next(outer, outerShape));
  return success();
}

template <bool logarithm>
LogicalResult softmax(Call &call) {
  const Tensor &x = call.in(0);
  Tensor &y = call.make(x.getShape());
  return forEachGroup(call, x, call.intsAttr("axes"), [&](ArrayRef<int64_t> offsets) {
    double high = -std::numeric_limits<double>::infinity(), sum = 0;
    for (int64_t at : offsets)
      high = std::max(high, x.getDouble(at));
    for (int64_t at : offsets)
      sum += std::exp(x.getDouble(at) - high);
    for (int64_t at : offsets) {
      double value = x.getDouble(at) - high;
      y.set(at, logarithm ? value - std::log(sum) : std::exp(value) / sum);
    }
  });
}

struct Moments {
  double mean = 0, variance = 0;
};

Moments getMoments(const Tensor &x, ArrayRef<int64_t> offsets) {
  Moments result;
  for (int64_t at : offsets)
    result.mean += x.getDouble(at);
  result.mean /= double(offsets.size());
  for (int64_t at : offsets)
    result.variance += (x.getDouble(at) - result.mean) * (x.getDouble(at) - result.mean);
  result.variance /= double(offsets.size());
  return result;
}

/// The dimensions from `begin` on.
SmallVector<int64_t> trailingAxes(int64_t begin, int64_t rank) {
  SmallVector<int64_t> axes;
  for (int64_t i = begin; i < rank; ++i)
    axes.push_back(i);
  return axes;
}

LogicalResult layerNorm(Call &call) {
  const Tensor &x = call.in(0), &gamma = call.in(1), &beta = call.in(2);
  FailureOr<int64_t> begin = normalizeAxis(call, call.intAttr("begin_norm_axis"), x.getRank());
  FailureOr<int64_t> params = normalizeAxis(call, call.intAttr("begin_params_axis"), x.getRank());
  if (failed(begin) || failed(params))
    return failure();
  SmallVector<int64_t> statistics(x.getShape());
  std::fill(statistics.begin() + *begin, statistics.end(), 1);
  Tensor y(call.resultElement(0), x.getShape()), mean(call.resultElement(1), statistics),
      rstd(call.resultElement(2), statistics);
  SmallVector<int64_t> gammaStrides = broadcastStrides(gamma.getShape(), x.getShape());
  SmallVector<int64_t> betaStrides = broadcastStrides(beta.getShape(), x.getShape()),
                       strides = getStrides(x.getShape());
  double epsilon = call.floatAttr("epsilon");
  int64_t group = 0;
  LogicalResult status = forEachGroup(call, x, trailingAxes(*begin, x.getRank()), [&](ArrayRef<int64_t> offsets) {
    Moments moments = getMoments(x, offsets);
    double scale = 1 / std::sqrt(moments.variance + epsilon);
    for (int64_t at : offsets) {
      SmallVector<int64_t> index;
      for (int64_t i = 0; i < x.getRank(); ++i)
        index.push_back(at / strides[i] % x.getDim(i));
      y.set(at, (x.getDouble(at) - moments.mean) * scale * gamma.getDouble(offset(index, gammaStrides)) +
                    beta.getDouble(offset(index, betaStrides)));
    }
    mean.set(group, moments.mean);
    rstd.set(group++, scale);
  });
  call.results.append({std::move(y), std::move(mean), std::move(rstd)});
  return status;
}

/// The normalized dimensions are those of gamma.
LogicalResult rmsNorm(Call &call) {
  const Tensor &x = call.in(0), &gamma = call.in(1);
  int64_t begin = x.getRank() - gamma.getRank();
  if (begin < 0)
    return call.error() << "expects gamma of rank " << x.getRank() << " at most, but got " << gamma.getRank();
  SmallVector<int64_t> statistics(x.getShape());
  std::fill(statistics.begin() + begin, statistics.end(), 1);
  Tensor y(call.resultElement(0), x.getShape()), rstd(call.resultElement(1), statistics);
  double epsilon = call.floatAttr("epsilon");
  int64_t group = 0;
  LogicalResult status = forEachGroup(call, x, trailingAxes(begin, x.getRank()), [&](ArrayRef<int64_t> offsets) {
    double sum = 0;
    for (int64_t at : offsets)
      sum += x.getDouble(at) * x.getDouble(at);
    double scale = 1 / std::sqrt(sum / double(offsets.size()) + epsilon);
    for (auto [i, at] : llvm::enumerate(offsets))
      y.set(at, x.getDouble(at) * scale * gamma.getDouble(i % gamma.size()));
    rstd.set(group++, scale);
  });
  call.results.append({std::move(y), std::move(rstd)});
  return status;
}

/// Where the channels of an image are: 1, or last for formats that end in C.
int64_t channelDim(Call &call, int64_t rank) { return call.strAttr("data_format").ends_with("C") ? rank - 1 : 1; }

/// Inference uses the given statistics, training those of the batch. The other
/// results repeat the statistics used.
LogicalResult batchNorm(Call &call) {
  const Tensor &x = call.in(0), &scale = call.in(1), &shift = call.in(2), *mean = call.optional(3),
               *variance = call.optional(4);
  int64_t channel = channelDim(call, x.getRank()), channels = x.getDim(channel);
  bool training = call.boolAttr("is_training");
  if (!training && (!mean || !variance))
    return call.error() << "expects mean and variance unless 'is_training'";
  double epsilon = call.floatAttr("epsilon");
  Tensor y(call.resultElement(0), x.getShape()), usedMean(call.resultElement(1), {channels}),
      usedVariance(call.resultElement(2), {channels});
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < x.getRank(); ++i)
    if (i != channel)
      axes.push_back(i);
  int64_t c = 0;
  LogicalResult status = forEachGroup(call, x, axes, [&](ArrayRef<int64_t> offsets) {
    Moments moments = training ? getMoments(x, offsets) : Moments{mean->getDouble(c), variance->getDouble(c)};
    double factor = scale.getDouble(c) / std::sqrt(moments.variance + epsilon);
    for (int64_t at : offsets)
      y.set(at, (x.getDouble(at) - moments.mean) * factor + shift.getDouble(c));
    usedMean.set(c, moments.mean);
    usedVariance.set(c++, moments.variance);
  });
  call.results.push_back(std::move(y));
  for (unsigned i = 1; i < call.op->getNumResults(); ++i)
    call.results.push_back(i == 5 ? Tensor(call.resultElement(i), {channels}) : i % 2 ? usedMean : usedVariance);
  return status;
}

LogicalResult instanceNorm(Call &call) {
  const Tensor &x = call.in(0), &gamma = call.in(1), &beta = call.in(2);
  int64_t channel = channelDim(call, x.getRank()), channels = x.getDim(channel);
  SmallVector<int64_t> axes, statistics(x.getRank(), 1);
  statistics[0] = x.getDim(0);
  statistics[channel] = channels;
  for (int64_t i = 1; i < x.getRank(); ++i)
    if (i != channel)
      axes.push_back(i);
  double epsilon = call.floatAttr("epsilon");
  Tensor y(call.resultElement(0), x.getShape()), mean(call.resultElement(1), statistics),
      variance(call.resultElement(2), statistics);
  int64_t group = 0;
  LogicalResult status = forEachGroup(call, x, axes, [&](ArrayRef<int64_t> offsets) {
    Moments moments = getMoments(x, offsets);
    double factor = gamma.getDouble(group % channels) / std::sqrt(moments.variance + epsilon);
    for (int64_t at : offsets)
      y.set(at, (x.getDouble(at) - moments.mean) * factor + beta.getDouble(group % channels));
    mean.set(group, moments.mean);
    variance.set(group++, moments.variance);
  });
  call.results.append({std::move(y), std::move(mean), std::move(variance)});
  return status;
}

/// Channels in equal groups; gamma and beta per channel.
LogicalResult groupNorm(Call &call) {
  const Tensor &x = call.in(0), *gamma = call.optional(1), *beta = call.optional(2);
  int64_t channel = channelDim(call, x.getRank()), channels = x.getDim(channel), groups = call.intAttr("num_groups");
  if (groups <= 0 || channels % groups != 0)
    return call.error() << "expects channels that divide into " << groups << " groups, but got " << channels;
  double epsilon = call.floatAttr("eps");
  SmallVector<int64_t> strides = getStrides(x.getShape());
  Tensor y(call.resultElement(0), x.getShape()), mean(call.resultElement(1), {x.getDim(0), groups}),
      variance(call.resultElement(2), {x.getDim(0), groups});
  auto channelOf = [&](int64_t at) { return at / strides[channel] % channels; };
  std::vector<SmallVector<int64_t>> members(mean.size());
  for (int64_t at = 0, e = x.size(); at < e; ++at)
    members[at / strides[0] * groups + channelOf(at) / (channels / groups)].push_back(at);
  for (auto [group, offsets] : llvm::enumerate(members)) {
    Moments moments = getMoments(x, offsets);
    double scale = 1 / std::sqrt(moments.variance + epsilon);
    for (int64_t at : offsets) {
      double value = (x.getDouble(at) - moments.mean) * scale;
      y.set(at,
            (gamma ? value * gamma->getDouble(channelOf(at)) : value) + (beta ? beta->getDouble(channelOf(at)) : 0));
    }
    mean.set(group, moments.mean);
    variance.set(group, moments.variance);
  }
  call.results.append({std::move(y), std::move(mean), std::move(variance)});
  return success();
}

/// x / (bias + alpha * sum of squares of the channels within depth_radius) ^ beta
LogicalResult lrn(Call &call) {
  const Tensor &x = call.in(0);
  if (x.getRank() < 2)
    return call.error() << "expects an operand of rank 2 or more, but got " << x.getRank();
  int64_t radius = call.intAttr("depth_radius"), channels = x.getDim(1), area = getSize(x.getShape().drop_front(2));
  double bias = call.floatAttr("bias"), alpha = call.floatAttr("alpha"), beta = call.floatAttr("beta");
  Tensor &y = call.make(x.getShape());
  for (int64_t i = 0, e = x.size(); i < e; ++i) {
    int64_t c = i / area % channels;
    double sum = 0;
    for (int64_t k = std::max<int64_t>(0, c - radius); k <= std::min(channels - 1, c + radius); ++k)
      sum += x.getDouble(i + (k - c) * area) * x.getDouble(i + (k - c) * area);
    y.set(i, x.getDouble(i) / std::pow(bias + alpha * sum, beta));
  }
  return success();
}

} // namespace

void gemlir::interp::registerNormalization(Registry &registry) {
  registry["softmax_v2"] = softmax<false>;
  registry["log_softmax_v2"] = softmax<true>;
  registry["layer_norm_v3"] = layerNorm;
  registry["rms_norm"] = rmsNorm;
  registry["batch_norm"] = batchNorm;
  registry["instance_norm"] = instanceNorm;
  registry["group_norm"] = groupNorm;
  registry["lrn"] = lrn;
}
