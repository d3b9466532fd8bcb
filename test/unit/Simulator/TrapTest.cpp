//===- TrapTest.cpp - what a chip refuses, and hostile files --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestChip.h"

#include <cstring>
#include <random>

using namespace gemlir;
using namespace gemlir::engine;
using namespace gemlir::sim;

namespace {

const uint64_t kUB = tagged(Space::UB, 0);

struct TrapTest : ::testing::Test {
  TestChip chip{"Ascend910B1:1"};
  std::vector<uint8_t> buffer = std::vector<uint8_t>(4096);
  uint64_t address = chip.map(buffer);
};

TEST_F(TrapTest, NamesTheWrongMemory) {
  chip.program.add(copyIn(tagged(Space::L1, 0), address, 64));
  chip.expectTrap(true, "space", "queue MTE2: dma.in space: at 0x10");
}
TEST_F(TrapTest, ChecksTheEndOfLocalMemory) {
  chip.program.add(copyIn(tagged(Space::UB, 192 * 1024 - 32), address, 64));
  chip.expectTrap(true, "bounds", "dst UB[0x2ffe0]: 64 bytes, expected to end by 0x30000");
}
TEST_F(TrapTest, ChecksTheEndOfBuffers) {
  chip.program.add(copyIn(kUB, address + 4090, 7));
  chip.expectTrap(true, "bounds", "7 bytes are not inside of one buffer");
}
TEST_F(TrapTest, ChecksAlignment) {
  chip.program.add(copyIn(kUB + 8, address, 32));
  chip.expectTrap(true, "alignment", "expected a multiple of 32");
}
TEST_F(TrapTest, ChecksTypes) {
  VUnary c;
  c.op = 2, c.type = uint64_t(Type::S32), c.rows = c.cols = 1;
  chip.program.add(c);
  chip.expectTrap(true, "type", "bad element type, found v.unary.exp.s32");
}
TEST_F(TrapTest, FindsReadsOfWhatNobodyWrote) {
  chip.program.add(copyIn(kUB, address, 60)).order(Queue::MTE2, Queue::MTE3).add(copyOut(address, kUB, 64));
  chip.expectTrap(true, "uninitialised", "64 bytes were not all written");
}
TEST_F(TrapTest, FindsAFlagSetTwice) {
  chip.program.set(Queue::MTE2, Queue::V, 1).set(Queue::MTE2, Queue::V, 1).wait(Queue::MTE2, Queue::V, 1);
  chip.expectTrap(true, "flag", "flag MTE2->V 1 is set twice");
}
TEST_F(TrapTest, FindsAFlagLeftSet) {
  chip.program.set(Queue::MTE2, Queue::V, 3);
  chip.expectTrap(true, "flag", "flag MTE2->V 3 is still set at the end");
}
TEST_F(TrapTest, SaysWhoWaitsForWhat) {
  chip.program.wait(Queue::M, Queue::V, 2);
  chip.expectTrap(true, "deadlock", "core 0 queue V waits at 0x1000");
}
TEST_F(TrapTest, FindsTheMissingOrderAcrossQueues) {
  chip.program.add(copyIn(kUB, address, 64)).add(copyOut(address + 64, kUB, 64));
  chip.expectTrap(true, "race", "reads UB[0x0] without an order after core 0 queue MTE2 wrote it");
}
TEST_F(TrapTest, FindsTheMissingWayBack) {
  // The second copy overwrites what the first store may still read.
  chip.program.add(copyIn(kUB, address, 64)).order(Queue::MTE2, Queue::MTE3).add(copyOut(address + 64, kUB, 64));
  chip.program.add(copyIn(kUB, address, 64));
  chip.expectTrap(true, "race", "UB[0x0] without an order after core 0 queue MTE");
}
TEST_F(TrapTest, TakesOrdersThroughAnotherQueue) {
  chip.program.add(copyIn(kUB, address, 64)).order(Queue::MTE2, Queue::V).order(Queue::V, Queue::MTE3);
  chip.program.add(copyOut(address + 64, kUB, 64)).order(Queue::MTE3, Queue::MTE2).add(copyIn(kUB, address, 64));
  chip.expectEnd(true);
}
TEST_F(TrapTest, StopsWhatWouldNotEnd) {
  // Both ends stay where they are: no bound is hurt by any number of rows.
  DmaFill fill;
  fill.dst = kUB, fill.rowBytes = 64, fill.rows = 1;
  DmaOut c = copyOut(address, kUB, 64);
  c.rows = 0xffffffff, c.planes = 0xffff;
  chip.program.add(fill).order(Queue::MTE2, Queue::MTE3).add(c);
  chip.expectTrap(true, "limit", "4294967295 rows of 65535 planes, expected at most 4 GiB");
}
TEST_F(TrapTest, LeavesTheLaneMaskToTheControlCore) {
  // A masked command waits in its queue while the mask of the next one is set.
  VGenerate numbers;
  numbers.op = 1, numbers.type = uint64_t(Type::F32), numbers.rows = 1, numbers.cols = 64, numbers.scalar = 0x3f800000;
  VBinary add;
  add.op = 0, add.type = uint64_t(Type::F32), add.rows = 1, add.cols = 64, add.dStride = add.aStride = add.bStride = 1;
  add.dst = 8, add.mask = 1;
  DmaFill fill;
  fill.dst = kUB + 256, fill.rowBytes = 512, fill.rows = 1;
  LaneMask odd, one;
  odd.low = 0xaaaaaaaaaaaaaaaa;
  one.low = 1;
  Flag set;
  set.src = uint64_t(Queue::S), set.dst = uint64_t(Queue::V), set.event = 0;
  Flag wait = set;
  wait.wait = 1;
  chip.program.add(fill).order(Queue::MTE2, Queue::V).add(numbers).add(wait).add(odd).add(add).add(one).add(set);
  add.dst = 16;
  chip.program.add(add).order(Queue::V, Queue::MTE3).add(copyOut(address, kUB + 256, 512));
  chip.expectEnd(true);
  std::vector<float> results(128);
  memcpy(results.data(), buffer.data(), 512);
  for (int i = 0; i < 64; ++i) {
    EXPECT_EQ(results[size_t(i)], i % 2 ? 2 * float(i + 1) : 0) << i;
    EXPECT_EQ(results[size_t(64 + i)], i ? 0 : 2) << i;
  }
}

TEST_F(TrapTest, StopsAtAnUnknownInstruction) {
  chip.program.addWord(0xffffffff);
  chip.expectTrap(true, "instruction", "illegal instruction");
}

/// An ELF file of one segment of code.
std::vector<uint8_t> makeElf() {
  ProgramBuilder builder;
  builder.add(copyIn(kUB, Image::kLimit * 4, 64)).order(Queue::MTE2, Queue::MTE3);
  builder.add(copyOut(Image::kLimit * 4, kUB, 64));
  const Image image = builder.build();
  const Segment &code = image.segments()[0];
  std::vector<uint8_t> file(64 + 56 + code.bytes.size());
  auto put = [&](size_t at, uint64_t value, size_t bytes) { memcpy(&file[at], &value, bytes); };
  memcpy(&file[0],
         "\x7f"
         "ELF\2\1\1",
         7);
  put(16, 2, 2), put(18, 243, 2), put(20, 1, 4), put(24, code.address, 8), put(32, 64, 8);
  put(52, 64, 2), put(54, 56, 2), put(56, 1, 2), put(58, 64, 2);
  put(64, 1, 4), put(68, 5, 4), put(72, 120, 8), put(80, code.address, 8), put(96, code.bytes.size(), 8);
  put(104, code.bytes.size(), 8), put(112, 4, 8);
  memcpy(&file[120], code.bytes.data(), code.bytes.size());
  return file;
}

void runFile(const std::vector<uint8_t> &file) {
  Image image;
  std::string error;
  if (!image.load(file.data(), file.size(), error)) {
    EXPECT_FALSE(error.empty());
    return;
  }
  device::Description description;
  ASSERT_TRUE(device::lookup("Ascend910B1:1", description, error));
  Options options;
  options.maxInstructions = 10000;
  Simulator simulator(description, options);
  std::vector<uint8_t> buffer(128);
  simulator.map(buffer.data(), buffer.size(), true);
  simulator.load(image);
  Launch launch;
  launch.vectorEntry = image.entry() ? image.entry() : 1;
  simulator.run(launch);
}

TEST(HostileFileTest, RunsTheWholeFile) {
  Image image;
  std::string error;
  const auto file = makeElf();
  ASSERT_TRUE(image.load(file.data(), file.size(), error)) << error;
  EXPECT_EQ(image.entry(), ProgramBuilder::kEntry);
  runFile(file);
}

TEST(HostileFileTest, SurvivesACutAtEveryByte) {
  const auto file = makeElf();
  for (size_t size = 0; size < file.size(); ++size) {
    // A copy of this size, so that a sanitizer sees a read beyond it.
    Image image;
    std::string error;
    const std::vector<uint8_t> part(file.begin(), file.begin() + ptrdiff_t(size));
    EXPECT_FALSE(image.load(part.data(), part.size(), error)) << size;
  }
}

TEST(HostileFileTest, SurvivesRandomFlips) {
  const auto file = makeElf();
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    auto broken = file;
    for (int flips = 1 + int(random() % 4); flips; --flips)
      broken[random() % broken.size()] ^= uint8_t(1u << random() % 8);
    runFile(broken);
  }
}

