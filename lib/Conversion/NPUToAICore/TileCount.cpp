//===- TileCount.cpp - how many tiles a kernel has ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileCount.h"

using namespace mlir;
using namespace gemlir;

AffineExpr gemlir::getSizeExpr(npu::KernelOp kernel, Value buffer, unsigned dim) {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.isDynamicDim(dim))
    return getAffineConstantExpr(type.getDimSize(dim), kernel.getContext());
  const unsigned argument = cast<BlockArgument>(buffer).getArgNumber();
  return getAffineSymbolExpr(kernel.getSizeScalar(argument, dim), kernel.getContext());
}

void gemlir::setTileCount(npu::KernelOp kernel, AffineExpr tiles) {
  if (auto known = dyn_cast<AffineConstantExpr>(tiles))
    return kernel.setTiles(known.getValue());
  kernel.setTiles(-1);
  kernel.setTileCount(AffineMap::get(0, kernel.getScalars().size(), tiles));
}
