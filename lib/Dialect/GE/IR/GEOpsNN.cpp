//===- GEOpsNN.cpp - neural-network ge operations -------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dims.h"
#include "GEOpParsing.h"
#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace mlir::ge;

#define GET_OP_CLASSES
#include "ge-mlir/Dialect/GE/IR/GEOpsNN.cpp.inc"

void GEDialect::registerNNOps() {
  addOperations<
#define GET_OP_LIST
#include "ge-mlir/Dialect/GE/IR/GEOpsNN.cpp.inc"
      >();
}

static int64_t known(int64_t a, int64_t b) { return isDynamic(a) ? b : a; }

//===----------------------------------------------------------------------===//
// Matrix multiplication
//===----------------------------------------------------------------------===//

/// Products of 8-bit integers are summed in 32 bits.
static Type productType(Type element) {
  return element.isInteger(8) ? IntegerType::get(element.getContext(), 32) : element;
}

/// The element types of the factors. Integers may differ in sign (GE has i8 x ui8).
static LogicalResult checkFactors(Inference &infer, Value a, Value b) {
  Type x = Inference::elementType(a), y = Inference::elementType(b);
  if (x == y || (x.isInteger(8) && y.isInteger(8)))
    return success();
  return infer.error("expects factors of one element type, but got ", x, " and ", y);
}

static LogicalResult checkVector(Inference &infer, Value value, StringRef operand, int64_t size) {
  if (!value)
    return success();
  MaybeDims dims = Inference::dims(value);
  if (!dims || (dims->size() == 1 && !differ(dims->front(), size)))
    return success();
  return infer.error("expects '", operand, "' to be a vector of ", dimText(size), " elements, but got shape ",
                     dimsText(*dims));
}

/// The shape of a product of matrices in the last two dimensions.
static FailureOr<Dims> productDims(Inference &infer, ArrayRef<int64_t> a, ArrayRef<int64_t> b, bool transposeA,
                                   bool transposeB) {
  size_t ra = a.size(), rb = b.size();
  int64_t m = a[ra - (transposeA ? 1 : 2)], ka = a[ra - (transposeA ? 2 : 1)];
  int64_t kb = b[rb - (transposeB ? 1 : 2)], n = b[rb - (transposeB ? 2 : 1)];
  if (differ(ka, kb))
    return infer.error("expects inner dimensions that agree, but got ", ka, " and ", kb, " from shapes ", dimsText(a),
                       transposeA ? " (transposed)" : "", " and ", dimsText(b), transposeB ? " (transposed)" : "");
  MaybeDims result = broadcastDims(a.drop_back(2), b.drop_back(2));
  if (!result)
    return infer.error("expects leading dimensions that broadcast, but got shapes ", dimsText(a), " and ", dimsText(b));
  result->append({m, n});
  return *result;
}

LogicalResult MatMulV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(checkFactors(infer, op.getX1(), op.getX2())))
    return failure();
  FailureOr<Dims> a = infer.dimsOfRank(op.getX1(), "x1", 2), b = infer.dimsOfRank(op.getX2(), "x2", 2);
  if (failed(a) || failed(b))
    return failure();
  // C2
  FailureOr<Dims> dims = productDims(infer, *a, *b, op.getTransposeX1(), op.getTransposeX2());
  // C3
  if (failed(dims) || failed(checkVector(infer, op.getBias(), "bias", dims->back())))
    return failure();
  return infer.plain(results, productType(Inference::elementType(op.getX1())), *dims);
}

