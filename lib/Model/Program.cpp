//===- Program.cpp - byte form of programs --------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Model/Program.h"
#include "ByteStream.h"

namespace gemlir::model {

namespace {

constexpr uint32_t kMagic = 0x50454d47; // "GMEP"
constexpr uint32_t kVersion = 2, kOldestVersion = 1;

// Writing and reading of one entry stand beside each other, so that a change to
// one is seen in the other. A table is a count and its entries.

template <typename T, typename WriteEntry>
void writeTable(ByteWriter &out, const std::vector<T> &table, WriteEntry writeEntry) {
  out.integer(uint32_t(table.size()));
  for (const T &entry : table)
    writeEntry(entry);
}

template <typename T, typename ReadEntry>
void readTable(ByteReader &in, std::vector<T> &table, size_t minimum, ReadEntry readEntry) {
  uint32_t count = in.count(minimum);
  table.clear();
  table.reserve(count);
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    table.emplace_back();
    readEntry(table.back());
  }
}

void write(ByteWriter &out, const std::vector<std::string> &table) {
  writeTable(out, table, [&](const std::string &text) { out.string(text); });
}
void read(ByteReader &in, std::vector<std::string> &table) {
  readTable(in, table, 4, [&](std::string &text) { text = in.string(); });
}

void write(ByteWriter &out, const std::vector<uint32_t> &table) {
  writeTable(out, table, [&](uint32_t value) { out.integer(value); });
}
void read(ByteReader &in, std::vector<uint32_t> &table) {
  readTable(in, table, 4, [&](uint32_t &value) { value = in.integer<uint32_t>(); });
}

void write(ByteWriter &out, const std::vector<TensorInfo> &table) {
  writeTable(out, table, [&](const TensorInfo &info) {
    out.string(info.name);
    out.integer(info.dataType);
    out.integer(info.format);
    writeTable(out, info.dims, [&](int64_t dim) { out.integer(dim); });
    out.integer(info.byteSize);
  });
}
void read(ByteReader &in, std::vector<TensorInfo> &table) {
  readTable(in, table, 24, [&](TensorInfo &info) {
    info.name = in.string();
    info.dataType = in.integer<int32_t>();
    info.format = in.integer<int32_t>();
    readTable(in, info.dims, 8, [&](int64_t &dim) { dim = in.integer<int64_t>(); });
    info.byteSize = in.integer<int64_t>();
  });
}

void write(ByteWriter &out, const std::vector<Binary> &table) {
  writeTable(out, table, [&](const Binary &binary) {
    out.string(binary.item);
    out.integer(binary.group);
    write(out, binary.features);
  });
}
void read(ByteReader &in, std::vector<Binary> &table) {
  readTable(in, table, 12, [&](Binary &binary) {
    binary.item = in.string();
    binary.group = in.integer<uint32_t>();
    read(in, binary.features);
  });
}

void write(ByteWriter &out, const std::vector<Kernel> &table) {
  writeTable(out, table, [&](const Kernel &kernel) {
    out.string(kernel.symbol);
    out.integer(kernel.group);
    out.string(kernel.debugName);
  });
}
void read(ByteReader &in, std::vector<Kernel> &table) {
  readTable(in, table, 12, [&](Kernel &kernel) {
    kernel.symbol = in.string();
    kernel.group = in.integer<uint32_t>();
    kernel.debugName = in.string();
  });
}

void write(ByteWriter &out, const std::vector<State> &table) {
  writeTable(out, table, [&](const State &state) {
    out.string(state.name);
    out.integer(state.size);
    out.integer(state.initial);
  });
}
void read(ByteReader &in, std::vector<State> &table, uint32_t version) {
  readTable(in, table, 12, [&](State &state) {
    state.name = in.string();
    state.size = in.integer<int64_t>();
    // At first all states started as zeros.
    if (version >= 2)
      state.initial = in.integer<int64_t>();
  });
}

void write(ByteWriter &out, const std::vector<Buffer> &table) {
  writeTable(out, table, [&](const Buffer &buffer) {
    out.integer(uint8_t(buffer.kind));
    out.integer(buffer.slot);
    out.integer(buffer.rank);
    out.integer(buffer.offset);
    out.integer(buffer.size);
  });
}
void read(ByteReader &in, std::vector<Buffer> &table) {
  readTable(in, table, 25, [&](Buffer &buffer) {
    // An unknown kind survives the cast and is refused by verify().
    buffer.kind = BufferKind(in.integer<uint8_t>());
    buffer.slot = in.integer<uint32_t>();
    buffer.rank = in.integer<uint32_t>();
    buffer.offset = in.integer<int64_t>();
    buffer.size = in.integer<int64_t>();
  });
}

void write(ByteWriter &out, const std::vector<Function> &table) {
  writeTable(out, table, [&](const Function &function) {
    out.string(function.name);
    out.integer(function.begin);
    out.integer(function.end);
    write(out, function.parameters);
  });
}
void read(ByteReader &in, std::vector<Function> &table) {
  readTable(in, table, 16, [&](Function &function) {
    function.name = in.string();
    function.begin = in.integer<uint32_t>();
    function.end = in.integer<uint32_t>();
    read(in, function.parameters);
  });
}

void write(ByteWriter &out, const std::vector<Instruction> &table) {
  writeTable(out, table, [&](const Instruction &instruction) {
    out.integer(uint16_t(instruction.opcode));
    for (uint32_t field : {instruction.a, instruction.b, instruction.c, instruction.d})
      out.integer(field);
    out.integer(instruction.imm);
    out.integer(instruction.operandBegin);
    out.integer(instruction.bufferCount);
    out.integer(instruction.scalarCount);
  });
}
void read(ByteReader &in, std::vector<Instruction> &table) {
  readTable(in, table, 38, [&](Instruction &instruction) {
    instruction.opcode = Opcode(in.integer<uint16_t>());
    instruction.a = in.integer<uint32_t>();
    instruction.b = in.integer<uint32_t>();
    instruction.c = in.integer<uint32_t>();
    instruction.d = in.integer<uint32_t>();
    instruction.imm = in.integer<int64_t>();
    instruction.operandBegin = in.integer<uint32_t>();
    instruction.bufferCount = in.integer<uint32_t>();
    instruction.scalarCount = in.integer<uint32_t>();
  });
}

} // namespace

