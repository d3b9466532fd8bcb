//===- EngineRecords.cpp - the records of engine commands -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EngineRecords.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/TableGen/Error.h"

using namespace llvm;
using namespace gemlir::tblgen;

Command::Command(const Record *record) : record(record) {
  DenseMap<int, uint64_t> used;
  used[-3] = record->getValueAsInt("selectMask");
  for (const Record *r : record->getValueAsListOfDefs("fields")) {
    const Record *place = r->getValueAsDef("register");
    Field field{r->getValueAsString("name"),       r->getValueAsString("summary"),
                place->getValueAsString("name"),   int(place->getValueAsInt("number")),
                unsigned(r->getValueAsInt("lsb")), unsigned(r->getValueAsInt("width")),
                r->getValueAsString("values")};
    const unsigned size = field.number == -3 ? 7 : 64;
    if (!field.width || field.lsb + field.width > size)
      PrintFatalError(record, "field '" + field.name + "' is not inside of " + field.place);
    uint64_t mask = field.width == 64 ? ~uint64_t(0) : ((uint64_t(1) << field.width) - 1) << field.lsb;
    if (used[field.number] & mask)
      PrintFatalError(record, "field '" + field.name + "' overlaps another one in " + field.place);
    used[field.number] |= mask;
    fields.push_back(field);
  }
}

std::vector<Command> gemlir::tblgen::readCommands(const RecordKeeper &records) {
  std::vector<Command> commands;
  for (const Record *record : records.getAllDerivedDefinitions("EngineCommand"))
    commands.emplace_back(record);
  sort(commands, [](const Command &a, const Command &b) {
    auto key = [](const Command &c) {
      return std::make_tuple(c.number("opcode"), c.number("funct3"), c.number("select"));
    };
    return key(a) < key(b);
  });
  for (size_t i = 1; i < commands.size(); ++i) {
    const Command &a = commands[i - 1], &b = commands[i];
    if (a.number("opcode") == b.number("opcode") && a.number("funct3") == b.number("funct3") &&
        (a.number("selectMask") != b.number("selectMask") || a.number("select") == b.number("select")))
      PrintFatalError(b.record, "cannot be told from " + a.id());
  }
  return commands;
}
