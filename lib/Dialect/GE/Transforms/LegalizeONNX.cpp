//===- LegalizeONNX.cpp - one walk that maps ONNX operators -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/Transforms/LegalizeONNX.h"

#include "LegalizeONNXQuantization.h"
#include "ge-mlir/Dialect/GE/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Pass/Pass.h"

namespace mlir::ge {
#define GEN_PASS_DEF_LEGALIZEONNXPASS
#include "ge-mlir/Dialect/GE/Transforms/Passes.h.inc"
} // namespace mlir::ge

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

/// Bodies of loops are copied; a hostile model nests them.
static constexpr size_t kMaxInlinedOps = 1 << 20;

void mlir::ge::onnx::populateMappings(MappingTable &table) {
  populateActivation(table);
  populateAttention(table);
  populateCast(table);
  populateControl(table);
  populateConvolution(table);
  populateElementwise(table);
  populateIndexing(table);
  populateSelection(table);
  populateLinearAttention(table);
  populateLoss(table);
  populateMatmul(table);
  populateMicrosoft(table);
  populateMicrosoftAttention(table);
  populateMicrosoftQuantization(table);
  populateMovement(table);
  populateNormalization(table);
  populatePooling(table);
  populateQuantization(table);
  populateRandom(table);
  populateRecurrent(table);
  populateReduce(table);
  populateRegions(table);
  populateResize(table);
  populateSampling(table);
  populateSequence(table);
  populateShape(table);
  populateSignal(table);
  populateText(table);
  populateTraining(table);
}

static std::string getNodeName(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName().str();
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (std::string name = getNodeName(part); !name.empty())
        return name;
  return "";
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

Legalizer::Legalizer(MLIRContext *context, std::vector<UnsupportedNode> &unsupported, bool byteProducts)
    : unsupported(unsupported), builder(context), shapes(context), byteProducts(byteProducts) {
  populateMappings(table);
}

/// Inputs that nothing can be computed from: one complaint each, instead of one
/// of every node that uses them.
void Legalizer::checkInputs(func::FuncOp func) {
  for (BlockArgument argument : func.getArguments()) {
    auto type = dyn_cast<TensorType>(argument.getType());
    UnsupportedNode entry{"", "Input", "E16008", "", "", "", func.getLoc()};
    if (auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kNameAttr))
      entry.node = name.str();
    if (type && !type.getElementType().isIntOrFloat()) {
      entry.code = "E14002";
      llvm::raw_string_ostream(entry.why) << "the input has elements of " << type.getElementType();
      entry.advice = "give the model tensors of numbers, and do the rest outside";
    } else if (!type || !type.hasRank()) {
      entry.why = "the rank of the input is unknown";
      entry.advice = "give its shape (--input_shape)";
    } else {
      continue;
    }
    if (llvm::none_of(argument.getUsers(), llvm::IsaPred<FrameworkOp>))
      continue;
    unknown.insert(argument);
    entry.location = NameLoc::get(StringAttr::get(func.getContext(), entry.node), func.getLoc());
    unsupported.push_back(std::move(entry));
  }
}

void Legalizer::run(Block &block) {
  if (byteProducts)
    for (Operation &operation : llvm::make_early_inc_range(block))
      if (auto op = dyn_cast<FrameworkOp>(operation))
        fuseQuantizedConvolution(op);
  for (Operation &operation : llvm::make_early_inc_range(block))
    if (auto op = dyn_cast<FrameworkOp>(operation))
      legalize(op);
}

void Legalizer::report(FrameworkOp op, const Failure &failure) {
  UnsupportedNode entry{getNodeName(op.getLoc()),
                        op.getOriginalType().str(),
                        failure.code,
                        failure.why,
                        failure.advice,
                        failure.input,
                        op.getLoc()};
  if (!op.getDomain().empty())
    entry.type = (op.getDomain() + "::" + op.getOriginalType()).str();
  unsupported.push_back(std::move(entry));
}

