//===- Commands.cpp - checks and times of commands ------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Chip.h"
#include "Core.h"

#include <algorithm>
#include <cmath>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

static const char *nameOfSpace(uint64_t address) {
  const unsigned space = unsigned(address >> 60);
  return space < 10 ? kSpaceNames[space] : "unknown memory";
}

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

Core *Core::findPeer(uint64_t address, uint64_t &there) {
  const bool toCube = kind == Kind::Vector;
  Core *peer = chip.findCore(group, unsigned(bits(address, 48, 8)), /*vector=*/!toCube);
  there = tagged(toCube ? Space::L1 : Space::UB, bits(address, 0, 48));
  return peer;
}

LocalMemory *Core::findMemory(uint64_t address, uint64_t &offset) {
  const Space space = spaceOf(address);
  if (space == Space::Peer) {
    Core *peer = findPeer(address, address);
    return peer ? peer->findMemory(address, offset) : nullptr;
  }
  offset = address & kAddressMask;
  if (space == Space::GM || unsigned(space) > unsigned(Space::Stack))
    return nullptr;
  LocalMemory &memory = memories[unsigned(space)];
  return memory.size() ? &memory : nullptr;
}

uint8_t *Core::host(uint64_t address) {
  if (spaceOf(address) == Space::GM)
    return chip.global.find(address, 1, false);
  uint64_t offset;
  LocalMemory *memory = findMemory(address, offset);
  return memory->data() + offset;
}

bool Core::checkBounds(const Access &access, LocalMemory *&memory, uint64_t &offset) {
  const Range &r = access.range;
  const unsigned __int128 extent = (unsigned __int128)(r.planes - 1) * r.planePitch +
                                   (unsigned __int128)(r.rows - 1) * r.pitch + (unsigned __int128)r.bytes;
  auto where = [&] {
    return std::string(access.name) + " " + nameOfSpace(r.address) + "[" + hex(r.address & kAddressMask) + "]";
  };
  constexpr uint64_t kLargest = uint64_t(1) << 50;
  memory = nullptr;
  offset = 0;
  // What overlaps itself could be without end, and yet inside of a buffer.
  constexpr double kMostRows = double(1 << 24), kMostBytes = double(uint64_t(1) << 40);
  const double rows = double(r.rows) * double(r.planes);
  if (rows > kMostRows || rows * double(r.bytes) > kMostBytes)
    return fail("limit", where() + ": " + std::to_string(uint64_t(rows)) + " rows, expected at most " +
                             std::to_string(1 << 24) + ", of 1 TiB");
  if (spaceOf(r.address) == Space::GM) {
    if (extent > kLargest || !chip.global.find(r.address, uint64_t(extent), access.isWrite))
      return fail("bounds", where() + ": " + (extent > kLargest ? "too many" : std::to_string(uint64_t(extent))) +
                                " bytes are not inside of one buffer" + (access.isWrite ? " that may be written" : ""));
    return true;
  }
  memory = findMemory(r.address, offset);
  if (!memory)
    return fail("space", where() + ": this core has no such memory");
  if (extent > memory->size() || offset > memory->size() - uint64_t(extent))
    return fail("bounds", where() + ": " + (extent > kLargest ? "too many" : std::to_string(uint64_t(extent))) +
                              " bytes, expected to end by " + hex(memory->size()));
  const uint64_t alignment = r.alignment ? r.alignment : kSpaceAlignment[unsigned(r.address >> 60)];
  if (offset % alignment)
    return fail("alignment", where() + ": expected a multiple of " + std::to_string(alignment));
  return true;
}

bool Core::checkRace(Range range, bool write) {
  if (!chip.races)
    return true;
  const Core *owner = spaceOf(range.address) == Space::Peer ? findPeer(range.address, range.address) : this;
  // What nobody can write has no races.
  if (!write && spaceOf(range.address) == Space::GM && !chip.global.find(range.address, range.extent(), true))
    return true;
  const uint64_t where = current ? current->pc : pc;
  if (chip.races->access(id, currentQueue, where, range, write, owner->id))
    return true;
  const RaceChecker::Conflict &other = chip.races->getConflict();
  return fail("race", std::string(write ? "writes " : "reads ") + nameOfSpace(other.address) + "[" +
                          hex(other.address & kAddressMask) + "] " +
                          (owner == this ? "" : "of core " + std::to_string(owner->id) + " ") +
                          "without an order after core " + std::to_string(other.core) + " queue " +
                          kQueueNames[unsigned(other.queue)] + (other.write ? " wrote" : " read") + " it at " +
                          chip.image.describe(other.pc));
}

