//===- CubeTiling.h - what tiles of the cube cost -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBETILING_H
#define GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBETILING_H

#include "CubeKernel.h"

namespace gemlir {

/// What of the device limits tiles.
struct CubeLimits {
  int64_t l0a, l0b, l0c, l1, bias, scales;
  double cyclesPerFractal, bytesPerCycle;
  /// Of the paths from L1 to L0A and L0B.
  double leftBytesPerCycle, rightBytesPerCycle;
  /// Of results, if all cores store at once.
  double storeBytesPerCycle;
  int64_t cores;
};

CubeLimits getCubeLimits(const CubeSpace &space, const device::Description &device);

/// Depths that are fed at once are multiples of this: whole fractals of both operands.
inline int64_t getStepGrain(int64_t elementBytes) { return std::max<int64_t>(16, 32 / elementBytes); }

/// Largest depth that is fed at once with two copies in L0A and L0B, a multiple of
/// the grain, or 0.
int64_t getCubeStep(const CubeLimits &limits, int64_t rows, int64_t columns, int64_t elementBytes);

/// Cycles of a tile that computes or loads for `inner` cycles, and stores rows by columns
/// of results. Two copies of the accumulators hide the shorter of both. With one copy the
/// store goes on beside the last step of its tile, and the first of the next, alone.
double addStore(const CubeSpace &space, const CubeLimits &limits, const CubeTile &tile, double rows, double columns,
                double inner);

/// The tiles of a convolution that fit, in no order.
std::vector<CubeCandidate> listConvolutionTiles(const CubeSpace &space, const CubeLimits &limits);

/// Rows and columns of the image that a tile covers at most.
std::pair<int64_t, int64_t> getImageWindow(const CubeImage &image, const CubeTile &tile);

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOAICORE_CUBETILING_H
