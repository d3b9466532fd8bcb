//===- ACLTest.cpp - tests of the acl functions
//--------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "acl/acl.h"
#include "TestModel.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <gtest/gtest.h>
#include <pthread.h>
#include <thread>
#include <unistd.h>

using namespace gemlir;
using namespace gemlir::test;

namespace {

std::string takeMessage() {
  const char *text = aclGetRecentErrMsg();
  return text ? text : "";
}

class ACL : public testing::Test {
protected:
  void SetUp() override {
    takeMessage();
    ASSERT_EQ(aclrtSetDevice(0), ACL_SUCCESS);
    bytes = makeSmallModel();
    ASSERT_EQ(aclmdlLoadFromMem(bytes.data(), bytes.size(), &id), ACL_SUCCESS);
    for (int i = 0; i < 4; ++i)
      x[i] = i + 1;
    inputBuffer = aclCreateDataBuffer(x, sizeof(x));
    outputBuffer = aclCreateDataBuffer(z, sizeof(z));
    input = aclmdlCreateDataset();
    output = aclmdlCreateDataset();
    ASSERT_EQ(aclmdlAddDatasetBuffer(input, inputBuffer), ACL_SUCCESS);
    ASSERT_EQ(aclmdlAddDatasetBuffer(output, outputBuffer), ACL_SUCCESS);
  }
  void TearDown() override {
    EXPECT_EQ(aclmdlUnload(id), ACL_SUCCESS);
    aclmdlDestroyDataset(input);
    aclmdlDestroyDataset(output);
    aclDestroyDataBuffer(inputBuffer);
    aclDestroyDataBuffer(outputBuffer);
    EXPECT_EQ(aclrtResetDevice(0), ACL_SUCCESS);
  }
  void expectResult(const float *values) {
    EXPECT_EQ(values[0], 12);
    EXPECT_EQ(values[3], 48);
  }

