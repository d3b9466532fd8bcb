// REQUIRES: ge-tblgen
// RUN: rm -rf %t && mkdir %t
// RUN: ge-tblgen -gen-client-protos -header-dir=%t -I%include_dir -I%mlir_include_dir %s -o %t/all_ops.h
// RUN: FileCheck %s --check-prefix=ALL < %t/all_ops.h
// RUN: FileCheck %s --check-prefix=PROTO < %t/sample_ops.h
// RUN: FileCheck %s --check-prefix=TEST < %t/test_ops.h
// RUN: ge-tblgen -gen-ge-op-table -I%include_dir -I%mlir_include_dir %s | FileCheck %s --check-prefix=TABLE
// RUN: ge-tblgen -gen-op-docs -I%include_dir -I%mlir_include_dir %s | FileCheck %s --check-prefix=DOC
// RUN: ge-tblgen -gen-python-ops -I%include_dir -I%mlir_include_dir %s | FileCheck %s --check-prefix=PYTHON

include "ge-mlir/Dialect/GE/IR/GEBase.td"
include "ge-mlir/Dialect/GE/IR/GEProto.td"

// all_ops.h has every header but the stand-ins of tests.
// ALL:     #include "sample_ops.h"
// ALL-NOT: test_ops

// An operation: kinds of inputs come from ODS, defaults are GE's words.
// PROTO:      #include "graph/operator_reg.h"
// PROTO:      REG_OP(Sample)
// PROTO-NEXT:     .INPUT(x, TensorType::RealNumberType())
// PROTO-NEXT:     .OPTIONAL_INPUT(bias, TensorType::ALL())
// PROTO-NEXT:     .DYNAMIC_INPUT(rest, TensorType::IndexNumberType())
// PROTO-NEXT:     .OUTPUT(y, TensorType::ALL())
// PROTO-NEXT:     .REQUIRED_ATTR(axis, Int)
// PROTO-NEXT:     .ATTR(pads, ListInt, {0,0})
// PROTO-NEXT:     .ATTR(mode, String, "none")
// PROTO-NEXT:     .ATTR(dtype, Int, DT_INT32)
// PROTO-NEXT:     .OP_END_FACTORY_REG(Sample)
// TABLE: Inputs[] = {{.*}}{"x", Arity::Required}, {"bias", Arity::Optional}, {"rest", Arity::Variadic}
// TABLE: Attrs[] = {{.*}}{"axis", "Int", true, false}, {"pads", "ListInt", false, false}, {"mode", "String", false, false}, {"dtype", "Int", false, true}
// TABLE: {"Sample", "ge.sample",
// DOC:      ## Sample
// DOC:      `ge.sample`: a sample.
// DOC:      Does something.
// DOC:      - (C1) one thing.
// DOC-NEXT: - (C2) another, as (C1) says.
// DOC:      %y = ge.sample
// DOC:      REG_OP(Sample)
// PYTHON:      def Sample(x, bias=None, *, rest, axis, pads=(0, 0), mode="none", dtype="int32", name=None):
// PYTHON-NEXT:     """A sample.
// PYTHON:          Does something.
// PYTHON:          _node("Sample", name,
// PYTHON-NEXT:     inputs=[("x", "required", x), ("bias", "optional", bias), ("rest", "dynamic", rest)],
// PYTHON-NEXT:     attributes=[("axis", "Int", axis), ("pads", "ListInt", pads), ("mode", "String", mode), ("dtype", "Int", dtype)],
// PYTHON-NEXT:     outputs=[("y", None)],
// PYTHON-NEXT:     graphs=[])
def GE_SampleOp : GE_Op<"sample", "Sample", [AttrSizedOperandSegments]> {
  let header = "sample_ops";
  let summary = "a sample";
  let semantics = "Does something.";
  let constraints = "(C1) one thing. (C2) another, as (C1) says.";
  let example = "%y = ge.sample %x";
  let arguments = (ins GE_NumberTensor:$x, Optional<GE_AnyTensor>:$bias, Variadic<GE_IndexTensor>:$rest,
                       GE_Int:$axis, GE_Default<GE_ListInt, "{0,0}">:$pads,
                       GE_Default<GE_String, "\"none\"">:$mode,
                       GE_DefaultType<GE_TypeInt, "getI32Type()", "DT_INT32">:$dtype);
  let results = (outs GE_AnyTensor:$y);
}

// A prototype as text: the same, with lists in braces and graphs.
// PROTO:      REG_OP(Text)
// PROTO-NEXT:     .OPTIONAL_INPUT(x, TensorType({DT_FLOAT, DT_FLOAT16}))
// PROTO-NEXT:     .DYNAMIC_OUTPUT(y, TensorType({BasicType(), DT_BOOL}))
// PROTO-NEXT:     .GRAPH(then)
// PROTO-NEXT:     .DYNAMIC_GRAPH(branches)
// PROTO-NEXT:     .REQUIRED_ATTR(k, ListListInt)
// PROTO-NEXT:     .ATTR(sep, String, ";")
// PROTO-NEXT:     .ATTR(shapes, ListListInt, { {}, {1} })
// PROTO-NEXT:     .OP_END_FACTORY_REG(Text)
def : GE_Proto<"Text", "sample_ops", "x?:FLOAT,FLOAT16", "y*:BasicType,BOOL",
               "k!:ListListInt; sep:String=\";\"; shapes:ListListInt={ {}, {1} }", "then; branches*">;

// TEST: REG_OP(Stub)
def : GE_Proto<"Stub", "test_ops">;
