//===- Names.h - attributes that ge.proto keeps structure in -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_IMPORT_AIR_NAMES_H
#define GEMLIR_LIB_IMPORT_AIR_NAMES_H

namespace gemlir::air {

// Names of ports with their positions, and the prototype's with their kinds.
inline constexpr char kInputNames[] = "_input_name_key", kInputPlaces[] = "_input_name_value";
inline constexpr char kOutputNames[] = "_output_name_key", kOutputPlaces[] = "_output_name_value";
inline constexpr char kIrInputNames[] = "_ir_inputs_key", kIrInputKinds[] = "_ir_inputs_value";
inline constexpr char kIrOutputNames[] = "_ir_outputs_key", kIrOutputKinds[] = "_ir_outputs_value";
inline constexpr char kIrAttrNames[] = "_ir_attr_names";
// What the graphs of a node are to it.
inline constexpr char kSubgraphNames[] = "_ir_subgraphs_key", kSubgraphPlaces[] = "_ir_subgraphs_value";
// Of a description.
inline constexpr char kOriginFormat[] = "origin_format", kOriginShape[] = "origin_shape";
// Of a graph: what its results are called.
inline constexpr char kOutputNameList[] = "output_names";

} // namespace gemlir::air

#endif // GEMLIR_LIB_IMPORT_AIR_NAMES_H
