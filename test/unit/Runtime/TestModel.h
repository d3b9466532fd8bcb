//===- TestModel.h - models of the runtime's tests --------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TEST_UNIT_RUNTIME_TESTMODEL_H
#define GEMLIR_TEST_UNIT_RUNTIME_TESTMODEL_H

#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Runtime/Model.h"
#include "ge-mlir/Support/Version.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace gemlir::test {

inline constexpr const char *kItem = "ge_mlir.host.test";

inline std::vector<uint8_t> readKernels() {
  std::ifstream file(GEMLIR_TEST_KERNELS, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void die(const Error &error) {
  if (!error)
    return;
  std::fprintf(stderr, "%s\n", error.text().c_str());
  std::abort();
}

/// A builder whose kernels come from TestKernels.c.
struct TestModel : model::ProgramBuilder {
  model::OMContents om;

  TestModel() {
    om.name = "test";
    om.manifest = std::string("compiler: ge-mlir ") + getVersion() + "\n";
    om.binaries = {{kItem, readKernels()}};
    program.binaries = {{kItem, 0, {}}};
  }
  std::vector<uint8_t> write() {
    int64_t total;
    model::layoutWeights(om.weights, total);
    program.weightSize = total;
    die(finish(om.program));
    std::vector<uint8_t> bytes;
    die(model::writeOM(om, bytes));
    return bytes;
  }
  std::shared_ptr<runtime::Model> load(runtime::LoadOptions options = {}) {
    std::vector<uint8_t> bytes = write();
    std::shared_ptr<runtime::Model> result;
    die(runtime::Model::loadFromMemory(bytes.data(), bytes.size(), options, result));
    return result;
  }
};

template <typename T>
runtime::InputBuffer in(const std::vector<T> &values, std::vector<int64_t> dims = {}) {
  return {values.data(), values.size() * sizeof(T), std::move(dims)};
}
template <typename T>
runtime::OutputBuffer out(std::vector<T> &values) {
  return {values.data(), values.size() * sizeof(T), {}};
}

/// y = x * 2 over 4 floats, in four tiles, then z = y + w with the weights
/// {10, 20, 30, 40}.
inline std::vector<uint8_t> makeSmallModel() {
  static const float weights[] = {10, 20, 30, 40};
  TestModel b;
  b.program.inputs = {{"x", 0, 2, {4}, 16}};
  b.program.outputs = {{"z", 0, 2, {4}, 16}};
  b.program.arenaSize = 64;
  b.om.weights = {{weights, sizeof(weights), 64}};
  uint32_t x = b.input(0, 16), z = b.output(0, 16);
  uint32_t y = b.arena(0, 16), w = b.constant(0, 16);
  b.beginFunction("main");
  auto one = b.immediate(1), four = b.immediate(4);
  b.launch(b.kernel("twice"), 4, {x, y}, {one, four}, b.text("mul"));
  b.launch(b.kernel("add4"), 1, {y, w, z}, {}, b.text("add"));
  b.ret();
  return b.write();
}

} // namespace gemlir::test

#endif // GEMLIR_TEST_UNIT_RUNTIME_TESTMODEL_H
