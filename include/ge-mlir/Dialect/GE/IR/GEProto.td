//===- GEProto.td - operators without an operation ---------*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEPROTO_TD
#define GEMLIR_DIALECT_GE_IR_GEPROTO_TD

// The prototype of an operator that has no operation in the dialect: clients can
// build it, and it enters a module as `ge.custom`.
//
//   inputs, outputs  `name:TYPES; name?:TYPES; name*:TYPES`: required, optional, dynamic
//   attributes       `name!:Kind; name:Kind=default`: required, optional
//   graphs           `name; name*`: one, dynamic
//
// TYPES are DataTypes without DT_, TensorType's sets, or ALL.
class GE_Proto<string type, string headerFile, string ins = "", string outs = "", string attrs = "", string subgraphs = ""> {
  string geType = type;
  string header = headerFile;
  string inputs = ins;
  string outputs = outs;
  string attributes = attrs;
  string graphs = subgraphs;
}

#endif // GEMLIR_DIALECT_GE_IR_GEPROTO_TD
