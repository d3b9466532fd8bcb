//===- Hart.cpp - executes scalar instructions ----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Chip.h"
#include "Core.h"

#include <cmath>
#include <limits>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

static uint64_t extendWord(uint64_t value) { return uint64_t(int64_t(int32_t(uint32_t(value)))); }

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
    if (offset + size <= memory->size())
      return memory->data() + offset;
    fail("bounds", "address " + hex(address) + " is outside of the stack");
    return nullptr;
  }
  Access access{write ? "store" : "load", rowsOf(address, size, 1, 0), write};
  access.range.alignment = 1;
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
  return checkAccess(access) ? host(address) : nullptr;
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
#define ATOMIC(name) case Code::name##W: case Code::name##D
  bool isDouble = false;
  switch (in.code) {
  case Code::LrD: case Code::ScD: case Code::AmoswapD: case Code::AmoaddD: case Code::AmoxorD: case Code::AmoandD:
  case Code::AmoorD: case Code::AmominD: case Code::AmomaxD: case Code::AmominuD: case Code::AmomaxuD:
    isDouble = true;
    break;
  default:
    break;
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
  ATOMIC(Lr):
    reservation = address;
    x[in.rd] = old;
    return true;
  ATOMIC(Sc):
    x[in.rd] = reservation != address;
    if (reservation == address)
      memcpy(bytes, &operand, size);
    reservation = ~uint64_t(0);
    return true;
  ATOMIC(Amoswap): value = operand; break;
  ATOMIC(Amoadd): value = old + operand; break;
  ATOMIC(Amoxor): value = old ^ operand; break;
  ATOMIC(Amoand): value = old & operand; break;
  ATOMIC(Amoor): value = old | operand; break;
  ATOMIC(Amomin): value = int64_t(operand) < int64_t(old) ? operand : old; break;
  ATOMIC(Amomax): value = int64_t(operand) > int64_t(old) ? operand : old; break;
  ATOMIC(Amominu): value = operandBits < oldBits ? operand : old; break;
  ATOMIC(Amomaxu): value = operandBits > oldBits ? operand : old; break;
  default:
    return fail("instruction", "illegal instruction");
  }
#undef ATOMIC
  memcpy(bytes, &value, size);
  x[in.rd] = old;
  return true;
}

//===----------------------------------------------------------------------===//
// Floating point
//===----------------------------------------------------------------------===//

namespace {

/// A register seen as a float: one that is not boxed is NaN.
struct Single {
  using Type = float;
  static float get(uint64_t bits) {
    uint32_t low = bits >> 32 == 0xffffffff ? uint32_t(bits) : 0x7fc00000;
    float value;
    memcpy(&value, &low, 4);
    return value;
  }
  static uint64_t put(float value) {
    uint32_t low;
    memcpy(&low, &value, 4);
    if (std::isnan(value))
      low = 0x7fc00000;
    return low | 0xffffffff00000000;
  }
  static constexpr uint64_t kSign = 0x80000000;
};

struct Double {
  using Type = double;
  static double get(uint64_t bits) {
    double value;
    memcpy(&value, &bits, 8);
    return value;
  }
  static uint64_t put(double value) {
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return std::isnan(value) ? 0x7ff8000000000000 : bits;
  }
  static constexpr uint64_t kSign = 0x8000000000000000;
};

/// As the rounding mode of the instruction says; the dynamic one is to nearest.
double roundAs(double value, unsigned mode) {
  switch (mode) {
  case 1: return std::trunc(value);
  case 2: return std::floor(value);
  case 3: return std::ceil(value);
  case 4: return std::round(value);
  default: return std::nearbyint(value);
  }
}

template <typename T>
uint64_t convertToInteger(double value, unsigned mode) {
  const double rounded = roundAs(value, mode);
  // Above every value of T, exactly.
  const double limit = std::ldexp(1.0, std::numeric_limits<T>::digits);
  T result;
  if (std::isnan(rounded) || rounded >= limit)
    result = std::numeric_limits<T>::max();
  else if (rounded < double(std::numeric_limits<T>::min()))
    result = std::numeric_limits<T>::min();
  else
    result = T(rounded);
  return sizeof(T) == 4 ? extendWord(uint64_t(result)) : uint64_t(result);
}

template <typename F>
uint64_t classify(typename F::Type value, bool quiet) {
  const bool negative = std::signbit(value);
  switch (std::fpclassify(value)) {
  case FP_INFINITE: return negative ? 1 << 0 : 1 << 7;
  case FP_NORMAL: return negative ? 1 << 1 : 1 << 6;
  case FP_SUBNORMAL: return negative ? 1 << 2 : 1 << 5;
  case FP_ZERO: return negative ? 1 << 3 : 1 << 4;
  default: return quiet ? 1 << 9 : 1 << 8;
  }
}

template <typename T>
T smaller(T a, T b) {
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) ? b : a;
  return a < b || (a == b && std::signbit(a)) ? a : b;
}

} // namespace

