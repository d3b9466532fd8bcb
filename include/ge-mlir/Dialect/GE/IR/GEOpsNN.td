//===- GEOpsNN.td - neural-network ge operations -----------*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPSNN_TD
#define GEMLIR_DIALECT_GE_IR_GEOPSNN_TD

include "ge-mlir/Dialect/GE/IR/GEBase.td"

//===----------------------------------------------------------------------===//
// Matrix multiplication
//===----------------------------------------------------------------------===//

def GE_MatMulV2Op : GE_Op<"mat_mul_v2", "MatMulV2", [AttrSizedOperandSegments]> {
  let header = "matrix_calculation_ops";
  let summary = "product of two matrices";
  let semantics = "Computes `x1 * x2 + bias`; `transpose_x1` and `transpose_x2` say that the operand is given "
      "transposed. Products of 8-bit integers are accumulated and returned in i32.";
  let constraints = "(C1) `x1` and `x2` are matrices of one element type. (C2) their inner dimensions agree. "
      "(C3) `bias` is a vector with an element for each column of the result.";
  let example = "%y = ge.mat_mul_v2 %x1, %x2 bias(%b) {transpose_x2 = true} : "
      "(tensor<4x8xf32>, tensor<16x8xf32>, tensor<16xf32>) -> tensor<4x16xf32>";
  let arguments = (ins GE_NumberTensor:$x1, GE_NumberTensor:$x2, Optional<GE_NumberTensor>:$bias,
                       Optional<GE_IntTensor>:$offset_w,
                       GE_Default<GE_Bool, "false">:$transpose_x1, GE_Default<GE_Bool, "false">:$transpose_x2,
                       GE_Default<GE_Int, "0">:$offset_x);
  let results = (outs GE_NumberTensor:$y);
  let assemblyFormat = [{
    $x1 `,` $x2 (`bias` `(` $bias^ `)`)? (`offset_w` `(` $offset_w^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def GE_BatchMatMulV2Op : GE_Op<"batch_mat_mul_v2", "BatchMatMulV2", [AttrSizedOperandSegments]> {
  let header = "matrix_calculation_ops";
  let summary = "products of pairs of matrices";
  let semantics = "Multiplies the matrices in the last two dimensions; the leading dimensions broadcast. `adj_x1` "
      "and `adj_x2` say that the operand's matrices are given transposed.";
  let constraints = "(C1) `x1` and `x2` have one element type and at least two dimensions. (C2) the inner "
      "dimensions agree. (C3) the leading dimensions broadcast. (C4) `bias` is a vector with an element for each "
      "column of the result.";
  let example = "%y = ge.batch_mat_mul_v2 %x1, %x2 : "
      "(tensor<2x12x64x32xf32>, tensor<2x12x32x64xf32>) -> tensor<2x12x64x64xf32>";
  let arguments = (ins GE_NumberTensor:$x1, GE_NumberTensor:$x2, Optional<GE_NumberTensor>:$bias,
                       Optional<GE_IntTensor>:$offset_w,
                       GE_Default<GE_Bool, "false">:$adj_x1, GE_Default<GE_Bool, "false">:$adj_x2,
                       GE_Default<GE_Int, "0">:$offset_x);
  let results = (outs GE_NumberTensor:$y);
  let assemblyFormat = [{
    $x1 `,` $x2 (`bias` `(` $bias^ `)`)? (`offset_w` `(` $offset_w^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def GE_GEMMOp : GE_PlainOp<"gemm", "GEMM"> {
  let header = "matrix_calculation_ops";
  let summary = "scaled matrix product plus a scaled matrix";
  let semantics = "Computes `alpha * a * b + beta * c`.";
  let constraints = "(C1) `a` and `b` are matrices of one element type. (C2) their inner dimensions agree. "
      "(C3) `c` broadcasts to the shape of the product. (C4) `alpha` and `beta` have one element.";
  let example = "%y = ge.gemm %a, %b, %c, %alpha, %beta : (tensor<4x8xf32>, tensor<8x16xf32>, tensor<4x16xf32>, "
      "tensor<1xf32>, tensor<1xf32>) -> tensor<4x16xf32>";
  let arguments = (ins GE_NumberTensor:$a, GE_NumberTensor:$b, GE_NumberTensor:$c, GE_NumberTensor:$alpha,
                       GE_NumberTensor:$beta, GE_Default<GE_Bool, "false">:$transpose_a,
                       GE_Default<GE_Bool, "false">:$transpose_b);
  let results = (outs GE_NumberTensor:$y);
}

//===----------------------------------------------------------------------===//
// Convolution. Lists of four follow `data_format`; pads are top, bottom, left, right.
//===----------------------------------------------------------------------===//

def GE_Conv2DOp : GE_Op<"conv2d", "Conv2D", [AttrSizedOperandSegments]> {
  let acceptsFormats = 1;
  let header = "nn_calculation_ops";
  let summary = "two-dimensional convolution";
  let semantics = "Convolves the images `x` with `filter` and adds `bias`. With `data_format` NCHW the filter is "
      "`[N, C / groups, KH, KW]`, with NHWC it is `[KH, KW, C / groups, N]`. `x` and `y` may be stored as NC1HWC0, "
      "each for itself. Of integers, `offset_x` is what stands for zero in `x`: the element from which all of `x` are "
      "counted, and that lies around it.";
  let constraints = "(C1) `x` and `filter` have four dimensions and one element type. (C2) `data_format` is NCHW or "
      "NHWC. (C3) `strides` and `dilations` have four elements, positive ones for height and width and 1 for batch "
      "and channel. (C4) `pads` has four elements, none negative. (C5) the filter's input channels times `groups` "
      "are the channels of `x`, and `groups` divides the filter's output channels. (C6) `bias` is a vector with an "
      "element for each output channel. (C7) the dilated filter fits into the padded image.";
  let example = "%y = ge.conv2d %x, %w bias(%b) {data_format = \"NCHW\", pads = array<i64: 1, 1, 1, 1>, "
      "strides = array<i64: 1, 1, 2, 2>} : (tensor<1x3x224x224xf32>, tensor<16x3x3x3xf32>, tensor<16xf32>) -> "
      "tensor<1x16x112x112xf32>";
  let arguments = (ins GE_NumberTensor:$x, GE_NumberTensor:$filter, Optional<GE_NumberTensor>:$bias,
                       Optional<GE_IntTensor>:$offset_w,
                       GE_ListInt:$strides, GE_ListInt:$pads, GE_Default<GE_ListInt, "{1,1,1,1}">:$dilations,
                       GE_Default<GE_Int, "1">:$groups, GE_Default<GE_String, "\"NHWC\"">:$data_format,
                       GE_Default<GE_Int, "0">:$offset_x);
  let results = (outs GE_NumberTensor:$y);
  let assemblyFormat = [{
    $x `,` $filter (`bias` `(` $bias^ `)`)? (`offset_w` `(` $offset_w^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def GE_DepthwiseConv2DOp : GE_Op<"depthwise_conv2d", "DepthwiseConv2D", [AttrSizedOperandSegments]> {
  let acceptsFormats = 1;
  let header = "nn_calculation_ops";
  let summary = "two-dimensional convolution of each channel by itself";
  let semantics = "Convolves channel c of `x` with M filters; the results are channels c * M to c * M + M - 1. With "
      "`data_format` NCHW the filter is `[C * M, 1, KH, KW]`, with NHWC it is `[KH, KW, C, M]`.";
  let constraints = "(C1) `x` and `filter` have four dimensions and one element type. (C2) `data_format` is NCHW or "
      "NHWC. (C3) `strides` and `dilations` have four elements, positive ones for height and width and 1 for batch "
      "and channel. (C4) `pads` has four elements, none negative. (C5) the filter has a multiple of the channels "
      "of `x` and one input channel. (C6) `bias` is a vector with an element for each output channel. (C7) the "
      "dilated filter fits into the padded image.";
  let example = "%y = ge.depthwise_conv2d %x, %w {data_format = \"NCHW\", pads = array<i64: 1, 1, 1, 1>, "
      "strides = array<i64: 1, 1, 1, 1>} : (tensor<1x32x56x56xf32>, tensor<32x1x3x3xf32>) -> tensor<1x32x56x56xf32>";
  let arguments = (ins GE_NumberTensor:$x, GE_NumberTensor:$filter, Optional<GE_NumberTensor>:$bias,
                       Optional<GE_IntTensor>:$offset_w,
                       GE_ListInt:$strides, GE_Default<GE_ListInt, "{1,1,1,1}">:$dilations, GE_ListInt:$pads,
                       GE_Default<GE_String, "\"NHWC\"">:$data_format, GE_Default<GE_Int, "0">:$offset_x);
  let results = (outs GE_NumberTensor:$y);
  let assemblyFormat = [{
    $x `,` $filter (`bias` `(` $bias^ `)`)? (`offset_w` `(` $offset_w^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def GE_Conv2DTransposeOp : GE_Op<"conv2d_transpose", "Conv2DTranspose", [AttrSizedOperandSegments]> {
  let acceptsFormats = 1;
  let header = "nn_calculation_ops";
  let summary = "transposed two-dimensional convolution";
  let semantics = "Computes the gradient of a convolution with respect to its input, and adds `bias`. With "
      "`data_format` NCHW the filter is `[C, N / groups, KH, KW]` for C channels of `x` and N of `y`; with NHWC it "
      "is `[KH, KW, N / groups, C]`. A constant `input_size` of four positive numbers is the shape of `y`; "
      "otherwise the shape follows from the attributes.";
  let constraints = "(C1) `x` and `filter` have four dimensions and one element type. (C2) `data_format` is NCHW or "
      "NHWC. (C3) `strides` and `dilations` have four elements, positive ones for height and width and 1 for batch "
      "and channel. (C4) `pads` and `output_padding` have four elements, none negative. (C5) the filter has as many "
      "input channels as `x`, and `groups` divides them. (C6) `bias` is a vector with an element for each output "
      "channel.";
  let example = "%size = ge.const dense<0> : tensor<4xi64>\n"
      "    %y = ge.conv2d_transpose %size, %x, %w {data_format = \"NCHW\", pads = array<i64: 0, 0, 0, 0>, "
      "strides = array<i64: 1, 1, 2, 2>} : (tensor<4xi64>, tensor<1x8x16x16xf32>, tensor<8x4x2x2xf32>) -> "
      "tensor<1x4x32x32xf32>";
  let arguments = (ins GE_IndexTensor:$input_size, GE_NumberTensor:$x, GE_NumberTensor:$filter,
                       Optional<GE_NumberTensor>:$bias, Optional<GE_IntTensor>:$offset_w,
                       GE_ListInt:$strides, GE_ListInt:$pads, GE_Default<GE_ListInt, "{1,1,1,1}">:$dilations,
                       GE_Default<GE_Int, "1">:$groups, GE_Default<GE_String, "\"NHWC\"">:$data_format,
                       GE_Default<GE_ListInt, "{0,0,0,0}">:$output_padding, GE_Default<GE_Int, "0">:$offset_x);
  let results = (outs GE_NumberTensor:$y);
  let assemblyFormat = [{
    $input_size `,` $x `,` $filter (`bias` `(` $bias^ `)`)? (`offset_w` `(` $offset_w^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

class GE_PoolOp<string mnemonic, string type, list<Trait> traits = []> : GE_PlainOp<mnemonic, type, traits> {
  let acceptsFormats = 1;
  let header = "nn_pooling_ops";
  let constraints = "(C1) `x` has four dimensions. (C2) `data_format` is NCHW or NHWC. (C3) `ksize` and `strides` "
      "have four elements, positive ones for height and width and 1 for batch and channel. (C4) `pads` has four "
      "elements, none negative. (C5) `padding_mode` is CALCULATED, SAME or VALID. (C6) the window fits into the "
      "padded image.";
  let results = (outs GE_NumberTensor:$y);
  let inference = [{
    return infer.pool(results, op.getX(), op.getKsize(), op.getStrides(), op.getPads(), op.getPaddingMode(),
                      op.getDataFormat(), op.getGlobalPooling(), op.getCeilMode());
  }];
}

def GE_MaxPoolV3Op : GE_PoolOp<"max_pool_v3", "MaxPoolV3"> {
  let summary = "maximum over a sliding window";
  let semantics = "Takes the maximum of each window; padding does not count. `padding_mode` SAME and VALID compute "
      "the padding, CALCULATED takes `pads`. `global_pooling` makes the window the whole image. `ceil_mode` rounds "
      "the number of windows up, as long as each starts inside the image or its leading padding.";
  let example = "%y = ge.max_pool_v3 %x {ksize = array<i64: 1, 1, 3, 3>, pads = array<i64: 1, 1, 1, 1>, "
      "strides = array<i64: 1, 1, 2, 2>} : (tensor<1x64x112x112xf32>) -> tensor<1x64x56x56xf32>";
  let arguments = (ins GE_NumberTensor:$x, GE_ListInt:$ksize, GE_ListInt:$strides,
                       GE_Default<GE_String, "\"CALCULATED\"">:$padding_mode,
                       GE_Default<GE_ListInt, "{0,0,0,0}">:$pads, GE_Default<GE_String, "\"NCHW\"">:$data_format,
                       GE_Default<GE_Bool, "false">:$global_pooling, GE_Default<GE_Bool, "false">:$ceil_mode);
}

def GE_AvgPoolV2Op : GE_PoolOp<"avg_pool_v2", "AvgPoolV2"> {
  let summary = "mean over a sliding window";
  let semantics = "Takes the mean of each window. Padding counts as zeros unless `exclusive`; a `divisor_override` "
      "other than 0 replaces the number of elements. The other attributes are those of `ge.max_pool_v3`; elements "
      "that a window has beyond the padded image never count.";
  let example = "%y = ge.avg_pool_v2 %x {ksize = array<i64: 1, 1, 2, 2>, strides = array<i64: 1, 1, 2, 2>} : "
      "(tensor<1x64x56x56xf32>) -> tensor<1x64x28x28xf32>";
  let arguments = (ins GE_FloatTensor:$x, GE_ListInt:$ksize, GE_ListInt:$strides,
                       GE_Default<GE_String, "\"CALCULATED\"">:$padding_mode,
                       GE_Default<GE_ListInt, "{0,0,0,0}">:$pads, GE_Default<GE_String, "\"NCHW\"">:$data_format,
                       GE_Default<GE_Bool, "false">:$global_pooling, GE_Default<GE_Bool, "false">:$ceil_mode,
                       GE_Default<GE_Bool, "true">:$exclusive, GE_Default<GE_Int, "0">:$divisor_override);
  let results = (outs GE_FloatTensor:$y);
}

def GE_GlobalAveragePoolOp : GE_PlainOp<"global_average_pool", "GlobalAveragePool"> {
  let acceptsFormats = 1;
  let header = "nn_pooling_ops";
  let summary = "mean over all spatial dimensions";
  let semantics = "Takes the mean over dimensions 2 and up of `[N, C, ...]`, which become 1.";
  let constraints = "(C1) `x` has at least three dimensions.";
  let example = "%y = ge.global_average_pool %x : (tensor<1x64x7x7xf32>) -> tensor<1x64x1x1xf32>";
  let arguments = (ins GE_FloatTensor:$x);
  let results = (outs GE_FloatTensor:$y);
}

//===----------------------------------------------------------------------===//
// Normalisation
//===----------------------------------------------------------------------===//

def GE_SoftmaxV2Op : GE_Op<"softmax_v2", "SoftmaxV2"> {
  let header = "nn_norm_ops";
  let summary = "normalised exponential";
  let semantics = "Computes `exp(x - max(x)) / sum(exp(x - max(x)))`, with maximum and sum over `axes`. "
      "`half_to_float` returns f32 for f16.";
  let constraints = "(C1) each of `axes` is in `[-rank, rank)`.";
  let example = "%y = ge.softmax_v2 %x {axes = array<i64: 1>} : tensor<2x10xf32>";
  let arguments = (ins GE_FloatTensor:$x, GE_Default<GE_ListInt, "{-1}">:$axes,
                       GE_Default<GE_Bool, "false">:$half_to_float);
  let results = (outs GE_FloatTensor:$y);
  let assemblyFormat = "$x attr-dict `:` custom<UniformType>(type($x), type($y))";
}

def GE_LogSoftmaxV2Op : GE_Op<"log_softmax_v2", "LogSoftmaxV2"> {
  let header = "nn_norm_ops";
  let summary = "logarithm of the normalised exponential";
  let semantics = "Computes `x - max(x) - ln(sum(exp(x - max(x))))`, with maximum and sum over `axes`.";
  let constraints = "(C1) each of `axes` is in `[-rank, rank)`.";
  let example = "%y = ge.log_softmax_v2 %x : tensor<2x10xf32>";
  let arguments = (ins GE_FloatTensor:$logits, GE_Default<GE_ListInt, "{-1}">:$axes);
  let results = (outs GE_FloatTensor:$logsoftmax);
  let assemblyFormat = "$logits attr-dict `:` custom<UniformType>(type($logits), type($logsoftmax))";
}

def GE_LayerNormV3Op : GE_PlainOp<"layer_norm_v3", "LayerNormV3"> {
  let header = "nn_norm_ops";
  let summary = "normalisation over trailing dimensions";
  let semantics = "Computes `(x - mean) * rstd * gamma + beta` with mean and reciprocal standard deviation (of "
      "variance plus `epsilon`) over the dimensions from `begin_norm_axis` on, which are 1 in `mean` and `rstd`.";
  let constraints = "(C1) operands have one element type. (C2) `begin_norm_axis` and `begin_params_axis` are in "
      "`[-rank, rank)`. (C3) `gamma` and `beta` have the shape of `x` from `begin_params_axis` on.";
  let example = "%y, %mean, %rstd = ge.layer_norm_v3 %x, %gamma, %beta {begin_norm_axis = -1 : i64, "
      "begin_params_axis = -1 : i64} : (tensor<2x8x64xf32>, tensor<64xf32>, tensor<64xf32>) -> "
      "(tensor<2x8x64xf32>, tensor<2x8x1xf32>, tensor<2x8x1xf32>)";
  let arguments = (ins GE_FloatTensor:$x, GE_FloatTensor:$gamma, GE_FloatTensor:$beta,
                       GE_Default<GE_Int, "0">:$begin_norm_axis, GE_Default<GE_Int, "0">:$begin_params_axis,
                       GE_Default<GE_Float, "0.00001f">:$epsilon);
  let results = (outs GE_FloatTensor:$y, GE_FloatTensor:$mean, GE_FloatTensor:$rstd);
}

def GE_BatchNormOp : GE_Op<"batch_norm", "BatchNorm", [AttrSizedOperandSegments]> {
  let header = "nn_batch_norm_ops";
  let summary = "normalisation of each channel";
  let semantics = "Computes `(x - mean) / sqrt(variance + epsilon) * scale + offset` for each channel, with the "
      "batch's own mean and variance if `is_training`, else with the operands. The other results serve training.";
  let constraints = "(C1) `x` has at least two dimensions. (C2) `data_format` starts or ends with C after its N. "
      "(C3) `scale`, `offset`, `mean` and `variance` are vectors with an element for each channel. (C4) `mean` "
      "and `variance` are given unless `is_training`.";
  let example = "%0:6 = ge.batch_norm %x, %s, %o mean(%m) variance(%v) {data_format = \"NCHW\", "
      "is_training = false} : (tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> "
      "(tensor<1x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)";
  let arguments = (ins GE_FloatTensor:$x, GE_FloatTensor:$scale, GE_FloatTensor:$offset,
                       Optional<GE_FloatTensor>:$mean, Optional<GE_FloatTensor>:$variance,
                       GE_Default<GE_Float, "1e-4f">:$epsilon, GE_Default<GE_String, "\"NHWC\"">:$data_format,
                       GE_Default<GE_Bool, "true">:$is_training,
                       GE_Default<GE_Float, "1.0f">:$exponential_avg_factor);
  let results = (outs GE_FloatTensor:$y, GE_FloatTensor:$batch_mean, GE_FloatTensor:$batch_variance,
                      GE_FloatTensor:$reserve_space_1, GE_FloatTensor:$reserve_space_2,
                      GE_FloatTensor:$reserve_space_3);
  let assemblyFormat = [{
    $x `,` $scale `,` $offset (`mean` `(` $mean^ `)`)? (`variance` `(` $variance^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def GE_InstanceNormOp : GE_PlainOp<"instance_norm", "InstanceNorm"> {
  let header = "nn_norm_ops";
  let summary = "normalisation of each channel of each image";
  let semantics = "Normalises each channel of each image with its own mean and variance, then scales by `gamma` and "
      "adds `beta`. `data_format` says which dimension is the channel.";
  let constraints = "(C1) `x` has at least three dimensions. (C2) `data_format` starts or ends with C after its N. "
      "(C3) `gamma` and `beta` are vectors with an element for each channel.";
  let example = "%y, %mean, %variance = ge.instance_norm %x, %gamma, %beta {data_format = \"NCHW\"} : "
      "(tensor<2x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>) -> "
      "(tensor<2x8x4x4xf32>, tensor<2x8x1x1xf32>, tensor<2x8x1x1xf32>)";
  let arguments = (ins GE_FloatTensor:$x, GE_FloatTensor:$gamma, GE_FloatTensor:$beta,
                       GE_Default<GE_String, "\"NDHWC\"">:$data_format, GE_Default<GE_Float, "1e-6f">:$epsilon);
  let results = (outs GE_FloatTensor:$y, GE_FloatTensor:$mean, GE_FloatTensor:$variance);
}

def GE_GroupNormOp : GE_PlainOp<"group_norm", "GroupNorm"> {
  let header = "nn_norm_ops";
  let summary = "normalisation of groups of channels";
  let semantics = "Normalises each of `num_groups` groups of channels of each image with its own mean and variance, "
      "then scales each channel by `gamma` and adds `beta`. `mean` and `variance` are `[N, num_groups]`.";
  let constraints = "(C1) `x` has at least two dimensions. (C2) `data_format` starts or ends with C after its N. "
      "(C3) `gamma` and `beta` are vectors with an element for each channel. (C4) `num_groups` is positive and "
      "divides the channels.";
  let example = "%y, %mean, %variance = ge.group_norm %x, %gamma, %beta {num_groups = 4 : i64} : "
      "(tensor<2x8x4x4xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x8x4x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)";
  let arguments = (ins GE_FloatTensor:$x, GE_FloatTensor:$gamma, GE_FloatTensor:$beta, GE_Int:$num_groups,
                       GE_Default<GE_String, "\"NCHW\"">:$data_format, GE_Default<GE_Float, "0.0001f">:$eps,
                       GE_Default<GE_Bool, "true">:$is_training);
  let results = (outs GE_FloatTensor:$y, GE_FloatTensor:$mean, GE_FloatTensor:$variance);
}

def GE_RmsNormOp : GE_PlainOp<"rms_norm", "RmsNorm"> {
  let header = "nn_norm_ops";
  let summary = "normalisation by the root mean square";
  let semantics = "Computes `x * rstd * gamma` with `rstd = 1 / sqrt(mean(x^2) + epsilon)` over the trailing "
      "dimensions that `gamma` has; they are 1 in `rstd`, which is f32.";
  let constraints = "(C1) operands have one element type. (C2) the shape of `gamma` is the end of the shape of `x`.";
  let example = "%y, %rstd = ge.rms_norm %x, %gamma : (tensor<2x8x64xf16>, tensor<64xf16>) -> "
      "(tensor<2x8x64xf16>, tensor<2x8x1xf32>)";
  let arguments = (ins GE_FloatTensor:$x, GE_FloatTensor:$gamma, GE_Default<GE_Float, "1e-6f">:$epsilon);
  let results = (outs GE_FloatTensor:$y, GE_F32Tensor:$rstd);
}

def GE_LRNOp : GE_Op<"lrn", "LRN"> {
  let header = "nn_norm_ops";
  let summary = "local response normalisation across channels";
  let semantics = "Divides each element by `(bias + alpha * sum)^beta`, where `sum` adds the squares of the elements "
      "up to `depth_radius` channels away.";
  let constraints = "(C1) `x` has four dimensions. (C2) `depth_radius` is not negative. (C3) `norm_region` is "
      "ACROSS_CHANNELS.";
  let example = "%y = ge.lrn %x {depth_radius = 2 : i64} : tensor<1x8x4x4xf32>";
  let arguments = (ins GE_FloatTensor:$x, GE_Default<GE_Int, "5">:$depth_radius, GE_Default<GE_Float, "1.0">:$bias,
                       GE_Default<GE_Float, "1.0">:$alpha, GE_Default<GE_Float, "0.5">:$beta,
                       GE_Default<GE_String, "\"ACROSS_CHANNELS\"">:$norm_region);
  let results = (outs GE_FloatTensor:$y);
  let assemblyFormat = "$x attr-dict `:` custom<UniformType>(type($x), type($y))";
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

def GE_PromptFlashAttentionOp : GE_Op<"prompt_flash_attention", "PromptFlashAttention", [AttrSizedOperandSegments]> {
  let header = "fusion_ops";
  let summary = "scaled dot-product attention of all heads";
  let semantics = "Computes `softmax(scale_value * query . key^T + pse_shift) . value` for each of `num_heads` heads, "
      "with scores that `atten_mask` marks excluded. `input_layout` is BNSD, BSND, or BSH, in which the heads lie side by side; "
      "`num_key_value_heads` is the number of heads of `key` and `value`, each for as many neighbouring heads of "
      "`query`, or 0 for `num_heads`.";
  let constraints = "(C1) `input_layout` is BNSD, BSND or BSH, and operands have its dimensions. (C2) `num_heads` is "
      "a multiple of the heads of `key`, and operands have that many heads. (C3) batches agree, `key` has "
      "the columns of `query` and the rows of `value`. (C4) `pse_shift` and `atten_mask` have four dimensions and "
      "broadcast to `[batch, num_heads, rows of query, rows of key]`.";
  let example = "%y = ge.prompt_flash_attention %q, %k, %v {num_heads = 4 : i64, input_layout = \"BNSD\", "
      "scale_value = 0.353553385 : f32} : (tensor<1x4x7x8xf32>, tensor<1x4x9x8xf32>, tensor<1x4x9x8xf32>) -> "
      "tensor<1x4x7x8xf32>";
  let arguments = (ins GE_FloatTensor:$query, GE_FloatTensor:$key, GE_FloatTensor:$value,
                       Optional<GE_FloatTensor>:$pse_shift, Optional<GE_AnyTensor>:$atten_mask,
                       Optional<GE_IndexTensor>:$actual_seq_lengths, Optional<GE_IndexTensor>:$actual_seq_lengths_kv,
                       Optional<GE_AnyTensor>:$deq_scale1, Optional<GE_AnyTensor>:$quant_scale1,
                       Optional<GE_AnyTensor>:$deq_scale2, Optional<GE_AnyTensor>:$quant_scale2,
                       Optional<GE_AnyTensor>:$quant_offset2, GE_Int:$num_heads,
                       GE_Default<GE_Float, "1.0f">:$scale_value, GE_Default<GE_Int, "214748647">:$pre_tokens,
                       GE_Default<GE_Int, "0">:$next_tokens, GE_Default<GE_String, "\"BSH\"">:$input_layout,
                       GE_Default<GE_Int, "0">:$num_key_value_heads, GE_Default<GE_Int, "0">:$sparse_mode,
                       GE_Default<GE_Int, "1">:$inner_precise);
  let results = (outs GE_FloatTensor:$attention_out);
  let assemblyFormat = [{
    $query `,` $key `,` $value (`shift` `(` $pse_shift^ `)`)? (`mask` `(` $atten_mask^ `)`)?
    (`lengths` `(` $actual_seq_lengths^ `)`)? (`key_lengths` `(` $actual_seq_lengths_kv^ `)`)?
    (`deq_scale1` `(` $deq_scale1^ `)`)? (`quant_scale1` `(` $quant_scale1^ `)`)?
    (`deq_scale2` `(` $deq_scale2^ `)`)? (`quant_scale2` `(` $quant_scale2^ `)`)?
    (`quant_offset2` `(` $quant_offset2^ `)`)? attr-dict `:` functional-type(operands, results)
  }];
  let builders = [GE_InferringBuilder<
    (ins "::mlir::Value":$query, "::mlir::Value":$key, "::mlir::Value":$value, "::mlir::Value":$shift,
         "int64_t":$heads, "float":$scale, "::llvm::StringRef":$layout, "int64_t":$keyHeads), [{
      $_state.addOperands({query, key, value});
      if (shift)
        $_state.addOperands(shift);
      llvm::copy(llvm::ArrayRef<int32_t>({1, 1, 1, shift ? 1 : 0, 0, 0, 0, 0, 0, 0, 0, 0}),
                 properties.operandSegmentSizes.begin());
      properties.num_heads = $_builder.getI64IntegerAttr(heads);
      properties.scale_value = $_builder.getF32FloatAttr(scale);
      properties.input_layout = $_builder.getStringAttr(layout);
      properties.num_key_value_heads = $_builder.getI64IntegerAttr(keyHeads);
    }]>];
}

//===----------------------------------------------------------------------===//
// Images
//===----------------------------------------------------------------------===//

def GE_ResizeOp : GE_Op<"resize", "Resize", [AttrSizedOperandSegments]> {
  let acceptsFormats = 1;
  let header = "image_ops";
  let summary = "interpolation to another size";
  let semantics = "Resamples `x`. The result has `sizes`, or the operand's dimensions times `scales`, rounded down. "
      "The attributes have the meaning that ONNX gives them.";
  let constraints = "(C1) one of `scales` and `sizes` is given and has an element for each dimension; an empty "
      "tensor counts as none. (C2) `mode` is nearest, linear or cubic. (C3) `coordinate_transformation_mode` is "
      "half_pixel, half_pixel_symmetric, pytorch_half_pixel, align_corners, asymmetric, tf_half_pixel_for_nn or "
      "tf_crop_and_resize. (C4) `nearest_mode` is round_prefer_floor, round_prefer_ceil, floor or ceil.";
  let example = "%sizes = ge.const dense<[1, 8, 32, 32]> : tensor<4xi64>\n"
      "    %y = ge.resize %x sizes(%sizes) {mode = \"linear\"} : (tensor<1x8x16x16xf32>, tensor<4xi64>) -> "
      "tensor<1x8x32x32xf32>";
  let arguments = (ins GE_NumberTensor:$x, Optional<GE_FloatTensor>:$roi, Optional<GE_F32Tensor>:$scales,
                       Optional<GE_IndexTensor>:$sizes,
                       GE_Default<GE_String, "\"half_pixel\"">:$coordinate_transformation_mode,
                       GE_Default<GE_Float, "-0.75">:$cubic_coeff_a, GE_Default<GE_Int, "0">:$exclude_outside,
                       GE_Default<GE_Float, "0.0">:$extrapolation_value,
                       GE_Default<GE_String, "\"nearest\"">:$mode,
                       GE_Default<GE_String, "\"round_prefer_floor\"">:$nearest_mode);
  let results = (outs GE_NumberTensor:$y);
  let assemblyFormat = [{
    $x (`roi` `(` $roi^ `)`)? (`scales` `(` $scales^ `)`)? (`sizes` `(` $sizes^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Detection
//===----------------------------------------------------------------------===//

def GE_BoxTensor : GE_TensorOf<[F16, F32], "TensorType({DT_FLOAT16, DT_FLOAT})">;
def GE_I32Tensor : GE_TensorOf<[I32], "TensorType({DT_INT32})">;

def GE_NonMaxSuppressionV6Op : GE_Op<"non_max_suppression_v6", "NonMaxSuppressionV6", [AttrSizedOperandSegments]> {
  let header = "nn_detect_ops";
  let summary = "the best boxes that overlap little";
  let semantics = "For each batch and class, takes the box of the highest score that is left, up to `max_output_size` "
      "times (none if it is missing), and drops those whose intersection with it is more than `iou_threshold` (0) of "
      "what both cover. Among equal scores the first box comes first; boxes whose score is not above "
      "`score_threshold`, if given, do not take part. A box is two corners that face each other, y1, x1, y2, x2, or "
      "with `center_point_box` its center and size, x, y, width, height. A row of the result is batch, class and box; "
      "there are at most `max_boxes_size` of them if that is not 0.";
  let constraints = "(C1) `boxes` is `[batches, boxes, 4]` and `scores` is `[batches, classes, boxes]`. (C2) they have "
      "one element type. (C3) the other operands have one element each. (C4) `center_point_box` is 0 or 1 and "
      "`max_boxes_size` not negative.";
  let example = "%most = ge.const dense<10> : tensor<i32>\n"
      "    %y = ge.non_max_suppression_v6 %boxes, %scores max_output_size(%most) : "
      "(tensor<1x50x4xf32>, tensor<1x3x50xf32>, tensor<i32>) -> tensor<?x3xi32>";
  let arguments = (ins GE_BoxTensor:$boxes, GE_BoxTensor:$scores, Optional<GE_I32Tensor>:$max_output_size,
                       Optional<GE_F32Tensor>:$iou_threshold, Optional<GE_F32Tensor>:$score_threshold,
                       GE_Default<GE_Int, "0">:$center_point_box, GE_Default<GE_Int, "0">:$max_boxes_size);
  let results = (outs GE_I32Tensor:$selected_indices);
  let assemblyFormat = [{
    $boxes `,` $scores (`max_output_size` `(` $max_output_size^ `)`)? (`iou_threshold` `(` $iou_threshold^ `)`)?
    (`score_threshold` `(` $score_threshold^ `)`)? attr-dict `:` functional-type(operands, results)
  }];
}

#endif // GEMLIR_DIALECT_GE_IR_GEOPSNN_TD
