//===- Device.cpp - process, device and context of acl
//-------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stream.h"

#include <algorithm>
#include <unistd.h>

namespace gemlir::acl {

namespace {

constexpr int32_t kNumDevices = 1;

struct Context {
  int32_t device = 0;
  std::shared_ptr<Stream> stream = std::make_shared<Stream>();
};

/// Everything of the process; never destroyed, since clients call from
/// destructors of static objects.
struct Process {
  std::mutex mutex;
  uint64_t initCount = 0;
  /// Uses of the device by aclrtSetDevice, and its own context while there are
  /// any.
  uint64_t deviceCount = 0;
  void *deviceContext = nullptr;
  HandleTable<Context> contexts;
  std::shared_ptr<Stream> stream = std::make_shared<Stream>();

  static Process &get() {
    static Process *process = new Process;
    return *process;
  }
};

thread_local void *currentContext = nullptr;

std::shared_ptr<Context> getContext() {
  return currentContext ? Process::get().contexts.find(currentContext) : nullptr;
}

aclError checkDevice(int32_t device, const char *function) {
  if (device >= 0 && device < kNumDevices)
    return ACL_SUCCESS;
  return fail(ACL_ERROR_RT_INVALID_DEVICEID, function,
              "found device " + std::to_string(device) + ", expected 0 to " + std::to_string(kNumDevices - 1));
}

aclError noContext(const char *function) {
  return fail(ACL_ERROR_RT_CONTEXT_NULL, function, "the thread has no context: call aclrtSetDevice first");
}

/// Ends the device's own context when nobody uses it any more.
aclError resetDevice(int32_t device, bool force, const char *function) {
  if (aclError error = checkDevice(device, function))
    return error;
  Process &process = Process::get();
  std::shared_ptr<Context> context;
  {
    std::lock_guard<std::mutex> lock(process.mutex);
    if (!process.deviceCount)
      return ACL_SUCCESS;
    process.deviceCount = force ? 0 : process.deviceCount - 1;
    if (process.deviceCount)
      return ACL_SUCCESS;
    context = process.contexts.take(process.deviceContext);
    if (currentContext == process.deviceContext)
      currentContext = nullptr;
    process.deviceContext = nullptr;
  }
  if (context)
    context->stream->wait(-1);
  return ACL_SUCCESS;
}

} // namespace

std::shared_ptr<Stream> getDefaultStream() {
  if (std::shared_ptr<Context> context = getContext())
    return context->stream;
  return Process::get().stream;
}

bool hasContext(const char *function) {
  if (getContext())
    return true;
  noContext(function);
  return false;
}

} // namespace gemlir::acl

using namespace gemlir;
using namespace gemlir::acl;

aclError aclInit(const char *configPath) {
  if (configPath && *configPath && access(configPath, R_OK))
    return fail(ACL_ERROR_INVALID_FILE, __func__, "cannot read the configuration '" + std::string(configPath) + "'");
  Process &process = Process::get();
  std::lock_guard<std::mutex> lock(process.mutex);
  if (++process.initCount > 1)
    return fail(ACL_ERROR_REPEAT_INITIALIZE, __func__, "acl is initialized already");
  return ACL_SUCCESS;
}

aclError aclFinalize() {
  Process &process = Process::get();
  std::lock_guard<std::mutex> lock(process.mutex);
  if (!process.initCount)
    return fail(ACL_ERROR_REPEAT_FINALIZE, __func__, "acl is not initialized");
  process.initCount = 0;
  return ACL_SUCCESS;
}

aclError aclFinalizeReference(uint64_t *refCount) {
  Process &process = Process::get();
  std::lock_guard<std::mutex> lock(process.mutex);
  if (!process.initCount) {
    if (refCount)
      *refCount = 0;
    return fail(ACL_ERROR_REPEAT_FINALIZE, __func__, "acl is not initialized");
  }
  --process.initCount;
  if (refCount)
    *refCount = process.initCount;
  return ACL_SUCCESS;
}