LogicalResult BatchMatMulV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(checkFactors(infer, op.getX1(), op.getX2())))
    return failure();
  Type element = productType(Inference::elementType(op.getX1()));
  MaybeDims a = Inference::dims(op.getX1()), b = Inference::dims(op.getX2());
  if (!a || !b)
    return infer.plain(results, element, std::nullopt);
  if (a->size() < 2 || b->size() < 2)
    return infer.error("expects operands with at least two dimensions, but got shapes ", dimsText(*a), " and ",
                       dimsText(*b));
  // C2, C3
  FailureOr<Dims> dims = productDims(infer, *a, *b, op.getAdjX1(), op.getAdjX2());
  // C4
  if (failed(dims) || failed(checkVector(infer, op.getBias(), "bias", dims->back())))
    return failure();
  return infer.plain(results, element, *dims);
}

LogicalResult GEMMOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(checkFactors(infer, op.getA(), op.getB())))
    return failure();
  FailureOr<Dims> a = infer.dimsOfRank(op.getA(), "a", 2), b = infer.dimsOfRank(op.getB(), "b", 2);
  if (failed(a) || failed(b))
    return failure();
  // C2
  FailureOr<Dims> dims = productDims(infer, *a, *b, op.getTransposeA(), op.getTransposeB());
  if (failed(dims))
    return failure();
  // C3
  if (MaybeDims c = Inference::dims(op.getC())) {
    MaybeDims joined = broadcastDims(*dims, *c);
    if (!joined || joined->size() != 2 || failed(verifyCompatibleShape(*joined, *dims)))
      return infer.error("expects 'c' to broadcast to ", dimsText(*dims), ", but got shape ", dimsText(*c));
  }
  // C4
  if (failed(infer.checkOneElement(op.getAlpha(), "alpha")) || failed(infer.checkOneElement(op.getBeta(), "beta")))
    return failure();
  return infer.plain(results, Inference::elementType(op.getC()), *dims);
}

//===----------------------------------------------------------------------===//
// Images
//===----------------------------------------------------------------------===//

namespace {
/// Where the dimensions of an image are.
struct Layout {
  int64_t c, h, w;
};
} // namespace

static FailureOr<Layout> layoutOf(Inference &infer, StringRef dataFormat) {
  if (failed(infer.checkOneOf("data_format", dataFormat, {"NCHW", "NHWC"})))
    return failure();
  return dataFormat == "NCHW" ? Layout{1, 2, 3} : Layout{3, 1, 2};
}

/// A list of four with positive values for height and width and 1 elsewhere.
static LogicalResult checkSpatial(Inference &infer, ArrayRef<int64_t> list, StringRef attribute, Layout layout) {
  if (list.size() != 4)
    return infer.error("expects '", attribute, "' to have 4 elements, but got ", list.size());
  if (list[layout.h] <= 0 || list[layout.w] <= 0 || list[0] != 1 || list[layout.c] != 1)
    return infer.error("expects '", attribute, "' to be positive in height and width and 1 elsewhere, but got ",
                       dimsText(list));
  return success();
}

static LogicalResult checkPads(Inference &infer, ArrayRef<int64_t> pads, StringRef attribute) {
  if (pads.size() != 4)
    return infer.error("expects '", attribute, "' to have 4 elements, but got ", pads.size());
  if (llvm::any_of(pads, [](int64_t pad) { return pad < 0; }))
    return infer.error("expects '", attribute, "' without negative elements, but got ", dimsText(pads));
  return success();
}

/// How many windows of `kernel` elements fit into one padded dimension.
static FailureOr<int64_t> countWindows(Inference &infer, StringRef dimension, int64_t size, int64_t kernel,
                                       int64_t stride, int64_t padBefore, int64_t padAfter, bool ceil = false) {
  if (isDynamic(size) || isDynamic(kernel))
    return kDynamic;
  int64_t room = size + padBefore + padAfter - kernel;
  if (room < 0)
    return infer.error("expects a window that fits into the padded ", dimension, ", but got a window of ", kernel,
                       " for ", size, " with pads ", padBefore, " and ", padAfter);
  if (!ceil)
    return room / stride + 1;
  int64_t count = llvm::divideCeil(room, stride) + 1;
  // A window that starts in the trailing padding sees no element.
  return (count - 1) * stride >= size + padBefore ? count - 1 : count;
}

