//===- Bundle.cpp - several models in one file ----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bundles are not supported: each function says so.
//
//===----------------------------------------------------------------------===//

#include "Common.h"

using namespace gemlir::acl;

namespace {

aclError unsupported(const char *function) {
  return fail(ACL_ERROR_API_NOT_SUPPORT, function, "bundles of models are not supported");
}

} // namespace

aclError aclmdlBundleLoadFromFile(const char *modelPath, uint32_t *bundleId) { return unsupported(__func__); }

aclError aclmdlBundleLoadFromMem(const void *model, size_t modelSize, uint32_t *bundleId) {
  return unsupported(__func__);
}

aclError aclmdlBundleGetModelNum(uint32_t bundleId, size_t *modelNum) { return unsupported(__func__); }

aclError aclmdlBundleGetModelId(uint32_t bundleId, size_t index, uint32_t *modelId) { return unsupported(__func__); }

aclError aclmdlBundleUnload(uint32_t bundleId) { return unsupported(__func__); }

aclmdlBundleQueryInfo *aclmdlBundleCreateQueryInfo() {
  unsupported(__func__);
  return nullptr;
}

aclError aclmdlBundleDestroyQueryInfo(aclmdlBundleQueryInfo *queryInfo) { return unsupported(__func__); }

aclError aclmdlBundleQueryInfoFromFile(const char *fileName, aclmdlBundleQueryInfo *queryInfo) {
  return unsupported(__func__);
}

aclError aclmdlBundleQueryInfoFromMem(const void *model, size_t modelSize, aclmdlBundleQueryInfo *queryInfo) {
  return unsupported(__func__);
}

aclError aclmdlBundleGetQueryModelNum(const aclmdlBundleQueryInfo *queryInfo, size_t *modelNum) {
  return unsupported(__func__);
}

aclError aclmdlBundleGetVarWeightSize(const aclmdlBundleQueryInfo *queryInfo, size_t *variableWeightSize) {
  return unsupported(__func__);
}

aclError aclmdlBundleGetSize(const aclmdlBundleQueryInfo *queryInfo, size_t index, size_t *workSize,
                             size_t *constWeightSize) {
  return unsupported(__func__);
}

aclError aclmdlBundleInitFromFile(const char *modelPath, void *varWeightPtr, size_t varWeightSize, uint32_t *bundleId) {
  return unsupported(__func__);
}

aclError aclmdlBundleInitFromMem(const void *model, size_t modelSize, void *varWeightPtr, size_t varWeightSize,
                                 uint32_t *bundleId) {
  return unsupported(__func__);
}

aclError aclmdlBundleLoadModel(uint32_t bundleId, size_t index, uint32_t *modelId) { return unsupported(__func__); }

aclError aclmdlBundleLoadModelWithMem(uint32_t bundleId, size_t index, void *workPtr, size_t workSize, void *weightPtr,
                                      size_t weightSize, uint32_t *modelId) {
  return unsupported(__func__);
}

aclError aclmdlBundleLoadModelWithConfig(uint32_t bundleId, size_t index, aclmdlConfigHandle *handle,
                                         uint32_t *modelId) {
  return unsupported(__func__);
}

aclError aclmdlBundleUnloadModel(uint32_t bundleId, uint32_t modelId) { return unsupported(__func__); }
