//===- Calibrate.cpp - published against simulated cycles -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each row runs commands on one core and compares their cycles with figures that
// were published for one core at 1.8 GHz: measured transfers and vector rates of
// profiling tables, cycles of the documentation of matrix commands.
//
//===----------------------------------------------------------------------===//

#include "Calibrate.h"

#include "ge-mlir/Simulator/ProgramBuilder.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <cmath>
#include <cstdio>
#include <functional>

using namespace gemlir;
using namespace gemlir::engine;
using namespace gemlir::sim;

namespace {

constexpr uint64_t KiB = 1024;

/// Runs commands and gives their time line.
class Bench {
public:
  Bench() : memory(8 << 20) {}

  enum Span {
    All,       ///< from the first command's start to the use of the last one's result
    Occupancy, ///< from the first command's start to the end of the last one's work
    Last       ///< the last command alone, to the use of its result
  };
  /// Cycles of the commands of a queue.
  double measure(const char *device, bool vector, Queue queue,
                 const std::function<void(ProgramBuilder &, uint64_t)> &add, Span span = All) {
    device::Description description;
    std::string error;
    if (!device::lookup(device, description, error))
      return NAN;
    Options options;
    options.timing = options.trace = true;
    options.functional = false;
    Simulator simulator(description, options);
    const uint64_t address = simulator.map(memory.data(), memory.size(), true);
    ProgramBuilder builder;
    add(builder, address);
    simulator.load(builder.build());
    Launch launch;
    (vector ? launch.vectorEntry : launch.cubeEntry) = ProgramBuilder::kEntry;
    const Result result = simulator.run(launch);
    if (result.trap) {
      fprintf(stderr, "npu-sim: %s\n", result.trap->message().c_str());
      return NAN;
    }
    uint64_t begin = ~uint64_t(0), end = 0;
    for (const Event &event : result.events)
      if (event.queue == queue) {
        begin = span == Last ? event.start : std::min(begin, event.start);
        end = std::max(end, span == Occupancy ? event.end : event.done);
      }
    return double(end - begin);
  }

private:
  std::vector<uint8_t> memory;
};

struct Row {
  std::string what;
  double published, simulated, tolerance;
};

class Table {
public:
  void mmads(const char *what, unsigned count, uint64_t m, uint64_t n, uint64_t k, double published, double tolerance,
             Bench::Span span = Bench::All) {
    add(what, published, tolerance,
        bench.measure(
            "Ascend910B2", false, Queue::M,
            [&](ProgramBuilder &b, uint64_t) {
              fillCube(b);
              Mmad c;
              c.m = m, c.n = n, c.k = k, c.init = 1;
              for (unsigned i = 0; i < count; ++i) {
                b.add(c);
                c.init = 0;
              }
            },
            span));
  }

  void load(bool right, uint64_t kib, double published, double tolerance) {
    add(std::string("L1 to L0") + (right ? "B" : "A") + ", " + std::to_string(kib) + " KB", published, tolerance,
        bench.measure("Ascend910B2", false, Queue::MTE1, [&](ProgramBuilder &b, uint64_t) {
          DmaFill fill;
          fill.dst = tagged(Space::L1, 0);
          fill.rowBytes = 64 * KiB, fill.rows = 1;
          b.add(fill).order(Queue::MTE2, Queue::MTE1);
          Load2d c;
          c.target = right, c.order = 1, c.scale = 1;
          c.rows = c.srcPitch = c.dstPitch = kib * KiB / 512, c.cols = 1;
          b.add(c);
        }));
  }

  void dma(const char *device, Space from, Space to, uint64_t kib, double published, double tolerance) {
    const bool vector = from == Space::UB || to == Space::UB;
    const Queue queue = to == Space::GM ? Queue::MTE3 : Queue::MTE2;
    add(std::string(kSpaceNames[unsigned(from)]) + " to " + kSpaceNames[unsigned(to)] + ", " + std::to_string(kib) +
            " KB, " + device,
        published, tolerance,
        bench.measure(
            device, vector, queue,
            [&](ProgramBuilder &b, uint64_t address) {
              DmaIn in;
              in.dst = tagged(to == Space::GM ? from : to, 0), in.src = address;
              in.rowBytes = kib * KiB, in.rows = in.planes = 1;
              // Once to bring it into the shared cache, as repeated measurements do.
              if (to != Space::GM)
                warm(b, in);
              b.add(in);
              if (to != Space::GM)
                return;
              DmaOut out;
              out.dst = address, out.src = in.dst;
              out.rowBytes = in.rowBytes, out.rows = out.planes = 1;
              b.order(Queue::MTE2, Queue::MTE3).add(out);
            },
            Bench::Last));
  }

