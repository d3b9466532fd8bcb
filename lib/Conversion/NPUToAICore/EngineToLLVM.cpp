//===- EngineToLLVM.cpp - engine commands as words -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LocalBuffers.h"

#include "ge-mlir/Conversion/NPUToAICore/Lines.h"
#include "ge-mlir/Dialect/NPU/IR/EngineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/Path.h"

namespace gemlir {
#define GEN_PASS_DEF_CONVERTENGINETOLLVM
#include "ge-mlir/Conversion/NPUToAICore/Passes.h.inc"
} // namespace gemlir

using namespace mlir;
using namespace gemlir;
using namespace gemlir::engine;

std::string gemlir::describePlace(Location loc) {
  std::string names, line;
  loc->walk([&](Location part) {
    if (auto name = dyn_cast<NameLoc>(part))
      names += (names.empty() ? "" : ",") + name.getName().str();
    else if (auto file = dyn_cast<FileLineColLoc>(part); file && line.empty())
      line = llvm::sys::path::filename(file.getFilename().getValue()).str() + ":" + std::to_string(file.getLine());
    return WalkResult::advance();
  });
  return names.empty() ? line : names;
}

/// Letters and digits stand for themselves, all else is a number, because some
/// characters mean something to inline assembly.
std::string gemlir::makeLineRow(StringRef symbol, StringRef place) {
  constexpr size_t kLongest = 200;
  std::string text = ".pushsection .npu.lines\n.quad " + symbol.str() + "\n.asciz \"";
  for (unsigned char c : place.take_front(kLongest)) {
    const char digits[] = {'\\', char('0' + (c >> 6)), char('0' + (c >> 3 & 7)), char('0' + (c & 7))};
    text += llvm::isAlnum(c) ? std::string(1, char(c)) : std::string(digits, 4);
  }
  return text + "\"\n.popsection";
}

namespace {

/// The value of a register: a number, and shifted values that are or-ed to it.
struct Packed {
  uint64_t number = 0;
  SmallVector<std::pair<Value, unsigned>> parts;

  bool operator==(const Packed &other) const { return number == other.number && parts == other.parts; }

  void add(Value value, unsigned shift) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      number |= constant.getZExtValue() << shift;
    else
      parts.push_back({value, shift});
  }

  /// Null for zero, which is register x0.
  Value materialize(OpBuilder &b, Location loc) const {
    auto constant = [&](uint64_t n) -> Value { return arith::ConstantIntOp::create(b, loc, int64_t(n), 64); };
    Value result = number ? constant(number) : Value();
    for (auto [value, shift] : parts) {
      Value part = shift ? arith::ShLIOp::create(b, loc, value, constant(shift)).getResult() : value;
      result = result ? arith::OrIOp::create(b, loc, result, part).getResult() : part;
    }
    return result;
  }
};

/// What a command puts into its registers.
struct Words {
  uint64_t funct7 = 0;
  Packed rs1, rs2;
  std::map<int, Packed> parameters;
};

class Encoder {
public:
  explicit Encoder(bool lines) : lines(lines) {}
  unsigned commands = 0, redundant = 0;

  /// Replaces the commands of a block. Parameters that a loop or branch sets are
  /// not known in front of and behind it.
  LogicalResult encode(Block &block) {
    known.clear();
    place.clear();
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (auto command = dyn_cast<npu::EngineOpInterface>(op)) {
        if (failed(encode(command)))
          return failure();
        continue;
      }
      if (!op.getNumRegions())
        continue;
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          if (failed(encode(inner)))
            return failure();
      known.clear();
      place.clear();
    }
    return success();
  }

