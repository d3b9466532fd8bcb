// RUN: ge-opt %s -split-input-file -verify-diagnostics

// The storage shape of NC1HWC0 follows from the origin shape.
// expected-error @below {{format NC1HWC0 of origin shape [1, 20, 4, 4] expects storage shape [1, 2, 4, 4, 16], but got [1, 1, 4, 4, 16]}}
func.func private @f(tensor<1x1x4x4x16xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 4, 4]>>)

// -----

// The block size is the last storage dimension, and known.
// expected-error @below {{format NC1HWC0 expects a positive last storage dimension, but got storage shape [1, 2, 4, 4, ?]}}
func.func private @f(tensor<1x2x4x4x?xf32, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [1, 20, 4, 4]>>)

// -----

// A filter in FRACTAL_Z has C1 * KH * KW rows of blocks.
// expected-error @below {{format FRACTAL_Z of origin shape [20, 3, 3, 3] expects storage shape [9, 2, 16, 16], but got [3, 2, 16, 16]}}
func.func private @f(tensor<3x2x16x16xf32, #ge.format<FRACTAL_Z, origin = NCHW, origin_shape = [20, 3, 3, 3]>>)

// -----

// FRACTAL_NZ has blocks of 16 rows.
// expected-error @below {{format FRACTAL_NZ of origin shape [5, 40, 20] expects storage shape [5, 2, 3, 16, 16], but got [5, 2, 5, 8, 16]}}
func.func private @f(tensor<5x2x5x8x16xf32, #ge.format<FRACTAL_NZ, origin = ND, origin_shape = [5, 40, 20]>>)

// -----

// NHWC of an NCHW origin permutes the dimensions.
// expected-error @below {{format NHWC of origin shape [1, 8, 4, 2] expects storage shape [1, 4, 2, 8], but got [1, 8, 4, 2]}}
func.func private @f(tensor<1x8x4x2xf32, #ge.format<NHWC, origin = NCHW, origin_shape = [1, 8, 4, 2]>>)

// -----

// An origin is plain.
// expected-error @below {{expected origin NCHW, NHWC or ND, but got NC1HWC0}}
func.func private @f(tensor<4xf32, #ge.format<ND, origin = NC1HWC0, origin_shape = [4]>>)

// -----

// Blocks of channels need channels.
// expected-error @below {{format NC1HWC0 cannot store origin ND of shape [4, 4]}}
func.func private @f(tensor<4x4xf32, #ge.format<NC1HWC0, origin = ND, origin_shape = [4, 4]>>)

// -----

// Formats are GE's.
// expected-error @below {{expected ::mlir::ge::Format to be one of: NCHW, NHWC, ND, NC1HWC0, FRACTAL_Z, FRACTAL_NZ}}
// expected-error @below {{failed to parse GE_FormatAttr parameter 'format'}}
func.func private @f(tensor<4xf32, #ge.format<NCDHW, origin = ND, origin_shape = [4]>>)

// -----

// Dimensions are not negative.
// expected-error @below {{expected a non-negative dimension, but got -1}}
func.func private @f(tensor<?xf32, #ge.format<ND, origin = ND, origin_shape = [-1]>>)
