//===- CalibrateProduct.cpp - the published schedule of a product ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C = A B, square, f16 to f32, by 24 cores in 4 rows and 6 columns: tiles of 128 by
// 256, slabs of 256 in L1, steps of 64 in L0A and L0B, two of each. Every buffer has
// a flag forward and a flag back; those back are set once before the loops and waited
// for once behind them. test/Simulator/Inputs/gemm.c is the same in C.
//
//===----------------------------------------------------------------------===//

#include "Calibrate.h"

#include "ge-mlir/Simulator/ProgramBuilder.h"
#include "ge-mlir/Simulator/Simulator.h"

#include <cmath>
#include <cstdio>
#include <memory>

using namespace gemlir;
using namespace gemlir::engine;
using namespace gemlir::sim;

namespace {

constexpr uint64_t kTileRows = 128, kTileCols = 256, kSlab = 256, kStep = 64;
constexpr uint64_t kGridRows = 4, kGridCols = 6;

/// Registers of the control core.
enum : unsigned { Rows = 5, Cols, Depth, Scratch, Scale, A = 18, B, C, TileA, TileB, TileC, SlabA, SlabB };

class Product {
public:
  Product(uint64_t size, uint64_t a, uint64_t b, uint64_t c) : size(size), a(a), b(b), c(c) {}

  Image build() {
    p.set(Queue::MTE1, Queue::MTE2, 0).set(Queue::MTE1, Queue::MTE2, 1);
    p.set(Queue::M, Queue::MTE1, 0).set(Queue::M, Queue::MTE1, 1).set(Queue::FIX, Queue::M, 0);
    findBlock();
    addLoops();
    p.wait(Queue::MTE1, Queue::MTE2, 0).wait(Queue::MTE1, Queue::MTE2, 1);
    p.wait(Queue::M, Queue::MTE1, 0).wait(Queue::M, Queue::MTE1, 1).wait(Queue::FIX, Queue::M, 0);
    return p.build();
  }

private:
  using Op = ProgramBuilder::Op;

  /// to += from * factor.
  void addScaled(unsigned to, unsigned from, uint64_t factor) {
    p.load(Scratch, factor).compute(Op::Mul, Scratch, Scratch, from).compute(Op::Add, to, to, Scratch);
  }
  void advance(unsigned reg, uint64_t by) { p.load(Scratch, by).compute(Op::Add, reg, reg, Scratch); }
  void copy(unsigned to, unsigned from) { p.compute(Op::Add, to, from, 0); }

  /// A, B and C become the addresses of the block's first operands and result.
  void findBlock() {
    Get get;
    get.what = 0;
    p.add(get); // into a0
    p.compute(Op::Add, Scale, 10, 0).load(Scratch, kGridCols);
    p.compute(Op::Divide, Rows, Scale, Scratch).compute(Op::Remainder, Cols, Scale, Scratch);
    p.load(A, a).load(B, b).load(C, c);
    addScaled(A, Rows, size / kGridRows * size * 2);
    addScaled(B, Cols, size / kGridCols * 2);
    addScaled(C, Rows, size / kGridRows * size * 4);
    addScaled(C, Cols, size / kGridCols * 4);
  }

  void addLoops() {
    p.load(Rows, size / kGridRows / kTileRows);
    const size_t rows = p.startLoop();
    p.load(Cols, size / kGridCols / kTileCols);
    copy(TileB, B);
    copy(TileC, C);
    const size_t cols = p.startLoop();
    copy(SlabA, A);
    copy(SlabB, TileB);
    addSlab(0, true);
    addSlab(1, false);
    p.load(Depth, size / kSlab / 2 - 1);
    const size_t slabs = p.startLoop();
    addSlab(0, false);
    addSlab(1, false);
    p.endLoop(slabs, Depth);
    addStore();
    advance(TileB, kTileCols * 2);
    advance(TileC, kTileCols * 4);
    p.endLoop(cols, Cols);
    advance(A, kTileRows * size * 2);
    advance(C, kTileRows * size * 4);
    p.endLoop(rows, Rows);
  }

