//===- CommandLine.cpp - options of ge-compile and atc -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

using namespace gemlir;

namespace {

/// Sets one option; false with a text if the value is wrong.
using Setter = std::function<bool(CommandLine &, const std::string &value, std::string &error)>;

struct Option {
  const char *name;
  const char *value; ///< placeholder in the help, null for a switch
  const char *help;
  Setter set;
};

Setter assign(std::string CommandLine::*field) {
  return [field](CommandLine &command, const std::string &value, std::string &) {
    command.*field = value;
    return true;
  };
}

/// An option of ATC whose only meaningful value here is `expected`.
Setter accept(std::initializer_list<const char *> values) {
  std::vector<std::string> known(values.begin(), values.end());
  return [known](CommandLine &, const std::string &value, std::string &error) {
    std::string list;
    for (const std::string &candidate : known) {
      if (value == candidate)
        return true;
      list += (list.empty() ? "" : ", ") + candidate;
    }
    error = "value '" + value + "' is not supported, expected " + list;
    return false;
  };
}

bool setStage(CommandLine &command, const std::string &value, std::string &error) {
  if (parseStage(value, command.stage))
    return true;
  error = "unknown stage '" + value + "', expected ge, linalg, npu, llvm, asm, obj or om";
  return false;
}

bool setThreads(CommandLine &command, const std::string &value, std::string &error) {
  char *end = nullptr;
  unsigned long count = strtoul(value.c_str(), &end, 10);
  if (!value.empty() && *end == '\0' && count <= 1024) {
    command.threads = count;
    return true;
  }
  error = "expected a number of threads up to 1024, but got '" + value + "'";
  return false;
}

Setter setGears(model::GearKind kind) {
  return [kind](CommandLine &command, const std::string &value, std::string &error) {
    if (command.gears.empty())
      return parseGears(kind, value, command.gears, error);
    error = "a model has one kind of gears [E10009]";
    return false;
  };
}

bool setExternalWeight(CommandLine &command, const std::string &value, std::string &error) {
  for (int placement : {0, 1, 2})
    if (value == std::to_string(placement)) {
      command.weights = model::WeightPlacement(placement);
      return true;
    }
  error = "value '" + value + "' is not supported, expected 0, 1, 2";
  return false;
}

bool setPreflight(CommandLine &command, const std::string &value, std::string &error) {
  command.preflight = true;
  command.preflightJSON = value == "json";
  if (value.empty() || value == "json" || value == "text")
    return true;
  error = "unknown form '" + value + "', expected text or json";
  return false;
}

bool setPlacement(CommandLine &command, const std::string &value, std::string &error) {
  command.placement = true;
  command.placementJSON = value == "json";
  if (value.empty() || value == "json" || value == "text")
    return true;
  error = "unknown form '" + value + "', expected text or json";
  return false;
}

bool setAllowHostKernels(CommandLine &command, const std::string &, std::string &) {
  return command.allowHostKernels = true;
}

bool setPrintAfterAll(CommandLine &command, const std::string &, std::string &) { return command.printAfterAll = true; }

bool setVerifyEach(CommandLine &command, const std::string &, std::string &) {
  return command.verifyEachNumerically = true;
}

bool addPassPlugin(CommandLine &command, const std::string &value, std::string &) {
  command.passPlugins.push_back(value);
  return true;
}

bool insertPass(CommandLine &command, const std::string &value, std::string &error) {
  size_t colon = value.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == value.size()) {
    error = "expected PASS:PIPELINE, but got '" + value + "'";
    return false;
  }
  command.insertedPasses.emplace_back(value.substr(0, colon), value.substr(colon + 1));
  return true;
}

bool setPrecision(CommandLine &command, const std::string &value, std::string &error) {
  if (parsePrecisionMode(value, command.precision))
    return true;
  error = "precision mode '" + value + "' is not supported by the device";
  return false;
}

bool setFramework(CommandLine &command, const std::string &value, std::string &error) {
  if (!accept({"1", "5"})(command, value, error))
    return false;
  command.framework = value[0] - '0';
  return true;
}

bool setATCOutput(CommandLine &command, const std::string &value, std::string &) {
  bool hasSuffix = value.size() > 3 && value.compare(value.size() - 3, 3, ".om") == 0;
  command.output = hasSuffix ? value : value + ".om";
  return true;
}

const std::vector<Option> &getOwnOptions() {
  static const std::vector<Option> options = {
      {"-o", "FILE", "write the result to FILE ('-' for standard output)", assign(&CommandLine::output)},
      {"--input_shape", "SHAPES", "shapes of inputs: \"x:1,3,224,224;y:1,16\"", assign(&CommandLine::inputShape)},
      {"--dynamic_batch_size", "SIZES", "compile for each batch of \"1,2,4\"", setGears(model::GearKind::Batch)},
      {"--dynamic_image_size", "SIZES", "compile for each height and width of \"224,224;448,448\"",
       setGears(model::GearKind::ImageSize)},
      {"--dynamic_dims", "DIMS", "compile for all open dimensions being \"1,16\" or \"2,32\", \"1,16;2,32\"",
       setGears(model::GearKind::Dims)},
      {"--external_weight", "0|1|2", "weights in the model, in one file each, or in one file", setExternalWeight},
      {"--precision_mode", "MODE", "force_fp16, allow_mix_precision, allow_mix_precision_bf16, ...", setPrecision},
      {"--device", "NAME", "a device by name, Host unless given, or its description in JSON",
       assign(&CommandLine::device)},
      {"--soc_version", "NAME", "the same under the name that ATC has for it", assign(&CommandLine::device)},
      {"--emit", "STAGE", "stop after ge, linalg, npu, llvm, asm, obj or om", setStage},
      {"--preflight", "[=json]", "only report what cannot be compiled, as text or JSON", setPreflight},
      {"--placement", "[=json]", "print which nodes run on what units of an NPU, and why", setPlacement},
      {"--explain", "NODE", "print what tiles the node's kernel could have on an NPU, and what they cost",
       assign(&CommandLine::explain)},
      {"--allow-host-kernels", nullptr, "for an NPU: what its engines cannot do becomes native code of this machine",
       setAllowHostKernels},
      {"--threads", "N", "threads of the compiler; 0 for all", setThreads},
      {"--print-after-all", nullptr, "print the IR after each pass", setPrintAfterAll},
      {"--verify-each-numerically", nullptr, "compare results after each pass; names the first that differs",
       setVerifyEach},
      {"--load-pass-plugin", "FILE", "a shared library with passes", addPassPlugin},
      {"--insert-pass", "PASS:PIPELINE", "run PIPELINE behind each PASS", insertPass},
  };
  return options;
}

