//===- TranslateProgram.cpp - npu.program to the runtime's program -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Target/Program/TranslateProgram.h"

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"
#include "ge-mlir/Dialect/Utils/Constants.h"
#include "ge-mlir/Model/DataTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/xxhash.h"

#include <cstring>

using namespace mlir;
using namespace gemlir;
using model::Opcode;

static int64_t sizeOf(Type type) {
  auto memref = cast<MemRefType>(type);
  if (!memref.hasStaticShape())
    return model::kDynamic;
  return memref.getNumElements() * llvm::divideCeil(memref.getElementTypeBitWidth(), 8);
}

/// The nodes of the model that an operation comes from, separated by commas.
static std::string describeOrigin(Location loc) {
  std::string text;
  loc->walk([&](Location part) {
    if (auto name = dyn_cast<NameLoc>(part)) {
      if (!text.empty())
        text += ",";
      text += name.getName().str();
    }
    return WalkResult::advance();
  });
  return text;
}

namespace {

class Translator {
public:
  Translator(ModuleOp module, model::Program &result, WeightPool &weights)
      : module(module), result(result), weights(weights) {}
  LogicalResult run();

private:
  LogicalResult translate(npu::ProgramOp program, bool isEntry);
  LogicalResult translate(Operation &op);
  LogicalResult translateArithmetic(Operation &op);
  /// The segment of the weights that holds a value, once each.
  LogicalResult addSegment(Operation *op, ElementsAttr value, int64_t size, unsigned &segment);
  LogicalResult addConstant(npu::ConstantOp op);
  LogicalResult addState(npu::StateOp op);
  void translateLaunch(npu::LaunchOp op);
  void translateView(npu::ViewOp op);
  void translateSetDims(npu::SetDimsOp op);
  void translateRead(npu::ReadOp op);
  /// The value of an expression with `symbols`.
  uint32_t evaluate(AffineExpr expr, ArrayRef<uint32_t> symbols);
  void jump(Block *target, ValueRange arguments);

  uint32_t reg(Value value);
  uint32_t buf(Value value) { return buffers.lookup(value); }

  ModuleOp module;
  model::Program &result;
  WeightPool &weights;
  model::ProgramBuilder builder;
  DenseMap<Value, uint32_t> registers, buffers;
  DenseMap<Block *, model::ProgramBuilder::Label> labels;
  DenseMap<Attribute, unsigned> segments;
  SmallVector<std::pair<uint32_t, unsigned>> constantBuffers;
  SmallVector<std::pair<uint32_t, unsigned>> initialStates;
  DenseMap<StringAttr, uint32_t> functions;
};

} // namespace

uint32_t Translator::reg(Value value) {
  auto [entry, inserted] = registers.try_emplace(value, 0);
  if (inserted)
    entry->second = builder.newRegister();
  return entry->second;
}

/// Records the bytes of a constant as a segment of the weights, once each.
LogicalResult Translator::addSegment(Operation *op, ElementsAttr value, int64_t size, unsigned &index) {
  auto [entry, inserted] = segments.try_emplace(value, 0);
  if (inserted) {
    std::optional<ArrayRef<char>> bytes = gemlir::getRawBytes(value);
    auto dense = dyn_cast<DenseElementsAttr>(value);
    if (!bytes && dense && dense.isSplat()) {
      ArrayRef<char> element = dense.getRawData();
      int64_t width = size / std::max<int64_t>(dense.getNumElements(), 1);
      std::vector<char> expanded(size);
      for (int64_t i = 0; i < size; ++i)
        expanded[i] = element[i % width];
      entry->second = weights.addOwned(std::move(expanded));
    } else if (bytes && static_cast<int64_t>(bytes->size()) == size) {
      entry->second = weights.add(*bytes);
    } else {
      return op->emitOpError("expects a constant with the bytes of its buffer");
    }
  }
  index = entry->second;
  return success();
}

LogicalResult Translator::addConstant(npu::ConstantOp op) {
  unsigned segment = 0;
  int64_t size = sizeOf(op.getType());
  if (failed(addSegment(op, op.getValue(), size, segment)))
    return failure();
  // The offset is known when all segments are.
  uint32_t buffer = builder.constant(0, size);
  constantBuffers.push_back({buffer, segment});
  buffers[op.getBuffer()] = buffer;
  return success();
}

