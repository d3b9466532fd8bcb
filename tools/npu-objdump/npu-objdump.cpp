//===- npu-objdump.cpp - disassembles kernels of an NPU -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Simulator/Simulator.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

using namespace gemlir::sim;

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

int main(int argc, char **argv) {
  if (argc != 2 || argv[1][0] == '-') {
    fprintf(stderr, "usage: npu-objdump KERNEL.elf\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Image image;
  std::string error;
  if (!file.good() && !file.eof())
    error = "cannot read the file";
  if (!error.empty() || !image.load(bytes.data(), bytes.size(), error)) {
    fprintf(stderr, "npu-objdump: %s: %s\n", argv[1], error.c_str());
    return 1;
  }
  printKernels(image);
  for (const Segment &segment : image.segments())
    printSegment(image, segment);
  return 0;
}