bool Core::stepFloat(const Instruction &in) {
  const unsigned mode = unsigned(in.immediate) >> 8 & 7;
  const unsigned rs3 = unsigned(in.immediate) & 31;
#define BOTH(name, statement)                                                                                          \
  case Code::name##S: {                                                                                                \
    using F = Single;                                                                                                  \
    const float a = F::get(f[in.rs1]), b = F::get(f[in.rs2]), c = F::get(f[rs3]);                                      \
    (void)a, (void)b, (void)c;                                                                                         \
    statement;                                                                                                         \
    return true;                                                                                                       \
  }                                                                                                                    \
  case Code::name##D: {                                                                                                \
    using F = Double;                                                                                                  \
    const double a = F::get(f[in.rs1]), b = F::get(f[in.rs2]), c = F::get(f[rs3]);                                     \
    (void)a, (void)b, (void)c;                                                                                         \
    statement;                                                                                                         \
    return true;                                                                                                       \
  }
#define CONVERT(name, letter, F, T)                                                                                    \
  case Code::Fcvt##name##letter: x[in.rd] = convertToInteger<T>(F::get(f[in.rs1]), mode); return true;                 \
  case Code::Fcvt##letter##name: f[in.rd] = F::put(F::Type(T(x[in.rs1]))); return true;
  switch (in.code) {
    BOTH(Fadd, f[in.rd] = F::put(a + b))
    BOTH(Fsub, f[in.rd] = F::put(a - b))
    BOTH(Fmul, f[in.rd] = F::put(a * b))
    BOTH(Fdiv, f[in.rd] = F::put(a / b))
    BOTH(Fsqrt, f[in.rd] = F::put(std::sqrt(a)))
    BOTH(Fmadd, f[in.rd] = F::put(std::fma(a, b, c)))
    BOTH(Fmsub, f[in.rd] = F::put(std::fma(a, b, -c)))
    BOTH(Fnmsub, f[in.rd] = F::put(std::fma(-a, b, c)))
    BOTH(Fnmadd, f[in.rd] = F::put(std::fma(-a, b, -c)))
    BOTH(Fmin, f[in.rd] = F::put(smaller(a, b)))
    BOTH(Fmax, f[in.rd] = F::put(-smaller(-a, -b)))
    BOTH(Fle, x[in.rd] = a <= b)
    BOTH(Flt, x[in.rd] = a < b)
    BOTH(Feq, x[in.rd] = a == b)
    BOTH(Fclass, x[in.rd] = classify<F>(a, f[in.rs1] >> (sizeof(a) == 4 ? 22 : 51) & 1))
    BOTH(Fsgnj, f[in.rd] = (f[in.rs1] & ~F::kSign) | (f[in.rs2] & F::kSign))
    BOTH(Fsgnjn, f[in.rd] = (f[in.rs1] & ~F::kSign) | (~f[in.rs2] & F::kSign))
    BOTH(Fsgnjx, f[in.rd] = f[in.rs1] ^ (f[in.rs2] & F::kSign))
    CONVERT(W, S, Single, int32_t)
    CONVERT(Wu, S, Single, uint32_t)
    CONVERT(L, S, Single, int64_t)
    CONVERT(Lu, S, Single, uint64_t)
    CONVERT(W, D, Double, int32_t)
    CONVERT(Wu, D, Double, uint32_t)
    CONVERT(L, D, Double, int64_t)
    CONVERT(Lu, D, Double, uint64_t)
  case Code::FmvXW: x[in.rd] = extendWord(f[in.rs1]); return true;
  case Code::FmvXD: x[in.rd] = f[in.rs1]; return true;
  case Code::FmvWX: f[in.rd] = uint32_t(x[in.rs1]) | 0xffffffff00000000; return true;
  case Code::FmvDX: f[in.rd] = x[in.rs1]; return true;
  case Code::FcvtSD: f[in.rd] = Single::put(float(Double::get(f[in.rs1]))); return true;
  case Code::FcvtDS: f[in.rd] = Double::put(Single::get(f[in.rs1])); return true;
  default: return stepControl(in);
  }