std::vector<uint8_t> Program::encode() const {
  ByteWriter out;
  out.integer(kMagic);
  out.integer(kVersion);
  out.string(device);
  write(out, features);
  write(out, inputs);
  write(out, outputs);
  write(out, binaries);
  write(out, kernels);
  write(out, states);
  write(out, buffers);
  write(out, texts);
  write(out, functions);
  write(out, code);
  write(out, operands);
  out.integer(numRegisters);
  out.integer(arenaSize);
  out.integer(weightSize);
  return std::move(out.bytes);
}

Error Program::decode(const void *data, size_t size, Program &program) {
  ByteReader in(data, size);
  uint32_t magic = in.integer<uint32_t>();
  uint32_t version = in.integer<uint32_t>();
  if (magic != kMagic)
    return Error(ErrorCode::ModelFormat, "the program does not start with its magic number");
  if (version < kOldestVersion || version > kVersion)
    return Error(ErrorCode::Unsupported, "found program version " + std::to_string(version) + ", expected " +
                                             std::to_string(kOldestVersion) + " to " + std::to_string(kVersion));
  Program result;
  result.device = in.string();
  read(in, result.features);
  read(in, result.inputs);
  read(in, result.outputs);
  read(in, result.binaries);
  read(in, result.kernels);
  read(in, result.states, version);
  read(in, result.buffers);
  read(in, result.texts);
  read(in, result.functions);
  read(in, result.code);
  read(in, result.operands);
  result.numRegisters = in.integer<uint32_t>();
  result.arenaSize = in.integer<int64_t>();
  result.weightSize = in.integer<int64_t>();
  if (in.failed())
    return Error(ErrorCode::ModelFormat, "the program is truncated");
  if (in.remaining())
    return Error(ErrorCode::ModelFormat, "found " + std::to_string(in.remaining()) + " bytes after the program's end");
  if (Error error = result.verify())
    return error;
  program = std::move(result);
  return Error::success();
}

} // namespace gemlir::model
