//===- Prototype.h - GE prototypes from records -----------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_TOOLS_GE_TBLGEN_PROTOTYPE_H
#define GEMLIR_TOOLS_GE_TBLGEN_PROTOTYPE_H

#include "llvm/TableGen/Record.h"
#include <string>
#include <vector>

namespace gemlir::tblgen {

enum class PortKind { Required, Optional, Dynamic };

/// An input or output. `types` is C++ of GE's: `TensorType({DT_FLOAT})`.
struct Port {
  std::string name;
  PortKind kind;
  std::string types;
};

/// An attribute; required if it has no default.
struct Attr {
  std::string name, kind, defaultValue;
  bool required;
};

struct Graph {
  std::string name;
  bool dynamic;
};

/// What GE's headers say of an operator.
struct Prototype {
  std::string type, header;
  std::vector<Port> inputs, outputs;
  std::vector<Attr> attrs;
  std::vector<Graph> graphs;
};

/// From an operation (GE_BaseOp) or a prototype (GE_Proto). Ends the program
/// with an error at the record if it is malformed.
Prototype readPrototype(const llvm::Record &record);

/// All operations that stand for one operator, by type name.
std::vector<const llvm::Record *> getOperators(const llvm::RecordKeeper &records);

/// The prototype as a chain of macros.
void writePrototype(const Prototype &prototype, llvm::raw_ostream &os);

} // namespace gemlir::tblgen

#endif // GEMLIR_TOOLS_GE_TBLGEN_PROTOTYPE_H
