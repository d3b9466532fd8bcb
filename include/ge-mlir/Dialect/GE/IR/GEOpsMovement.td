//===- GEOpsMovement.td - data movement and shapes in the ge dialect --*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPSMOVEMENT_TD
#define GEMLIR_DIALECT_GE_IR_GEOPSMOVEMENT_TD

include "ge-mlir/Dialect/GE/IR/GEBase.td"

//===----------------------------------------------------------------------===//
// The same elements in the same order under another shape
//===----------------------------------------------------------------------===//

let hasFolder = 1 in {
def GE_ReshapeOp : GE_PlainOp<"reshape", "Reshape"> {
  let summary = "the same elements under another shape";
  let semantics = "Gives the elements of `x`, in order, the shape `shape`. A 0 stands for the dimension of `x` at that "
      "place, one -1 for what remains. `axis` and `num_axes` say which dimensions of `x` the shape replaces (all by "
      "default).";
  let constraints = "(C1) at most one element of `shape` is -1 and none is below. (C2) a 0 stands where `x` has a "
      "dimension. (C3) both shapes have as many elements. (C4) `axis` and `num_axes` are in range.";
  let example = "%shape = ge.const dense<[3, -1]> : tensor<2xi64>\n"
      "    %y = ge.reshape %x, %shape : (tensor<2x6xf32>, tensor<2xi64>) -> tensor<3x4xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$shape, GE_Default<GE_Int, "0">:$axis,
                       GE_Default<GE_Int, "-1">:$num_axes);
  let results = (outs GE_AnyTensor:$y);
}

def GE_SqueezeOp : GE_PlainOp<"squeeze", "Squeeze"> {
  let summary = "removal of dimensions of size 1";
  let semantics = "Removes the dimensions `axis`, or all of size 1 if `axis` is empty.";
  let constraints = "(C1) each of `axis` is in `[-rank, rank)`. (C2) the removed dimensions are 1.";
  let example = "%y = ge.squeeze %x {axis = array<i64: 0>} : (tensor<1x3x1xf32>) -> tensor<3x1xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_EmptyListInt:$axis);
  let results = (outs GE_AnyTensor:$y);
}

def GE_UnsqueezeOp : GE_PlainOp<"unsqueeze", "Unsqueeze"> {
  let summary = "insertion of dimensions of size 1";
  let semantics = "Inserts dimensions of size 1 so that they are the dimensions `axes` of the result.";
  let constraints = "(C1) each of `axes` is in `[-rank, rank)` of the result, and they differ.";
  let example = "%y = ge.unsqueeze %x {axes = array<i64: 0, 2>} : (tensor<3x4xf32>) -> tensor<1x3x1x4xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_EmptyListInt:$axes);
  let results = (outs GE_AnyTensor:$y);
}

def GE_ExpandDimsOp : GE_PlainOp<"expand_dims", "ExpandDims"> {
  let summary = "insertion of one dimension of size 1";
  let semantics = "Inserts a dimension of size 1 so that it is dimension `axis` of the result.";
  let constraints = "(C1) `axis` has one element, in `[-rank, rank)` of the result.";
  let example = "%axis = ge.const dense<0> : tensor<i32>\n"
      "    %y = ge.expand_dims %x, %axis : (tensor<3x4xf32>, tensor<i32>) -> tensor<1x3x4xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$axis);
  let results = (outs GE_AnyTensor:$y);
}

def GE_FlattenOp : GE_PlainOp<"flatten", "Flatten"> {
  let header = "transformation_ops";
  let summary = "a matrix of the same elements";
  let semantics = "Multiplies the dimensions before `axis` into one, and those from `axis` on into another.";
  let constraints = "(C1) `axis` is in `[-rank, rank]`.";
  let example = "%y = ge.flatten %x : (tensor<2x3x4xf32>) -> tensor<2x12xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_Default<GE_Int, "1">:$axis);
  let results = (outs GE_AnyTensor:$y);
}

def GE_FlattenV2Op : GE_PlainOp<"flatten_v2", "FlattenV2"> {
  let header = "transformation_ops";
  let summary = "neighbouring dimensions merged into one";
  let semantics = "Multiplies the dimensions from `axis` to `end_axis`, both included, into one.";
  let constraints = "(C1) `axis` and `end_axis` are in `[-rank, rank)`, in this order.";
  let example = "%y = ge.flatten_v2 %x {axis = 0 : i64, end_axis = 1 : i64} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_Default<GE_Int, "1">:$axis, GE_Default<GE_Int, "-1">:$end_axis);
  let results = (outs GE_AnyTensor:$y);
}
}

//===----------------------------------------------------------------------===//
// Rearrangement
//===----------------------------------------------------------------------===//

