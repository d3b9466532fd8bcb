//===- Hart.cpp - executes scalar instructions ----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arithmetic.h"
#include "Chip.h"
#include "Core.h"

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

bool Core::fetchSegment() {
  const auto &segments = chip.global.getProgram();
  for (size_t i = 0; i < segments.size(); ++i)
    if (segments[i].executable && segments[i].contains(pc, 4)) {
      segment = &segments[i];
      segmentCode = &chip.getCode()[i];
      return true;
    }
  return fail("instruction", "no code at " + hex(pc));
}

void Core::runScalar(uint64_t budget) {
  const uint64_t last = statistics.instructions + budget;
  currentQueue = Queue::S;
  while (state == State::Running && statistics.instructions < last && !chip.isTrapped()) {
    if (!segment || pc - segment->address >= segment->bytes.size()) {
      if (!fetchSegment())
        return;
    }
    const uint64_t index = (pc - segment->address) / 4;
    if (pc % 4 || index >= segmentCode->size()) {
      fail("instruction", "no code at " + hex(pc));
      return;
    }
    const Instruction &in = (*segmentCode)[index];
    nextPc = pc + 4;
    ++statistics.instructions;
    ++time;
    if (in.code == Code::Command) {
      uint32_t word;
      memcpy(&word, segment->bytes.data() + index * 4, 4);
      issue(in, word);
      currentQueue = Queue::S;
    } else if (!step(in, 0)) {
      return;
    }
    x[0] = 0;
    pc = nextPc;
  }
  if (statistics.instructions >= chip.options.maxInstructions)
    fail("limit", "the control core executed " + std::to_string(statistics.instructions) + " instructions");
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

void Core::chargeLoad(uint64_t address) {
  const device::AICore &device = chip.getDevice();
  uint64_t cycles = device.loadCycles;
  if (spaceOf(address) == Space::GM) {
    const uint64_t line = address / 64;
    uint64_t &tag = loadTags[line % loadTags.size()];
    if (tag != line)
      cycles = device.missCycles;
    tag = line;
  }
  time += cycles ? cycles - 1 : 0;
}

/// The bytes of a load or store, or null after a trap.
uint8_t *Core::access(uint64_t address, unsigned size, bool write) {
  if (address % size) {
    fail("alignment", "address " + hex(address) + ", expected a multiple of " + std::to_string(size));
    return nullptr;
  }
  if (spaceOf(address) == Space::Stack) {
    uint64_t offset;
    LocalMemory *memory = findMemory(address, offset);
    if (offset < memory->size() && size <= memory->size() - offset) {
      if (write)
        memory->touch(offset, size);
      return memory->data() + offset;
    }
    fail("bounds", "address " + hex(address) + " is outside of the stack");
    return nullptr;
  }
  Access access{write ? "store" : "load", rowsOf(address, size, 1, 0), write};
  access.range.alignment = 1;
  // Commands before may have written there, or still read it.
  if (!chip.global.isConstant(address, size)) {
    chip.runPayloads();
    if (chip.isTrapped())
      return nullptr;
  }
  if (spaceOf(address) == Space::GM) {
    uint8_t *bytes = chip.global.find(address, size, write);
    if (!bytes) {
      fail("bounds", "address " + hex(address) + " is not inside of a buffer" + (write ? " that may be written" : ""));
      return nullptr;
    }
    if (!chip.races)
      return bytes;
  }
  if (spaceOf(address) == Space::Peer || unsigned(spaceOf(address)) > unsigned(Space::Stack)) {
    fail("space", "address " + hex(address) + " is in no memory of the control core");
    return nullptr;
  }
  return checkAccess(access) && checkContents(access) ? host(address) : nullptr;
}

template <typename T>
static uint64_t loadAs(const uint8_t *bytes) {
  T value;
  memcpy(&value, bytes, sizeof(T));
  return uint64_t(int64_t(value));
}

bool Core::stepMemory(const Instruction &in) {
  constexpr uint64_t kBox = 0xffffffff00000000;
  const uint64_t address = x[in.rs1] + uint64_t(int64_t(in.immediate));
  auto load = [&](unsigned size, auto read, uint64_t &into) {
    const uint8_t *bytes = access(address, size, false);
    if (!bytes)
      return false;
    chargeLoad(address);
    into = read(bytes);
    return true;
  };
  auto store = [&](unsigned size, uint64_t value) {
    uint8_t *bytes = access(address, size, true);
    if (!bytes)
      return false;
    memcpy(bytes, &value, size);
    return true;
  };
  switch (in.code) {
  case Code::Lb: return load(1, loadAs<int8_t>, x[in.rd]);
  case Code::Lh: return load(2, loadAs<int16_t>, x[in.rd]);
  case Code::Lw: return load(4, loadAs<int32_t>, x[in.rd]);
  case Code::Ld: return load(8, loadAs<int64_t>, x[in.rd]);
  case Code::Lbu: return load(1, loadAs<uint8_t>, x[in.rd]);
  case Code::Lhu: return load(2, loadAs<uint16_t>, x[in.rd]);
  case Code::Lwu: return load(4, loadAs<uint32_t>, x[in.rd]);
  case Code::Flw: return load(4, [](const uint8_t *b) { return loadAs<uint32_t>(b) | kBox; }, f[in.rd]);
  case Code::Fld: return load(8, loadAs<int64_t>, f[in.rd]);
  case Code::Sb: return store(1, x[in.rs2]);
  case Code::Sh: return store(2, x[in.rs2]);
  case Code::Sw: return store(4, x[in.rs2]);
  case Code::Sd: return store(8, x[in.rs2]);
  case Code::Fsw: return store(4, f[in.rs2]);
  case Code::Fsd: return store(8, f[in.rs2]);
  default: return stepAtomic(in);
  }
}

/// Cores take turns, so a plain update is atomic.
bool Core::stepAtomic(const Instruction &in) {
#define ATOMIC(name)                                                                                                   \
  case Code::name##W:                                                                                                  \
  case Code::name##D
  bool isDouble = false;
  switch (in.code) {
  case Code::LrD:
  case Code::ScD:
  case Code::AmoswapD:
  case Code::AmoaddD:
  case Code::AmoxorD:
  case Code::AmoandD:
  case Code::AmoorD:
  case Code::AmominD:
  case Code::AmomaxD:
  case Code::AmominuD:
  case Code::AmomaxuD: isDouble = true; break;
  default: break;
  }
  const unsigned size = isDouble ? 8 : 4;
  const uint64_t address = x[in.rs1];
  uint8_t *bytes = access(address, size, true);
  if (!bytes)
    return false;
  chargeLoad(address);
  const uint64_t old = isDouble ? loadAs<int64_t>(bytes) : loadAs<int32_t>(bytes);
  const uint64_t operand = isDouble ? x[in.rs2] : extendWord(x[in.rs2]);
  const uint64_t oldBits = isDouble ? old : uint32_t(old), operandBits = isDouble ? operand : uint32_t(operand);
  uint64_t value = old;
  switch (in.code) {
    ATOMIC(Lr) : reservation = address;
    x[in.rd] = old;
    return true;
    ATOMIC(Sc) : x[in.rd] = reservation != address;
    if (reservation == address)
      memcpy(bytes, &operand, size);
    reservation = ~uint64_t(0);
    return true;
    ATOMIC(Amoswap) : value = operand;
    break;
    ATOMIC(Amoadd) : value = old + operand;
    break;
    ATOMIC(Amoxor) : value = old ^ operand;
    break;
    ATOMIC(Amoand) : value = old & operand;
    break;
    ATOMIC(Amoor) : value = old | operand;
    break;
    ATOMIC(Amomin) : value = int64_t(operand) < int64_t(old) ? operand : old;
    break;
    ATOMIC(Amomax) : value = int64_t(operand) > int64_t(old) ? operand : old;
    break;
    ATOMIC(Amominu) : value = operandBits < oldBits ? operand : old;
    break;
    ATOMIC(Amomaxu) : value = operandBits > oldBits ? operand : old;
    break;
  default: return fail("instruction", "illegal instruction");
  }
#undef ATOMIC
  memcpy(bytes, &value, size);
  x[in.rd] = old;
  return true;
}

//===----------------------------------------------------------------------===//
// Floating point
//===----------------------------------------------------------------------===//

bool Core::stepFloat(const Instruction &in) {
  const unsigned mode = unsigned(in.immediate) >> 8 & 7;
  const uint64_t fa = f[in.rs1], fb = f[in.rs2], fc = f[unsigned(in.immediate) & 31];
  using std::fma;
#define BOTH(name, statement)                                                                                          \
  case Code::name##S: {                                                                                                \
    using F = Single;                                                                                                  \
    const float a = F::get(fa), b = F::get(fb), c = F::get(fc);                                                        \
    (void)a, (void)b, (void)c;                                                                                         \
    statement;                                                                                                         \
    return true;                                                                                                       \
  }                                                                                                                    \
  case Code::name##D: {                                                                                                \
    using F = Double;                                                                                                  \
    const double a = F::get(fa), b = F::get(fb), c = F::get(fc);                                                       \
    (void)a, (void)b, (void)c;                                                                                         \
    statement;                                                                                                         \
    return true;                                                                                                       \
  }
