//===- Explain.cpp - why a node's kernel is as it is -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Explain.h"

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Runtime/Model.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <cstdio>

using namespace gemlir;

/// Whether a list of nodes, separated by commas, has one.
static bool hasNode(const std::string &nodes, const std::string &node) {
  return ("," + nodes + ",").find("," + node + ",") != std::string::npos;
}

/// Executes the model with inputs of zeros; only time passes, but for AICPU kernels.
static Error simulate(const CompiledModel &compiled, std::vector<runtime::LaunchProfile> &launches) {
  std::shared_ptr<runtime::Model> model;
  runtime::LoadOptions loading;
  loading.allowHostKernels = true; // which this process has just made
  if (Error error = runtime::Model::loadFromMemory(compiled.bytes.data(), compiled.bytes.size(), loading, model))
    return error;
  std::vector<std::vector<uint8_t>> memory;
  std::vector<runtime::InputBuffer> inputs;
  for (const runtime::TensorInfo &info : model->inputs()) {
    int64_t count = 1;
    for (int64_t size : info.dims) {
      if (size < 0)
        return Error(ErrorCode::Unsupported, "the shape of input '" + info.name + "' is open, expected --input_shape");
      count *= size;
    }
    memory.emplace_back(size_t(model::getByteSize(info.dataType, count)));
    inputs.push_back({memory.back().data(), memory.back().size(), info.dims});
  }
  std::vector<runtime::OutputBuffer> outputs;
  runtime::ExecOptions options;
  options.profile = &launches;
  options.simulation.functional = false;
  options.simulation.timing = true;
  Error error = model->execute(inputs, outputs, options);
  for (runtime::OutputBuffer &output : outputs)
    runtime::freeOutput(output.data);
  return error;
}

/// Those of the cube have depths, too.
static std::string describeTiles(const std::vector<TileCandidate> &tiles, bool isCube) {
  std::string text = isCube ? "      rows columns  staged    step  predicted\n" : "      rows columns  predicted\n";
  for (size_t i = 0; i < tiles.size(); ++i) {
    char sides[64], depths[64] = "", line[192];
    snprintf(sides, sizeof(sides), "%7lld %7lld", (long long)tiles[i].rows, (long long)tiles[i].columns);
    if (isCube)
      snprintf(depths, sizeof(depths), " %7lld %7lld", (long long)tiles[i].slab, (long long)tiles[i].step);
    snprintf(line, sizeof(line), "  %c%s%s %10lld\n", i ? ' ' : '*', sides, depths, (long long)tiles[i].cycles);
    text += line;
  }
  return text;
}

bool explain(const CompiledModel &model, const std::string &deviceName, const std::string &node, std::string &text,
             std::string &error) {
  device::Description device;
  if (!device::lookup(deviceName, device, error))
    return false;
  std::vector<runtime::LaunchProfile> launches;
  if (Error failure = simulate(model, launches)) {
    error = "cannot simulate the model: " + failure.text();
    return false;
  }
  for (const KernelPlacement &kernel : model.placements)
    for (const std::string &nodes : kernel.nodes) {
      if (!hasNode(nodes, node))
        continue;
      text += kernel.kernel + ", on " + kernel.unit + ", computes " + nodes + "\n";
      if (!kernel.reason.empty())
        text += "  " + kernel.reason + "\n";
      if (!kernel.tiles.empty())
        text += describeTiles(kernel.tiles, kernel.unit == "cube");
      for (const runtime::LaunchProfile &launch : launches)
        if (launch.kernel == kernel.kernel && launch.origin == nodes && launch.result) {
          const uint64_t begin = device.aiCore->launchCycles, cycles = launch.result->cycles;
          text += "  simulated" + std::string(kernel.tiles.empty() ? "" : " *") + ": " +
                  std::to_string(cycles > begin ? cycles - begin : 0) + " cycles, and " + std::to_string(begin) +
                  " of the launch\n";
        }
    }
  if (!text.empty())
    return true;
  error = "no kernel computes node '" + node + "'; --placement lists the nodes of all kernels";
  return false;
}
