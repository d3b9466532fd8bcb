//===- Event.cpp - events of acl
//-----------------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stream.h"

#include <chrono>

namespace {

using namespace gemlir;
using namespace gemlir::acl;
using Clock = std::chrono::steady_clock;

/// Recordings are counted: a stream waits for the recording that was the last
/// one when it was told to.
class Event {
public:
  uint64_t startRecording() {
    std::lock_guard<std::mutex> lock(mutex);
    return ++recorded;
  }
  void finishRecording(uint64_t number) {
    std::lock_guard<std::mutex> lock(mutex);
    if (number > completed) {
      completed = number;
      time = Clock::now();
    }
    wake.notify_all();
  }
  uint64_t getRecorded() {
    std::lock_guard<std::mutex> lock(mutex);
    return recorded;
  }
  bool wait(uint64_t number, int milliseconds) {
    std::unique_lock<std::mutex> lock(mutex);
    auto done = [&] { return completed >= number; };
    if (milliseconds < 0) {
      wake.wait(lock, done);
      return true;
    }
    return wake.wait_for(lock, std::chrono::milliseconds(milliseconds), done);
  }
  /// Nothing counts as recorded until the next recording.
  void reset() {
    std::lock_guard<std::mutex> lock(mutex);
    if (completed == recorded)
      resetAt = recorded;
  }
  bool isComplete() {
    std::lock_guard<std::mutex> lock(mutex);
    return recorded > resetAt && completed == recorded;
  }
  bool getTime(Clock::time_point &result) {
    std::lock_guard<std::mutex> lock(mutex);
    result = time;
    return recorded && completed == recorded;
  }

private:
  std::mutex mutex;
  std::condition_variable wake;
  uint64_t recorded = 0, completed = 0, resetAt = 0;
  Clock::time_point time;
};

HandleTable<Event> &getEvents() {
  static auto *events = new HandleTable<Event>;
  return *events;
}

aclError noEvent(const char *function) {
  return fail(ACL_ERROR_RT_INVALID_HANDLE, function, "the event does not exist");
}

} // namespace

aclError aclrtCreateEvent(aclrtEvent *event) {
  ACL_RETURN_IF_NULL(event, ACL_ERROR_INVALID_PARAM);
  *event = getEvents().add(std::make_shared<Event>());
  return ACL_SUCCESS;
}

aclError aclrtCreateEventWithFlag(aclrtEvent *event, uint32_t flag) { return aclrtCreateEvent(event); }

aclError aclrtDestroyEvent(aclrtEvent event) {
  ACL_RETURN_IF_NULL(event, ACL_ERROR_INVALID_PARAM);
  return getEvents().take(event) ? ACL_SUCCESS : noEvent(__func__);
}

aclError aclrtRecordEvent(aclrtEvent event, aclrtStream stream) {
  ACL_RETURN_IF_NULL(event, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Event> object = getEvents().find(event);
  if (!object)
    return noEvent(__func__);
  if (!findStream(stream))
    return fail(ACL_ERROR_RT_INVALID_HANDLE, __func__, "the stream does not exist");
  uint64_t number = object->startRecording();
  return enqueue(stream, __func__, [object, number] {
    object->finishRecording(number);
    return Error::success();
  });
}

aclError aclrtResetEvent(aclrtEvent event, aclrtStream stream) {
  ACL_RETURN_IF_NULL(event, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Event> object = getEvents().find(event);
  if (!object)
    return noEvent(__func__);
  return enqueue(stream, __func__, [object] {
    object->reset();
    return Error::success();
  });
}

aclError aclrtStreamWaitEvent(aclrtStream stream, aclrtEvent event) {
  ACL_RETURN_IF_NULL(event, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Event> object = getEvents().find(event);
  if (!object)
    return noEvent(__func__);
  uint64_t number = object->getRecorded();
  return enqueue(stream, __func__, [object, number] {
    object->wait(number, -1);
    return Error::success();
  });
}

aclError aclrtSynchronizeEvent(aclrtEvent event) { return aclrtSynchronizeEventWithTimeout(event, -1); }

aclError aclrtSynchronizeEventWithTimeout(aclrtEvent event, int32_t timeout) {
  ACL_RETURN_IF_NULL(event, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Event> object = getEvents().find(event);
  if (!object)
    return noEvent(__func__);
  if (object->wait(object->getRecorded(), timeout))
    return ACL_SUCCESS;
  return fail(ACL_ERROR_RT_EVENT_SYNC_TIMEOUT, __func__,
              "the event has not happened after " + std::to_string(timeout) + " ms");
}

aclError aclrtQueryEventStatus(aclrtEvent event, aclrtEventRecordedStatus *status) {
  ACL_RETURN_IF_NULL(event, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(status, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Event> object = getEvents().find(event);
  if (!object)
    return noEvent(__func__);
  *status = object->isComplete() ? ACL_EVENT_RECORDED_STATUS_COMPLETE : ACL_EVENT_RECORDED_STATUS_NOT_READY;
  return ACL_SUCCESS;
}

aclError aclrtQueryEventWaitStatus(aclrtEvent event, aclrtEventWaitStatus *status) {
  ACL_RETURN_IF_NULL(event, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(status, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Event> object = getEvents().find(event);
  if (!object)
    return noEvent(__func__);
  *status = object->wait(object->getRecorded(), 0) ? ACL_EVENT_WAIT_STATUS_COMPLETE : ACL_EVENT_WAIT_STATUS_NOT_READY;
  return ACL_SUCCESS;
}

aclError aclrtEventElapsedTime(float *ms, aclrtEvent startEvent, aclrtEvent endEvent) {
  ACL_RETURN_IF_NULL(ms, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(startEvent, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(endEvent, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Event> start = getEvents().find(startEvent);
  std::shared_ptr<Event> end = getEvents().find(endEvent);
  if (!start || !end)
    return noEvent(__func__);
  Clock::time_point startTime, endTime;
  if (!start->getTime(startTime) || !end->getTime(endTime))
    return fail(ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID, __func__, "an event is not recorded or has not happened");
  *ms = std::chrono::duration<float, std::milli>(endTime - startTime).count();
  return ACL_SUCCESS;
}