  void addSlab(uint64_t copy, bool isFirst) {
    const uint64_t leftBytes = kTileRows * kSlab * 2, rightBytes = kSlab * kTileCols * 2;
    const uint64_t left = copy * leftBytes, right = 2 * leftBytes + copy * rightBytes;
    p.wait(Queue::MTE1, Queue::MTE2, unsigned(copy));
    addLoad(left, SlabA, kTileRows, kSlab);
    addLoad(right, SlabB, kSlab, kTileCols);
    advance(SlabA, kSlab * 2);
    advance(SlabB, kSlab * size * 2);
    p.order(Queue::MTE2, Queue::MTE1, unsigned(copy));
    for (uint64_t step = 0; step < kSlab / kStep; ++step)
      addStep(left + step * kStep * kTileRows * 2, right + step * kStep * 32, step & 1, isFirst && step == 0);
    p.set(Queue::MTE1, Queue::MTE2, unsigned(copy));
  }

  void addLoad(uint64_t to, unsigned from, uint64_t rows, uint64_t cols) {
    Nd2nz load;
    load.dst = tagged(Space::L1, to), load.rows = rows, load.cols = cols, load.srcPitch = size * 2;
    load.planes = 1, load.type = uint64_t(Type::F16), load.dstPitch = rows;
    p.addAt(load, 0, from);
  }

  void addStep(uint64_t left, uint64_t right, uint64_t copy, bool isFirst) {
    Load2d loadA, loadB;
    loadA.scale = loadB.scale = 1;
    loadA.dst = copy * kTileRows * kStep * 2 / 32, loadA.src = left / 32;
    loadA.rows = loadA.srcPitch = kTileRows / 16, loadA.cols = loadA.dstPitch = kStep / 16;
    loadB.target = loadB.transpose = loadB.order = 1;
    loadB.dst = copy * kStep * kTileCols * 2 / 32, loadB.src = right / 32;
    loadB.rows = kStep / 16, loadB.cols = loadB.dstPitch = kTileCols / 16, loadB.srcPitch = kSlab / 16;
    Mmad mmad;
    mmad.init = isFirst, mmad.a = loadA.dst, mmad.b = loadB.dst, mmad.m = kTileRows, mmad.k = kStep, mmad.n = kTileCols;
    p.wait(Queue::M, Queue::MTE1, unsigned(copy)).add(loadA).add(loadB).order(Queue::MTE1, Queue::M, unsigned(copy));
    if (isFirst)
      p.wait(Queue::FIX, Queue::M, 0);
    p.add(mmad).set(Queue::M, Queue::MTE1, unsigned(copy));
  }

  void addStore() {
    Fix fix;
    fix.m = kTileRows, fix.n = kTileCols, fix.srcPitch = kTileRows / 16, fix.dstPitch = size * 4;
    p.order(Queue::M, Queue::FIX).addAt(fix, TileC, 0).set(Queue::FIX, Queue::M, 0);
  }

  const uint64_t size, a, b, c;
  ProgramBuilder p;
};

} // namespace

ProductUse measureProduct(uint64_t size) {
  device::Description description;
  std::string error;
  if (!device::lookup("Ascend910B1", description, error))
    return {NAN, NAN};
  Options options;
  options.timing = true;
  options.functional = false;
  Simulator simulator(description, options);
  // Nothing touches the bytes.
  const size_t elements = size * size;
  std::unique_ptr<uint8_t[]> memory(new uint8_t[elements * 8]);
  const uint64_t a = simulator.map(memory.get(), elements * 2, false);
  const uint64_t b = simulator.map(memory.get() + elements * 2, elements * 2, false);
  const uint64_t c = simulator.map(memory.get() + elements * 4, elements * 4, true);
  simulator.load(Product(size, a, b, c).build());
  Launch launch;
  launch.cubeEntry = ProgramBuilder::kEntry;
  launch.blocks = kGridRows * kGridCols;
  const Result result = simulator.run(launch);
  if (result.trap) {
    fprintf(stderr, "npu-sim: error: %s\n", result.trap->message().c_str());
    return {NAN, NAN};
  }
  CoreStatistics all;
  for (const CoreStatistics &core : result.cores)
    all += core;
  return {result.cubeUse(), double(all.busy[unsigned(Queue::MTE1)]) / double(all.busy[unsigned(Queue::M)])};
}
