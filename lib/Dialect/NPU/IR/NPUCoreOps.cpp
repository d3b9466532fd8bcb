//===- NPUCoreOps.cpp - core-level operations of the npu dialect -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Dialect/NPU/IR/NPUDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace mlir::npu;

using EffectList = SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

static void addEffect(EffectList &effects, MemoryEffects::Effect *effect, OpOperand &operand) {
  if (isa<BaseMemRefType>(operand.get().getType()))
    effects.emplace_back(effect, &operand, SideEffects::DefaultResource::get());
}

//===----------------------------------------------------------------------===//
// KernelOp
//===----------------------------------------------------------------------===//

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &result) {
  auto build = [](Builder &b, ArrayRef<Type> ins, ArrayRef<Type> outs, function_interface_impl::VariadicFlag,
                  std::string &) { return b.getFunctionType(ins, outs); };
  return function_interface_impl::parseFunctionOp(parser, result, /*allowVariadic=*/false,
                                                  getFunctionTypeAttrName(result.name), build,
                                                  getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void KernelOp::print(OpAsmPrinter &p) {
  function_interface_impl::printFunctionOp(p, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
                                           getArgAttrsAttrName(), getResAttrsAttrName());
}

static unsigned countBuffers(KernelOp kernel) {
  unsigned buffers = 0;
  while (buffers < kernel.getNumArguments() && isa<BaseMemRefType>(kernel.getArgument(buffers).getType()))
    ++buffers;
  return buffers;
}

ArrayRef<BlockArgument> KernelOp::getInputs() {
  return getArguments().take_front(countBuffers(*this) - getNumOutputs());
}

ArrayRef<BlockArgument> KernelOp::getOutputs() {
  return getArguments().take_front(countBuffers(*this)).take_back(getNumOutputs());
}

ArrayRef<BlockArgument> KernelOp::getScalars() { return getArguments().drop_front(countBuffers(*this)); }

unsigned KernelOp::getSizeScalar(unsigned argument, unsigned dim) {
  auto sizes = getArgAttrOfType<DenseI64ArrayAttr>(argument, kSizesAttrName);
  auto type = cast<MemRefType>(getArgumentTypes()[argument]);
  return sizes[type.getDynamicDimIndex(dim)];
}

/// C4
static LogicalResult verifySizes(KernelOp kernel, unsigned argument, unsigned scalars) {
  auto type = cast<MemRefType>(kernel.getArgumentTypes()[argument]);
  auto sizes = kernel.getArgAttrOfType<DenseI64ArrayAttr>(argument, KernelOp::kSizesAttrName);
  size_t given = sizes ? sizes.size() : 0, expected = type.getNumDynamicDims();
  if (given != expected)
    return kernel.emitOpError("expects 'npu.sizes' of argument ")
           << argument << " to name " << expected << " scalars, but got " << given;
  for (int64_t scalar : sizes ? sizes.asArrayRef() : ArrayRef<int64_t>())
    if (scalar < 0 || scalar >= scalars)
      return kernel.emitOpError("expects 'npu.sizes' of argument ")
             << argument << " to name scalars below " << scalars << ", but got " << scalar;
  return success();
}

LogicalResult KernelOp::verify() {
  if (getBody().empty())
    return emitOpError("expects a body");
  unsigned buffers = 0;
  bool seenScalar = false;
  for (auto [index, type] : llvm::enumerate(getFunctionType().getInputs())) {
    auto memref = dyn_cast<MemRefType>(type);
    if (memref && !seenScalar && memref.getLayout().isIdentity()) {
      ++buffers;
      continue;
    }
    seenScalar = true;
    if (!type.isInteger(64)) // C1
      return emitOpError("expects argument ")
             << index << " to be a memref of identity layout, or a trailing i64, but got " << type;
  }
  if (getFunctionType().getNumResults() != 0)
    return emitOpError("expects no results, but got ") << getFunctionType().getNumResults();
  if (getNumOutputs() > buffers) // C2
    return emitOpError("expects 'num_outputs' to be at most the number of buffers, ")
           << buffers << ", but got " << getNumOutputs();
  auto tiles = static_cast<int64_t>(getTiles());
  std::optional<AffineMap> count = getTileCount();
  if (count ? tiles != -1 : tiles <= 0) // C3
    return emitOpError("expects 'tiles' to be ")
           << (count ? "-1 beside 'tile_count'" : "positive") << ", but got " << tiles;
  unsigned scalars = getNumArguments() - buffers;
  if (count && (count->getNumResults() != 1 || count->getNumDims() != 0 || count->getNumSymbols() != scalars))
    return emitOpError("expects 'tile_count' to have one result and ")
           << scalars << " symbols, but got " << getTileCountAttr();
  for (unsigned argument = 0; argument < buffers; ++argument)
    if (failed(verifySizes(*this, argument, scalars)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// MoveOp
//===----------------------------------------------------------------------===//

void MoveOp::getEffects(EffectList &effects) {
  addEffect(effects, MemoryEffects::Read::get(), getSourceMutable());
  addEffect(effects, MemoryEffects::Write::get(), getTargetMutable());
}

LogicalResult MoveOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto target = cast<MemRefType>(getTarget().getType());
  ArrayRef<int64_t> from = source.getShape(), to = target.getShape();
  const bool isPadded = target.getMemorySpace() && from.size() == to.size() && !from.empty() &&
                        from.drop_back() == to.drop_back() && from.back() < to.back() &&
                        !source.isDynamicDim(from.size() - 1);
  if ((from != to && !isPadded) || source.getElementType() != target.getElementType())
    return emitOpError("expects equal shapes and element types, but got ") // C1
           << source << " and " << target;
  return success();
}

//===----------------------------------------------------------------------===//
// Epilogues, shared by MmadOp and DepthwiseOp
//===----------------------------------------------------------------------===//

template <typename OpTy>
static void getEpilogueEffects(OpTy op, EffectList &effects) {
  for (OpOperand &operand : op->getOpOperands())
    if (&operand != &op.getInitMutable())
      addEffect(effects, MemoryEffects::Read::get(), operand);
  addEffect(effects, MemoryEffects::Write::get(), op.getInitMutable());
}

/// `columns` is the number of elements of a per-column operand.
template <typename OpTy>
static LogicalResult verifyEpilogue(OpTy op, ArrayRef<int64_t> columns) {
  auto init = cast<ShapedType>(op.getInit().getType());
  if (op.getResult() && op.getResult().getType() != op.getInit().getType())
    return op.emitOpError("expects the result to have the type of 'init', ")
           << op.getInit().getType() << ", but got " << op.getResult().getType();
  Block &body = op.getBody().front();
  if (body.getNumArguments() != op.getEpilogue().size() + 1)
    return op.emitOpError("expects the region to have ")
           << op.getEpilogue().size() + 1 << " arguments, but got " << body.getNumArguments();
  for (auto [index, value] : llvm::enumerate(op.getEpilogue())) {
    auto type = cast<ShapedType>(value.getType());
    bool perElement = type.getShape() == init.getShape();
    bool perColumn = type.getRank() == 1 && llvm::is_contained(columns, type.getDimSize(0));
    bool single = type.hasStaticShape() && type.getNumElements() == 1;
    if (!perElement && !perColumn && !single)
      return op.emitOpError("expects epilogue operand ") << index << " to hold one value per element, per column ("
                                                         << columns.front() << ") or in all, but got " << type;
    if (body.getArgument(index + 1).getType() != type.getElementType())
      return op.emitOpError("expects argument ") << index + 1 << " of the region to be " << type.getElementType()
                                                 << ", but got " << body.getArgument(index + 1).getType();
  }
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || yield.getValue().getType() != init.getElementType())
    return op.emitOpError("expects the region to yield ") << init.getElementType();
  return success();
}

//===----------------------------------------------------------------------===//
// MmadOp
//===----------------------------------------------------------------------===//

void MmadOp::getEffects(EffectList &effects) { getEpilogueEffects(*this, effects); }

static ArrayRef<int64_t> shapeOf(Value value) { return cast<ShapedType>(value.getType()).getShape(); }

/// The product of some dimensions, dynamic if one of them is.
static int64_t productOf(ArrayRef<int64_t> dims) {
  int64_t result = 1;
  for (int64_t dim : dims) {
    if (ShapedType::isDynamic(dim))
      return dim;
    result *= dim;
  }
  return result;
}

/// Whether two sizes are known to disagree.
static bool differ(int64_t a, int64_t b) { return !ShapedType::isDynamic(a) && !ShapedType::isDynamic(b) && a != b; }

int64_t MmadOp::getBatch() { return isBatched() ? shapeOf(getLhs())[0] : 1; }

int64_t MmadOp::getM() {
  if (auto matrix = dyn_cast<MatrixType>(getLhs().getType()))
    return matrix.getRows();
  return shapeOf(getLhs())[isBatched() ? 1 : 0];
}

int64_t MmadOp::getK() {
  if (auto matrix = dyn_cast<MatrixType>(getLhs().getType()))
    return matrix.getColumns();
  return shapeOf(getLhs()).back();
}

int64_t MmadOp::getN() {
  if (std::optional<uint64_t> columns = getColumns())
    return *columns;
  ArrayRef<int64_t> init = shapeOf(getInit());
  return init.size() == 5 ? productOf({init[1], init[4]}) : init.back();
}

Im2ColOp MmadOp::getImage() { return getLhs().getDefiningOp<Im2ColOp>(); }

int64_t MmadOp::getRhsDepth() { return shapeOf(getRhs()).drop_back(getOrder() == PanelOrder::NK ? 0 : 1).back(); }

int64_t MmadOp::getPanelWidth() { return getOrder() ? 16 : shapeOf(getRhs()).back(); }

LogicalResult MmadOp::verify() {
  ArrayRef<int64_t> rhs = shapeOf(getRhs()), init = shapeOf(getInit());
  bool batched = isBatched();
  const bool isStored = !isa<MatrixType>(getLhs().getType());
  if (getOrder() && *getOrder() != PanelOrder::NK && (*getOrder() != PanelOrder::KN || !isStored)) // C6
    return emitOpError("expects the order 'nk', or 'kn' beside a left operand in memory, but got ") << getOrderAttr();
  if (rhs.size() != (batched ? 4u : 3u) - (getOrder() ? 1 : 0))
    return emitOpError("expects 'rhs' to hold ")
           << (getOrder() ? "a matrix" : "panels [N1, K, n0]") << ", but got " << getRhs().getType();
  if (init.size() != (batched ? 3u : 2u) && !(init.size() == 5 && !batched))
    return emitOpError("expects 'init' to be [M, N] or NC1HWC0 storage, but got ") << getInit().getType();
  if (differ(getK(), getRhsDepth())) // C1
    return emitOpError("expects equal K of 'lhs' and 'rhs', but got ") << getK() << " and " << getRhsDepth();
  int64_t held = getOrder() ? rhs[rhs.size() - (*getOrder() == PanelOrder::NK ? 2 : 1)]
                            : productOf({rhs[rhs.size() - 3], rhs.back()});
  if (Im2ColOp image = getImage();
      image && image.getGroups() != 1 && getN() % (image.getGroups() * getPanelWidth())) // C7
    return emitOpError("expects whole panels for the columns of ")
           << image.getGroups() << " groups, but got " << getN() << " columns";
  if (differ(getN(), held) && getN() > held) // C2
    return emitOpError("expects 'rhs' to have panels for ") << getN() << " columns, but got " << held;
  int64_t rows = init.size() == 5 ? productOf({init[0], init[2], init[3]}) : init[init.size() - 2];
  if (differ(getM(), rows)) // C3
    return emitOpError("expects equal M of 'lhs' and 'init', but got ") << getM() << " and " << rows;
  SmallVector<int64_t> columns{getN()};
  if (init.size() == 5)
    columns.push_back(productOf({init[1], init[4]}));
  return verifyEpilogue(*this, columns); // C4, C5
}

//===----------------------------------------------------------------------===//
// Im2ColOp
//===----------------------------------------------------------------------===//

void Im2ColOp::build(OpBuilder &builder, OperationState &state, Value image, int64_t channels, ArrayRef<int64_t> kernel,
                     ArrayRef<int64_t> output, ArrayRef<int64_t> strides, ArrayRef<int64_t> pads,
                     ArrayRef<int64_t> dilations, int64_t groups, int64_t padValue) {
  auto type = cast<ShapedType>(image.getType());
  auto matrix = MatrixType::get(builder.getContext(), productOf({type.getDimSize(0), output[0], output[1]}),
                                channels * kernel[0] * kernel[1], type.getElementType());
  build(builder, state, matrix, image, builder.getI64IntegerAttr(channels), builder.getDenseI64ArrayAttr(kernel),
        builder.getDenseI64ArrayAttr(output), builder.getDenseI64ArrayAttr(strides), builder.getDenseI64ArrayAttr(pads),
        builder.getDenseI64ArrayAttr(dilations), builder.getI64IntegerAttr(groups),
        builder.getI64IntegerAttr(padValue));
}

LogicalResult Im2ColOp::verify() {
  auto image = cast<ShapedType>(getImage().getType());
  if (image.getRank() != 4 && image.getRank() != 5)
    return emitOpError("expects an image in NCHW or NC1HWC0, but got ") << image;
  if (getKernel().size() != 2 || getOutput().size() != 2 || getStrides().size() != 2 || getDilations().size() != 2 ||
      getPads().size() != 4)
    return emitOpError("expects two elements in 'kernel', 'output', 'strides' and 'dilations', and four in 'pads'");
  int64_t rows = productOf({image.getDimSize(0), getOutput()[0], getOutput()[1]});
  if (differ(getMatrix().getType().getRows(), rows)) // C1
    return emitOpError("expects ") << rows << " rows, but got " << getMatrix().getType().getRows();
  int64_t columns = getChannels() * getKernel()[0] * getKernel()[1];
  if (getMatrix().getType().getColumns() != columns) // C2
    return emitOpError("expects ") << columns << " columns, but got " << getMatrix().getType().getColumns();
  const int64_t lanes = image.getRank() == 5 ? image.getDimSize(4) : 1, blocks = image.getDimSize(1);
  if (getGroups() != 1 && (getGroups() < 1 || image.getRank() != 5 || getChannels() % lanes ||
                           differ(blocks * lanes, getGroups() * getChannels()))) // C3
    return emitOpError("expects groups of whole blocks of channels, but got ")
           << getGroups() << " groups of " << getChannels() << " channels in " << image;
  return success();
}

//===----------------------------------------------------------------------===//
// DepthwiseOp
//===----------------------------------------------------------------------===//

void DepthwiseOp::getEffects(EffectList &effects) { getEpilogueEffects(*this, effects); }

LogicalResult DepthwiseOp::verify() {
  ArrayRef<int64_t> image = shapeOf(getImage()), filter = shapeOf(getFilter()), init = shapeOf(getInit());
  if (image.size() != 5 || init.size() != 5 || filter.size() != 4)
    return emitOpError("expects NC1HWC0 'image' and 'init' and a [C1, KH, KW, C0] 'filter'");
  if (differ(image[0], init[0]) || image[1] != init[1] || image[4] != init[4] || filter[0] != image[1] ||
      filter[3] != image[4]) // C1
    return emitOpError("expects 'image', 'filter' and 'init' to agree in batch, C1 and C0");
  for (int axis : {0, 1}) { // C2
    int64_t span = getDilations()[axis] * (filter[1 + axis] - 1) + 1;
    if (ShapedType::isDynamic(image[2 + axis]))
      continue;
    int64_t padded = image[2 + axis] + getPads()[2 * axis] + getPads()[2 * axis + 1];
    int64_t expected = (padded - span) / getStrides()[axis] + 1;
    if (differ(init[2 + axis], expected))
      return emitOpError("expects dimension ")
             << 2 + axis << " of 'init' to be " << expected << ", but got " << init[2 + axis];
  }
  return verifyEpilogue(*this, {init[1] * init[4]});
}

//===----------------------------------------------------------------------===//
// AttentionOp
//===----------------------------------------------------------------------===//

void AttentionOp::getEffects(EffectList &effects) {
  for (OpOperand &operand : (*this)->getOpOperands())
    addEffect(effects,
              &operand == &getInitMutable() ? static_cast<MemoryEffects::Effect *>(MemoryEffects::Write::get())
                                            : MemoryEffects::Read::get(),
              operand);
}

static AttentionOp::Dims attentionDims(Value first, Value second, bool headsInside) {
  ArrayRef<int64_t> shape = shapeOf(first);
  return {shape[0], shape[headsInside ? 2 : 1], shape[headsInside ? 1 : 2], shape[3], shapeOf(second)[3]};
}

AttentionOp::Dims AttentionOp::getQueryDims() { return attentionDims(getQuery(), getInit(), getQueryHeadsInside()); }

AttentionOp::Dims AttentionOp::getKeyDims() { return attentionDims(getKey(), getValue(), getKeyHeadsInside()); }

LogicalResult AttentionOp::verify() {
  const Type element = cast<ShapedType>(getInit().getType()).getElementType();
  for (Value operand : getOperands()) { // C1
    const Type own = cast<ShapedType>(operand.getType()).getElementType();
    const bool isLegal =
        operand == getMask() ? own.isF32() : own == element && (own.isF32() || own.isF16() || own.isBF16());
    if (shapeOf(operand).size() != 4 || !isLegal)
      return emitOpError("expects operands of four dimensions, of f32, f16 or bf16 elements alike, and a mask of f32, "
                         "but got ")
             << operand.getType();
  }
  Dims query = getQueryDims(), key = getKeyDims();
  ArrayRef<int64_t> value = shapeOf(getValue()), init = shapeOf(getInit());
  int64_t head = getKeyHeadsInside() ? 2 : 1;
  for (int64_t known : {query.heads, key.heads, query.columns, query.valueColumns})
    if (ShapedType::isDynamic(known))
      return emitOpError("expects the numbers of heads and of their columns to be known, but got ")
             << getQuery().getType() << ", " << getKey().getType() << " and " << getInit().getType();
  if (differ(query.batch, key.batch) || differ(value[0], key.batch) || differ(init[0], query.batch) ||
      query.heads % key.heads || value[head] != key.heads) // C2
    return emitOpError("expects equal batches, and a multiple of the heads of 'key' and 'value' in 'query', but got ")
           << getQuery().getType() << ", " << getKey().getType() << " and " << getValue().getType();
  if (query.columns != key.columns || differ(value[3 - head], key.rows)) // C3
    return emitOpError("expects 'key' to have the columns of 'query' and the rows of 'value', but got ")
           << getQuery().getType() << ", " << getKey().getType() << " and " << getValue().getType();
  SmallVector<int64_t> expected(shapeOf(getQuery()));
  expected[3] = value[3];
  if (llvm::any_of(llvm::zip_equal(init, expected),
                   [](auto sizes) { return differ(std::get<0>(sizes), std::get<1>(sizes)); })) // C4
    return emitOpError("expects 'init' to have the rows of 'query' and the columns of 'value', but got ")
           << getInit().getType();
  if (!getMask())
    return success();
  int64_t scores[] = {query.batch, query.heads, key.rows, query.rows};
  for (auto [size, whole] : llvm::zip_equal(shapeOf(getMask()), scores)) // C5
    if (size != 1 && differ(size, whole))
      return emitOpError("expects 'mask' to be [B, N, S, M] or 1 in place of a size, but got ") << getMask().getType();
  return success();
}

//===----------------------------------------------------------------------===//
// PackPanelsOp
//===----------------------------------------------------------------------===//

LogicalResult PackPanelsOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                             SmallVectorImpl<Type> &types) {
  auto source = dyn_cast<RankedTensorType>(adaptor.getSource().getType());
  PanelOrder order = adaptor.getOrder();
  bool filter = order != PanelOrder::KN && order != PanelOrder::NK;
  int64_t rank = source ? source.getRank() : -1;
  if (!source || (filter && !source.hasStaticShape()) || (filter ? rank != 4 : rank != 2 && rank != 3))
    return emitOptionalError(loc, "'npu.pack_panels' op expects a ",
                             filter ? "static tensor of rank 4" : "tensor of rank 2 or 3", ", but got ",
                             adaptor.getSource().getType());
  int64_t n0 = adaptor.getN0();
  auto panels = [&](int64_t n) { return ShapedType::isDynamic(n) ? n : (n + n0 - 1) / n0; };
  ArrayRef<int64_t> shape = source.getShape();
  SmallVector<int64_t> result;
  if (order == PanelOrder::Depthwise) {
    result = {panels(shape[0]), shape[2], shape[3], n0};
  } else if (filter) {
    result = {panels(shape[0]), shape[1] * shape[2] * shape[3], n0};
  } else {
    result.assign(shape.begin(), shape.end() - 2);
    int64_t k = shape[rank - 2], n = shape[rank - 1];
    if (order == PanelOrder::NK)
      std::swap(k, n);
    result.append({panels(n), k, n0});
  }
  types.push_back(RankedTensorType::get(result, source.getElementType()));
  return success();
}
