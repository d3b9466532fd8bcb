//===- Passes.td - passes from kernels to engine commands -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_CONVERSION_NPUTOAICORE_PASSES
#define GEMLIR_CONVERSION_NPUTOAICORE_PASSES

include "mlir/Pass/PassBase.td"

def NPUToAICoreDevice : Option<"device", "device", "std::string", /*default=*/"\"Ascend910B1\"",
                               "Device to compile for: a name or a JSON file">;

def NPUTileEngines : Pass<"npu-tile-engines", "::mlir::npu::KernelOp"> {
  let summary = "tile a kernel for the engines of an AI Core and promote its operands to local memory";
  let description = [{
    Sets `npu.engine` to the kind of core, "vector", "cube" or "mix", and `tiles`. A tile
    is as large as the local memories allow and small enough that every core has
    work. What has no engine lowering is left as it is with the reason in
    `npu.aicpu_reason`; that is also the first error of the passes behind this one,
    which are tried on a copy.

    Before:
    ```mlir
    npu.kernel @k(%x: memref<100000xf32>, %y: memref<100000xf32>) { %0 = linalg.generic {negf} ... }
    ```
    After:
    ```mlir
    npu.kernel @k(...) attributes {npu.engine = "vector", tiles = 48 : i64} {
      %begin, %end = npu.tile_range
      scf.for %t = %begin to %end step %c1 {
        %a = npu.local : memref<2112xf32, 1>
        npu.move %x_tile to %a_tile
        %b = npu.local : memref<2112xf32, 1>
        npu.vector "unary.neg" ins(%a_tile) outs(%b_tile)
        npu.move %b_tile to %y_tile
      }
    }
    ```
  }];
  let options = [NPUToAICoreDevice,
                 Option<"candidates", "candidates", "unsigned", "0",
                        "How many of a kernel's tiles `npu.tile_candidates` lists">];
  let statistics = [Statistic<"numVector", "vector", "Number of kernels for vector cores">,
                    Statistic<"numCube", "cube", "Number of kernels for cube cores">,
                    Statistic<"numMix", "mix", "Number of kernels for both">,
                    Statistic<"numLeft", "left", "Number of kernels without an engine lowering">];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
                           "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::npu::NPUDialect"];
}

def NPUSplitMix : Pass<"npu-split-mix", "::mlir::ModuleOp"> {
  let summary = "make a kernel for each kind of core of one for both";
  let description = [{
    A kernel whose `npu.engine` is "mix" becomes two, each with what is outside of
    sections and the section of its kind of core. From here on they are kernels like
    others, but one launch runs both.

    Before:
    ```mlir
    npu.kernel @k(...) attributes {npu.engine = "mix"} {
      npu.section "cube" { npu.signal 0 behind "FIX" }
      npu.section "vector" { npu.await 0 before "MTE2" }
    }
    ```
    After:
    ```mlir
    npu.kernel @k.cube(...) attributes {npu.engine = "cube", npu.mix} { npu.signal 0 behind "FIX" }
    npu.kernel @k.vector(...) attributes {npu.engine = "vector", npu.mix} { npu.await 0 before "MTE2" }
    ```
  }];
  let statistics = [Statistic<"numSplit", "split", "Number of kernels that became two">];
}

