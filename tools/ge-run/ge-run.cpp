//===- ge-run.cpp - execution of offline models ---------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Profile.h"
#include "Tensors.h"
#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Model/OM.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace gemlir;
using namespace gemlir::run;
using namespace gemlir::runtime;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

namespace {

double millisecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

class Runner {
public:
  explicit Runner(const Options &options) : options(options) {}
  ~Runner() {
    for (OutputBuffer &output : outputs)
      freeOutput(output.data);
  }

  Error run();
  bool allClose = true;

private:
  Error execute();
  Error writeOutputs();
  Error compareOutputs();
  Error writeJson();
  void printTimes();
  void printProfile();
  NpyArray getOutput(size_t index) const;
  double quantile(double fraction) const;

  const Options &options;
  std::shared_ptr<Model> model;
  std::vector<NpyArray> inputs;
  std::vector<OutputBuffer> outputs;
  std::vector<std::string> fileNames;
  std::vector<double> times; ///< in ms, sorted
  double loadTime = 0;
  std::vector<LaunchProfile> profile;
  Json report = Json::object();
};

Error Runner::run() {
  LoadOptions loadOptions;
  loadOptions.verifyWeights = options.verify;
  loadOptions.allowHostKernels = options.allowHostKernels;
  auto begin = Clock::now();
  if (Error error = Model::loadFromFile(options.model, loadOptions, model))
    return error;
  loadTime = millisecondsSince(begin);
  if (Error error = makeInputs(*model, options, inputs))
    return error;
  if (Error error = execute())
    return error;
  fileNames = makeFileNames(model->outputs());
  if (Error error = writeOutputs())
    return error;
  if (Error error = compareOutputs())
    return error;
  printTimes();
  if (options.profile)
    printProfile();
  return options.jsonFile.empty() ? Error::success() : writeJson();
}

Error Runner::execute() {
  std::vector<InputBuffer> buffers;
  for (const NpyArray &input : inputs)
    buffers.push_back({input.data.data(), input.data.size(), input.shape});
  ExecOptions execOptions;
  execOptions.threads = options.threads;
  execOptions.spinMicroseconds = options.spin;
  execOptions.simulation.timing = options.profile;
  execOptions.simulation.races = options.races;
  for (unsigned i = 0; i < options.warmup + options.iterations; ++i) {
    bool isTimed = i >= options.warmup;
    execOptions.profile = isTimed && options.profile ? &profile : nullptr;
    auto begin = Clock::now();
    // The first execution allocates the outputs, the others reuse them.
    if (Error error = model->execute(buffers, outputs, execOptions))
      return error;
    if (isTimed)
      times.push_back(millisecondsSince(begin));
  }
  std::sort(times.begin(), times.end());
  return Error::success();
}

NpyArray Runner::getOutput(size_t index) const {
  const OutputBuffer &output = outputs[index];
  auto *begin = static_cast<const uint8_t *>(output.data);
  NpyArray array;
  array.dataType = model->outputs()[index].dataType;
  array.shape = output.dims;
  int64_t count = 1;
  for (int64_t dim : output.dims)
    count *= dim;
  int64_t size = model::getByteSize(array.dataType, count);
  array.data.assign(begin, begin + std::min<int64_t>(size, output.size));
  return array;
}

Error Runner::writeOutputs() {
  if (options.outputDir.empty())
    return Error::success();
  if (mkdir(options.outputDir.c_str(), 0777) && errno != EEXIST)
    return Error(ErrorCode::FileWrite, "cannot create '" + options.outputDir + "': " + std::strerror(errno));
  for (size_t i = 0; i < outputs.size(); ++i) {
    NpyArray array = getOutput(i);
    std::string path = options.outputDir + "/" + fileNames[i];
    Error error = hasNpyType(array.dataType)
                      ? writeNpy(path, array.dataType, array.shape, array.data.data())
                      : model::writeFileAtomically({{array.data.data(), array.data.size()}}, path);
    if (error)
      return error;
  }
  return Error::success();
}

Error Runner::compareOutputs() {
  for (const auto &[name, file] : options.expectedFiles) {
    size_t index = 0;
    while (index < outputs.size() && model->outputs()[index].name != name)
      ++index;
    if (index == outputs.size())
      return Error(ErrorCode::OutputMismatch, "the model has no output '" + name + "'");
    NpyArray expected;
    if (Error error = readNpy(file, expected))
      return error;
    Comparison result;
    if (Error error = compare(getOutput(index), expected, options.tolerance, result))
      return Error(error.code(), "output '" + name + "': " + error.text());
    std::printf("output '%s': %s, largest error %.3g, %zu of %zu wrong\n", name.c_str(),
                result.isClose ? "close" : "DIFFERENT", result.maxError, result.wrong, result.count);
    allClose &= result.isClose;
    report["comparisons"].push_back({{"name", name},
                                     {"close", result.isClose},
                                     {"max_error", result.maxError},
                                     {"wrong", result.wrong},
                                     {"count", result.count}});
  }
  return Error::success();
}

double Runner::quantile(double fraction) const {
  // Between two neighbours where the fraction falls between them.
  double position = fraction * double(times.size() - 1);
  size_t index = size_t(position);
  if (index + 1 == times.size())
    return times[index];
  return times[index] + (times[index + 1] - times[index]) * (position - double(index));
}

void Runner::printTimes() {
  for (size_t i = 0; i < outputs.size(); ++i)
    std::printf("output '%s' %s%s\n", model->outputs()[i].name.c_str(),
                model::getDataTypeName(model->outputs()[i].dataType), toString(outputs[i].dims).c_str());
  std::printf("%zu executions: min %.3f ms, median %.3f ms, p90 %.3f ms\n", times.size(), times.front(), quantile(0.5),
              quantile(0.9));
}

void Runner::printProfile() {
  const std::vector<KernelProfile> kernels = summarize(profile);
  print(kernels, times.size());
  report["profile"] = toJson(kernels, times.size());
}

Error Runner::writeJson() {
  auto describe = [](const model::TensorInfo &info, const std::vector<int64_t> &shape) {
    return Json{{"name", info.name},
                {"type", model::getDataTypeName(info.dataType)},
                {"format", model::getFormatName(info.format)},
                {"shape", shape}};
  };
  Json json = {{"model", model->name()}, {"inputs", Json::array()}, {"outputs", Json::array()}};
  for (size_t i = 0; i < inputs.size(); ++i) {
    Json input = describe(model->inputs()[i], inputs[i].shape);
    auto file = options.inputFiles.find(model->inputs()[i].name);
    if (file != options.inputFiles.end())
      input["file"] = file->second;
    else
      input["seed"] = options.seed;
    json["inputs"].push_back(input);
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    Json output = describe(model->outputs()[i], outputs[i].dims);
    if (!options.outputDir.empty())
      output["file"] = fileNames[i];
    json["outputs"].push_back(output);
  }
  json["threads"] = options.threads ? options.threads : getAvailableThreads();
  json["warmup"] = options.warmup;
  json["iterations"] = options.iterations;
  json["load_ms"] = loadTime;
  json["min_ms"] = times.front();
  json["median_ms"] = quantile(0.5);
  json["p90_ms"] = quantile(0.9);
  json.update(report);
  // Names come from models and need not be valid text.
  std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  auto *begin = reinterpret_cast<const uint8_t *>(text.data());
  return model::writeFileAtomically({{begin, text.size()}}, options.jsonFile);
}

} // namespace

int main(int argc, char **argv) {
  Options options;
  if (Error error = parseOptions(argc, argv, options)) {
    std::fprintf(stderr, "ge-run: error: %s\n%s", error.text().c_str(), kUsage);
    return 1;
  }
  if (options.help) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  Runner runner(options);
  if (Error error = runner.run()) {
    std::fprintf(stderr, "ge-run: error: %s\n", error.text().c_str());
    return 1;
  }
  if (std::fflush(stdout) || std::ferror(stdout)) {
    std::fprintf(stderr, "ge-run: error: cannot write standard output: %s\n", std::strerror(errno));
    return 1;
  }
  return runner.allClose ? 0 : 2;
}
