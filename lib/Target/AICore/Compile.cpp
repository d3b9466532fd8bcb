//===- Compile.cpp - kernels to the device binary of an NPU ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Conversions.h"
#include "Table.h"

#include "ge-mlir/Conversion/NPUToAICore/NPUToAICore.h"
#include "ge-mlir/Conversion/NPUToLLVM/NPUToLLVM.h"
#include "ge-mlir/Target/AICore/AICore.h"
#include "ge-mlir/Target/Host/Host.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace gemlir {
namespace aicore {

/// The device for code of its AICPU harts.
static device::Description describeAICPU(const device::Description &device) {
  device::Description result = device;
  const std::vector<std::string> &features = device.aiCore->aicpu.features;
  result.features.insert(result.features.end(), features.begin(), features.end());
  return result;
}

/// The host for code that was tiled for the NPU: scalar like that, but native.
static device::Description describeHost(const device::Description &device, const device::Description &host) {
  device::Description result = device;
  result.kind = host.kind;
  result.triple = host.triple;
  result.cpu = host.cpu;
  result.features = host.features;
  return result;
}

/// The function of a unit of the cores, if the kernel has become one.
static std::string findEntry(target::KernelUnit &unit, StringRef suffix) {
  std::string symbol = unit.name + suffix.str();
  return unit.module.lookupSymbol<LLVM::LLVMFuncOp>(symbol) ? symbol : "";
}

static uint64_t getNumber(target::KernelUnit &unit, StringRef symbol, StringRef name) {
  auto function = unit.module.lookupSymbol<LLVM::LLVMFuncOp>(symbol);
  auto attribute = function->getAttrOfType<IntegerAttr>(name);
  return attribute ? attribute.getInt() : 0;
}

namespace {

class Compilation {
public:
  Compilation(ModuleOp module, const device::Description &device, const device::Description *host,
              const target::CodegenOptions &options)
      : device(device), isNative(host), other(host ? describeHost(device, *host) : describeAICPU(device)),
        compiler(module, device, options) {}

  /// From kernels to the LLVM dialect; says what runs where.
  LogicalResult lower() {
    // The engines take what they can; a kernel that is left runs on AICPU harts.
    std::vector<std::string> reasons;
    std::vector<std::vector<std::vector<int64_t>>> tiles;
    for (target::KernelUnit &unit : compiler.units) {
      std::string reason = "the engines have no lowering for it";
      tiles.emplace_back();
      for (auto kernel : unit.module.getOps<npu::KernelOp>()) {
        if (auto found = kernel->getAttrOfType<StringAttr>(kReasonAttrName))
          reason = found.str();
        if (auto found = kernel->getAttrOfType<ArrayAttr>(kCandidatesAttrName))
          for (auto tile : found.getAsRange<DenseI64ArrayAttr>())
            tiles.back().push_back(std::vector<int64_t>(tile.asArrayRef()));
      }
      reasons.push_back(std::move(reason));
      unit.device = &other;
    }
    if (failed(compiler.runPasses([&](OpPassManager &pm) {
          buildNPUToAICorePipeline(pm, device);
          buildNPUToLLVMPipeline(pm, device);
        })))
      return failure();
    for (auto [unit, reason, candidates] : llvm::zip(compiler.units, reasons, tiles)) {
      TableEntry entry{unit.name, findEntry(unit, ".cube"), findEntry(unit, ".vector"), {}, 0, {}};
      const bool onEngines = !entry.cube.empty() || !entry.vector.empty();
      if (onEngines) {
        StringRef any = entry.cube.empty() ? entry.vector : entry.cube;
        entry.blocks = getNumber(unit, any, kBlocksAttrName);
        unit.device = &device;
      } else {
        entry.aicpu = unit.name;
      }
      placements.push_back({unit.name,
                            !onEngines             ? isNative ? "host" : "aicpu"
                            : entry.cube.empty()   ? "vector"
                            : entry.vector.empty() ? "cube"
                                                   : "mix",
                            onEngines ? "" : reason, std::move(candidates)});
      if (onEngines || !isNative)
        table.push_back(std::move(entry));
    }
    return success();
  }

  LogicalResult link(ModuleOp module, Binaries &result) {
    llvm::StringMap<Places> places;
    for (target::KernelUnit &unit : compiler.units)
      if (!isNative && unit.device == &other)
        places[unit.name].attach(unit.module, unit.loc);
    if (failed(compiler.generate(target::Output::Object)))
      return failure();
    for (const target::KernelUnit &unit : compiler.units)
      if (auto lines = places.find(unit.name); lines != places.end())
        llvm::find_if(table, [&](const TableEntry &entry) { return entry.name == unit.name; })->places =
            lines->second.read(unit.code, unit.name);
    auto onHost = [&](const target::KernelUnit &unit) { return isNative && unit.device == &other; };
    if (llvm::any_of(compiler.units, onHost) && failed(host::linkShared(compiler, onHost, module, other, result.host)))
      return failure();
    std::vector<SmallVector<char, 0>> others(2);
    std::string error;
    // Control cores access words at their multiples only.
    const std::string support = target::getMemoryFunctions(/*alignment=*/8) + conversionText;
    if (!target::generateText(support.c_str(), device, target::Output::Object, others[0], error))
      return module.emitError() << "code generation of support functions failed: " << error;
    if (!generateTable(table, device, others[1], error))
      return module.emitError() << "code generation of the table of kernels failed: " << error;
    return compiler.link([&](const target::KernelUnit &unit) { return !onHost(unit); }, std::move(others),
                         {"-static", "--no-relax", "--discard-all", "--strip-debug", "--entry=0"}, result.device);
  }

  const device::Description &device;
  /// Where kernels go that the engines do not take.
  const bool isNative;
  const device::Description other;
  target::KernelCompiler compiler;
  std::vector<TableEntry> table;
  std::vector<Placement> placements;
};

} // namespace

LogicalResult compileKernels(ModuleOp module, const device::Description &device, const device::Description *host,
                             const target::CodegenOptions &options, Binaries &result) {
  Compilation compilation(module, device, host, options);
  if (failed(compilation.lower()) || failed(compilation.link(module, result)))
    return failure();
  result.placements = std::move(compilation.placements);
  return success();
}

LogicalResult emitText(ModuleOp module, const device::Description &device, const target::CodegenOptions &options,
                       target::Output output, raw_ostream &os) {
  Compilation compilation(module, device, /*host=*/nullptr, options);
  return failed(compilation.lower()) ? failure() : compilation.compiler.emitText(output, os);
}

} // namespace aicore
} // namespace gemlir