def NPUMultiBuffer : Pass<"npu-multi-buffer", "::mlir::npu::KernelOp"> {
  let summary = "give buffers that queues hand over copies";
  let description = [{
    A buffer of a loop's body that more than one queue uses gets a copy for even
    and one for odd iterations, so that one queue fills what the other does not
    read, as long as the memory has room for all buffers. Buffers in L1 get up to four
    copies, of which a transfer from global memory fills one while others wait.

    Before:
    ```mlir
    scf.for %t = %b to %e step %c1 { %a = npu.local : memref<64xf32, 1> ... }
    ```
    After:
    ```mlir
    scf.for %t = %b to %e step %c1 {
      %slot = ... // (%t - %b) mod 2
      %a = npu.local [%slot] {copies = 2 : i64} : memref<64xf32, 1>
    ```
  }];
  let options = [NPUToAICoreDevice];
  let statistics = [Statistic<"numDoubled", "doubled", "Number of buffers with copies">];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def NPUPlanLocalMemory : Pass<"npu-plan-local-memory", "::mlir::npu::KernelOp"> {
  let summary = "give every local buffer its address";
  let description = [{
    Buffers of one queue share memory if their lives do not meet; those that
    queues hand over have their own. What does not fit is an error that lists the
    buffers that live together, and a tile that would fit.

    Before:
    ```mlir
    %a = npu.local : memref<64xf32, 1>
    ```
    After:
    ```mlir
    %a = npu.local {address = 0 : i64} : memref<64xf32, 1>
    ```
  }];
  let options = [NPUToAICoreDevice];
  let statistics = [Statistic<"localBytes", "bytes", "Bytes of local memory in use">];
}

def NPUInsertSync : Pass<"npu-insert-sync", "::mlir::npu::KernelOp"> {
  let summary = "order the queues that hand buffers over, by flags";
  let description = [{
    For each buffer that one queue writes and another reads, a flag forward, and,
    in a loop, a flag back, which is set once before all loops for each copy and
    waited for once behind them. Buffers that are handed over at the same places
    share a flag. Between M and FIX the later queue goes behind the earlier fractal
    by fractal, by `npu.engine.follow`, where both work on one buffer alone.

    Before:
    ```mlir
    npu.move %x to %a
    npu.vector "unary.neg" ins(%a) outs(%b)
    ```
    After:
    ```mlir
    npu.move %x to %a
    npu.engine.flag event(%e) {dst = "V", src = "MTE2", wait = 0 : i64}
    npu.engine.flag event(%e) {dst = "V", src = "MTE2", wait = 1 : i64}
    npu.vector "unary.neg" ins(%a) outs(%b)
    ```
  }];
  let options = [NPUToAICoreDevice];
  let statistics = [Statistic<"numFlags", "flags", "Number of flags between queues">];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ConvertNPUToEngine : Pass<"convert-npu-to-engine", "::mlir::ModuleOp"> {
  let summary = "turn kernels for cores into functions of engine commands";
  let description = [{
    Each `npu.kernel` with `npu.engine` becomes a function whose argument is the
    address of the array of the buffers' addresses and the scalars; a block works
    on its part of the tiles.

    Before:
    ```mlir
    npu.kernel @k(%x: memref<64xf32>, %y: memref<64xf32>) attributes {npu.engine = "vector"} {
      npu.move %x to %a : memref<64xf32>, memref<64xf32, 1>
    ```
    After:
    ```mlir
    llvm.func @k.vector(%args: !llvm.ptr) attributes {npu.blocks = 1 : i64} {
      npu.engine.dma.in dst(%0) src(%1) rowBytes(%2) ...
    ```
  }];
  let options = [NPUToAICoreDevice];
  let statistics = [Statistic<"numKernels", "kernels", "Number of kernels converted">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect"];
}

def ConvertEngineToLLVM : Pass<"convert-engine-to-llvm", "::mlir::ModuleOp"> {
  let summary = "encode engine commands as words of the control core";
  let description = [{
    Packs the fields into registers and emits the word by `.insn`. Parameter
    registers are set where they do not hold the value already.

    Before:
    ```mlir
    npu.engine.flag event(%e) {dst = "V", src = "MTE2", wait = 0 : i64}
    ```
    After:
    ```mlir
    llvm.inline_asm has_side_effects ".insn r 11, 2, 33, x0, $0, x0", "r,~{memory}" %e : (i64) -> ()
    ```

    With `lines`, an inline_asm without instructions precedes a command whose place in
    the model is not that of the command before it. It adds a row to the section
    `.npu.lines`: the address, and the place as text.
  }];
  let options = [Option<"lines", "lines", "bool", "false", "Say in the binary where in the model commands come from">];
  let statistics = [Statistic<"numCommands", "commands", "Number of commands encoded">,
                    Statistic<"numRedundant", "redundant", "Number of parameter settings left out">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect"];
}

#endif // GEMLIR_CONVERSION_NPUTOAICORE_PASSES