/// The same with a section `.npu.lines`.
std::vector<uint8_t> makeElfWithLines(const std::string &lines) {
  std::vector<uint8_t> file = makeElf();
  const std::string names("\0.npu.lines\0", 12);
  const size_t linesAt = file.size(), namesAt = linesAt + lines.size(), headers = namesAt + names.size();
  file.insert(file.end(), lines.begin(), lines.end());
  file.insert(file.end(), names.begin(), names.end());
  file.resize(headers + 3 * 64);
  auto put = [&](size_t at, uint64_t value, size_t bytes) { memcpy(&file[at], &value, bytes); };
  put(40, headers, 8), put(58, 64, 2), put(60, 3, 2), put(62, 2, 2);
  put(headers + 64, 1, 4), put(headers + 68, 1, 4), put(headers + 64 + 24, linesAt, 8),
      put(headers + 64 + 32, lines.size(), 8);
  put(headers + 128 + 4, 3, 4), put(headers + 128 + 24, namesAt, 8), put(headers + 128 + 32, names.size(), 8);
  return file;
}

std::string makeRow(uint64_t address, const std::string &place) {
  std::string row(8, 0);
  memcpy(&row[0], &address, 8);
  return row + place + '\0';
}

TEST(HostileFileTest, ReadsLinesAsFarAsTheyAreWhole) {
  const std::string rows = makeRow(0x20000, "later") + makeRow(ProgramBuilder::kEntry, "first\n");
  auto read = [](const std::string &lines) {
    const auto file = makeElfWithLines(lines);
    Image image;
    std::string error, found;
    EXPECT_TRUE(image.load(file.data(), file.size(), error)) << error;
    for (const Line &line : image.lines())
      found += std::to_string(line.address) + line.place + " ";
    return found;
  };
  // By address, and with nothing that a terminal would obey.
  EXPECT_EQ(read(rows), "65536first? 131072later ");
  EXPECT_EQ(read(""), "");
  for (size_t size = 0; size < rows.size(); ++size)
    EXPECT_EQ(read(rows.substr(0, size)), size < makeRow(0, "later").size() ? "" : "131072later ") << size;
  EXPECT_EQ(read(makeRow(1, std::string(5000, 'x')) + rows), "");
}