static int64_t dilated(int64_t kernel, int64_t dilation) {
  return isDynamic(kernel) ? kDynamic : (kernel - 1) * dilation + 1;
}

namespace {
/// The parts of the convolutions' inference that they share.
struct Convolution {
  Inference &infer;
  Value x, filter, bias;
  ArrayRef<int64_t> strides, pads, dilations;
  Layout layout{};
  Dims xDims = {}, filterDims = {};

  LogicalResult check(StringRef dataFormat) {
    // C1
    if (failed(checkFactors(infer, x, filter)))
      return failure();
    FailureOr<Dims> image = infer.dimsOfRank(x, "x", 4), weights = infer.dimsOfRank(filter, "filter", 4);
    if (failed(image) || failed(weights))
      return failure();
    xDims = *image;
    filterDims = *weights;
    // C2
    FailureOr<Layout> places = layoutOf(infer, dataFormat);
    if (failed(places))
      return failure();
    layout = *places;
    // C3, C4
    return success(succeeded(checkSpatial(infer, strides, "strides", layout)) &&
                   succeeded(checkSpatial(infer, dilations, "dilations", layout)) &&
                   succeeded(checkPads(infer, pads, "pads")));
  }

  bool channelsFirst() const { return layout.c == 1; }
  int64_t kernelHeight() const { return filterDims[channelsFirst() ? 2 : 0]; }
  int64_t kernelWidth() const { return filterDims[channelsFirst() ? 3 : 1]; }

  /// The result of a convolution with `channels` output channels.
  LogicalResult forward(SmallVectorImpl<Type> &results, int64_t channels) {
    // C6
    if (failed(checkVector(infer, bias, "bias", channels)))
      return failure();
    // C7
    FailureOr<int64_t> h = countWindows(infer, "height", xDims[layout.h], dilated(kernelHeight(), dilations[layout.h]),
                                        strides[layout.h], pads[0], pads[1]);
    FailureOr<int64_t> w = countWindows(infer, "width", xDims[layout.w], dilated(kernelWidth(), dilations[layout.w]),
                                        strides[layout.w], pads[2], pads[3]);
    if (failed(h) || failed(w))
      return failure();
    return finish(results, channels, *h, *w);
  }

  LogicalResult finish(SmallVectorImpl<Type> &results, int64_t channels, int64_t h, int64_t w) {
    Dims dims = xDims;
    dims[layout.c] = channels;
    dims[layout.h] = h;
    dims[layout.w] = w;
    return infer.storedLike(results, x, productType(Inference::elementType(x)), dims);
  }
};
} // namespace

LogicalResult Conv2DOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Convolution conv{infer, op.getX(), op.getFilter(), op.getBias(), op.getStrides(), op.getPads(), op.getDilations()};
  if (failed(conv.check(op.getDataFormat())))
    return failure();
  // C5
  int64_t groups = op.getGroups();
  int64_t perGroup = conv.filterDims[conv.channelsFirst() ? 1 : 2], out = conv.filterDims[conv.channelsFirst() ? 0 : 3];
  int64_t channels = conv.xDims[conv.layout.c];
  if (groups <= 0)
    return infer.error("expects 'groups' to be positive, but got ", groups);
  if (!isDynamic(perGroup) && differ(perGroup * groups, channels))
    return infer.error("expects a filter for ", channels, " channels in ", groups, " groups, but got filter shape ",
                       dimsText(conv.filterDims));
  if (!isDynamic(out) && out % groups != 0)
    return infer.error("expects 'groups' to divide the output channels, but got ", groups, " and ", out);
  return conv.forward(results, out);
}