LogicalResult Translator::addState(npu::StateOp op) {
  int64_t size = sizeOf(op.getType());
  uint32_t state = builder.state(op.getName().str(), size);
  if (builder.program.states[state].size != size)
    return op.emitOpError("expects state '")
           << op.getName() << "' to have " << size << " bytes, but it has " << builder.program.states[state].size;
  if (op.getInitial()) {
    unsigned segment = 0;
    if (failed(addSegment(op, *op.getInitial(), size, segment)))
      return failure();
    initialStates.push_back({state, segment});
  }
  buffers[op.getBuffer()] = builder.stateBuffer(state, size);
  return success();
}

void Translator::translateLaunch(npu::LaunchOp op) {
  auto kernel = module.lookupSymbol<npu::KernelOp>(op.getKernel());
  std::vector<uint32_t> operands, scalars;
  for (Value operand : op.getOperands()) {
    if (isa<MemRefType>(operand.getType()))
      operands.push_back(buf(operand));
    else
      scalars.push_back(reg(operand));
  }
  std::string origin = describeOrigin(op.getLoc());
  uint32_t text = origin.empty() ? model::kNone : builder.text(origin), id = builder.kernel(op.getKernel().str());
  if (std::optional<AffineMap> count = kernel.getTileCount())
    builder.launchDynamic(id, evaluate(count->getResult(0), scalars), operands, scalars, text);
  else
    builder.launch(id, kernel.getTiles(), operands, scalars, text);
}

uint32_t Translator::evaluate(AffineExpr expr, ArrayRef<uint32_t> symbols) {
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return builder.immediate(constant.getValue());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  uint32_t lhs = evaluate(binary.getLHS(), symbols), rhs = evaluate(binary.getRHS(), symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add: return builder.binary(Opcode::Add, lhs, rhs);
  case AffineExprKind::Mul: return builder.binary(Opcode::Mul, lhs, rhs);
  case AffineExprKind::CeilDiv: return builder.binary(Opcode::CeilDiv, lhs, rhs);
  case AffineExprKind::Mod: // of what is not negative
    return builder.binary(Opcode::Rem, lhs, rhs);
  default: return builder.binary(Opcode::FloorDiv, lhs, rhs);
  }
}

void Translator::translateSetDims(npu::SetDimsOp op) {
  auto type = cast<MemRefType>(op.getBuffer().getType());
  int64_t known = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  for (int64_t size : type.getShape())
    known *= ShapedType::isDynamic(size) ? 1 : size;
  uint32_t bytes = builder.immediate(known), buffer = buf(op.getBuffer());
  for (Value size : op.getSizes())
    bytes = builder.binary(Opcode::Mul, bytes, reg(size));
  builder.alloc(buffer, bytes);
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      builder.setDim(buffer, dim, reg(op.getSizes()[type.getDynamicDimIndex(dim)]));
}

void Translator::translateRead(npu::ReadOp op) {
  Type type = cast<MemRefType>(op.getBuffer().getType()).getElementType();
  int32_t number = type.isInteger(64)   ? model::kInt64
                   : type.isInteger(32) ? model::kInt32
                   : type.isInteger(16) ? model::kInt16
                                        : model::kInt8;
  registers[op.getValue()] = builder.read(buf(op.getBuffer()), reg(op.getIndex()), number);
}

/// A view at a constant offset of a static buffer is a buffer itself.
void Translator::translateView(npu::ViewOp op) {
  APInt offset;
  model::Buffer source = builder.program.buffers[buf(op.getSource())];
  bool isStatic = source.kind != model::BufferKind::Pool && source.kind != model::BufferKind::View &&
                  source.size != model::kDynamic && cast<MemRefType>(op.getType()).hasStaticShape();
  if (!isStatic || !matchPattern(op.getOffset(), m_ConstantInt(&offset))) {
    uint32_t view = builder.view(cast<MemRefType>(op.getType()).getRank());
    builder.view(view, buf(op.getSource()), reg(op.getOffset()));
    buffers[op.getView()] = view;
    return;
  }
  source.offset += offset.getSExtValue();
  source.size = sizeOf(op.getType());
  uint32_t buffer = builder.buffer(source);
  buffers[op.getView()] = buffer;
  for (auto [id, segment] : SmallVector<std::pair<uint32_t, unsigned>>(constantBuffers))
    if (id == buf(op.getSource()))
      constantBuffers.push_back({buffer, segment});
}