  std::vector<uint8_t> bytes;
  uint32_t id = 0;
  alignas(64) float x[4];
  alignas(64) float z[4] = {};
  aclDataBuffer *inputBuffer, *outputBuffer;
  aclmdlDataset *input, *output;
};

TEST(ACLProcess, InitAndFinalize) {
  EXPECT_EQ(aclFinalize(), ACL_ERROR_REPEAT_FINALIZE);
  EXPECT_EQ(aclInit("/no/such/file.json"), ACL_ERROR_INVALID_FILE);
  EXPECT_NE(takeMessage().find("/no/such/file.json"), std::string::npos);
  EXPECT_EQ(aclGetRecentErrMsg(), nullptr) << "reading clears";
  EXPECT_EQ(aclInit(nullptr), ACL_SUCCESS);
  EXPECT_EQ(aclInit(""), ACL_ERROR_REPEAT_INITIALIZE);
  uint64_t count = 9;
  EXPECT_EQ(aclFinalizeReference(&count), ACL_SUCCESS);
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(aclFinalize(), ACL_SUCCESS);
  EXPECT_EQ(aclFinalize(), ACL_ERROR_REPEAT_FINALIZE);
}

TEST(ACLProcess, Devices) {
  int32_t device = -1;
  uint32_t count = 0;
  aclrtContext context = nullptr;
  aclrtStream stream = nullptr;
  EXPECT_EQ(aclrtGetDevice(&device), ACL_ERROR_RT_CONTEXT_NULL);
  EXPECT_EQ(aclrtGetCurrentContext(&context), ACL_ERROR_RT_CONTEXT_NULL);
  EXPECT_EQ(aclrtCreateStream(&stream), ACL_ERROR_RT_CONTEXT_NULL);
  EXPECT_EQ(aclrtGetSocName(), nullptr);
  EXPECT_EQ(aclrtGetDeviceCount(&count), ACL_SUCCESS);
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(aclrtSetDevice(1), ACL_ERROR_RT_INVALID_DEVICEID);
  EXPECT_EQ(aclrtSetDevice(-1), ACL_ERROR_RT_INVALID_DEVICEID);
  EXPECT_EQ(aclrtSetDevice(0), ACL_SUCCESS);
  EXPECT_EQ(aclrtSetDevice(0), ACL_SUCCESS);
  EXPECT_EQ(aclrtGetDevice(&device), ACL_SUCCESS);
  EXPECT_EQ(device, 0);
  EXPECT_STREQ(aclrtGetSocName(), "Host");
  EXPECT_EQ(aclrtResetDevice(0), ACL_SUCCESS);
  EXPECT_EQ(aclrtGetCurrentContext(&context), ACL_SUCCESS) << "still in use";
  EXPECT_EQ(aclrtResetDevice(0), ACL_SUCCESS);
  EXPECT_EQ(aclrtGetCurrentContext(&context), ACL_ERROR_RT_CONTEXT_NULL);
  aclrtContext own = nullptr;
  EXPECT_EQ(aclrtCreateContext(&own, 0), ACL_SUCCESS);
  EXPECT_EQ(aclrtGetCurrentContext(&context), ACL_SUCCESS);
  EXPECT_EQ(context, own);
  EXPECT_EQ(aclrtDestroyContext(own), ACL_SUCCESS);
  EXPECT_EQ(aclrtDestroyContext(own), ACL_ERROR_RT_CONTEXT_NULL);
  EXPECT_EQ(aclrtSetCurrentContext(own), ACL_ERROR_RT_CONTEXT_NULL);
}

TEST(ACLProcess, Memory) {
  void *memory = this;
  EXPECT_EQ(aclrtMalloc(&memory, 0, ACL_MEM_MALLOC_HUGE_FIRST), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_EQ(memory, nullptr);
  EXPECT_EQ(aclrtMalloc(&memory, SIZE_MAX - 5, ACL_MEM_MALLOC_HUGE_FIRST), ACL_ERROR_RT_MEMORY_ALLOCATION);
  ASSERT_EQ(aclrtMalloc(&memory, 33, ACL_MEM_MALLOC_HUGE_FIRST), ACL_SUCCESS);
  EXPECT_EQ(uintptr_t(memory) % 64, 0u);
  std::memset(memory, 1, 96); // 33 rounded up, and 32 more
  char source[] = "0123456789";
  EXPECT_EQ(aclrtMemcpy(memory, 5, source, 6, ACL_MEMCPY_HOST_TO_DEVICE), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_EQ(aclrtMemcpy(memory, 33, source, 10, ACL_MEMCPY_HOST_TO_DEVICE), ACL_SUCCESS);
  EXPECT_EQ(std::memcmp(memory, source, 10), 0);
  EXPECT_EQ(aclrtMemset(memory, 33, 7, 34), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_EQ(aclrtMemset(memory, 33, 7, 33), ACL_SUCCESS);
  EXPECT_EQ(static_cast<char *>(memory)[32], 7);
  EXPECT_EQ(aclrtFree(memory), ACL_SUCCESS);
  EXPECT_EQ(aclrtFree(memory), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_EQ(aclrtFree(source), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_EQ(aclrtFree(nullptr), ACL_ERROR_RT_PARAM_INVALID);
  size_t free = 0, total = 0;
  EXPECT_EQ(aclrtGetMemInfo(ACL_HBM_MEM, &free, &total), ACL_SUCCESS);
  EXPECT_GT(total, free);
}

TEST(ACLProcess, DataTypes) {
  EXPECT_EQ(aclDataTypeSize(ACL_FLOAT), 4u);
  EXPECT_EQ(aclDataTypeSize(ACL_COMPLEX128), 16u);
  EXPECT_EQ(aclDataTypeSize(ACL_BF16), 2u);
  EXPECT_EQ(aclDataTypeSize(ACL_INT4), 0u);
  EXPECT_EQ(aclDataTypeSize(ACL_DT_UNDEFINED), 0u);
}

TEST(ACLProcess, HalfPrecision) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    float value = aclFloat16ToFloat(aclFloat16(bits));
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(aclFloat16ToFloat(aclFloatToFloat16(value))));
    else
      ASSERT_EQ(aclFloatToFloat16(value), bits) << value;
  }
  EXPECT_EQ(aclFloat16ToFloat(0x3c01), 1.0f + 1.0f / 1024);
  EXPECT_EQ(aclFloat16ToFloat(0x0001), std::ldexp(1.0f, -24));
  EXPECT_EQ(aclFloatToFloat16(65519.0f), 0x7bff);
  EXPECT_EQ(aclFloatToFloat16(65520.0f), 0x7c00);
  EXPECT_EQ(aclFloatToFloat16(1e30f), 0x7c00);
  EXPECT_EQ(aclFloatToFloat16(-1e30f), 0xfc00);
  EXPECT_EQ(aclFloatToFloat16(std::ldexp(1.0f, -25)), 0x0000) << "tie to even";
  EXPECT_EQ(aclFloatToFloat16(std::ldexp(1.5f, -25)), 0x0001);
  EXPECT_EQ(aclFloatToFloat16(1.0f + 1.0f / 2048), 0x3c00) << "tie to even";
  EXPECT_EQ(aclFloatToFloat16(1.0f + 3.0f / 2048), 0x3c02) << "tie to even";
}

TEST_F(ACL, Execute) {
  EXPECT_EQ(aclmdlExecute(id, input, output), ACL_SUCCESS);
  expectResult(z);
}

TEST_F(ACL, ExecuteAllocates) {
  aclUpdateDataBuffer(outputBuffer, nullptr, 0);
  EXPECT_EQ(aclmdlExecute(id, input, output), ACL_SUCCESS);
  void *data = aclGetDataBufferAddr(outputBuffer);
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(aclGetDataBufferSizeV2(outputBuffer), 16u);
  expectResult(static_cast<float *>(data));
  aclTensorDesc *desc = aclmdlGetDatasetTensorDesc(output, 0);
  EXPECT_EQ(aclGetTensorDescNumDims(desc), 1u);
  EXPECT_EQ(aclrtFree(data), ACL_SUCCESS);
}

TEST_F(ACL, ExecuteFailures) {
  EXPECT_EQ(aclmdlExecute(99, input, output), ACL_ERROR_GE_EXEC_MODEL_ID_INVALID);
  EXPECT_EQ(aclmdlExecute(id, nullptr, output), ACL_ERROR_INVALID_PARAM);
  EXPECT_EQ(aclmdlExecute(id, input, nullptr), ACL_ERROR_INVALID_PARAM);
  takeMessage();
  aclUpdateDataBuffer(inputBuffer, x, 12);
  EXPECT_EQ(aclmdlExecute(id, input, output), ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID);
  EXPECT_EQ(takeMessage(), "[145012] aclmdlExecute: input 0 'x' has 12 bytes, "
                           "expected 16\n");
  aclUpdateDataBuffer(inputBuffer, nullptr, 16);
  EXPECT_EQ(aclmdlExecute(id, input, output), ACL_ERROR_GE_DYNAMIC_INPUT_ADDR_INVALID);
  aclUpdateDataBuffer(inputBuffer, x, 16);
  aclUpdateDataBuffer(outputBuffer, z, 15);
  EXPECT_EQ(aclmdlExecute(id, input, output), ACL_ERROR_MODEL_OUTPUT_NOT_MATCH);
  aclUpdateDataBuffer(outputBuffer, nullptr, 16);
  EXPECT_EQ(aclmdlExecute(id, input, output), ACL_ERROR_INVALID_PARAM);
  aclUpdateDataBuffer(outputBuffer, z, 16);
  aclmdlAddDatasetBuffer(input, inputBuffer);
  EXPECT_EQ(aclmdlExecute(id, input, output), ACL_ERROR_MODEL_INPUT_NOT_MATCH);
}

TEST_F(ACL, Streams) {
  aclrtStream stream = nullptr;
  aclrtEvent start = nullptr, end = nullptr;
  ASSERT_EQ(aclrtCreateStream(&stream), ACL_SUCCESS);
  ASSERT_EQ(aclrtCreateEvent(&start), ACL_SUCCESS);
  ASSERT_EQ(aclrtCreateEvent(&end), ACL_SUCCESS);
  float staged[4] = {1, 2, 3, 4};
  std::memset(x, 0, sizeof(x));
  EXPECT_EQ(aclrtRecordEvent(start, stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtMemcpyAsync(x, sizeof(x), staged, sizeof(x), ACL_MEMCPY_HOST_TO_DEVICE, stream), ACL_SUCCESS);
  EXPECT_EQ(aclmdlExecuteAsync(id, input, output, stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtRecordEvent(end, stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtSynchronizeStream(stream), ACL_SUCCESS);
  expectResult(z);
  aclrtEventRecordedStatus status = ACL_EVENT_RECORDED_STATUS_NOT_READY;
  EXPECT_EQ(aclrtQueryEventStatus(end, &status), ACL_SUCCESS);
  EXPECT_EQ(status, ACL_EVENT_RECORDED_STATUS_COMPLETE);
  float ms = -1;
  EXPECT_EQ(aclrtEventElapsedTime(&ms, start, end), ACL_SUCCESS);
  EXPECT_GE(ms, 0);
  EXPECT_EQ(aclrtDestroyEvent(start), ACL_SUCCESS);
  EXPECT_EQ(aclrtDestroyEvent(start), ACL_ERROR_RT_INVALID_HANDLE);
  EXPECT_EQ(aclrtDestroyEvent(end), ACL_SUCCESS);
  // A failure shows when the stream is synchronized, once.
  aclUpdateDataBuffer(inputBuffer, x, 4);
  EXPECT_EQ(aclmdlExecuteAsync(id, input, output, stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtSynchronizeStream(stream), ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID);
  EXPECT_EQ(aclrtSynchronizeStream(stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtDestroyStream(stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtDestroyStream(stream), ACL_ERROR_RT_INVALID_HANDLE);
  EXPECT_EQ(aclrtSynchronizeStream(stream), ACL_ERROR_RT_INVALID_HANDLE);
  EXPECT_EQ(aclmdlExecuteAsync(id, input, output, stream), ACL_ERROR_RT_INVALID_HANDLE);
}

TEST_F(ACL, DefaultStreamAndTimeouts) {
  std::atomic<bool> go{false};
  auto block = [](void *flag) {
    while (!*static_cast<std::atomic<bool> *>(flag))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  EXPECT_EQ(aclrtLaunchHostFunc(nullptr, block, &go), ACL_SUCCESS);
  aclrtStreamStatus status = ACL_STREAM_STATUS_COMPLETE;
  EXPECT_EQ(aclrtStreamQuery(nullptr, &status), ACL_SUCCESS);
  EXPECT_EQ(status, ACL_STREAM_STATUS_NOT_READY);
  EXPECT_EQ(aclrtSynchronizeStreamWithTimeout(nullptr, 10), ACL_ERROR_RT_STREAM_SYNC_TIMEOUT);
  EXPECT_EQ(aclrtSynchronizeStreamWithTimeout(nullptr, -2), ACL_ERROR_RT_PARAM_INVALID);
  EXPECT_EQ(aclmdlExecuteAsync(id, input, output, nullptr), ACL_SUCCESS);
  EXPECT_EQ(z[0], 0) << "waits for the task before it";
  go = true;
  EXPECT_EQ(aclrtSynchronizeDevice(), ACL_SUCCESS);
  expectResult(z);
}

TEST_F(ACL, EventsOrderStreams) {
  aclrtStream first = nullptr, second = nullptr;
  aclrtEvent event = nullptr;
  ASSERT_EQ(aclrtCreateStream(&first), ACL_SUCCESS);
  ASSERT_EQ(aclrtCreateStreamWithConfig(&second, 0, ACL_STREAM_FAST_LAUNCH), ACL_SUCCESS);
  ASSERT_EQ(aclrtCreateEventWithFlag(&event, ACL_EVENT_SYNC), ACL_SUCCESS);
  static std::atomic<int> order;
  order = 0;
  auto slow = [](void *) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    int expected = 0;
    order.compare_exchange_strong(expected, 1);
  };
  auto after = [](void *) {
    int expected = 1;
    order.compare_exchange_strong(expected, 2);
  };
  aclrtLaunchHostFunc(first, slow, nullptr);
  aclrtRecordEvent(event, first);
  aclrtStreamWaitEvent(second, event);
  aclrtLaunchHostFunc(second, after, nullptr);
  EXPECT_EQ(aclrtSynchronizeEventWithTimeout(event, 1), ACL_ERROR_RT_EVENT_SYNC_TIMEOUT);
  EXPECT_EQ(aclrtSynchronizeEvent(event), ACL_SUCCESS);
  EXPECT_EQ(aclrtDestroyStream(second), ACL_SUCCESS);
  EXPECT_EQ(order, 2);
  EXPECT_EQ(aclrtDestroyStreamForce(first), ACL_SUCCESS);
  EXPECT_EQ(aclrtDestroyEvent(event), ACL_SUCCESS);
}

TEST_F(ACL, Callbacks) {
  aclrtStream stream = nullptr;
  ASSERT_EQ(aclrtCreateStream(&stream), ACL_SUCCESS);
  int calls = 0;
  auto count = [](void *data) { ++*static_cast<int *>(data); };
  EXPECT_EQ(aclrtLaunchCallback(count, &calls, ACL_CALLBACK_BLOCK, stream), ACL_ERROR_RT_STREAM_NO_CB_REG);
  EXPECT_EQ(aclrtProcessReport(0), ACL_ERROR_RT_THREAD_SUBSCRIBE);
  uint64_t self = uint64_t(pthread_self());
  EXPECT_EQ(aclrtSubscribeReport(self, stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtSubscribeReport(self, stream), ACL_ERROR_RT_STREAM_SUBSCRIBE);
  EXPECT_EQ(aclrtProcessReport(1), ACL_ERROR_RT_REPORT_TIMEOUT);
  EXPECT_EQ(aclrtLaunchCallback(count, &calls, ACL_CALLBACK_BLOCK, stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtLaunchCallback(count, &calls, ACL_CALLBACK_NO_BLOCK, stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtProcessReport(-1), ACL_SUCCESS);
  EXPECT_EQ(aclrtProcessReport(-1), ACL_SUCCESS);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(aclrtUnSubscribeReport(self, stream), ACL_SUCCESS);
  EXPECT_EQ(aclrtUnSubscribeReport(self, stream), ACL_ERROR_RT_THREAD_SUBSCRIBE);
  EXPECT_EQ(aclrtDestroyStream(stream), ACL_SUCCESS);
}

TEST_F(ACL, Description) {
  aclmdlDesc *desc = aclmdlCreateDesc();
  EXPECT_EQ(aclmdlGetDesc(desc, 99), ACL_ERROR_GE_EXEC_MODEL_ID_INVALID);
  ASSERT_EQ(aclmdlGetDesc(desc, id), ACL_SUCCESS);
  EXPECT_EQ(aclmdlGetNumInputs(desc), 1u);
  EXPECT_EQ(aclmdlGetNumOutputs(desc), 1u);
  EXPECT_EQ(aclmdlGetInputSizeByIndex(desc, 0), 16u);
  EXPECT_EQ(aclmdlGetInputSizeByIndex(desc, 1), 0u);
  EXPECT_STREQ(aclmdlGetInputNameByIndex(desc, 0), "x");
  EXPECT_STREQ(aclmdlGetOutputNameByIndex(desc, 0), "z");
  EXPECT_EQ(aclmdlGetInputDataType(desc, 0), ACL_FLOAT);
  EXPECT_EQ(aclmdlGetOutputFormat(desc, 0), ACL_FORMAT_ND);
  aclmdlIODims dims;
  ASSERT_EQ(aclmdlGetInputDims(desc, 0, &dims), ACL_SUCCESS);
  EXPECT_STREQ(dims.name, "x");
  EXPECT_EQ(dims.dimCount, 1u);
  EXPECT_EQ(dims.dims[0], 4);
  EXPECT_EQ(aclmdlGetInputDims(desc, 1, &dims), ACL_ERROR_INVALID_PARAM);
  size_t index = 9;
  EXPECT_EQ(aclmdlGetInputIndexByName(desc, "x", &index), ACL_SUCCESS);
  EXPECT_EQ(index, 0u);
  EXPECT_EQ(aclmdlGetInputIndexByName(desc, ACL_DYNAMIC_TENSOR_NAME, &index), ACL_ERROR_INVALID_PARAM);
  aclmdlBatch batch;
  EXPECT_EQ(aclmdlGetDynamicBatch(desc, &batch), ACL_SUCCESS);
  EXPECT_EQ(batch.batchCount, 0u);
  EXPECT_EQ(aclmdlSetDynamicBatchSize(id, input, 0, 4), ACL_ERROR_MODEL_NOT_DYNAMIC);
  EXPECT_EQ(aclmdlDestroyDesc(desc), ACL_SUCCESS);
}

TEST(ACLModel, LongNames) {
  TestModel b;
  std::string name(200, 'n');
  b.program.inputs = {{name, 0, 2, {1}, 4}};
  b.beginFunction("main");
  b.ret();
  std::vector<uint8_t> bytes = b.write();
  aclmdlDesc *desc = aclmdlCreateDesc();
  ASSERT_EQ(aclmdlGetDescFromMem(desc, bytes.data(), bytes.size()), ACL_SUCCESS);
  aclmdlIODims dims;
  ASSERT_EQ(aclmdlGetInputDims(desc, 0, &dims), ACL_SUCCESS);
  EXPECT_LT(std::strlen(dims.name), size_t(ACL_MAX_TENSOR_NAME_LEN));
  EXPECT_EQ(aclmdlGetTensorRealName(desc, dims.name), name);
  EXPECT_EQ(aclmdlGetTensorRealName(desc, "other"), nullptr);
  aclmdlDestroyDesc(desc);
}

TEST(ACLModel, LoadFailures) {
  uint32_t id = 77;
  std::vector<uint8_t> bytes = makeSmallModel();
  EXPECT_EQ(aclmdlLoadFromFile(nullptr, &id), ACL_ERROR_INVALID_PARAM);
  EXPECT_EQ(aclmdlLoadFromFile("x", nullptr), ACL_ERROR_INVALID_PARAM);
  EXPECT_EQ(aclmdlLoadFromFile("/no/such.om", &id), ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID);
  EXPECT_NE(takeMessage().find("/no/such.om"), std::string::npos);
  EXPECT_EQ(aclmdlLoadFromFile("", &id), ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID);
  EXPECT_EQ(aclmdlLoadFromMem(nullptr, 10, &id), ACL_ERROR_INVALID_PARAM);
  EXPECT_EQ(aclmdlLoadFromMem(bytes.data(), 0, &id), ACL_ERROR_INVALID_PARAM);
  EXPECT_EQ(aclmdlLoadFromMem(bytes.data(), bytes.size() - 1, &id), ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID);
  bytes[0] ^= 1;
  EXPECT_EQ(aclmdlLoadFromMem(bytes.data(), bytes.size(), &id), ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID);
  bytes[0] ^= 1;
  bytes.back() ^= 1;
  EXPECT_EQ(aclmdlLoadFromMem(bytes.data(), bytes.size(), &id), ACL_ERROR_GE_LOAD_MODEL);
  EXPECT_EQ(aclmdlUnload(77777), ACL_ERROR_GE_EXEC_MODEL_ID_INVALID);
}

TEST(ACLModel, WithMemoryAndConfiguration) {
  std::vector<uint8_t> bytes = makeSmallModel();
  char path[] = "/tmp/gemlir-acl-XXXXXX";
  int fd = mkstemp(path);
  ASSERT_EQ(write(fd, bytes.data(), bytes.size()), ssize_t(bytes.size()));
  close(fd);
  size_t workSize = 0, weightSize = 0;
  ASSERT_EQ(aclmdlQuerySize(path, &workSize, &weightSize), ACL_SUCCESS);
  EXPECT_EQ(workSize, 64u);
  EXPECT_EQ(weightSize, 16u);
  aclmdlExeOMDesc sizes;
  EXPECT_EQ(aclmdlQueryExeOMDesc(path, &sizes), ACL_SUCCESS);
  EXPECT_GT(sizes.kernelSize, 0u);
  void *work = nullptr, *weights = nullptr;
  ASSERT_EQ(aclrtMalloc(&work, workSize, ACL_MEM_MALLOC_HUGE_FIRST), ACL_SUCCESS);
  ASSERT_EQ(aclrtMalloc(&weights, weightSize, ACL_MEM_MALLOC_HUGE_FIRST), ACL_SUCCESS);
  uint32_t first = 0, second = 0;
  EXPECT_EQ(aclmdlLoadFromFileWithMem(path, &first, work, workSize, weights, weightSize), ACL_SUCCESS);
  EXPECT_EQ(static_cast<float *>(weights)[3], 40);
  EXPECT_EQ(aclmdlLoadFromMemWithMem(bytes.data(), bytes.size(), &second, work, 1, nullptr, 0),
            ACL_ERROR_GE_PARAM_INVALID);
  aclmdlConfigHandle *config = aclmdlCreateConfigHandle();
  EXPECT_EQ(aclmdlLoadWithConfig(config, &second), ACL_ERROR_INVALID_PARAM);
  size_t type = ACL_MDL_LOAD_FROM_FILE;
  const char *pathPointer = path;
  EXPECT_EQ(aclmdlSetConfigOpt(config, ACL_MDL_LOAD_TYPE_SIZET, &type, 3), ACL_ERROR_INVALID_PARAM);
  EXPECT_EQ(aclmdlSetConfigOpt(config, ACL_MDL_LOAD_TYPE_SIZET, &type, sizeof(type)), ACL_SUCCESS);
  EXPECT_EQ(aclmdlSetConfigOpt(config, ACL_MDL_PATH_PTR, &pathPointer, sizeof(pathPointer)), ACL_SUCCESS);
  EXPECT_EQ(aclmdlLoadWithConfig(config, &second), ACL_SUCCESS);
  EXPECT_NE(first, second);
  EXPECT_EQ(aclmdlDestroyConfigHandle(config), ACL_SUCCESS);
  EXPECT_EQ(aclmdlUnload(first), ACL_SUCCESS);
  EXPECT_EQ(aclmdlUnload(second), ACL_SUCCESS);
  EXPECT_EQ(aclrtFree(work), ACL_SUCCESS);
  EXPECT_EQ(aclrtFree(weights), ACL_SUCCESS);
  unlink(path);
}

TEST(ACLModel, UnsupportedSaysSo) {
  uint32_t id = 0;
  takeMessage();
  EXPECT_EQ(aclmdlBundleLoadFromFile("x.om", &id), ACL_ERROR_API_NOT_SUPPORT);
  EXPECT_EQ(aclmdlLoadFromFileWithQ("x.om", &id, nullptr, 0, nullptr, 0), ACL_ERROR_API_NOT_SUPPORT);
  EXPECT_EQ(aclmdlBundleCreateQueryInfo(), nullptr);
  EXPECT_NE(takeMessage().find("not supported"), std::string::npos);
}

TEST(ACLTensorDesc, Fields) {
  const int64_t dims[] = {2, 3};
  aclTensorDesc *desc = aclCreateTensorDesc(ACL_FLOAT16, 2, dims, ACL_FORMAT_NCHW);
  ASSERT_NE(desc, nullptr);
  EXPECT_EQ(aclGetTensorDescSize(desc), 12u);
  EXPECT_EQ(aclGetTensorDescElementCount(desc), 6u);
  EXPECT_EQ(aclGetTensorDescType(desc), ACL_FLOAT16);
  EXPECT_EQ(aclGetTensorDescFormat(desc), ACL_FORMAT_NCHW);
  int64_t dim = 0;
  EXPECT_EQ(aclGetTensorDescDimV2(desc, 1, &dim), ACL_SUCCESS);
  EXPECT_EQ(dim, 3);
  EXPECT_EQ(aclGetTensorDescDimV2(desc, 2, &dim), ACL_ERROR_INVALID_PARAM);
  aclSetTensorDescName(desc, "name");
  EXPECT_STREQ(aclGetTensorDescName(desc), "name");
  int64_t ranges[][2] = {{1, 8}, {3, 3}}, range[2];
  EXPECT_EQ(aclSetTensorShapeRange(desc, 2, ranges), ACL_SUCCESS);
  EXPECT_EQ(aclGetTensorDescDimRange(desc, 0, 2, range), ACL_SUCCESS);
  EXPECT_EQ(range[1], 8);
  aclDestroyTensorDesc(desc);
  EXPECT_EQ(aclCreateTensorDesc(ACL_FLOAT, 2, nullptr, ACL_FORMAT_ND), nullptr);
  EXPECT_EQ(aclCreateTensorDesc(ACL_FLOAT, -1, dims, ACL_FORMAT_ND), nullptr);
}

TEST(ACLNull, NothingCrashes) {
  EXPECT_NE(aclDestroyDataBuffer(nullptr), ACL_SUCCESS);
  EXPECT_EQ(aclGetDataBufferAddr(nullptr), nullptr);
  EXPECT_EQ(aclGetDataBufferSizeV2(nullptr), 0u);
  EXPECT_NE(aclUpdateDataBuffer(nullptr, nullptr, 0), ACL_SUCCESS);
  EXPECT_NE(aclmdlDestroyDataset(nullptr), ACL_SUCCESS);
  EXPECT_NE(aclmdlAddDatasetBuffer(nullptr, nullptr), ACL_SUCCESS);
  EXPECT_EQ(aclmdlGetDatasetNumBuffers(nullptr), 0u);
  EXPECT_EQ(aclmdlGetDatasetBuffer(nullptr, 0), nullptr);
  EXPECT_NE(aclmdlGetDesc(nullptr, 0), ACL_SUCCESS);
  EXPECT_EQ(aclmdlGetNumInputs(nullptr), 0u);
  EXPECT_STREQ(aclmdlGetInputNameByIndex(nullptr, 0), "");
  EXPECT_NE(aclmdlGetInputDims(nullptr, 0, nullptr), ACL_SUCCESS);
  EXPECT_NE(aclmdlQuerySize(nullptr, nullptr, nullptr), ACL_SUCCESS);
  EXPECT_NE(aclrtCreateStream(nullptr), ACL_SUCCESS);
  EXPECT_NE(aclrtDestroyStream(nullptr), ACL_SUCCESS);
  EXPECT_NE(aclrtRecordEvent(nullptr, nullptr), ACL_SUCCESS);
  EXPECT_NE(aclrtEventElapsedTime(nullptr, nullptr, nullptr), ACL_SUCCESS);
  EXPECT_NE(aclrtMemcpy(nullptr, 1, nullptr, 1, ACL_MEMCPY_DEFAULT), ACL_SUCCESS);
  EXPECT_NE(aclrtLaunchHostFunc(nullptr, nullptr, nullptr), ACL_SUCCESS);
  EXPECT_NE(aclrtMalloc(nullptr, 1, ACL_MEM_MALLOC_HUGE_FIRST), ACL_SUCCESS);
  EXPECT_EQ(aclGetTensorDescSize(nullptr), 0u);
  aclDestroyTensorDesc(nullptr);
  takeMessage();
}

} // namespace
