//===- ModelRun.cpp - runs a whole model on a simulated NPU ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelRun.h"

#include "Profile.h"
#include "Tensors.h"
#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>

namespace gemlir {

using Json = nlohmann::ordered_json;

namespace {

/// Memory of the results.
struct Outputs {
  std::vector<runtime::OutputBuffer> buffers;
  ~Outputs() {
    for (runtime::OutputBuffer &buffer : buffers)
      runtime::freeOutput(buffer.data);
  }
};

Error writeText(const std::string &path, const std::string &text) {
  return model::writeFileAtomically({{reinterpret_cast<const uint8_t *>(text.data()), text.size()}}, path);
}

/// The time lines of all launches, one after the other.
std::string joinTraces(const std::vector<runtime::LaunchProfile> &launches) {
  sim::Result all;
  uint64_t begin = 0;
  for (const runtime::LaunchProfile &launch : launches) {
    if (!launch.result)
      continue;
    const sim::Result &result = *launch.result;
    for (sim::Event event : result.events) {
      event.start += begin, event.end += begin, event.done += begin;
      all.events.push_back(event);
    }
    while (all.cores.size() < result.cores.size())
      all.cores.push_back(result.cores[all.cores.size()]);
    begin += result.cycles;
  }
  return all.traceJson();
}

} // namespace

Error runModel(const std::string &path, const runtime::SimulationOptions &simulation, const std::string &trace,
               const std::string &json, bool speed) {
  std::shared_ptr<runtime::Model> model;
  std::vector<NpyArray> inputs;
  if (Error error = runtime::Model::loadFromFile(path, {}, model))
    return error;
  if (Error error = run::makeInputs(*model, run::Options(), inputs))
    return error;
  std::vector<runtime::InputBuffer> buffers;
  for (const NpyArray &input : inputs)
    buffers.push_back({input.data.data(), input.data.size(), input.shape});
  Outputs outputs;
  std::vector<runtime::LaunchProfile> launches;
  runtime::ExecOptions options;
  options.profile = &launches;
  options.simulation = simulation;
  const auto start = std::chrono::steady_clock::now();
  if (Error error = model->execute(buffers, outputs.buffers, options))
    return error;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!launches.empty() && std::none_of(launches.begin(), launches.end(), [](const runtime::LaunchProfile &launch) {
        return launch.result != nullptr;
      }))
    return Error(ErrorCode::Unsupported, "'" + path + "' is a model for the host, expected one for an NPU");
  const std::vector<run::KernelProfile> kernels = run::summarize(launches);
  run::print(kernels, 1);
  uint64_t cycles = 0, instructions = 0;
  for (const run::KernelProfile &kernel : kernels) {
    cycles += kernel.cycles;
    instructions += kernel.instructions;
  }
  std::printf("%zu launches, %" PRIu64 " instructions", launches.size(), instructions);
  if (simulation.timing)
    std::printf(", %" PRIu64 " cycles", cycles);
  std::printf("\n");
  if (speed)
    std::printf("%.1f million instructions per second\n", double(instructions) / seconds / 1e6);
  if (!trace.empty())
    if (Error error = writeText(trace, joinTraces(launches)))
      return error;
  if (json.empty())
    return Error::success();
  const Json report = {{"model", model->name()},
                       {"launches", launches.size()},
                       {"instructions", instructions},
                       {"cycles", cycles},
                       {"kernels", run::toJson(kernels, 1)}};
  return writeText(json, report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

} // namespace gemlir
