//===- ge-translate.cpp - model formats and text --------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   ge-translate --import-onnx MODEL.onnx [--input_shape=...] [-o OUT.mlir]
//   ge-translate --import-air MODEL.air [-o OUT.mlir]
//   ge-translate --export-air MODEL.mlir [--air-text] [-o OUT.air]
//   ge-translate --om-to-text MODEL.om [-o OUT.txt]
//   ge-translate --list-onnx-operators
//
// What is imported is the model as it is: nodes are ge.framework_op, for
// --ge-legalize-onnx to map.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Registration.h"
#include "ge-mlir/Dialect/GE/Transforms/LegalizeONNX.h"
#include "ge-mlir/Import/AIR/AIR.h"
#include "ge-mlir/Import/Graph/GraphImporter.h"
#include "ge-mlir/Import/ONNX/Importer.h"
#include "ge-mlir/Model/OM.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

#include <sstream>

using namespace mlir;
namespace cl = llvm::cl;

namespace {

cl::OptionCategory category("ge-translate options");

enum class Action { ImportONNX, ImportAIR, ExportAIR, OMToText, ListONNX };

cl::opt<Action> action(cl::Required, cl::cat(category), cl::desc("What to do:"),
                       cl::values(clEnumValN(Action::ImportONNX, "import-onnx", "an ONNX model as ge dialect"),
                                  clEnumValN(Action::ImportAIR, "import-air", "a graph of ge.proto as ge dialect"),
                                  clEnumValN(Action::ExportAIR, "export-air", "ge dialect as a graph of ge.proto"),
                                  clEnumValN(Action::OMToText, "om-to-text", "an offline model as text"),
                                  clEnumValN(Action::ListONNX, "list-onnx-operators",
                                             "the ONNX operators that can be compiled, one a line")));
cl::opt<std::string> input(cl::Positional, cl::desc("<input file>"), cl::cat(category));
cl::opt<std::string> output("o", cl::desc("Output file, - for standard output"), cl::init("-"), cl::cat(category));
cl::opt<std::string> inputShape("input_shape", cl::desc("Shapes of inputs, \"x:1,3,224,224;y:-1,16\""),
                                cl::cat(category));
cl::opt<bool> airText("air-text", cl::desc("Write ge.proto as text"), cl::cat(category));
cl::opt<bool> debugInfo("mlir-print-debuginfo", cl::desc("Print node names, as locations"), cl::cat(category));
cl::opt<int64_t> elide("elide", cl::desc("Leave out constants with more elements, or text, than this"), cl::init(-1),
                       cl::cat(category));

bool fail(llvm::StringRef text) {
  llvm::errs() << "ge-translate: error: " << text << "\n";
  return false;
}

/// Runs `body` with a context that reports to standard error.
template <typename Body>
bool withContext(Body body) {
  DialectRegistry registry;
  gemlir::registerDialects(registry);
  MLIRContext context(registry);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  return body(context);
}

bool printGraph(const ::ge::Graph &graph, llvm::raw_ostream &os) {
  return withContext([&](MLIRContext &context) {
    OwningOpRef<ModuleOp> module = gemlir::importGraph(graph, &context);
    if (!module)
      return false;
    OpPrintingFlags flags;
    if (debugInfo)
      flags.enableDebugInfo();
    if (elide >= 0)
      flags.elideLargeElementsAttrs(elide).elideLargeResourceString(elide);
    module->print(os, flags);
    os << "\n";
    return true;
  });
}

bool importONNX(llvm::raw_ostream &os) {
  gemlir::onnx::ImportOptions options;
  std::string error;
  if (!gemlir::onnx::parseInputShapes(inputShape, options.inputShapes, error))
    return fail(error);
  ::ge::Graph graph;
  if (!gemlir::onnx::importModelFile(input, options, graph, error))
    return fail(error);
  return printGraph(graph, os);
}

bool importAIR(llvm::raw_ostream &os) {
  ::ge::Graph graph;
  std::string error;
  return gemlir::air::importGraphFile(input, graph, error) ? printGraph(graph, os) : fail(error);
}

bool exportAIR(llvm::raw_ostream &os) {
  return withContext([&](MLIRContext &context) {
    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(input, ParserConfig(&context));
    ::ge::Graph graph;
    if (!module || failed(gemlir::exportGraph(*module, graph)))
      return false;
    const std::vector<uint8_t> bytes =
        gemlir::air::exportGraph(graph, airText ? gemlir::air::Format::Text : gemlir::air::Format::Binary);
    os.write(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    return true;
  });
}

bool printOM(llvm::raw_ostream &os) {
  auto file = llvm::MemoryBuffer::getFile(input, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return fail(input + ": " + file.getError().message());
  std::ostringstream text;
  if (gemlir::Error error = gemlir::model::printOM((*file)->getBufferStart(), (*file)->getBufferSize(), text))
    return fail(input + ": " + error.text());
  os << text.str();
  return true;
}

bool run(llvm::raw_ostream &os) {
  if (action == Action::ListONNX) {
    for (llvm::StringRef name : mlir::ge::getSupportedONNXOperators())
      os << name << "\n";
    return true;
  }
  if (input.empty())
    return fail("no input file");
  switch (action) {
  case Action::ImportONNX: return importONNX(os);
  case Action::ImportAIR: return importAIR(os);
  case Action::ExportAIR: return exportAIR(os);
  default: return printOM(os);
  }
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "models from and to text\n");
  std::string error;
  std::unique_ptr<llvm::ToolOutputFile> file = openOutputFile(output, &error);
  if (!file)
    return fail(error), 1;
  if (!run(file->os()))
    return 1;
  file->keep();
  return 0;
}
