//===- ThreadPool.cpp - the threads that share a launch -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThreadPool.h"
#include "FloatMode.h"

#include <algorithm>
#include <chrono>
#include <climits>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gemlir::runtime {

namespace {

constexpr uint32_t kCallerSleeps = 1u << 31;
constexpr unsigned kMaxThreads = 1024;

void futexWait(std::atomic<uint32_t> &word, uint32_t expected) {
  static_assert(sizeof(word) == 4, "a futex has four bytes");
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

void futexWake(std::atomic<uint32_t> &word, int count) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// True if `done` held before the time was over.
template <typename Condition>
bool spinFor(unsigned microseconds, Condition done) {
  if (!microseconds)
    return done();
  auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(microseconds);
  do {
    for (int i = 0; i < 32; ++i) {
      if (done())
        return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

} // namespace

ThreadPool &ThreadPool::get() {
  // Never destroyed: workers may still sleep in it when the process ends.
  static ThreadPool *pool = new ThreadPool;
  return *pool;
}

ThreadPool::ThreadPool() {
  // A child of fork has the caller only. Jobs finish without workers, so it is
  // enough to forget them and what another thread was doing.
  pthread_atfork(nullptr, nullptr, [] {
    ThreadPool &pool = get();
    pool.numWorkers = 0;
    pool.sleepers = 0;
    pool.executions = 0;
    pool.busy = false;
  });
}

void ThreadPool::run(const Job &job, unsigned threads, unsigned spinMicroseconds) {
  uint32_t wanted = std::min<int64_t>(std::min(threads, kMaxThreads), job.tiles);
  if (wanted < 2 || busy.exchange(true, std::memory_order_acquire)) {
    job.function(job.buffers, job.scalars, 0, job.tiles, nullptr);
    return;
  }
  spin.store(spinMicroseconds, std::memory_order_relaxed);
  ensureWorkers(wanted - 1);
  fork(job, wanted);
  while (claimAndRun())
    ;
  join();
  busy.store(false, std::memory_order_release);
}

void ThreadPool::ensureWorkers(unsigned count) {
  while (numWorkers < count) {
    // Signals are for the application's own threads.
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_t thread;
    bool created = pthread_create(&thread, nullptr, workerMain, this) == 0;
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
    // With fewer threads the same ranges take longer, no more.
    if (!created)
      return;
    pthread_setname_np(thread, "gemlir-worker");
    pthread_detach(thread);
    ++numWorkers;
  }
}

void ThreadPool::fork(const Job &job, uint32_t count) {
  function.store(job.function, std::memory_order_relaxed);
  buffers.store(job.buffers, std::memory_order_relaxed);
  scalars.store(job.scalars, std::memory_order_relaxed);
  tiles.store(job.tiles, std::memory_order_relaxed);
  pending.store(count, std::memory_order_relaxed);
  uint32_t number = signal.load(std::memory_order_relaxed) + 1;
  ticket.store(uint64_t(number) << 32 | count << 16, std::memory_order_release);
  signal.store(number);
  if (sleepers.load())
    futexWake(signal, int(count - 1));
}

bool ThreadPool::claimAndRun() {
  uint64_t current = ticket.load(std::memory_order_acquire);
  while (true) {
    uint32_t count = uint16_t(current >> 16), index = uint16_t(current);
    if (index >= count)
      return false;
    Job job = {function.load(std::memory_order_relaxed), buffers.load(std::memory_order_relaxed),
               scalars.load(std::memory_order_relaxed), tiles.load(std::memory_order_relaxed)};
    // Fields of a later job cannot have been read: they change only when every
    // range is claimed, and then this exchange fails.
    if (!ticket.compare_exchange_weak(current, current + 1, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    // tiles * index may not fit 64 bits; whole and rest do.
    int64_t whole = job.tiles / count, rest = job.tiles % count;
    int64_t begin = whole * index + std::min<int64_t>(index, rest);
    int64_t end = begin + whole + (index < rest);
    job.function(job.buffers, job.scalars, begin, end, nullptr);
    uint32_t before = pending.fetch_sub(1, std::memory_order_acq_rel);
    if (before == (kCallerSleeps | 1))
      futexWake(pending, 1);
    return true;
  }
}

void ThreadPool::join() {
  auto finished = [&] { return pending.load(std::memory_order_acquire) == 0; };
  if (spinFor(spin.load(std::memory_order_relaxed), finished))
    return;
  uint32_t left = pending.fetch_or(kCallerSleeps, std::memory_order_acq_rel);
  while (left & ~kCallerSleeps) {
    futexWait(pending, left | kCallerSleeps);
    left = pending.load(std::memory_order_acquire);
  }
}

void *ThreadPool::workerMain(void *pool) {
  static_cast<ThreadPool *>(pool)->workerLoop();
  return nullptr;
}

void ThreadPool::workerLoop() {
  FloatMode mode;
  while (true) {
    // The order matters: a job that appears after `seen` was read changes
    // `signal`, and the wait returns at once.
    uint32_t seen = signal.load();
    while (claimAndRun())
      ;
    auto changed = [&] { return signal.load(std::memory_order_acquire) != seen; };
    spinFor(spin.load(std::memory_order_relaxed),
            [&] { return changed() || executions.load(std::memory_order_relaxed) == 0; });
    if (changed())
      continue;
    sleepers.fetch_add(1);
    futexWait(signal, seen);
    sleepers.fetch_sub(1);
  }
}

} // namespace gemlir::runtime
