//===- ProgramTest.cpp - tests of the program's byte form
//----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Model/Program.h"
#include "ge-mlir/Model/OM.h"

#include <cstring>
#include <functional>
#include <gtest/gtest.h>
#include <random>
#include <sstream>

using namespace gemlir;
using namespace gemlir::model;

namespace {

/// A program that has an instruction of every kind.
Program makeProgram() {
  ProgramBuilder b;
  b.program.features = {"x86-64"};
  b.program.inputs = {{"x", 0, 2, {-1, 4}, kDynamic}, {"n", 9, 2, {1}, 8}};
  b.program.outputs = {{"y", 0, 2, {-1, 4}, kDynamic}};
  b.program.binaries = {{"ge_mlir.host.v3", 0, {"x86-64-v3"}}, {"ge_mlir.host.v1", 0, {}}};
  b.program.arenaSize = 256;
  b.program.weightSize = 128;
  uint32_t x = b.input(0, kDynamic), n = b.input(1, 8);
  uint32_t y = b.output(0, kDynamic), w = b.constant(64, 64);
  uint32_t s = b.stateBuffer(b.state("hidden", 32), 16, 16);
  uint32_t t = b.arena(128, 64), p = b.pool(2), v = b.view(1);
  uint32_t parameter = b.view();
  b.beginFunction("main");
  uint32_t rows = b.dim(x, 0), four = b.immediate(4), one = b.immediate(1);
  uint32_t bytes = b.binary(Opcode::Mul, rows, four);
  for (Opcode opcode : {Opcode::Add, Opcode::Sub, Opcode::FloorDiv, Opcode::CeilDiv, Opcode::Rem, Opcode::Min,
                        Opcode::Max, Opcode::CmpEq, Opcode::CmpNe, Opcode::CmpLt, Opcode::CmpLe})
    b.binary(opcode, bytes, four);
  uint32_t zero = b.binary(Opcode::Sub, one, one);
  b.alloc(p, bytes);
  b.setDim(p, 1, four);
  b.alloc(y, b.select(one, bytes, zero));
  b.view(v, p, zero);
  auto loop = b.newLabel(), end = b.newLabel();
  uint32_t i = b.newRegister();
  b.move(i, b.read(n, zero, 9));
  b.bind(loop);
  b.check(one, "node 'a': expected\nsomething");
  b.branch(i, loop, end);
  b.bind(end);
  b.launch(b.kernel("k0", 0, "first"), 4, {x, w, y}, {rows}, b.text("conv"));
  b.launchDynamic(b.kernel("k1"), rows, {s, t, v});
  b.copy(t, w, 64);
  b.copyDynamic(y, x, bytes);
  b.call(1, {p});
  b.free(p);
  auto out = b.newLabel();
  b.jump(out);
  b.bind(out);
  b.ret();
  b.beginFunction("body", {parameter});
  b.ret();
  Program program;
  Error error = b.finish(program);
  EXPECT_FALSE(error) << error.text();
  return program;
}

TEST(Program, RoundTrip) {
  Program program = makeProgram();
  std::vector<uint8_t> bytes = program.encode();
  Program decoded;
  Error error = Program::decode(bytes.data(), bytes.size(), decoded);
  ASSERT_FALSE(error) << error.text();
  EXPECT_EQ(decoded.encode(), bytes);
  std::ostringstream before, after;
  printProgram(program, before);
  printProgram(decoded, after);
  EXPECT_EQ(before.str(), after.str());
  std::vector<bool> seen(kNumOpcodes);
  for (const Instruction &inst : decoded.code)
    seen[unsigned(inst.opcode)] = true;
  for (unsigned i = 0; i < kNumOpcodes; ++i)
    EXPECT_TRUE(seen[i]) << getOpcodeName(Opcode(i));
}

TEST(Program, Disassembly) {
  std::ostringstream os;
  printProgram(makeProgram(), os);
  for (const char *line :
       {"m3 = constant [64, 128)", "r0 = dim m0, 0", "launch @k0(m0, m3, m2, r0) tiles 4 \"conv\"", "call @body(m6)",
        "kernel @k0 group 0 \"first\"", "expected\\0asomething\"", "read int64 m1["})
    EXPECT_NE(os.str().find(line), std::string::npos) << line;
}

TEST(Program, EveryTruncationIsRefused) {
  std::vector<uint8_t> bytes = makeProgram().encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    // An exact copy, so that a sanitizer sees a read past the end.
    std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + size);
    Program program;
    ASSERT_TRUE(Program::decode(cut.data(), cut.size(), program)) << size;
  }
}

TEST(Program, TrailingBytesAreRefused) {
  std::vector<uint8_t> bytes = makeProgram().encode();
  bytes.push_back(0);
  Program program;
  Error error = Program::decode(bytes.data(), bytes.size(), program);
  EXPECT_EQ(error.code(), ErrorCode::ModelFormat);
}

// Whatever decode accepts must be verified and printable.
TEST(Program, RandomEditsNeverCrash) {
  std::vector<uint8_t> original = makeProgram().encode();
  std::mt19937 random(7);
  unsigned accepted = 0;
  for (int round = 0; round < 40000; ++round) {
    std::vector<uint8_t> bytes = original;
    for (unsigned edits = random() % 4 + 1; edits; --edits) {
      uint8_t value = random() % 3 ? random() % 8 : random();
      bytes[random() % bytes.size()] = random() % 5 ? value : 0xff;
    }
    Program program;
    if (Error error = Program::decode(bytes.data(), bytes.size(), program)) {
      ASSERT_FALSE(error.text().empty());
      continue;
    }
    ++accepted;
    std::ostringstream os;
    printProgram(program, os);
    ASSERT_EQ(program.encode(), bytes);
  }
  EXPECT_GT(accepted, 0u);
}