void Legalizer::reportAll(Node &node, const std::vector<UnsupportedNode> &failures) {
  unsupported.insert(unsupported.end(), failures.begin(), failures.end());
  // The body's own complaint is enough.
  node.recordFailure(Failure{"E16002", "", "", ""});
}

/// Why an operator has no mapping.
static Failure makeMissingFailure(StringRef type) {
  Failure failure;
  failure.code = "E16002";
  failure.why = "the operator has no implementation";
  failure.advice = "replace it in the model, or compute it outside";
  if (type == "ImageDecoder") {
    failure.why = "the operator reads image files, expected operators on tensors of numbers";
    failure.advice = "decode images before the model";
  } else if (type == "Gradient") {
    failure.why = "the operator stands for the derivative of a graph, which is not computed";
    failure.advice = "export the graph of the gradient itself";
  } else if (type.starts_with("String") || type == "RegexFullMatch" || type == "Tokenizer") {
    failure.why = "the operator works on strings, expected operators on tensors of numbers";
    failure.advice = "turn strings into numbers before the model";
  }
  return failure;
}

void Legalizer::legalize(FrameworkOp op) {
  auto giveUp = [&]() {
    for (Value result : op->getResults())
      unknown.insert(result);
  };
  Mapping mapping = table.lookup(op.getDomain() == "ai.onnx" ? StringRef() : op.getDomain(), op.getOriginalType());
  if (!mapping) {
    report(op, makeMissingFailure(op.getOriginalType()));
    return giveUp();
  }
  // What follows from an unknown value would only repeat its complaint.
  if (llvm::any_of(op->getOperands(), [&](Value operand) { return unknown.contains(operand); }))
    return giveUp();
  builder.setInsertionPoint(op);
  Node node(op, builder, *this);
  mapping(node);
  for (unsigned i = 0; i < node.numOutputs() && !node.hasFailed(); ++i)
    if (node.isUsed(i) && !node.getOutputs()[i])
      node.unsupported("output " + Twine(i) + " is used", "remove the use of this output");
  if (node.hasFailed()) {
    // A body's own failure has been reported where it happened.
    if (!node.getFailure().why.empty())
      report(op, node.getFailure());
    return giveUp();
  }
  for (auto [result, value] : llvm::zip(op->getResults(), node.getOutputs()))
    if (value)
      result.replaceAllUsesWith(value);
  shapes.forget(op);
  op->erase();
}

void Legalizer::discard(Region &region) {
  region.walk([&](Block *inside) {
    for (Value argument : inside->getArguments())
      origins.erase(argument);
  });
  for (Value argument : region.getArguments())
    origins.erase(argument);
  shapes.forget(region);
  region.dropAllReferences();
}

/// Erases what stands after `before` (null: from the start of the block) and
/// before `end`.
void Legalizer::eraseBetween(Block *block, Operation *before, Block::iterator end) {
  while (end != block->begin()) {
    Operation *last = &*std::prev(end);
    if (last == before)
      return;
    for (Value result : last->getResults())
      unknown.erase(result);
    shapes.forget(last);
    last->walk([&](Block *inside) {
      for (Value argument : inside->getArguments())
        origins.erase(argument);
    });
    last->dropAllUses();
    last->erase();
  }
}