LogicalResult DepthwiseConv2DOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Convolution conv{infer, op.getX(), op.getFilter(), op.getBias(), op.getStrides(), op.getPads(), op.getDilations()};
  if (failed(conv.check(op.getDataFormat())))
    return failure();
  // C5
  int64_t channels = conv.xDims[conv.layout.c], out;
  ArrayRef<int64_t> filter = conv.filterDims;
  bool valid;
  if (conv.channelsFirst()) {
    out = filter[0];
    valid = !differ(filter[1], 1) && (isDynamic(out) || isDynamic(channels) || (channels > 0 && out % channels == 0));
  } else {
    out = isDynamic(filter[2]) || isDynamic(filter[3]) ? kDynamic : filter[2] * filter[3];
    valid = !differ(filter[2], channels);
  }
  if (!valid)
    return infer.error("expects a depthwise filter for ", dimText(channels), " channels, but got filter shape ",
                       dimsText(filter));
  return conv.forward(results, out);
}

LogicalResult Conv2DTransposeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Convolution conv{infer, op.getX(), op.getFilter(), op.getBias(), op.getStrides(), op.getPads(), op.getDilations()};
  // C4
  if (failed(conv.check(op.getDataFormat())) || failed(checkPads(infer, op.getOutputPadding(), "output_padding")))
    return failure();
  // C5
  int64_t groups = op.getGroups(), in = conv.filterDims[conv.channelsFirst() ? 0 : 3];
  int64_t perGroup = conv.filterDims[conv.channelsFirst() ? 1 : 2], channels = conv.xDims[conv.layout.c];
  if (groups <= 0 || (!isDynamic(in) && in % groups != 0))
    return infer.error("expects 'groups' to be positive and to divide the input channels, but got ", groups, " and ",
                       dimText(in));
  if (differ(in, channels))
    return infer.error("expects a filter for ", channels, " input channels, but got filter shape ",
                       dimsText(conv.filterDims));
  int64_t out = isDynamic(perGroup) ? kDynamic : perGroup * groups;
  // C6
  if (failed(checkVector(infer, op.getBias(), "bias", out)))
    return failure();

  auto size = getConstantInts(op.getInputSize());
  if (size && size->size() == 4 && llvm::all_of(*size, [](int64_t dim) { return dim > 0; }))
    return conv.finish(results, out, (*size)[conv.layout.h], (*size)[conv.layout.w]);

  auto extent = [&](int64_t dim, int64_t kernel, int64_t before, int64_t after) {
    int64_t in = conv.xDims[dim];
    if (isDynamic(in) || isDynamic(kernel))
      return kDynamic;
    return (in - 1) * conv.strides[dim] + dilated(kernel, conv.dilations[dim]) + op.getOutputPadding()[dim] - before -
           after;
  };
  int64_t h = extent(conv.layout.h, conv.kernelHeight(), conv.pads[0], conv.pads[1]);
  int64_t w = extent(conv.layout.w, conv.kernelWidth(), conv.pads[2], conv.pads[3]);
  if ((!isDynamic(h) && h <= 0) || (!isDynamic(w) && w <= 0))
    return infer.error("expects pads that leave a result, but got height ", h, " and width ", w);
  return conv.finish(results, out, h, w);
}

LogicalResult Inference::pool(Results &results, Value x, ArrayRef<int64_t> ksize, ArrayRef<int64_t> strides,
                              ArrayRef<int64_t> pads, StringRef paddingMode, StringRef dataFormat, bool global,
                              bool ceil) const {
  Inference infer = *this;
  // C1
  FailureOr<Dims> dims = dimsOfRank(x, "x", 4);
  // C2
  FailureOr<Layout> layout = layoutOf(infer, dataFormat);
  if (failed(dims) || failed(layout))
    return failure();
  // C3, C4, C5
  if (failed(checkSpatial(infer, ksize, "ksize", *layout)) ||
      failed(checkSpatial(infer, strides, "strides", *layout)) || failed(checkPads(infer, pads, "pads")) ||
      failed(checkOneOf("padding_mode", paddingMode, {"CALCULATED", "SAME", "VALID"})))
    return failure();

  auto count = [&](StringRef name, int64_t dim, int64_t before, int64_t after) -> FailureOr<int64_t> {
    int64_t size = (*dims)[dim];
    if (global)
      return 1;
    if (paddingMode == "SAME")
      return isDynamic(size) ? kDynamic : llvm::divideCeil(size, strides[dim]);
    if (paddingMode == "VALID")
      return countWindows(infer, name, size, ksize[dim], strides[dim], 0, 0);
    // C6
    return countWindows(infer, name, size, ksize[dim], strides[dim], before, after, ceil);
  };
  FailureOr<int64_t> h = count("height", layout->h, pads[0], pads[1]), w = count("width", layout->w, pads[2], pads[3]);
  if (failed(h) || failed(w))
    return failure();
  (*dims)[layout->h] = *h;
  (*dims)[layout->w] = *w;
  return storedLike(results, x, elementType(x), *dims);
}

