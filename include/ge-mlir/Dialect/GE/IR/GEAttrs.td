//===- GEAttrs.td - attributes of the ge dialect -----------*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEATTRS_TD
#define GEMLIR_DIALECT_GE_IR_GEATTRS_TD

include "ge-mlir/Dialect/GE/IR/GEDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/TensorEncoding.td"

// The numbers are GE's.
def GE_Format : I32EnumAttr<"Format", "storage format of a tensor", [
    I32EnumAttrCase<"NCHW", 0>, I32EnumAttrCase<"NHWC", 1>, I32EnumAttrCase<"ND", 2>,
    I32EnumAttrCase<"NC1HWC0", 3>, I32EnumAttrCase<"FRACTAL_Z", 4>,
    I32EnumAttrCase<"FRACTAL_NZ", 29>]> {
  let cppNamespace = "::mlir::ge";
  let genSpecializedAttr = 0;
}

def GE_FormatAttr : AttrDef<GE_Dialect, "Format",
    [DeclareAttrInterfaceMethods<VerifiableTensorEncoding, ["verifyEncoding"]>]> {
  let mnemonic = "format";
  let summary = "how the storage of a tensor maps to its origin";
  let description = [{
    The encoding of a tensor whose type holds the storage shape. `origin` is the
    plain format and `origin_shape` the shape that the tensor stands for. Storage
    elements outside the origin shape (padding lanes) have unspecified values.

    | format | origin | storage shape |
    | --- | --- | --- |
    | NCHW, NHWC | NCHW, NHWC | the origin's dimensions in the format's order |
    | ND | any | the origin shape |
    | NC1HWC0 | NCHW, NHWC | `[N, ceil(C / C0), H, W, C0]` |
    | FRACTAL_Z | NCHW (filter `[N, C, KH, KW]`) | `[ceil(C / C0) * KH * KW, ceil(N / 16), 16, C0]` |
    | FRACTAL_NZ | ND `[..., M, N]` | `[..., ceil(N / N0), ceil(M / 16), 16, N0]` |

    C0 and N0 are the last dimension of the storage shape.

    Example:
    ```mlir
    %y = ge.relu %x : tensor<1x4x56x56x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 64, 56, 56]>>
    ```
  }];
  let parameters = (ins EnumParameter<GE_Format>:$format,
                        EnumParameter<GE_Format>:$origin,
                        ArrayRefParameter<"int64_t">:$originShape);
  let assemblyFormat = [{
    `<` $format `,` `origin` `=` $origin `,` `origin_shape` `=` custom<Dimensions>($originShape) `>`
  }];
  let genVerifyDecl = 1;
}

#endif // GEMLIR_DIALECT_GE_IR_GEATTRS_TD
