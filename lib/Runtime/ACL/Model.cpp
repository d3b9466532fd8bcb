//===- Model.cpp - loading and executing models by acl
//-------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dataset.h"
#include "ModelTable.h"
#include "Stream.h"
#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Support/MappedFile.h"

#include <algorithm>
#include <cstring>
#include <map>

using namespace gemlir;
using namespace gemlir::acl;
using namespace gemlir::runtime;

struct aclmdlConfigHandle {
  size_t loadType = 0;
  std::string path;
  const void *memory = nullptr;
  size_t memorySize = 0;
  LoadOptions options;
};

struct aclmdlExecConfigHandle {
  int32_t streamTimeout = -1;
};

namespace {

struct ModelTable {
  struct Entry {
    std::shared_ptr<Model> model;
    int gear = -1;
  };
  std::mutex mutex;
  uint32_t lastId = 0;
  std::map<uint32_t, Entry> models;

  static ModelTable &get() {
    static auto *table = new ModelTable;
    return *table;
  }
};

aclError finishLoad(const Error &error, std::shared_ptr<Model> model, uint32_t *modelId, const char *function) {
  if (error)
    return fail(error, function);
  ModelTable &table = ModelTable::get();
  std::lock_guard<std::mutex> lock(table.mutex);
  *modelId = ++table.lastId;
  table.models[*modelId].model = std::move(model);
  return ACL_SUCCESS;
}

aclError loadFile(const char *path, uint32_t *modelId, const LoadOptions &options, const char *function) {
  if (!path || !modelId)
    return fail(ACL_ERROR_INVALID_PARAM, function, path ? "modelId is null" : "modelPath is null");
  std::shared_ptr<Model> model;
  Error error = Model::loadFromFile(path, options, model);
  return finishLoad(error, std::move(model), modelId, function);
}

aclError loadMemory(const void *data, size_t size, uint32_t *modelId, LoadOptions options, const char *function) {
  if (!data || !modelId)
    return fail(ACL_ERROR_INVALID_PARAM, function, data ? "modelId is null" : "model is null");
  if (!size)
    return fail(ACL_ERROR_INVALID_PARAM, function, "modelSize is 0");
  options.requireSameVersion = true;
  std::shared_ptr<Model> model;
  Error error = Model::loadFromMemory(data, size, options, model);
  return finishLoad(error, std::move(model), modelId, function);
}

LoadOptions makeOptions(void *workPtr, size_t workSize, void *weightPtr, size_t weightSize) {
  LoadOptions options;
  options.workMemory = workPtr;
  options.workMemorySize = workSize;
  options.weightMemory = weightPtr;
  options.weightMemorySize = weightSize;
  return options;
}

/// The datasets in the runtime's form. Buffers are looked at when the execution
/// begins, not when it is enqueued, as a stream's earlier tasks may set them.
aclError checkDatasets(const Model &model, const aclmdlDataset *input, const aclmdlDataset *output,
                       const char *function) {
  if (!input || !output)
    return fail(ACL_ERROR_INVALID_PARAM, function, input ? "output is null" : "input is null");
  auto wrongCount = [&](aclError code, const char *what, size_t found, size_t expected) {
    return fail(code, function,
                "found " + std::to_string(found) + " " + what + ", expected " + std::to_string(expected));
  };
  // The choice of a gear need not be written where ATC's models have it.
  const size_t count = input->entries.size(), expected = model.inputs().size();
  if (count != expected && (model.description().gears.empty() || count != expected + 1))
    return wrongCount(ACL_ERROR_MODEL_INPUT_NOT_MATCH, "inputs", count, getInputs(model.description()).size());
  if (output->entries.size() != model.outputs().size())
    return wrongCount(ACL_ERROR_MODEL_OUTPUT_NOT_MATCH, "outputs", output->entries.size(), model.outputs().size());
  for (size_t i = 0; i < expected; ++i)
    if (!input->entries[i].buffer->data && model.inputs()[i].byteSize)
      return fail(ACL_ERROR_GE_DYNAMIC_INPUT_ADDR_INVALID, function,
                  "input " + std::to_string(i) + " '" + model.inputs()[i].name + "' has no data");
  for (size_t i = 0; i < output->entries.size(); ++i)
    if (const aclDataBuffer &buffer = *output->entries[i].buffer; !buffer.data && buffer.size)
      return fail(ACL_ERROR_INVALID_PARAM, function,
                  "output " + std::to_string(i) +
                      " has a size but no address; for memory from the "
                      "runtime the size must be 0");
  return ACL_SUCCESS;
}

Error execute(Model &model, const aclmdlDataset *input, aclmdlDataset *output) {
  std::vector<InputBuffer> inputs;
  for (size_t i = 0; i < model.inputs().size(); ++i) {
    const auto &entry = input->entries[i];
    const TensorInfo &info = model.inputs()[i];
    InputBuffer &buffer = inputs.emplace_back();
    buffer.data = entry.buffer->data;
    buffer.size = entry.buffer->size;
    // Descriptions matter where the model leaves the shape open.
    if (info.byteSize != model::kDynamic)
      continue;
    if (!input->gear.empty() && i < input->gear.size())
      buffer.dims = input->gear[i];
    else if (entry.desc)
      buffer.dims = entry.desc->dims;
    // Buffers are as large as the largest gear needs.
    if (!model.description().gears.empty()) {
      int64_t elements = 1;
      for (int64_t dim : buffer.dims)
        elements *= dim;
      if (int64_t bytes = model::getByteSize(info.dataType, elements); bytes >= 0)
        buffer.size = std::min(buffer.size, size_t(bytes));
    }
  }
  std::vector<OutputBuffer> outputs;
  for (const auto &entry : output->entries)
    outputs.push_back({entry.buffer->data, entry.buffer->size, {}});
  if (outputs.empty())
    return model.execute(inputs, outputs);
  if (Error error = model.execute(inputs, outputs))
    return error;
  for (size_t i = 0; i < outputs.size(); ++i) {
    auto &entry = output->entries[i];
    if (!entry.buffer->data && outputs[i].data) {
      adoptMemory(outputs[i].data);
      *entry.buffer = {outputs[i].data, outputs[i].size};
    }
    if (!entry.desc) {
      entry.desc = std::make_unique<aclTensorDesc>();
      entry.desc->dataType = aclDataType(model.outputs()[i].dataType);
      entry.desc->format = aclFormat(model.outputs()[i].format);
    }
    entry.desc->dims = outputs[i].dims;
  }
  return Error::success();
}

aclError executeNow(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output, const char *function) {
  std::shared_ptr<Model> model = findModel(modelId, function);
  if (!model)
    return ACL_ERROR_GE_EXEC_MODEL_ID_INVALID;
  if (aclError error = checkDatasets(*model, input, output, function))
    return error;
  if (Error error = execute(*model, input, output))
    return fail(error, function);
  return ACL_SUCCESS;
}

aclError executeLater(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output, aclrtStream stream,
                      const char *function) {
  std::shared_ptr<Model> model = findModel(modelId, function);
  if (!model)
    return ACL_ERROR_GE_EXEC_MODEL_ID_INVALID;
  if (aclError error = checkDatasets(*model, input, output, function))
    return error;
  return enqueue(stream, function, [model, input, output] { return execute(*model, input, output); });
}

} // namespace