let header = "transformation_ops" in {
def GE_TransposeOp : GE_PlainOp<"transpose", "Transpose"> {
  let summary = "dimensions in another order";
  let semantics = "Dimension i of the result is dimension `perm[i]` of `x`.";
  let constraints = "(C1) `perm` is a permutation of the dimensions of `x`.";
  let example = "%perm = ge.const dense<[1, 0]> : tensor<2xi64>\n"
      "    %y = ge.transpose %x, %perm : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<3x2xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$perm);
  let results = (outs GE_AnyTensor:$y);
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def GE_TransDataOp : GE_PlainOp<"trans_data", "TransData"> {
  let acceptsFormats = 1;
  let summary = "conversion between storage formats";
  let semantics = "Stores the tensor in `dst_format`. A plain tensor in `src_format` is the origin of the result; a "
      "plain `dst_format` gives the origin back, in that format's order.";
  let constraints = "(C1) a stored operand has the format `src_format`; a stored result has the format `dst_format`. "
      "(C2) both stand for the same origin. (C3) the formats are NCHW, NHWC, ND, NC1HWC0, FRACTAL_Z or FRACTAL_NZ. "
      "(C4) the operand has the rank that `dst_format` needs.";
  let example = "%y = ge.trans_data %x {src_format = \"NCHW\", dst_format = \"NC1HWC0\"} : "
      "(tensor<1x20x4x4xf32>) -> "
      "tensor<1x2x4x4x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 4, 4]>>";
  let arguments = (ins GE_AnyTensor:$src, GE_String:$src_format, GE_String:$dst_format,
                       GE_Default<GE_Int, "0">:$src_subformat, GE_Default<GE_Int, "0">:$dst_subformat,
                       GE_Default<GE_Int, "1">:$groups);
  let results = (outs GE_AnyTensor:$dst);
  let hasFolder = 1;
  let hasVerifier = 1;
}

def GE_DepthToSpaceOp : GE_PlainOp<"depth_to_space", "DepthToSpace"> {
  let summary = "blocks of channels spread over space";
  let semantics = "Spreads groups of `block_size^2` channels over blocks of `block_size` x `block_size` pixels. In "
      "`mode` DCR the block's place is the slower part of the channel index, in CRD the faster.";
  let constraints = "(C1) `x` has four dimensions. (C2) `data_format` is NCHW or NHWC. (C3) `block_size` is positive "
      "and its square divides the channels. (C4) `mode` is DCR or CRD.";
  let example = "%y = ge.depth_to_space %x {block_size = 2 : i64, data_format = \"NCHW\"} : "
      "(tensor<1x8x4x4xf32>) -> tensor<1x2x8x8xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_Int:$block_size, GE_Default<GE_String, "\"DCR\"">:$mode,
                       GE_Default<GE_String, "\"NHWC\"">:$data_format);
  let results = (outs GE_AnyTensor:$y);
}

def GE_SpaceToDepthOp : GE_PlainOp<"space_to_depth", "SpaceToDepth"> {
  let summary = "blocks of pixels gathered into channels";
  let semantics = "Gathers blocks of `block_size` x `block_size` pixels into channels; the pixel's place in the block "
      "is the slower part of the channel index.";
  let constraints = "(C1) `x` has four dimensions. (C2) `data_format` is NCHW or NHWC. (C3) `block_size` is positive "
      "and divides height and width.";
  let example = "%y = ge.space_to_depth %x {block_size = 2 : i64, data_format = \"NCHW\"} : "
      "(tensor<1x2x8x8xf32>) -> tensor<1x8x4x4xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_Int:$block_size, GE_Default<GE_String, "\"NHWC\"">:$data_format);
  let results = (outs GE_AnyTensor:$y);
}
}

//===----------------------------------------------------------------------===//
// Joining and splitting
//===----------------------------------------------------------------------===//

