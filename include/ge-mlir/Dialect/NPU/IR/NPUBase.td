//===- NPUBase.td - npu dialect, types and attributes -*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_NPU_IR_NPUBASE
#define GEMLIR_DIALECT_NPU_IR_NPUBASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/DialectBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def NPU_Dialect : Dialect {
  let name = "npu";
  let cppNamespace = "::mlir::npu";
  let summary = "the device: kernels, tile operations and the program that launches them";
  let description = [{
    Two levels share the dialect. At *core level* an `npu.kernel` holds the work
    of one launch: tile operations (`npu.mmad`, `npu.im2col`, `npu.depthwise`),
    movement between memory spaces (`npu.move`) and the block's identity
    (`npu.tile_range`), beside `linalg`, `scf`, `vector` and `memref`. At *program
    level* an `npu.program` is a control-flow graph over 64-bit registers and
    buffers: what the runtime does between launches. Every device uses both
    levels; only the lowering of kernels differs.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::cf::ControlFlowDialect", "::mlir::memref::MemRefDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let extraClassDeclaration = [{
    /// Adds the operations of EngineOps.td.
    void addEngineOps();
  }];
}

class NPU_Type<string name, string typeMnemonic> : TypeDef<NPU_Dialect, name> {
  let mnemonic = typeMnemonic;
}

def NPU_MatrixType : NPU_Type<"Matrix", "matrix"> {
  let summary = "a matrix that is read through an address map and never stored";
  let description = [{
    The result of `npu.im2col`: `rows` by `columns` elements whose addresses the
    consumer computes. It has no memory of its own, so bufferization leaves it
    as it is.

    Example: `!npu.matrix<3136x576xf32>`
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$columns, "::mlir::Type":$elementType);
  let hasCustomAssemblyFormat = 1;
}

def NPU_PanelOrder : I32EnumAttr<"PanelOrder", "the order in which `npu.pack_panels` reads its operand", [
    I32EnumAttrCase<"KN", 0, "kn">,
    I32EnumAttrCase<"NK", 1, "nk">,
    I32EnumAttrCase<"ConvNCHW", 2, "conv_nchw">,
    I32EnumAttrCase<"ConvNC1HWC0", 3, "conv_nc1hwc0">,
    I32EnumAttrCase<"Depthwise", 4, "depthwise">
  ]> {
  let cppNamespace = "::mlir::npu";
  let genSpecializedAttr = 0;
}
def NPU_PanelOrderAttr : EnumAttr<NPU_Dialect, NPU_PanelOrder, "panel_order"> {
  let assemblyFormat = "$value";
}

class NPU_Op<string mnemonic, list<Trait> traits = []> : Op<NPU_Dialect, mnemonic, traits>;

#endif // GEMLIR_DIALECT_NPU_IR_NPUBASE
