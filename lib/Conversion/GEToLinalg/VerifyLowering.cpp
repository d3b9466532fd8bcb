//===- VerifyLowering.cpp - the pass verify-ge-lowering -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Conversion/GEToLinalg/GEToLinalg.h"

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"

namespace gemlir {
#define GEN_PASS_DEF_VERIFYGELOWERING
#include "ge-mlir/Conversion/GEToLinalg/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;

namespace {

struct VerifyGELowering : public gemlir::impl::VerifyGELoweringBase<VerifyGELowering> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    bool failed = false;
    for (Operation &op : func.getBody().front())
      if (std::string why = findProblem(&op); !why.empty()) {
        report(&op, why);
        failed = true;
      }
    if (failed)
      signalPassFailure();
  }

private:
  std::string findProblem(Operation *op) {
    if (!isa<ge::GEDialect>(op->getDialect()))
      return "";
    ++numChecked;
    if (!hasLinalgLowering(op) || isa<ge::CustomOp, ge::FrameworkOp>(op))
      return "the operator has no lowering";
    std::string why;
    auto check = [&](Type type, StringRef what, unsigned index) {
      auto tensor = dyn_cast<TensorType>(type);
      if (why.empty() && tensor && !tensor.getElementType().isIntOrFloat())
        llvm::raw_string_ostream(why) << what << " " << index << " has elements of " << tensor.getElementType()
                                      << ", expected numbers";
    };
    for (auto [index, type] : llvm::enumerate(op->getOperandTypes()))
      check(type, "operand", index);
    for (auto [index, type] : llvm::enumerate(op->getResultTypes()))
      check(type, "result", index);
    return why;
  }

  void report(Operation *op, const std::string &why) {
    std::string name = op->getName().stripDialect().str();
    if (auto custom = dyn_cast<ge::CustomOp>(op))
      name = custom.getOpType().str();
    else if (auto framework = dyn_cast<ge::FrameworkOp>(op))
      name = framework.getOriginalType().str();
    else if (auto operation = dyn_cast<ge::GEOperator>(op))
      name = operation.getGEType().str();
    std::string advice = "replace it in the graph, or compute it outside";
    InFlightDiagnostic diagnostic = emitError(op->getLoc());
    diagnostic << "operator " << name << ": " << why << "; " << advice << " [E13010]";
    auto &parts = diagnostic.getUnderlyingDiagnostic()->getMetadata();
    for (const std::string &part : {name, why, advice})
      parts.push_back(DiagnosticArgument(StringAttr::get(op->getContext(), part)));
  }
};

} // namespace
