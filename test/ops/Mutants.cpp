//===- Mutants.cpp - models that lack one synchronising command -----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mutants.h"

#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Simulator/Image.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <cstdio>
#include <cstring>

using namespace gemlir;

namespace {

/// `addi zero, zero, 0`.
constexpr uint32_t kNothing = 0x00000013;

/// A command without which queues or cores run on: a flag, a barrier, or a flag
/// between cores, which are functions 2, 3, 4 and 6 of the custom opcode 0.
bool isSynchronising(uint32_t word) {
  const uint32_t function = word >> 12 & 7;
  return (word & 0x7f) == 0x0b && function >= 2 && (function <= 4 || function == 6);
}

/// Where in an ELF file its executable segments are.
struct Code {
  uint64_t offset, address, size;
};

template <typename T>
T readAt(const std::vector<uint8_t> &bytes, uint64_t offset) {
  T value;
  memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

std::vector<Code> findCode(const std::vector<uint8_t> &elf) {
  std::vector<Code> found;
  const uint64_t headers = readAt<uint64_t>(elf, 32);
  for (unsigned i = 0, count = readAt<uint16_t>(elf, 56); i < count; ++i) {
    const uint64_t header = headers + 56 * i;
    constexpr uint32_t kLoad = 1, kExecutable = 1;
    if (readAt<uint32_t>(elf, header) == kLoad && (readAt<uint32_t>(elf, header + 4) & kExecutable))
      found.push_back(
          {readAt<uint64_t>(elf, header + 8), readAt<uint64_t>(elf, header + 16), readAt<uint64_t>(elf, header + 32)});
  }
  return found;
}

/// Whether the model runs to its end.
bool runs(const model::OMContents &contents, const std::vector<runtime::InputBuffer> &inputs) {
  std::vector<uint8_t> bytes;
  std::shared_ptr<runtime::Model> model;
  if (model::writeOM(contents, bytes) || runtime::Model::loadFromMemory(bytes.data(), bytes.size(), {}, model))
    return false;
  std::vector<runtime::OutputBuffer> outputs;
  runtime::ExecOptions options;
  options.simulation.races = true;
  const bool trapped = bool(model->execute(inputs, outputs, options));
  for (runtime::OutputBuffer &output : outputs)
    runtime::freeOutput(output.data);
  return !trapped;
}

/// The kernel whose code has the address: the last that begins before it.
std::string describe(const sim::Image &image, uint64_t address, uint32_t word) {
  std::string kernel;
  uint64_t begin = 0;
  for (const sim::KernelEntry &entry : image.kernels())
    for (uint64_t start : {entry.cube, entry.vector})
      if (start && start <= address && start >= begin) {
        kernel = entry.name + (start == entry.cube ? ".cube" : ".vector");
        begin = start;
      }
  char offset[32];
  snprintf(offset, sizeof(offset), "+0x%llx: ", (unsigned long long)(address - begin));
  return kernel + offset + sim::disassemble(word, address);
}

} // namespace

Error findMutants(const std::vector<uint8_t> &model, const std::vector<runtime::InputBuffer> &inputs,
                  Mutants &mutants) {
  model::OMView view;
  model::OMContents contents;
  if (Error error = model::readOM(model.data(), model.size(), view))
    return error;
  if (Error error = model::readContents(view, contents))
    return error;
  if (!runs(contents, inputs))
    return Error(ErrorCode::Execution, "the whole model does not run");
  for (model::OMBinary &binary : contents.binaries) {
    sim::Image image;
    std::string text;
    if (!image.load(binary.bytes.data(), binary.bytes.size(), text))
      return Error(ErrorCode::ModelFormat, text);
    for (const Code &code : findCode(binary.bytes))
      for (uint64_t at = 0; at + 4 <= code.size; at += 4) {
        const uint32_t word = readAt<uint32_t>(binary.bytes, code.offset + at);
        if (!isSynchronising(word))
          continue;
        memcpy(binary.bytes.data() + code.offset + at, &kNothing, sizeof(kNothing));
        if (runs(contents, inputs))
          mutants.missed.push_back(describe(image, code.address + at, word));
        else
          ++mutants.found;
        memcpy(binary.bytes.data() + code.offset + at, &word, sizeof(word));
      }
  }
  return Error::success();
}