let header = "split_combination_ops" in {
def GE_ConcatV2Op : GE_PlainOp<"concat_v2", "ConcatV2"> {
  let acceptsFormats = 1;
  let summary = "tensors joined along a dimension";
  let semantics = "Joins the operands `x` along dimension `concat_dim` (of the origin shape).";
  let constraints = "(C1) there is an operand. (C2) operands have one element type and rank, and differ in dimension "
      "`concat_dim` only. (C3) `concat_dim` has one element, in `[-rank, rank)`. (C4) all operands have one storage "
      "format; if it is NC1HWC0 and its channels are joined, every part but the last has full blocks of channels.";
  let example = "%dim = ge.const dense<1> : tensor<i32>\n    %y = ge.concat_v2 %x1, %x2, %dim : "
      "(tensor<2x3xf32>, tensor<2x4xf32>, tensor<i32>) -> tensor<2x7xf32>";
  let arguments = (ins Variadic<GE_AnyTensor>:$x, GE_IndexTensor:$concat_dim, GE_Default<GE_Int, "1">:$N);
  let results = (outs GE_AnyTensor:$y);
  let hasFolder = 1;
}

def GE_PackOp : GE_PlainOp<"pack", "Pack"> {
  let summary = "tensors joined along a new dimension";
  let semantics = "Joins the operands `x` along a new dimension, which is dimension `axis` of the result.";
  let constraints = "(C1) there is an operand. (C2) operands have one element type and shape. (C3) `axis` is in "
      "`[-rank, rank)` of the result.";
  let example = "%y = ge.pack %x1, %x2 {axis = 1 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<3x2xf32>";
  let arguments = (ins Variadic<GE_AnyTensor>:$x, GE_Default<GE_Int, "0">:$axis, GE_Default<GE_Int, "1">:$N);
  let results = (outs GE_AnyTensor:$y);
}

def GE_SplitOp : GE_PlainOp<"split", "Split"> {
  let summary = "a tensor cut into equal parts";
  let semantics = "Cuts `x` into `num_split` equal parts along dimension `split_dim`.";
  let constraints = "(C1) `num_split` is positive. (C2) `split_dim` has one element, in `[-rank, rank)`. "
      "(C3) `num_split` divides the dimension.";
  let example = "%dim = ge.const dense<1> : tensor<i32>\n    %y:2 = ge.split %dim, %x {num_split = 2 : i64} : "
      "(tensor<i32>, tensor<2x6xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>)";
  let arguments = (ins GE_IndexTensor:$split_dim, GE_AnyTensor:$x, GE_Int:$num_split);
  let results = (outs Variadic<GE_AnyTensor>:$y);
}

def GE_SplitVOp : GE_PlainOp<"split_v", "SplitV"> {
  let summary = "a tensor cut into parts of given sizes";
  let semantics = "Cuts `x` along dimension `split_dim` into parts of `size_splits`; one -1 stands for what remains.";
  let constraints = "(C1) `num_split` is positive, and as many as `size_splits`. (C2) `split_dim` has one element, in "
      "`[-rank, rank)`. (C3) the sizes add up to the dimension; at most one is -1.";
  let example = "%sizes = ge.const dense<[2, -1]> : tensor<2xi64>\n"
      "    %dim = ge.const dense<1> : tensor<i32>\n"
      "    %y:2 = ge.split_v %x, %sizes, %dim {num_split = 2 : i64} : "
      "(tensor<2x6xf32>, tensor<2xi64>, tensor<i32>) -> (tensor<2x2xf32>, tensor<2x4xf32>)";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$size_splits, GE_IndexTensor:$split_dim, GE_Int:$num_split);
  let results = (outs Variadic<GE_AnyTensor>:$y);
}
}

def GE_UnpackOp : GE_PlainOp<"unpack", "Unpack"> {
  let header = "transformation_ops";
  let summary = "a tensor cut into slices of one index";
  let semantics = "Cuts `x` into its `num` slices along dimension `axis`, which is removed.";
  let constraints = "(C1) `axis` is in `[-rank, rank)`. (C2) `num` is the size of the dimension.";
  let example = "%y:2 = ge.unpack %x {num = 2 : i64} : (tensor<2x3xf32>) -> (tensor<3xf32>, tensor<3xf32>)";
  let arguments = (ins GE_AnyTensor:$x, GE_Int:$num, GE_Default<GE_Int, "0">:$axis);
  let results = (outs Variadic<GE_AnyTensor>:$y);
}

//===----------------------------------------------------------------------===//
// Selection
//===----------------------------------------------------------------------===//

let header = "selection_ops" in {
def GE_SliceOp : GE_PlainOp<"slice", "Slice"> {
  let summary = "a box cut out of a tensor";
  let semantics = "Takes `size` elements from `offsets` on, in each dimension; a size of -1 reaches to the end.";
  let constraints = "(C1) `offsets` and `size` have an element for each dimension. (C2) the box lies inside `x`.";
  let example = "%offsets = ge.const dense<[0, 1]> : tensor<2xi64>\n"
      "    %size = ge.const dense<[2, -1]> : tensor<2xi64>\n"
      "    %y = ge.slice %x, %offsets, %size : (tensor<2x6xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x5xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$offsets, GE_IndexTensor:$size);
  let results = (outs GE_AnyTensor:$y);
  let hasFolder = 1;
}

def GE_StridedSliceOp : GE_PlainOp<"strided_slice", "StridedSlice"> {
  let summary = "a strided box cut out of a tensor";
  let semantics = "Takes the elements `begin, begin + strides, ...` before `end` in each dimension. Negative places "
      "count from the end; places outside are moved to the border. Bit i of a mask concerns element i of the "
      "operands: `begin_mask` and `end_mask` ignore begin or end, `ellipsis_mask` stands for all dimensions not "
      "named, `new_axis_mask` inserts a dimension of size 1, `shrink_axis_mask` takes one index and removes the "
      "dimension.";
  let constraints = "(C1) `begin`, `end` and `strides` are vectors of one length. (C2) no stride is 0. (C3) the "
      "elements name no more dimensions than `x` has. (C4) `ellipsis_mask` has at most one bit. (C5) a place that "
      "`shrink_axis_mask` takes is inside `x`.";
  let example = "%begin = ge.const dense<[0, 5]> : tensor<2xi64>\n"
      "    %end = ge.const dense<[2, 0]> : tensor<2xi64>\n"
      "    %strides = ge.const dense<[1, -2]> : tensor<2xi64>\n"
      "    %y = ge.strided_slice %x, %begin, %end, %strides : "
      "(tensor<2x6xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x3xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$begin, GE_IndexTensor:$end, GE_IndexTensor:$strides,
                       GE_Default<GE_Int, "0">:$begin_mask, GE_Default<GE_Int, "0">:$end_mask,
                       GE_Default<GE_Int, "0">:$ellipsis_mask, GE_Default<GE_Int, "0">:$new_axis_mask,
                       GE_Default<GE_Int, "0">:$shrink_axis_mask);
  let results = (outs GE_AnyTensor:$y);
}