LogicalResult GlobalAveragePoolOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  MaybeDims dims = Inference::dims(op.getX());
  if (dims) {
    // C1
    if (dims->size() < 3)
      return infer.error("expects 'x' to have at least 3 dimensions, but got shape ", dimsText(*dims));
    std::fill(dims->begin() + 2, dims->end(), 1);
  }
  return infer.storedLike(results, op.getX(), Inference::elementType(op.getX()), dims);
}

/// The sizes that constant scales give.
static LogicalResult scaleDims(Inference &infer, Value scales, Dims &dims) {
  DenseFPElementsAttr values;
  if (!matchPattern(scales, m_Constant(&values))) {
    dims.assign(dims.size(), kDynamic);
    return success();
  }
  // C1
  if (values.getNumElements() != int64_t(dims.size()))
    return infer.error("expects 'scales' to have an element for each dimension, but got ", values.getNumElements(),
                       " for ", dims.size());
  for (auto [dim, scale] : llvm::zip_equal(dims, values.getValues<APFloat>())) {
    // The product is rounded to f32 first, as ONNX does.
    float factor = scale.convertToFloat();
    if (!(factor > 0))
      return infer.error("expects 'scales' to be positive, but got ", factor);
    if (!isDynamic(dim))
      dim = int64_t(std::floor(float(dim) * factor));
  }
  return success();
}

LogicalResult ResizeOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  Type element = Inference::elementType(op.getX());
  auto given = [](Value value) {
    MaybeDims dims = value ? Inference::dims(value) : MaybeDims(Dims{0});
    return !dims || dims->size() != 1 || dims->front() != 0;
  };
  // C1
  bool sizes = given(op.getSizes()), scales = given(op.getScales());
  if (sizes == scales)
    return infer.error("expects either 'scales' or 'sizes', but got ", sizes ? "both" : "none");
  MaybeDims dims = Inference::dims(op.getX());
  if (!dims) {
    FailureOr<int64_t> rank = infer.vectorSize(sizes ? op.getSizes() : op.getScales(), sizes ? "sizes" : "scales");
    if (failed(rank))
      return failure();
    return infer.plain(results, element, isDynamic(*rank) ? MaybeDims() : MaybeDims(Dims(*rank, kDynamic)));
  }
  if (scales) {
    if (failed(scaleDims(infer, op.getScales(), *dims)))
      return failure();
    return infer.storedLike(results, op.getX(), element, dims);
  }
  auto constant = getConstantInts(op.getSizes());
  if (!constant) {
    dims->assign(dims->size(), kDynamic);
  } else if (constant->size() != dims->size() || llvm::any_of(*constant, [](int64_t size) { return size <= 0; })) {
    return infer.error("expects 'sizes' to have a positive element for each of ", dims->size(), " dimensions, but got ",
                       dimsText(*constant));
  } else {
    dims = Dims(*constant);
  }
  return infer.storedLike(results, op.getX(), element, dims);
}

