//===- MathTest.cpp - accuracy of mathematical functions ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every function that kernels expand, in f32 and f64, against the C library in
// the next wider type, over its range and at special values.
//
//===----------------------------------------------------------------------===//

#include "KernelRunner.h"

#include <cmath>
#include <limits>
#include <random>

using namespace gemlir;

namespace {

constexpr int64_t count = 4096;

struct Function {
  const char *name;
  const char *op;
  /// Sampled range, and the error allowed in units of the last place.
  double low, high;
  double ulps32, ulps64;
  long double (*reference)(long double);
};

std::string unaryKernel(const Function &f, const char *type) {
  std::string buffer = "memref<" + std::to_string(count) + "x" + type + ">";
  std::string name = std::string(f.name) + "_" + type;
  return "npu.kernel @" + name + "(%x: " + buffer + ", %y: " + buffer +
         ") attributes {num_outputs = 1 : i64, tiles = 1 : i64} {\n"
         "linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], "
         "iterator_types = [\"parallel\"]} ins(%x : " +
         buffer + ") outs(%y : " + buffer +
         ") {\n"
         "^bb0(%a: " +
         type + ", %b: " + type + "):\n  %r = " + f.op + " %a : " + type + "\n  linalg.yield %r : " + type +
         "\n}\nnpu.return }\n";
}

/// Distance of `value` from `exact` in units of the last place of T.
template <typename T>
double distance(T value, long double exact) {
  T nearest = static_cast<T>(exact);
  if (std::isnan(exact))
    return std::isnan(value) ? 0 : INFINITY;
  if (std::isinf(nearest) || std::isinf(value)) {
    // The largest number and infinity are neighbours.
    T limit = std::numeric_limits<T>::max() * (1 - 8 * std::numeric_limits<T>::epsilon());
    if (nearest == value)
      return 0;
    return std::fabs(value) > limit && std::fabs(nearest) > limit ? 1 : INFINITY;
  }
  int exponent;
  std::frexp(nearest, &exponent);
  exponent = std::max(exponent, std::numeric_limits<T>::min_exponent);
  long double unit = std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits);
  return static_cast<double>(std::fabs(value - exact) / unit);
}

template <typename T>
std::vector<T> samples(double low, double high) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<T> x = {T(0),
                      T(-0.0),
                      T(1),
                      T(-1),
                      T(0.5),
                      T(2),
                      T(1e-30),
                      T(-1e-30),
                      T(INFINITY),
                      T(-INFINITY),
                      T(NAN),
                      std::numeric_limits<T>::denorm_min(),
                      std::numeric_limits<T>::min(),
                      T(1e-5),
                      T(-1e-5),
                      T(1e-10)};
  while (static_cast<int64_t>(x.size()) < count)
    x.push_back(static_cast<T>(x.size() % 4 ? uniform(random) : uniform(random) / 64));
  return x;
}

const Function functions[] = {
    {"exp", "math.exp", -110, 95, 2, 2, [](long double x) { return expl(x); }},
    {"exp_wide", "math.exp", -750, 715, 2, 2, [](long double x) { return expl(x); }},
    {"exp2", "math.exp2", -160, 130, 2, 2, [](long double x) { return exp2l(x); }},
    {"expm1", "math.expm1", -20, 89, 3, 3, [](long double x) { return expm1l(x); }},
    {"log", "math.log", 0, 1000, 2, 2, [](long double x) { return logl(x); }},
    {"log_near_one", "math.log", 0.5, 1.5, 2, 2, [](long double x) { return logl(x); }},
    {"log2", "math.log2", 0, 100, 3, 3, [](long double x) { return log2l(x); }},
    {"log10", "math.log10", 0, 100, 2, 3, [](long double x) { return log10l(x); }},
    {"log1p", "math.log1p", -1, 10, 3, 3, [](long double x) { return log1pl(x); }},
    {"sin", "math.sin", -100, 100, 1, 2, [](long double x) { return sinl(x); }},
    {"cos", "math.cos", -100, 100, 1, 2, [](long double x) { return cosl(x); }},
    {"tan", "math.tan", -100, 100, 1, 4, [](long double x) { return tanl(x); }},
    {"sin_large", "math.sin", -1e6, 1e6, 1, 3, [](long double x) { return sinl(x); }},
    {"asin", "math.asin", -1.1, 1.1, 1, 4, [](long double x) { return asinl(x); }},
    {"acos", "math.acos", -1.1, 1.1, 1, 4, [](long double x) { return acosl(x); }},
    {"atan", "math.atan", -20, 20, 1, 3, [](long double x) { return atanl(x); }},
    {"sinh", "math.sinh", -100, 100, 4, 4, [](long double x) { return sinhl(x); }},
    {"cosh", "math.cosh", -100, 100, 4, 4, [](long double x) { return coshl(x); }},
    {"tanh", "math.tanh", -12, 12, 4, 4, [](long double x) { return tanhl(x); }},
    {"asinh", "math.asinh", -1e5, 1e5, 5, 5, [](long double x) { return asinhl(x); }},
    {"acosh", "math.acosh", 0.9, 1e5, 5, 5, [](long double x) { return acoshl(x); }},
    {"atanh", "math.atanh", -1.1, 1.1, 5, 5, [](long double x) { return atanhl(x); }},
    {"erf", "math.erf", -6, 6, 3, 3, [](long double x) { return erfl(x); }},
    {"erfc", "math.erfc", -6, 27, 2, 16, [](long double x) { return erfcl(x); }},
    {"cbrt", "math.cbrt", -1000, 1000, 1, 2, [](long double x) { return cbrtl(x); }},
    {"rsqrt", "math.rsqrt", 0, 1000, 2, 2, [](long double x) { return 1 / sqrtl(x); }},
};

