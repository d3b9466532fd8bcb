//===- Core.h - a control core and its queues ------------------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_SIMULATOR_CORE_H
#define GE_MLIR_LIB_SIMULATOR_CORE_H

#include "CubeOperands.h"
#include "Instruction.h"
#include "Memory.h"
#include "RaceChecker.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <cinttypes>
#include <cstdio>
#include <deque>
#include <string>
#include <vector>

namespace gemlir {
namespace sim {

class Chip;
struct Journey;

inline std::string hex(uint64_t value) {
  char text[24];
  snprintf(text, sizeof(text), "0x%" PRIx64, value);
  return text;
}

/// The flag that a command sets or waits for.
inline engine::Flag toFlag(const engine::RawCommand &raw) {
  if (raw.id != engine::CommandId::Follow)
    return engine::Flag(raw);
  const engine::Follow follow(raw);
  engine::Flag flag;
  flag.dst = follow.dst;
  flag.src = follow.src;
  flag.wait = 1;
  flag.event = follow.event;
  return flag;
}

inline bool isFlag(const engine::RawCommand &raw) {
  return raw.id == engine::CommandId::Flag || raw.id == engine::CommandId::Follow;
}

/// The accumulators that a command of M or FIX uses; empty if there are none.
engine::Range getAccumulators(const engine::RawCommand &raw);

/// A control core with its engines. The control core runs ahead and fills the
/// queues; the head of a queue executes as soon as what it waits for is known,
/// and its times follow from those of what it waited for.
class Core {
public:
  enum class Kind { Cube, Vector, Both };

  Core(Chip &chip, unsigned id, Kind kind, unsigned group, unsigned sub, unsigned subs);
  ~Core();

  /// Blocks for the core to run one after the other.
  void setWork(uint64_t entry, unsigned firstBlock, unsigned step, unsigned blocks, uint64_t arguments);
  /// Goes on until nothing can, or for a while; returns whether it could do more.
  bool run();
  /// The transfer of the head of a queue has left the queue at `time`.
  void finishTransfer(engine::Queue queue, double time, double extraLatency);
  /// Lets a queue look again at what it waits for.
  void wake() { dirty = 0xfe; }
  bool isDone() const { return state == State::Done; }
  /// Changes whenever a queue or the control core goes on.
  uint64_t getProgress() const { return progress; }
  /// Who waits for what, for a deadlock's report.
  std::string describeWaits() const;

  /// The host's byte of a checked address.
  uint8_t *host(uint64_t address);
  LocalMemory *findMemory(uint64_t address, uint64_t &offset);
  /// The core that a tagged address of a peer means, or null, and the address there.
  Core *findPeer(uint64_t address, uint64_t &there);
  bool fail(const char *kind, const std::string &text);

  /// What the commands taken since the last call do to memories. Cores may do so at
  /// the same time; the first trap is kept.
  void runPayloads();
  bool hasPayloads() const { return !payloads.empty(); }
  std::unique_ptr<Trap> takePayloadTrap() { return std::move(payloadTrap); }
  /// Of the command whose payload runs.
  const uint64_t *getLaneMask() const { return payload->laneMask; }

  Chip &chip;
  const unsigned id;
  const Kind kind;
  const unsigned group, sub, subs;
  CoreStatistics statistics;
  /// What payloads have not moved yet.
  DeferredMoves deferred;

private:
  enum class State { Running, Flag, CrossFlag, Barrier, Full, Ending, Done };

