//===- AICPU.cpp - a processor beside the cores ---------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AICPU.h"

#include "Arithmetic.h"
#include "Core.h"

#include <algorithm>

namespace gemlir {
namespace sim {

/// Where the code returns to when it is done; there is none.
static constexpr uint64_t kReturnAddress = Image::kLimit - 4;

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

static bool isBranch(Code code) { return code == Code::Jal || (code >= Code::Beq && code <= Code::Bgeu); }

/// Whether the only effect is to write an integer register.
static bool isInteger(Code code) {
  switch (code) {
#define INTEGER(name, value) case Code::name:
#define WORD(name, value) case Code::name:
#include "Arithmetic.def"
    return true;
  default: return false;
  }
}

AICPUCode::AICPUCode(const Image &image) {
  for (const Segment &segment : image.segments()) {
    if (!segment.executable)
      continue;
    Part &part = parts.emplace_back();
    part.address = segment.address;
    const int64_t count = int64_t(segment.bytes.size() / 4);
    for (int64_t i = 0; i < count; ++i) {
      uint32_t word;
      memcpy(&word, segment.bytes.data() + i * 4, 4);
      Instruction in = decode(word);
      if (isBranch(in.code)) {
        const int64_t target = i + in.immediate / 4;
        if (in.immediate % 4 || target < 0 || target >= count)
          in.code = Code::Illegal;
        in.immediate /= 4;
      } else if (in.rd == 0 && isInteger(in.code)) {
        in.code = Code::Fence; // writes nothing
      }
      part.code.push_back(in);
    }
    part.code.push_back(Instruction());
  }
}

const Instruction *AICPUCode::find(uint64_t address, const Part *&part) const {
  for (const Part &candidate : parts) {
    const uint64_t at = address - candidate.address;
    if (at % 4 || at / 4 >= candidate.code.size() - 1)
      continue;
    part = &candidate;
    return &candidate.code[at / 4];
  }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// The hart
//===----------------------------------------------------------------------===//

AICPUHart::AICPUHart(const device::Description &device, unsigned number)
    : number(number), stack(static_cast<uint8_t *>(std::calloc(kStackBytes, 1))) {
  const device::AICPU &cpu = device.aiCore->aicpu;
  auto toParts = [](double value) { return uint32_t(std::min(value, 1e6) * kCycleParts + 0.5); };
  std::fill(std::begin(costs), std::end(costs), toParts(cpu.instructionCycles));
  for (unsigned code = unsigned(Code::FmaddS); code <= unsigned(Code::FcvtDS); ++code)
    costs[code] = toParts(cpu.floatCycles);
  for (Code code : {Code::Div, Code::Divu, Code::Rem, Code::Remu, Code::Divw, Code::Divuw, Code::Remw, Code::Remuw,
                    Code::FdivS, Code::FdivD, Code::FsqrtS, Code::FsqrtD})
    costs[unsigned(code)] = toParts(cpu.divideCycles);
  missCost = toParts(cpu.missCycles);
  tags.assign(std::max<uint64_t>(cpu.cacheBytes / 64, 1), ~uint64_t(0));
}

void AICPUHart::touch(uint64_t address) {
  const uint64_t line = address / 64;
  uint64_t &tag = tags[line % tags.size()];
  if (tag == line)
    return;
  tag = line;
  ++misses;
  cycles += missCost;
}

void AICPUHart::fail(const char *kind, const std::string &text, uint64_t pc) {
  trap = std::make_unique<Trap>();
  trap->kind = kind;
  trap->text = text;
  trap->core = number;
  trap->onAICPU = true;
  trap->pc = pc;
}

void AICPUHart::failRace(uint64_t pc) {
  const TileRaces::Conflict &race = call->races->getConflict();
  fail("race",
       "tile " + std::to_string(race.tile) + (race.write ? " writes " : " reads ") + hex(race.address) +
           ", which tile " + std::to_string(race.otherTile) + (race.otherWrite ? " wrote" : " read") + " at " +
           call->image->describe(race.otherPc),
       pc);
}

/// The counters; a flag of floating-point is never set.
uint64_t AICPUHart::readControl(const Instruction &in, bool &exists) const {
  exists = true;
  switch (in.immediate & 0xfff) {
  case 0x001:
  case 0x002:
  case 0x003: return 0;
  case 0xc00:
  case 0xc01: return getCycles();
  case 0xc02: return instructions;
  default: exists = false; return 0;
  }
}

uint8_t *AICPUHart::findMemory(uint64_t address, uint64_t size, bool write, MemoryWindow &window) {
  auto holds = [&](const MemoryWindow &candidate) {
    const uint64_t at = address - candidate.address;
    return at < candidate.size && size <= candidate.size - at && (!write || candidate.writable);
  };
  const MemoryWindow own{kStackAddress, kStackBytes, stack.get(), true};
  if (holds(own)) {
    window = own;
    return own.data + (address - own.address);
  }
  for (const MemoryWindow &candidate : *call->windows)
    if (holds(candidate)) {
      window = candidate;
      return candidate.data + (address - candidate.address);
    }
  return nullptr;
}

#define GEMLIR_LOOP runPlain
#define GEMLIR_TARGET
#define fma(a, b, c) std::fma(a, b, c)
#include "AICPULoop.inc"

// The same where the processor has fused multiply-add, which is most of what
// kernels do.
#if defined(__x86_64__)
#define GEMLIR_LOOP runFused
#define GEMLIR_TARGET __attribute__((target("fma")))
#include "AICPULoop.inc"
static bool hasFused() { return __builtin_cpu_supports("fma"); }
#else
template <bool Timing, bool Races>
void AICPUHart::runFused() {
  runPlain<Timing, Races>();
}
static bool hasFused() { return false; }
#endif
#undef fma

void AICPUHart::start() {
  trap.reset();
  instructions = cycles = misses = 0;
  std::fill(tags.begin(), tags.end(), ~uint64_t(0));
}

bool AICPUHart::run(const Call &newCall) {
  constexpr unsigned ra = 1, sp = 2, a0 = 10;
  call = &newCall;
  std::fill(std::begin(x), std::end(x), 0);
  std::fill(std::begin(f), std::end(f), 0);
  std::fill(std::begin(reads), std::end(reads), MemoryWindow());
  std::fill(std::begin(writes), std::end(writes), MemoryWindow());
  if (!stack) {
    fail("limit", "no memory for the stack", call->entry);
    return false;
  }
  x[ra] = kReturnAddress;
  x[sp] = kStackAddress + kStackBytes;
  std::copy(std::begin(call->arguments), std::end(call->arguments), x + a0);
  // The search for races takes longer than multiply-adds of the library do, so it has
  // no loops of its own for processors that have them.
  const bool fused = hasFused();
  if (call->races)
    call->timing ? runPlain<true, true>() : runPlain<false, true>();
  else if (call->timing)
    fused ? runFused<true, false>() : runPlain<true, false>();
  else
    fused ? runFused<false, false>() : runPlain<false, false>();
  return !trap;
}

} // namespace sim
} // namespace gemlir