  void nd2nz(uint64_t kib, double published, double tolerance) {
    add("GM to L1 as NZ, " + std::to_string(kib) + " KB", published, tolerance,
        bench.measure(
            "Ascend910B2", false, Queue::MTE2,
            [&](ProgramBuilder &b, uint64_t address) {
              DmaIn in;
              in.dst = tagged(Space::L1, 0), in.src = address, in.rowBytes = kib * KiB, in.rows = in.planes = 1;
              warm(b, in);
              Nd2nz c;
              c.dst = in.dst, c.src = address;
              c.cols = 512, c.rows = kib, c.srcPitch = 1024, c.dstPitch = roundUp(kib, 16), c.planes = 1;
              b.add(c);
            },
            Bench::Last));
  }

  void fix(uint64_t kib, double published, double tolerance) {
    add("L0C to GM, " + std::to_string(kib) + " KB", published, tolerance,
        bench.measure("Ascend910B2", false, Queue::FIX, [&](ProgramBuilder &b, uint64_t address) {
          fillCube(b);
          Mmad c;
          c.m = 16, c.n = 256, c.k = 16, c.init = 1;
          b.add(c).order(Queue::M, Queue::FIX);
          Fix f;
          f.dst = address, f.m = kib, f.n = 256, f.srcPitch = 1, f.dstPitch = 1024;
          b.add(f);
        }));
  }

  void vector(const char *what, unsigned count, const std::function<void(ProgramBuilder &, uint64_t)> &command,
              double published, double tolerance, bool occupancy) {
    auto run = [&](unsigned times) {
      return bench.measure(
          "Ascend910B2", true, Queue::V,
          [&](ProgramBuilder &b, uint64_t) {
            DmaFill fill;
            fill.dst = tagged(Space::UB, 0), fill.rowBytes = 192 * KiB, fill.rows = 1;
            b.add(fill).order(Queue::MTE2, Queue::V);
            for (unsigned i = 0; i < times; ++i)
              command(b, i);
          },
          occupancy ? Bench::Occupancy : Bench::All);
    };
    // With occupancy, the cycles that a repeat adds.
    const double cycles = occupancy ? (run(count + 4) - run(4)) / (count * 64.) : run(count);
    add(what, published, tolerance, cycles);
  }

  int print() const {
    bool good = true;
    printf("%-44s %10s %10s %8s\n", "cycles", "published", "simulated", "differ");
    for (const Row &row : rows) {
      const double differ = (row.simulated - row.published) / row.published * 100;
      const bool within = std::fabs(differ) <= row.tolerance;
      printf("%-44s %10.1f %10.1f %7.1f%%%s\n", row.what.c_str(), row.published, row.simulated, differ,
             within ? "" : "  beyond its tolerance");
      good &= within;
    }
    return good ? 0 : 1;
  }

private:
  void add(const std::string &what, double published, double tolerance, double simulated) {
    rows.push_back({what, published, simulated, tolerance});
  }
  /// A copy, and the wait for its end.
  static void warm(ProgramBuilder &b, const DmaIn &in) {
    Barrier all;
    all.queue = 7;
    b.add(in).add(all);
  }
  static void fillCube(ProgramBuilder &b) {
    DmaFill fill;
    fill.dst = tagged(Space::L1, 0), fill.rowBytes = 64 * KiB, fill.rows = 1;
    b.add(fill).order(Queue::MTE2, Queue::MTE1);
    for (uint64_t target : {0, 1}) {
      Load2d c;
      c.target = target, c.order = 1, c.scale = 1, c.rows = c.srcPitch = c.dstPitch = 128, c.cols = 1;
      b.add(c);
    }
    b.order(Queue::MTE1, Queue::M);
  }

  Bench bench;
  std::vector<Row> rows;
};

} // namespace