#undef BOTH
#undef CONVERT
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
  case 0x002: mask = 0x07; shift = 5; break;
  case 0x003: mask = 0xff; break;
  case 0xc00: case 0xc01: old = chip.options.timing ? time : 0; break;
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

static uint64_t divide(uint64_t a, uint64_t b, bool isSigned, bool remainder) {
  if (b == 0)
    return remainder ? a : ~uint64_t(0);
  if (!isSigned)
    return remainder ? a % b : a / b;
  if (int64_t(a) == std::numeric_limits<int64_t>::min() && int64_t(b) == -1)
    return remainder ? 0 : a;
  return uint64_t(remainder ? int64_t(a) % int64_t(b) : int64_t(a) / int64_t(b));
}

static uint64_t rotate(uint64_t value, uint64_t by, unsigned width) {
  by &= width - 1;
  const uint64_t mask = width == 64 ? ~uint64_t(0) : 0xffffffff;
  value &= mask;
  return by ? (value << by | value >> (width - by)) & mask : value;
}

static uint64_t combineBytes(uint64_t value) {
  uint64_t result = 0;
  for (unsigned i = 0; i < 64; i += 8)
    if (value >> i & 0xff)
      result |= uint64_t(0xff) << i;
  return result;
}

bool Core::step(const Instruction &in, uint32_t) {
  const uint64_t a = x[in.rs1], b = x[in.rs2], imm = uint64_t(int64_t(in.immediate));
  uint64_t &d = x[in.rd];
  auto branch = [&](bool taken) {
    if (taken)
      nextPc = pc + imm;
    return true;
  };
#define DO(name, value) case Code::name: d = value; return true;
#define DOW(name, value) case Code::name: d = extendWord(value); return true;
  switch (in.code) {
    DO(Lui, imm)
    DO(Auipc, pc + imm)
  case Code::Jal: d = pc + 4; nextPc = pc + imm; return true;
  case Code::Jalr: d = pc + 4; nextPc = (a + imm) & ~uint64_t(1); return true;
  case Code::Beq: return branch(a == b);
  case Code::Bne: return branch(a != b);
  case Code::Blt: return branch(int64_t(a) < int64_t(b));
  case Code::Bge: return branch(int64_t(a) >= int64_t(b));
  case Code::Bltu: return branch(a < b);
  case Code::Bgeu: return branch(a >= b);
    DO(Addi, a + imm)
    DO(Slti, int64_t(a) < int64_t(imm))
    DO(Sltiu, a < imm)
    DO(Xori, a ^ imm)
    DO(Ori, a | imm)
    DO(Andi, a & imm)
    DO(Slli, a << (imm & 63))
    DO(Srli, a >> (imm & 63))
    DO(Srai, uint64_t(int64_t(a) >> (imm & 63)))
    DO(Add, a + b)
    DO(Sub, a - b)
    DO(Sll, a << (b & 63))
    DO(Slt, int64_t(a) < int64_t(b))
    DO(Sltu, a < b)
    DO(Xor, a ^ b)
    DO(Srl, a >> (b & 63))
    DO(Sra, uint64_t(int64_t(a) >> (b & 63)))
    DO(Or, a | b)
    DO(And, a & b)
    DOW(Addiw, a + imm)
    DOW(Slliw, a << (imm & 31))
    DOW(Srliw, uint32_t(a) >> (imm & 31))
    DOW(Sraiw, uint64_t(int32_t(a) >> (imm & 31)))
    DOW(Addw, a + b)
    DOW(Subw, a - b)
    DOW(Sllw, a << (b & 31))
    DOW(Srlw, uint32_t(a) >> (b & 31))
    DOW(Sraw, uint64_t(int32_t(a) >> (b & 31)))
  case Code::Fence: case Code::FenceI: return true;
    DO(Mul, a * b)
    DO(Mulh, uint64_t((__int128)int64_t(a) * int64_t(b) >> 64))
    DO(Mulhsu, uint64_t((__int128)int64_t(a) * b >> 64))
    DO(Mulhu, uint64_t((unsigned __int128)a * b >> 64))
    DO(Div, divide(a, b, true, false))
    DO(Divu, divide(a, b, false, false))
    DO(Rem, divide(a, b, true, true))
    DO(Remu, divide(a, b, false, true))
    DOW(Mulw, a * b)
    DOW(Divw, divide(extendWord(a), extendWord(b), true, false))
    DOW(Divuw, divide(uint32_t(a), uint32_t(b), false, false))
    DOW(Remw, divide(extendWord(a), extendWord(b), true, true))
    DOW(Remuw, divide(uint32_t(a), uint32_t(b), false, true))
    DO(AddUw, uint32_t(a) + b)
    DO(Sh1add, (a << 1) + b)
    DO(Sh2add, (a << 2) + b)
    DO(Sh3add, (a << 3) + b)
    DO(Sh1addUw, (uint64_t(uint32_t(a)) << 1) + b)
    DO(Sh2addUw, (uint64_t(uint32_t(a)) << 2) + b)
    DO(Sh3addUw, (uint64_t(uint32_t(a)) << 3) + b)
    DO(SlliUw, uint64_t(uint32_t(a)) << (imm & 63))
    DO(Andn, a & ~b)
    DO(Orn, a | ~b)
    DO(Xnor, ~(a ^ b))
    DO(Min, int64_t(a) < int64_t(b) ? a : b)
    DO(Max, int64_t(a) > int64_t(b) ? a : b)
    DO(Minu, a < b ? a : b)
    DO(Maxu, a > b ? a : b)
    DO(Rol, rotate(a, b, 64))
    DO(Ror, rotate(a, 64 - (b & 63), 64))
    DO(Rori, rotate(a, 64 - (imm & 63), 64))
    DOW(Rolw, rotate(a, b, 32))
    DOW(Rorw, rotate(a, 32 - (b & 31), 32))
    DOW(Roriw, rotate(a, 32 - (imm & 31), 32))
    DO(Clz, a ? uint64_t(__builtin_clzll(a)) : 64)
    DO(Ctz, a ? uint64_t(__builtin_ctzll(a)) : 64)
    DO(Cpop, uint64_t(__builtin_popcountll(a)))
    DO(Clzw, uint32_t(a) ? uint64_t(__builtin_clz(uint32_t(a))) : 32)
    DO(Ctzw, uint32_t(a) ? uint64_t(__builtin_ctz(uint32_t(a))) : 32)
    DO(Cpopw, uint64_t(__builtin_popcount(uint32_t(a))))
    DO(SextB, uint64_t(int64_t(int8_t(a))))
    DO(SextH, uint64_t(int64_t(int16_t(a))))
    DO(ZextH, uint16_t(a))
    DO(Rev8, __builtin_bswap64(a))
    DO(OrcB, combineBytes(a))
  case Code::Lb: case Code::Lh: case Code::Lw: case Code::Ld: case Code::Lbu: case Code::Lhu: case Code::Lwu:
  case Code::Sb: case Code::Sh: case Code::Sw: case Code::Sd: case Code::Flw: case Code::Fld: case Code::Fsw:
  case Code::Fsd:
    return stepMemory(in);
  default:
    if (in.code >= Code::LrW && in.code <= Code::AmomaxuD)
      return stepAtomic(in);
    return stepFloat(in);
  }
#undef DO
#undef DOW
}

} // namespace sim
} // namespace gemlir