const std::vector<Option> &getATCOptions() {
  static const std::vector<Option> options = {
      {"--model", "FILE", "the model to compile", assign(&CommandLine::model)},
      {"--framework", "1|5", "kind of the model: 1 for AIR, 5 for ONNX", setFramework},
      {"--output", "NAME", "the offline model; '.om' is added", setATCOutput},
      {"--soc_version", "NAME", "device to compile for", assign(&CommandLine::device)},
      {"--input_shape", "SHAPES", "shapes of inputs: \"x:1,3,224,224;y:1,16\"", assign(&CommandLine::inputShape)},
      {"--input_format", "FORMAT", "format of the inputs: NCHW or ND", accept({"NCHW", "ND"})},
      {"--mode", "0", "0: compile an offline model", accept({"0"})},
      {"--log", "LEVEL", "accepted for compatibility", accept({"debug", "info", "warning", "error", "null"})},
      {"--precision_mode", "MODE", "force_fp16, allow_mix_precision, must_keep_origin_dtype, ...", setPrecision},
      {"--precision_mode_v2", "MODE", "fp16, mixed_float16, mixed_bfloat16, origin", setPrecision},
      {"--deterministic", "0|1", "results never depend on the number of threads", accept({"0", "1"})},
      {"--disable_reuse_memory", "0", "buffers share memory", accept({"0"})},
      {"--dynamic_batch_size", "SIZES", "compile for each batch of \"1,2,4\"", setGears(model::GearKind::Batch)},
      {"--dynamic_image_size", "SIZES", "compile for each height and width of \"224,224;448,448\"",
       setGears(model::GearKind::ImageSize)},
      {"--dynamic_dims", "DIMS", "compile for all open dimensions being \"1,16\" or \"2,32\", \"1,16;2,32\"",
       setGears(model::GearKind::Dims)},
      {"--external_weight", "0|1|2", "weights in the model, in one file each, or in one file", setExternalWeight},
  };
  return options;
}

void printHelp(const char *tool, const std::vector<Option> &options, bool asATC) {
  printf("usage: %s %s\n\noptions:\n", tool,
         asATC ? "--model=MODEL.onnx --framework=5 --output=NAME --soc_version=DEVICE [options]"
               : "MODEL.onnx|MODEL.air|MODEL.mlir -o OUT.om [options]");
  for (const Option &option : options) {
    std::string left = option.name;
    if (option.value && option.value[0] == '[')
      left += option.value;
    else if (option.value)
      left += std::string(option.name[1] == '-' ? "=" : " ") + option.value;
    printf("  %-24s %s\n", left.c_str(), option.help);
  }
  printf("  %-24s %s\n", "--help", "print this text");
}

const Option *findOption(const std::vector<Option> &options, const std::string &name) {
  for (const Option &option : options)
    if (name == option.name)
      return &option;
  return nullptr;
}

} // namespace

ParseResult parseCommandLine(int argc, char **argv, bool asATC, CommandLine &command, std::string &error) {
  const std::vector<Option> &options = asATC ? getATCOptions() : getOwnOptions();
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--help" || argument == "-h") {
      printHelp(asATC ? "atc" : "ge-compile", options, asATC);
      return ParseResult::Help;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      if (asATC || !command.model.empty()) {
        error = "unexpected argument '" + argument + "'";
        return ParseResult::Error;
      }
      command.model = argument;
      continue;
    }
    size_t equals = argument.find('=');
    std::string name = argument.substr(0, equals), value;
    const Option *option = findOption(options, name);
    if (!option) {
      error = "unknown option '" + name + "' (--help lists the known ones)";
      return ParseResult::Error;
    }
    bool isOptional = option->value && option->value[0] == '[';
    if (equals != std::string::npos) {
      value = argument.substr(equals + 1);
    } else if (option->value && !isOptional) {
      if (i + 1 == argc) {
        error = "option '" + name + "' expects a value";
        return ParseResult::Error;
      }
      value = argv[++i];
    }
    std::string why;
    if (!option->set(command, value, why)) {
      error = "option '" + name + "': " + why;
      return ParseResult::Error;
    }
  }
  if (command.model.empty() || (command.output.empty() && !command.preflight)) {
    error = command.model.empty() ? "no model given"
            : asATC               ? "option '--output' is missing"
                                  : "option '-o' is missing";
    return ParseResult::Error;
  }
  return ParseResult::Run;
}
