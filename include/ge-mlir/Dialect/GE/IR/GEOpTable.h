//===- GEOpTable.h - what the operators' records say ------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPTABLE_H
#define GEMLIR_DIALECT_GE_IR_GEOPTABLE_H

// Generated from the records of the operations: what the importer, the exporter
// and generic tools need to know of an operator without its C++ class.

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace mlir::ge {

enum class Arity : uint8_t { Required, Optional, Variadic };

/// An input or output, under GE's name.
struct OpTableValue {
  const char *name;
  Arity arity;
};

/// An attribute of GE's. `type` is GE's word for its kind ("Int", "ListFloat");
/// an `elementType` is a TypeAttr in MLIR, whatever GE calls it.
struct OpTableAttr {
  const char *name;
  const char *type;
  bool required;
  bool elementType;
};

/// A graph of the operator.
struct OpTableRegion {
  const char *name;
  bool variadic;
};

struct OpTableEntry {
  const char *type;      ///< GE's, "Conv2D"
  const char *operation; ///< MLIR's, "ge.conv2d"
  ArrayRef<OpTableValue> inputs;
  ArrayRef<OpTableValue> outputs;
  ArrayRef<OpTableAttr> attrs;
  ArrayRef<OpTableRegion> regions;
};

/// All operators with an operation of their own, by type name.
ArrayRef<OpTableEntry> getOpTable();
/// Null if there is none.
const OpTableEntry *lookupOpByType(StringRef type);
const OpTableEntry *lookupOpByName(StringRef operation);

} // namespace mlir::ge

#endif // GEMLIR_DIALECT_GE_IR_GEOPTABLE_H
