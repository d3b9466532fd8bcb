//===- Gears.cpp - models for a choice of shapes, by acl -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dataset.h"
#include "ModelDesc.h"
#include "ge-mlir/Model/DataTypes.h"

#include <algorithm>
#include <cstring>

using namespace gemlir;
using namespace gemlir::acl;
using namespace gemlir::runtime;
using model::GearKind;

namespace {

/// The dimensions of all inputs one after the other.
std::vector<int64_t> concatenate(const Description::Gear &gear) {
  std::vector<int64_t> dims;
  for (const TensorInfo &info : gear.inputs)
    dims.insert(dims.end(), info.dims.begin(), info.dims.end());
  return dims;
}

std::string toString(const std::vector<int64_t> &values) {
  std::string text;
  for (int64_t value : values)
    text += (text.empty() ? "" : ",") + std::to_string(value);
  return text;
}

/// Makes the next executions with `dataset` those of the gear that `matches`.
template <typename Matches>
aclError chooseGear(uint32_t modelId, aclmdlDataset *dataset, size_t index, GearKind kind, aclError notFound,
                    const std::vector<int64_t> &wanted, const char *function, Matches matches) {
  ACL_RETURN_IF_NULL(dataset, ACL_ERROR_INVALID_PARAM);
  std::shared_ptr<Model> model = findModel(modelId, function);
  if (!model)
    return ACL_ERROR_GE_EXEC_MODEL_ID_INVALID;
  const Description &description = model->description();
  if (description.gearKind != kind)
    return fail(ACL_ERROR_MODEL_NOT_DYNAMIC, function,
                "model " + std::to_string(modelId) + " was not compiled with gears of this kind");
  const size_t expected = description.inputs.size();
  if (index != expected || index >= dataset->entries.size())
    return fail(ACL_ERROR_INVALID_PARAM, function,
                "found index " + std::to_string(index) + " in a dataset of " + std::to_string(dataset->entries.size()) +
                    " buffers, expected " + std::to_string(expected) + ", the input '" ACL_DYNAMIC_TENSOR_NAME "'");
  std::string known;
  for (size_t i = 0; i < description.gears.size(); ++i) {
    const Description::Gear &gear = description.gears[i];
    known += (i ? "; " : "") + toString(kind == GearKind::Dims ? concatenate(gear) : gear.values);
    if (!matches(gear))
      continue;
    const aclDataBuffer &buffer = *dataset->entries[index].buffer;
    const size_t size = gear.values.size() * sizeof(int64_t);
    if (!buffer.data || buffer.size < size)
      return fail(ACL_ERROR_INVALID_PARAM, function,
                  "the buffer of input '" ACL_DYNAMIC_TENSOR_NAME "' has " + std::to_string(buffer.size) +
                      " bytes, expected " + std::to_string(size));
    std::memcpy(buffer.data, gear.values.data(), size);
    dataset->gear.clear();
    for (const TensorInfo &info : gear.inputs)
      dataset->gear.push_back(info.dims);
    setCurrentGear(modelId, int(i));
    return ACL_SUCCESS;
  }
  return fail(notFound, function, "found " + toString(wanted) + ", expected one of the gears " + known);
}

} // namespace

std::vector<TensorInfo> gemlir::acl::getInputs(const Description &description) {
  std::vector<TensorInfo> inputs = description.inputs;
  if (!description.gears.empty()) {
    const int64_t count = description.gears[0].values.size();
    inputs.push_back(
        {ACL_DYNAMIC_TENSOR_NAME, model::kInt64, ACL_FORMAT_ND, {count}, count * int64_t(sizeof(int64_t))});
  }
  return inputs;
}

aclError aclmdlGetDynamicBatch(const aclmdlDesc *modelDesc, aclmdlBatch *batch) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(batch, ACL_ERROR_INVALID_PARAM);
  batch->batchCount = 0;
  if (modelDesc->gearKind == GearKind::Batch)
    for (const Description::Gear &gear : modelDesc->gears)
      batch->batch[batch->batchCount++] = gear.values[0];
  return ACL_SUCCESS;
}

aclError aclmdlGetDynamicHW(const aclmdlDesc *modelDesc, size_t index, aclmdlHW *hw) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(hw, ACL_ERROR_INVALID_PARAM);
  hw->hwCount = 0;
  if (modelDesc->gearKind == GearKind::ImageSize)
    for (const Description::Gear &gear : modelDesc->gears) {
      hw->hw[hw->hwCount][0] = gear.values[0];
      hw->hw[hw->hwCount++][1] = gear.values[1];
    }
  return ACL_SUCCESS;
}

aclError aclmdlGetInputDynamicGearCount(const aclmdlDesc *modelDesc, size_t index, size_t *gearCount) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(gearCount, ACL_ERROR_INVALID_PARAM);
  *gearCount = modelDesc->gearKind == GearKind::Dims ? modelDesc->gears.size() : 0;
  return ACL_SUCCESS;
}

aclError aclmdlGetInputDynamicDims(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims, size_t gearCount) {
  ACL_RETURN_IF_NULL(modelDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dims, ACL_ERROR_INVALID_PARAM);
  const size_t count = modelDesc->gearKind == GearKind::Dims ? modelDesc->gears.size() : 0;
  if (gearCount < count || (gearCount && !count))
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found gearCount " + std::to_string(gearCount) + ", expected " + std::to_string(count));
  for (size_t i = 0; i < count; ++i) {
    const std::vector<int64_t> all = concatenate(modelDesc->gears[i]);
    dims[i] = {};
    dims[i].dimCount = std::min<size_t>(all.size(), ACL_MAX_DIM_CNT);
    std::copy_n(all.begin(), dims[i].dimCount, dims[i].dims);
  }
  return ACL_SUCCESS;
}

aclError aclmdlSetDynamicBatchSize(uint32_t modelId, aclmdlDataset *dataset, size_t index, uint64_t batchSize) {
  return chooseGear(modelId, dataset, index, GearKind::Batch, ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID,
                    {int64_t(batchSize)}, __func__,
                    [&](const Description::Gear &gear) { return gear.values[0] == int64_t(batchSize); });
}

aclError aclmdlSetDynamicHWSize(uint32_t modelId, aclmdlDataset *dataset, size_t index, uint64_t height,
                                uint64_t width) {
  const std::vector<int64_t> wanted = {int64_t(height), int64_t(width)};
  return chooseGear(modelId, dataset, index, GearKind::ImageSize, ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID, wanted,
                    __func__, [&](const Description::Gear &gear) { return gear.values == wanted; });
}

aclError aclmdlSetInputDynamicDims(uint32_t modelId, aclmdlDataset *dataset, size_t index, const aclmdlIODims *dims) {
  ACL_RETURN_IF_NULL(dims, ACL_ERROR_INVALID_PARAM);
  if (dims->dimCount > ACL_MAX_DIM_CNT)
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found " + std::to_string(dims->dimCount) + " dimensions, expected at most " +
                    std::to_string(ACL_MAX_DIM_CNT));
  const std::vector<int64_t> wanted(dims->dims, dims->dims + dims->dimCount);
  return chooseGear(modelId, dataset, index, GearKind::Dims, ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID, wanted, __func__,
                    [&](const Description::Gear &gear) { return concatenate(gear) == wanted; });
}