private:
  LogicalResult encode(npu::EngineOpInterface op) {
    const CommandInfo &info = getInfo(op.getCommand());
    FailureOr<Words> words = pack(op, info);
    if (failed(words))
      return failure();
    OpBuilder b(op);
    if (lines)
      addLine(b, op.getLoc());
    setParameters(b, op.getLoc(), words->parameters);
    Value result = createWord(b, op.getLoc(), info, *words);
    if (op->getNumResults())
      op->getResult(0).replaceAllUsesWith(result);
    op->erase();
    return success();
  }

  /// Rows hold until the next one, but other code may come to lie between blocks.
  void addLine(OpBuilder &b, Location loc) {
    std::string here = describePlace(loc);
    if (here.empty() || here == place)
      return;
    LLVM::InlineAsmOp::create(b, loc, TypeRange(), ValueRange(), "0:\n" + makeLineRow("0b", here), "",
                              /*has_side_effects=*/true,
                              /*is_align_stack=*/false, LLVM::TailCallKind::None, LLVM::AsmDialectAttr(), ArrayAttr());
    place = std::move(here);
  }

  FailureOr<Words> pack(npu::EngineOpInterface op, const CommandInfo &info) {
    Words words;
    words.funct7 = info.select;
    unsigned operand = 0;
    for (size_t i = 0; i < info.fieldCount; ++i) {
      const FieldInfo &field = info.fields[i];
      if (field.place == -3) {
        FailureOr<uint64_t> value = npu::getStaticField(op, field);
        if (failed(value))
          return op->emitOpError("has no number for '") << field.name << "'";
        words.funct7 |= *value << field.lsb;
        continue;
      }
      Packed &place = field.place == -2 ? words.rs1 : field.place == -1 ? words.rs2 : words.parameters[field.place];
      place.add(op->getOperand(operand++), field.lsb);
    }
    return words;
  }

  /// Parameters are set in pairs; a command that has one of a pair leaves the
  /// other at zero.
  void setParameters(OpBuilder &b, Location loc, const std::map<int, Packed> &parameters) {
    std::map<int, std::pair<Packed, Packed>> pairs;
    for (auto &[number, value] : parameters)
      (number & 1 ? pairs[number / 2].second : pairs[number / 2].first) = value;
    for (auto &[number, pair] : pairs) {
      auto found = known.find(number);
      if (found != known.end() && found->second == pair) {
        ++redundant;
        continue;
      }
      known[number] = pair;
      Words words;
      words.funct7 = number;
      words.rs1 = pair.first;
      words.rs2 = pair.second;
      createWord(b, loc, getInfo(CommandId::PSet), words);
    }
  }

  Value createWord(OpBuilder &b, Location loc, const CommandInfo &info, const Words &words) {
    ++commands;
    SmallVector<Value> operands;
    std::string constraints = info.hasResult ? "=r" : "", registers;
    unsigned next = info.hasResult ? 1 : 0;
    for (const Packed *packed : {&words.rs1, &words.rs2}) {
      Value value = packed->materialize(b, loc);
      registers += value ? ", $" + std::to_string(next++) : ", x0";
      if (!value)
        continue;
      constraints += constraints.empty() ? "r" : ",r";
      operands.push_back(value);
    }
    constraints += constraints.empty() ? "~{memory}" : ",~{memory}";
    const std::string text = ".insn r " + std::to_string(info.opcode) + ", " + std::to_string(info.funct3) + ", " +
                             std::to_string(words.funct7) + (info.hasResult ? ", $0" : ", x0") + registers;
    auto word = LLVM::InlineAsmOp::create(b, loc, info.hasResult ? TypeRange(b.getI64Type()) : TypeRange(), operands,
                                          text, constraints,
                                          /*has_side_effects=*/true, /*is_align_stack=*/false, LLVM::TailCallKind::None,
                                          LLVM::AsmDialectAttr(), ArrayAttr());
    return info.hasResult ? word.getResult(0) : Value();
  }

  const bool lines;
  /// That of the block's last row.
  std::string place;
  /// What is known to be in the pairs of parameter registers.
  std::map<int, std::pair<Packed, Packed>> known;
};

struct ConvertEngineToLLVM : gemlir::impl::ConvertEngineToLLVMBase<ConvertEngineToLLVM> {
  using ConvertEngineToLLVMBase::ConvertEngineToLLVMBase;
  void runOnOperation() override {
    Encoder encoder(lines);
    for (auto function : getOperation().getOps<FunctionOpInterface>())
      for (Block &block : function.getFunctionBody())
        if (failed(encoder.encode(block)))
          return signalPassFailure();
    numCommands += encoder.commands;
    numRedundant += encoder.redundant;
  }
};

} // namespace