def GE_StridedSliceV2Op : GE_Op<"strided_slice_v2", "StridedSliceV2", [AttrSizedOperandSegments]> {
  let summary = "a strided box cut out along given dimensions";
  let semantics = "Takes the elements `begin, begin + strides, ...` before `end` in the dimensions `axes` (by default "
      "the first ones), and all elements in the others. Without `strides` all strides are 1. Places and masks are "
      "those of `ge.strided_slice`.";
  let constraints = "(C1) `begin`, `end`, `axes` and `strides` are vectors of one length. (C2) no stride is 0. "
      "(C3) each of `axes` is in `[-rank, rank)`, and they differ.";
  let example = "%begin = ge.const dense<1> : tensor<1xi64>\n"
      "    %end = ge.const dense<5> : tensor<1xi64>\n"
      "    %axes = ge.const dense<-1> : tensor<1xi64>\n"
      "    %y = ge.strided_slice_v2 %x, %begin, %end axes(%axes) : "
      "(tensor<2x6xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x4xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$begin, GE_IndexTensor:$end,
                       Optional<GE_IndexTensor>:$axes, Optional<GE_IndexTensor>:$strides,
                       GE_Default<GE_Int, "0">:$begin_mask, GE_Default<GE_Int, "0">:$end_mask,
                       GE_Default<GE_Int, "0">:$ellipsis_mask, GE_Default<GE_Int, "0">:$new_axis_mask,
                       GE_Default<GE_Int, "0">:$shrink_axis_mask);
  let results = (outs GE_AnyTensor:$y);
  let assemblyFormat = [{
    $x `,` $begin `,` $end (`axes` `(` $axes^ `)`)? (`strides` `(` $strides^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def GE_GatherV2Op : GE_PlainOp<"gather_v2", "GatherV2"> {
  let summary = "slices picked by index";
  let semantics = "Replaces dimension `axis` of `x` by the dimensions of `indices` from `batch_dims` on; the leading "
      "`batch_dims` dimensions of both are common. Negative indices count from the end.";
  let constraints = "(C1) `axis` has one element, in `[-rank, rank)`. (C2) `batch_dims` is not above `axis` nor the "
      "rank of `indices`. (C3) the common dimensions agree.";
  let example = "%axis = ge.const dense<0> : tensor<i32>\n    %y = ge.gather_v2 %x, %i, %axis : "
      "(tensor<10x4xf32>, tensor<2x3xi64>, tensor<i32>) -> tensor<2x3x4xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$indices, GE_IndexTensor:$axis,
                       GE_Default<GE_Int, "0">:$batch_dims, GE_Default<GE_Bool, "false">:$is_preprocessed,
                       GE_Default<GE_Bool, "false">:$negative_index_support);
  let results = (outs GE_AnyTensor:$y);
}

def GE_GatherNdOp : GE_PlainOp<"gather_nd", "GatherNd"> {
  let summary = "slices picked by tuples of indices";
  let semantics = "The last dimension of `indices` holds tuples that name places in the leading dimensions of `x`; "
      "each tuple is replaced by the slice at its place.";
  let constraints = "(C1) `indices` has a dimension, and its last one is not above the rank of `x`.";
  let example = "%y = ge.gather_nd %x, %i : (tensor<4x5x6xf32>, tensor<3x2xi64>) -> tensor<3x6xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$indices, GE_Default<GE_Bool, "false">:$negative_index_support);
  let results = (outs GE_AnyTensor:$y);
}

def GE_GatherElementsOp : GE_PlainOp<"gather_elements", "GatherElements"> {
  let summary = "elements picked along a dimension";
  let semantics = "Takes for each place of `index` the element of `x` at the same place, but with the index found "
      "there in dimension `dim`.";
  let constraints = "(C1) `x` and `index` have one rank. (C2) `dim` is in `[-rank, rank)`.";
  let example = "%y = ge.gather_elements %x, %i {dim = 1 : i64} : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x2xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$index, GE_Default<GE_Int, "0">:$dim);
  let results = (outs GE_AnyTensor:$y);
}

def GE_ScatterNdOp : GE_PlainOp<"scatter_nd", "ScatterNd"> {
  let summary = "slices added into zeros at tuples of indices";
  let semantics = "Adds each slice of `x` into a tensor of zeros of `shape`, at the place that the tuple in the last "
      "dimension of `indices` names.";
  let constraints = "(C1) `shape` is a vector. (C2) `x` has the dimensions of `indices` without the last, then those "
      "of `shape` that a tuple leaves.";
  let example = "%shape = ge.const dense<[4, 6]> : tensor<2xi64>\n    %y = ge.scatter_nd %i, %x, %shape : "
      "(tensor<3x1xi64>, tensor<3x6xf32>, tensor<2xi64>) -> tensor<4x6xf32>";
  let arguments = (ins GE_IndexTensor:$indices, GE_NumberTensor:$x, GE_IndexTensor:$shape);
  let results = (outs GE_NumberTensor:$y);
}

def GE_TileOp : GE_PlainOp<"tile", "Tile"> {
  let summary = "repetitions of a tensor";
  let semantics = "Repeats `x` `multiples` times in each dimension. More multiples than dimensions add leading ones.";
  let constraints = "(C1) `multiples` is a vector with an element, not negative, for each dimension at least.";
  let example = "%m = ge.const dense<[1, 2]> : tensor<2xi64>\n"
      "    %y = ge.tile %x, %m : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x6xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$multiples);
  let results = (outs GE_AnyTensor:$y);
  let hasFolder = 1;
}

def GE_ReverseV2Op : GE_PlainOp<"reverse_v2", "ReverseV2"> {
  let summary = "dimensions in reverse order";
  let semantics = "Reverses the order of elements along each dimension in `axis`.";
  let constraints = "(C1) each of `axis` is in `[-rank, rank)`.";
  let example = "%axis = ge.const dense<1> : tensor<1xi64>\n"
      "    %y = ge.reverse_v2 %x, %axis : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<2x3xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$axis);
  let results = (outs GE_AnyTensor:$y);
}

def GE_OneHotOp : GE_PlainOp<"one_hot", "OneHot"> {
  let summary = "indices as vectors with one element set";
  let semantics = "Inserts dimension `axis` of size `depth`, with `on_value` at the index found in `x` and "
      "`off_value` elsewhere. An `axis` of -1 is the last dimension.";
  let constraints = "(C1) `depth` has one element, not negative. (C2) `on_value` and `off_value` have one element "
      "and one type. (C3) `axis` is in `[-1, rank of x]`.";
  let example = "%depth = ge.const dense<10> : tensor<i32>\n    %y = ge.one_hot %x, %depth, %on, %off : "
      "(tensor<4xi64>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<4x10xf32>";
  let arguments = (ins GE_NumberTensor:$x, GE_IndexTensor:$depth, GE_BasicTensor:$on_value,
                       GE_BasicTensor:$off_value, GE_Default<GE_Int, "-1">:$axis);
  let results = (outs GE_BasicTensor:$y);
}

def GE_RangeOp : GE_PlainOp<"range", "Range"> {
  let summary = "numbers at equal distances";
  let semantics = "The numbers `start, start + delta, ...` before `limit`, or up to it if `is_closed`.";
  let constraints = "(C1) operands have one element each and one type. (C2) `delta` is not 0.";
  let example = "%start = ge.const dense<0> : tensor<i64>\n"
      "    %limit = ge.const dense<10> : tensor<i64>\n"
      "    %delta = ge.const dense<3> : tensor<i64>\n"
      "    %y = ge.range %start, %limit, %delta : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<4xi64>";
  let arguments = (ins GE_NumberTensor:$start, GE_NumberTensor:$limit, GE_NumberTensor:$delta,
                       GE_Default<GE_Bool, "false">:$is_closed);
  let results = (outs GE_NumberTensor:$y);
}

def GE_TopKV2Op : GE_PlainOp<"top_k_v2", "TopKV2"> {
  let summary = "the greatest or smallest elements with their indices";
  let semantics = "Finds the `k` greatest (`largest`) or smallest elements along `dim` and their indices, in order if "
      "`sorted`; among equal elements the lower index comes first.";
  let constraints = "(C1) `k` has one element, in `[0, size of dim]`. (C2) `dim` is in `[-rank, rank)`. (C3) "
      "`indices_dtype` is i32 or i64.";
  let example = "%k = ge.const dense<2> : tensor<i32>\n    %values, %indices = ge.top_k_v2 %x, %k : "
      "(tensor<3x8xf32>, tensor<i32>) -> (tensor<3x2xf32>, tensor<3x2xi32>)";
  let arguments = (ins GE_NumberTensor:$x, GE_IndexTensor:$k, GE_Default<GE_Bool, "true">:$sorted,
                       GE_Default<GE_Int, "-1">:$dim, GE_Default<GE_Bool, "true">:$largest,
                       GE_DefaultType<GE_TypeInt, "getI32Type()", "DT_INT32">:$indices_dtype);
  let skipDefaultBuilders = 1;
  let builders = [GE_InferringBuilder<(ins "::mlir::Value":$x, "::mlir::Value":$k, "bool":$sorted, "int64_t":$dim,
                                           "bool":$largest, "::mlir::Type":$indices_dtype), [{
    $_state.addOperands({x, k});
    properties.sorted = $_builder.getBoolAttr(sorted);
    properties.dim = $_builder.getI64IntegerAttr(dim);
    properties.largest = $_builder.getBoolAttr(largest);
    properties.indices_dtype = ::mlir::TypeAttr::get(indices_dtype);
  }]>];
  let results = (outs GE_NumberTensor:$values, GE_IndexTensor:$indices);
}
}

let header = "matrix_calculation_ops" in {
def GE_ScatterElementsOp : GE_PlainOp<"scatter_elements", "ScatterElements"> {
  let summary = "elements written along a dimension";
  let semantics = "Writes each element of `updates` into a copy of `data`, at the same place, but with the index found "
      "in `indices` in dimension `axis`. `reduction` add, mul, max and min combine with what is there.";
  let constraints = "(C1) operands have one rank, `data` and `updates` one element type, `indices` and `updates` one "
      "shape. (C2) `axis` is in `[-rank, rank)`. (C3) `reduction` is none, add, mul, max or min.";
  let example = "%y = ge.scatter_elements %data, %i, %updates {axis = 1 : i64} : "
      "(tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> tensor<2x3xf32>";
  let arguments = (ins GE_AnyTensor:$data, GE_IndexTensor:$indices, GE_AnyTensor:$updates,
                       GE_Default<GE_Int, "0">:$axis, GE_Default<GE_String, "\"none\"">:$reduction);
  let results = (outs GE_AnyTensor:$y);
}

def GE_TensorScatterUpdateOp : GE_PlainOp<"tensor_scatter_update", "TensorScatterUpdate"> {
  let summary = "slices written at tuples of indices";
  let semantics = "Writes each slice of `updates` into a copy of `x`, at the place that the tuple in the last "
      "dimension of `indices` names.";
  let constraints = "(C1) `x` and `updates` have one element type. (C2) `indices` has a dimension, and its last one is "
      "not above the rank of `x`. (C3) `updates` has the dimensions of `indices` without the last, then those of "
      "`x` that a tuple leaves.";
  let example = "%y = ge.tensor_scatter_update %x, %i, %updates : "
      "(tensor<4x6xf32>, tensor<3x1xi64>, tensor<3x6xf32>) -> tensor<4x6xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$indices, GE_AnyTensor:$updates);
  let results = (outs GE_AnyTensor:$y);
}

class GE_TriangleOp<string mnemonic, string type, string side> : GE_Op<mnemonic, type> {
  let summary = "the " # side # " triangle of matrices";
  let semantics = "Keeps the " # side # " triangle of each matrix in the last two dimensions, with the diagonal "
      "`diagonal` places above the main one, and sets all else to zero.";
  let constraints = "(C1) `x` has at least two dimensions.";
  let example = "%y = ge." # mnemonic # " %x {diagonal = 1 : i64} : tensor<4x4xf32>";
  let arguments = (ins GE_BasicTensor:$x, GE_Default<GE_Int, "0">:$diagonal);
  let results = (outs GE_BasicTensor:$y);
  let assemblyFormat = "$x attr-dict `:` custom<UniformType>(type($x), type($y))";
  let inference = "return infer.triangle(results, op.getX());";
}
def GE_TrilOp : GE_TriangleOp<"tril", "Tril", "lower">;
def GE_TriuOp : GE_TriangleOp<"triu", "Triu", "upper">;

def GE_EyeOp : GE_Op<"eye", "Eye"> {
  let summary = "unit matrices";
  let semantics = "A matrix of `num_rows` by `num_columns` (0: as many as rows) with ones on the diagonal, for each "
      "place of `batch_shape`.";
  let constraints = "(C1) `num_rows` is positive, `num_columns` and the batch dimensions are not negative.";
  let example = "%y = ge.eye {num_rows = 3 : i64} : tensor<3x3xf32>";
  let arguments = (ins GE_Int:$num_rows, GE_Default<GE_Int, "0">:$num_columns, GE_EmptyListInt:$batch_shape,
                       GE_DefaultType<GE_TypeInt, "getF32Type()", "0">:$dtype);
  let skipDefaultBuilders = 1;
  let builders = [GE_InferringBuilder<(ins "int64_t":$rows, "int64_t":$columns,
                                           "::llvm::ArrayRef<int64_t>":$batch_shape, "::mlir::Type":$dtype), [{
    properties.num_rows = $_builder.getI64IntegerAttr(rows);
    properties.num_columns = $_builder.getI64IntegerAttr(columns);
    properties.batch_shape = $_builder.getDenseI64ArrayAttr(batch_shape);
    properties.dtype = ::mlir::TypeAttr::get(dtype);
  }]>];
  let results = (outs GE_BasicTensor:$y);
  let assemblyFormat = "attr-dict `:` type($y)";
}
}

//===----------------------------------------------------------------------===//
// Padding, broadcasting, filling
//===----------------------------------------------------------------------===//

def GE_BroadcastToOp : GE_PlainOp<"broadcast_to", "BroadcastTo"> {
  let header = "pad_ops";
  let summary = "repetition to a shape";
  let semantics = "Broadcasts `x` to `shape`. A 1 in `shape` leaves the dimension of `x`.";
  let constraints = "(C1) `shape` is a vector, not shorter than the rank of `x`. (C2) the shapes broadcast.";
  let example = "%shape = ge.const dense<[2, 3]> : tensor<2xi64>\n"
      "    %y = ge.broadcast_to %x, %shape : (tensor<3xf32>, tensor<2xi64>) -> tensor<2x3xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$shape);
  let results = (outs GE_AnyTensor:$y);
  let hasFolder = 1;
}

def GE_PadV3Op : GE_PlainOp<"pad_v3", "PadV3"> {
  let header = "pad_ops";
  let summary = "elements added at the borders";
  let semantics = "Adds `paddings` elements before and after each dimension; negative numbers remove. In `mode` "
      "constant they are `constant_values` (by default 0), in reflect and edge they repeat `x`. If "
      "`paddings_contiguous`, the numbers come as before, after of each dimension; else all before, then all after.";
  let constraints = "(C1) `paddings` has two elements for each dimension. (C2) `mode` is constant, reflect, edge, "
      "symmetric or wrap. (C3) `constant_values` has one element of the type of `x`.";
  let example = "%p = ge.const dense<[[0, 0], [1, 2]]> : tensor<2x2xi64>\n"
      "    %y = ge.pad_v3 %x, %p : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x6xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$paddings, Optional<GE_AnyTensor>:$constant_values,
                       GE_Default<GE_String, "\"constant\"">:$mode, GE_Default<GE_Bool, "true">:$paddings_contiguous);
  let results = (outs GE_AnyTensor:$y);
  let hasFolder = 1;
}