class MathTest : public ::testing::Test {
protected:
  static void SetUpTestSuite() {
    runner = new KernelRunner;
    std::string text;
    for (const Function &f : functions)
      text += unaryKernel(f, "f32") + unaryKernel(f, "f64");
    ASSERT_TRUE(runner->compile(text)) << runner->errors;
  }
  static void TearDownTestSuite() { delete runner; }

  template <typename T>
  static void check(const Function &f, const char *type, double allowed) {
    std::vector<T> x = samples<T>(f.low, f.high), y(count);
    runner->run(std::string(f.name) + "_" + type, {x.data(), y.data()});
    double worst = 0;
    for (int64_t i = 0; i < count; ++i) {
      double error = distance(y[i], f.reference(x[i]));
      worst = std::max(worst, error);
      EXPECT_LE(error, allowed) << f.name << " " << type << " of " << x[i] << " is " << y[i] << ", expected "
                                << static_cast<T>(f.reference(x[i]));
    }
    RecordProperty((std::string(f.name) + "_" + type).c_str(), std::to_string(worst));
  }

  static KernelRunner *runner;
};
KernelRunner *MathTest::runner = nullptr;

TEST_F(MathTest, F32) {
  for (const Function &f : functions)
    check<float>(f, "f32", f.ulps32);
}

TEST_F(MathTest, F64) {
  for (const Function &f : functions)
    check<double>(f, "f64", f.ulps64);
}

struct Binary {
  const char *name;
  const char *op;
  double ulps;
  long double (*reference)(long double, long double);
};

const Binary binaries[] = {
    {"pow", "math.powf", 4, [](long double x, long double y) { return powl(x, y); }},
    {"atan2", "math.atan2", 3, [](long double x, long double y) { return atan2l(x, y); }},
    {"rem", "arith.remf", 0, [](long double x, long double y) { return fmodl(x, y); }},
};

template <typename T>
void checkBinary(KernelRunner &runner, const Binary &f, const char *type) {
  const T special[] = {
      T(0), T(-0.0), T(1),        T(-1),        T(2),   T(-2),   T(0.5),   T(-0.5),
      T(3), T(-3),   T(INFINITY), T(-INFINITY), T(NAN), T(1e10), T(-1e10), std::numeric_limits<T>::denorm_min()};
  std::vector<T> x, y;
  for (T a : special)
    for (T b : special) {
      x.push_back(a);
      y.push_back(b);
    }
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> bases(0, 50), exponents(-20, 20);
  while (static_cast<int64_t>(x.size()) < count) {
    x.push_back(static_cast<T>(bases(random)));
    y.push_back(static_cast<T>(exponents(random)));
  }
  std::vector<T> z(count);
  runner.run(std::string(f.name) + "_" + type, {x.data(), y.data(), z.data()});
  for (int64_t i = 0; i < count; ++i) {
    long double exact = f.reference(x[i], y[i]);
    EXPECT_LE(distance(z[i], exact), f.ulps)
        << f.name << " " << type << " of " << x[i] << " and " << y[i] << " is " << z[i] << ", expected " << exact;
  }
}

TEST(BinaryMathTest, Functions) {
  KernelRunner runner;
  std::string text;
  for (const Binary &f : binaries)
    for (std::string type : {"f32", "f64"}) {
      std::string buffer = "memref<" + std::to_string(count) + "x" + type + ">", map = "affine_map<(i) -> (i)>";
      text += std::string("npu.kernel @") + f.name + "_" + type + "(%x: " + buffer + ", %y: " + buffer +
              ", %z: " + buffer +
              ") attributes {num_outputs = 1 : i64, tiles = 1 : i64} {\nlinalg.generic {indexing_maps = [" + map +
              ", " + map + ", " + map + "], iterator_types = [\"parallel\"]} ins(%x, %y : " + buffer + ", " + buffer +
              ") outs(%z : " + buffer + ") {\n^bb0(%a: " + type + ", %b: " + type + ", %c: " + type +
              "):\n  %r = " + f.op + " %a, %b : " + type + "\n  linalg.yield %r : " + type + "\n}\nnpu.return }\n";
    }
  ASSERT_TRUE(runner.compile(text)) << runner.errors;
  for (const Binary &f : binaries) {
    checkBinary<float>(runner, f, "f32");
    checkBinary<double>(runner, f, "f64");
  }
}

} // namespace
