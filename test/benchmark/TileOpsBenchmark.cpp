//===- TileOpsBenchmark.cpp - products and convolutions against oneDNN ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each case is a `ge` module with constant weights that goes through the whole
// compiler and the runtime. Every iteration executes it and the same oneDNN
// primitive, the two taking turns at going first, so that both meet the same
// disturbances; `ratio` is the median over iterations of oneDNN's time by ours.
// Images are blocked by channels on both sides, as they are inside a network.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Compiler.h"
#include "ge-mlir/Runtime/Model.h"

#include <benchmark/benchmark.h>
#include <dlfcn.h>
#include <dnnl.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>

using namespace dnnl;

namespace {

using Dims = std::vector<int64_t>;
using Floats = std::vector<float>;

Floats randomNumbers(int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  Floats values(count);
  for (float &value : values)
    value = uniform(random);
  return values;
}

/// `values` as the body of a dense attribute.
std::string hex(const Floats &values) {
  static const char digits[] = "0123456789ABCDEF";
  std::string text = "\"0x";
  text.reserve(values.size() * 8 + 4);
  for (float value : values) {
    unsigned char bytes[4];
    std::memcpy(bytes, &value, 4);
    for (unsigned char byte : bytes) {
      text += digits[byte >> 4];
      text += digits[byte & 15];
    }
  }
  return text + "\"";
}

std::string tensor(const Dims &dims, const std::string &encoding = "") {
  std::string text = "tensor<";
  for (int64_t dim : dims)
    text += std::to_string(dim) + "x";
  return text + "f32" + (encoding.empty() ? "" : ", " + encoding) + ">";
}

std::string list(const Dims &values) {
  std::string text;
  for (int64_t value : values)
    text += (text.empty() ? "" : ", ") + std::to_string(value);
  return text;
}

std::string blockedFormat(const Dims &nchw) {
  return "#ge.format<NC1HWC0, origin = NCHW, origin_shape = [" + list(nchw) + "]>";
}

Dims blockedShape(const Dims &nchw) { return {nchw[0], (nchw[1] + 15) / 16, nchw[2], nchw[3], 16}; }

/// Both ways between NCHW and NC1HWC0.
Floats block(const Floats &plain, const Dims &nchw) {
  int64_t area = nchw[2] * nchw[3], c1 = (nchw[1] + 15) / 16;
  Floats result(nchw[0] * c1 * area * 16);
  for (int64_t n = 0; n < nchw[0]; ++n)
    for (int64_t c = 0; c < nchw[1]; ++c)
      for (int64_t i = 0; i < area; ++i)
        result[((n * c1 + c / 16) * area + i) * 16 + c % 16] = plain[(n * nchw[1] + c) * area + i];
  return result;
}

Floats unblock(const Floats &blocked, const Dims &nchw) {
  int64_t area = nchw[2] * nchw[3], c1 = (nchw[1] + 15) / 16;
  Floats result(nchw[0] * nchw[1] * area);
  for (int64_t n = 0; n < nchw[0]; ++n)
    for (int64_t c = 0; c < nchw[1]; ++c)
      for (int64_t i = 0; i < area; ++i)
        result[(n * nchw[1] + c) * area + i] = blocked[((n * c1 + c / 16) * area + i) * 16 + c % 16];
  return result;
}

/// Memory on a cache line, as the runtime and oneDNN would have it.
struct Aligned {
  explicit Aligned(const Floats &values) : size(values.size()) {
    data = static_cast<float *>(std::aligned_alloc(64, (size * 4 + 63) / 64 * 64));
    std::copy(values.begin(), values.end(), data);
  }
  Aligned(Aligned &&other) : data(other.data), size(other.size) { other.data = nullptr; }
  ~Aligned() { std::free(data); }
  float *data;
  size_t size;
};

/// One operation, ready to run both ways.
struct Case {
  std::string name;
  double flops = 0;
  std::string module;
  Floats input;
  int64_t outputSize = 0;
  /// Makes oneDNN's run, and a function for its result, plain and in our order.
  std::function<std::function<void()>(engine &, stream &)> prepare;
  std::function<Floats()> reference;
  std::function<Floats(const Floats &)> plain = [](const Floats &values) { return values; };
};

std::shared_ptr<gemlir::runtime::Model> load(const Case &c, std::string &error) {
  gemlir::CompileOptions options;
  gemlir::CompiledModel compiled;
  gemlir::CompileError failure;
  if (!gemlir::compileModuleText(c.module.data(), c.module.size(), options, compiled, failure)) {
    error = failure.text;
    return nullptr;
  }
  std::shared_ptr<gemlir::runtime::Model> model;
  if (gemlir::Error e =
          gemlir::runtime::Model::loadFromMemory(compiled.bytes.data(), compiled.bytes.size(), {}, model)) {
    error = e.text();
    return nullptr;
  }
  return model;
}

/// oneDNN brings its own OpenMP library.
void setPeerThreads(int threads) {
  if (void *symbol = dlsym(RTLD_DEFAULT, "omp_set_num_threads"))
    reinterpret_cast<void (*)(int)>(symbol)(threads);
}

/// The processor time of this thread, so that other processes count less; with
/// more threads the time that passes.
double now(bool ofThread) {
  timespec time;
  clock_gettime(ofThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

/// The value that `share` of all lie below.
double quantile(std::vector<double> values, double share) {
  auto at = values.begin() + static_cast<size_t>(share * (values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

void run(benchmark::State &state, const std::function<Case()> &make) {
  Case c = make();
  unsigned threads = state.range(0);
  setPeerThreads(threads);
  std::string error;
  std::shared_ptr<gemlir::runtime::Model> model = load(c, error);
  if (!model)
    return state.SkipWithError(error.c_str());
  Aligned input(c.input), output(Floats(c.outputSize, 0));
  std::vector<gemlir::runtime::InputBuffer> inputs = {{input.data, input.size * 4, {}}};
  std::vector<gemlir::runtime::OutputBuffer> outputs = {{output.data, output.size * 4, {}}};
  gemlir::runtime::ExecOptions options;
  options.threads = threads;
  // The peer's threads spin between iterations; so may ours.
  options.spinMicroseconds = threads > 1 ? 200 : 0;
  auto ours = [&] {
    if (gemlir::Error e = model->execute(inputs, outputs, options))
      state.SkipWithError(e.text().c_str());
  };
  engine cpu(engine::kind::cpu, 0);
  stream queue(cpu);
  std::function<void()> theirs = c.prepare(cpu, queue);
  ours();
  theirs();
  Floats mine = c.plain(Floats(output.data, output.data + output.size)), reference = c.reference();
  double difference = 0;
  for (size_t i = 0; i < reference.size(); ++i)
    difference = std::max(difference, static_cast<double>(std::fabs(mine[i] - reference[i])));
  if (!(difference < 1e-2))
    return state.SkipWithError(("differs from oneDNN by " + std::to_string(difference)).c_str());

  std::vector<double> ratios, oursTimes, theirTimes;
  bool oursFirst = true;
  for (auto _ : state) {
    double a = 1e9, b = 1e9;
    for (int turn = 0; turn < 2; ++turn) {
      bool first = oursFirst == (turn == 0);
      for (int repeat = 0; repeat < 3; ++repeat) {
        double start = now(threads == 1);
        first ? ours() : theirs();
        double &best = first ? a : b;
        best = std::min(best, now(threads == 1) - start);
      }
    }
    oursFirst = !oursFirst;
    state.SetIterationTime(a);
    oursTimes.push_back(a);
    theirTimes.push_back(b);
    ratios.push_back(b / a);
  }
  // Near the best, but not the one reading that a clock got wrong.
  double fast = quantile(oursTimes, 0.1), theirFast = quantile(theirTimes, 0.1);
  state.counters["GFLOPS"] = c.flops / fast * 1e-9;
  state.counters["oneDNN"] = c.flops / theirFast * 1e-9;
  state.counters["fast_ratio"] = theirFast / fast;
  state.counters["ratio"] = quantile(ratios, 0.5);
}

primitive_attr withRelu() {
  post_ops operations;
  operations.append_eltwise(1.0f, algorithm::eltwise_relu, 0.0f, 0.0f);
  primitive_attr attributes;
  attributes.set_post_ops(operations);
  return attributes;
}

memory plainMemory(const Dims &dims, memory::format_tag tag, engine &cpu, const Floats &values) {
  memory result({dims, memory::data_type::f32, tag}, cpu);
  std::copy(values.begin(), values.end(), static_cast<float *>(result.get_data_handle()));
  return result;
}

/// The memory in the layout of a primitive.
memory reordered(memory from, const memory::desc &layout, engine &cpu, stream &queue) {
  memory result(layout, cpu);
  reorder(from, result).execute(queue, from, result);
  queue.wait();
  return result;
}

Floats readPlain(memory from, const Dims &dims, memory::format_tag tag, engine &cpu, stream &queue) {
  memory plain = reordered(from, {dims, memory::data_type::f32, tag}, cpu, queue);
  auto *data = static_cast<float *>(plain.get_data_handle());
  int64_t size = 1;
  for (int64_t dim : dims)
    size *= dim;
  return Floats(data, data + size);
}

constexpr auto f32 = memory::data_type::f32;
using Tag = memory::format_tag;

/// x · w + b, relu.
Case product(int64_t m, int64_t n, int64_t k) {
  Case c;
  c.flops = 2.0 * m * n * k;
  c.input = randomNumbers(m * k, 1);
  c.outputSize = m * n;
  auto w = std::make_shared<Floats>(randomNumbers(k * n, 2)), b = std::make_shared<Floats>(randomNumbers(n, 3));
  std::string x = tensor({m, k}), y = tensor({m, n}), wType = tensor({k, n}), bType = tensor({n});
  c.module = "func.func @main(%x: " + x + " {ge.name = \"x\"}) -> (" + y +
             " {ge.name = \"y\"}) {\n%w = ge.const dense<" + hex(*w) + "> : " + wType + "\n%b = ge.const dense<" +
             hex(*b) + "> : " + bType + "\n%0 = ge.mat_mul_v2 %x, %w bias(%b) : (" + x + ", " + wType + ", " + bType +
             ") -> " + y + "\n%1 = ge.relu %0 : " + y + "\nreturn %1 : " + y + "\n}\n";
  auto result = std::make_shared<std::function<Floats()>>();
  c.prepare = [=, input = c.input](engine &cpu, stream &queue) {
    memory::desc x({m, k}, f32, Tag::ab), weights({k, n}, f32, Tag::any), bias({1, n}, f32, Tag::ab),
        y({m, n}, f32, Tag::ab);
    matmul::primitive_desc description(matmul::desc(x, weights, bias, y), withRelu(), cpu);
    memory xm = plainMemory({m, k}, Tag::ab, cpu, input), bm = plainMemory({1, n}, Tag::ab, cpu, *b), ym(y, cpu);
    memory wm = reordered(plainMemory({k, n}, Tag::ab, cpu, *w), description.weights_desc(), cpu, queue);
    *result = [=, &cpu, &queue] { return readPlain(ym, {m, n}, Tag::ab, cpu, queue); };
    return [=, primitive = matmul(description), &queue] {
      primitive.execute(queue, {{DNNL_ARG_SRC, xm}, {DNNL_ARG_WEIGHTS, wm}, {DNNL_ARG_BIAS, bm}, {DNNL_ARG_DST, ym}});
      queue.wait();
    };
  };
  c.reference = [=] { return (*result)(); };
  return c;
}

struct Filter {
  int64_t channels, size, outputs, kernel, stride, pad;
  bool depthwise = false;
  /// The image comes as it does from outside, not blocked.
  bool first = false;
};

/// Convolution, bias, relu.
Case convolution(const Filter &f) {
  Case c;
  int64_t out = (f.size + 2 * f.pad - f.kernel) / f.stride + 1, depth = f.depthwise ? 1 : f.channels;
  Dims image = {1, f.channels, f.size, f.size}, result = {1, f.outputs, out, out};
  Dims filter = {f.outputs, depth, f.kernel, f.kernel};
  c.flops = 2.0 * f.outputs * out * out * depth * f.kernel * f.kernel;
  Floats plainInput = randomNumbers(f.channels * f.size * f.size, 1);
  c.input = f.first ? plainInput : block(plainInput, image);
  Dims stored = blockedShape(result);
  c.outputSize = stored[1] * out * out * 16;
  c.plain = [=](const Floats &values) { return unblock(values, result); };
  auto w = std::make_shared<Floats>(randomNumbers(f.outputs * depth * f.kernel * f.kernel, 2));
  auto b = std::make_shared<Floats>(randomNumbers(f.outputs, 3));
  std::string x = f.first ? tensor(image) : tensor(blockedShape(image), blockedFormat(image));
  std::string y = tensor(stored, blockedFormat(result)), wType = tensor(filter), bType = tensor({f.outputs});
  c.module = "func.func @main(%x: " + x + " {ge.name = \"x\"}) -> (" + y +
             " {ge.name = \"y\"}) {\n%w = ge.const dense<" + hex(*w) + "> : " + wType + "\n%b = ge.const dense<" +
             hex(*b) + "> : " + bType + "\n%0 = ge." + (f.depthwise ? "depthwise_conv2d" : "conv2d") +
             " %x, %w bias(%b) {data_format = \"NCHW\", pads = array<i64: " + list({f.pad, f.pad, f.pad, f.pad}) +
             ">, strides = array<i64: " + list({1, 1, f.stride, f.stride}) + ">} : (" + x + ", " + wType + ", " +
             bType + ") -> " + y + "\n%1 = ge.relu %0 : " + y + "\nreturn %1 : " + y + "\n}\n";
  auto fetch = std::make_shared<std::function<Floats()>>();
  c.prepare = [=](engine &cpu, stream &queue) {
    Dims weightDims = f.depthwise ? Dims{f.outputs, 1, 1, f.kernel, f.kernel} : filter;
    memory::desc x(image, f32, f.first ? Tag::nchw : Tag::any), weights(weightDims, f32, Tag::any);
    memory::desc bias({f.outputs}, f32, Tag::a), y(result, f32, Tag::any);
    convolution_forward::desc operation(prop_kind::forward_inference, algorithm::convolution_direct, x, weights, bias,
                                        y, {f.stride, f.stride}, {f.pad, f.pad}, {f.pad, f.pad});
    convolution_forward::primitive_desc description(operation, withRelu(), cpu);
    memory xm = reordered(plainMemory(image, Tag::nchw, cpu, plainInput), description.src_desc(), cpu, queue);
    memory wm = reordered(plainMemory(weightDims, f.depthwise ? Tag::goihw : Tag::oihw, cpu, *w),
                          description.weights_desc(), cpu, queue);
    memory bm = plainMemory({f.outputs}, Tag::a, cpu, *b), ym(description.dst_desc(), cpu);
    *fetch = [=, &cpu, &queue] { return readPlain(ym, result, Tag::nchw, cpu, queue); };
    return [=, primitive = convolution_forward(description), &queue] {
      primitive.execute(queue, {{DNNL_ARG_SRC, xm}, {DNNL_ARG_WEIGHTS, wm}, {DNNL_ARG_BIAS, bm}, {DNNL_ARG_DST, ym}});
      queue.wait();
    };
  };
  c.reference = [=] { return (*fetch)(); };
  return c;
}

void add(const char *name, const std::function<Case()> &make) {
  benchmark::RegisterBenchmark(name, [make](benchmark::State &state) { run(state, make); })
      ->Arg(1)
      ->Arg(2)
      ->ArgName("threads")
      ->UseManualTime()
      ->MinTime(0.5)
      ->Unit(benchmark::kMicrosecond);
}

} // namespace

int main(int argc, char **argv) {
  add("gemm_128x1024x1024", [] { return product(128, 1024, 1024); });
  add("gemm_197x768x768", [] { return product(197, 768, 768); });
  add("gemm_512x512x512", [] { return product(512, 512, 512); });
  add("gemm_1024x1024x1024", [] { return product(1024, 1024, 1024); });
  add("conv_3x3_56x56x64_64", [] { return convolution({64, 56, 64, 3, 1, 1}); });
  add("conv_1x1_56x56x64_256", [] { return convolution({64, 56, 256, 1, 1, 0}); });
  add("conv_3x3_s2_28x28x128_256", [] { return convolution({128, 28, 256, 3, 2, 1}); });
  add("conv_7x7_s2_224x224x3_64", [] { return convolution({3, 224, 64, 7, 2, 3, false, true}); });
  add("depthwise_3x3_56x56x144", [] { return convolution({144, 56, 144, 3, 1, 1, true}); });
  add("depthwise_3x3_s2_56x56x144", [] { return convolution({144, 56, 144, 3, 2, 1, true}); });
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
