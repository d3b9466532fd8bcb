//===- Core.cpp - blocks, queues and flags of a core ----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Core.h"

#include "Chip.h"

#include <algorithm>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

Core::Core(Chip &chip, unsigned id, Kind kind, unsigned group, unsigned sub, unsigned subs)
    : chip(chip), id(id), kind(kind), group(group), sub(sub), subs(subs),
      ownMemories(chip.takeMemories(unsigned(kind))), memories(ownMemories->spaces) {
  loadTags.assign(std::max<uint64_t>(chip.device.l1Bytes / 64, 1), ~uint64_t(0));
  for (QueueState &queue : queues)
    queue.starts.assign(chip.getDevice().queueDepth, 0);
  statistics.kind = unsigned(kind);
}

Core::~Core() { chip.giveBack(unsigned(kind), std::move(ownMemories)); }

bool Core::failAt(Queue queue, const RawCommand *raw, uint64_t where, const char *kind, const std::string &text) {
  Trap trap;
  trap.kind = kind;
  trap.text = text;
  trap.core = id;
  trap.queue = queue;
  trap.command = raw ? getInfo(raw->id).mnemonic : "";
  trap.pc = where;
  if (payload)
    payloadTrap = std::make_unique<Trap>(std::move(trap));
  else
    chip.trap(std::move(trap));
  return false;
}

