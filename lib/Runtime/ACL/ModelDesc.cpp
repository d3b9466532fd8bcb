//===- ModelDesc.cpp - descriptions of models by acl
//---------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelDesc.h"
#include "ge-mlir/Support/MappedFile.h"

#include <algorithm>
#include <cstring>

using namespace gemlir;
using namespace gemlir::acl;
using namespace gemlir::runtime;

namespace {

const TensorInfo *find(const aclmdlDesc *desc, bool isInput, size_t index) {
  if (!desc)
    return nullptr;
  const std::vector<TensorInfo> &tensors = isInput ? desc->inputs : desc->outputs;
  return index < tensors.size() ? &tensors[index] : nullptr;
}

/// A name that fits the structures of fixed size; aclmdlGetTensorRealName leads
/// back from it.
std::string shortName(const aclmdlDesc &desc, bool isInput, size_t index) {
  const std::string &name = find(&desc, isInput, index)->name;
  if (name.size() < ACL_MAX_TENSOR_NAME_LEN)
    return name;
  return "acl_modelId_" + std::to_string(desc.modelId) + (isInput ? "_input_" : "_output_") + std::to_string(index) +
         "_0";
}

aclError fillDims(const aclmdlDesc *desc, bool isInput, size_t index, const TensorInfo *info, aclmdlIODims *dims,
                  const char *function) {
  if (!info)
    return fail(ACL_ERROR_INVALID_PARAM, function,
                "found index " + std::to_string(index) + ", expected below " +
                    std::to_string(isInput ? desc->inputs.size() : desc->outputs.size()));
  *dims = {};
  std::string name = shortName(*desc, isInput, index);
  std::memcpy(dims->name, name.c_str(), name.size() + 1);
  // The container allows as many dimensions as the structure holds.
  dims->dimCount = std::min<size_t>(info->dims.size(), ACL_MAX_DIM_CNT);
  std::copy_n(info->dims.begin(), dims->dimCount, dims->dims);
  return ACL_SUCCESS;
}

aclError getDims(const aclmdlDesc *desc, bool isInput, size_t index, aclmdlIODims *dims, const char *function) {
  if (!desc || !dims)
    return fail(ACL_ERROR_INVALID_PARAM, function, desc ? "dims is null" : "modelDesc is null");
  return fillDims(desc, isInput, index, find(desc, isInput, index), dims, function);
}

aclError findIndex(const aclmdlDesc *desc, bool isInput, const char *name, size_t *index, const char *function) {
  if (!desc || !name || !index)
    return fail(ACL_ERROR_INVALID_PARAM, function, "modelDesc, name or index is null");
  size_t count = isInput ? desc->inputs.size() : desc->outputs.size();
  for (size_t i = 0; i < count; ++i) {
    if (find(desc, isInput, i)->name == name || shortName(*desc, isInput, i) == name) {
      *index = i;
      return ACL_SUCCESS;
    }
  }
  return fail(ACL_ERROR_INVALID_PARAM, function,
              std::string("the model has no ") + (isInput ? "input" : "output") + " '" + name + "'");
}

/// With gears, the size of the largest.
size_t getSize(const aclmdlDesc *desc, bool isInput, size_t index) {
  const TensorInfo *info = find(desc, isInput, index);
  int64_t size = info ? info->byteSize : 0;
  if (info)
    for (const Description::Gear &gear : desc->gears) {
      const std::vector<TensorInfo> &tensors = isInput ? gear.inputs : gear.outputs;
      if (index < tensors.size())
        size = std::max(size, tensors[index].byteSize);
    }
  return std::max<int64_t>(size, 0);
}

/// The output of the gear with the most bytes.
const TensorInfo *findLargestOutput(const aclmdlDesc *desc, size_t index) {
  const TensorInfo *info = find(desc, false, index);
  if (info)
    for (const Description::Gear &gear : desc->gears)
      if (info->byteSize < gear.outputs[index].byteSize)
        info = &gear.outputs[index];
  return info;
}

void fill(aclmdlDesc &desc, uint32_t modelId, const Description &description) {
  desc.modelId = modelId;
  desc.inputs = getInputs(description);
  desc.outputs = description.outputs;
  desc.gearKind = description.gearKind;
  desc.gears = description.gears;
}

} // namespace

aclmdlDesc *aclmdlCreateDesc() { return new aclmdlDesc; }

aclError aclmdlDestroyDesc(aclmdlDesc *modelDesc) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  delete modelDesc;
  return ACL_SUCCESS;
}

aclError aclmdlGetDesc(aclmdlDesc *modelDesc, uint32_t modelId) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Model> model = findModel(modelId, __func__);
  if (!model)
    return ACL_ERROR_GE_EXEC_MODEL_ID_INVALID;
  fill(*modelDesc, modelId, model->description());
  return ACL_SUCCESS;
}

aclError aclmdlGetDescFromFile(aclmdlDesc *modelDesc, const char *modelPath) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(modelPath, ACL_ERROR_INVALID_PARAM);
  std::unique_ptr<MappedFile> file;
  if (Error error = MappedFile::open(modelPath, file))
    return fail(error, __func__);
  if (!file->size())
    return fail(ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID, __func__, "'" + std::string(modelPath) + "' is empty");
  return aclmdlGetDescFromMem(modelDesc, file->data(), file->size());
}

aclError aclmdlGetDescFromMem(aclmdlDesc *modelDesc, const void *model, size_t modelSize) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(model, ACL_ERROR_INVALID_PARAM);
  Description description;
  if (Error error = describe(model, modelSize, description))
    return fail(error, __func__);
  fill(*modelDesc, 0, description);
  return ACL_SUCCESS;
}