def GE_MirrorPadOp : GE_PlainOp<"mirror_pad", "MirrorPad"> {
  let header = "array_ops";
  let summary = "mirror images added at the borders";
  let semantics = "Adds `paddings` elements before and after each dimension, mirrored at the border element (REFLECT) "
      "or behind it (SYMMETRIC).";
  let constraints = "(C1) `paddings` has two elements, not negative, for each dimension. (C2) `mode` is REFLECT or "
      "SYMMETRIC.";
  let example = "%p = ge.const dense<[[0, 0], [1, 2]]> : tensor<2x2xi64>\n"
      "    %y = ge.mirror_pad %x, %p {mode = \"REFLECT\"} : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x6xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$paddings, GE_String:$mode);
  let results = (outs GE_AnyTensor:$y);
}

def GE_FillOp : GE_PlainOp<"fill", "Fill"> {
  let header = "pad_ops";
  let summary = "a tensor of one value";
  let semantics = "A tensor of shape `dims` whose elements are `value`.";
  let constraints = "(C1) `dims` is a vector without negative elements. (C2) `value` has one element.";
  let example = "%dims = ge.const dense<[2, 3]> : tensor<2xi64>\n"
      "    %y = ge.fill %dims, %value : (tensor<2xi64>, tensor<f32>) -> tensor<2x3xf32>";
  let arguments = (ins GE_IndexTensor:$dims, GE_AnyTensor:$value);
  let results = (outs GE_AnyTensor:$y);
}