aclError aclrtGetVersion(int32_t *majorVersion, int32_t *minorVersion, int32_t *patchVersion) {
  ACL_RETURN_IF_NULL(majorVersion, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(minorVersion, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(patchVersion, ACL_ERROR_INVALID_PARAM);
  *majorVersion = 1;
  *minorVersion = 17;
  *patchVersion = 0;
  return ACL_SUCCESS;
}

const char *aclrtGetSocName() { return getContext() ? "Host" : nullptr; }

aclError aclrtSetDevice(int32_t deviceId) {
  if (aclError error = checkDevice(deviceId, __func__))
    return error;
  Process &process = Process::get();
  std::lock_guard<std::mutex> lock(process.mutex);
  if (!process.deviceCount++)
    process.deviceContext = process.contexts.add(std::make_shared<Context>());
  currentContext = process.deviceContext;
  return ACL_SUCCESS;
}

aclError aclrtResetDevice(int32_t deviceId) { return resetDevice(deviceId, /*force=*/false, __func__); }

aclError aclrtResetDeviceForce(int32_t deviceId) { return resetDevice(deviceId, /*force=*/true, __func__); }

aclError aclrtGetDevice(int32_t *deviceId) {
  ACL_RETURN_IF_NULL(deviceId, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Context> context = getContext();
  if (!context)
    return noContext(__func__);
  *deviceId = context->device;
  return ACL_SUCCESS;
}

aclError aclrtGetDeviceCount(uint32_t *count) {
  ACL_RETURN_IF_NULL(count, ACL_ERROR_INVALID_PARAM);
  *count = kNumDevices;
  return ACL_SUCCESS;
}

aclError aclrtGetRunMode(aclrtRunMode *runMode) {
  ACL_RETURN_IF_NULL(runMode, ACL_ERROR_INVALID_PARAM);
  *runMode = ACL_HOST;
  return ACL_SUCCESS;
}

aclError aclrtSynchronizeDevice() { return aclrtSynchronizeDeviceWithTimeout(-1); }

aclError aclrtSynchronizeDeviceWithTimeout(int32_t timeout) {
  if (timeout < -1)
    return fail(ACL_ERROR_RT_PARAM_INVALID, __func__,
                "found timeout " + std::to_string(timeout) + ", expected -1 or more");
  if (!hasContext(__func__))
    return ACL_ERROR_RT_CONTEXT_NULL;
  std::vector<std::shared_ptr<Stream>> streams = getStreams().all();
  for (const std::shared_ptr<Context> &context : Process::get().contexts.all())
    streams.push_back(context->stream);
  aclError result = ACL_SUCCESS;
  for (const std::shared_ptr<Stream> &stream : streams)
    if (aclError error = synchronize(*stream, timeout, __func__))
      result = error;
  return result;
}

aclError aclrtCreateContext(aclrtContext *context, int32_t deviceId) {
  ACL_RETURN_IF_NULL(context, ACL_ERROR_INVALID_PARAM);
  if (aclError error = checkDevice(deviceId, __func__))
    return error;
  *context = Process::get().contexts.add(std::make_shared<Context>());
  currentContext = *context;
  return ACL_SUCCESS;
}

aclError aclrtDestroyContext(aclrtContext context) {
  ACL_RETURN_IF_NULL(context, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Context> object = Process::get().contexts.take(context);
  if (!object)
    return fail(ACL_ERROR_RT_CONTEXT_NULL, __func__, "the context does not exist");
  if (currentContext == context)
    currentContext = nullptr;
  object->stream->wait(-1);
  return ACL_SUCCESS;
}

aclError aclrtSetCurrentContext(aclrtContext context) {
  ACL_RETURN_IF_NULL(context, ACL_ERROR_INVALID_PARAM);
  if (!Process::get().contexts.find(context))
    return fail(ACL_ERROR_RT_CONTEXT_NULL, __func__, "the context does not exist");
  currentContext = context;
  return ACL_SUCCESS;
}

aclError aclrtGetCurrentContext(aclrtContext *context) {
  ACL_RETURN_IF_NULL(context, ACL_ERROR_INVALID_PARAM);
  if (!getContext())
    return noContext(__func__);
  *context = currentContext;
  return ACL_SUCCESS;
}
