//===- RoundTripTest.cpp - ge::Graph to the ge dialect and back -----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/IR/GEOpTable.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Import/AIR/AIR.h"
#include "ge-mlir/Import/Graph/GraphImporter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

using namespace mlir;
using gemlir::exportGraph;
using gemlir::importGraph;

namespace {

class RoundTrip : public ::testing::Test {
protected:
  RoundTrip() {
    context.loadDialect<mlir::ge::GEDialect, func::FuncDialect>();
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      errors += diagnostic.str() + "\n";
      return success();
    });
  }

  OwningOpRef<ModuleOp> parse(StringRef text) { return parseSourceString<ModuleOp>(text, ParserConfig(&context)); }

  static std::string print(Operation *op, bool locations = false) {
    std::string text;
    llvm::raw_string_ostream os(text);
    OpPrintingFlags flags;
    flags.printGenericOpForm();
    flags.enableDebugInfo(locations);
    op->print(os, flags);
    return text;
  }

  /// Sends a module through ge::Graph and expects the same module.
  void expectRoundTrip(ModuleOp module, StringRef what) {
    ::ge::Graph graph;
    errors.clear();
    ASSERT_TRUE(succeeded(exportGraph(module, graph))) << what.str() << ": " << errors;
    gemlir::GraphImportOptions options;
    options.trustDescriptions = true;
    OwningOpRef<ModuleOp> back = importGraph(graph, &context, options);
    ASSERT_TRUE(back) << what.str() << ": " << errors;
    EXPECT_EQ(normalize(module), normalize(*back)) << what.str();
    for (auto format : {gemlir::air::Format::Binary, gemlir::air::Format::Text})
      expectThroughAIR(module, graph, format, what);
  }

  /// The same when the graph was a file on the way.
  void expectThroughAIR(ModuleOp module, const ::ge::Graph &graph, gemlir::air::Format format, StringRef what) {
    const std::vector<uint8_t> bytes = gemlir::air::exportGraph(graph, format);
    ::ge::Graph read;
    std::string why;
    ASSERT_TRUE(gemlir::air::importGraph(bytes.data(), bytes.size(), nullptr, read, why)) << what.str() << ": " << why;
    gemlir::GraphImportOptions options;
    options.trustDescriptions = true;
    OwningOpRef<ModuleOp> back = importGraph(read, &context, options);
    ASSERT_TRUE(back) << what.str() << ": " << errors;
    EXPECT_EQ(normalize(module), normalize(*back)) << what.str();
    // Written again it has the same bytes.
    EXPECT_TRUE(gemlir::air::exportGraph(read, format) == bytes) << what.str();
  }

  /// Without what a graph always says: names and indexes of inputs and outputs.
  std::string normalize(ModuleOp module) {
    OwningOpRef<ModuleOp> copy = module.clone();
    copy->setSymName("m");
    for (auto func : copy->getOps<func::FuncOp>()) {
      func.setName("main");
      func.removeArgAttrsAttr();
      func.removeResAttrsAttr();
    }
    // How a constant is held depends on its size alone, and an edge from a node
    // that does not exist has no counterpart.
    std::set<std::string> nodes;
    copy->walk([&](Operation *op) {
      if (auto name = dyn_cast<NameLoc>(op->getLoc()))
        nodes.insert(name.getName().str());
    });
    copy->walk([&](Operation *op) {
      if (auto constant = dyn_cast<mlir::ge::ConstOp>(op))
        if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue()))
          constant->setAttr("value", gemlir::makeConstant(cast<RankedTensorType>(resource.getType()),
                                                          *gemlir::getRawBytes(resource)));
      auto edges = op->getAttrOfType<ArrayAttr>("ge.control_inputs");
      if (edges && llvm::none_of(edges, [&](Attribute name) { return nodes.count(cast<StringAttr>(name).str()); }))
        op->removeAttr("ge.control_inputs");
    });
    return print(*copy);
  }

  /// Sends every function that is a graph through ge::Graph.
  void roundTripFile(StringRef path, std::set<std::string> &seen) {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    ASSERT_TRUE(bool(buffer));
    SmallVector<StringRef> parts;
    (*buffer)->getBuffer().split(parts, "// -----");
    for (StringRef part : parts) {
      // In a graph a variable is a node, as it is before ge-resolve-variables.
      if (StringRef(part).contains("ge.variable"))
        continue;
      OwningOpRef<ModuleOp> module = parse(part);
      ASSERT_TRUE(module) << path.str() << ": " << errors;
      for (auto func : llvm::make_early_inc_range(module->getOps<func::FuncOp>())) {
        if (!isGraph(func))
          continue;
        const std::string name = func.getName().str();
        OwningOpRef<ModuleOp> single = ModuleOp::create(func.getLoc());
        func->remove();
        single->push_back(func);
        func.setName("main");
        collectTypes(func, seen);
        expectRoundTrip(*single, path.str() + " @" + name);
      }
    }
  }

  /// Graphs have one block and operations of the ge dialect.
  static bool isGraph(func::FuncOp func) {
    if (func.isExternal() || !func.getBody().hasOneBlock())
      return false;
    for (Operation &op : func.getBody().front().without_terminator())
      if (!isa<mlir::ge::GEDialect>(op.getDialect()))
        return false;
    return true;
  }

  /// The types of all operations, those of regions included.
  static void collectTypes(Operation *op, std::set<std::string> &types) {
    op->walk([&](Operation *inner) {
      if (const auto *entry = mlir::ge::lookupOpByName(inner->getName().getStringRef()))
        types.insert(entry->type);
    });
  }

  MLIRContext context;
  std::string errors;
};

} // namespace