def GE_ReverseSequenceOp : GE_PlainOp<"reverse_sequence", "ReverseSequence"> {
  let summary = "sequences of different lengths reversed";
  let semantics = "For index b of dimension `batch_dim`, reverses the first `seq_lengths[b]` elements along `seq_dim`.";
  let constraints = "(C1) `seq_dim` and `batch_dim` are in `[-rank, rank)` and differ. (C2) `seq_lengths` is a vector "
      "as long as dimension `batch_dim`.";
  let example = "%y = ge.reverse_sequence %x, %l {seq_dim = 1 : i64} : (tensor<2x8xf32>, tensor<2xi64>) -> tensor<2x8xf32>";
  let arguments = (ins GE_AnyTensor:$x, GE_IndexTensor:$seq_lengths, GE_Int:$seq_dim,
                       GE_Default<GE_Int, "0">:$batch_dim);
  let results = (outs GE_AnyTensor:$y);
}

//===----------------------------------------------------------------------===//
// Shapes as data
//===----------------------------------------------------------------------===//

def GE_ShapeOp : GE_PlainOp<"shape", "Shape"> {
  let acceptsFormats = 1;
  let summary = "the dimensions of a tensor";
  let semantics = "A vector of the dimensions of `x` (of its origin, if it has a storage format).";
  let constraints = "(C1) `dtype` is i32 or i64.";
  let example = "%y = ge.shape %x {dtype = i64} : (tensor<2x3xf32>) -> tensor<2xi64>";
  let arguments = (ins GE_AnyTensor:$x, GE_DefaultType<GE_TypeInt, "getI32Type()", "DT_INT32">:$dtype);
  let skipDefaultBuilders = 1;
  let builders = [GE_InferringBuilder<(ins "::mlir::Value":$x, "::mlir::Type":$dtype), [{
    $_state.addOperands(x);
    properties.dtype = ::mlir::TypeAttr::get(dtype);
  }]>];
  let results = (outs GE_IndexTensor:$y);
}

