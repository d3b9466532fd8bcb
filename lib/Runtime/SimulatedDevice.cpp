//===- SimulatedDevice.cpp - an NPU that runs a model's kernels -----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimulatedDevice.h"
#include "FloatMode.h"

namespace gemlir::runtime {

/// Where memory that an execution brings along begins.
static constexpr uint64_t kFirstOther = uint64_t(1) << 48;

Error DeviceBinary::load(const std::string &name, model::ByteSpan bytes, std::unique_ptr<DeviceBinary> &result) {
  auto fail = [&](const std::string &text) {
    return Error(ErrorCode::ModelFormat, "the binary '" + name + "': " + text);
  };
  auto binary = std::make_unique<DeviceBinary>();
  std::string error;
  if (!binary->image.load(bytes.data, bytes.size, error))
    return fail(error);
  if (binary->image.target().empty())
    return fail("found no section .npu.target, expected the device's description");
  if (!device::fromJson(binary->image.target(), binary->device, error))
    return fail("section .npu.target: " + error);
  if (binary->device.kind != device::Kind::AICore)
    return fail("section .npu.target: found a host, expected an NPU");
  result = std::move(binary);
  return Error::success();
}

const sim::KernelEntry *DeviceBinary::find(const std::string &symbol) const {
  for (const sim::KernelEntry &kernel : image.kernels())
    if (kernel.name == symbol)
      return &kernel;
  return nullptr;
}

SimulatedDevice::SimulatedDevice(const DeviceBinary &binary)
    : binary(binary), simulator(binary.device, sim::Options()), nextLasting(sim::Simulator::kFirstBuffer),
      nextOther(kFirstOther) {
  simulator.load(binary.image);
}

void SimulatedDevice::place(const void *data, size_t size, bool writable, bool lasting) {
  if (!data || !size)
    return;
  auto *begin = static_cast<const uint8_t *>(data);
  auto known = regions.find(begin);
  if (known != regions.end() && known->second.size >= size)
    return;
  // What was there before is gone.
  for (auto it = regions.lower_bound(begin); it != regions.end() && it->first < begin + size;)
    it = regions.erase(it);
  // Guard space, so that no access goes from one to the next.
  uint64_t &next = lasting ? nextLasting : nextOther;
  regions[begin] = {size, next, writable, lasting};
  next += (size + 8191) / 4096 * 4096;
}

void SimulatedDevice::forget() {
  nextOther = kFirstOther;
  for (auto it = regions.begin(); it != regions.end();)
    it = it->second.lasting ? std::next(it) : regions.erase(it);
}

uint64_t SimulatedDevice::map(void *data, uint64_t size) {
  auto *begin = static_cast<uint8_t *>(data);
  auto next = regions.upper_bound(begin);
  if (next == regions.begin())
    return 0;
  const auto &[base, region] = *std::prev(next);
  const uint64_t offset = uint64_t(begin - base);
  if (offset > region.size || size > region.size - offset)
    return 0;
  simulator.mapAt(region.address + offset, data, size, region.writable);
  return region.address + offset;
}

/// What a thread of the pool does: its harts of a launch.
static void runHarts(void *const *data, const int64_t *, int64_t begin, int64_t end, void *) {
  FloatMode mode(/*flush=*/false);
  const auto &work = *static_cast<const std::function<void(unsigned)> *>(data[0]);
  for (int64_t i = begin; i < end; ++i)
    work(unsigned(i));
}

Error SimulatedDevice::launch(const sim::KernelEntry &kernel, const Operands &operands, int64_t tiles,
                              const ExecOptions &options, unsigned threads, sim::Result &result) {
  auto fail = [&](const std::string &text) {
    return Error(ErrorCode::Execution, "kernel '" + kernel.name + "': " + text);
  };
  sim::Options simulation;
  simulation.functional = options.simulation.functional;
  simulation.timing = options.simulation.timing || options.simulation.trace;
  simulation.races = options.simulation.races;
  simulation.trace = options.simulation.trace;
  if (threads > 1)
    simulation.parallel = [&](unsigned count, const std::function<void(unsigned)> &work) {
      void *data[] = {const_cast<std::function<void(unsigned)> *>(&work)};
      ThreadPool::get().run({runHarts, data, nullptr, count}, threads, options.spinMicroseconds.value_or(0));
    };
  simulator.setOptions(simulation);
  simulator.unmap();
  std::vector<uint64_t> buffers;
  for (size_t i = 0; i < operands.count; ++i) {
    const uint64_t size = operands.data[i] ? uint64_t(operands.sizes[i]) : 0;
    buffers.push_back(size ? map(operands.data[i], size) : 0);
    if (size && !buffers.back())
      return fail("operand " + std::to_string(i) + " is not in the memory of the device");
  }
  const int64_t *scalarsEnd = operands.scalars + operands.scalarCount;
  if (kernel.aicpu) {
    result = simulator.run(sim::TileLaunch{kernel.aicpu, tiles, std::move(buffers), {operands.scalars, scalarsEnd}});
  } else {
    buffers.insert(buffers.end(), operands.scalars, scalarsEnd);
    const device::AICore &core = *binary.device.aiCore;
    const bool onVectors = !kernel.cube && !core.coupled;
    const unsigned blocks = kernel.blocks ? kernel.blocks : onVectors ? core.vectorCores : core.cubeCores;
    result = simulator.run(sim::Launch{kernel.cube, kernel.vector, blocks, std::move(buffers)});
  }
  return result.trap ? fail(result.trap->message()) : Error::success();
}

} // namespace gemlir::runtime
