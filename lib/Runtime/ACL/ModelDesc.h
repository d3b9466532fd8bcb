//===- ModelDesc.h - descriptions of models by acl -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_ACL_MODELDESC_H
#define GEMLIR_LIB_RUNTIME_ACL_MODELDESC_H

#include "ModelTable.h"

struct aclmdlDesc {
  uint32_t modelId = 0;
  /// With gears, the choice of one is the last input.
  std::vector<gemlir::runtime::TensorInfo> inputs, outputs;
  gemlir::model::GearKind gearKind = gemlir::model::GearKind::None;
  std::vector<gemlir::runtime::Description::Gear> gears;
};

#endif // GEMLIR_LIB_RUNTIME_ACL_MODELDESC_H
