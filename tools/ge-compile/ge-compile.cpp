//===- ge-compile.cpp - model to offline model -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One program under two names: `ge-compile` with its own options, and `atc` with
// those of Ascend's tensor compiler.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Explain.h"

#include "ge-mlir/Compiler/Compiler.h"
#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Import/ONNX/Importer.h"
#include "ge-mlir/Model/OM.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gemlir;

namespace {

/// A file mapped for reading.
class MappedInput {
public:
  ~MappedInput() {
    if (data)
      munmap(data, size);
  }
  bool open(const std::string &path, std::string &error) {
    int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size == 0) {
      error = path + ": " + (fd < 0 ? strerror(errno) : "not a file with content");
      if (fd >= 0)
        close(fd);
      return false;
    }
    size = info.st_size;
    data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (data == MAP_FAILED) {
      data = nullptr;
      error = path + ": " + strerror(errno);
      return false;
    }
    return true;
  }
  const char *bytes() const { return static_cast<const char *>(data); }
  size_t length() const { return size; }

private:
  void *data = nullptr;
  size_t size = 0;
};

} // namespace

static bool endsWith(const std::string &text, const char *suffix) {
  size_t length = strlen(suffix);
  return text.size() >= length && text.compare(text.size() - length, length, suffix) == 0;
}

static std::string directoryOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

/// Placements and tiles are those of NPUs.
static bool checkDevice(const CommandLine &command, std::string &error) {
  device::Description device;
  if ((!command.placement && command.explain.empty()) || !device::lookup(command.device, device, error))
    return error.empty();
  if (device.kind != device::Kind::AICore)
    error = "found device '" + device.name + "', expected an NPU for --placement and --explain";
  return error.empty();
}

static bool writeResult(const CompiledModel &model, bool isModel, const std::string &path, std::string &error) {
  if (path == "-") {
    if (fwrite(model.bytes.data(), 1, model.bytes.size(), stdout) == model.bytes.size() && fflush(stdout) == 0)
      return true;
    error = std::string("standard output: ") + strerror(errno);
    return false;
  }
  Error failure = isModel ? model::saveOM(model.bytes.data(), model.bytes.size(), path)
                          : model::writeFileAtomically({{model.bytes.data(), model.bytes.size()}}, path);
  error = failure.text();
  return !failure;
}

static int compileFile(const char *tool, const CommandLine &command) {
  auto fail = [&](const std::string &text) {
    fprintf(stderr, "%s: error: %s\n", tool, text.c_str());
    return 1;
  };
  CompileOptions options;
  options.device = command.device;
  options.stopAfter = command.stage;
  options.printAfterAll = command.printAfterAll;
  options.threads = command.threads;
  options.verifyEachNumerically = command.verifyEachNumerically;
  options.passPlugins = command.passPlugins;
  options.insertedPasses = command.insertedPasses;
  options.preflight = command.preflight;
  options.allowHostKernels = command.allowHostKernels;
  if (!command.explain.empty())
    options.tileCandidates = kExplainedTiles;
  std::string error;
  if (!onnx::parseInputShapes(command.inputShape, options.inputShapes, error))
    return fail(error);
  if (!checkDevice(command, error))
    return fail(error);
  options.gears = command.gears;
  options.precision = command.precision;
  options.weights = command.weights;
  if (command.weights != model::WeightPlacement::Embedded) {
    if (command.output == "-")
      return fail("weights in files need a model in a file, not on standard output");
    options.weightDirectory = directoryOf(command.output) + "/weight";
  }

  MappedInput input;
  if (!input.open(command.model, error))
    return fail(error);
  CompiledModel model;
  CompileError failure;
  bool isText = endsWith(command.model, ".mlir") || endsWith(command.model, ".mlirbc");
  bool isAIR = command.framework == 1 || (!command.framework && endsWith(command.model, ".air"));
  bool compiled = isAIR ? compileAIR(input.bytes(), input.length(), options, model, failure)
                  : isText
                      ? compileModuleText(input.bytes(), input.length(), options, model, failure,
                                          command.model.substr(command.model.rfind('/') + 1))
                      : compileONNX(input.bytes(), input.length(), directoryOf(command.model), options, model, failure);
  if (command.preflight) {
    const CompileError *found = compiled ? nullptr : &failure;
    fputs(command.preflightJSON ? formatPreflightJSON(command.model, found).c_str()
                                : formatPreflightText(command.model, found).c_str(),
          stdout);
    return compiled ? 0 : 1;
  }
  fputs(model.warnings.c_str(), stderr);
  if (!compiled)
    return fail("[" + failure.code + "] " + failure.text);
  if (!writeResult(model, command.stage == Stage::OM, command.output, error))
    return fail(error);
  if (command.placement)
    fputs(command.placementJSON ? formatPlacementJSON(command.model, model.placements).c_str()
                                : formatPlacementText(command.model, model.placements).c_str(),
          stdout);
  if (command.explain.empty())
    return 0;
  std::string text;
  if (command.stage != Stage::OM)
    return fail("--explain needs a whole model, not a stage");
  if (!explain(model, command.device, command.explain, text, error))
    return fail(error);
  fputs(text.c_str(), stdout);
  return 0;
}

int main(int argc, char **argv) {
  const char *tool = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
  CommandLine command;
  std::string error;
  switch (parseCommandLine(argc, argv, strcmp(tool, "atc") == 0, command, error)) {
  case ParseResult::Help: return 0;
  case ParseResult::Error: fprintf(stderr, "%s: error: %s\n", tool, error.c_str()); return 2;
  case ParseResult::Run: break;
  }
  if (const int failed = compileFile(tool, command))
    return failed;
  if (fflush(stdout) == 0 && !ferror(stdout))
    return 0;
  fprintf(stderr, "%s: error: cannot write standard output: %s\n", tool, strerror(errno));
  return 1;
}