std::shared_ptr<Model> gemlir::acl::findModel(uint32_t modelId, const char *function) {
  ModelTable &table = ModelTable::get();
  std::lock_guard<std::mutex> lock(table.mutex);
  auto it = table.models.find(modelId);
  if (it != table.models.end())
    return it->second.model;
  fail(ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, function, "no model " + std::to_string(modelId) + " is loaded");
  return nullptr;
}

int gemlir::acl::getCurrentGear(uint32_t modelId) {
  ModelTable &table = ModelTable::get();
  std::lock_guard<std::mutex> lock(table.mutex);
  auto it = table.models.find(modelId);
  return it == table.models.end() ? -1 : it->second.gear;
}

void gemlir::acl::setCurrentGear(uint32_t modelId, int gear) {
  ModelTable &table = ModelTable::get();
  std::lock_guard<std::mutex> lock(table.mutex);
  auto it = table.models.find(modelId);
  if (it != table.models.end())
    it->second.gear = gear;
}

aclError aclmdlLoadFromFile(const char *modelPath, uint32_t *modelId) {
  return loadFile(modelPath, modelId, {}, __func__);
}

aclError aclmdlLoadFromMem(const void *model, size_t modelSize, uint32_t *modelId) {
  return loadMemory(model, modelSize, modelId, {}, __func__);
}

