//===- DispatchCost.cpp - what a launch costs
//----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"

#include <algorithm>
#include <chrono>

using namespace gemlir;
using namespace gemlir::runtime;

// Prints the nanoseconds per launch of a kernel that does nothing.
int main() {
  constexpr int kLaunches = 1000, kRounds = 200;
  for (unsigned threads : {1, 2}) {
    for (int64_t tiles : {1, 2}) {
      test::TestModel b;
      b.program.arenaSize = 1 << 20;
      b.beginFunction("main");
      for (int i = 0; i < kLaunches; ++i)
        b.launch(b.kernel("nothing"), tiles, {b.arena(i * 64, 64), b.arena(i * 128, 64), b.arena(0, 64)});
      b.ret();
      std::shared_ptr<Model> model = b.load();
      double best = 1e300;
      for (int round = 0; round < kRounds; ++round) {
        std::vector<OutputBuffer> outputs;
        ExecOptions options;
        options.threads = threads;
        auto begin = std::chrono::steady_clock::now();
        test::die(model->execute({}, outputs, options));
        std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
        best = std::min(best, time.count() / kLaunches);
      }
      std::printf("%u threads, %lld tiles: %.1f ns per launch\n", threads, (long long)tiles, best);
    }
  }
}
