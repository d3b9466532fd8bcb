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
// profiling tables, cycles of the documentation of matrix commands. The last rows are
// products on all cores.
//
//===----------------------------------------------------------------------===//

#include "Calibrate.h"

#include "ge-mlir/Simulator/ProgramBuilder.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <cmath>
#include <cstdio>
#include <functional>
#include <tuple>
#include <type_traits>

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
    Last,      ///< the last command alone, to the use of its result
    Steady     ///< the last command alone, to the end of its work
  };
  /// Cycles of the commands of a queue.
  double measure(const char *device, bool vector, Queue queue,
                 const std::function<void(ProgramBuilder &, uint64_t)> &add, Span span = All, bool neighbours = false) {
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
    const Image image = builder.build();
    simulator.load(image);
    Launch launch;
    (vector ? launch.vectorEntry : launch.cubeEntry) = ProgramBuilder::kEntry;
    // The cores beside it do nothing, but have memories.
    if (neighbours)
      (vector ? launch.cubeEntry : launch.vectorEntry) = ProgramBuilder::kEntry + image.segments()[0].bytes.size() - 4;
    const Result result = simulator.run(launch);
    if (result.trap) {
      fprintf(stderr, "npu-sim: error: %s\n", result.trap->message().c_str());
      return NAN;
    }
    uint64_t begin = ~uint64_t(0), end = 0;
    for (const Event &event : result.events)
      if (event.queue == queue) {
        const bool alone = span == Last || span == Steady;
        begin = alone ? event.start : std::min(begin, event.start);
        end = std::max(alone ? 0 : end, span == Occupancy || span == Steady ? event.end : event.done);
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
             Bench::Span span = Bench::All, const char *device = "Ascend910B2", uint64_t type = 0) {
    add(what, published, tolerance,
        bench.measure(
            device, false, Queue::M,
            [&](ProgramBuilder &b, uint64_t) {
              fillCube(b);
              Mmad c;
              c.m = m, c.n = n, c.k = k, c.type = type, c.init = 1;
              for (unsigned i = 0; i < count; ++i) {
                b.add(c);
                c.init = 0;
              }
            },
            span));
  }

  void load(bool right, uint64_t kib, double published, double tolerance, const char *device = "Ascend910B2") {
    add(std::string("L1 to L0") + (right ? "B" : "A") + ", " + std::to_string(kib) + " KB, " + device, published,
        tolerance, bench.measure(device, false, Queue::MTE1, [&](ProgramBuilder &b, uint64_t) {
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

  /// Values for each column of C, by words.
  void columns(Space to, uint64_t count, double published, double tolerance, Bench::Span span) {
    add(std::string("L1 to ") + kSpaceNames[unsigned(to)] + ", " + std::to_string(count * 4 / KiB) + " KB", published,
        tolerance,
        bench.measure(
            "Ascend910B2", false, to == Space::BT ? Queue::MTE1 : Queue::FIX,
            [&](ProgramBuilder &b, uint64_t) {
              DmaFill fill;
              fill.dst = tagged(Space::L1, 0), fill.rowBytes = count * 4, fill.rows = 1;
              BiasLoad bias;
              ParameterLoad parameters;
              bias.count = parameters.count = count;
              b.add(fill).order(Queue::MTE2, to == Space::BT ? Queue::MTE1 : Queue::FIX);
              to == Space::BT ? b.add(bias) : b.add(parameters);
            },
            span));
  }

  void dma(const char *device, Space from, Space to, uint64_t kib, double published, double tolerance,
           Bench::Span span = Bench::Last) {
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
              // The second of two shows what the queue can do.
              if (span == Bench::Steady)
                b.add(out);
            },
            span));
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

  /// The stream into L0A or L0B: 64 KB.
  void direct(Space to, double published, double tolerance) {
    add(std::string("GM to ") + kSpaceNames[unsigned(to)] + ", 64 KB, Ascend910B2", published, tolerance,
        bench.measure(
            "Ascend910B2", false, Queue::MTE2,
            [&](ProgramBuilder &b, uint64_t address) {
              DmaIn in;
              in.dst = tagged(Space::L1, 0), in.src = address, in.rowBytes = 64 * KiB, in.rows = in.planes = 1;
              warm(b, in);
              DmaLoad2d c;
              c.dst = tagged(to, 0), c.src = address, c.rows = c.dstPitch = 128, c.cols = c.order = 1;
              b.add(c);
            },
            Bench::Steady));
  }

  /// The stream between a vector core and its cube core, or of a core that is both: 64
  /// KB.
  void hand(const char *device, Space from, Space to, double published, double tolerance) {
    const bool isOne = std::string(device) == "Ascend910A";
    add(std::string(kSpaceNames[unsigned(from)]) + " to " + kSpaceNames[unsigned(to)] + ", 64 KB, " + device, published,
        tolerance,
        bench.measure(
            device, from == Space::UB, Queue::MTE3,
            [&](ProgramBuilder &b, uint64_t) {
              DmaFill fill;
              fill.dst = tagged(from, 0), fill.rowBytes = 64 * KiB, fill.rows = 1;
              DmaOut out;
              out.src = fill.dst, out.rowBytes = fill.rowBytes, out.rows = out.planes = 1;
              out.dst = isOne ? tagged(to, 0) : tagged(Space::Peer, 0);
              b.add(fill).order(Queue::MTE2, Queue::MTE3).add(out);
            },
            Bench::Steady, !isOne));
  }

  /// The stream out of L0C: 64 KB of f32, as rows or as columns of fractals.
  void drain(const char *device, Space to, double published, double tolerance, bool fractals = false) {
    add(std::string("L0C to ") + kSpaceNames[unsigned(to)] + (fractals ? " as NZ" : "") + ", 64 KB, " + device,
        published, tolerance,
        bench.measure(
            device, false, Queue::FIX,
            [&](ProgramBuilder &b, uint64_t address) {
              fillCube(b);
              Mmad c;
              c.m = 64, c.n = 256, c.k = 16, c.init = 1;
              b.add(c).order(Queue::M, Queue::FIX);
              Fix f;
              f.dst = to == Space::GM ? address : tagged(to == Space::UB ? Space::Peer : to, 0);
              f.m = 64, f.n = 256, f.srcPitch = 4, f.dstPitch = fractals ? 2048 : 1024, f.layout = fractals;
              b.add(f);
            },
            Bench::Steady, to == Space::UB));
  }

  void vector(const char *what, unsigned count, const std::function<void(ProgramBuilder &, uint64_t)> &command,
              double published, double tolerance, bool occupancy, double repeats = 64) {
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
    const double cycles = occupancy ? (run(count + 4) - run(4)) / (count * repeats) : run(count);
    add(what, published, tolerance, cycles);
  }

  /// All cores at once, in percent.
  void product(uint64_t size, double published, double tolerance = 15, double loads = 0) {
    const ProductUse use = measureProduct(size);
    const std::string what = "product " + std::to_string(size) + "^3 f16, 24 cores: ";
    add(what + "cube %", published, tolerance, 100 * use.cube);
    if (loads)
      add(what + "MTE1 of M %", loads, 15, 100 * use.loads);
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

/// A command of 64 repeats.
template <typename C>
static C shape(C c, uint64_t op, Type type) {
  c.op = op, c.type = uint64_t(type), c.rows = 64, c.cols = 256 / size(c.type), c.dst = 4096;
  return c;
}

/// Cycles of a repeat of 256 bytes, on a queue that is never empty.
template <typename C>
static void addRepeat(Table &table, const char *what, double published, const C &command) {
  table.vector(what, 8, [=](ProgramBuilder &b, uint64_t) { b.add(command); }, published, 15, true);
}

/// Functions, operations and scalars.
static void addRepeatRows(Table &table) {
  auto add = [&](const char *what, double published, const auto &c) { addRepeat(table, what, published, c); };
  auto binary = [&](const char *what, double published, uint64_t op, Type type) {
    VBinary c = shape(VBinary(), op, type);
    c.dPitch = c.aPitch = c.bPitch = 8, c.dStride = c.aStride = c.bStride = 1, c.b = 1024;
    add(what, published, c);
  };
  auto rows = [&](const char *what, double published, auto kind, uint64_t op, Type type) {
    auto c = shape(kind, op, type);
    c.dPitch = c.sPitch = 8;
    add(what, published, c);
  };
  binary("v.binary.add, a repeat", 2, 0, Type::F16);
  binary("v.binary.sub, a repeat", 2, 1, Type::F32);
  binary("v.binary.mul, a repeat", 2, 2, Type::F32);
  binary("v.binary.div, a repeat", 4, 3, Type::F32);
  binary("v.binary.max, a repeat", 2, 4, Type::F16);
  binary("v.binary.min, a repeat", 2, 5, Type::F16);
  binary("v.binary.and, a repeat", 2, 6, Type::S16);
  binary("v.binary.or, a repeat", 2, 7, Type::S16);
  binary("v.binary.gt, a repeat", 2, 15, Type::F32);
  rows("v.unary.abs, a repeat", 1, VUnary(), 0, Type::F16);
  rows("v.unary.rsqrt, a repeat", 1, VUnary(), 5, Type::F32);
  rows("v.unary.rec, a repeat", 1, VUnary(), 6, Type::F32);
  rows("v.unary.relu, a repeat", 1, VUnary(), 7, Type::F16);
  rows("v.unary.not, a repeat", 1, VUnary(), 8, Type::S16);
  rows("v.unary.exp f32, a repeat", 2, VUnary(), 2, Type::F32);
  rows("v.unary.ln f32, a repeat", 2, VUnary(), 3, Type::F32);
  rows("v.unary.sqrt f32, a repeat", 2, VUnary(), 4, Type::F32);
  rows("v.unary.exp f16, a repeat", 4, VUnary(), 2, Type::F16);
  rows("v.unary.ln f16, a repeat", 4, VUnary(), 3, Type::F16);
  rows("v.unary.sqrt f16, a repeat", 4, VUnary(), 4, Type::F16);
  rows("v.scalar.adds, a repeat", 1, VScalar(), 0, Type::F32);
  rows("v.scalar.muls, a repeat", 1, VScalar(), 2, Type::F32);
  rows("v.scalar.maxs, a repeat", 1, VScalar(), 5, Type::F32);
  rows("v.scalar.mins, a repeat", 1, VScalar(), 6, Type::F32);
  rows("v.scalar.lrelu, a repeat", 1, VScalar(), 7, Type::F32);
  rows("v.scalar.shls, a repeat", 1, VScalar(), 8, Type::S32);
  rows("v.scalar.shrs, a repeat", 1, VScalar(), 9, Type::S32);
  rows("v.scalar.gts, a repeat", 1, VScalar(), 14, Type::F32);
  rows("v.generate.dup, a repeat", 1, VGenerate(), 0, Type::F32);
  rows("v.generate.copy, a repeat", 1, VGenerate(), 2, Type::F32);
}

/// Reductions, and two operations at once.
static void addReductionRows(Table &table) {
  auto add = [&](const char *what, double published, const auto &c) { addRepeat(table, what, published, c); };
  auto reduce = [&](const char *what, double published, uint64_t op, Type type) {
    VReduce c = shape(VReduce(), op, type);
    c.sPitch = 8;
    add(what, published, c);
  };
  reduce("v.reduce.sum f32, a repeat", 3, 0, Type::F32);
  reduce("v.reduce.sum f16, a repeat", 7, 0, Type::F16);
  reduce("v.reduce.max, a repeat", 7, 1, Type::F32);
  reduce("v.reduce.min, a repeat", 7, 2, Type::F16);
  reduce("v.reduce.blocksum f32, a repeat", 1, 12, Type::F32);
  reduce("v.reduce.blockmax f32, a repeat", 1, 13, Type::F32);
  reduce("v.reduce.blockmin f32, a repeat", 1, 14, Type::F32);
  reduce("v.reduce.blocksum f16, a repeat", 7, 12, Type::F16);
  reduce("v.reduce.blockmax f16, a repeat", 7, 13, Type::F16);
  reduce("v.reduce.pairsum f32, a repeat", 1, 15, Type::F32);
  reduce("v.reduce.pairsum f16, a repeat", 1, 15, Type::F16);
  auto fused = [&](const char *what, uint64_t op, Type type) {
    VFused c = shape(VFused(), op, type);
    c.dPitch = c.aPitch = c.bPitch = 8, c.dStride = c.aStride = c.bStride = 1, c.b = 1024;
    add(what, 2, c);
  };
  fused("v.fused.axpy, a repeat", 0, Type::F32);
  fused("v.fused.addrelu, a repeat", 1, Type::F16);
  fused("v.fused.subrelu, a repeat", 2, Type::F32);
  fused("v.fused.mulcast, a repeat", 3, Type::F16);
}

/// Banks, casts, triples and permutations.
static void addPermutationRows(Table &table) {
  auto add = [&](const char *what, double published, const auto &c) { addRepeat(table, what, published, c); };
  // Eight blocks in one group of banks, and in two.
  for (const auto &[what, published, dStride, aStride] :
       {std::tuple("v.binary.add to blocks 16 apart, a repeat", 8., 5, 1),
        std::tuple("v.binary.add to blocks 8 apart, a repeat", 4., 4, 1),
        std::tuple("v.binary.add of blocks 16 apart, a repeat", 8., 1, 5)}) {
    VBinary c = shape(VBinary(), 0, Type::F32);
    c.dPitch = c.aPitch = c.bPitch = 8, c.dStride = uint64_t(dStride), c.aStride = uint64_t(aStride), c.bStride = 1,
    c.b = 1024;
    add(what, published, c);
  }
  VCast cast;
  cast.from = uint64_t(Type::F16), cast.to = uint64_t(Type::F32), cast.rows = 64, cast.cols = 64;
  cast.dPitch = 8, cast.sPitch = 4, cast.dst = 4096;
  add("v.cast, a repeat", 1, cast);
  for (const auto &[what, op, published] :
       {std::tuple("v.ternary.fma, a repeat", 0, 5.5), std::tuple("v.ternary.select, a repeat", 1, 2.)}) {
    VTernary c = shape(VTernary(), uint64_t(op), Type::F32);
    c.dPitch = c.aPitch = c.bPitch = c.cPitch = 8, c.b = 1024, c.c = 2048;
    add(what, published, c);
  }
  for (const auto &[what, op, type, published] : {std::tuple("v.permute.gather f16, a repeat", 1, Type::F16, 24.2),
                                                  std::tuple("v.permute.gather f32, a repeat", 1, Type::F32, 12.2),
                                                  std::tuple("v.permute.gatherb, a repeat", 7, Type::F32, 2.1),
                                                  std::tuple("v.permute.pick, a repeat", 8, Type::F32, 2.),
                                                  std::tuple("v.permute.pack, a repeat", 3, Type::F32, 14.),
                                                  std::tuple("v.permute.bcastcol, a repeat", 5, Type::F32, 1.),
                                                  std::tuple("v.permute.sort, a repeat", 6, Type::F32, 16.4)}) {
    VPermute c = shape(VPermute(), uint64_t(op), type);
    c.dPitch = c.sPitch = c.iPitch = 8, c.extent = op == 8 ? 1 : 512, c.idx = 1024;
    add(what, published, c);
  }
  // Published as 3 to 4.
  VScalar one = shape(VScalar(), 0, Type::F32);
  one.rows = 1;
  table.vector(
      "v.scalar.adds of one repeat, one after another", 8, [=](ProgramBuilder &b, uint64_t) { b.add(one); }, 3.5, 15,
      true, 1);
}

/// 32 repeats on an idle unit, to the use of the result: head, repeats and tail.
static void addAloneRows(Table &table) {
  auto add = [&](const char *what, double published, double tolerance, auto c, uint64_t op, Type type) {
    c.op = op, c.type = uint64_t(type), c.rows = 32, c.cols = 256 / size(c.type), c.dst = 4096, c.dPitch = 8;
    if constexpr (std::is_same_v<decltype(c), VBinary>)
      c.aPitch = c.bPitch = 8, c.dStride = c.aStride = c.bStride = 1, c.b = 1024;
    else
      c.sPitch = 8;
    table.vector(what, 1, [=](ProgramBuilder &b, uint64_t) { b.add(c); }, published, tolerance, false);
  };
  add("v.binary.add, 32 repeats, alone", 88, 5, VBinary(), 0, Type::F16);
  add("v.binary.mul, 32 repeats, alone", 89, 15, VBinary(), 2, Type::F16);
  add("v.binary.div, 32 repeats, alone", 158, 15, VBinary(), 3, Type::F32);
  add("v.binary.gt, 32 repeats, alone", 100, 15, VBinary(), 15, Type::F32);
  add("v.unary.exp, 32 repeats, alone", 95, 15, VUnary(), 2, Type::F32);
  add("v.unary.ln, 32 repeats, alone", 97, 15, VUnary(), 3, Type::F32);
  add("v.unary.sqrt, 32 repeats, alone", 103, 15, VUnary(), 4, Type::F32);
  add("v.unary.abs, 32 repeats, alone", 61, 15, VUnary(), 0, Type::F32);
  add("v.unary.relu, 32 repeats, alone", 55, 15, VUnary(), 7, Type::F32);
  add("v.unary.rsqrt, 32 repeats, alone", 56, 15, VUnary(), 5, Type::F32);
  add("v.scalar.adds, 32 repeats, alone", 63, 15, VScalar(), 0, Type::F32);
  add("v.scalar.muls, 32 repeats, alone", 58, 15, VScalar(), 2, Type::F32);
  add("v.reduce.sum f16, 32 repeats, alone", 270, 15, VReduce(), 0, Type::F16);
  add("v.reduce.blocksum f32, 32 repeats, alone", 70, 15, VReduce(), 12, Type::F32);
  add("v.reduce.blockmax f32, 32 repeats, alone", 63, 15, VReduce(), 13, Type::F32);
  add("v.scalar.lrelu, 32 repeats, alone", 58, 15, VScalar(), 7, Type::F32);
  add("v.generate.copy, 32 repeats, alone", 56, 15, VGenerate(), 2, Type::F32);
  add("v.generate.dup, 32 repeats, alone", 56, 15, VGenerate(), 0, Type::F32);
  VTernary select;
  select.op = 1, select.type = uint64_t(Type::F32), select.rows = 32, select.cols = 64, select.dst = 4096;
  select.dPitch = select.aPitch = select.bPitch = select.cPitch = 8, select.b = 1024, select.c = 2048;
  table.vector(
      "v.ternary.select, 32 repeats, alone", 1, [=](ProgramBuilder &b, uint64_t) { b.add(select); }, 91, 15, false);
}

/// Bandwidths of cores of the 950 at 1.65 GHz, as cycles of a transfer that the queue
/// does after others.
static void addA5Rows(Table &table) {
  const char *device = "Ascend950PR";
  auto cycles = [](double kib, double gigabytes) { return kib * double(KiB) / gigabytes * 1.65; };
  table.mmads("mmad 32x128x16, pipelined, Ascend950PR", 1, 32, 128, 16, 16.3, 15, Bench::Occupancy, device);
  table.dma(device, Space::GM, Space::L1, 32, cycles(32, 186), 15, Bench::Steady);
  table.dma(device, Space::GM, Space::UB, 64, cycles(64, 93.6), 15, Bench::Steady);
  table.dma(device, Space::UB, Space::GM, 64, cycles(64, 72.9), 15, Bench::Steady);
  table.load(false, 64, cycles(64, 392), 15, device);
  table.load(true, 64, cycles(64, 392), 15, device);
  table.drain(device, Space::GM, cycles(64, 144), 15);
  table.drain(device, Space::L1, cycles(64, 392), 15);
  table.drain(device, Space::UB, cycles(64, 196), 15);
  table.hand(device, Space::UB, Space::L1, cycles(64, 196), 15);
  table.hand(device, Space::L1, Space::UB, cycles(64, 196), 15);
}

int calibrate() {
  Table table;
  table.mmads("8 mmad 128x256x64, unit flag", 8, 128, 256, 64, 4209, 5);
  table.mmads("8 mmad 128x256x64, barriers", 8, 128, 256, 64, 4225, 5);
  table.mmads("8 mmad 128x256x64, model", 8, 128, 256, 64, 4156, 5);
  table.mmads("8 mmad 128x256x64, at 8073 FLOP a cycle", 8, 128, 256, 64, 8 * 2 * 128 * 256 * 64 / 8073., 5,
              Bench::Occupancy);
  table.mmads("8 mmad 128x128x64, model", 8, 128, 128, 64, 2108, 5);
  table.mmads("8 mmad 128x128x64, measured", 8, 128, 128, 64, 2172, 5);
  table.mmads("mmad of 128 fractals, alone", 1, 128, 128, 32, 151, 5);
  table.mmads("mmad of 2 fractals, alone", 1, 16, 32, 16, 25, 5);
  table.mmads("mmad 32x128x16, pipelined", 1, 32, 128, 16, 18, 5, Bench::Occupancy);
  // The published peaks: 4096 multiply-adds of f16 and bf16 a cycle, a quarter of f32,
  // twice as many of s8.
  table.mmads("mmad 128x128x128 bf16, at the peak", 1, 128, 128, 128, 512, 5, Bench::Occupancy, "Ascend910B2", 1);
  table.mmads("mmad 128x128x64 f32, at the peak", 1, 128, 128, 64, 1024, 5, Bench::Occupancy, "Ascend910B2", 2);
  table.mmads("mmad 128x128x256 s8, at the peak", 1, 128, 128, 256, 512, 5, Bench::Occupancy, "Ascend910B2", 3);
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
  table.columns(Space::BT, 256, 33.5, 15, Bench::Occupancy);
  table.columns(Space::FB, 256, 49.2, 15, Bench::All);
  table.drain("Ascend910B2", Space::GM, 65536 / 114., 15);
  table.drain("Ascend910B2", Space::GM, 65536 / 111., 15, true);
  table.direct(Space::L0A, 65536 / 229. * 1.8, 15);
  table.direct(Space::L0B, 65536 / 229. * 1.8, 15);
  VGenerate copy;
  copy.op = 2, copy.type = uint64_t(Type::F32), copy.rows = 1, copy.cols = 16384, copy.dst = 3072;
  table.vector(
      "UB to UB, 64 KB, Ascend910B2", 8, [=](ProgramBuilder &b, uint64_t) { b.add(copy); }, 65536 / 245., 15, true, 1);
  table.hand("Ascend910A", Space::UB, Space::L1, 65536 / 128., 15);
  table.hand("Ascend910A", Space::L1, Space::UB, 65536 / 128., 15);
  table.drain("Ascend910A", Space::UB, 65536 / 128., 15);
  addA5Rows(table);
  addAloneRows(table);
  addRepeatRows(table);
  addReductionRows(table);
  addPermutationRows(table);
  table.product(1536, 54.5);
  table.product(3072, 79.0);
  table.product(6144, 86.7, 2.6, 78.5);
  table.product(7680, 80.6);
  return table.print();
}