struct BadEdit {
  const char *what;
  std::function<void(Program &)> edit;
};

Instruction &find(Program &program, Opcode opcode) {
  for (Instruction &inst : program.code)
    if (inst.opcode == opcode)
      return inst;
  ADD_FAILURE();
  return program.code[0];
}

TEST(Program, VerifierRefuses) {
  const BadEdit edits[] = {
      {"register", [](Program &p) { find(p, Opcode::Add).c = p.numRegisters; }},
      {"many registers", [](Program &p) { p.numRegisters = 1u << 30; }},
      {"buffer", [](Program &p) { find(p, Opcode::Copy).a = 99; }},
      {"copy to input", [](Program &p) { find(p, Opcode::Copy).a = 0; }},
      {"copy to constant", [](Program &p) { find(p, Opcode::Copy).a = 3; }},
      {"copy size", [](Program &p) { find(p, Opcode::Copy).imm = 65; }},
      {"copy negative", [](Program &p) { find(p, Opcode::Copy).imm = -2; }},
      {"kernel", [](Program &p) { find(p, Opcode::Launch).a = 2; }},
      {"tiles", [](Program &p) { find(p, Opcode::Launch).imm = -2; }},
      {"origin", [](Program &p) { find(p, Opcode::Launch).d = 77; }},
      {"operands", [](Program &p) { find(p, Opcode::Launch).bufferCount = 99; }},
      {"operand overflow", [](Program &p) { find(p, Opcode::Launch).operandBegin = ~0u; }},
      {"operand", [](Program &p) { p.operands[0] = 99; }},
      {"jump out", [](Program &p) { find(p, Opcode::Jump).a = p.code.size() - 1; }},
      {"branch", [](Program &p) { find(p, Opcode::Branch).c = kNone; }},
      {"call", [](Program &p) { find(p, Opcode::Call).a = 2; }},
      {"call arity", [](Program &p) { find(p, Opcode::Call).bufferCount = 0; }},
      {"recursion",
       [](Program &p) {
         Instruction call;
         call.opcode = Opcode::Call;
         call.a = 0;
         p.code.insert(p.code.begin() + p.functions[1].begin, call);
         ++p.functions[1].end;
       }},
      {"dim index", [](Program &p) { find(p, Opcode::Dim).imm = 2; }},
      {"dim of arena", [](Program &p) { find(p, Opcode::Dim).b = 5; }},
      {"setdim of input", [](Program &p) { find(p, Opcode::SetDim).a = 0; }},
      {"read type", [](Program &p) { find(p, Opcode::Read).imm = 0; }},
      {"alloc of arena", [](Program &p) { find(p, Opcode::Alloc).a = 5; }},
      {"free of view", [](Program &p) { find(p, Opcode::Free).a = 7; }},
      {"view to pool", [](Program &p) { find(p, Opcode::View).a = 6; }},
      {"check text", [](Program &p) { find(p, Opcode::Check).b = 99; }},
      {"opcode", [](Program &p) { p.code[0].opcode = Opcode(999); }},
      {"no end", [](Program &p) { p.code.back().opcode = Opcode::Free; }},
      {"no function", [](Program &p) { p.functions.clear(); }},
      {"function range", [](Program &p) { p.functions[1].end = 999; }},
      {"entry parameter", [](Program &p) { p.functions[0].parameters = {8}; }},
      {"parameter kind", [](Program &p) { p.functions[1].parameters = {5}; }},
      {"arena buffer", [](Program &p) { p.buffers[5].size = 129; }},
      {"weights buffer", [](Program &p) { p.buffers[3].offset = -1; }},
      {"state buffer", [](Program &p) { p.buffers[4].offset = INT64_MAX; }},
      {"state slot", [](Program &p) { p.buffers[4].slot = 1; }},
      {"state content", [](Program &p) { p.states[0].initial = INT64_MAX; }},
      {"input slot", [](Program &p) { p.buffers[0].slot = 2; }},
      {"input part", [](Program &p) { p.buffers[1].size = 9; }},
      {"kind", [](Program &p) { p.buffers[0].kind = BufferKind(9); }},
      {"arena size", [](Program &p) { p.arenaSize = INT64_MAX; }},
      {"group", [](Program &p) { p.kernels[0].group = 5; }},
      {"byte size", [](Program &p) { p.inputs[1].byteSize = 7; }},
      {"data type", [](Program &p) { p.inputs[1].dataType = 13; }},
      {"dimension", [](Program &p) { p.inputs[1].dims = {-2}; }},
      {"elements", [](Program &p) { p.inputs[1].dims = {INT64_MAX, INT64_MAX}; }},
  };
  for (const BadEdit &bad : edits) {
    Program program = makeProgram();
    bad.edit(program);
    Error error = program.verify();
    EXPECT_EQ(error.code(), ErrorCode::ModelFormat) << bad.what;
    // The byte form of a wrong program is refused as well.
    std::vector<uint8_t> bytes = program.encode();
    Program decoded;
    EXPECT_TRUE(Program::decode(bytes.data(), bytes.size(), decoded)) << bad.what;
  }
}

TEST(Program, UnboundLabelIsRefused) {
  ProgramBuilder b;
  b.beginFunction("main");
  b.jump(b.newLabel());
  Program program;
  EXPECT_TRUE(b.finish(program));
}

} // namespace
