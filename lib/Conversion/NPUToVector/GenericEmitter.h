//===- GenericEmitter.h - one linalg operation to loops ---------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_NPUTOVECTOR_GENERICEMITTER_H
#define GEMLIR_LIB_CONVERSION_NPUTOVECTOR_GENERICEMITTER_H

#include "TileEmitter.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"

namespace gemlir {

/// What a value of the body is to the lanes of a vector.
enum class LaneKind {
  Uniform, ///< the same for all lanes: kept as a scalar
  Unit,    ///< an index that grows by one from lane to lane: kept as the first
  Vector,  ///< a vector
};

/// Lowers one structured operation on memrefs. Every operand is an address that
/// is linear in the loops, so a loop is a size and a stride for each operand.
class GenericEmitter {
public:
  enum class Form { Vector, Reduction, Scalar };

  GenericEmitter(mlir::linalg::LinalgOp op, const device::Description &device);

  /// Fails if an operand's address is not linear or its strides are unknown.
  mlir::LogicalResult analyze();
  /// Emits the loops and erases the operation.
  Form emit();

private:
  struct Loop {
    Dim size;
    bool reduction;
    llvm::SmallVector<Dim> strides;
    /// The dimension of the operation, for `linalg.index`; loops that are merged
    /// stand for none.
    unsigned dimension;
  };
  struct Operand {
    mlir::Value scalar; ///< for operands that are no buffers
    FlatBuffer buffer;
    Dim constant = 0;
  };
  using Positions = llvm::SmallVector<mlir::Value>;
  using Values = llvm::SmallVector<mlir::Value>;

  mlir::LogicalResult analyzeOperand(mlir::OpOperand &operand);
  mlir::LogicalResult addSizes();
  void mergeLoops();
  void orderLoops();

  bool chooseVectorLoop();
  bool fitsLanes(const Loop &loop, bool reduction);
  bool classify(const Loop &loop, bool reduction, llvm::DenseMap<mlir::Value, LaneKind> &kinds);
  LaneKind kindOf(mlir::Value value, const llvm::DenseMap<mlir::Value, LaneKind> &kinds) const;
  LaneKind classifyLoad(mlir::memref::LoadOp load, const llvm::DenseMap<mlir::Value, LaneKind> &kinds,
                        bool &possible) const;
  bool matchCombiners();

  Positions advance(const Positions &positions, const Loop &loop, mlir::Value i);
  void emitOuter(unsigned level, const Positions &positions);
  void emitVectorLoop(const Positions &positions);
  void emitPoint(const Positions &positions, int64_t lanes);
  Values reduce(unsigned level, const Positions &positions, mlir::ValueRange accumulators, int64_t lanes);
  void emitReductionPoint(const Positions &positions);
  Values reduceRows(unsigned level, const Positions &positions, mlir::ValueRange accumulators);
  Values reduceRow(const Positions &positions);

  /// The body at `positions`; `accumulators` stand for the outputs' elements.
  Values evaluate(const Positions &positions, mlir::ValueRange accumulators, int64_t lanes);
  mlir::Value evaluateOp(mlir::Operation *op, mlir::IRMapping &map, int64_t lanes);
  mlir::Value asVector(mlir::Value original, mlir::IRMapping &map, int64_t lanes);
  mlir::Value loadOperand(unsigned operand, const Positions &positions, int64_t lanes);
  void store(const Positions &positions, mlir::ValueRange values, int64_t lanes);
  mlir::Value combine(unsigned output, mlir::Value a, mlir::Value b);
  mlir::Value identity(unsigned output, int64_t lanes);
  mlir::Value fold(unsigned output, mlir::Value vector, int64_t lanes);

  llvm::SmallVector<int64_t> getWidths() const;
  mlir::Value stepVector(int64_t lanes);

  mlir::linalg::LinalgOp op;
  mlir::Block *body;
  LoopBuilder b;
  unsigned inputs;
  int64_t nativeLanes = 1;
  bool hasIndex = false, hasFunctions = false;

  llvm::SmallVector<Operand> operands;
  /// Loops in their order; the vector loop is not among them.
  llvm::SmallVector<Loop> loops;
  std::optional<Loop> vectorLoop;
  bool reducesLanes = false;
  llvm::DenseMap<mlir::Value, LaneKind> kinds;
  /// The combining operation of each output.
  llvm::SmallVector<mlir::Operation *> combiners;
  /// Current index of each dimension, for `linalg.index`.
  llvm::SmallVector<mlir::Value> indices;
};

} // namespace gemlir

#endif // GEMLIR_LIB_CONVERSION_NPUTOVECTOR_GENERICEMITTER_H
