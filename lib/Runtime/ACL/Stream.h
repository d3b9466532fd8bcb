//===- Stream.h - ordered queues of work ------------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_ACL_STREAM_H
#define GEMLIR_LIB_RUNTIME_ACL_STREAM_H

#include "Common.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <thread>

namespace gemlir::acl {

using Task = std::function<Error()>;

/// Tasks run one after another on the stream's own thread, which starts with
/// the first task. The first failure is kept for whoever synchronizes.
class Stream {
public:
  ~Stream();
  void enqueue(Task task);
  /// Waits until everything enqueued so far has run; false after `milliseconds`
  /// (negative: for ever).
  bool wait(int milliseconds);
  bool isIdle();
  /// The first failure since the last call.
  Error takeError();
  /// Forgets what has not begun.
  void clear();

  /// Thread that receives this stream's callbacks; 0 if none.
  uint64_t getSubscriber();
  void setSubscriber(uint64_t threadId);

private:
  /// Shared with the thread, which may outlive a stream that is destroyed in
  /// one of its own callbacks.
  struct State {
    std::mutex mutex;
    std::condition_variable wakeWorker, wakeWaiters;
    std::deque<Task> tasks;
    uint64_t enqueued = 0, finished = 0;
    bool ending = false;
    Error error;
    uint64_t subscriber = 0;

    void work();
    void run(Task &task, std::unique_lock<std::mutex> &lock);
  };
  std::shared_ptr<State> state = std::make_shared<State>();
  std::thread worker; ///< guarded by the state's mutex
};

HandleTable<Stream> &getStreams();
/// The stream of a handle; null stands for the current context's own stream.
std::shared_ptr<Stream> findStream(aclrtStream stream);
aclError enqueue(aclrtStream stream, const char *function, Task task);
/// Waits, and reports a failure of the stream's tasks.
aclError synchronize(Stream &stream, int milliseconds, const char *function);

/// The stream of the calling thread's context; without a context, one for the
/// whole process.
std::shared_ptr<Stream> getDefaultStream();
/// False, with a message, if the calling thread has no context.
bool hasContext(const char *function);

} // namespace gemlir::acl

#endif // GEMLIR_LIB_RUNTIME_ACL_STREAM_H
