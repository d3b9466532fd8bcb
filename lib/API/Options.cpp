//===- Options.cpp - options of sessions, builds and parsers --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "DumpGraph.h"
#include "ge-mlir/Graph/ErrorMessage.h"
#include "ge-mlir/Graph/GraphImpl.h"
#include "ge-mlir/Import/ONNX/Importer.h"
#include "ge-mlir/Support/ErrorCode.h"

#include <algorithm>
#include <filesystem>

namespace ir = ge::ir_option;

namespace gemlir::api {
namespace {

/// Bits of OptionScope.
enum : unsigned { kSession = 1, kInitialize = 2, kBuild = 4, kParse = 8 };
enum class Effect { Works, Ignored, Refused };

struct OptionEntry {
  const char *key;
  unsigned scopes;
  Effect effect;
  const char *values; ///< separated by |; empty for any, or, if refused, for none
  const char *text;
};

const OptionEntry kOptions[] = {
#define GE_OPTION(KEY, SCOPES, EFFECT, VALUES, TEXT) {KEY, SCOPES, Effect::EFFECT, VALUES, TEXT},
#include "Options.def"
#undef GE_OPTION
};

const OptionEntry *findOption(const std::string &key) {
  for (const OptionEntry &entry : kOptions)
    if (key == entry.key)
      return &entry;
  return nullptr;
}

/// Whether `value` is one of those that the entry lists.
bool isListed(const OptionEntry &entry, const std::string &value) {
  const std::string list = std::string("|") + entry.values + "|";
  return value.find('|') == std::string::npos && list.find("|" + value + "|") != std::string::npos;
}

bool isKnown(OptionScope scope, const std::string &key) {
  const OptionEntry *entry = findOption(key);
  if (!entry)
    return false;
  switch (scope) {
  case OptionScope::Session: return entry->scopes & kSession;
  case OptionScope::BuildInitialize: return entry->scopes & kInitialize;
  case OptionScope::BuildModel: return entry->scopes & kBuild;
  case OptionScope::Parse: return entry->scopes & kParse;
  }
  return false;
}

const char *nameOf(OptionScope scope) {
  switch (scope) {
  case OptionScope::Session: return "a session";
  case OptionScope::BuildInitialize: return "aclgrphBuildInitialize";
  case OptionScope::BuildModel: return "aclgrphBuildModel";
  case OptionScope::Parse: return "a parser";
  }
  return "";
}

bool checkValue(const std::string &key, const std::string &value) {
  const OptionEntry *entry = findOption(key);
  if (!entry || entry->effect == Effect::Refused || !*entry->values || value.empty() || isListed(*entry, value))
    return true;
  std::string expected = entry->values;
  for (size_t at = 0; (at = expected.find('|', at)) != std::string::npos; at += 2)
    expected.replace(at, 1, ", ");
  reportError("E10006", "option '" + key + "' has the value '" + value + "', expected one of " + expected);
  return false;
}

/// Reads the gears that one of the options asks for, if any.
::ge::Status readGears(const Options &options, GearOptions &gears) {
  const std::pair<const char *, model::GearKind> keys[] = {{ir::DYNAMIC_BATCH_SIZE, model::GearKind::Batch},
                                                           {ir::DYNAMIC_IMAGE_SIZE, model::GearKind::ImageSize},
                                                           {ir::DYNAMIC_DIMS, model::GearKind::Dims}};
  const char *given = nullptr;
  for (const auto &entry : keys) {
    const std::string text = getOption(options, {entry.first});
    if (text.empty())
      continue;
    if (given) {
      reportError("E10009", std::string("options '") + given + "' and '" + entry.first +
                                "' are both given, expected one kind of gears");
      return ::ge::PARAM_INVALID;
    }
    given = entry.first;
    std::string why;
    if (parseGears(entry.second, text, gears, why))
      continue;
    reportErrorWithCode(std::string("option '") + entry.first + "': " + why, "E10018");
    return ::ge::PARAM_INVALID;
  }
  return ::ge::SUCCESS;
}

} // namespace

bool readOptions(const AscendMap &from, OptionScope scope, Options &to) {
  Options result;
  for (const auto &option : from) {
    const std::string key = option.first.GetString();
    const std::string value = option.second.GetString();
    if (key.empty()) {
      reportError("E10001", "an option has an empty key");
      return false;
    }
    if (scope == OptionScope::Session && key == "ge.autoTuneMode" && !value.empty()) {
      reportError("E10060", "option 'ge.autoTuneMode' is no longer supported");
      return false;
    }
    if (!isKnown(scope, key)) {
      const std::string text = "option '" + key + "' with the value '" + value + "' is not one of " + nameOf(scope);
      if (scope != OptionScope::Session) {
        reportError("E10001", text);
        return false;
      }
      reportWarning("W11001", text + " and is ignored");
    }
    if (!checkValue(key, value))
      return false;
    result[key] = value;
  }
  to = std::move(result);
  return true;
}

Options mergeOptions(const Options &under, const Options &over) {
  Options result = over;
  result.insert(under.begin(), under.end());
  return result;
}

std::string getOption(const Options &options, std::initializer_list<const char *> keys) {
  for (const char *key : keys) {
    auto it = options.find(key);
    if (it != options.end() && !it->second.empty())
      return it->second;
  }
  return "";
}

void reportErrorWithCode(std::string text, const char *otherwise) {
  const std::string code = takeErrorCode(text);
  reportError(code.empty() ? otherwise : code.c_str(), text);
}

::ge::Status toCompileOptions(const Options &options, CompileOptions &result) {
  for (const auto &option : options) {
    const OptionEntry *entry = findOption(option.first);
    if (!entry || entry->effect != Effect::Refused || option.second.empty() || isListed(*entry, option.second))
      continue;
    reportError("E10055", "option '" + option.first + "' with the value '" + option.second +
                              "' is not supported: " + entry->text);
    return ::ge::UNSUPPORTED;
  }
  if (::ge::Status status = readGears(options, result.gears); status != ::ge::SUCCESS)
    return status;
  const std::string mode = getOption(options, {ir::PRECISION_MODE}),
                    newer = getOption(options, {ir::PRECISION_MODE_V2});
  if (!mode.empty() && !newer.empty()) {
    reportError("E10009", std::string("options '") + ir::PRECISION_MODE + "' and '" + ir::PRECISION_MODE_V2 +
                              "' are both given, expected one of them");
    return ::ge::PARAM_INVALID;
  }
  if (const std::string &asked = mode.empty() ? newer : mode;
      !asked.empty() && !parsePrecisionMode(asked, result.precision)) {
    reportError("E10055", "precision mode '" + asked + "' is not supported: the device has no such element type");
    return ::ge::UNSUPPORTED;
  }
  const std::string external = getOption(options, {"ge.externalWeight"});
  result.weights = external == "1"   ? model::WeightPlacement::Separate
                   : external == "2" ? model::WeightPlacement::Combined
                                     : model::WeightPlacement::Embedded;
  result.weightDirectory = getOption(options, {"ge.externalWeightDir"});
  std::error_code ignored;
  if (!result.weightDirectory.empty()) // models remember it while the process may move on
    result.weightDirectory = std::filesystem::absolute(result.weightDirectory, ignored).lexically_normal().string();
  // Files of their own that nobody asked to keep come back into a saved model.
  result.embedWeightsWhenSaved = external == "1" && result.weightDirectory.empty();
  const std::string device = getOption(options, {"ge.socVersion"});
  if (!device.empty())
    result.device = device;
  const std::string shapes = getOption(options, {ir::INPUT_SHAPE, "ge.inputShape"});
  std::string why;
  if (!shapes.empty() && !onnx::parseInputShapes(shapes, result.inputShapes, why)) {
    reportErrorWithCode("the input shapes '" + shapes + "' are wrong: " + why, "E10002");
    return ::ge::PARAM_INVALID;
  }
  return ::ge::SUCCESS;
}

::ge::Status compileGraph(const ::ge::Graph &graph, uint32_t graphId, const Options &options, WeightFolder &folder,
                          ::ge::ModelBufferData &model) {
  const auto &impl = ::ge::GraphAccess::get(graph);
  if (!graph.IsValid() || impl->outputs.empty()) {
    const bool hasNetOutput = std::any_of(impl->nodes.begin(), impl->nodes.end(),
                                          [](const auto &node) { return node->desc->type == "NetOutput"; });
    if (!graph.IsValid() || !hasNetOutput) {
      reportError("E10001", "graph '" + impl->name + "' is not valid: it has " + std::to_string(impl->nodes.size()) +
                                " operators and " + std::to_string(impl->outputs.size()) + " outputs" +
                                (impl->broken ? ", and its construction failed" : ""));
      return ::ge::PARAM_INVALID;
    }
  }
  CompileOptions compileOptions;
  const ::ge::Status status = toCompileOptions(options, compileOptions);
  if (status != ::ge::SUCCESS)
    return status;
  compileOptions.modelName = impl->name;
  if (compileOptions.weights != model::WeightPlacement::Embedded && compileOptions.weightDirectory.empty())
    compileOptions.weightDirectory = folder.path();
  GraphDumper dumper(graphId);
  dumper.dump(GraphDumper::kBegin, graph);
  auto compiled = std::make_shared<CompiledModel>();
  CompileError error;
  if (!compile(graph, compileOptions, *compiled, error)) {
    const char *code = error.code.empty() ? "E19999" : error.code.c_str();
    reportError(code, (error.node.empty() ? "" : "node '" + error.node + "': ") + error.text);
    return ::ge::FAILED;
  }
  if (!compiled->warnings.empty())
    reportWarning("W11001", compiled->warnings);
  model::OMView view;
  if (!model::readOM(compiled->bytes.data(), compiled->bytes.size(), view))
    dumper.dump(GraphDumper::kBuild, view.modelDef.data, view.modelDef.size);
  model.length = compiled->bytes.size();
  model.data = std::shared_ptr<uint8_t>(compiled, compiled->bytes.data());
  return ::ge::SUCCESS;
}

} // namespace gemlir::api