std::optional<SmallVector<Value>> Legalizer::inlineBody(Node &node, Region &body, ArrayRef<Value> arguments,
                                                        std::vector<UnsupportedNode> *failures) {
  Block &block = body.front();
  if (block.getNumArguments() != arguments.size() || llvm::is_contained(arguments, Value())) {
    node.invalid("a body has " + Twine(block.getNumArguments()) + " inputs, expected " + Twine(arguments.size()));
    return std::nullopt;
  }
  OpBuilder::InsertionGuard guard(builder);
  Block *target = builder.getInsertionBlock();
  Block::iterator end = builder.getInsertionPoint();
  Operation *before = end == target->begin() ? nullptr : &*std::prev(end);
  IRMapping mapping;
  mapping.map(block.getArguments(), arguments);
  SmallVector<FrameworkOp> nodes;
  for (Operation &operation : block) {
    if (++inlinedOps > kMaxInlinedOps) {
      node.unsupported("bodies expand to more than " + Twine(kMaxInlinedOps) + " operations");
      return std::nullopt;
    }
    if (auto copy = dyn_cast<FrameworkOp>(builder.clone(operation, mapping)))
      nodes.push_back(copy);
  }
  // The copy of the terminator keeps the yielded values in use until all nodes
  // are mapped.
  Operation *yield = &*std::prev(end);
  size_t reported = unsupported.size();
  for (FrameworkOp op : nodes)
    legalize(op);
  SmallVector<Value> results(yield->getOperands());
  yield->erase();
  if (unsupported.size() == reported)
    return results;
  if (failures) {
    failures->assign(unsupported.begin() + reported, unsupported.end());
    unsupported.erase(unsupported.begin() + reported, unsupported.end());
    eraseBetween(target, before, end);
    return std::nullopt;
  }
  node.recordFailure(Failure{"E16002", "", "", ""});
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Folded chains leave constants and shape operators behind.
static void eraseDead(Block &block) {
  for (Operation &operation : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (isOpTriviallyDead(&operation)) {
      operation.erase();
      continue;
    }
    for (Region &region : operation.getRegions())
      eraseDead(region.front());
  }
}

LogicalResult mlir::ge::legalizeONNX(func::FuncOp func, std::vector<UnsupportedNode> &unsupported, bool byteProducts) {
  if (func.isExternal())
    return success();
  Block &block = func.getBody().front();
  size_t before = unsupported.size();
  Legalizer legalizer(func.getContext(), unsupported, byteProducts);
  legalizer.checkInputs(func);
  legalizer.run(block);
  if (unsupported.size() != before)
    return failure();
  eraseDead(block);
  // Results of known shape replace what the model declared.
  if (auto terminator = dyn_cast<func::ReturnOp>(block.getTerminator()))
    func.setType(FunctionType::get(func.getContext(), block.getArgumentTypes(), terminator.getOperandTypes()));
  return success();
}

std::vector<llvm::StringRef> mlir::ge::getSupportedONNXOperators() {
  static const MappingTable *table = [] {
    auto *result = new MappingTable;
    populateMappings(*result);
    return result;
  }();
  std::vector<StringRef> names = {"Constant"};
  for (const auto &entry : table->all())
    names.push_back(entry.getKey());
  llvm::sort(names);
  return names;
}

namespace {

struct LegalizeONNXPass : public mlir::ge::impl::LegalizeONNXPassBase<LegalizeONNXPass> {
  using LegalizeONNXPassBase::LegalizeONNXPassBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    func.walk([&](FrameworkOp) { ++numLegalized; });
    std::vector<UnsupportedNode> unsupported;
    if (succeeded(legalizeONNX(func, unsupported, byteProducts)))
      return;
    for (const UnsupportedNode &node : unsupported) {
      // The location says which node it is.
      InFlightDiagnostic diagnostic = emitError(node.location);
      if (node.type != "Input")
        diagnostic << "ONNX operator " << node.type << ": ";
      diagnostic << node.why;
      if (!node.advice.empty())
        diagnostic << "; " << node.advice;
      diagnostic << " [" << node.code << "]";
      // The same in parts, for whoever makes a report of it.
      auto &parts = diagnostic.getUnderlyingDiagnostic()->getMetadata();
      for (const std::string &part : {node.type, node.why, node.advice})
        parts.push_back(DiagnosticArgument(StringAttr::get(func.getContext(), part)));
    }
    signalPassFailure();
  }
};

} // namespace
