//===- Table.cpp - the kernels that a device binary has -------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Table.h"

#include "ge-mlir/Conversion/NPUToAICore/Lines.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace gemlir {
namespace aicore {

namespace {

class TableBuilder {
public:
  explicit TableBuilder(LLVMContext &context)
      : module("table", context), pointer(PointerType::get(context, 0)), i32(Type::getInt32Ty(context)) {}

  void build(const std::vector<TableEntry> &entries, const device::Description &device) {
    auto *type = StructType::get(module.getContext(), {pointer, pointer, pointer, pointer, i32, i32});
    std::vector<Constant *> rows;
    for (const TableEntry &entry : entries) {
      for (const PlaceRow &row : entry.places)
        module.appendModuleInlineAsm(makeLineRow(entry.aicpu + "+" + std::to_string(row.offset), row.place));
      rows.push_back(ConstantStruct::get(type, {addText(entry.name), getEntry(entry.cube), getEntry(entry.vector),
                                                getEntry(entry.aicpu), ConstantInt::get(i32, entry.blocks),
                                                ConstantInt::get(i32, 0)}));
    }
    auto *array = ArrayType::get(type, rows.size());
    addSection(ConstantArray::get(array, rows), ".npu.kernels", 8);
    addSection(ConstantDataArray::getString(module.getContext(), device::toJson(device), /*AddNull=*/false),
               ".npu.target", 1);
    // Nobody refers to them, but the loader does.
    appendToUsed(module, sections);
  }

  Module module;

private:
  Constant *addText(const std::string &text) {
    Constant *value = ConstantDataArray::getString(module.getContext(), text);
    return new GlobalVariable(module, value->getType(), /*isConstant=*/true, GlobalValue::PrivateLinkage, value,
                              "name");
  }
  Constant *getEntry(const std::string &symbol) {
    if (symbol.empty())
      return ConstantPointerNull::get(pointer);
    return cast<Constant>(
        module.getOrInsertFunction(symbol, FunctionType::get(Type::getVoidTy(module.getContext()), false)).getCallee());
  }
  void addSection(Constant *value, StringRef section, unsigned alignment) {
    auto *global = new GlobalVariable(module, value->getType(), /*isConstant=*/true, GlobalValue::PrivateLinkage, value,
                                      section.drop_front());
    global->setSection(section);
    global->setAlignment(Align(alignment));
    sections.push_back(global);
  }

  PointerType *pointer;
  Type *i32;
  SmallVector<GlobalValue *, 2> sections;
};

} // namespace

bool generateTable(const std::vector<TableEntry> &entries, const device::Description &device,
                   SmallVectorImpl<char> &result, std::string &error) {
  LLVMContext context;
  TableBuilder builder(context);
  builder.build(entries, device);
  return target::generateCode(builder.module, device, /*vectorizeLoops=*/false, target::Output::Object, result, error);
}

} // namespace aicore
} // namespace gemlir
