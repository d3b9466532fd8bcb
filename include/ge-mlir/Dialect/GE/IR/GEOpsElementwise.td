//===- GEOpsElementwise.td - element-wise ge operations ----*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEOPSELEMENTWISE_TD
#define GEMLIR_DIALECT_GE_IR_GEOPSELEMENTWISE_TD

include "ge-mlir/Dialect/GE/IR/GEBase.td"

//===----------------------------------------------------------------------===//
// Unary operations
//===----------------------------------------------------------------------===//

// A result of the operand's type. `what` completes "Computes ... element by element".
class GE_UnaryOp<string mnemonic, string type, string what, TypeConstraint elements = GE_FloatTensor,
                 dag attributes = (ins), code foldBody = "">
    : GE_Op<mnemonic, type, [GE_Elementwise]> {
  let acceptsFormats = 1;
  let header = "math_ops";
  let summary = "element-wise " # type;
  let semantics = "Computes " # what # ", element by element.";
  let constraints = "(C1) the result has the operand's type.";
  let example = "%y = ge." # mnemonic # " %x : tensor<2x3xf32>";
  let arguments = !con((ins elements:$x), attributes);
  let results = (outs elements:$y);
  let assemblyFormat = "$x attr-dict `:` custom<UniformType>(type($x), type($y))";
  let inference = "return infer.unary(results);";
  let folding = foldBody;
}

// f(f(x)) is f(x).
defvar idempotent = "return ::mlir::ge::foldIdempotent(*this);";
// f(f(x)) is x.
defvar involution = "return ::mlir::ge::foldInvolution(*this);";

// The same for operators whose prototypes say `input_x` and `output_y`.
class GE_UnaryInputXOp<string mnemonic, string type, string what, TypeConstraint elements, dag attributes>
    : GE_UnaryOp<mnemonic, type, what, elements> {
  let header = "nonlinear_fuc_ops";
  let arguments = !con((ins elements:$input_x), attributes);
  let results = (outs elements:$output_y);
  let assemblyFormat = "$input_x attr-dict `:` custom<UniformType>(type($input_x), type($output_y))";
}

class GE_ActivationOp<string mnemonic, string type, string what, TypeConstraint elements = GE_FloatTensor,
                      dag attributes = (ins), code foldBody = "">
    : GE_UnaryOp<mnemonic, type, what, elements, attributes, foldBody> {
  let header = "nonlinear_fuc_ops";
}

