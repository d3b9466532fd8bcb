//===- GEOpTable.cpp - what the operators' records say --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/GE/IR/GEOpTable.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace mlir::ge;

namespace {
#include "ge-mlir/Dialect/GE/IR/GEOpTable.cpp.inc"

using Index = llvm::StringMap<const OpTableEntry *>;

Index makeIndex(const char *OpTableEntry::*key) {
  Index index;
  for (const OpTableEntry &entry : kOpTable)
    index[entry.*key] = &entry;
  return index;
}
} // namespace

ArrayRef<OpTableEntry> ge::getOpTable() { return kOpTable; }

const OpTableEntry *ge::lookupOpByType(StringRef type) {
  static const Index index = makeIndex(&OpTableEntry::type);
  return index.lookup(type);
}

const OpTableEntry *ge::lookupOpByName(StringRef operation) {
  static const Index index = makeIndex(&OpTableEntry::operation);
  return index.lookup(operation);
}
