//===- PipelineSteps.cpp - a pass pipeline, one pass at a time -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelineSteps.h"

#include "ge-mlir/Compiler/Registration.h"

#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include <mutex>

using namespace mlir;
using namespace gemlir;

LogicalResult PipelineStep::run(ModuleOp module, llvm::function_ref<void(PassManager &)> setUp) const {
  // Steps are text, and text needs the registry of passes.
  static std::once_flag registered;
  std::call_once(registered, registerPasses);
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  setUp(pm);
  StringRef body = StringRef(pipeline).drop_front(strlen("builtin.module(")).drop_back();
  std::string why;
  llvm::raw_string_ostream os(why);
  if (failed(parsePassPipeline(body, pm, os)))
    return module.emitError() << "pipeline '" << pipeline << "' cannot be parsed: " << StringRef(why).trim();
  return pm.run(module);
}

std::string gemlir::loadPassPlugin(const std::string &file) {
  llvm::Expected<PassPlugin> plugin = PassPlugin::load(file);
  if (!plugin)
    return llvm::toString(plugin.takeError());
  plugin->registerPassRegistryCallbacks();
  return {};
}

/// The position behind the item of a pipeline's text that starts at `begin`: the
/// next comma or the end, options and nested pipelines left out.
static size_t findItemEnd(StringRef text, size_t begin) {
  int depth = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    if (StringRef("({[").contains(text[i]))
      ++depth;
    else if (StringRef(")}]").contains(text[i]))
      --depth;
    else if (text[i] == ',' && depth == 0)
      return i;
  }
  return text.size();
}

/// Appends the passes of `text`, a list of passes and nested pipelines.
static void split(StringRef text, const std::string &prefix, const std::string &suffix,
                  std::vector<PipelineStep> &steps) {
  for (size_t begin = 0; begin < text.size();) {
    size_t end = findItemEnd(text, begin);
    StringRef item = text.slice(begin, end).trim();
    StringRef name = item.take_until([](char c) { return c == '(' || c == '{'; });
    StringRef rest = item.drop_front(name.size());
    if (rest.consume_front("("))
      split(rest.drop_back(), prefix + name.str() + "(", ")" + suffix, steps);
    else if (!item.empty())
      steps.push_back({name.trim().str(), prefix + item.str() + suffix});
    begin = end + 1;
  }
}

std::vector<PipelineStep> gemlir::splitPipeline(OpPassManager &pm) {
  std::string text;
  llvm::raw_string_ostream os(text);
  pm.printAsTextualPipeline(os);
  std::vector<PipelineStep> steps;
  split(text, "", "", steps);
  return steps;
}

bool gemlir::insertSteps(std::vector<PipelineStep> &steps, StringRef after, StringRef text) {
  std::vector<PipelineStep> inserted, result;
  split(text, "builtin.module(", ")", inserted);
  for (PipelineStep &step : inserted)
    step.isInserted = true;
  bool found = false;
  for (const PipelineStep &step : steps) {
    result.push_back(step);
    if (step.pass != after)
      continue;
    result.insert(result.end(), inserted.begin(), inserted.end());
    found = true;
  }
  steps = std::move(result);
  return found;
}