bool Core::fail(const char *kind, const std::string &text) {
  if (payload)
    return failAt(payload->queue, &payload->raw, payload->pc, kind, text);
  if (current)
    return failAt(currentQueue, &current->raw, current->pc, kind, text);
  return failAt(Queue::S, nullptr, pc, kind, text);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void Core::setWork(uint64_t entry, unsigned firstBlock, unsigned step, unsigned blocks, uint64_t arguments) {
  entryPoint = entry;
  block = firstBlock;
  blockStep = step;
  blockCount = blocks;
  argumentAddress = arguments;
  time = 0;
  if (chip.races)
    flagClocks.assign(size_t(kQueues) * kQueues * kEvents, Clock());
  if (chip.options.timing)
    waitUntil(uint64_t(chip.getDevice().launchCycles), Stall::Launch);
  if (firstBlock < blocks)
    startBlock();
}

void Core::clearMemories() {
  for (unsigned space = 1; space < unsigned(Space::Peer); ++space)
    memories[space].clear();
}

bool Core::startBlock() {
  for (QueueState &queue : queues) {
    queue.trail = Trail();
    queue.followed = Range();
  }
  std::fill(std::begin(x), std::end(x), 0);
  std::fill(std::begin(f), std::end(f), 0);
  std::fill(std::begin(parameters), std::end(parameters), 0);
  laneMask[0] = laneMask[1] = ~uint64_t(0);
  // In its turn behind what the commands of the block before do.
  if (chip.options.functional)
    defer(Queue::S, Entry());
  else
    clearMemories();
  constexpr unsigned sp = 2, a0 = 10;
  x[sp] = tagged(Space::Stack, memories[unsigned(Space::Stack)].size());
  x[a0] = argumentAddress;
  pc = entryPoint;
  segment = nullptr;
  state = State::Running;
  return true;
}

/// The block is over once the queues are: the next one finds them idle.
bool Core::tryEnd() {
  for (const QueueState &queue : queues)
    if (!queue.pending.empty() || queue.inTransfer)
      return false;
  for (unsigned src = 0; src < kQueues; ++src)
    for (unsigned dst = 0; dst < kQueues; ++dst)
      for (unsigned event = 0; event < kEvents; ++event)
        if (flags[src][dst][event].set)
          return failAt(Queue(src), nullptr, flags[src][dst][event].pc, "flag",
                        std::string("flag ") + kQueueNames[src] + "->" + kQueueNames[dst] + " " +
                            std::to_string(event) + " is still set at the end of the kernel");
  for (const QueueState &queue : queues)
    waitUntil(std::max(queue.done, queue.free), Stall::Barrier);
  if (chip.races) {
    Clock &mine = chip.races->clock(id, Queue::S);
    for (unsigned q = 1; q < kQueues; ++q)
      chip.races->join(mine, chip.races->clock(id, Queue(q)));
  }
  block += blockStep;
  if (block < blockCount) {
    if (chip.options.timing)
      waitUntil(time + uint64_t(chip.getDevice().dispatchCycles), Stall::Launch);
    return startBlock();
  }
  state = State::Done;
  closeStatistics();
  return true;
}

/// What is left of the core's cycles: its queues are empty, and the control core
/// executes.
void Core::closeStatistics() {
  statistics.cycles = time;
  for (unsigned q = 1; q < kQueues; ++q)
    statistics.stalls[q][unsigned(Stall::Empty)] += time - queues[q].free;
  uint64_t waits = 0;
  for (uint64_t cycles : statistics.stalls[0])
    waits += cycles;
  statistics.busy[0] = time - waits;
}

void Core::addStall(Queue queue, Stall cause, Queue from, uint64_t begin, uint64_t end) {
  if (begin >= end)
    return;
  statistics.stalls[unsigned(queue)][unsigned(cause)] += end - begin;
  if (cause == Stall::Flag)
    statistics.flagsFrom[unsigned(queue)][unsigned(from)] += end - begin;
  if (chip.options.trace && cause != Stall::Empty)
    chip.result.waits.push_back({id, queue, from, cause, begin, end});
}

/// Holds the control core.
void Core::waitUntil(uint64_t when, Stall cause, Queue from) {
  addStall(Queue::S, cause, from, time, when);
  time = std::max(time, when);
}

bool Core::tryResume() {
  switch (state) {
  case State::Flag:
    if (!getFlag(waitedFlag).set)
      return false;
    waitUntil(takeFlag(waitedFlag), Stall::Flag, Queue(waitedFlag.src));
    break;
  case State::CrossFlag: {
    auto &arrivals = chip.getArrivals(id, waitedCross.flag);
    if (arrivals.empty())
      return false;
    waitUntil(arrivals.front().time, Stall::CrossFlag);
    if (chip.races) {
      chip.races->receive(id, chip.races->clock(id, Queue::S), arrivals.front().clock);
      chip.races->step(id, Queue::S);
    }
    arrivals.erase(arrivals.begin());
    break;
  }
  case State::Barrier:
    for (unsigned q = 1; q < kQueues; ++q)
      if ((barrier >> q & 1) && (!queues[q].pending.empty() || queues[q].inTransfer))
        return false;
    for (unsigned q = 1; q < kQueues; ++q)
      if (barrier >> q & 1) {
        waitUntil(queues[q].done, Stall::Barrier, Queue(q));
        if (chip.races)
          chip.races->join(chip.races->clock(id, Queue::S), chip.races->clock(id, Queue(q)));
      }
    if (chip.options.timing)
      waitUntil(time + (barrier == 0x7e ? 10 : 1), Stall::Barrier);
    break;
  case State::Full:
    if (queues[unsigned(waitedQueue)].pending.size() >= chip.getDevice().queueDepth)
      return false;
    state = State::Running;
    tryEnqueue();
    return true;
  case State::Ending: return tryEnd();
  case State::Running: return true;
  case State::Done: return false;
  }
  state = State::Running;
  ++progress;
  return true;
}

bool Core::run() {
  // Short, so that many cores have payloads when they run.
  constexpr uint64_t kSlice = 1 << 14;
  drain();
  while (!chip.isTrapped()) {
    if (state != State::Running && !tryResume())
      return false;
    if (state == State::Running) {
      const uint64_t before = statistics.instructions;
      runScalar(kSlice);
      drain();
      // Someone who spins must let the others go on.
      if (state == State::Running && statistics.instructions - before >= kSlice)
        return true;
    }
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Issue
//===----------------------------------------------------------------------===//

void Core::issue(const Instruction &in, uint32_t word) {
  RawCommand raw;
  raw.word = word;
  raw.id = identify(word);
  raw.rs1 = x[in.rs1];
  raw.rs2 = x[in.rs2];
  std::copy(std::begin(parameters), std::end(parameters), std::begin(raw.parameters));
  ++statistics.commands;
  const char *problem = nullptr;
  visit(raw, [&](const auto &command) { problem = command.check(); });
  if (problem) {
    failAt(Queue::S, &raw, pc, std::string(problem).find("type") != std::string::npos ? "type" : "illegal",
           std::string(problem) + ", found " + describe(raw));
    return;
  }
  const Queue queue = getInfo(raw.id).queue;
  if (queue == Queue::S)
    issueControl(raw, in.rd);
  else
    enqueue(queue, raw);
}

void Core::issueControl(const RawCommand &raw, unsigned rd) {
  switch (raw.id) {
  case CommandId::PSet: {
    const PSet c(raw);
    parameters[2 * c.index] = c.low;
    parameters[2 * c.index + 1] = c.high;
    break;
  }
  case CommandId::Get: {
    const Get c(raw);
    const uint64_t sizes = c.what == 7 && c.index < 10 ? memories[c.index].size() : 0;
    const uint64_t values[] = {block, blockCount,     sub, subs, uint64_t(kind), chip.options.timing ? time : 0, 0,
                               sizes, argumentAddress};
    if (rd)
      x[rd] = values[c.what];
    break;
  }
  case CommandId::Flag:
  case CommandId::Follow: {
    const Flag c = toFlag(raw);
    if (c.event >= chip.getDevice().flags) {
      failAt(Queue::S, &raw, pc, "flag",
             "found flag " + std::to_string(c.event) + ", expected 0 to " + std::to_string(chip.getDevice().flags - 1));
      break;
    }
    const Queue queue = Queue(c.wait ? c.dst : c.src);
    if (queue != Queue::S) {
      enqueue(queue, raw);
    } else if (!c.wait) {
      setFlag(c, time, pc);
      if (chip.races)
        chip.races->step(id, Queue::S);
      drain();
    } else {
      waitedFlag = c;
      state = State::Flag;
    }
    break;
  }
  case CommandId::Barrier: {
    const Barrier c(raw);
    barrier = c.queue == 7 ? 0x7e : 1u << c.queue;
    state = State::Barrier;
    break;
  }
  case CommandId::CrossFlag: {
    const CrossFlag c(raw);
    if (c.flag >= chip.getDevice().crossFlags) {
      failAt(Queue::S, &raw, pc, "flag",
             "found cross-core flag " + std::to_string(c.flag) + ", expected 0 to " +
                 std::to_string(int(chip.getDevice().crossFlags) - 1));
      break;
    }
    if (c.queue != 0) {
      enqueue(Queue(c.queue), raw);
    } else if (c.wait) {
      waitedCross = c;
      state = State::CrossFlag;
    } else {
      Chip::Arrival arrival{time, nullptr};
      if (chip.races) {
        arrival.clock = chip.races->publish(id, chip.races->clock(id, Queue::S));
        chip.races->step(id, Queue::S);
      }
      chip.setCrossFlag(*this, c, pc, arrival);
    }
    break;
  }
  case CommandId::LaneMask: {
    const LaneMask c(raw);
    laneMask[0] = c.low;
    laneMask[1] = c.high;
    break;
  }
  case CommandId::System: {
    const System c(raw);
    if (c.what == 0)
      state = State::Ending;
    else if (c.what == 1 && c.value == 0)
      failAt(Queue::S, &raw, pc, "assert", "assertion " + std::to_string(c.tag) + " does not hold");
    else if (c.what == 2 && chip.options.trace)
      chip.result.events.push_back({id, Queue::S, "trace", time, time + 1, time + 1, c.tag});
    else if (c.what == 3 && chip.result.printed.size() < 4096)
      chip.result.printed.push_back("core " + std::to_string(id) + ": " + std::to_string(c.tag) + " " +
                                    std::to_string(int64_t(c.value)));
    break;
  }
  default: break;
  }
}

void Core::enqueue(Queue queue, const RawCommand &raw) {
  heldEntry.raw = raw;
  heldEntry.pc = pc;
  heldEntry.laneMask[0] = laneMask[0];
  heldEntry.laneMask[1] = laneMask[1];
  if (chip.races) {
    heldEntry.clock = chip.races->clock(id, Queue::S);
    chip.races->step(id, Queue::S);
  }
  waitedQueue = queue;
  if (queues[unsigned(queue)].pending.size() >= chip.getDevice().queueDepth)
    state = State::Full;
  else
    tryEnqueue();
}

void Core::tryEnqueue() {
  QueueState &queue = queues[unsigned(waitedQueue)];
  const unsigned depth = chip.getDevice().queueDepth;
  if (chip.options.timing && queue.issuedCount >= depth) {
    // There is room once the command a queue's depth ago has started.
    waitUntil(queue.starts[queue.issuedCount % depth], Stall::Full, waitedQueue);
  }
  ++queue.issuedCount;
  heldEntry.issued = time;
  queue.pending.push_back(heldEntry);
  dirty |= 1u << unsigned(waitedQueue);
  drain();
}

void Core::drain() {
  while (dirty && !chip.isTrapped()) {
    const unsigned queue = unsigned(__builtin_ctz(dirty));
    dirty &= dirty - 1;
    if (queue > 0 && queue < kQueues)
      process(Queue(queue));
  }
}

//===----------------------------------------------------------------------===//
// Queues
//===----------------------------------------------------------------------===//

void Core::process(Queue q) {
  QueueState &queue = queues[unsigned(q)];
  while (!queue.pending.empty() && !queue.inTransfer && !chip.isTrapped()) {
    Entry &entry = queue.pending.front();
    if (!queue.followed.empty() && !canFollow(queue, entry.raw))
      settleFollowed(q);
    const uint64_t start = chip.options.timing ? std::max(queue.free, entry.issued + 1) : 0;
    current = &entry;
    currentQueue = q;
    bool goesOn;
    if (isFlag(entry.raw))
      goesOn = processFlag(q, entry, start);
    else if (entry.raw.id == CommandId::CrossFlag)
      goesOn = processCrossFlag(q, entry, start);
    else
      goesOn = execute(q, entry, start);
    current = nullptr;
    if (!goesOn)
      return;
    queue.pending.pop_front();
    ++progress;
  }
}

bool Core::setFlag(const Flag &flag, uint64_t when, uint64_t where) {
  FlagState &f = getFlag(flag);
  auto name = [&] {
    return std::string("flag ") + kQueueNames[flag.src] + "->" + kQueueNames[flag.dst] + " " +
           std::to_string(flag.event);
  };
  if (f.set)
    return failAt(Queue(flag.src), nullptr, where, "flag",
                  name() + " is set twice, first at " + chip.image.describe(f.pc));
  if (chip.races) {
    const Clock &clock = chip.races->clock(id, Queue(flag.src));
    if (f.taken > clock.own[flag.dst])
      return failAt(Queue(flag.src), nullptr, where, "race",
                    name() + " is set again without an order after the wait for it");
    getFlagClock(flag) = clock;
  }
  f.set = true;
  f.time = when;
  f.pc = where;
  f.trail = queues[flag.src].trail;
  dirty |= 1u << flag.dst;
  return true;
}

/// Takes a flag back; returns when the waiting queue sees it.
uint64_t Core::takeFlag(const Flag &flag) {
  FlagState &f = getFlag(flag);
  f.set = false;
  if (chip.races) {
    chip.races->join(chip.races->clock(id, Queue(flag.dst)), getFlagClock(flag));
    f.taken = chip.races->step(id, Queue(flag.dst));
  }
  return chip.options.timing ? f.time + chip.getDevice().handoffCycles : 0;
}

bool Core::processFlag(Queue q, Entry &entry, uint64_t start) {
  QueueState &queue = queues[unsigned(q)];
  const Flag flag = toFlag(entry.raw);
  uint64_t done = 0;
  if (chip.races)
    chip.races->join(chip.races->clock(id, q), entry.clock);
  if (flag.wait) {
    const FlagState &state = getFlag(flag);
    if (!state.set)
      return false;
    const uint64_t seen = takeFlag(flag);
    if (entry.raw.id == CommandId::Follow && !state.trail.fractals.empty()) {
      queue.followed = state.trail.fractals;
      queue.followedTime = done = seen;
      if (chip.options.timing)
        start = std::max(start, state.trail.firstDone + chip.getDevice().handoffCycles);
    } else {
      start = std::max(start, seen);
    }
  } else {
    if (!setFlag(flag, std::max(start, queue.done), entry.pc))
      return false;
    if (chip.races)
      chip.races->step(id, q);
  }
  finish(q, entry, start, chip.options.timing ? start + 1 : 0, done);
  return true;
}

/// Whether a command leaves the queue's next one to follow, or is that one.
bool Core::canFollow(const QueueState &queue, const RawCommand &raw) const {
  if (raw.id == CommandId::Flag && Flag(raw).wait)
    return true;
  const Range fractals = getAccumulators(raw), &followed = queue.followed;
  return fractals.address == followed.address && fractals.total() == followed.total() &&
         fractals.extent() == followed.extent();
}

/// The next command waits for all that it could have followed.
void Core::settleFollowed(Queue q) {
  QueueState &queue = queues[unsigned(q)];
  if (queue.followed.empty())
    return;
  addStall(q, Stall::Flag, q == Queue::M ? Queue::FIX : Queue::M, queue.free, queue.followedTime);
  queue.free = std::max(queue.free, queue.followedTime);
  queue.followed = Range();
}

bool Core::processCrossFlag(Queue q, Entry &entry, uint64_t start) {
  QueueState &queue = queues[unsigned(q)];
  const CrossFlag flag(entry.raw);
  RaceChecker *races = chip.races.get();
  if (races)
    races->join(races->clock(id, q), entry.clock);
  if (flag.wait) {
    auto &arrivals = chip.getArrivals(id, flag.flag);
    if (arrivals.empty())
      return false;
    start = std::max(start, arrivals.front().time);
    if (races)
      races->receive(id, races->clock(id, q), arrivals.front().clock);
    arrivals.erase(arrivals.begin());
  } else {
    Chip::Arrival arrival{std::max(start, queue.done), nullptr};
    if (races)
      arrival.clock = races->publish(id, races->clock(id, q));
    chip.setCrossFlag(*this, flag, entry.pc, arrival);
  }
  if (races)
    races->step(id, q);
  finish(q, entry, start, chip.options.timing ? start + 1 : 0, 0);
  return !chip.isTrapped();
}

std::string Core::describeWait(Queue q, const RawCommand &raw, uint64_t where) const {
  std::string text = "core " + std::to_string(id) + " queue " + kQueueNames[unsigned(q)] + " waits at " +
                     chip.image.describe(where) + " for ";
  if (isFlag(raw)) {
    const Flag flag = toFlag(raw);
    return text + "flag " + kQueueNames[flag.src] + "->" + kQueueNames[flag.dst] + " " + std::to_string(flag.event);
  }
  return text + "cross-core flag " + std::to_string(CrossFlag(raw).flag);
}

std::string Core::describeWaits() const {
  std::string text;
  auto add = [&](const std::string &wait) { text += (text.empty() ? "" : "; ") + wait; };
  for (unsigned q = 1; q < kQueues; ++q)
    if (!queues[q].pending.empty() && !queues[q].inTransfer)
      add(describeWait(Queue(q), queues[q].pending.front().raw, queues[q].pending.front().pc));
  const std::string control =
      "core " + std::to_string(id) + " queue S waits at " + chip.image.describe(pc - 4) + " for ";
  if (state == State::Flag)
    add(describeWait(Queue::S, waitedFlag.encode(), pc - 4));
  else if (state == State::CrossFlag)
    add(describeWait(Queue::S, waitedCross.encode(), pc - 4));
  else if (state == State::Barrier || state == State::Ending)
    add(control + "its queues");
  else if (state == State::Full)
    add(control + "room in queue " + kQueueNames[unsigned(waitedQueue)]);
  return text;
}

} // namespace sim
} // namespace gemlir
