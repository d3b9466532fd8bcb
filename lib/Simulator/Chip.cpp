//===- Chip.cpp - runs the cores of a launch ------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Chip.h"

#include <algorithm>
#include <cmath>

using namespace gemlir::engine;

namespace gemlir {
namespace sim {

std::string Trap::message() const {
  return (onAICPU ? "AICPU hart " + std::to_string(core)
                  : "core " + std::to_string(core) + " queue " + kQueueNames[unsigned(queue)]) +
         ": " + (command.empty() ? "" : command + " ") + kind + ": " + text;
}

const char *const kStallNames[kStalls] = {"empty", "flag", "cross_flag", "result", "full", "barrier", "launch"};

CoreStatistics &CoreStatistics::operator+=(const CoreStatistics &other) {
  instructions += other.instructions;
  commands += other.commands;
  cycles += other.cycles;
  cubeCycles += other.cubeCycles;
  multiplyAdds += other.multiplyAdds;
  for (unsigned q = 0; q < kQueues; ++q) {
    busy[q] += other.busy[q];
    shared[q] += other.shared[q];
    for (unsigned cause = 0; cause < kStalls; ++cause)
      stalls[q][cause] += other.stalls[q][cause];
    for (unsigned from = 0; from < kQueues; ++from)
      flagsFrom[q][from] += other.flagsFrom[q][from];
  }
  for (unsigned from = 0; from < kSpaces; ++from)
    for (unsigned to = 0; to < kSpaces; ++to)
      moved[from][to] += other.moved[from][to];
  return *this;
}

double Result::cubeUse() const {
  double computed = 0;
  for (const CoreStatistics &core : cores)
    computed += core.cubeCycles;
  return cubeCores && cycles ? computed / (double(cycles) * double(cubeCores)) : 0;
}

std::string Result::traceJson() const {
  std::string text = "{\"traceEvents\": [\n";
  auto line = [&](const std::string &event) { text += (text.size() > 20 ? ",\n" : "") + event; };
  for (size_t core = 0; core < cores.size(); ++core) {
    const char *kinds[] = {"cube", "vector", "core", "AICPU"};
    line("{\"ph\": \"M\", \"name\": \"process_name\", \"pid\": " + std::to_string(core) + ", \"args\": {\"name\": \"" +
         kinds[cores[core].kind % 4] + " " + std::to_string(core) + "\"}}");
    for (unsigned q = 0; q < kQueues; ++q)
      line("{\"ph\": \"M\", \"name\": \"thread_name\", \"pid\": " + std::to_string(core) +
           ", \"tid\": " + std::to_string(q) + ", \"args\": {\"name\": \"" + kQueueNames[q] + "\"}}");
  }
  for (const Event &e : events)
    line("{\"ph\": \"X\", \"name\": \"" + std::string(e.name) + "\", \"pid\": " + std::to_string(e.core) +
         ", \"tid\": " + std::to_string(unsigned(e.queue)) + ", \"ts\": " + std::to_string(e.start) +
         ", \"dur\": " + std::to_string(e.end - e.start) + ", \"args\": {\"work\": " + std::to_string(e.work) + "}}");
  for (const Wait &w : waits)
    line("{\"ph\": \"X\", \"cat\": \"wait\", \"name\": \"" + std::string(kStallNames[unsigned(w.cause)]) +
         (w.from != w.queue ? std::string(" ") + kQueueNames[unsigned(w.from)] : "") +
         "\", \"pid\": " + std::to_string(w.core) + ", \"tid\": " + std::to_string(unsigned(w.queue)) +
         ", \"ts\": " + std::to_string(w.start) + ", \"dur\": " + std::to_string(w.end - w.start) + "}");
  return text + "\n]}\n";
}

Chip::Chip(const device::Description &description, const Options &options) : device(description), options(options) {
  for (unsigned space = 0; space < 8; ++space)
    spaceBytes[space] = device.bytesOf(kSpaceNames[space]);
  for (unsigned from = 0; from < 8; ++from)
    for (unsigned to = 0; to < 8; ++to)
      for (bool fractals : {false, true})
        paths[from][to][fractals] =
            device.aiCore->findPath(kSpaceNames[from], std::string(kSpaceNames[to]) + (fractals ? " NZ" : ""));
}

void Chip::load(const Image &newImage) {
  image = newImage;
  code.clear();
  tileCode.reset();
  for (const Segment &segment : image.segments()) {
    std::vector<Instruction> decoded;
    if (segment.executable)
      for (size_t at = 0; at + 4 <= segment.bytes.size(); at += 4) {
        uint32_t word;
        memcpy(&word, segment.bytes.data() + at, 4);
        decoded.push_back(decode(word));
      }
    code.push_back(std::move(decoded));
  }
}

std::unique_ptr<LocalMemories> Chip::takeMemories(unsigned kind) {
  if (!spareMemories[kind].empty()) {
    std::unique_ptr<LocalMemories> memories = std::move(spareMemories[kind].back());
    spareMemories[kind].pop_back();
    memories->spaces[unsigned(Space::Stack)].zero();
    for (LocalMemory &memory : memories->spaces)
      memory.clear();
    return memories;
  }
  auto memories = std::make_unique<LocalMemories>();
  const bool cube = kind != unsigned(Core::Kind::Vector), vector = kind != unsigned(Core::Kind::Cube);
  for (Space space : {Space::L1, Space::L0A, Space::L0B, Space::L0C, Space::BT, Space::FB})
    memories->spaces[unsigned(space)].resize(cube ? bytesOf(space) : 0);
  memories->spaces[unsigned(Space::UB)].resize(vector ? bytesOf(Space::UB) : 0);
  constexpr uint64_t kStackBytes = 64 << 10;
  memories->spaces[unsigned(Space::Stack)].resize(kStackBytes);
  return memories;
}

void Chip::runPayloads() {
  if (!payloads)
    return;
  payloads = 0;
  std::vector<Core *> busy;
  for (auto &core : cores)
    if (core->hasPayloads())
      busy.push_back(core.get());
  auto work = [&](unsigned i) { busy[i]->runPayloads(); };
  if (options.parallel && busy.size() > 1)
    options.parallel(unsigned(busy.size()), work);
  else
    for (unsigned i = 0; i < busy.size(); ++i)
      work(i);
  for (Core *core : busy)
    if (std::unique_ptr<Trap> found = core->takePayloadTrap())
      trap(std::move(*found));
}

void Chip::trap(Trap trap) {
  // The first one counts.
  if (!result.trap && payloads)
    runPayloads();
  if (result.trap)
    return;
  trap.text = (trap.pc ? "at " + image.describe(trap.pc) + ": " : "") + trap.text;
  result.trap = std::make_unique<Trap>(std::move(trap));
}

Core *Chip::findCore(unsigned group, unsigned sub, bool vector) {
  for (auto &core : cores)
    if (core->group == group && (core->kind != Core::Kind::Cube) == vector && (!vector || core->sub == sub))
      return core.get();
  return nullptr;
}

/// Cores that a launch uses, in groups of a cube core and its vector cores.
void Chip::makeCores(const Launch &launch) {
  cores.clear();
  payloads = 0;
  const device::AICore &d = getDevice();
  const unsigned perGroup = d.cubeCores ? d.vectorCores / d.cubeCores : 0;
  const bool both = launch.cubeEntry && launch.vectorEntry && !d.coupled;
  const bool vectorOnly = !launch.cubeEntry && !d.coupled;
  const uint64_t entry = launch.cubeEntry ? launch.cubeEntry : launch.vectorEntry;
  const unsigned all = vectorOnly ? d.vectorCores : d.cubeCores;
  const unsigned groups = std::max(1u, std::min(all, launch.blocks));
  const uint64_t address = arguments.empty() ? 0 : uint64_t(Image::kLimit) * 2;
  auto add = [&](Core::Kind kind, unsigned group, unsigned sub, unsigned subs) {
    cores.push_back(std::make_unique<Core>(*this, unsigned(cores.size()), kind, group, sub, subs));
  };
  for (unsigned group = 0; group < groups; ++group) {
    add(d.coupled    ? Core::Kind::Both
        : vectorOnly ? Core::Kind::Vector
                     : Core::Kind::Cube,
        group, 0, both ? perGroup : 1);
    for (unsigned sub = 0; both && sub < perGroup; ++sub)
      add(Core::Kind::Vector, group, sub, perGroup);
  }
  if (options.races) {
    races = spareRaces ? std::move(spareRaces) : std::make_unique<RaceChecker>();
    races->start(unsigned(cores.size()));
  }
  arrivals.assign(cores.size() * 16, {});
  partial.assign(cores.size() * 64, {});
  extraLatency.assign(cores.size() * kQueues, 0);
  for (auto &core : cores)
    core->setWork(both && core->kind == Core::Kind::Vector ? launch.vectorEntry : entry, core->group, groups,
                  launch.blocks, address);
}

Result Chip::run(const Launch &launch) {
  result = Result();
  heap.clear();
  global.load(image);
  arguments = launch.arguments;
  if (options.timing) {
    cache = std::make_unique<Cache>(getDevice());
    traffic = std::make_unique<Traffic>(getDevice());
  }
  global.setArguments(uint64_t(Image::kLimit) * 2, arguments.data(), arguments.size() * 8);
  makeCores(launch);
  runCores();
  while (!isTrapped() && options.timing && (!heap.empty() || std::isfinite(traffic->nextEnd())))
    runTransfers();
  if (!isTrapped())
    runPayloads();
  if (!isTrapped())
    for (auto &core : cores)
      if (!core->isDone()) {
        reportDeadlock();
        break;
      }
  collect();
  cores.clear();
  if (races)
    spareRaces = std::move(races);
  return std::move(result);
}

/// Lets every core go on until none can.
void Chip::runCores() {
  bool more = true;
  while (more && !isTrapped()) {
    more = false;
    for (auto &core : cores) {
      if (core->isDone())
        continue;
      const uint64_t before = core->statistics.instructions, commands = core->statistics.commands;
      const uint64_t progress = core->getProgress();
      more |= core->run();
      more |= core->statistics.instructions != before || core->statistics.commands != commands ||
              core->getProgress() != progress;
      if (isTrapped())
        return;
    }
  }
}

void Chip::request(const Request &request) {
  heap.push_back(request);
  std::push_heap(heap.begin(), heap.end(), [](const Request &a, const Request &b) {
    return std::make_tuple(a.start, a.core, a.queue) > std::make_tuple(b.start, b.core, b.queue);
  });
}

/// The next transfer to start or to end does so.
void Chip::runTransfers() {
  auto later = [](const Request &a, const Request &b) {
    return std::make_tuple(a.start, a.core, a.queue) > std::make_tuple(b.start, b.core, b.queue);
  };
  if (!heap.empty() && double(heap.front().start) <= traffic->nextEnd()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    const Request r = heap.back();
    heap.pop_back();
    uint64_t touched = 0;
    const uint64_t missing = r.range.empty() ? 0 : cache->touch(r.range, touched);
    result.cacheHits += touched - missing;
    result.cacheMisses += missing;
    (r.write ? result.bytesWritten : result.bytesRead) += uint64_t(r.bytes);
    extraLatency[r.core * kQueues + unsigned(r.queue)] = missing && !r.write ? getDevice().cacheMissCycles : 0;
    traffic->start(double(r.start),
                   {r.core, r.queue, r.bytes, r.cap, r.write, touched ? double(missing) / double(touched) : 0});
    return;
  }
  const Traffic::Transfer done = traffic->finish();
  Core &core = *cores[done.core];
  core.finishTransfer(done.queue, traffic->getTime(), extraLatency[done.core * kQueues + unsigned(done.queue)]);
  core.run();
  if (crossed) {
    crossed = false;
    runCores();
  }
}

/// The cores that set (`senders`) or see a flag of a mode.
std::vector<Core *> Chip::getMembers(const Core &core, uint64_t mode, uint64_t peer, bool senders) {
  std::vector<Core *> members;
  const bool fromCube = core.kind != Core::Kind::Vector;
  for (auto &other : cores) {
    const bool cube = other->kind != Core::Kind::Vector, sameGroup = other->group == core.group;
    bool takesPart = false;
    if (mode == 0)
      takesPart = cube == fromCube;
    else if (mode == 1)
      takesPart = sameGroup && !cube;
    else if (mode == 2)
      takesPart = sameGroup && (senders ? cube == fromCube : cube != fromCube);
    else
      takesPart = sameGroup && (senders ? other.get() == &core : cube != fromCube && (cube || other->sub == peer));
    if (takesPart)
      members.push_back(other.get());
  }
  return members;
}

void Chip::setCrossFlag(Core &core, const CrossFlag &flag, uint64_t pc, const Arrival &arrival) {
  runPayloads();
  auto getPartial = [&](const Core &c) -> Arrivals & { return partial[c.id * 64 + flag.mode * 16 + (flag.flag & 15)]; };
  getPartial(core).push_back(arrival);
  const std::vector<Core *> senders = getMembers(core, flag.mode, flag.peer, true);
  for (Core *sender : senders)
    if (getPartial(*sender).empty())
      return;
  Arrival all;
  for (Core *sender : senders) {
    const Arrival &one = getPartial(*sender).front();
    all.time = std::max(all.time, one.time);
    if (races) {
      Clock merged;
      merged.others = all.clock;
      races->joinOthers(merged, one.clock);
      all.clock = merged.others;
    }
    getPartial(*sender).erase(getPartial(*sender).begin());
  }
  if (options.timing)
    all.time += getDevice().crossFlagCycles;
  for (Core *receiver : getMembers(core, flag.mode, flag.peer, false)) {
    auto &queue = getArrivals(receiver->id, flag.flag);
    if (queue.size() >= 15) {
      core.fail("flag", "cross-core flag " + std::to_string(flag.flag) + " of core " + std::to_string(receiver->id) +
                            " counts beyond 15");
      return;
    }
    queue.push_back(all);
    receiver->wake();
  }
  crossed = true;
}

void Chip::reportDeadlock() {
  Trap trap;
  trap.kind = "deadlock";
  bool first = true;
  unsigned count = 0;
  for (auto &core : cores) {
    if (core->isDone())
      continue;
    if (first)
      trap.core = core->id;
    if (++count <= 8)
      trap.text += (first ? "" : "; ") + core->describeWaits();
    first = false;
  }
  if (count > 8)
    trap.text += "; and " + std::to_string(count - 8) + " more cores";
  result.trap = std::make_unique<Trap>(std::move(trap));
}

void Chip::collect() {
  result.cubeCores = getDevice().cubeCores;
  result.vectorCores = getDevice().coupled ? result.cubeCores : getDevice().vectorCores;
  for (auto &core : cores) {
    result.cores.push_back(core->statistics);
    result.cycles = std::max(result.cycles, core->statistics.cycles);
  }
}

//===----------------------------------------------------------------------===//
// Simulator
//===----------------------------------------------------------------------===//

Simulator::Simulator(const device::Description &device, const Options &options)
    : chip(std::make_unique<Chip>(device, options)) {}
Simulator::~Simulator() = default;
void Simulator::setOptions(const Options &options) { chip->options = options; }
void Simulator::load(const Image &image) { chip->load(image); }
uint64_t Simulator::map(void *data, size_t size, bool writable) { return chip->global.map(data, size, writable); }
void Simulator::mapAt(uint64_t address, void *data, size_t size, bool writable) {
  chip->global.place(address, data, size, writable);
}
void Simulator::unmap() { chip->global.clear(); }
Result Simulator::run(const Launch &launch) { return chip->run(launch); }
Result Simulator::run(const TileLaunch &launch) { return chip->run(launch); }

} // namespace sim
} // namespace gemlir