TEST(HostileFileTest, SurvivesRandomInstructions) {
  std::mt19937 random(13);
  const auto guard = [](const std::vector<uint8_t> &bytes) {
    return std::all_of(bytes.begin(), bytes.begin() + 4096, [](uint8_t b) { return b == 0x5a; }) &&
           std::all_of(bytes.end() - 4096, bytes.end(), [](uint8_t b) { return b == 0x5a; });
  };
  device::Description description;
  std::string error;
  ASSERT_TRUE(device::lookup("Ascend910B1:1", description, error));
  Options options;
  options.maxInstructions = 2000;
  Simulator simulator(description, options);
  std::vector<uint8_t> memory(16384, 0x5a), constant(4096, 0x5a);
  unsigned ended = 0, changed = 0;
  for (int round = 0; round < 3000; ++round) {
    options.timing = round % 2;
    options.races = round % 3 == 0;
    simulator.setOptions(options);
    simulator.unmap();
    const uint64_t writable = simulator.map(memory.data() + 4096, 8192, true);
    const uint64_t fixed = simulator.map(constant.data(), constant.size(), false);
    // ld t0, 0(a0); ld t1, 8(a0): pointers to begin with. Opcodes are those there are.
    std::vector<uint32_t> words = {0x00053283, 0x00853303};
    const uint32_t opcodes[] = {0x03, 0x13, 0x1b, 0x23, 0x33, 0x3b, 0x63, 0x67, 0x6f,
                                0x07, 0x27, 0x53, 0x43, 0x37, 0x17, 0x2f, 0x73, 0x0f};
    for (int i = int(random() % 12); i >= 0; --i) {
      uint32_t word = uint32_t(random());
      if (random() % 8)
        word = (word & ~0x7fu) | opcodes[random() % (sizeof(opcodes) / sizeof(opcodes[0]))];
      // Most addresses are near the pointers.
      if (random() % 2)
        word = (word & ~(31u << 15)) | (5 + random() % 2) << 15;
      words.push_back(word);
    }
    words.push_back(0x00008067);
    simulator.load(Image::fromWords(words, 0x10000));
    const std::vector<uint8_t> before = memory;
    ended += !simulator.run(TileLaunch{0x10000, 3, {writable, fixed}, {}}).trap;
    changed += before != memory;
    ASSERT_TRUE(guard(memory)) << round;
    ASSERT_TRUE(guard(constant)) << round;
    // The same on a control core.
    Launch launch;
    launch.vectorEntry = 0x10000;
    launch.arguments = {writable, fixed};
    simulator.run(launch);
    ASSERT_TRUE(guard(memory)) << round;
    ASSERT_TRUE(guard(constant)) << round;
  }
  EXPECT_GT(ended, 0u);
  EXPECT_GT(changed, 0u);
}