  struct Entry {
    engine::RawCommand raw;
    uint64_t pc = 0, issued = 0;
    uint64_t laneMask[2] = {};
    Clock clock;
  };
  /// What the last command of a queue leaves to one that follows it.
  struct Trail {
    /// The accumulators that it used; empty if none.
    engine::Range fractals;
    /// When the first of them was done.
    uint64_t firstDone = 0;
  };
  struct QueueState {
    std::deque<Entry> pending;
    /// When the queue can start another command, and when all before are done.
    uint64_t free = 0, done = 0;
    /// When the last command left, flags apart.
    uint64_t lastEnd = 0;
    Trail trail;
    /// What the next command follows, if its fractals are not empty: they are all
    /// done at `followedTime`. Cycles by which it starts later for that.
    engine::Range followed;
    uint64_t followedTime = 0, held = 0;
    uint64_t issuedCount = 0;
    std::vector<uint64_t> starts; // of the last `queueDepth` commands
    size_t startCount = 0;
    bool inTransfer = false;
    uint64_t transferStart = 0;
    double transferLatency = 0, transferLeast = 0;
    /// Results that are on their way through the unit.
    struct Recent {
      uint64_t begin = 0, end = 0, done = 0;
    } recent[4];
    unsigned nextRecent = 0;
  };
  struct FlagState {
    bool set = false;
    uint64_t time = 0, pc = 0;
    Trail trail;
    /// The waiting queue's step at the last wait.
    uint32_t taken = 0;
  };
  /// A command whose time is known, but whose bytes have not moved yet. No command
  /// stands for the beginning of a block, which finds nothing in memories.
  struct Payload {
    engine::RawCommand raw;
    uint64_t pc;
    uint64_t laneMask[2];
    engine::Queue queue;
  };

  // Core.cpp: blocks, queues, flags.
  bool startBlock();
  void clearMemories();
  bool tryResume();
  bool tryEnd();
  void issue(const Instruction &instruction, uint32_t word);
  void issueControl(const engine::RawCommand &raw, unsigned rd);
  void enqueue(engine::Queue queue, const engine::RawCommand &raw);
  void tryEnqueue();
  void drain();
  void process(engine::Queue queue);
  bool processFlag(engine::Queue queue, Entry &entry, uint64_t start);
  bool canFollow(const QueueState &queue, const engine::RawCommand &raw) const;
  void settleFollowed(engine::Queue queue);
  bool processCrossFlag(engine::Queue queue, Entry &entry, uint64_t start);
  bool setFlag(const engine::Flag &flag, uint64_t time, uint64_t pc);
  uint64_t takeFlag(const engine::Flag &flag);
  void waitUntil(uint64_t when, Stall cause, engine::Queue from = engine::Queue::S);
  void addStall(engine::Queue queue, Stall cause, engine::Queue from, uint64_t begin, uint64_t end);
  void closeStatistics();
  /// Flags between two queues.
  static constexpr unsigned kEvents = 16;
  FlagState &getFlag(const engine::Flag &flag) { return flags[flag.src][flag.dst][flag.event % kEvents]; }
  /// The clock of the queue that set a flag; only where races are looked for.
  Clock &getFlagClock(const engine::Flag &flag) {
    return flagClocks[(flag.src * engine::kQueues + flag.dst) * kEvents + flag.event % kEvents];
  }
  bool failAt(engine::Queue queue, const engine::RawCommand *raw, uint64_t pc, const char *kind,
              const std::string &text);
  std::string describeWait(engine::Queue queue, const engine::RawCommand &raw, uint64_t pc) const;

  // Commands.cpp: checks, execution and time of one command.
  bool execute(engine::Queue queue, Entry &entry, uint64_t start);
  bool checkAccess(const engine::Access &access);
  bool checkContents(const engine::Access &access);
  void defer(engine::Queue queue, const Entry &entry);
  bool checkBounds(const engine::Access &access, LocalMemory *&memory, uint64_t &offset);
  bool checkRace(engine::Range range, bool write);
  uint64_t afterResults(QueueState &state, uint64_t start, const engine::RawCommand &raw) const;
  void remember(QueueState &state, const engine::RawCommand &raw);
  uint64_t follow(QueueState &queue, uint64_t start, uint64_t busy) const;
  void schedule(engine::Queue queue, const Entry &entry, uint64_t start);
  bool checkPath(const Journey &journey);
  void schedulePath(engine::Queue queue, const Entry &entry, const Journey &journey, uint64_t start);
  void finish(engine::Queue queue, const Entry &entry, uint64_t start, uint64_t busyEnd, uint64_t done);
  void account(engine::Queue queue, const Entry &entry, uint64_t start, uint64_t busyEnd);