/// Every operation in the IR tests survives the way to ge::Graph and back, and
/// those tests have every operator of the table.
TEST_F(RoundTrip, EveryOperatorOfTheTable) {
  const char *sources = std::getenv("GEMLIR_TEST_SOURCE_DIR");
  ASSERT_TRUE(sources) << "GEMLIR_TEST_SOURCE_DIR is not set";
  const std::string root = std::string(sources) + "/../../../";
  std::set<std::string> seen;
  for (const char *folder : {"Dialect/GE", "Interpreter", "ops", "Conversion/GEToLinalg"}) {
    std::error_code error;
    for (llvm::sys::fs::directory_iterator file(root + folder, error), end; file != end && !error;
         file.increment(error)) {
      const StringRef path = file->path();
      if (path.ends_with(".mlir") && !path.contains("invalid"))
        roundTripFile(path, seen);
    }
  }
  for (const mlir::ge::OpTableEntry &entry : mlir::ge::getOpTable())
    EXPECT_TRUE(seen.count(entry.type)) << entry.type << " has no test";
}

TEST_F(RoundTrip, ForeignOperators) {
  OwningOpRef<ModuleOp> module = parse(R"(
    func.func @main(%x: tensor<2x?xf32>, %c: tensor<i1>) -> (tensor<*xf32>, tensor<2xi32>) {
      %0 = ge.framework_op "Loop"(%x, %c) {
        domain = "ai.onnx", version = 13 : i64,
        node_attributes = {captures = 1 : i64, alpha = 0.5 : f32, name = "n",
                           list = array<i64: 1, 2>, flags = array<i1: true>,
                           texts = ["a", "b"], none = [],
                           type = bf16, bytes = array<i8: 1, 2>,
                           nested = [array<i64: 1>, array<i64>],
                           empty = {kind = "ListTensor"},
                           func = {function = "f", value = {k = 1 : i64}},
                           t = dense<[1.0, 2.0]> : tensor<2xf32>},
        input_indices = array<i64: 0, 2>, body_names = ["body"]}
        : (tensor<2x?xf32>, tensor<i1>) -> tensor<*xf32> bodies {
      ^bb0(%a: tensor<i1>):
        ge.yield %a : tensor<i1>
      }
      %1 = ge.custom "Foo"(%0, %x) {input_indices = array<i64: 0, 3>,
        input_names = ["p", "q"], output_names = ["r"],
        node_attributes = {k = 3 : i64}}
        : (tensor<*xf32>, tensor<2x?xf32>) -> tensor<2xi32>
      return %0, %1 : tensor<*xf32>, tensor<2xi32>
    })");
  ASSERT_TRUE(module) << errors;
  expectRoundTrip(*module, "foreign");
}

TEST_F(RoundTrip, NamesControlEdgesAndTypes) {
  OwningOpRef<ModuleOp> module = parse(R"(
    module @model {
    func.func @main(
        %x: tensor<1x4x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 64, 2, 2]>>
            {ge.name = "image", ge.index = 0 : i64})
        -> (tensor<1x4x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 64, 2, 2]>>
            {ge.name = "answer"}) {
      %0 = ge.relu %x : tensor<1x4x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 64, 2, 2]>> loc("first")
      %1 = ge.neg %x {ge.control_inputs = ["first"]} : tensor<1x4x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 64, 2, 2]>> loc("second")
      return %1 : tensor<1x4x2x2x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 64, 2, 2]>>
    }
    })");
  ASSERT_TRUE(module) << errors;
  ::ge::Graph graph;
  ASSERT_TRUE(succeeded(exportGraph(*module, graph))) << errors;
  EXPECT_EQ(graph.GetName(), "model");
  ::ge::GNodePtr second = graph.FindNodeByName("second");
  ASSERT_TRUE(second);
  ASSERT_EQ(second->GetInControlNodes().size(), 1u);
  ::ge::TensorDesc desc;
  ASSERT_EQ(second->GetOutputDesc(0, desc), ::ge::GRAPH_SUCCESS);
  EXPECT_EQ(desc.GetFormat(), ::ge::FORMAT_NC1HWC0);
  EXPECT_EQ(desc.GetOriginFormat(), ::ge::FORMAT_NCHW);
  EXPECT_EQ(desc.GetOriginShape().GetDims(), (std::vector<int64_t>{1, 64, 2, 2}));
  EXPECT_TRUE(graph.FindNodeByName("image"));
  gemlir::GraphImportOptions options;
  options.trustDescriptions = true;
  OwningOpRef<ModuleOp> back = importGraph(graph, &context, options);
  ASSERT_TRUE(back) << errors;
  EXPECT_EQ(print(*module), print(*back));
  const std::string located = print(*back, /*locations=*/true);
  EXPECT_NE(located.find("\"first\""), std::string::npos);
}