aclError aclmdlLoadFromFileWithMem(const char *modelPath, uint32_t *modelId, void *workPtr, size_t workSize,
                                   void *weightPtr, size_t weightSize) {
  return loadFile(modelPath, modelId, makeOptions(workPtr, workSize, weightPtr, weightSize), __func__);
}

aclError aclmdlLoadFromMemWithMem(const void *model, size_t modelSize, uint32_t *modelId, void *workPtr,
                                  size_t workSize, void *weightPtr, size_t weightSize) {
  return loadMemory(model, modelSize, modelId, makeOptions(workPtr, workSize, weightPtr, weightSize), __func__);
}

aclError aclmdlLoadFromFileWithQ(const char *modelPath, uint32_t *modelId, const uint32_t *inputQ, size_t inputQNum,
                                 const uint32_t *outputQ, size_t outputQNum) {
  return fail(ACL_ERROR_API_NOT_SUPPORT, __func__, "execution by queues is not supported");
}

aclError aclmdlLoadFromMemWithQ(const void *model, size_t modelSize, uint32_t *modelId, const uint32_t *inputQ,
                                size_t inputQNum, const uint32_t *outputQ, size_t outputQNum) {
  return fail(ACL_ERROR_API_NOT_SUPPORT, __func__, "execution by queues is not supported");
}

aclError aclmdlLoadWithConfig(const aclmdlConfigHandle *handle, uint32_t *modelId) {
  ACL_RETURN_IF_NULL(handle, ACL_ERROR_INVALID_PARAM);
  LoadOptions options;
  options.weightDirectory = handle->options.weightDirectory;
  options.weightFiles = handle->options.weightFiles;
  switch (handle->loadType) {
  case ACL_MDL_LOAD_FROM_FILE_WITH_MEM: options = handle->options; [[fallthrough]];
  case ACL_MDL_LOAD_FROM_FILE: return loadFile(handle->path.c_str(), modelId, options, __func__);
  case ACL_MDL_LOAD_FROM_MEM_WITH_MEM: options = handle->options; [[fallthrough]];
  case ACL_MDL_LOAD_FROM_MEM: return loadMemory(handle->memory, handle->memorySize, modelId, options, __func__);
  case ACL_MDL_LOAD_FROM_FILE_WITH_Q:
  case ACL_MDL_LOAD_FROM_MEM_WITH_Q:
    return fail(ACL_ERROR_API_NOT_SUPPORT, __func__, "execution by queues is not supported");
  default:
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found load type " + std::to_string(handle->loadType) + ", expected 1 to 6");
  }
}

aclError aclmdlLoadFromModel(const aclmdlModel *model, const aclmdlConfigHandle *handle, uint32_t *modelId) {
  return fail(ACL_ERROR_API_NOT_SUPPORT, __func__, "loading from a model object is not supported");
}

aclError aclmdlUnload(uint32_t modelId) {
  ModelTable &table = ModelTable::get();
  std::shared_ptr<Model> model;
  {
    std::lock_guard<std::mutex> lock(table.mutex);
    auto it = table.models.find(modelId);
    if (it != table.models.end()) {
      // Unloading itself happens outside the lock; a running execution keeps
      // the model until it ends.
      model = std::move(it->second.model);
      table.models.erase(it);
      return ACL_SUCCESS;
    }
  }
  return fail(ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, __func__, "no model " + std::to_string(modelId) + " is loaded");
}

