//===- SimulatorBenchmark.cpp - products on a simulated NPU ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each case is a product with a constant right operand that goes through the whole
// compiler; each iteration executes it on the simulator, with payloads and without
// cycles, on one thread. Before and after, fused multiply-adds of f32 in registers say
// what the processor can do at that moment. `share` is the median over iterations of
// the product's operations per second by theirs.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Compiler.h"
#include "ge-mlir/Runtime/Model.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace {

/// The processor time of this thread, so that other processes count less.
double now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

//===----------------------------------------------------------------------===//
// The processor's peak
//===----------------------------------------------------------------------===//

/// As many sums as hide the latency of a multiply-add, and as fit into registers.
template <typename Vector, int Sums>
__attribute__((always_inline)) inline double multiplyAdd(double seconds) {
  constexpr int kLanes = sizeof(Vector) / sizeof(float), kSteps = 100000;
  // Numbers that the compiler cannot know.
  volatile float half = 0.5f;
  Vector sums[Sums] = {}, factor = Vector{} + half, term = factor + half;
  double count = 0, start = now(), end = start;
  for (; end < start + seconds; end = now(), count += 2.0 * kSteps * Sums * kLanes)
    for (int i = 0; i < kSteps; ++i)
      for (Vector &sum : sums)
        for (int lane = 0; lane < kLanes; ++lane)
          sum[lane] = std::fma(sum[lane], factor[lane], term[lane]);
  for (const Vector &sum : sums)
    benchmark::DoNotOptimize(float(sum[0]));
  return count / (end - start);
}

#if defined(__x86_64__)
typedef float Octet __attribute__((vector_size(32)));
typedef float Sedecim __attribute__((vector_size(64)));
__attribute__((target("avx2,fma"))) double multiplyAddOctets(double seconds) { return multiplyAdd<Octet, 12>(seconds); }
__attribute__((target("avx512f"))) double multiplyAddSedecims(double seconds) {
  return multiplyAdd<Sedecim, 24>(seconds);
}

/// Operations per second of f32, or 0 if the processor has no fused multiply-add.
double measurePeak() {
  constexpr double kSeconds = 0.05;
  if (__builtin_cpu_supports("avx512f"))
    return multiplyAddSedecims(kSeconds);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return multiplyAddOctets(kSeconds);
  return 0;
}
#else
double measurePeak() { return 0; }
#endif

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// Numbers of -2 to 2 in eighths, as f16 or f32, which both have.
std::vector<uint8_t> makeNumbers(int64_t count, bool half, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> bytes(size_t(count) * (half ? 2 : 4));
  for (int64_t i = 0; i < count; ++i) {
    const float value = float(int(random() % 33) - 16) / 8;
    uint32_t bits;
    memcpy(&bits, &value, 4);
    if (!half) {
      memcpy(&bytes[size_t(i) * 4], &bits, 4);
      continue;
    }
    const uint16_t narrow =
        uint16_t(value == 0 ? 0 : (bits >> 16 & 0x8000) | ((bits & 0x7fffffff) - (112u << 23)) >> 13);
    memcpy(&bytes[size_t(i) * 2], &narrow, 2);
  }
  return bytes;
}

/// x · w with numbers of one type.
std::string makeModule(int64_t size, const std::string &element, const std::vector<uint8_t> &weights) {
  static const char digits[] = "0123456789ABCDEF";
  std::string hex = "\"0x";
  for (uint8_t byte : weights) {
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  const std::string type = "tensor<" + std::to_string(size) + "x" + std::to_string(size) + "x" + element + ">";
  return "func.func @main(%x: " + type + " {ge.name = \"x\"}) -> (" + type +
         " {ge.name = \"y\"}) {\n%w = ge.const dense<" + hex + "\"> : " + type + "\n%0 = ge.mat_mul_v2 %x, %w : (" +
         type + ", " + type + ") -> " + type + "\nreturn %0 : " + type + "\n}\n";
}

std::shared_ptr<gemlir::runtime::Model> load(const std::string &module, std::string &error) {
  gemlir::CompileOptions options;
  options.device = "Ascend910B1";
  gemlir::CompiledModel compiled;
  gemlir::CompileError failure;
  if (!gemlir::compileModuleText(module.data(), module.size(), options, compiled, failure)) {
    error = failure.text;
    return nullptr;
  }
  std::shared_ptr<gemlir::runtime::Model> model;
  if (gemlir::Error e = gemlir::runtime::Model::loadFromMemory(compiled.bytes.data(), compiled.bytes.size(), {}, model))
    error = e.text();
  return model;
}

void multiply(benchmark::State &state, int64_t size, bool half) {
  if (!measurePeak())
    return state.SkipWithError("the processor has no fused multiply-add");
  std::string error;
  const auto model = load(makeModule(size, half ? "f16" : "f32", makeNumbers(size * size, half, 1)), error);
  if (!model)
    return state.SkipWithError(error.c_str());
  const std::vector<uint8_t> input = makeNumbers(size * size, half, 2);
  std::vector<uint8_t> output(input.size());
  const std::vector<gemlir::runtime::InputBuffer> inputs = {{input.data(), input.size(), {}}};
  std::vector<gemlir::runtime::OutputBuffer> outputs = {{output.data(), output.size(), {}}};
  gemlir::runtime::ExecOptions options;
  options.threads = 1;
  const double operations = 2.0 * double(size) * double(size) * double(size);
  std::vector<double> speeds, peaks, shares;
  for (auto _ : state) {
    const double before = measurePeak(), start = now();
    if (gemlir::Error e = model->execute(inputs, outputs, options))
      return state.SkipWithError(e.text().c_str());
    const double seconds = now() - start, peak = (before + measurePeak()) / 2;
    state.SetIterationTime(seconds);
    speeds.push_back(operations / seconds * 1e-9);
    peaks.push_back(peak * 1e-9);
    shares.push_back(operations / seconds / peak);
  }
  state.counters["GFLOPS"] = median(speeds);
  state.counters["peak"] = median(peaks);
  state.counters["share"] = median(shares);
}

void add(const char *name, int64_t size, bool half) {
  benchmark::RegisterBenchmark(name, [=](benchmark::State &state) { multiply(state, size, half); })
      ->UseManualTime()
      ->Iterations(15)
      ->Unit(benchmark::kMillisecond);
}

} // namespace

int main(int argc, char **argv) {
  add("f16_1024", 1024, true);
  add("f32_1024", 1024, false);
  add("f16_3072", 3072, true);
  add("f32_3072", 3072, false);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