TEST_F(RoundTrip, LargeConstantsAliasTheirTensor) {
  constexpr size_t kCount = 1000;
  std::vector<float> values(kCount, 1.5f);
  values.back() = 2.5f;
  int deleted = 0;
  const float *address = values.data();
  {
    ::ge::Graph graph("weights");
    {
      ::ge::Tensor tensor(::ge::TensorDesc(::ge::Shape({kCount})));
      (void)tensor.SetData(reinterpret_cast<uint8_t *>(values.data()), kCount * sizeof(float),
                           [&](uint8_t *) { ++deleted; });
      ::ge::Operator op("w", "Const");
      op.OutputRegister("y");
      op.SetAttr("value", tensor);
      graph.SetOutputs(std::vector<::ge::Operator>{op});
    }
    OwningOpRef<ModuleOp> module;
    {
      MLIRContext own;
      module = importGraph(graph, &own);
      ASSERT_TRUE(module);
      graph = ::ge::Graph();
      EXPECT_EQ(deleted, 0);
      auto func = module->lookupSymbol<func::FuncOp>("main");
      auto constant = cast<mlir::ge::ConstOp>(func.getBody().front().front());
      auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue());
      ASSERT_TRUE(resource);
      EXPECT_EQ(static_cast<const void *>(resource.getRawHandle().getBlob()->getData().data()),
                static_cast<const void *>(address));
      ::ge::Graph copied, aliased;
      ASSERT_TRUE(succeeded(exportGraph(*module, copied)));
      gemlir::GraphExportOptions alias;
      alias.aliasConstants = true;
      ASSERT_TRUE(succeeded(exportGraph(*module, aliased, alias)));
      ::ge::Tensor tensor;
      ASSERT_EQ(aliased.FindNodeByName("w")->GetAttr("value", tensor), ::ge::GRAPH_SUCCESS);
      EXPECT_EQ(static_cast<const void *>(tensor.GetData()), address);
      ASSERT_EQ(copied.FindNodeByName("w")->GetAttr("value", tensor), ::ge::GRAPH_SUCCESS);
      EXPECT_NE(static_cast<const void *>(tensor.GetData()), address);
      EXPECT_EQ(std::memcmp(tensor.GetData(), address, kCount * sizeof(float)), 0);
      module = nullptr;
    }
  }
  EXPECT_EQ(deleted, 1);
}

TEST_F(RoundTrip, InfersTypesOfClientGraphs) {
  ::ge::Operator x("x", "Data");
  x.InputRegister("x");
  x.OutputRegister("y");
  (void)x.UpdateInputDesc("x", ::ge::TensorDesc(::ge::Shape(std::vector<int64_t>{2, -1})));
  ::ge::Operator relu("r", "Relu");
  relu.InputRegister("x");
  relu.OutputRegister("y");
  relu.SetInput("x", x).SetAttr("_user_label", "mine");
  ::ge::Graph graph("client");
  graph.SetInputs({x}).SetOutputs(std::vector<::ge::Operator>{relu});
  OwningOpRef<ModuleOp> module = importGraph(graph, &context);
  ASSERT_TRUE(module) << errors;
  auto func = module->lookupSymbol<func::FuncOp>("main");
  EXPECT_EQ(func.getResultTypes()[0], RankedTensorType::get({2, ShapedType::kDynamic}, Float32Type::get(&context)));
  EXPECT_EQ(func.getResultAttrOfType<StringAttr>(0, "ge.name").getValue(), "output_0_r_0");
  auto attrs = func.getBody().front().front().getAttrOfType<DictionaryAttr>("ge.attrs");
  ASSERT_TRUE(attrs);
  EXPECT_EQ(attrs.getAs<StringAttr>("_user_label").getValue(), "mine");
}

TEST_F(RoundTrip, SaysWhatIsWrongWithANode) {
  ::ge::Operator relu("lonely", "Relu");
  relu.InputRegister("x");
  relu.OutputRegister("y");
  ::ge::Graph graph("g");
  graph.SetOutputs(std::vector<::ge::Operator>{relu});
  EXPECT_FALSE(importGraph(graph, &context));
  EXPECT_NE(errors.find("node 'lonely' (Relu) lacks its input 'x'"), std::string::npos) << errors;

  errors.clear();
  ::ge::Operator weight("w", "Const");
  weight.OutputRegister("y");
  const uint8_t bytes[5] = {};
  weight.SetAttr("value", ::ge::Tensor(::ge::TensorDesc(::ge::Shape({2})), bytes, sizeof(bytes)));
  ::ge::Graph second("g");
  second.SetOutputs(std::vector<::ge::Operator>{weight});
  EXPECT_FALSE(importGraph(second, &context));
  EXPECT_NE(errors.find("takes 8 bytes, but got 5"), std::string::npos) << errors;
}