static void addVectorRows(Table &table) {
  auto binary = [](uint64_t op, Type type, uint64_t rows) {
    return [=](ProgramBuilder &b, uint64_t) {
      VBinary c;
      c.op = op, c.type = uint64_t(type), c.rows = rows, c.cols = 256 / size(c.type);
      c.dPitch = c.aPitch = c.bPitch = 8, c.dStride = c.aStride = c.bStride = 1;
      c.a = 0, c.b = 1024, c.dst = 4096;
      b.add(c);
    };
  };
  auto unary = [](uint64_t op, Type type) {
    return [=](ProgramBuilder &b, uint64_t) {
      VUnary c;
      c.op = op, c.type = uint64_t(type), c.rows = 64, c.cols = 256 / size(c.type), c.dPitch = c.sPitch = 8;
      c.dst = 4096;
      b.add(c);
    };
  };
  auto reduce = [](uint64_t op, Type type) {
    return [=](ProgramBuilder &b, uint64_t) {
      VReduce c;
      c.op = op, c.type = uint64_t(type), c.rows = 64, c.cols = 256 / size(c.type), c.sPitch = 8, c.dst = 4096;
      b.add(c);
    };
  };
  table.vector("v.binary.add, 32 repeats, alone", 1, binary(0, Type::F16, 32), 88, 5, false);
  table.vector("v.binary.add, a repeat", 8, binary(0, Type::F16, 64), 2, 15, true);
  table.vector("v.binary.div, a repeat", 8, binary(3, Type::F32, 64), 4, 15, true);
  table.vector("v.unary.abs, a repeat", 8, unary(0, Type::F16), 1, 15, true);
  table.vector("v.unary.exp f32, a repeat", 8, unary(2, Type::F32), 2, 15, true);
  table.vector("v.unary.exp f16, a repeat", 8, unary(2, Type::F16), 4, 15, true);
  table.vector("v.reduce.sum f32, a repeat", 8, reduce(0, Type::F32), 3, 15, true);
  table.vector("v.reduce.sum f16, a repeat", 8, reduce(0, Type::F16), 7, 15, true);
  table.vector("v.reduce.max, a repeat", 8, reduce(1, Type::F32), 7, 15, true);
}

int calibrate() {
  Table table;
  table.mmads("8 mmad 128x256x64, unit flag", 8, 128, 256, 64, 4209, 5);
  table.mmads("8 mmad 128x256x64, model", 8, 128, 256, 64, 4156, 5);
  table.mmads("8 mmad 128x128x64, model", 8, 128, 128, 64, 2108, 5);
  table.mmads("8 mmad 128x128x64, measured", 8, 128, 128, 64, 2172, 5);
  table.mmads("mmad of 128 fractals, alone", 1, 128, 128, 32, 151, 5);
  table.mmads("mmad of 2 fractals, alone", 1, 16, 32, 16, 25, 5);
  table.mmads("mmad 32x128x16, pipelined", 1, 32, 128, 16, 18, 5, Bench::Occupancy);
  const double l1[][2] = {{1, 186}, {4, 252}, {16, 317}, {64, 670}, {256, 1808}};
  for (const auto &[kib, cycles] : l1)
    table.dma("Ascend910B2", Space::GM, Space::L1, uint64_t(kib), cycles, kib == 16 || kib == 256 ? 5 : 15);
  const double nz[][2] = {{4, 838}, {16, 852}, {64, 887}, {192, 1735}};
  for (const auto &[kib, cycles] : nz)
    table.nd2nz(uint64_t(kib), cycles, 15);
  const double ub[][2] = {{1, 252}, {4, 312}, {16, 434}, {32, 756}};
  for (const auto &[kib, cycles] : ub)
    table.dma("Ascend910B1", Space::GM, Space::UB, uint64_t(kib), cycles, 15);
  const double wide[][2] = {{1, 233}, {16, 322}, {64, 802}, {192, 1892}};
  for (const auto &[kib, cycles] : wide)
    table.dma("Ascend910B3", Space::GM, Space::UB, uint64_t(kib), cycles, 15);
  const double out[][2] = {{1, 162}, {4, 195}, {16, 340}, {32, 546}};
  for (const auto &[kib, cycles] : out)
    table.dma("Ascend910B2", Space::UB, Space::GM, uint64_t(kib), cycles, kib == 16 ? 5 : 15);
  const double fix[][2] = {{1, 89}, {4, 86}, {16, 147}};
  for (const auto &[kib, cycles] : fix)
    table.fix(uint64_t(kib), cycles, 15);
  const double left[][2] = {{1, 6}, {4, 19}, {16, 69}, {64, 270}};
  for (const auto &[kib, cycles] : left)
    table.load(false, uint64_t(kib), cycles, 15);
  const double right[][2] = {{1, 11}, {16, 136}, {64, 537}};
  for (const auto &[kib, cycles] : right)
    table.load(true, uint64_t(kib), cycles, kib == 16 ? 5 : 15);
  addVectorRows(table);
  return table.print();
}
