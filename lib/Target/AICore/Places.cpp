//===- Places.cpp - where instructions come from --------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Places.h"

#include "ge-mlir/Conversion/NPUToAICore/Lines.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/ObjectFile.h"

using namespace mlir;

namespace gemlir {
namespace aicore {

namespace {

/// Numbers places in the order in which they are first seen.
class Numbering {
public:
  explicit Numbering(std::vector<std::string> &places) : places(places) {}

  unsigned get(Location loc) {
    unsigned &line = byLocation[loc];
    if (!line) {
      const std::string place = describePlace(loc);
      line = place.empty() ? 1 : getLine(place);
    }
    return line;
  }

  unsigned getLine(const std::string &place) {
    auto [entry, isNew] = byPlace.try_emplace(place, unsigned(places.size()) + 1);
    if (isNew)
      places.push_back(place);
    return entry->second;
  }

private:
  std::vector<std::string> &places;
  llvm::StringMap<unsigned> byPlace;
  DenseMap<Location, unsigned> byLocation;
};

} // namespace

void Places::attach(ModuleOp module, Location kernel) {
  MLIRContext *context = module.getContext();
  Numbering numbering(places);
  numbering.getLine(describePlace(kernel));
  constexpr StringLiteral kFile = "kernel";
  auto makeId = [&] { return DistinctAttr::create(UnitAttr::get(context)); };
  auto makeLine = [&](unsigned line) { return FileLineColLoc::get(context, kFile, line, 1); };
  auto file = LLVM::DIFileAttr::get(context, kFile, "");
  auto unit = LLVM::DICompileUnitAttr::get(makeId(), llvm::dwarf::DW_LANG_C, file, StringAttr(), /*isOptimized=*/true,
                                           LLVM::DIEmissionKind::LineTablesOnly);
  auto type = LLVM::DISubroutineTypeAttr::get(context, ArrayRef<LLVM::DITypeAttr>());
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    if (function.isExternal())
      continue;
    auto scope = LLVM::DISubprogramAttr::get(
        context, makeId(), unit, file, function.getSymNameAttr(), StringAttr(), file, /*line=*/1, /*scopeLine=*/1,
        LLVM::DISubprogramFlags::Definition | LLVM::DISubprogramFlags::Optimized, type, {}, {});
    function.walk([&](Operation *op) {
      if (op != function)
        op->setLoc(makeLine(numbering.get(op->getLoc())));
    });
    function->setLoc(FusedLoc::get({Location(makeLine(1))}, scope, context));
  }
}

std::vector<PlaceRow> Places::read(ArrayRef<char> object, StringRef symbol) const {
  auto file = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(StringRef(object.data(), object.size()), "kernel"));
  if (!file) {
    llvm::consumeError(file.takeError());
    return {};
  }
  // Both are addresses in sections, which a relocatable object has not placed yet.
  std::optional<uint64_t> begin;
  for (const llvm::object::SymbolRef &candidate : (*file)->symbols()) {
    llvm::Expected<StringRef> name = candidate.getName();
    llvm::Expected<uint64_t> value = candidate.getValue();
    if (name && value && *name == symbol)
      begin = *value;
    llvm::consumeError(name.takeError());
    llvm::consumeError(value.takeError());
  }
  std::vector<PlaceRow> rows;
  // Nothing but the kernel, which nothing is known of.
  if (!begin || (places.size() == 1 && places[0].empty()))
    return rows;
  std::unique_ptr<llvm::DWARFContext> debug = llvm::DWARFContext::create(**file);
  for (const auto &unit : debug->compile_units()) {
    const llvm::DWARFDebugLine::LineTable *table = debug->getLineTableForUnit(unit.get());
    unsigned line = 0;
    for (const auto &row : table ? table->Rows : llvm::DWARFDebugLine::LineTable::RowVector()) {
      // What two places have in common comes from the kernel.
      const unsigned next = row.Line && row.Line <= places.size() ? row.Line : 1;
      if (row.EndSequence || row.Address.Address < *begin || next == line)
        continue;
      line = next;
      rows.push_back({row.Address.Address - *begin, places[line - 1]});
    }
  }
  return rows;
}

} // namespace aicore
} // namespace gemlir
