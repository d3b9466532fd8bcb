//===- GEOpsReduce.td - reductions and scans of the ge dialect --*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPSREDUCE_TD
#define GEMLIR_DIALECT_GE_IR_GEOPSREDUCE_TD

include "ge-mlir/Dialect/GE/IR/GEBase.td"

// `noop` is the default of noop_with_empty_axes.
class GE_ReduceOp<string mnemonic, string type, string what, TypeConstraint elements = GE_NumberTensor,
                  string noop = "true"> : GE_PlainOp<mnemonic, type> {
  let acceptsFormats = 1;
  let header = "reduce_ops";
  let summary = what # " over some dimensions";
  let semantics = "Computes the " # what # " over `axes`. Reduced dimensions are removed, or 1 if `keep_dims`. Empty "
      "`axes` leave the operand as it is if `noop_with_empty_axes`, else stand for all dimensions.";
  let constraints = "(C1) each of `axes` is in `[-rank, rank)`. (C2) an operand with a storage format keeps its "
      "dimensions, and `axes` (of the origin shape) leave out its channels.";
  let example = "%axes = ge.const dense<1> : tensor<1xi64>\n    %y = ge." # mnemonic #
      " %x, %axes {keep_dims = true} : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x1xf32>";
  let arguments = (ins elements:$x, GE_IndexTensor:$axes, GE_Default<GE_Bool, "false">:$keep_dims,
                       GE_Default<GE_Bool, noop>:$noop_with_empty_axes);
  let results = (outs elements:$y);
  let inference = [{
    return infer.reduce(results, op.getX(), op.getAxes(), op.getKeepDims(), op.getNoopWithEmptyAxes());
  }];
}

class GE_ReduceBoolOp<string mnemonic, string type, string what> : GE_PlainOp<mnemonic, type> {
  let header = "reduce_ops";
  let summary = what # " over some dimensions";
  let semantics = "Computes the " # what # " over `axes`. Reduced dimensions are removed, or 1 if `keep_dims`. Empty "
      "`axes` leave the operand as it is.";
  let constraints = "(C1) each of `axes` is in `[-rank, rank)`.";
  let example = "%axes = ge.const dense<1> : tensor<1xi64>\n    %y = ge." # mnemonic #
      " %x, %axes : (tensor<2x3xi1>, tensor<1xi64>) -> tensor<2xi1>";
  let arguments = (ins GE_BoolTensor:$x, GE_IndexTensor:$axes, GE_Default<GE_Bool, "false">:$keep_dims);
  let results = (outs GE_BoolTensor:$y);
  let inference = "return infer.reduce(results, op.getX(), op.getAxes(), op.getKeepDims(), true);";
}

def GE_ReduceSumOp : GE_ReduceOp<"reduce_sum", "ReduceSum", "sum">;
def GE_ReduceMeanOp : GE_ReduceOp<"reduce_mean", "ReduceMean", "mean">;
def GE_ReduceMaxOp : GE_ReduceOp<"reduce_max", "ReduceMax", "maximum">;
def GE_ReduceMinOp : GE_ReduceOp<"reduce_min", "ReduceMin", "minimum">;
def GE_ReduceProdOp : GE_ReduceOp<"reduce_prod", "ReduceProd", "product">;
def GE_ReduceLogSumExpOp : GE_ReduceOp<"reduce_log_sum_exp", "ReduceLogSumExp", "logarithm of the sum of exponentials",
                                       GE_FloatTensor, "false">;
def GE_ReduceAllOp : GE_ReduceBoolOp<"reduce_all", "ReduceAll", "conjunction">;
def GE_ReduceAnyOp : GE_ReduceBoolOp<"reduce_any", "ReduceAny", "disjunction">;

class GE_ArgOp<string mnemonic, string type, string what> : GE_PlainOp<mnemonic, type> {
  let header = "elewise_calculation_ops";
  let summary = "index of the " # what;
  let semantics = "Finds the index of the first " # what # " along `dimension`, which is removed.";
  let constraints = "(C1) `dimension` has one element, in `[-rank, rank)`. (C2) `dtype` is i32 or i64.";
  let example = "%d = ge.const dense<1> : tensor<i64>\n    %y = ge." # mnemonic #
      " %x, %d : (tensor<2x3xf32>, tensor<i64>) -> tensor<2xi64>";
  let arguments = (ins GE_NumberTensor:$x, GE_IndexTensor:$dimension,
                       GE_DefaultType<GE_Type, "getI64Type()", "DT_INT64">:$dtype);
  let skipDefaultBuilders = 1;
  let builders = [GE_InferringBuilder<(ins "::mlir::Value":$x, "::mlir::Value":$dimension, "::mlir::Type":$dtype), [{
    $_state.addOperands({x, dimension});
    properties.dtype = ::mlir::TypeAttr::get(dtype);
  }]>];
  let results = (outs GE_IndexTensor:$y);
  let inference = "return infer.argReduce(results, op.getX(), op.getDimension(), op.getDtype());";
}

def GE_ArgMaxV2Op : GE_ArgOp<"arg_max_v2", "ArgMaxV2", "maximum">;
def GE_ArgMinOp : GE_ArgOp<"arg_min", "ArgMin", "minimum">;

class GE_ScanOp<string mnemonic, string type, string what> : GE_PlainOp<mnemonic, type> {
  let header = "selection_ops";
  let summary = "running " # what;
  let semantics = "Computes the " # what # " of all elements up to each one along `axis`, without itself if "
      "`exclusive`, and from the end if `reverse`.";
  let constraints = "(C1) `axis` has one element, in `[-rank, rank)`.";
  let example = "%axis = ge.const dense<1> : tensor<i32>\n    %y = ge." # mnemonic #
      " %x, %axis : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3xf32>";
  let arguments = (ins GE_NumberTensor:$x, GE_IndexTensor:$axis, GE_Default<GE_Bool, "false">:$exclusive,
                       GE_Default<GE_Bool, "false">:$reverse);
  let results = (outs GE_NumberTensor:$y);
  let inference = "return infer.scan(results, op.getX(), op.getAxis());";
}

def GE_CumsumOp : GE_ScanOp<"cumsum", "Cumsum", "sum">;
def GE_CumprodOp : GE_ScanOp<"cumprod", "Cumprod", "product">;

#endif // GEMLIR_DIALECT_GE_IR_GEOPSREDUCE_TD
