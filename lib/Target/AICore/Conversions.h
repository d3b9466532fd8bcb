//===- Conversions.h - short floats of kernels of an NPU -------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_TARGET_AICORE_CONVERSIONS_H
#define GEMLIR_LIB_TARGET_AICORE_CONVERSIONS_H

namespace gemlir {
namespace aicore {

/// Conversions of short floats, which LLVM calls where a processor has none. They
/// round to nearest even: narrowing f64 goes through an f32 that is rounded to odd,
/// which leaves the second rounding exact. Behind `target::getMemoryFunctions`, whose
/// attributes they share.
static const char *const conversionText = R"(
define hidden float @__extendhfsf2(half %x) #0 {
  %h = bitcast half %x to i16
  %bits = zext i16 %h to i32
  %magnitude = and i32 %bits, 32767
  %sign = and i32 %bits, 32768
  %high = shl i32 %sign, 16
  %shifted = shl i32 %magnitude, 13
  %small = bitcast i32 %shifted to float
  %scaled = fmul float %small, 0x46F0000000000000
  %finite = bitcast float %scaled to i32
  %special = or i32 %shifted, 2139095040
  %is = icmp uge i32 %magnitude, 31744
  %result = select i1 %is, i32 %special, i32 %finite
  %signed = or i32 %result, %high
  %value = bitcast i32 %signed to float
  ret float %value
}

define hidden double @__extendhfdf2(half %x) #0 {
  %f = call float @__extendhfsf2(half %x)
  %d = fpext float %f to double
  ret double %d
}

define hidden half @__truncsfhf2(float %x) #0 {
  %bits = bitcast float %x to i32
  %magnitude = and i32 %bits, 2147483647
  %high = lshr i32 %bits, 16
  %sign = and i32 %high, 32768
  %isNaN = icmp ugt i32 %magnitude, 2139095040
  %isLarge = icmp uge i32 %magnitude, 1199570944
  %isSmall = icmp ult i32 %magnitude, 947912704
  %tiny = bitcast i32 %magnitude to float
  %shifted = fadd float %tiny, 5.000000e-01
  %tinyBits = bitcast float %shifted to i32
  %denormal = sub i32 %tinyBits, 1056964608
  %down = lshr i32 %magnitude, 13
  %odd = and i32 %down, 1
  %rebased = add i32 %magnitude, -939520001
  %rounded = add i32 %rebased, %odd
  %normal = lshr i32 %rounded, 13
  %a = select i1 %isSmall, i32 %denormal, i32 %normal
  %b = select i1 %isLarge, i32 31744, i32 %a
  %c = select i1 %isNaN, i32 32256, i32 %b
  %signed = or i32 %c, %sign
  %short = trunc i32 %signed to i16
  %value = bitcast i16 %short to half
  ret half %value
}

define internal float @roundToOdd(double %x) #0 {
  %f = fptrunc double %x to float
  %back = fpext float %f to double
  %absolute = call double @llvm.fabs.f64(double %x)
  %absoluteBack = call double @llvm.fabs.f64(double %back)
  %beyond = fcmp ogt double %absoluteBack, %absolute
  %inexact = fcmp one double %back, %x
  %bits = bitcast float %f to i32
  %less = sext i1 %beyond to i32
  %towardZero = add i32 %bits, %less
  %sticky = zext i1 %inexact to i32
  %odd = or i32 %towardZero, %sticky
  %value = bitcast i32 %odd to float
  ret float %value
}

define hidden half @__truncdfhf2(double %x) #0 {
  %f = call float @roundToOdd(double %x)
  %h = call half @__truncsfhf2(float %f)
  ret half %h
}

define hidden bfloat @__truncsfbf2(float %x) #0 {
  %bits = bitcast float %x to i32
  %isNaN = fcmp uno float %x, 0.000000e+00
  %down = lshr i32 %bits, 16
  %odd = and i32 %down, 1
  %half = add i32 %bits, 32767
  %rounded = add i32 %half, %odd
  %high = lshr i32 %rounded, 16
  %quiet = or i32 %down, 64
  %chosen = select i1 %isNaN, i32 %quiet, i32 %high
  %short = trunc i32 %chosen to i16
  %value = bitcast i16 %short to bfloat
  ret bfloat %value
}

define hidden bfloat @__truncdfbf2(double %x) #0 {
  %f = call float @roundToOdd(double %x)
  %h = call bfloat @__truncsfbf2(float %f)
  ret bfloat %h
}

declare double @llvm.fabs.f64(double)
)";

} // namespace aicore
} // namespace gemlir

#endif // GEMLIR_LIB_TARGET_AICORE_CONVERSIONS_H