bool Core::checkAccess(const Access &access) {
  const Range &r = access.range;
  if (r.empty())
    return true;
  LocalMemory *memory;
  uint64_t offset;
  return checkBounds(access, memory, offset) && checkRace(r, access.isWrite);
}

/// Whether all bytes that are read were written. Without payloads nothing is, so
/// nothing can be found missing.
bool Core::checkContents(const Access &access) {
  const Range &r = access.range;
  uint64_t offset;
  LocalMemory *memory = r.empty() ? nullptr : findMemory(r.address, offset);
  if (!memory || !chip.options.functional)
    return true;
  for (uint64_t plane = 0; plane < r.planes; ++plane)
    for (uint64_t row = 0; row < r.rows; ++row) {
      const uint64_t at = offset + plane * r.planePitch + row * r.pitch;
      if (access.isWrite)
        memory->markWritten(at, r.bytes);
      else if (!memory->isWritten(at, r.bytes))
        return fail("uninitialised", std::string(access.name) + " " + nameOfSpace(r.address) + "[" + hex(at) + "]: " +
                                         std::to_string(r.bytes) + " bytes were not all written before they are read");
    }
  return true;
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

/// A transfer as the tables of paths see it.
struct Journey {
  Space from = Space::GM, to = Space::GM;
  bool fractals = false;
  double bytes = 0;
  /// The least cycles that short rows take.
  double least = 0;
  /// Pieces of a load into L0A or L0B.
  uint64_t pieces = 1;
  bool halfRate = false;
};

static Journey getJourney(const RawCommand &raw) {
  Journey j;
  visit(raw, [&](const auto &command) {
    j.bytes = double(command.work());
    command.accesses([&](const Access &access) { (access.isWrite ? j.to : j.from) = spaceOf(access.range.address); });
  });
  auto rowCycles = [](uint64_t rows, uint64_t bytes) { return double(rows * ceilDiv(bytes, 512)); };
  switch (raw.id) {
  case CommandId::Nd2nz: {
    const Nd2nz c(raw);
    j.fractals = true;
    j.from = Space::GM;
    j.least = rowCycles(c.rows * c.planes, c.cols * size(c.type));
    break;
  }
  case CommandId::Dn2nz: {
    const Dn2nz c(raw);
    j.fractals = true;
    j.least = rowCycles(c.cols * c.planes, c.rows * size(c.type));
    break;
  }
  case CommandId::DmaGather:
    j.from = Space::GM;
    j.least = rowCycles(DmaGather(raw).rows, DmaGather(raw).rowBytes);
    break;
  case CommandId::Load2d: {
    const Load2d c(raw);
    j.from = Space::L1;
    const bool sameOrder = c.order != 0 && !c.transpose;
    const bool dense = (c.srcPitch == c.rows || c.cols == 1) && (sameOrder ? c.dstPitch == c.rows : c.rows == 1);
    j.pieces = dense ? 1 : std::max<uint64_t>(1, c.cols);
    break;
  }
  case CommandId::Load3d:
    j.from = Space::L1;
    j.pieces = std::max<uint64_t>(1, Load3d(raw).kW * Load3d(raw).kH);
    break;
  case CommandId::BiasLoad:
  case CommandId::ParameterLoad: j.from = Space::L1; break;
  case CommandId::Fix: {
    const Fix c(raw);
    j.from = Space::L0C;
    j.halfRate = c.layout == 0 && j.to == Space::GM && c.n * fixBytes(c.quant) < 512;
    break;
  }
  default: break;
  }
  // A vector core's peer is a cube core.
  if (j.to == Space::Peer)
    j.to = j.from == Space::UB ? Space::L1 : Space::UB;
  return j;
}

bool Core::checkPath(const Journey &j) {
  if (j.bytes == 0 || chip.findPath(j.from, j.to, j.fractals))
    return true;
  return fail("space", std::string("this device has no path from ") + kSpaceNames[unsigned(j.from)] + " to " +
                           kSpaceNames[unsigned(j.to)]);
}

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

template <typename T, typename = void>
struct isEngineCommand : std::false_type {};
template <typename T>
struct isEngineCommand<T, std::void_t<decltype(perform(std::declval<Core &>(), std::declval<const T &>()))>>
    : std::true_type {};

bool Core::execute(Queue q, Entry &entry, uint64_t start) {
  if (chip.races) {
    chip.races->join(chip.races->clock(id, q), entry.clock);
    chip.races->step(id, q);
  }
  bool good = true, ordered = false;
  if (chip.options.timing)
    start = afterResults(queues[unsigned(q)], start, entry.raw);
  visit(entry.raw, [&](const auto &command) {
    command.accesses([&](const Access &access) {
      good = good && checkAccess(access);
      ordered |= access.range.atomic || spaceOf(access.range.address) == Space::Peer;
    });
  });
  if (!good)
    return false;
  const bool moves = q != Queue::M && q != Queue::V;
  const Journey journey = moves ? getJourney(entry.raw) : Journey();
  if (moves && !checkPath(journey))
    return false;
  if (entry.raw.id == CommandId::Mmad) {
    const Mmad c(entry.raw);
    statistics.multiplyAdds += c.m * c.k * c.n;
  }
  if (chip.options.functional) {
    // What cores do to the same bytes happens in the order of time.
    if (ordered)
      chip.runPayloads();
    defer(q, entry);
    if (ordered)
      chip.runPayloads();
    if (chip.isTrapped())
      return false;
  }
  if (!chip.options.timing) {
    finish(q, entry, 0, 0, 0);
    queues[unsigned(q)].followed = Range();
    return true;
  }
  if (moves)
    schedulePath(q, entry, journey, start);
  else
    schedule(q, entry, start);
  return !queues[unsigned(q)].inTransfer;
}

void Core::defer(Queue q, const Entry &entry) {
  payloads.push_back({entry.raw, entry.pc, {entry.laneMask[0], entry.laneMask[1]}, q});
  chip.notePayload();
}

void Core::runPayloads() {
  for (const Payload &next : payloads) {
    payload = &next;
    if (next.raw.id == CommandId::None) {
      deferred.forget();
      clearMemories();
      continue;
    }
    visit(next.raw, [&](const auto &command) {
      using Command = std::decay_t<decltype(command)>;
      bool good = true;
      command.accesses([&](const Access &access) { good = good && checkContents(access); });
      if (!good)
        return;
      if constexpr (std::is_same_v<Command, Load2d> || std::is_same_v<Command, Nd2nz> || std::is_same_v<Command, DmaIn>)
        if (deferred.take(*this, command))
          return;
      if constexpr (!std::is_same_v<Command, Mmad>)
        command.accesses([&](const Access &access) { deferred.settle(*this, access); });
      if constexpr (isEngineCommand<Command>::value)
        perform(*this, command);
    });
    if (payloadTrap)
      break;
  }
  // Control cores and other cores see all that was done.
  deferred.settleAll(*this);
  payload = nullptr;
  payloads.clear();
}

//===----------------------------------------------------------------------===//
// Time
//===----------------------------------------------------------------------===//

/// Accumulating onto the same C needs no pause when the product has at least this
/// many fractals: the first is done before its turn comes again.
static bool flowsInto(const RawCommand &raw, const Access &access) {
  constexpr uint64_t kPipelined = 10;
  if (raw.id != CommandId::Mmad || access.name[0] != 'c')
    return false;
  const Mmad c(raw);
  return ceilDiv(c.m, 16) * ceilDiv(c.n, 16) >= kPipelined;
}

uint64_t Core::afterResults(QueueState &state, uint64_t start, const RawCommand &raw) const {
  visit(raw, [&](const auto &command) {
    command.accesses([&](const Access &access) {
      if (access.isWrite || access.range.empty() || flowsInto(raw, access))
        return;
      const uint64_t begin = access.range.address, end = begin + access.range.extent();
      for (const auto &recent : state.recent)
        if (recent.done > start && recent.begin < end && begin < recent.end)
          start = recent.done;
    });
  });
  return start;
}

void Core::remember(QueueState &state, const RawCommand &raw) {
  visit(raw, [&](const auto &command) {
    command.accesses([&](const Access &access) {
      if (!access.isWrite || access.range.empty())
        return;
      state.recent[state.nextRecent] = {access.range.address, access.range.address + access.range.extent(), state.done};
      state.nextRecent = (state.nextRecent + 1) % 4;
    });
  });
}

static uint64_t countFractals(const Range &accumulators) { return std::max<uint64_t>(1, accumulators.total() / 1024); }

Range getAccumulators(const RawCommand &raw) {
  Range found;
  visit(raw, [&](const auto &command) {
    command.accesses([&](const Access &access) {
      if (spaceOf(access.range.address) == Space::L0C)
        found = access.range;
    });
  });
  return found;
}

/// When a command of `busy` cycles starts that could at `start`. It takes no longer for
/// following another one, but starts so late that its last fractal comes behind that of
/// the other. Fractals are done at an even pace.
uint64_t Core::follow(QueueState &queue, uint64_t start, uint64_t busy) const {
  if (queue.followed.empty())
    return start;
  const uint64_t end = queue.followedTime + ceilDiv(busy, countFractals(queue.followed));
  queue.followed = Range();
  queue.held = end > start + busy ? end - busy - start : 0;
  return start + queue.held;
}

/// Says what the cycles went to from when the queue was free until it is again.
void Core::account(Queue q, const Entry &entry, uint64_t start, uint64_t busyEnd) {
  const uint64_t free = queues[unsigned(q)].free, issued = std::max(free, entry.issued + 1);
  addStall(q, Stall::Empty, Queue::S, free, issued);
  if (isFlag(entry.raw)) {
    const Flag flag = toFlag(entry.raw);
    addStall(q, Stall::Flag, flag.wait ? Queue(flag.src) : q, issued, busyEnd);
  } else if (entry.raw.id == CommandId::CrossFlag) {
    addStall(q, Stall::CrossFlag, q, issued, busyEnd);
  } else {
    const uint64_t ready = start - queues[unsigned(q)].held;
    addStall(q, Stall::Result, q, issued, ready);
    addStall(q, Stall::Flag, q == Queue::M ? Queue::FIX : Queue::M, ready, start);
    statistics.busy[unsigned(q)] += busyEnd - start;
  }
}

void Core::finish(Queue q, const Entry &entry, uint64_t start, uint64_t busyEnd, uint64_t done) {
  QueueState &queue = queues[unsigned(q)];
  const RawCommand &raw = entry.raw;
  if (!isFlag(raw) && raw.id != CommandId::CrossFlag)
    queue.trail.fractals = q == Queue::M || q == Queue::FIX ? getAccumulators(raw) : Range();
  if (!chip.options.timing)
    return;
  account(q, entry, start, busyEnd);
  queue.held = 0;
  queue.starts[queue.startCount++ % queue.starts.size()] = start;
  queue.free = std::max(queue.free, busyEnd);
  queue.done = std::max(queue.done, done);
  if (isFlag(raw) || raw.id == CommandId::CrossFlag)
    return;
  queue.lastEnd = busyEnd;
  if (!queue.trail.fractals.empty())
    queue.trail.firstDone = start + ceilDiv(busyEnd - start, countFractals(queue.trail.fractals)) + (done - busyEnd);
  remember(queue, raw);
  if (chip.options.trace) {
    uint64_t work = 0;
    visit(raw, [&](const auto &command) { work = command.work(); });
    chip.result.events.push_back({id, q, getInfo(raw.id).mnemonic, start, busyEnd, done, work});
  }
}

static const device::VectorRate *findRow(const device::AICore &device, VectorRow row) {
  for (const device::VectorRate &rate : device.vectorRates)
    if (rate.row == kVectorRowNames[unsigned(row)])
      return &rate;
  return nullptr;
}

/// The cycles in which banks of the UB give and take the blocks of a repeat: those of
/// operands whose blocks are apart, which may lie in few groups. What dense operands
/// take is in the measured rates.
template <typename C>
static uint64_t countBankCycles(const device::AICore &device, const C &c) {
  const uint64_t groups = device.bankGroups, blocks = std::min<uint64_t>(8, ceilDiv(c.cols * size(c.type), 32));
  if (!groups || (c.aStride < 2 && c.bStride < 2 && c.dStride < 2))
    return 0;
  auto count = [&](std::initializer_list<std::pair<uint64_t, uint64_t>> operands) {
    std::vector<uint64_t> used;
    for (const auto &[first, code] : operands)
      for (uint64_t i = 0; code >= 2 && i < blocks; ++i)
        used.push_back((first + i * strideOf(code)) % groups);
    uint64_t most = 0;
    for (uint64_t group : used)
      most = std::max(most, uint64_t(std::count(used.begin(), used.end(), group)));
    return most;
  };
  return std::max(ceilDiv(count({{c.a, c.aStride}, {c.b, c.bStride}}), std::max(1u, device.bankReads)),
                  count({{c.dst, c.dStride}}));
}

static uint64_t countBankCycles(const device::AICore &device, const RawCommand &raw) {
  return raw.id == CommandId::VBinary  ? countBankCycles(device, VBinary(raw))
         : raw.id == CommandId::VFused ? countBankCycles(device, VFused(raw))
                                       : 0;
}

void Core::schedule(Queue q, const Entry &entry, uint64_t start) {
  const RawCommand &raw = entry.raw;
  QueueState &queue = queues[unsigned(q)];
  const device::AICore &device = chip.getDevice();
  if (q == Queue::M) {
    const Mmad c(raw);
    double rate = 1;
    for (const device::CubeRate &candidate : device.cubeRates)
      if (candidate.type == (c.type < 4 ? (const char *[]){"f16", "bf16", "f32", "s8"}[c.type] : "u8"))
        rate = candidate.cyclesPerFractal;
    const double fractals = double(c.work()) * rate;
    const double fractalSize = double(16 * 16 * cubeDepth(c.type));
    const uint64_t busy = c.work() ? uint64_t(std::ceil(device.cubeSetup + fractals)) : 1;
    statistics.cubeCycles += double(c.m * c.k * c.n) / fractalSize * rate;
    start = follow(queue, start, busy);
    finish(q, entry, start, start + busy, start + busy + (c.work() ? uint64_t(device.cubeTail) : 0));
    return;
  }
  uint64_t repeats = 0, bytes = 4;
  VectorRow row = VectorRow::cast;
  visit(raw, [&](const auto &command) { repeats = command.work(); });
  if (raw.id != CommandId::VCast) {
    bytes = size(raw.funct7() >> 4);
    if (const OpInfo *op = findOp(getInfo(raw.id), raw.funct7() & 15))
      row = op->row;
  }
  uint64_t busy = 4, tail = 14;
  if (const device::VectorRate *rate = findRow(device, row)) {
    const bool idle = start > queue.lastEnd;
    const double slope = bytes == 4 ? rate->slope32 : rate->slope16;
    const double cycles = double(repeats) * std::max(slope, double(countBankCycles(device, raw)));
    busy = std::max<uint64_t>(4, uint64_t(std::ceil((idle ? rate->head : 0) + cycles)));
    tail = uint64_t(rate->tail);
  }
  finish(q, entry, start, start + busy, start + busy + tail);
}

void Core::schedulePath(Queue q, const Entry &entry, const Journey &j, uint64_t start) {
  const RawCommand &raw = entry.raw;
  statistics.moved[unsigned(j.from)][unsigned(j.to)] += uint64_t(j.bytes);
  // What moves nothing needs no path.
  static const device::DataPath none = {"", "", 4, 64, 20, 64};
  const device::DataPath *path = chip.findPath(j.from, j.to, j.fractals);
  QueueState &queue = queues[unsigned(q)];
  if (!path)
    path = &none;
  double rate = path->bytesPerCycle * (j.halfRate ? 0.5 : 1);
  const bool local = (j.from != Space::GM && j.to != Space::GM) || raw.id == CommandId::DmaFill;
  constexpr double kPiece = 5;
  const double pieces = kPiece * double(j.pieces - 1);
  if (local || j.bytes == 0) {
    const double busy = std::max(1.0, std::max(path->setup + j.bytes / rate, j.least) + pieces);
    const double latency = std::max(busy, path->latency + j.bytes / path->latencyBytesPerCycle + pieces);
    start = follow(queue, start, uint64_t(std::lround(busy)));
    finish(q, entry, start, start + uint64_t(std::lround(busy)), start + uint64_t(std::lround(latency)));
    return;
  }
  if (j.least > 0)
    rate = std::min(rate, j.bytes / j.least);
  queue.inTransfer = true;
  queue.transferLeast = path->setup + j.bytes / rate;
  start = follow(queue, start, uint64_t(std::ceil(queue.transferLeast)));
  queue.transferStart = start;
  queue.transferLatency = path->latency + j.bytes / path->latencyBytesPerCycle;
  Chip::Request request;
  request.start = start + uint64_t(path->setup);
  request.core = id;
  request.queue = q;
  request.bytes = j.bytes;
  request.cap = rate;
  request.write = j.to == Space::GM;
  visit(raw, [&](const auto &command) {
    command.accesses([&](const Access &access) {
      if (spaceOf(access.range.address) == Space::GM && access.isWrite == request.write)
        request.range = access.range;
    });
  });
  chip.request(request);
}

void Core::finishTransfer(Queue q, double end, double extraLatency) {
  QueueState &queue = queues[unsigned(q)];
  const uint64_t start = queue.transferStart, busyEnd = std::max(start + 1, uint64_t(std::ceil(end - 1e-6)));
  // What sharing costs comes on top of the latency.
  const double late = std::max(0.0, end - double(start) - queue.transferLeast);
  const uint64_t done =
      std::max(busyEnd, start + uint64_t(std::ceil(queue.transferLatency + late + extraLatency - 1e-6)));
  queue.inTransfer = false;
  const Entry entry = std::move(queue.pending.front());
  queue.pending.pop_front();
  statistics.shared[unsigned(q)] += uint64_t(late);
  finish(q, entry, start, busyEnd, done);
  dirty |= 1u << unsigned(q);
}

} // namespace sim
} // namespace gemlir
