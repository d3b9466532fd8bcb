//===- Dataset.h - buffers and tensor descriptions of acl -------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_ACL_DATASET_H
#define GEMLIR_LIB_RUNTIME_ACL_DATASET_H

#include "Common.h"

struct aclDataBuffer {
  void *data = nullptr;
  size_t size = 0;
};

struct aclTensorDesc {
  aclDataType dataType = ACL_DT_UNDEFINED;
  aclFormat format = ACL_FORMAT_UNDEFINED;
  std::vector<int64_t> dims;
  std::vector<std::pair<int64_t, int64_t>> ranges;
  std::string name, dynamicInputName;
  aclFormat originFormat = ACL_FORMAT_UNDEFINED;
  std::vector<int64_t> originDims;
  aclFormat storageFormat = ACL_FORMAT_UNDEFINED;
  std::vector<int64_t> storageDims;
  aclMemType placement = ACL_MEMTYPE_DEVICE;
  std::vector<uint8_t> constant;
};

struct aclmdlDataset {
  struct Entry {
    aclDataBuffer *buffer;
    std::unique_ptr<aclTensorDesc> desc;
  };
  std::vector<Entry> entries;
  /// Dimensions of the model's inputs that aclmdlSetDynamic... chose; empty if
  /// none were.
  std::vector<std::vector<int64_t>> gear;
};

#endif // GEMLIR_LIB_RUNTIME_ACL_DATASET_H