LogicalResult Translator::translateArithmetic(Operation &op) {
  auto binary = [&](Opcode opcode, bool swap = false) {
    uint32_t lhs = reg(op.getOperand(swap)), rhs = reg(op.getOperand(!swap));
    registers[op.getResult(0)] = builder.binary(opcode, lhs, rhs);
    return success();
  };
  return TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](arith::ConstantOp constant) {
        registers[constant] = builder.immediate(cast<IntegerAttr>(constant.getValue()).getInt());
        return success();
      })
      .Case([&](arith::AddIOp) { return binary(Opcode::Add); })
      .Case([&](arith::SubIOp) { return binary(Opcode::Sub); })
      .Case([&](arith::MulIOp) { return binary(Opcode::Mul); })
      .Case([&](arith::FloorDivSIOp) { return binary(Opcode::FloorDiv); })
      .Case([&](arith::CeilDivSIOp) { return binary(Opcode::CeilDiv); })
      .Case([&](arith::RemSIOp) { return binary(Opcode::Rem); })
      .Case([&](arith::MinSIOp) { return binary(Opcode::Min); })
      .Case([&](arith::MaxSIOp) { return binary(Opcode::Max); })
      .Case([&](arith::CmpIOp compare) -> LogicalResult {
        switch (compare.getPredicate()) {
        case arith::CmpIPredicate::eq: return binary(Opcode::CmpEq);
        case arith::CmpIPredicate::ne: return binary(Opcode::CmpNe);
        case arith::CmpIPredicate::slt: return binary(Opcode::CmpLt);
        case arith::CmpIPredicate::sle: return binary(Opcode::CmpLe);
        case arith::CmpIPredicate::sgt: return binary(Opcode::CmpLt, /*swap=*/true);
        case arith::CmpIPredicate::sge: return binary(Opcode::CmpLe, /*swap=*/true);
        default: return compare.emitOpError("expects a signed comparison in a program");
        }
      })
      // Conditions are 0 or 1.
      .Case([&](arith::OrIOp) { return binary(Opcode::Max); })
      .Case([&](arith::AndIOp) { return binary(Opcode::Min); })
      // Registers have 64 bits, whatever the type says.
      .Case<arith::ExtUIOp, arith::ExtSIOp, arith::TruncIOp, arith::IndexCastOp>([&](Operation *cast) {
        registers[cast->getResult(0)] = reg(cast->getOperand(0));
        return success();
      })
      .Case([&](arith::SelectOp select) {
        registers[select] =
            builder.select(reg(select.getCondition()), reg(select.getTrueValue()), reg(select.getFalseValue()));
        return success();
      })
      .Default([](Operation *other) -> LogicalResult { return other->emitOpError("cannot be part of a program"); });
}

/// Block arguments are registers that the branch assigns; all sources are read
/// before any is written.
void Translator::jump(Block *target, ValueRange arguments) {
  SmallVector<uint32_t> sources;
  for (Value argument : arguments) {
    uint32_t copy = builder.newRegister();
    builder.move(copy, reg(argument));
    sources.push_back(copy);
  }
  for (auto [argument, source] : llvm::zip(target->getArguments(), sources))
    builder.move(reg(argument), source);
  builder.jump(labels.lookup(target));
}