def GE_SizeOp : GE_PlainOp<"size", "Size"> {
  let acceptsFormats = 1;
  let summary = "the number of elements of a tensor";
  let semantics = "The number of elements of `x` (of its origin, if it has a storage format), as a scalar.";
  let constraints = "(C1) `dtype` is i32 or i64.";
  let example = "%y = ge.size %x : (tensor<2x3xf32>) -> tensor<i32>";
  let arguments = (ins GE_AnyTensor:$x, GE_DefaultType<GE_TypeInt, "getI32Type()", "DT_INT32">:$dtype);
  let skipDefaultBuilders = 1;
  let builders = [GE_InferringBuilder<(ins "::mlir::Value":$x, "::mlir::Type":$dtype), [{
    $_state.addOperands(x);
    properties.dtype = ::mlir::TypeAttr::get(dtype);
  }]>];
  let results = (outs GE_IndexTensor:$y);
}

def GE_RankOp : GE_PlainOp<"rank", "Rank"> {
  let acceptsFormats = 1;
  let summary = "the number of dimensions of a tensor";
  let semantics = "The number of dimensions of `x` (of its origin, if it has a storage format), as an i32 scalar.";
  let constraints = "(C1) the result is an i32 scalar.";
  let example = "%y = ge.rank %x : (tensor<2x3xf32>) -> tensor<i32>";
  let arguments = (ins GE_AnyTensor:$x);
  let results = (outs GE_IndexTensor:$y);
}

