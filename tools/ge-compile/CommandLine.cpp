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

bool setPreflight(CommandLine &command, const std::string &value, std::string &error) {
  command.preflight = true;
  command.preflightJSON = value == "json";
  if (value.empty() || value == "json" || value == "text")
    return true;
  error = "unknown form '" + value + "', expected text or json";
  return false;
}

bool setPrintAfterAll(CommandLine &command, const std::string &, std::string &) {
  return command.printAfterAll = true;
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
      {"--device", "NAME", "a device by name, Host unless given, or its description in JSON", assign(&CommandLine::device)},
      {"--emit", "STAGE", "stop after ge, linalg, npu, llvm, asm, obj or om", setStage},
      {"--preflight", "[=json]", "only report what cannot be compiled, as text or JSON", setPreflight},
      {"--threads", "N", "threads of the compiler; 0 for all", setThreads},
      {"--print-after-all", nullptr, "print the IR after each pass", setPrintAfterAll},
  };
  return options;
}

const std::vector<Option> &getATCOptions() {
  static const std::vector<Option> options = {
      {"--model", "FILE", "the model to compile", assign(&CommandLine::model)},
      {"--framework", "5", "kind of the model: 5 for ONNX", accept({"5"})},
      {"--output", "NAME", "the offline model; '.om' is added", setATCOutput},
      {"--soc_version", "NAME", "device to compile for", assign(&CommandLine::device)},
      {"--input_shape", "SHAPES", "shapes of inputs: \"x:1,3,224,224;y:1,16\"", assign(&CommandLine::inputShape)},
      {"--input_format", "FORMAT", "format of the inputs: NCHW or ND", accept({"NCHW", "ND"})},
      {"--mode", "0", "0: compile an offline model", accept({"0"})},
      {"--log", "LEVEL", "accepted for compatibility",
       accept({"debug", "info", "warning", "error", "null"})},
      {"--precision_mode", "MODE", "element types stay as they are", accept({"must_keep_origin_dtype", "force_fp32"})},
      {"--deterministic", "0|1", "results never depend on the number of threads", accept({"0", "1"})},
      {"--disable_reuse_memory", "0", "buffers share memory", accept({"0"})},
      {"--external_weight", "0", "weights lie in the offline model", accept({"0"})},
  };
  return options;
}

void printHelp(const char *tool, const std::vector<Option> &options, bool asATC) {
  printf("usage: %s %s\n\noptions:\n", tool,
         asATC ? "--model=MODEL.onnx --framework=5 --output=NAME --soc_version=DEVICE [options]"
               : "MODEL.onnx|MODEL.mlir -o OUT.om [options]");
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
    error = command.model.empty() ? "no model given" : asATC ? "option '--output' is missing" : "option '-o' is missing";
    return ParseResult::Error;
  }
  return ParseResult::Run;
}