LogicalResult Translator::translate(Operation &op) {
  return TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](npu::ConstantOp constant) { return addConstant(constant); })
      .Case([&](npu::ArenaOp arena) {
        buffers[arena.getBuffer()] = builder.arena(arena.getOffset(), sizeOf(arena.getType()));
        return success();
      })
      .Case([&](npu::StateOp state) { return addState(state); })
      .Case([&](npu::AllocOp alloc) {
        uint32_t pool = builder.pool(cast<MemRefType>(alloc.getType()).getRank());
        builder.alloc(pool, reg(alloc.getSize()));
        buffers[alloc.getBuffer()] = pool;
        return success();
      })
      .Case([&](npu::FreeOp free) { return builder.free(buf(free.getBuffer())), success(); })
      .Case([&](npu::ViewOp view) { return translateView(view), success(); })
      .Case([&](npu::LaunchOp launch) { return translateLaunch(launch), success(); })
      .Case([&](npu::CopyOp copy) {
        uint32_t target = buf(copy.getTarget()), source = buf(copy.getSource());
        if (copy.getSize())
          builder.copyDynamic(target, source, reg(copy.getSize()));
        else
          builder.copy(target, source, sizeOf(copy.getSource().getType()));
        return success();
      })
      .Case([&](npu::SetDimsOp dims) { return translateSetDims(dims), success(); })
      .Case([&](npu::CheckOp check) {
        return builder.check(reg(check.getCondition()), check.getMessage().str()), success();
      })
      .Case([&](npu::DimOp dim) {
        registers[dim.getSize()] = builder.dim(buf(dim.getBuffer()), dim.getIndex());
        return success();
      })
      .Case([&](npu::ReadOp read) { return translateRead(read), success(); })
      .Case([&](npu::CallOp call) {
        std::vector<uint32_t> operands;
        for (Value operand : call.getOperands())
          operands.push_back(buf(operand));
        builder.call(functions.lookup(call.getProgramAttr().getAttr()), operands);
        return success();
      })
      .Case([&](npu::ReturnOp) { return builder.ret(), success(); })
      .Case([&](cf::BranchOp branch) { return jump(branch.getDest(), branch.getDestOperands()), success(); })
      .Case([&](cf::CondBranchOp branch) {
        auto ifTrue = builder.newLabel(), ifFalse = builder.newLabel();
        builder.branch(reg(branch.getCondition()), ifTrue, ifFalse);
        builder.bind(ifTrue);
        jump(branch.getTrueDest(), branch.getTrueDestOperands());
        builder.bind(ifFalse);
        jump(branch.getFalseDest(), branch.getFalseDestOperands());
        return success();
      })
      .Default([&](Operation *other) { return translateArithmetic(*other); });
}

LogicalResult Translator::translate(npu::ProgramOp program, bool isEntry) {
  std::vector<uint32_t> parameters;
  unsigned numInputs = program.getNumArguments() - program.getNumOutputs();
  for (BlockArgument argument : program.getArguments()) {
    int64_t size = sizeOf(argument.getType());
    unsigned index = argument.getArgNumber();
    uint32_t buffer = !isEntry            ? builder.view(cast<MemRefType>(argument.getType()).getRank())
                      : index < numInputs ? builder.input(index, size)
                                          : builder.output(index - numInputs, size);
    buffers[argument] = buffer;
    if (!isEntry)
      parameters.push_back(buffer);
  }
  builder.beginFunction(program.getSymName().str(), parameters);
  for (Block &block : program.getBody())
    labels[&block] = builder.newLabel();
  for (Block &block : program.getBody()) {
    builder.bind(labels.lookup(&block));
    for (Operation &op : block)
      if (failed(translate(op)))
        return failure();
  }
  return success();
}

LogicalResult Translator::run() {
  builder.program = std::move(result);
  auto main = module.lookupSymbol<npu::ProgramOp>("main");
  if (!main)
    return module.emitError("expects an npu.program named 'main'");
  SmallVector<npu::ProgramOp> programs{main};
  for (auto program : module.getOps<npu::ProgramOp>())
    if (program != main)
      programs.push_back(program);
  for (auto [index, program] : llvm::enumerate(programs))
    functions[program.getSymNameAttr()] = index;
  for (npu::ProgramOp program : programs)
    if (failed(translate(program, program == main)))
      return failure();
  int64_t total = 0;
  std::vector<int64_t> offsets = model::layoutWeights(weights.getSegments(), total);
  for (auto [buffer, segment] : constantBuffers)
    builder.program.buffers[buffer].offset += offsets[segment];
  for (auto [state, segment] : initialStates)
    builder.program.states[state].initial = offsets[segment];
  builder.program.weightSize = total;
  builder.program.arenaSize = main.getArenaSize();
  if (Error error = builder.finish(result))
    return module.emitError() << error.text();
  return success();
}

unsigned WeightPool::add(ArrayRef<char> bytes) {
  SmallVector<unsigned, 1> &equal = byHash[llvm::xxh3_64bits(StringRef(bytes.data(), bytes.size()))];
  for (unsigned index : equal)
    if (segments[index].size == bytes.size() && !std::memcmp(segments[index].data, bytes.data(), bytes.size()))
      return index;
  equal.push_back(segments.size());
  segments.push_back({bytes.data(), bytes.size(), alignment});
  return equal.back();
}

unsigned WeightPool::addOwned(std::vector<char> bytes) {
  const std::vector<char> &kept = owned.emplace_back(std::move(bytes));
  return add(kept);
}

LogicalResult gemlir::translateProgram(ModuleOp module, model::Program &program, WeightPool &weights) {
  return Translator(module, program, weights).run();
}