LogicalResult ResizeOp::verify() {
  Inference infer(getContext(), getLoc(), getOperationName(), getOperands());
  // C2, C3, C4
  return success(
      succeeded(infer.checkOneOf("mode", getMode(), {"nearest", "linear", "cubic"})) &&
      succeeded(infer.checkOneOf("coordinate_transformation_mode", getCoordinateTransformationMode(),
                                 {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners",
                                  "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"})) &&
      succeeded(infer.checkOneOf("nearest_mode", getNearestMode(),
                                 {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"})));
}

//===----------------------------------------------------------------------===//
// Normalisation
//===----------------------------------------------------------------------===//

static LogicalResult checkAxes(Inference &infer, Value x, ArrayRef<int64_t> axes) {
  MaybeDims dims = Inference::dims(x);
  return success(!dims || succeeded(infer.axes(axes, dims->size(), "axes")));
}

LogicalResult SoftmaxV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(checkAxes(infer, op.getX(), op.getAxes())))
    return failure();
  bool widen = op.getHalfToFloat() && Inference::elementType(op.getX()).isF16();
  return infer.unary(results, widen ? Float32Type::get(infer.context) : Type());
}

LogicalResult LogSoftmaxV2Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(checkAxes(infer, op.getLogits(), op.getAxes())))
    return failure();
  return infer.unary(results);
}

/// Fails unless `value` has the shape `dims`.
static LogicalResult checkShape(Inference &infer, Value value, StringRef operand, ArrayRef<int64_t> dims) {
  MaybeDims actual = Inference::dims(value);
  if (!actual || succeeded(verifyCompatibleShape(*actual, dims)))
    return success();
  return infer.error("expects '", operand, "' of shape ", dimsText(dims), ", but got ", dimsText(*actual));
}

LogicalResult LayerNormV3Op::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(infer.checkSameElementTypes(infer.operands)))
    return failure();
  Type element = Inference::elementType(op.getX());
  MaybeDims dims = Inference::dims(op.getX()), statistics = dims;
  if (dims) {
    // C2
    int64_t rank = dims->size();
    FailureOr<int64_t> norm = infer.axis(op.getBeginNormAxis(), rank, "begin_norm_axis");
    FailureOr<int64_t> params = infer.axis(op.getBeginParamsAxis(), rank, "begin_params_axis");
    if (failed(norm) || failed(params))
      return failure();
    // C3
    ArrayRef<int64_t> tail = ArrayRef<int64_t>(*dims).drop_front(*params);
    if (failed(checkShape(infer, op.getGamma(), "gamma", tail)) ||
        failed(checkShape(infer, op.getBeta(), "beta", tail)))
      return failure();
    std::fill(statistics->begin() + *norm, statistics->end(), 1);
  }
  results.push_back(op.getX().getType());
  (void)infer.plain(results, element, statistics);
  return infer.plain(results, element, statistics);
}

LogicalResult RmsNormOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(infer.checkSameElementTypes(infer.operands)))
    return failure();
  MaybeDims dims = Inference::dims(op.getX()), gamma = Inference::dims(op.getGamma()), statistics;
  if (dims && gamma) {
    // C2
    if (gamma->size() > dims->size() ||
        failed(checkShape(infer, op.getGamma(), "gamma", ArrayRef<int64_t>(*dims).take_back(gamma->size()))))
      return gamma->size() > dims->size()
                 ? infer.error("expects 'gamma' to have at most ", dims->size(), " dimensions, but got ", gamma->size())
                 : failure();
    statistics = dims;
    std::fill(statistics->end() - gamma->size(), statistics->end(), 1);
  }
  results.push_back(op.getX().getType());
  return infer.plain(results, Float32Type::get(infer.context), statistics);
}

namespace {
/// The sizes that a layout gives to [batch, heads, rows, columns].
struct HeadDims {
  int64_t batch, heads, rows, columns;
};
} // namespace

