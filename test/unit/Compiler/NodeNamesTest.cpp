//===- NodeNamesTest.cpp - node names through every pass ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Errors, profiles and --verify-each-numerically name nodes. So what computes has
// to know its node after every pass.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Pipelines.h"
#include "ge-mlir/Compiler/Registration.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Transforms/Pipelines.h"
#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"

#include <set>

using namespace mlir;

namespace {

// A bit of a convolutional network and of a transformer, as an exporter writes it.
const char *const kNetwork = R"mlir(
func.func @main(%x: tensor<1x4x12x12xf32> {ge.name = "x"}, %i: tensor<5xi64> {ge.name = "i"})
    -> (tensor<*xf32> {ge.name = "a"}, tensor<*xf32> {ge.name = "b"}) {
  %w1 = ge.const dense<0.1> : tensor<16x4x3x3xf32>
  %w2 = ge.const dense<0.1> : tensor<16x1x3x3xf32>
  %v = ge.const dense<0.5> : tensor<16xf32>
  %one = ge.const dense<1.0> : tensor<f32>
  %half = ge.const dense<0.5> : tensor<f32>
  %root = ge.const dense<1.41421354> : tensor<f32>
  %two = ge.const dense<2.0> : tensor<f32>
  %eps = ge.const dense<1.0e-5> : tensor<f32>
  %rows = ge.const dense<[36, 16]> : tensor<2xi64>
  %w3 = ge.const dense<0.1> : tensor<16x16xf32>
  %conv = ge.framework_op "Conv"(%x, %w1) {version = 13 : i64, node_attributes = {pads = array<i64: 1, 1, 1, 1>}}
      : (tensor<1x4x12x12xf32>, tensor<16x4x3x3xf32>) -> tensor<*xf32> loc("conv")
  %bn = ge.framework_op "BatchNormalization"(%conv, %v, %v, %v, %v) {version = 15 : i64}
      : (tensor<*xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<*xf32> loc("norm")
  %relu = ge.framework_op "Relu"(%bn) {version = 14 : i64} : (tensor<*xf32>) -> tensor<*xf32> loc("relu")
  %dw = ge.framework_op "Conv"(%relu, %w2) {version = 13 : i64, node_attributes = {group = 16 : i64, pads = array<i64: 1, 1, 1, 1>}}
      : (tensor<*xf32>, tensor<16x1x3x3xf32>) -> tensor<*xf32> loc("depthwise")
  %sig = ge.framework_op "Sigmoid"(%dw) {version = 13 : i64} : (tensor<*xf32>) -> tensor<*xf32> loc("sigmoid")
  %swish = ge.framework_op "Mul"(%dw, %sig) {version = 14 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> loc("swish")
  %res = ge.framework_op "Add"(%swish, %relu) {version = 14 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> loc("residual")
  %pool = ge.framework_op "MaxPool"(%res) {version = 12 : i64, node_attributes = {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>}}
      : (tensor<*xf32>) -> tensor<*xf32> loc("pool")
  %mean = ge.framework_op "GlobalAveragePool"(%pool) {version = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32> loc("mean")
  %flat = ge.framework_op "Reshape"(%pool, %rows) {version = 14 : i64} : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32> loc("flat")
  %mm = ge.framework_op "MatMul"(%flat, %w3) {version = 13 : i64} : (tensor<*xf32>, tensor<16x16xf32>) -> tensor<*xf32> loc("product")
  %bias = ge.framework_op "Add"(%mm, %v) {version = 14 : i64} : (tensor<*xf32>, tensor<16xf32>) -> tensor<*xf32> loc("bias")
  %div = ge.framework_op "Div"(%bias, %root) {version = 14 : i64} : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32> loc("gelu.div")
  %erf = ge.framework_op "Erf"(%div) {version = 13 : i64} : (tensor<*xf32>) -> tensor<*xf32> loc("gelu.erf")
  %plus = ge.framework_op "Add"(%erf, %one) {version = 14 : i64} : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32> loc("gelu.plus")
  %times = ge.framework_op "Mul"(%bias, %plus) {version = 14 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> loc("gelu.times")
  %gelu = ge.framework_op "Mul"(%times, %half) {version = 14 : i64} : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32> loc("gelu")
  %m = ge.framework_op "ReduceMean"(%gelu) {version = 13 : i64, node_attributes = {axes = array<i64: -1>, keepdims = 1 : i64}}
      : (tensor<*xf32>) -> tensor<*xf32> loc("ln.mean")
  %c = ge.framework_op "Sub"(%gelu, %m) {version = 14 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> loc("ln.center")
  %sq = ge.framework_op "Pow"(%c, %two) {version = 15 : i64} : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32> loc("ln.square")
  %var = ge.framework_op "ReduceMean"(%sq) {version = 13 : i64, node_attributes = {axes = array<i64: -1>, keepdims = 1 : i64}}
      : (tensor<*xf32>) -> tensor<*xf32> loc("ln.variance")
  %ve = ge.framework_op "Add"(%var, %eps) {version = 14 : i64} : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32> loc("ln.epsilon")
  %std = ge.framework_op "Sqrt"(%ve) {version = 13 : i64} : (tensor<*xf32>) -> tensor<*xf32> loc("ln.root")
  %nrm = ge.framework_op "Div"(%c, %std) {version = 14 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> loc("ln.div")
  %ln = ge.framework_op "Mul"(%nrm, %v) {version = 14 : i64} : (tensor<*xf32>, tensor<16xf32>) -> tensor<*xf32> loc("ln")
  %t = ge.framework_op "Transpose"(%ln) {version = 13 : i64, node_attributes = {perm = array<i64: 1, 0>}}
      : (tensor<*xf32>) -> tensor<*xf32> loc("transpose")
  %s = ge.framework_op "MatMul"(%ln, %t) {version = 13 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> loc("scores")
  %p = ge.framework_op "Softmax"(%s) {version = 13 : i64} : (tensor<*xf32>) -> tensor<*xf32> loc("softmax")
  %g = ge.framework_op "Gather"(%p, %i) {version = 13 : i64} : (tensor<*xf32>, tensor<5xi64>) -> tensor<*xf32> loc("gather")
  %cat = ge.framework_op "Concat"(%g, %p) {version = 13 : i64, node_attributes = {axis = 0 : i64}}
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> loc("concat")
  return %cat, %mean : tensor<*xf32>, tensor<*xf32>
}
)mlir";

void collectNames(Location loc, std::set<std::string> &names) {
  loc->walk([&](Location part) {
    if (auto named = dyn_cast<NameLoc>(part))
      names.insert(named.getName().str());
    return WalkResult::advance();
  });
}

bool hasName(Location loc) {
  std::set<std::string> names;
  collectNames(loc, names);
  return !names.empty();
}

/// What says what a graph or program computes, rather than where or from what.
bool computes(Operation *op) {
  return op->getNumResults() + op->getNumOperands() != 0 && !op->hasTrait<OpTrait::ConstantLike>() &&
         !op->hasTrait<OpTrait::IsTerminator>() && !isa<tensor::EmptyOp, npu::ConstantOp, npu::ArenaOp>(op);
}

/// Records the operations that have no name after a pass.
struct NameCheck : PassInstrumentation {
  NameCheck(ModuleOp module, std::set<std::string> &problems) : module(module), problems(problems) {}

  void runAfterPass(Pass *pass, Operation *) override {
    for (Operation &top : *module.getBody()) {
      if (!isa<func::FuncOp, npu::ProgramOp>(top))
        continue;
      for (Operation &op : top.getRegion(0).front())
        if (computes(&op) && !hasName(op.getLoc()))
          problems.insert(pass->getArgument().str() + ": " + op.getName().getStringRef().str());
    }
  }

  ModuleOp module;
  std::set<std::string> &problems;
};

TEST(NodeNames, SurviveEveryPass) {
  DialectRegistry registry;
  gemlir::registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(kNetwork, &context);
  ASSERT_TRUE(module);
  // Without names of their own, operations have the place in the text; that is none.
  std::set<std::string> problems, given, kept;
  module->walk([&](Operation *op) {
    if (isa<ge::FrameworkOp>(op))
      collectNames(op->getLoc(), given);
  });
  ASSERT_EQ(given.size(), 30u);
  PassManager pm(&context);
  pm.addInstrumentation(std::make_unique<NameCheck>(*module, problems));
  ge::buildGEPipeline(pm, {});
  gemlir::buildGEToLinalgPipeline(pm, {});
  gemlir::buildLinalgToNPUPipeline(pm, {});
  ASSERT_TRUE(succeeded(pm.run(*module)));
  for (const std::string &problem : problems)
    ADD_FAILURE() << "no node name after " << problem;
  module->walk([&](npu::LaunchOp launch) {
    std::set<std::string> names;
    collectNames(launch.getLoc(), names);
    EXPECT_FALSE(names.empty()) << "launch of " << launch.getKernel().str();
    kept.insert(names.begin(), names.end());
  });
  // What one kernel computes is named by the nodes it came from.
  for (const char *name : {"conv", "relu", "depthwise", "swish", "residual", "pool", "mean", "product", "gelu", "ln",
                           "scores", "softmax", "gather"})
    EXPECT_TRUE(kept.count(name)) << "no launch is named after " << name;
  for (const std::string &name : kept)
    EXPECT_TRUE(given.count(name)) << "a launch is named after " << name << ", which is no node";
}

} // namespace
