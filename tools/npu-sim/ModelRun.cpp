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
#include "Timeline.h"
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

/// All launches, one after the other.
Timeline joinLaunches(const std::string &title, const std::vector<runtime::LaunchProfile> &launches) {
  Timeline timeline;
  timeline.title = title;
  for (const runtime::LaunchProfile &launch : launches)
    if (launch.result)
      timeline.reserve(*launch.result);
  for (const runtime::LaunchProfile &launch : launches)
    if (launch.result)
      timeline.add(*launch.result, launch.kernel, launch.origin, launch.unit);
  return timeline;
}

/// Executes a model of an NPU once.
Error execute(runtime::Model &model, const std::string &path, const runtime::SimulationOptions &simulation,
              const ModelReport &wanted, std::vector<runtime::LaunchProfile> &launches) {
  std::vector<NpyArray> inputs;
  run::Options generated;
  generated.inputShapes = wanted.inputShapes;
  if (Error error = run::makeInputs(model, generated, inputs))
    return error;
  std::vector<runtime::InputBuffer> buffers;
  for (const NpyArray &input : inputs)
    buffers.push_back({input.data.data(), input.data.size(), input.shape});
  Outputs outputs;
  runtime::ExecOptions options;
  options.profile = &launches;
  options.threads = wanted.threads;
  options.simulation = simulation;
  if (Error error = model.execute(buffers, outputs.buffers, options))
    return error;
  if (!launches.empty() && std::none_of(launches.begin(), launches.end(),
                                        [](const runtime::LaunchProfile &launch) { return launch.result != nullptr; }))
    return Error(ErrorCode::Unsupported, "'" + path + "' is a model for the host, expected one for an NPU");
  return Error::success();
}

} // namespace

Error measureModel(const std::string &path, ModelCost &cost) {
  std::shared_ptr<runtime::Model> model;
  if (Error error = runtime::Model::loadFromFile(path, {}, model))
    return error;
  runtime::SimulationOptions simulation;
  simulation.timing = true;
  std::vector<runtime::LaunchProfile> launches;
  if (Error error = execute(*model, path, simulation, ModelReport(), launches))
    return error;
  run::KernelProfile all;
  for (const runtime::LaunchProfile &launch : launches) {
    if (launch.result)
      all.add(*launch.result);
    cost.aicpuLaunches += launch.unit == "aicpu";
  }
  auto share = [](double part, uint64_t whole) { return whole ? part / double(whole) : 0; };
  cost.cycles = all.cycles;
  cost.cubeUse = share(all.total.cubeCycles, all.cubeCoreCycles);
  cost.vectorUse = share(double(all.total.busy[unsigned(engine::Queue::V)]), all.vectorCoreCycles);
  cost.bytesRead = all.bytesRead;
  cost.bytesWritten = all.bytesWritten;
  return Error::success();
}

Error runModel(const std::string &path, const runtime::SimulationOptions &simulation, const ModelReport &wanted) {
  std::shared_ptr<runtime::Model> model;
  if (Error error = runtime::Model::loadFromFile(path, {}, model))
    return error;
  std::vector<runtime::LaunchProfile> launches;
  const auto start = std::chrono::steady_clock::now();
  if (Error error = execute(*model, path, simulation, wanted, launches))
    return error;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::vector<run::KernelProfile> kernels = run::summarize(launches);
  run::print(kernels, 1);
  uint64_t cycles = 0, instructions = 0, coreCycles = 0;
  for (const run::KernelProfile &kernel : kernels) {
    cycles += kernel.cycles;
    instructions += kernel.total.instructions;
    coreCycles += kernel.total.cycles;
  }
  std::printf("%zu launches, %" PRIu64 " instructions", launches.size(), instructions);
  if (simulation.timing)
    std::printf(", %" PRIu64 " cycles", cycles);
  std::printf("\n");
  if (wanted.speed)
    std::printf("%.1f million instructions, %.1f million core-cycles per second\n",
                double(instructions) / seconds / 1e6, double(coreCycles) / seconds / 1e6);
  if (simulation.trace) {
    const Timeline timeline = joinLaunches(model->name(), launches);
    if (!wanted.trace.empty())
      if (Error error = writeText(wanted.trace, timeline.all.traceJson()))
        return error;
    if (!wanted.timeline.empty())
      if (Error error = writeText(wanted.timeline, drawTimeline(timeline, wanted.view, isPage(wanted.timeline))))
        return error;
  }
  if (wanted.json.empty())
    return Error::success();
  const Json report = {{"model", model->name()},
                       {"launches", launches.size()},
                       {"instructions", instructions},
                       {"cycles", cycles},
                       {"kernels", run::toJson(kernels, 1)}};
  return writeText(wanted.json, report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

} // namespace gemlir
