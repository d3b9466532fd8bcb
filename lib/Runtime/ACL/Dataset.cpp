//===- Dataset.cpp - buffers and datasets of acl
//-------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dataset.h"

using namespace gemlir::acl;

aclDataBuffer *aclCreateDataBuffer(void *data, size_t size) { return new aclDataBuffer{data, size}; }

aclError aclDestroyDataBuffer(const aclDataBuffer *dataBuffer) {
  ACL_RETURN_IF_NULL(dataBuffer, ACL_ERROR_INVALID_PARAM);
  delete dataBuffer;
  return ACL_SUCCESS;
}

aclError aclUpdateDataBuffer(aclDataBuffer *dataBuffer, void *data, size_t size) {
  ACL_RETURN_IF_NULL(dataBuffer, ACL_ERROR_INVALID_PARAM);
  *dataBuffer = {data, size};
  return ACL_SUCCESS;
}

void *aclGetDataBufferAddr(const aclDataBuffer *dataBuffer) { return dataBuffer ? dataBuffer->data : nullptr; }

uint32_t aclGetDataBufferSize(const aclDataBuffer *dataBuffer) { return dataBuffer ? uint32_t(dataBuffer->size) : 0; }

size_t aclGetDataBufferSizeV2(const aclDataBuffer *dataBuffer) { return dataBuffer ? dataBuffer->size : 0; }

aclmdlDataset *aclmdlCreateDataset() { return new aclmdlDataset; }

aclError aclmdlDestroyDataset(const aclmdlDataset *dataset) {
  ACL_RETURN_IF_NULL(dataset, ACL_ERROR_INVALID_PARAM);
  delete dataset;
  return ACL_SUCCESS;
}

aclError aclmdlAddDatasetBuffer(aclmdlDataset *dataset, aclDataBuffer *dataBuffer) {
  ACL_RETURN_IF_NULL(dataset, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dataBuffer, ACL_ERROR_INVALID_PARAM);
  dataset->entries.push_back({dataBuffer, nullptr});
  return ACL_SUCCESS;
}

size_t aclmdlGetDatasetNumBuffers(const aclmdlDataset *dataset) { return dataset ? dataset->entries.size() : 0; }

aclDataBuffer *aclmdlGetDatasetBuffer(const aclmdlDataset *dataset, size_t index) {
  if (!dataset || index >= dataset->entries.size())
    return nullptr;
  return dataset->entries[index].buffer;
}

aclError aclmdlSetDatasetTensorDesc(aclmdlDataset *dataset, aclTensorDesc *tensorDesc, size_t index) {
  ACL_RETURN_IF_NULL(dataset, ACL_ERROR_INVALID_PARAM);
  if (index >= dataset->entries.size())
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found index " + std::to_string(index) + ", expected below " + std::to_string(dataset->entries.size()));
  // A null description takes the present one away.
  dataset->entries[index].desc.reset(tensorDesc ? new aclTensorDesc(*tensorDesc) : nullptr);
  return ACL_SUCCESS;
}

aclTensorDesc *aclmdlGetDatasetTensorDesc(const aclmdlDataset *dataset, size_t index) {
  if (!dataset || index >= dataset->entries.size())
    return nullptr;
  return dataset->entries[index].desc.get();
}
