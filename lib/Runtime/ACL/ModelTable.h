//===- ModelTable.h - models of acl by their numbers ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_RUNTIME_ACL_MODELTABLE_H
#define GEMLIR_LIB_RUNTIME_ACL_MODELTABLE_H

#include "Common.h"
#include "ge-mlir/Runtime/Model.h"

namespace gemlir::acl {

using runtime::Model;

/// The loaded model of a number, or null with a message.
std::shared_ptr<Model> findModel(uint32_t modelId, const char *function);

/// The gear that was chosen last for a model; -1 if none was.
int getCurrentGear(uint32_t modelId);
void setCurrentGear(uint32_t modelId, int gear);

/// Models with gears have, at this interface, one more input than to the
/// runtime: ACL_DYNAMIC_TENSOR_NAME, which is where the choice is written.
std::vector<runtime::TensorInfo> getInputs(const runtime::Description &description);

} // namespace gemlir::acl

#endif // GEMLIR_LIB_RUNTIME_ACL_MODELTABLE_H