// A bool result of the operand's shape.
class GE_PredicateOp<string mnemonic, string type, string what>
    : GE_Op<mnemonic, type, [GE_Elementwise]> {
  let acceptsFormats = 1;
  let header = "math_ops";
  let summary = "element-wise " # type;
  let semantics = "Tells whether each element is " # what # ".";
  let constraints = "(C1) the result has the operand's shape and bool elements.";
  let example = "%y = ge." # mnemonic # " %x : (tensor<2x3xf32>) -> tensor<2x3xi1>";
  let arguments = (ins GE_NumberTensor:$x);
  let results = (outs GE_BoolTensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let inference = "return infer.unary(results, ::mlir::IntegerType::get(infer.context, 1));";
}

let header = "elewise_calculation_ops" in {
def GE_AbsOp : GE_UnaryOp<"abs", "Abs", "the absolute value", GE_NumberTensor, (ins), idempotent>;
def GE_SignOp : GE_UnaryOp<"sign", "Sign", "-1, 0 or 1 by the sign (NaN stays NaN)", GE_NumberTensor, (ins), idempotent>;
def GE_SqrtOp : GE_UnaryOp<"sqrt", "Sqrt", "the square root">;
def GE_RsqrtOp : GE_UnaryOp<"rsqrt", "Rsqrt", "`1 / sqrt(x)`">;
def GE_SquareOp : GE_UnaryOp<"square", "Square", "`x * x`", GE_NumberTensor>;
def GE_ReciprocalOp : GE_UnaryOp<"reciprocal", "Reciprocal", "`1 / x`">;
def GE_CeilOp : GE_UnaryOp<"ceil", "Ceil", "the smallest integer not below the element", GE_FloatTensor, (ins), idempotent>;
def GE_FloorOp : GE_UnaryOp<"floor", "Floor", "the largest integer not above the element", GE_FloatTensor, (ins), idempotent>;
def GE_RintOp : GE_UnaryOp<"rint", "Rint", "the nearest integer, ties to even", GE_FloatTensor, (ins), idempotent>;
def GE_SinOp : GE_UnaryOp<"sin", "Sin", "the sine">;
def GE_CosOp : GE_UnaryOp<"cos", "Cos", "the cosine">;
def GE_AsinOp : GE_UnaryOp<"asin", "Asin", "the arc sine">;
def GE_AcosOp : GE_UnaryOp<"acos", "Acos", "the arc cosine">;
def GE_AtanOp : GE_UnaryOp<"atan", "Atan", "the arc tangent">;
def GE_AsinhOp : GE_UnaryOp<"asinh", "Asinh", "the inverse hyperbolic sine">;
def GE_AcoshOp : GE_UnaryOp<"acosh", "Acosh", "the inverse hyperbolic cosine">;
def GE_CoshOp : GE_UnaryOp<"cosh", "Cosh", "the hyperbolic cosine">;
def GE_Log1pOp : GE_UnaryOp<"log1p", "Log1p", "`ln(1 + x)`">;
def GE_Expm1Op : GE_UnaryOp<"expm1", "Expm1", "`exp(x) - 1`">;
def GE_InvertOp : GE_UnaryOp<"invert", "Invert", "the bitwise complement", GE_IntTensor, (ins), involution> {
  let example = "%y = ge.invert %x : tensor<2x3xi32>";
}
def GE_NegOp : GE_UnaryOp<"neg", "Neg", "`-x`", GE_NumberTensor, (ins), involution>;
def GE_LogicalNotOp : GE_UnaryOp<"logical_not", "LogicalNot", "the negation", GE_BoolTensor, (ins), involution> {
  let example = "%y = ge.logical_not %x : tensor<2x3xi1>";
}
def GE_RoundOp : GE_UnaryOp<"round", "Round", "the element rounded to `decimals` digits after the point, ties to even",
    GE_NumberTensor, (ins GE_Default<GE_Int, "0">:$decimals)> {
  let example = "%y = ge.round %x {decimals = 2 : i64} : tensor<2x3xf32>";
}
def GE_ExpOp : GE_UnaryOp<"exp", "Exp", "`base ^ (scale * x + shift)`; a `base` of -1 stands for e", GE_FloatTensor,
    (ins GE_Default<GE_Float, "-1.0">:$base, GE_Default<GE_Float, "1.0">:$scale, GE_Default<GE_Float, "0.0">:$shift)>;
def GE_LogOp : GE_UnaryOp<"log", "Log", "the logarithm to `base` of `scale * x + shift`; a `base` of -1 stands for e",
    GE_FloatTensor,
    (ins GE_Default<GE_Float, "-1.0">:$base, GE_Default<GE_Float, "1.0">:$scale, GE_Default<GE_Float, "0.0">:$shift)>;
}

def GE_TanOp : GE_UnaryOp<"tan", "Tan", "the tangent">;
def GE_SinhOp : GE_UnaryOp<"sinh", "Sinh", "the hyperbolic sine">;
def GE_AtanhOp : GE_UnaryOp<"atanh", "Atanh", "the inverse hyperbolic tangent">;
def GE_ErfOp : GE_UnaryOp<"erf", "Erf", "the error function">;

def GE_IsNanOp : GE_PredicateOp<"is_nan", "IsNan", "not a number">;
def GE_IsInfOp : GE_PredicateOp<"is_inf", "IsInf", "an infinity">;
def GE_IsFiniteOp : GE_PredicateOp<"is_finite", "IsFinite", "finite">;

def GE_TanhOp : GE_ActivationOp<"tanh", "Tanh", "the hyperbolic tangent">;
def GE_SigmoidOp : GE_ActivationOp<"sigmoid", "Sigmoid", "`1 / (1 + exp(-x))`">;
def GE_SoftplusOp : GE_ActivationOp<"softplus", "Softplus", "`ln(exp(x) + 1)`">;
def GE_SoftsignOp : GE_ActivationOp<"softsign", "Softsign", "`x / (1 + |x|)`">;
def GE_ReluOp : GE_ActivationOp<"relu", "Relu", "`max(x, 0)`", GE_NumberTensor, (ins), idempotent>;
def GE_Relu6Op : GE_ActivationOp<"relu6", "Relu6", "`min(max(x, 0), 6)`", GE_NumberTensor, (ins), idempotent>;
def GE_SeluOp : GE_ActivationOp<"selu", "Selu",
    "`s * x` for positive elements, else `s * a * (exp(x) - 1)`, "
    "with s = 1.0507009873554804934193349852946 and a = 1.6732632423543772848170429916717">;
def GE_HardSwishOp : GE_ActivationOp<"hard_swish", "HardSwish", "`x * min(max(x + 3, 0), 6) / 6`">;
def GE_MishOp : GE_ActivationOp<"mish", "Mish", "`x * tanh(ln(1 + exp(x)))`">;
def GE_GeluOp : GE_ActivationOp<"gelu", "Gelu",
    "`0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))`">;
def GE_GeluV2Op : GE_ActivationOp<"gelu_v2", "GeluV2",
    "`0.5 * x * (1 + erf(x / sqrt(2)))`, or the formula of `ge.gelu` if `approximate` is `tanh`",
    GE_FloatTensor, (ins GE_Default<GE_String, "\"none\"">:$approximate)> {
  let constraints = "(C1) the result has the operand's type. (C2) `approximate` is `none` or `tanh`.";
  let example = "%y = ge.gelu_v2 %x {approximate = \"tanh\"} : tensor<2x3xf32>";
  let hasVerifier = 1;
}
def GE_FastGeluOp : GE_ActivationOp<"fast_gelu", "FastGelu",
    "`x / (1 + exp(-1.702 * |x|)) * exp(0.851 * (x - |x|))`">;
def GE_LeakyReluOp : GE_ActivationOp<"leaky_relu", "LeakyRelu",
    "`x` for positive elements, else `negative_slope * x`", GE_FloatTensor,
    (ins GE_Default<GE_Float, "0.0">:$negative_slope)> {
  let example = "%y = ge.leaky_relu %x {negative_slope = 0.01 : f32} : tensor<2x3xf32>";
}
def GE_EluOp : GE_ActivationOp<"elu", "Elu",
    "`scale * x` for positive elements, else `scale * alpha * (exp(input_scale * x) - 1)`", GE_FloatTensor,
    (ins GE_Default<GE_Float, "1.0">:$alpha, GE_Default<GE_Float, "1.0">:$scale,
         GE_Default<GE_Float, "1.0">:$input_scale)>;
def GE_CeluOp : GE_ActivationOp<"celu", "Celu",
    "`alpha3 * x` for positive elements, else `alpha1 * (exp(x / alpha2) - 1)`", GE_FloatTensor,
    (ins GE_Default<GE_Float, "1.0">:$alpha1, GE_Default<GE_Float, "1.0">:$alpha2,
         GE_Default<GE_Float, "1.0">:$alpha3)>;
def GE_ThresholdedReluOp : GE_ActivationOp<"thresholded_relu", "ThresholdedRelu",
    "`x` where it is greater than `alpha`, else 0", GE_FloatTensor, (ins GE_Default<GE_Float, "1.0">:$alpha)>;
def GE_SwishOp : GE_ActivationOp<"swish", "Swish", "`x / (1 + exp(-scale * x))`", GE_FloatTensor,
    (ins GE_Default<GE_Float, "1.0">:$scale)>;
def GE_HardSigmoidOp : GE_UnaryInputXOp<"hard_sigmoid", "HardSigmoid",
    "`min(max(alpha * x + beta, 0), 1)`", GE_FloatTensor,
    (ins GE_Default<GE_Float, "0.16666666">:$alpha, GE_Default<GE_Float, "0.5">:$beta)>;
def GE_HardShrinkOp : GE_UnaryInputXOp<"hard_shrink", "HardShrink",
    "`x` where `|x| > lambd`, else 0", GE_FloatTensor, (ins GE_Default<GE_Float, "0.5">:$lambd)>;
def GE_SoftShrinkOp : GE_UnaryInputXOp<"soft_shrink", "SoftShrink",
    "`x - lambd` where `x > lambd`, `x + lambd` where `x < -lambd`, else 0", GE_FloatTensor,
    (ins GE_Default<GE_Float, "0.5">:$lambd)>;

def GE_IdentityOp : GE_UnaryOp<"identity", "Identity", "the element itself", GE_AnyTensor> {
  let header = "array_ops";
  let hasFolder = 1;
}

def GE_CastOp : GE_Op<"cast", "Cast", [GE_Elementwise]> {
  let acceptsFormats = 1;
  let header = "elewise_calculation_ops";
  let summary = "conversion of elements to another type";
  let semantics = "Converts each element to `dst_type`. A float becomes an integer by truncation towards zero, "
      "a number becomes bool by comparison with zero.";
  let constraints = "(C1) the result has the operand's shape and elements of `dst_type`.";
  let example = "%y = ge.cast %x {dst_type = f16} : (tensor<2x3xf32>) -> tensor<2x3xf16>";
  let arguments = (ins GE_AnyTensor:$x, GE_TypeInt:$dst_type);
  let results = (outs GE_AnyTensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let inference = "return infer.unary(results, op.getDstType());";
  let hasFolder = 1;
}

def GE_BitcastOp : GE_Op<"bitcast", "Bitcast"> {
  let header = "transformation_ops";
  let summary = "the bits of elements as another type";
  let semantics = "Gives the bits of each element the meaning of `type`. Nothing is converted.";
  let constraints = "(C1) the result has the operand's shape and elements of `type`. (C2) `type` has as many bits as "
      "the operand's elements; bool counts as 8.";
  let example = "%y = ge.bitcast %x {type = i32} : (tensor<2x3xf32>) -> tensor<2x3xi32>";
  let arguments = (ins GE_AnyTensor:$x, GE_Type:$type, GE_Default<GE_Bool, "false">:$keep_dim);
  let results = (outs GE_AnyTensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let inference = "return infer.unary(results, op.getType());";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Binary operations that broadcast
//===----------------------------------------------------------------------===//

class GE_BinaryBase<string mnemonic, string type, string what, list<Trait> traits>
    : GE_Op<mnemonic, type, !listconcat(traits, [GE_Elementwise, GE_Broadcast])> {
  let acceptsFormats = 1;
  let header = "elewise_calculation_ops";
  let summary = "element-wise " # type # " with broadcast";
  let semantics = "Computes " # what # ", element by element, after both operands were broadcast to one shape.";
}

class GE_BinaryOp<string mnemonic, string type, string what, TypeConstraint elements = GE_NumberTensor,
                  list<Trait> traits = []> : GE_BinaryBase<mnemonic, type, what, traits> {
  let constraints = "(C1) operands have one element type. (C2) their shapes broadcast. "
      "(C3) an operand with a storage format is joined only by operands of that format with as many channels, "
      "or of one element.";
  let example = "%y = ge." # mnemonic # " %x1, %x2 : (tensor<2x3x" # !if(!eq(elements, GE_IntTensor), "i32",
      !if(!eq(elements, GE_BoolTensor), "i1", "f32")) # ">, tensor<3x" # !if(!eq(elements, GE_IntTensor), "i32",
      !if(!eq(elements, GE_BoolTensor), "i1", "f32")) # ">) -> tensor<2x3x" # !if(!eq(elements, GE_IntTensor), "i32",
      !if(!eq(elements, GE_BoolTensor), "i1", "f32")) # ">";
  let arguments = (ins elements:$x1, elements:$x2);
  let results = (outs elements:$y);
  let assemblyFormat = "$x1 `,` $x2 attr-dict `:` custom<UniformType>(type($x1), type($x2), type($y))";
  let inference = "return infer.broadcast(results);";
}

class GE_CompareOp<string mnemonic, string type, string what, TypeConstraint elements = GE_BasicTensor,
                   list<Trait> traits = []> : GE_BinaryBase<mnemonic, type, what, traits> {
  let constraints = "(C1) operands have one element type. (C2) their shapes broadcast. "
      "(C3) an operand with a storage format is joined only by operands of that format with as many channels, "
      "or of one element.";
  let example = "%y = ge." # mnemonic # " %x1, %x2 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>";
  let arguments = (ins elements:$x1, elements:$x2);
  let results = (outs GE_BoolTensor:$y);
  let assemblyFormat = "$x1 `,` $x2 attr-dict `:` functional-type(operands, results)";
  let inference = "return infer.broadcast(results, ::mlir::IntegerType::get(infer.context, 1));";
}

class GE_ShiftOp<string mnemonic, string type, string what> : GE_BinaryBase<mnemonic, type, what, []> {
  let header = "bitwise_ops";
  let constraints = "(C1) operands have one element type. (C2) their shapes broadcast.";
  let example = "%z = ge." # mnemonic # " %x, %y : tensor<2x3xi32>";
  let arguments = (ins GE_IntTensor:$x, GE_IntTensor:$y);
  let results = (outs GE_IntTensor:$z);
  let assemblyFormat = "$x `,` $y attr-dict `:` custom<UniformType>(type($x), type($y), type($z))";
  let inference = "return infer.broadcast(results);";
}

let hasFolder = 1 in {
def GE_AddOp : GE_BinaryOp<"add", "Add", "`x1 + x2`", GE_NumberTensor, [Commutative]>;
def GE_SubOp : GE_BinaryOp<"sub", "Sub", "`x1 - x2`">;
def GE_MulOp : GE_BinaryOp<"mul", "Mul", "`x1 * x2`", GE_NumberTensor, [Commutative]>;
def GE_RealDivOp : GE_BinaryOp<"real_div", "RealDiv", "`x1 / x2` (integers: truncated towards zero)">;
def GE_DivOp : GE_BinaryOp<"div", "Div", "`x1 / x2` (integers: truncated towards zero)">;
def GE_MaximumOp : GE_BinaryOp<"maximum", "Maximum", "the greater element (NaN if either is)", GE_NumberTensor, [Commutative]>;
def GE_MinimumOp : GE_BinaryOp<"minimum", "Minimum", "the smaller element (NaN if either is)", GE_NumberTensor, [Commutative]>;
def GE_PowOp : GE_BinaryOp<"pow", "Pow", "`x1 ^ x2`">;
def GE_LogicalAndOp : GE_BinaryOp<"logical_and", "LogicalAnd", "`x1 and x2`", GE_BoolTensor, [Commutative]>;
def GE_LogicalOrOp : GE_BinaryOp<"logical_or", "LogicalOr", "`x1 or x2`", GE_BoolTensor, [Commutative]>;
}
def GE_SquaredDifferenceOp : GE_BinaryOp<"squared_difference", "SquaredDifference", "`(x1 - x2)^2`", GE_NumberTensor, [Commutative]>;
def GE_FloorDivOp : GE_BinaryOp<"floor_div", "FloorDiv", "`floor(x1 / x2)`">;
def GE_FloorModOp : GE_BinaryOp<"floor_mod", "FloorMod", "the remainder of `x1 / x2` with the sign of `x2`">;
def GE_ModOp : GE_BinaryOp<"mod", "Mod", "the remainder of `x1 / x2` with the sign of `x1`">;
def GE_Atan2Op : GE_BinaryOp<"atan2", "Atan2", "the angle of the point (x2, x1)", GE_FloatTensor> {
  let header = "math_ops";
}
def GE_BitwiseAndOp : GE_BinaryOp<"bitwise_and", "BitwiseAnd", "the bitwise and", GE_IntTensor, [Commutative]>;
def GE_BitwiseOrOp : GE_BinaryOp<"bitwise_or", "BitwiseOr", "the bitwise or", GE_IntTensor, [Commutative]>;
def GE_BitwiseXorOp : GE_BinaryOp<"bitwise_xor", "BitwiseXor", "the bitwise exclusive or", GE_IntTensor, [Commutative]>;
def GE_LeftShiftOp : GE_ShiftOp<"left_shift", "LeftShift", "`x << y`">;
def GE_RightShiftOp : GE_ShiftOp<"right_shift", "RightShift",
    "`x >> y` (arithmetic for signed elements, logical for unsigned ones)">;

def GE_EqualOp : GE_CompareOp<"equal", "Equal", "`x1 == x2`", GE_BasicTensor, [Commutative]>;
def GE_NotEqualOp : GE_CompareOp<"not_equal", "NotEqual", "`x1 != x2`", GE_BasicTensor, [Commutative]>;
def GE_GreaterOp : GE_CompareOp<"greater", "Greater", "`x1 > x2`">;
def GE_GreaterEqualOp : GE_CompareOp<"greater_equal", "GreaterEqual", "`x1 >= x2`">;
def GE_LessOp : GE_CompareOp<"less", "Less", "`x1 < x2`">;
def GE_LessEqualOp : GE_CompareOp<"less_equal", "LessEqual", "`x1 <= x2`">;

//===----------------------------------------------------------------------===//
// Operations with operands of different roles
//===----------------------------------------------------------------------===//

def GE_PReluOp : GE_Op<"p_relu", "PRelu", [GE_Elementwise]> {
  let acceptsFormats = 1;
  let header = "nonlinear_fuc_ops";
  let summary = "leaky rectifier with learned slopes";
  let semantics = "Computes `x` for positive elements, else `weight * x`. A one-dimensional `weight` holds a slope "
      "for each index of dimension 1 of `x`; any other `weight` is broadcast to `x`.";
  let constraints = "(C1) operands have one element type. (C2) `weight` has one element, or is a vector as long as "
      "dimension 1 of `x`, or broadcasts to the shape of `x`.";
  let example = "%y = ge.p_relu %x, %weight : (tensor<1x16x8x8xf32>, tensor<16xf32>) -> tensor<1x16x8x8xf32>";
  let arguments = (ins GE_FloatTensor:$x, GE_FloatTensor:$weight);
  let results = (outs GE_FloatTensor:$y);
  let assemblyFormat = "$x `,` $weight attr-dict `:` custom<UniformType>(type($x), type($weight), type($y))";
}

def GE_ClipByValueV2Op : GE_Op<"clip_by_value_v2", "ClipByValueV2", [GE_Elementwise]> {
  let acceptsFormats = 1;
  let header = "elewise_calculation_ops";
  let summary = "elements limited to a range";
  let semantics = "Computes `min(max(x, clip_value_min), clip_value_max)`, element by element.";
  let constraints = "(C1) operands have one element type. (C2) the limits broadcast to the shape of `x`.";
  let example = "%y = ge.clip_by_value_v2 %x, %min, %max : "
      "(tensor<2x3xf32>, tensor<f32>, tensor<f32>) -> tensor<2x3xf32>";
  let arguments = (ins GE_NumberTensor:$x, GE_NumberTensor:$clip_value_min, GE_NumberTensor:$clip_value_max);
  let results = (outs GE_NumberTensor:$y);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def GE_SelectOp : GE_Op<"select", "Select", [GE_Elementwise]> {
  let acceptsFormats = 1;
  let header = "selection_ops";
  let summary = "choice between two tensors";
  let semantics = "Takes the element of `x1` where `condition` holds, else that of `x2`, after all three operands "
      "were broadcast to one shape.";
  let constraints = "(C1) `x1` and `x2` have one element type. (C2) the three shapes broadcast.";
  let example = "%y = ge.select %c, %x1, %x2 : "
      "(tensor<2x1xi1>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>";
  let arguments = (ins GE_BoolTensor:$condition, GE_AnyTensor:$x1, GE_AnyTensor:$x2);
  let results = (outs GE_AnyTensor:$y);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
}

#endif // GEMLIR_DIALECT_GE_IR_GEOPSELEMENTWISE_TD