  // Hart.cpp: scalar instructions.
  void runScalar(uint64_t budget);
  bool step(const Instruction &in, uint32_t word);
  bool stepMemory(const Instruction &in);
  bool stepAtomic(const Instruction &in);
  bool stepFloat(const Instruction &in);
  bool stepControl(const Instruction &in);
  uint8_t *access(uint64_t address, unsigned size, bool write);
  void chargeLoad(uint64_t address);
  bool fetchSegment();

  State state = State::Done;
  // Blocks to run.
  uint64_t entryPoint = 0, argumentAddress = 0;
  unsigned block = 0, blockStep = 1, blockCount = 0;
  bool more = false;

  // The control core.
  uint64_t x[32] = {};
  uint64_t f[32] = {};
  uint64_t pc = 0, nextPc = 0;
  uint64_t time = 0;
  uint32_t fcsr = 0;
  uint64_t reservation = ~uint64_t(0);
  const std::vector<Instruction> *segmentCode = nullptr;
  const Segment *segment = nullptr;
  std::vector<uint64_t> loadTags;
  uint64_t parameters[engine::kParameters] = {};
  uint64_t laneMask[2] = {~uint64_t(0), ~uint64_t(0)};

  std::unique_ptr<LocalMemories> ownMemories;
  LocalMemory *memories;

  // What the control core waits for.
  engine::Flag waitedFlag;
  engine::CrossFlag waitedCross;
  engine::Queue waitedQueue = engine::Queue::S;
  Entry heldEntry;
  unsigned barrier = 0;

  QueueState queues[engine::kQueues];
  FlagState flags[engine::kQueues][engine::kQueues][kEvents];
  std::vector<Clock> flagClocks;
  unsigned dirty = 0;
  uint64_t progress = 0;

  // The command in execution, for traps.
  const Entry *current = nullptr;
  engine::Queue currentQueue = engine::Queue::S;

  std::vector<Payload> payloads;
  const Payload *payload = nullptr;
  std::unique_ptr<Trap> payloadTrap;
};

// Movement.cpp, Cube.cpp, Vector.cpp: what commands do, once they are checked.
// Each returns whether it could; if not, it has trapped.
bool perform(Core &core, const engine::DmaIn &c);
bool perform(Core &core, const engine::Nd2nz &c);
bool perform(Core &core, const engine::Dn2nz &c);
bool perform(Core &core, const engine::DmaFill &c);
bool perform(Core &core, const engine::DmaGather &c);
bool perform(Core &core, const engine::DmaLoad2d &c);
bool perform(Core &core, const engine::DmaOut &c);
bool perform(Core &core, const engine::Nz2nd &c);
bool perform(Core &core, const engine::Load2d &c);
bool perform(Core &core, const engine::Load3d &c);
bool perform(Core &core, const engine::BiasLoad &c);
bool perform(Core &core, const engine::ParameterLoad &c);
bool perform(Core &core, const engine::Mmad &c);
bool perform(Core &core, const engine::Fix &c);
bool perform(Core &core, const engine::VUnary &c);
bool perform(Core &core, const engine::VBinary &c);
bool perform(Core &core, const engine::VScalar &c);
bool perform(Core &core, const engine::VTernary &c);
bool perform(Core &core, const engine::VReduce &c);
bool perform(Core &core, const engine::VCast &c);
bool perform(Core &core, const engine::VPermute &c);
bool perform(Core &core, const engine::VGenerate &c);
bool perform(Core &core, const engine::VFused &c);

} // namespace sim
} // namespace gemlir

#endif // GE_MLIR_LIB_SIMULATOR_CORE_H