static FailureOr<HeadDims> headDims(Inference &infer, Value value, StringRef operand, StringRef layout, int64_t heads) {
  FailureOr<Dims> dims = infer.dimsOfRank(value, operand, layout == "BSH" ? 3 : 4);
  if (failed(dims))
    return failure();
  ArrayRef<int64_t> d = *dims;
  if (layout == "BNSD")
    return HeadDims{d[0], d[1], d[2], d[3]};
  if (layout == "BSND")
    return HeadDims{d[0], d[2], d[1], d[3]};
  if (!isDynamic(d[2]) && d[2] % heads)
    return infer.error("expects the last dimension of '", operand, "' to hold ", heads, " heads, but got ", d[2]);
  return HeadDims{d[0], heads, d[1], isDynamic(d[2]) ? d[2] : d[2] / heads};
}

LogicalResult PromptFlashAttentionOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  StringRef layout = op.getInputLayout();
  int64_t heads = op.getNumHeads(), keyHeads = op.getNumKeyValueHeads() ? op.getNumKeyValueHeads() : heads;
  if (failed(infer.checkOneOf("input_layout", layout, {"BNSD", "BSND", "BSH"})))
    return failure();
  // C2
  if (heads <= 0 || keyHeads <= 0 || heads % keyHeads)
    return infer.error("expects 'num_heads' to be a positive multiple of 'num_key_value_heads', but got ", heads,
                       " and ", keyHeads);
  FailureOr<HeadDims> query = headDims(infer, op.getQuery(), "query", layout, heads), key, value;
  if (failed(query) || failed(key = headDims(infer, op.getKey(), "key", layout, keyHeads)) ||
      failed(value = headDims(infer, op.getValue(), "value", layout, keyHeads)))
    return failure();
  if (differ(query->heads, heads) || differ(key->heads, keyHeads) || differ(value->heads, keyHeads))
    return infer.error("expects ", heads, " heads of 'query' and ", keyHeads, " of 'key' and 'value', but got ",
                       dimText(query->heads), ", ", dimText(key->heads), " and ", dimText(value->heads));
  // C3
  if (differ(query->batch, key->batch) || differ(key->batch, value->batch) || differ(query->columns, key->columns) ||
      differ(key->rows, value->rows))
    return infer.error("expects equal batches, 'key' with the columns of 'query' and the rows of 'value'");
  // C4
  int64_t scores[] = {query->batch, heads, query->rows, key->rows};
  for (auto [mask, name] : {std::pair{op.getPseShift(), "pse_shift"}, std::pair{op.getAttenMask(), "atten_mask"}}) {
    FailureOr<Dims> dims = mask ? infer.dimsOfRank(mask, name, 4) : FailureOr<Dims>(Dims());
    if (failed(dims))
      return failure();
    for (auto [size, whole] : llvm::zip(*dims, scores))
      if (size != 1 && differ(size, whole))
        return infer.error("expects '", name, "' to broadcast to ", dimsText(scores), ", but got ", dimsText(*dims));
  }
  MaybeDims shape = Inference::dims(op.getQuery());
  if (shape)
    shape->back() = layout != "BSH"             ? value->columns
                    : isDynamic(value->columns) ? value->columns
                                                : value->columns * heads;
  return infer.plain(results, Inference::elementType(op.getQuery()), shape);
}

/// The place of the channels in `rank` dimensions of a format like NCHW or NDHWC.
static FailureOr<int64_t> channelPlace(Inference &infer, StringRef dataFormat, int64_t rank) {
  if (dataFormat.starts_with("NC") || dataFormat == "ND")
    return 1;
  if (dataFormat.starts_with("N") && dataFormat.ends_with("C"))
    return rank - 1;
  return infer.error("expects 'data_format' to name the channels after N or at the end, but got '", dataFormat, "'");
}

