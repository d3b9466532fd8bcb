//===- ThreadPool.h - the threads that share a launch -----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_THREADPOOL_H
#define GEMLIR_LIB_RUNTIME_THREADPOOL_H

#include <atomic>
#include <cstdint>

namespace gemlir::runtime {

/// The entry of a host kernel. `context` is reserved and null.
using KernelFunction = void (*)(void *const *buffers, const int64_t *scalars, int64_t begin, int64_t end,
                                void *context);

/// One launch: the tiles [0, tiles) of a kernel.
struct Job {
  KernelFunction function;
  void *const *buffers;
  const int64_t *scalars;
  int64_t tiles;
};

/// The process's threads. A launch is cut into contiguous ranges of tiles, one
/// per thread that may take part; whoever is awake, the caller among them,
/// claims ranges until none is left. So a launch finishes even if no worker
/// ever runs, and what a tile computes cannot depend on who computes it.
class ThreadPool {
public:
  static ThreadPool &get();

  /// While one lives, idle workers spin before they sleep: the next launch is
  /// near. They sleep at once when the last one ends.
  class Execution {
  public:
    Execution() { ++get().executions; }
    ~Execution() { --get().executions; }
    Execution(const Execution &) = delete;
    Execution &operator=(const Execution &) = delete;
  };

  /// Runs the job on up to `threads` threads. If another launch has the pool,
  /// the caller runs the whole job alone. Who waits spins so long, then sleeps.
  void run(const Job &job, unsigned threads, unsigned spinMicroseconds);

private:
  ThreadPool();
  void ensureWorkers(unsigned count);
  static void *workerMain(void *pool);
  void workerLoop();
  bool claimAndRun();
  void fork(const Job &job, uint32_t parts);
  void join();

  // The current job. Read as a whole before a claim; a claim succeeds only if
  // the job is still that one.
  std::atomic<KernelFunction> function{nullptr};
  std::atomic<void *const *> buffers{nullptr};
  std::atomic<const int64_t *> scalars{nullptr};
  std::atomic<int64_t> tiles{0};
  std::atomic<uint32_t> spin{0};
  std::atomic<uint32_t> executions{0};

  /// Number of the job in the high half, then 16 bits each for the number of
  /// its ranges and the next range to claim. Whether a range is left must show
  /// in the same word: the fields above may already be those of the next job.
  alignas(64) std::atomic<uint64_t> ticket{0};
  /// Number of the job; what idle workers sleep on.
  alignas(64) std::atomic<uint32_t> signal{0};
  std::atomic<uint32_t> sleepers{0};
  /// Ranges not finished; the top bit says that the caller sleeps on it.
  alignas(64) std::atomic<uint32_t> pending{0};
  alignas(64) std::atomic<bool> busy{false};
  unsigned numWorkers = 0; ///< guarded by `busy`
};

} // namespace gemlir::runtime

#endif // GEMLIR_LIB_RUNTIME_THREADPOOL_H