size_t aclmdlGetNumInputs(aclmdlDesc *modelDesc) { return modelDesc ? modelDesc->inputs.size() : 0; }

size_t aclmdlGetNumOutputs(aclmdlDesc *modelDesc) { return modelDesc ? modelDesc->outputs.size() : 0; }

size_t aclmdlGetInputSizeByIndex(aclmdlDesc *modelDesc, size_t index) { return getSize(modelDesc, true, index); }

size_t aclmdlGetOutputSizeByIndex(aclmdlDesc *modelDesc, size_t index) { return getSize(modelDesc, false, index); }

aclError aclmdlGetInputDims(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims) {
  return getDims(modelDesc, true, index, dims, __func__);
}

aclError aclmdlGetInputDimsV2(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims) {
  return getDims(modelDesc, true, index, dims, __func__);
}

aclError aclmdlGetOutputDims(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dims, ACL_ERROR_INVALID_PARAM);
  return fillDims(modelDesc, false, index, findLargestOutput(modelDesc, index), dims, __func__);
}

aclError aclmdlGetCurOutputDims(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dims, ACL_ERROR_INVALID_PARAM);
  const int gear = getCurrentGear(modelDesc->modelId);
  if (gear < 0 || size_t(gear) >= modelDesc->gears.size() || index >= modelDesc->outputs.size())
    return aclmdlGetOutputDims(modelDesc, index, dims);
  return fillDims(modelDesc, false, index, &modelDesc->gears[gear].outputs[index], dims, __func__);
}

aclError aclmdlGetInputDimsRange(const aclmdlDesc *modelDesc, size_t index, aclmdlIODimsRange *dimsRange) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dimsRange, ACL_ERROR_INVALID_PARAM);
  const TensorInfo *info = find(modelDesc, true, index);
  if (!info)
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found index " + std::to_string(index) + ", expected below " +
                    std::to_string(modelDesc->inputs.size()));
  *dimsRange = {};
  dimsRange->rangeCount = std::min<size_t>(info->dims.size(), ACL_MAX_DIM_CNT);
  for (size_t i = 0; i < dimsRange->rangeCount; ++i) {
    // An open dimension reaches from 1 to anything.
    dimsRange->range[i][0] = info->dims[i] < 0 ? 1 : info->dims[i];
    dimsRange->range[i][1] = info->dims[i];
    if (info->dims[i] >= 0 || modelDesc->gears.empty())
      continue;
    // With gears, from the least to the largest.
    auto dimOf = [&](const Description::Gear &gear) { return gear.inputs[index].dims[i]; };
    dimsRange->range[i][0] = dimOf(modelDesc->gears[0]);
    for (const Description::Gear &gear : modelDesc->gears) {
      dimsRange->range[i][0] = std::min(dimsRange->range[i][0], dimOf(gear));
      dimsRange->range[i][1] = std::max(dimsRange->range[i][1], dimOf(gear));
    }
  }
  return ACL_SUCCESS;
}

const char *aclmdlGetInputNameByIndex(const aclmdlDesc *modelDesc, size_t index) {
  const TensorInfo *info = find(modelDesc, true, index);
  return info ? info->name.c_str() : "";
}

const char *aclmdlGetOutputNameByIndex(const aclmdlDesc *modelDesc, size_t index) {
  const TensorInfo *info = find(modelDesc, false, index);
  return info ? info->name.c_str() : "";
}

aclFormat aclmdlGetInputFormat(const aclmdlDesc *modelDesc, size_t index) {
  const TensorInfo *info = find(modelDesc, true, index);
  return info ? aclFormat(info->format) : ACL_FORMAT_UNDEFINED;
}

aclFormat aclmdlGetOutputFormat(const aclmdlDesc *modelDesc, size_t index) {
  const TensorInfo *info = find(modelDesc, false, index);
  return info ? aclFormat(info->format) : ACL_FORMAT_UNDEFINED;
}

aclDataType aclmdlGetInputDataType(const aclmdlDesc *modelDesc, size_t index) {
  const TensorInfo *info = find(modelDesc, true, index);
  return info ? aclDataType(info->dataType) : ACL_DT_UNDEFINED;
}

aclDataType aclmdlGetOutputDataType(const aclmdlDesc *modelDesc, size_t index) {
  const TensorInfo *info = find(modelDesc, false, index);
  return info ? aclDataType(info->dataType) : ACL_DT_UNDEFINED;
}

aclError aclmdlGetInputIndexByName(const aclmdlDesc *modelDesc, const char *name, size_t *index) {
  return findIndex(modelDesc, true, name, index, __func__);
}

aclError aclmdlGetOutputIndexByName(const aclmdlDesc *modelDesc, const char *name, size_t *index) {
  return findIndex(modelDesc, false, name, index, __func__);
}

const char *aclmdlGetTensorRealName(const aclmdlDesc *modelDesc, const char *name) {
  if (!modelDesc || !name)
    return nullptr;
  for (bool isInput : {true, false}) {
    size_t count = isInput ? modelDesc->inputs.size() : modelDesc->outputs.size();
    for (size_t i = 0; i < count; ++i) {
      const std::string &realName = find(modelDesc, isInput, i)->name;
      if (realName == name || shortName(*modelDesc, isInput, i) == name)
        return realName.c_str();
    }
  }
  fail(ACL_ERROR_INVALID_PARAM, __func__, "the model has no tensor '" + std::string(name) + "'");
  return nullptr;
}

const char *aclmdlGetOpAttr(aclmdlDesc *modelDesc, const char *opName, const char *attr) {
  if (!modelDesc || !opName || !attr)
    return nullptr;
  fail(ACL_ERROR_API_NOT_SUPPORT, __func__, "the attributes of operators are not known at run time");
  return "";
}
