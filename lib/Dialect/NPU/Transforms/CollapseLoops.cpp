//===- CollapseLoops.cpp - fewer, longer loops -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"

namespace mlir::npu {
#define GEN_PASS_DEF_NPUCOLLAPSELOOPS
#include "ge-mlir/Dialect/NPU/Transforms/Passes.h.inc"
} // namespace mlir::npu

using namespace mlir;

/// Whether loop `dim + 1` directly follows loop `dim` in every operand that has
/// one of them.
static bool areAdjacent(linalg::GenericOp op, unsigned dim) {
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  if (iterators[dim] != iterators[dim + 1])
    return false;
  return llvm::all_of(op.getIndexingMapsArray(), [&](AffineMap map) {
    std::optional<unsigned> first = map.getResultPosition(getAffineDimExpr(dim, op.getContext()));
    std::optional<unsigned> second = map.getResultPosition(getAffineDimExpr(dim + 1, op.getContext()));
    return first ? second && *second == *first + 1 : !second;
  });
}

static bool areStatic(linalg::GenericOp op) {
  return llvm::all_of(op->getOperandTypes(), [](Type type) { return cast<RankedTensorType>(type).hasStaticShape(); });
}

static SmallVector<ReassociationIndices> findSequences(linalg::GenericOp op) {
  SmallVector<ReassociationIndices> sequences;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
    if (dim > 0 && areAdjacent(op, dim - 1))
      sequences.back().push_back(dim);
    else
      sequences.push_back({static_cast<int64_t>(dim)});
  }
  // A result of open sizes would have to be expanded again, so there only loops that it
  // does not have become one.
  const SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  const bool isOpen = !areStatic(op);
  llvm::erase_if(sequences, [&](const ReassociationIndices &sequence) {
    return sequence.size() == 1 || (isOpen && iterators[sequence[0]] == utils::IteratorType::parallel);
  });
  return sequences;
}

static bool isCollapsible(linalg::GenericOp op) {
  return op.hasPureTensorSemantics() && !op.hasIndexSemantics() && op.getNumLoops() > 1 &&
         llvm::all_of(op.getIndexingMapsArray(), [](AffineMap map) { return map.isProjectedPermutation(); }) &&
         llvm::all_of(op->getOperands(), [](Value value) { return isa<RankedTensorType>(value.getType()); });
}

namespace {
struct CollapseLoops : npu::impl::NPUCollapseLoopsBase<CollapseLoops> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::GenericOp op : ops) {
      SmallVector<ReassociationIndices> sequences =
          isCollapsible(op) ? findSequences(op) : SmallVector<ReassociationIndices>();
      if (sequences.empty())
        continue;
      rewriter.setInsertionPoint(op);
      FailureOr<linalg::CollapseResult> collapsed = linalg::collapseOpIterationDims(op, sequences, rewriter);
      if (failed(collapsed))
        continue;
      rewriter.replaceOp(op, collapsed->results);
      ++numCollapsed;
    }
  }
};
} // namespace
