//===- Stream.cpp - ordered queues of work
//-------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stream.h"

#include <chrono>
#include <system_error>

namespace gemlir::acl {

Stream::~Stream() {
  {
    std::lock_guard<std::mutex> lock(state->mutex);
    state->ending = true;
  }
  state->wakeWorker.notify_all();
  if (!worker.joinable())
    return;
  if (worker.get_id() == std::this_thread::get_id())
    worker.detach();
  else
    worker.join();
}

void Stream::enqueue(Task task) {
  std::unique_lock<std::mutex> lock(state->mutex);
  ++state->enqueued;
  if (!worker.joinable()) {
    try {
      worker = std::thread([state = state] { state->work(); });
    } catch (const std::system_error &) {
      // No thread to be had: the caller does the work.
      state->run(task, lock);
      return;
    }
  }
  state->tasks.push_back(std::move(task));
  lock.unlock();
  state->wakeWorker.notify_one();
}

void Stream::State::run(Task &task, std::unique_lock<std::mutex> &lock) {
  lock.unlock();
  Error result = task();
  task = nullptr; // what it holds goes before anybody knows it is finished
  lock.lock();
  if (result && !error)
    error = std::move(result);
  ++finished;
  wakeWaiters.notify_all();
}

void Stream::State::work() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    wakeWorker.wait(lock, [&] { return ending || !tasks.empty(); });
    if (tasks.empty())
      return;
    Task task = std::move(tasks.front());
    tasks.pop_front();
    run(task, lock);
  }
}

bool Stream::wait(int milliseconds) {
  std::unique_lock<std::mutex> lock(state->mutex);
  // A callback that waits for its own stream would wait for itself.
  if (worker.get_id() == std::this_thread::get_id())
    return true;
  uint64_t target = state->enqueued;
  auto done = [&] { return state->finished >= target; };
  if (milliseconds < 0) {
    state->wakeWaiters.wait(lock, done);
    return true;
  }
  return state->wakeWaiters.wait_for(lock, std::chrono::milliseconds(milliseconds), done);
}

bool Stream::isIdle() {
  std::lock_guard<std::mutex> lock(state->mutex);
  return state->finished == state->enqueued;
}

Error Stream::takeError() {
  std::lock_guard<std::mutex> lock(state->mutex);
  Error result = std::move(state->error);
  state->error = Error::success();
  return result;
}

void Stream::clear() {
  std::lock_guard<std::mutex> lock(state->mutex);
  state->finished += state->tasks.size();
  state->tasks.clear();
  state->wakeWaiters.notify_all();
}

uint64_t Stream::getSubscriber() {
  std::lock_guard<std::mutex> lock(state->mutex);
  return state->subscriber;
}

void Stream::setSubscriber(uint64_t threadId) {
  std::lock_guard<std::mutex> lock(state->mutex);
  state->subscriber = threadId;
}

HandleTable<Stream> &getStreams() {
  static auto *streams = new HandleTable<Stream>;
  return *streams;
}

std::shared_ptr<Stream> findStream(aclrtStream stream) {
  return stream ? getStreams().find(stream) : getDefaultStream();
}

aclError enqueue(aclrtStream handle, const char *function, Task task) {
  std::shared_ptr<Stream> stream = findStream(handle);
  if (!stream)
    return fail(ACL_ERROR_RT_INVALID_HANDLE, function, "the stream does not exist");
  stream->enqueue(std::move(task));
  return ACL_SUCCESS;
}

aclError synchronize(Stream &stream, int milliseconds, const char *function) {
  if (!stream.wait(milliseconds))
    return fail(ACL_ERROR_RT_STREAM_SYNC_TIMEOUT, function,
                "the stream has not finished after " + std::to_string(milliseconds) + " ms");
  if (Error error = stream.takeError())
    return fail(error, function);
  return ACL_SUCCESS;
}

} // namespace gemlir::acl

using namespace gemlir;
using namespace gemlir::acl;

aclError aclrtCreateStream(aclrtStream *stream) {
  ACL_RETURN_IF_NULL(stream, ACL_ERROR_INVALID_PARAM);
  if (!hasContext(__func__))
    return ACL_ERROR_RT_CONTEXT_NULL;
  *stream = getStreams().add(std::make_shared<Stream>());
  return ACL_SUCCESS;
}

aclError aclrtCreateStreamWithConfig(aclrtStream *stream, uint32_t priority, uint32_t flag) {
  return aclrtCreateStream(stream);
}

aclError aclrtDestroyStream(aclrtStream stream) {
  ACL_RETURN_IF_NULL(stream, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Stream> object = getStreams().take(stream);
  if (!object)
    return fail(ACL_ERROR_RT_INVALID_HANDLE, __func__, "the stream does not exist");
  object->wait(-1);
  return ACL_SUCCESS;
}

aclError aclrtDestroyStreamForce(aclrtStream stream) {
  ACL_RETURN_IF_NULL(stream, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Stream> object = getStreams().take(stream);
  if (!object)
    return fail(ACL_ERROR_RT_INVALID_HANDLE, __func__, "the stream does not exist");
  object->clear();
  object->wait(-1);
  return ACL_SUCCESS;
}

aclError aclrtSynchronizeStream(aclrtStream stream) { return aclrtSynchronizeStreamWithTimeout(stream, -1); }

aclError aclrtSynchronizeStreamWithTimeout(aclrtStream stream, int32_t timeout) {
  if (timeout < -1)
    return fail(ACL_ERROR_RT_PARAM_INVALID, __func__,
                "found timeout " + std::to_string(timeout) + ", expected -1 or more");
  std::shared_ptr<Stream> object = findStream(stream);
  if (!object)
    return fail(ACL_ERROR_RT_INVALID_HANDLE, __func__, "the stream does not exist");
  return synchronize(*object, timeout, __func__);
}

aclError aclrtStreamQuery(aclrtStream stream, aclrtStreamStatus *status) {
  ACL_RETURN_IF_NULL(status, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Stream> object = findStream(stream);
  if (!object)
    return fail(ACL_ERROR_RT_INVALID_HANDLE, __func__, "the stream does not exist");
  *status = object->isIdle() ? ACL_STREAM_STATUS_COMPLETE : ACL_STREAM_STATUS_NOT_READY;
  return ACL_SUCCESS;
}

aclError aclrtLaunchHostFunc(aclrtStream stream, aclrtHostFunc fn, void *args) {
  ACL_RETURN_IF_NULL(fn, ACL_ERROR_INVALID_PARAM);
  return enqueue(stream, __func__, [=] {
    fn(args);
    return Error::success();
  });
}
