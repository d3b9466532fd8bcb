//===- npu-objdump.cpp - disassembles kernels of an NPU -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Device/Description.h"
#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Simulator/Simulator.h"
#include "ge-mlir/Support/MappedFile.h"

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>

using namespace gemlir;
using namespace gemlir::sim;

static const char *const kUsage = R"(usage: npu-objdump [--target] KERNEL.elf|MODEL.om

Prints the code of a kernel or of a model for an NPU: its device and its kernels, if it
has a table of them, and each instruction, with commands by name and the nodes or lines
that they come from.

  --target    prints the description of the device that it was compiled for, as JSON
  --help      prints this text
)";

static void printSegment(const Image &image, const Segment &segment) {
  printf("segment 0x%" PRIx64 ", %zu bytes%s%s\n", segment.address, segment.bytes.size(),
         segment.executable ? ", code" : "", segment.writable ? ", writable" : "");
  if (!segment.executable)
    return;
  size_t next = 0;
  while (next < image.symbols().size() && image.symbols()[next].address < segment.address)
    ++next;
  auto line = image.lines().begin();
  for (size_t at = 0; at + 4 <= segment.bytes.size(); at += 4) {
    const uint64_t address = segment.address + at;
    for (; next < image.symbols().size() && image.symbols()[next].address <= address; ++next)
      if (image.symbols()[next].address == address)
        printf("\n%s:\n", image.symbols()[next].name.c_str());
    for (; line != image.lines().end() && line->address <= address; ++line)
      if (line->address == address && !line->place.empty())
        printf("; %s\n", line->place.c_str());
    uint32_t word;
    memcpy(&word, segment.bytes.data() + at, 4);
    printf("%8" PRIx64 ":  %08x  %s\n", address, word, disassemble(word, address).c_str());
  }
}

/// The table of a device binary.
static void printKernels(const Image &image) {
  if (image.kernels().empty())
    return;
  printf("kernels\n");
  for (const KernelEntry &kernel : image.kernels()) {
    printf("%8s %s at", kernel.unit(), kernel.name.c_str());
    for (uint64_t entry : {kernel.cube, kernel.vector, kernel.aicpu})
      if (entry)
        printf(" 0x%" PRIx64, entry);
    if (kernel.blocks)
      printf(", %u blocks", kernel.blocks);
    printf("\n");
  }
  printf("\n");
}

static Error dump(const std::string &name, const uint8_t *data, size_t size, bool onlyTarget) {
  auto fail = [&](const std::string &text) { return Error(ErrorCode::ModelFormat, "'" + name + "': " + text); };
  Image image;
  device::Description device;
  std::string problem;
  if (!image.load(data, size, problem))
    return fail(problem);
  if (image.target().empty() ? onlyTarget : !device::fromJson(image.target(), device, problem))
    return fail(problem.empty() ? "found no section .npu.target" : "section .npu.target: " + problem);
  if (onlyTarget) {
    printf("%s", device::toJson(device).c_str());
    return Error::success();
  }
  if (!image.target().empty())
    printf("device %s\n", device.name.c_str());
  printKernels(image);
  for (const Segment &segment : image.segments())
    printSegment(image, segment);
  return Error::success();
}

/// The binaries of a model; there are several if it has gears.
static Error dumpModel(const std::string &path, const uint8_t *data, size_t size, bool onlyTarget) {
  const std::string prefix = "ge_mlir.aicore";
  model::OMView view;
  if (Error error = model::readOM(data, size, view))
    return Error(error.code(), "'" + path + "': " + error.text());
  bool found = false;
  for (const model::OMView::Item &item : view.items) {
    if (item.name.compare(0, prefix.size(), prefix) != 0)
      continue;
    if (found && onlyTarget)
      break;
    found = true;
    if (!onlyTarget)
      printf("%s\n", item.name.c_str());
    if (Error error = dump(path + "(" + item.name + ")", item.bytes.data, item.bytes.size, onlyTarget))
      return error;
  }
  return found ? Error::success()
               : Error(ErrorCode::Unsupported, "'" + path + "' is a model for the host, expected one for an NPU");
}

static Error dumpFile(const std::string &path, bool onlyTarget) {
  std::unique_ptr<MappedFile> file;
  if (Error error = MappedFile::open(path, file))
    return error;
  auto *bytes = static_cast<const uint8_t *>(file->data());
  return file->size() >= 4 && memcmp(bytes, "IMOD", 4) == 0 ? dumpModel(path, bytes, file->size(), onlyTarget)
                                                            : dump(path, bytes, file->size(), onlyTarget);
}

int main(int argc, char **argv) {
  auto fail = [](const std::string &text) {
    fprintf(stderr, "npu-objdump: error: %s\n", text.c_str());
    return 1;
  };
  std::string path;
  bool onlyTarget = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--help")
      return printf("%s", kUsage) < 0;
    if (argument == "--target")
      onlyTarget = true;
    else if (argument[0] == '-')
      return fail("unknown option '" + argument + "'; see --help");
    else if (!path.empty())
      return fail("found '" + path + "' and '" + argument + "', expected one file");
    else
      path = argument;
  }
  if (path.empty())
    return fail("expected a kernel or a model; see --help");
  if (Error error = dumpFile(path, onlyTarget))
    return fail(error.text());
  return fflush(stdout) || ferror(stdout) ? fail(std::string("cannot write standard output: ") + strerror(errno)) : 0;
}
