//===- TensorDesc.cpp - tensor descriptions of acl
//-----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dataset.h"
#include "ge-mlir/Model/DataTypes.h"

using namespace gemlir;
using namespace gemlir::acl;

namespace {

/// The caller's dimensions as a vector; false if there can be none.
bool takeDims(int numDims, const int64_t *dims, std::vector<int64_t> &result) {
  if (numDims < 0 || (numDims && !dims))
    return false;
  result.assign(dims, dims + numDims);
  return true;
}

aclError badDims(const char *function) {
  return fail(ACL_ERROR_INVALID_PARAM, function, "numDims is negative or dims is null");
}

/// The number of elements; 0 if a dimension is unknown or they are too many.
int64_t countElements(const aclTensorDesc &desc) {
  int64_t count = 1;
  for (int64_t dim : desc.dims)
    if (dim < 0 || __builtin_mul_overflow(count, dim, &count))
      return 0;
  return count;
}

} // namespace

aclTensorDesc *aclCreateTensorDesc(aclDataType dataType, int numDims, const int64_t *dims, aclFormat format) {
  auto desc = std::make_unique<aclTensorDesc>();
  if (!takeDims(numDims, dims, desc->dims)) {
    badDims(__func__);
    return nullptr;
  }
  desc->dataType = dataType;
  desc->format = format;
  return desc.release();
}

void aclDestroyTensorDesc(const aclTensorDesc *desc) { delete desc; }

aclDataType aclGetTensorDescType(const aclTensorDesc *desc) { return desc ? desc->dataType : ACL_DT_UNDEFINED; }

aclFormat aclGetTensorDescFormat(const aclTensorDesc *desc) { return desc ? desc->format : ACL_FORMAT_UNDEFINED; }

size_t aclGetTensorDescSize(const aclTensorDesc *desc) {
  if (!desc)
    return 0;
  int64_t size = model::getByteSize(desc->dataType, countElements(*desc));
  return size < 0 ? 0 : size;
}

size_t aclGetTensorDescElementCount(const aclTensorDesc *desc) { return desc ? countElements(*desc) : 0; }

size_t aclGetTensorDescNumDims(const aclTensorDesc *desc) {
  if (!desc)
    return 0;
  // -2 as the only dimension says that not even their number is known.
  if (desc->dims.size() == 1 && desc->dims[0] == -2)
    return size_t(ACL_UNKNOWN_RANK);
  return desc->dims.size();
}

int64_t aclGetTensorDescDim(const aclTensorDesc *desc, size_t index) {
  return desc && index < desc->dims.size() ? desc->dims[index] : -1;
}

aclError aclGetTensorDescDimV2(const aclTensorDesc *desc, size_t index, int64_t *dimSize) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dimSize, ACL_ERROR_INVALID_PARAM);
  if (index >= desc->dims.size())
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found index " + std::to_string(index) + ", expected below " + std::to_string(desc->dims.size()));
  *dimSize = desc->dims[index];
  return ACL_SUCCESS;
}

aclError aclGetTensorDescDimRange(const aclTensorDesc *desc, size_t index, size_t dimRangeNum, int64_t *dimRange) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dimRange, ACL_ERROR_INVALID_PARAM);
  if (index >= desc->ranges.size() || dimRangeNum < 2)
    return fail(ACL_ERROR_INVALID_PARAM, __func__,
                "found index " + std::to_string(index) + ", expected below " + std::to_string(desc->ranges.size()) +
                    ", and room for 2 numbers");
  dimRange[0] = desc->ranges[index].first;
  dimRange[1] = desc->ranges[index].second;
  return ACL_SUCCESS;
}

aclError aclSetTensorShapeRange(aclTensorDesc *desc, size_t dimsCount, int64_t dimsRange[][2]) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dimsRange || !dimsCount, ACL_ERROR_INVALID_PARAM);
  desc->ranges.clear();
  for (size_t i = 0; i < dimsCount; ++i)
    desc->ranges.push_back({dimsRange[i][0], dimsRange[i][1]});
  return ACL_SUCCESS;
}

void aclSetTensorDescName(aclTensorDesc *desc, const char *name) {
  if (desc)
    desc->name = name ? name : "";
}

const char *aclGetTensorDescName(aclTensorDesc *desc) { return desc ? desc->name.c_str() : ""; }

aclError aclSetTensorFormat(aclTensorDesc *desc, aclFormat format) { return aclSetTensorStorageFormat(desc, format); }

aclError aclSetTensorShape(aclTensorDesc *desc, int numDims, const int64_t *dims) {
  return aclSetTensorStorageShape(desc, numDims, dims);
}

aclError aclSetTensorOriginFormat(aclTensorDesc *desc, aclFormat format) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  desc->originFormat = format;
  return ACL_SUCCESS;
}

aclError aclSetTensorOriginShape(aclTensorDesc *desc, int numDims, const int64_t *dims) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  return takeDims(numDims, dims, desc->originDims) ? ACL_SUCCESS : badDims(__func__);
}

aclError aclSetTensorStorageFormat(aclTensorDesc *desc, aclFormat format) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  desc->storageFormat = format;
  return ACL_SUCCESS;
}

aclError aclSetTensorStorageShape(aclTensorDesc *desc, int numDims, const int64_t *dims) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  return takeDims(numDims, dims, desc->storageDims) ? ACL_SUCCESS : badDims(__func__);
}

aclError aclSetTensorConst(aclTensorDesc *desc, void *dataBuffer, size_t length) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dataBuffer || !length, ACL_ERROR_INVALID_PARAM);
  auto *begin = static_cast<const uint8_t *>(dataBuffer);
  desc->constant.assign(begin, begin + length);
  return ACL_SUCCESS;
}

aclError aclSetTensorPlaceMent(aclTensorDesc *desc, aclMemType memType) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  desc->placement = memType;
  return ACL_SUCCESS;
}

aclError aclSetTensorDynamicInput(aclTensorDesc *desc, const char *dynamicInputName) {
  ACL_RETURN_IF_NULL(desc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dynamicInputName, ACL_ERROR_INVALID_PARAM);
  desc->dynamicInputName = dynamicInputName;
  return ACL_SUCCESS;
}

aclError aclTransTensorDescFormat(const aclTensorDesc *srcDesc, aclFormat dstFormat, aclTensorDesc **dstDesc) {
  ACL_RETURN_IF_NULL(srcDesc, ACL_ERROR_INVALID_PARAM);
  ACL_RETURN_IF_NULL(dstDesc, ACL_ERROR_INVALID_PARAM);
  return fail(ACL_ERROR_API_NOT_SUPPORT, __func__, "conversion of descriptions between formats is not supported");
}