/// Fields of any size, small ones and round ones most often.
uint64_t makeField(std::mt19937_64 &random) {
  switch (random() % 8) {
  case 0: return random();
  case 1: return random() & 0xffff;
  case 2: return uint64_t(1) << random() % 64;
  case 3: return Image::kLimit * 4 + random() % 8192;
  case 4: return tagged(Space(random() % 10), random() % (300 << 10) / 32 * 32);
  default: return random() % 40;
  }
}

TEST(HostileFileTest, SurvivesRandomCommands) {
  std::mt19937_64 random(11);
  unsigned ended = 0;
  for (int round = 0; round < 500; ++round) {
    const bool vector = random() % 2;
    TestChip chip(random() % 4 ? "Ascend910B1:1" : random() % 2 ? "Ascend950PR:1" : "Ascend910A:1");
    std::vector<uint8_t> buffer(8192);
    chip.map(buffer);
    DmaFill fill;
    fill.dst = tagged(vector ? Space::UB : Space::L1, 0), fill.rowBytes = 64 << 10, fill.rows = 1,
    fill.value = random();
    Barrier all;
    all.queue = 7;
    chip.program.add(fill).add(all);
    for (int commands = 0; commands < 3; ++commands) {
      RawCommand raw;
      raw.id = CommandId(1 + random() % (kCommands - 1));
      const CommandInfo &info = getInfo(raw.id);
      uint64_t funct7 = random() & 0x7f;
      funct7 = (funct7 & ~uint64_t(info.selectMask)) | info.select;
      raw.word = uint32_t(funct7 << 25 | 11 << 20 | 10 << 15 | info.funct3 << 12 | info.opcode);
      for (size_t i = 0; i < info.fieldCount; ++i) {
        const FieldInfo &field = info.fields[i];
        const uint64_t value = bits(makeField(random), 0, field.width) << field.lsb;
        if (field.place != -3)
          (field.place == -2 ? raw.rs1 : field.place == -1 ? raw.rs2 : raw.parameters[field.place]) |= value;
      }
      chip.program.addRaw(raw).add(all);
    }
    ended += !chip.run(vector).trap;
  }
  EXPECT_GT(ended, 0u);
}

} // namespace