aclError aclmdlQuerySize(const char *fileName, size_t *workSize, size_t *weightSize) {
  ACL_RETURN_IF_NULL(fileName, ACL_ERROR_INVALID_PARAM);
  std::unique_ptr<MappedFile> file;
  if (Error error = MappedFile::open(fileName, file))
    return fail(error, __func__);
  if (!file->size())
    return fail(ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID, __func__, "'" + std::string(fileName) + "' is empty");
  return aclmdlQuerySizeFromMem(file->data(), file->size(), workSize, weightSize);
}

aclError aclmdlQuerySizeFromMem(const void *model, size_t modelSize, size_t *workSize, size_t *weightSize) {
  ACL_RETURN_IF_NULL(model, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(workSize, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(weightSize, ACL_ERROR_INVALID_PARAM);
  if (Error error = querySize(model, modelSize, *workSize, *weightSize))
    return fail(error, __func__);
  return ACL_SUCCESS;
}

aclError aclmdlQueryExeOMDesc(const char *fileName, aclmdlExeOMDesc *mdlPartitionSize) {
  ACL_RETURN_IF_NULL(fileName, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(mdlPartitionSize, ACL_ERROR_INVALID_PARAM);
  std::unique_ptr<MappedFile> file;
  if (Error error = MappedFile::open(fileName, file))
    return fail(error, __func__);
  *mdlPartitionSize = {};
  if (Error error = querySize(file->data(), file->size(), mdlPartitionSize->workSize, mdlPartitionSize->weightSize))
    return fail(error, __func__);
  model::OMView view;
  if (Error error = model::readOM(file->data(), file->size(), view))
    return fail(error, __func__);
  for (const model::OMView::Partition &partition : view.partitions) {
    if (partition.type == model::PartitionType::ModelInoutInfo)
      mdlPartitionSize->modelDescSize = partition.bytes.size;
    if (partition.type == model::PartitionType::TbeKernels)
      mdlPartitionSize->kernelSize = partition.bytes.size;
    if (partition.type == model::PartitionType::TaskInfo)
      mdlPartitionSize->staticTaskSize = partition.bytes.size;
  }
  return ACL_SUCCESS;
}

aclError aclmdlExecute(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output) {
  return executeNow(modelId, input, output, __func__);
}

aclError aclmdlExecuteAsync(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output, aclrtStream stream) {
  return executeLater(modelId, input, output, stream, __func__);
}

aclError aclmdlExecuteV2(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output, aclrtStream stream,
                         const aclmdlExecConfigHandle *handle) {
  if (aclError error = executeLater(modelId, input, output, stream, __func__))
    return error;
  return aclrtSynchronizeStreamWithTimeout(stream, handle ? handle->streamTimeout : -1);
}

aclError aclmdlExecuteAsyncV2(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output, aclrtStream stream,
                              const aclmdlExecConfigHandle *handle) {
  return executeLater(modelId, input, output, stream, __func__);
}

aclmdlConfigHandle *aclmdlCreateConfigHandle() { return new aclmdlConfigHandle; }

aclError aclmdlDestroyConfigHandle(aclmdlConfigHandle *handle) {
  ACL_RETURN_IF_NULL(handle, ACL_ERROR_INVALID_PARAM);
  delete handle;
  return ACL_SUCCESS;
}

aclError aclmdlSetConfigOpt(aclmdlConfigHandle *handle, aclmdlConfigAttr attr, const void *attrValue,
                            size_t valueSize) {
  ACL_RETURN_IF_NULL(handle, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(attrValue, ACL_ERROR_INVALID_PARAM);
  bool fits = true;
  auto take = [&](auto &field) {
    fits = valueSize == sizeof(field);
    if (fits)
      std::memcpy(&field, attrValue, sizeof(field));
  };
  switch (attr) {
  case ACL_MDL_LOAD_TYPE_SIZET: take(handle->loadType); break;
  case ACL_MDL_PATH_PTR: {
    const char *path = nullptr;
    take(path);
    handle->path = path ? path : "";
    break;
  }
  case ACL_MDL_WEIGHT_PATH_PTR: {
    const char *path = nullptr;
    take(path);
    handle->options.weightDirectory = path ? path : "";
    break;
  }
  case ACL_MDL_MEM_ADDR_PTR: take(handle->memory); break;
  case ACL_MDL_MEM_SIZET: take(handle->memorySize); break;
  case ACL_MDL_WEIGHT_ADDR_PTR: take(handle->options.weightMemory); break;
  case ACL_MDL_WEIGHT_SIZET: take(handle->options.weightMemorySize); break;
  case ACL_MDL_WORKSPACE_ADDR_PTR: take(handle->options.workMemory); break;
  case ACL_MDL_WORKSPACE_SIZET: take(handle->options.workMemorySize); break;
  // Hints without an effect here.
  case ACL_MDL_PRIORITY_INT32:
  case ACL_MDL_WORKSPACE_MEM_OPTIMIZE:
  case ACL_MDL_MEM_MALLOC_POLICY_SIZET:
  case ACL_MDL_WITHOUT_GRAPH_INT32:
  case ACL_NPU_PERF_MODE: break;
  default:
    return fail(ACL_ERROR_FEATURE_UNSUPPORTED, __func__,
                "attribute " + std::to_string(int(attr)) + " is not supported");
  }
  if (!fits)
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found " + std::to_string(valueSize) + " bytes for attribute " + std::to_string(int(attr)));
  return ACL_SUCCESS;
}

aclError aclmdlSetExternalWeightAddress(aclmdlConfigHandle *handle, const char *weightFileName, void *devPtr,
                                        size_t size) {
  ACL_RETURN_IF_NULL(handle, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(weightFileName, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(devPtr, ACL_ERROR_INVALID_PARAM);
  if (!size || std::strchr(weightFileName, '/') || !*weightFileName)
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found the file name '" + std::string(weightFileName) + "' and " + std::to_string(size) +
                    " bytes, expected a name without a folder and its content");
  handle->options.weightFiles[weightFileName] = {static_cast<const uint8_t *>(devPtr), size};
  return ACL_SUCCESS;
}

aclmdlExecConfigHandle *aclmdlCreateExecConfigHandle() { return new aclmdlExecConfigHandle; }

aclError aclmdlDestroyExecConfigHandle(const aclmdlExecConfigHandle *handle) {
  ACL_RETURN_IF_NULL(handle, ACL_ERROR_INVALID_PARAM);
  delete handle;
  return ACL_SUCCESS;
}

aclError aclmdlSetExecConfigOpt(aclmdlExecConfigHandle *handle, aclmdlExecConfigAttr attr, const void *attrValue,
                                size_t valueSize) {
  ACL_RETURN_IF_NULL(handle, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(attrValue, ACL_ERROR_INVALID_PARAM);
  switch (attr) {
  case ACL_MDL_STREAM_SYNC_TIMEOUT:
    if (valueSize != sizeof(int32_t))
      return fail(ACL_ERROR_INVALID_PARAM, __func__,
                  "found " + std::to_string(valueSize) + " bytes for the timeout, expected 4");
    std::memcpy(&handle->streamTimeout, attrValue, sizeof(int32_t));
    return ACL_SUCCESS;
  case ACL_MDL_EVENT_SYNC_TIMEOUT:
  case ACL_MDL_EXEC_PRIORITY_INT32: return ACL_SUCCESS;
  default:
    return fail(ACL_ERROR_FEATURE_UNSUPPORTED, __func__,
                "attribute " + std::to_string(int(attr)) + " is not supported");
  }
}
