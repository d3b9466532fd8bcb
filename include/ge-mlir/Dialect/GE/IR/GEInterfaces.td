//===- GEInterfaces.td - interfaces and traits of ge operations --*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEINTERFACES_TD
#define GEMLIR_DIALECT_GE_IR_GEINTERFACES_TD

include "mlir/IR/OpBase.td"

def GE_OperatorInterface : OpInterface<"GEOperator"> {
  let cppNamespace = "::mlir::ge";
  let description = [{
    An operation that stands for one node of a GE graph.
  }];
  let methods = [
    InterfaceMethod<"The type of the GE operator, for example `Conv2D`.",
      "::llvm::StringRef", "getGEType", (ins), [{}], [{
        return ConcreteOp::getGETypeName();
      }]>
  ];
}

// Every result element depends on one element of each operand (after
// broadcasting), whatever the storage format.
def GE_Elementwise : NativeOpTrait<"ElementwiseTrait"> {
  let cppNamespace = "::mlir::ge";
}

// The result shape is the broadcast of the operand shapes.
def GE_Broadcast : NativeOpTrait<"BroadcastTrait"> {
  let cppNamespace = "::mlir::ge";
}

#endif // GEMLIR_DIALECT_GE_IR_GEINTERFACES_TD
