//===- Report.cpp - callbacks of acl streams
//-----------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stream.h"

#include <map>
#include <pthread.h>

namespace {

using namespace gemlir;
using namespace gemlir::acl;

/// Callbacks that wait for a thread to call aclrtProcessReport.
class Inbox {
public:
  struct Letter {
    aclrtCallback function;
    void *userData;
    bool done = false;
  };

  void put(const std::shared_ptr<Letter> &letter) {
    std::lock_guard<std::mutex> lock(mutex);
    letters.push_back(letter);
    wake.notify_all();
  }
  bool process(int milliseconds) {
    std::unique_lock<std::mutex> lock(mutex);
    auto any = [&] { return !letters.empty(); };
    if (milliseconds < 0)
      wake.wait(lock, any);
    else if (!wake.wait_for(lock, std::chrono::milliseconds(milliseconds), any))
      return false;
    std::shared_ptr<Letter> letter = letters.front();
    letters.pop_front();
    lock.unlock();
    letter->function(letter->userData);
    lock.lock();
    letter->done = true;
    wake.notify_all();
    return true;
  }
  /// Until the letter was processed, or nobody will process it any more.
  void wait(const std::shared_ptr<Letter> &letter) {
    std::unique_lock<std::mutex> lock(mutex);
    wake.wait(lock, [&] { return letter->done || closed; });
  }
  void close() {
    std::lock_guard<std::mutex> lock(mutex);
    closed = true;
    wake.notify_all();
  }
  unsigned subscriptions = 0; ///< guarded by Inboxes::mutex

private:
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::shared_ptr<Letter>> letters;
  bool closed = false;
};

struct Inboxes {
  std::mutex mutex;
  std::map<uint64_t, std::shared_ptr<Inbox>> byThread;

  static Inboxes &get() {
    static auto *inboxes = new Inboxes;
    return *inboxes;
  }
  std::shared_ptr<Inbox> find(uint64_t thread) {
    std::lock_guard<std::mutex> lock(mutex);
    auto it = byThread.find(thread);
    return it == byThread.end() ? nullptr : it->second;
  }
};

} // namespace

aclError aclrtSubscribeReport(uint64_t threadId, aclrtStream stream) {
  std::shared_ptr<Stream> object = findStream(stream);
  if (!object)
    return fail(ACL_ERROR_RT_INVALID_HANDLE, __func__, "the stream does not exist");
  if (!threadId)
    return fail(ACL_ERROR_RT_PARAM_INVALID, __func__, "the thread id is 0");
  if (object->getSubscriber())
    return fail(ACL_ERROR_RT_STREAM_SUBSCRIBE, __func__, "the stream is subscribed already");
  Inboxes &inboxes = Inboxes::get();
  std::lock_guard<std::mutex> lock(inboxes.mutex);
  std::shared_ptr<Inbox> &inbox = inboxes.byThread[threadId];
  if (!inbox)
    inbox = std::make_shared<Inbox>();
  ++inbox->subscriptions;
  object->setSubscriber(threadId);
  return ACL_SUCCESS;
}

aclError aclrtUnSubscribeReport(uint64_t threadId, aclrtStream stream) {
  std::shared_ptr<Stream> object = findStream(stream);
  if (!object)
    return fail(ACL_ERROR_RT_INVALID_HANDLE, __func__, "the stream does not exist");
  Inboxes &inboxes = Inboxes::get();
  std::lock_guard<std::mutex> lock(inboxes.mutex);
  auto it = inboxes.byThread.find(threadId);
  if (it == inboxes.byThread.end() || object->getSubscriber() != threadId)
    return fail(ACL_ERROR_RT_THREAD_SUBSCRIBE, __func__, "the thread has not subscribed to the stream");
  object->setSubscriber(0);
  if (!--it->second->subscriptions) {
    it->second->close();
    inboxes.byThread.erase(it);
  }
  return ACL_SUCCESS;
}

aclError aclrtProcessReport(int32_t timeout) {
  if (timeout < -1)
    return fail(ACL_ERROR_RT_PARAM_INVALID, __func__,
                "found timeout " + std::to_string(timeout) + ", expected -1 or more");
  std::shared_ptr<Inbox> inbox = Inboxes::get().find(uint64_t(pthread_self()));
  if (!inbox)
    return fail(ACL_ERROR_RT_THREAD_SUBSCRIBE, __func__, "the thread has not subscribed to any stream");
  if (inbox->process(timeout))
    return ACL_SUCCESS;
  return fail(ACL_ERROR_RT_REPORT_TIMEOUT, __func__, "no callback came within " + std::to_string(timeout) + " ms");
}

aclError aclrtLaunchCallback(aclrtCallback fn, void *userData, aclrtCallbackBlockType blockType, aclrtStream stream) {
  ACL_RETURN_IF_NULL(fn, ACL_ERROR_INVALID_PARAM);
  if (blockType != ACL_CALLBACK_NO_BLOCK && blockType != ACL_CALLBACK_BLOCK)
    return fail(ACL_ERROR_INVALID_PARAM, __func__, "unknown block type " + std::to_string(int(blockType)));
  std::shared_ptr<Stream> object = findStream(stream);
  if (!object)
    return fail(ACL_ERROR_RT_INVALID_HANDLE, __func__, "the stream does not exist");
  std::shared_ptr<Inbox> inbox = Inboxes::get().find(object->getSubscriber());
  if (!inbox)
    return fail(ACL_ERROR_RT_STREAM_NO_CB_REG, __func__, "no thread has subscribed to the stream");
  auto letter = std::make_shared<Inbox::Letter>();
  letter->function = fn;
  letter->userData = userData;
  object->enqueue([inbox, letter, blockType] {
    inbox->put(letter);
    if (blockType == ACL_CALLBACK_BLOCK)
      inbox->wait(letter);
    return Error::success();
  });
  return ACL_SUCCESS;
}
