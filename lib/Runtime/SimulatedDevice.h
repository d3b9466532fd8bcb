//===- SimulatedDevice.h - an NPU that runs a model's kernels ---*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_SIMULATEDDEVICE_H
#define GEMLIR_LIB_RUNTIME_SIMULATEDDEVICE_H

#include "Executable.h"
#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Runtime/Model.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <map>
#include <memory>

namespace gemlir::runtime {

/// The binary of a simulated NPU, checked; what all executions share.
class DeviceBinary {
public:
  static Error load(const std::string &name, model::ByteSpan bytes, std::unique_ptr<DeviceBinary> &result);

  /// Null if the binary has no such kernel.
  const sim::KernelEntry *find(const std::string &symbol) const;

  device::Description device;
  sim::Image image;
};

/// A simulated NPU with the memory of one execution at a time. The memory stays
/// where the host has it and is seen at an address that does not change from
/// launch to launch. A launch sees its operands and nothing else.
class SimulatedDevice {
public:
  explicit SimulatedDevice(const DeviceBinary &binary);

  /// Gives memory its address: until the device goes, or until the next `forget`.
  void place(const void *data, size_t size, bool writable, bool lasting);
  void forget();

  struct Operands {
    void *const *data;
    const int64_t *sizes; ///< in bytes
    size_t count;
    const int64_t *scalars;
    size_t scalarCount;
  };
  Error launch(const sim::KernelEntry &kernel, const Operands &operands, int64_t tiles, const ExecOptions &options,
               unsigned threads, sim::Result &result);

private:
  struct Region {
    uint64_t size, address;
    bool writable, lasting;
  };
  /// Makes the operand visible; its address, or 0 if nobody has placed it.
  uint64_t map(void *data, uint64_t size);

  const DeviceBinary &binary;
  sim::Simulator simulator;
  std::map<const uint8_t *, Region> regions;
  uint64_t nextLasting, nextOther;
};

} // namespace gemlir::runtime

#endif // GEMLIR_LIB_RUNTIME_SIMULATEDDEVICE_H