LogicalResult BatchNormOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  int64_t channels = kDynamic;
  if (MaybeDims dims = Inference::dims(op.getX())) {
    // C1
    if (dims->size() < 2)
      return infer.error("expects 'x' to have at least 2 dimensions, but got shape ", dimsText(*dims));
    // C2
    FailureOr<int64_t> place = channelPlace(infer, op.getDataFormat(), dims->size());
    if (failed(place))
      return failure();
    channels = (*dims)[*place];
  }
  // C3
  if (failed(checkVector(infer, op.getScale(), "scale", channels)) ||
      failed(checkVector(infer, op.getOffset(), "offset", channels)) ||
      failed(checkVector(infer, op.getMean(), "mean", channels)) ||
      failed(checkVector(infer, op.getVariance(), "variance", channels)))
    return failure();
  // C4
  if (!op.getIsTraining() && (!op.getMean() || !op.getVariance()))
    return infer.error("expects 'mean' and 'variance' unless it is training");
  if (MaybeDims scale = Inference::dims(op.getScale()); scale && !scale->empty())
    channels = known(channels, scale->front());
  results.push_back(op.getX().getType());
  for (int i = 0; i < 5; ++i)
    (void)infer.plain(results, Inference::elementType(op.getScale()), Dims{channels});
  return success();
}

LogicalResult InstanceNormOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  MaybeDims dims = Inference::dims(op.getX()), statistics = dims;
  if (dims) {
    // C1
    int64_t rank = dims->size();
    if (rank < 3)
      return infer.error("expects 'x' to have at least 3 dimensions, but got shape ", dimsText(*dims));
    // C2
    FailureOr<int64_t> place = channelPlace(infer, op.getDataFormat(), rank);
    if (failed(place))
      return failure();
    // C3
    if (failed(checkVector(infer, op.getGamma(), "gamma", (*dims)[*place])) ||
        failed(checkVector(infer, op.getBeta(), "beta", (*dims)[*place])))
      return failure();
    for (int64_t i = 1; i < rank; ++i)
      if (i != *place)
        (*statistics)[i] = 1;
  }
  results.push_back(op.getX().getType());
  Type element = Inference::elementType(op.getX());
  (void)infer.plain(results, element, statistics);
  return infer.plain(results, element, statistics);
}

LogicalResult GroupNormOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  int64_t batch = kDynamic, groups = op.getNumGroups();
  // C4
  if (groups <= 0)
    return infer.error("expects 'num_groups' to be positive, but got ", groups);
  if (MaybeDims dims = Inference::dims(op.getX())) {
    // C1
    if (dims->size() < 2)
      return infer.error("expects 'x' to have at least 2 dimensions, but got shape ", dimsText(*dims));
    // C2
    FailureOr<int64_t> place = channelPlace(infer, op.getDataFormat(), dims->size());
    if (failed(place))
      return failure();
    int64_t channels = (*dims)[*place];
    // C3
    if (failed(checkVector(infer, op.getGamma(), "gamma", channels)) ||
        failed(checkVector(infer, op.getBeta(), "beta", channels)))
      return failure();
    // C4
    if (!isDynamic(channels) && channels % groups != 0)
      return infer.error("expects 'num_groups' to divide the channels, but got ", groups, " and ", channels);
    batch = dims->front();
  }
  results.push_back(op.getX().getType());
  Type element = Inference::elementType(op.getX());
  (void)infer.plain(results, element, Dims{batch, groups});
  return infer.plain(results, element, Dims{batch, groups});
}

LogicalResult LRNOp::inferTypes(Inference &infer, Adaptor op, SmallVectorImpl<Type> &results) {
  // C1
  if (failed(infer.dimsOfRank(op.getX(), "x", 4)))
    return failure();
  // C2
  if (op.getDepthRadius() < 0)
    return infer.error("expects 'depth_radius' not to be negative, but got ", op.getDepthRadius());
  // C3
  if (failed(infer.checkOneOf("norm_region", op.getNormRegion(), {"ACROSS_CHANNELS"})))
    return failure();
  return infer.unary(results);
}