//===----------------------------------------------------------------------===//
// Results as large as the data say
//===----------------------------------------------------------------------===//

def GE_NonZeroOp : GE_PlainOp<"non_zero", "NonZero"> {
  let summary = "the indices of elements that are not zero";
  let semantics = "The indices of the elements of `x` that are not zero, in row-major order: a row of `y` for each "
      "dimension of `x` and a column for each element, or the other way round if `transpose`. A scalar counts as a "
      "vector of one element.";
  let constraints = "(C1) `dtype` is i32 or i64.";
  let example = "%y = ge.non_zero %x : (tensor<3x4xf32>) -> tensor<2x?xi64>";
  let arguments = (ins GE_BasicTensor:$x, GE_Default<GE_Bool, "false">:$transpose,
                       GE_DefaultType<GE_Type, "getI64Type()", "DT_INT64">:$dtype);
  let skipDefaultBuilders = 1;
  let builders = [GE_InferringBuilder<(ins "::mlir::Value":$x, "bool":$transpose, "::mlir::Type":$dtype), [{
    $_state.addOperands(x);
    properties.transpose = $_builder.getBoolAttr(transpose);
    properties.dtype = ::mlir::TypeAttr::get(dtype);
  }]>];
  let results = (outs GE_IndexTensor:$y);
}

def GE_UniqueOp : GE_PlainOp<"unique", "Unique"> {
  let summary = "the different elements of a vector";
  let semantics = "The different elements of `x` in the order in which they first appear, and for each element of `x` "
      "the index of its equal in `y`. A NaN equals nothing.";
  let constraints = "(C1) `x` is a vector. (C2) `out_idx` is i32 or i64.";
  let example = "%y, %idx = ge.unique %x : (tensor<6xf32>) -> (tensor<?xf32>, tensor<6xi32>)";
  let arguments = (ins GE_NumberTensor:$x, GE_DefaultType<GE_Type, "getI32Type()", "DT_INT32">:$out_idx);
  let skipDefaultBuilders = 1;
  let builders = [GE_InferringBuilder<(ins "::mlir::Value":$x, "::mlir::Type":$out_idx), [{
    $_state.addOperands(x);
    properties.out_idx = ::mlir::TypeAttr::get(out_idx);
  }]>];
  let results = (outs GE_NumberTensor:$y, GE_IndexTensor:$idx);
}

#endif // GEMLIR_DIALECT_GE_IR_GEOPSMOVEMENT_TD
