//===- EngineRecords.h - the records of engine commands ---------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_TBLGEN_ENGINERECORDS_H
#define GE_TBLGEN_ENGINERECORDS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/TableGen/Record.h"

#include <string>
#include <vector>

namespace gemlir {
namespace tblgen {

struct Field {
  llvm::StringRef name, summary;
  llvm::StringRef place;
  /// -3 funct7, -2 rs1, -1 rs2, else the number of the parameter register.
  int number;
  unsigned lsb, width;
  /// The class whose names stand for the values, or empty.
  llvm::StringRef values;
};

/// One record of a command, its fields checked against each other.
struct Command {
  explicit Command(const llvm::Record *record);

  std::string id() const { return record->getName().str(); }
  llvm::StringRef text(llvm::StringRef name) const { return record->getValueAsString(name).trim(); }
  int number(llvm::StringRef name) const { return record->getValueAsInt(name); }
  llvm::StringRef queue() const { return record->getValueAsDef("queue")->getValueAsString("name"); }
  auto list(llvm::StringRef name) const { return record->getValueAsListOfDefs(name); }

  const llvm::Record *record;
  std::vector<Field> fields;
};

/// All commands, ordered by their words.
std::vector<Command> readCommands(const llvm::RecordKeeper &records);

} // namespace tblgen
} // namespace gemlir

#endif // GE_TBLGEN_ENGINERECORDS_H