#define FLOAT(name, value) BOTH(name, f[in.rd] = F::put(value))
#define SIGN(name, value) BOTH(name, f[in.rd] = value)
#define COMPARE(name, value) BOTH(name, x[in.rd] = value)
#define CONVERT(name, letter, F, T)                                                                                    \
  case Code::Fcvt##name##letter: x[in.rd] = convertToInteger<T>(F::get(fa), mode); return true;                        \
  case Code::Fcvt##letter##name: f[in.rd] = F::put(F::Type(T(x[in.rs1]))); return true;
  switch (in.code) {
#include "Arithmetic.def"
  case Code::FmvXW: x[in.rd] = extendWord(fa); return true;
  case Code::FmvXD: x[in.rd] = fa; return true;
  case Code::FmvWX: f[in.rd] = uint32_t(x[in.rs1]) | 0xffffffff00000000; return true;
  case Code::FmvDX: f[in.rd] = x[in.rs1]; return true;
  case Code::FcvtSD: f[in.rd] = Single::put(float(Double::get(fa))); return true;
  case Code::FcvtDS: f[in.rd] = Double::put(Single::get(fa)); return true;
  default: return stepControl(in);
  }
#undef BOTH
}

/// Control and status registers, and what is no instruction.
bool Core::stepControl(const Instruction &in) {
  if (in.code < Code::Csrrw || in.code > Code::Csrrci)
    return fail("instruction", "illegal instruction");
  const uint64_t operand = in.code >= Code::Csrrwi ? in.rs1 : x[in.rs1];
  uint64_t old = 0;
  unsigned shift = 0, mask = 0;
  switch (in.immediate & 0xfff) {
  case 0x001: mask = 0x1f; break;
  case 0x002:
    mask = 0x07;
    shift = 5;
    break;
  case 0x003: mask = 0xff; break;
  case 0xc00:
  case 0xc01: old = chip.options.timing ? time : 0; break;
  case 0xc02: old = statistics.instructions; break;
  default: return fail("instruction", "no such control register: " + hex(in.immediate & 0xfff));
  }
  if (mask) {
    old = fcsr >> shift & mask;
    uint64_t value = operand;
    if (in.code == Code::Csrrs || in.code == Code::Csrrsi)
      value = old | operand;
    if (in.code == Code::Csrrc || in.code == Code::Csrrci)
      value = old & ~operand;
    fcsr = uint32_t((fcsr & ~(mask << shift)) | (value & mask) << shift);
    if (fcsr >> 5)
      return fail("instruction", "rounding other than to nearest even");
  }
  x[in.rd] = old;
  return true;
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

bool Core::step(const Instruction &in, uint32_t) {
  const uint64_t a = x[in.rs1], b = x[in.rs2], imm = uint64_t(int64_t(in.immediate));
  uint64_t &d = x[in.rd];
  auto branch = [&](bool taken) {
    if (taken)
      nextPc = pc + imm;
    return true;
  };
#define INTEGER(name, value)                                                                                           \
  case Code::name: d = value; return true;
#define WORD(name, value)                                                                                              \
  case Code::name: d = extendWord(value); return true;
  switch (in.code) {
#include "Arithmetic.def"
  case Code::Jal:
    d = pc + 4;
    nextPc = pc + imm;
    return true;
  case Code::Jalr:
    d = pc + 4;
    nextPc = (a + imm) & ~uint64_t(1);
    return true;
  case Code::Beq: return branch(a == b);
  case Code::Bne: return branch(a != b);
  case Code::Blt: return branch(int64_t(a) < int64_t(b));
  case Code::Bge: return branch(int64_t(a) >= int64_t(b));
  case Code::Bltu: return branch(a < b);
  case Code::Bgeu: return branch(a >= b);
  case Code::Fence:
  case Code::FenceI: return true;
  case Code::Lb:
  case Code::Lh:
  case Code::Lw:
  case Code::Ld:
  case Code::Lbu:
  case Code::Lhu:
  case Code::Lwu:
  case Code::Sb:
  case Code::Sh:
  case Code::Sw:
  case Code::Sd:
  case Code::Flw:
  case Code::Fld:
  case Code::Fsw:
  case Code::Fsd: return stepMemory(in);
  default:
    if (in.code >= Code::LrW && in.code <= Code::AmomaxuD)
      return stepAtomic(in);
    return stepFloat(in);
  }
}

} // namespace sim
} // namespace gemlir
