//===- Emitter.h - builds structured operations for ge operators -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tools that every lowering of GEToLinalg uses: a builder that knows which
// value below `ge` stands for which value above, how element types are stored
// and computed with, and how to write a `linalg.generic` in one call.
//
// Three types belong to one element of a tensor:
//   element  what `ge` says (i1, ui8, f16, ...),
//   storage  what memory holds (i8, i8, f16, ...),
//   compute  what bodies work on (i1, i8, f32, ...).
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_CONVERSION_GETOLINALG_EMITTER_H
#define GEMLIR_LIB_CONVERSION_GETOLINALG_EMITTER_H

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Utils/SymbolicShapes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace gemlir::lowering {

using namespace mlir;
using gemlir::Dim;
using mlir::utils::IteratorType;

/// Sizes, offsets or strides, numbers or expressions.
struct Shape : SmallVector<Dim, 6> {
  using SmallVector::SmallVector;
  Shape(ArrayRef<Dim> dims) : SmallVector(dims.begin(), dims.end()) {}
  Shape(ArrayRef<int64_t> sizes) : SmallVector(sizes.begin(), sizes.end()) {}
  Shape(const SmallVectorImpl<Dim> &dims) : SmallVector(dims.begin(), dims.end()) {}
  Shape(const SmallVectorImpl<int64_t> &sizes) : SmallVector(sizes.begin(), sizes.end()) {}
};

/// The type in memory of an element.
Type getStorageElement(Type element);
/// The type that bodies compute an element in.
Type getComputeElement(Type element);

/// A tensor below `ge`, with the element type that `ge` gives it.
struct Tensor {
  Tensor() = default;
  /// Of static shape.
  Tensor(Value value, Type element, TypedAttr splat = {})
      : Tensor(value, element, value ? Shape(cast<RankedTensorType>(value.getType()).getShape()) : Shape(), splat) {}
  Tensor(Value value, Type element, Shape dims, TypedAttr splat = {})
      : value(value), element(element), splat(splat), dims(std::move(dims)) {}

  Value value;
  Type element;
  /// The value of all elements, of type `element`, if one constant gives it.
  TypedAttr splat = {};

  explicit operator bool() const { return bool(value); }
  const Shape &shape() const { return dims; }
  int64_t rank() const { return dims.size(); }
  Dim dim(int64_t index) const { return dims[index]; }
  Dim size() const { return gemlir::product(dims); }

private:
  Shape dims;
};

/// An operand of a generic and its indexing map.
struct Access {
  Tensor tensor;
  AffineMap map;
};

/// Computes the values to store (compute types) from those read. `results`
/// holds the current values of the destinations if there is a reduction.
using Body = llvm::function_ref<SmallVector<Value>(ArrayRef<Value> operands, ArrayRef<Value> results)>;
/// The same for one destination that the body does not read.
using MapBody = llvm::function_ref<Value(ArrayRef<Value> operands)>;

class Emitter : public ImplicitLocOpBuilder {
public:
  /// For a device whose panels have so many columns and that multiplies the elements
  /// `products` without conversion; whether it is to multiply f32 as f16.
  Emitter(MLIRContext *context, int64_t panelWidth, ArrayRef<Type> products, bool shortens)
      : ImplicitLocOpBuilder(UnknownLoc::get(context), context), shapes(context), scope(context),
        panelWidth(panelWidth), products(products), shortens(shortens) {}

  //===--- values of the graph -----------------------------------------------===//

  /// The tensor that stands for a value of the graph.
  Tensor get(Value graphValue);
  void set(Value graphValue, Value lowered) { values.map(graphValue, lowered); }
  /// Lets an argument of a region stand for a value outside.
  void alias(Value argument, Value graphValue) {
    values.map(argument, values.lookup(graphValue));
    if (Value known = getRegister(graphValue))
      setRegister(argument, known);
  }
  /// The value of type index, known between kernels, that is the only element of
  /// a value of the graph, or null.
  Value getRegister(Value graphValue) { return registers.lookup(graphValue); }
  void setRegister(Value graphValue, Value index) { registers[graphValue] = index; }

  /// The constant that a value of the graph is, or null.
  static ElementsAttr getConstant(Value graphValue);
  /// The elements of a constant integer value of the graph.
  static FailureOr<SmallVector<int64_t>> getInts(Value graphValue);
  /// The elements of an integer value of the graph, those that only the execution
  /// knows as expressions; a failure if their number is not known.
  FailureOr<Shape> getElements(Value graphValue);

  //===--- sizes -------------------------------------------------------------===//

  /// The shape in which a value of the graph is stored.
  Shape getShape(Value graphValue);
  /// The shape that a value of the graph stands for.
  Shape getOrigin(Value graphValue) { return Shape(shapes.getShape(graphValue)); }
  ge::SymbolicShapes &getShapes() { return shapes; }
  /// A number where no expression can stand; an error, and 1, if it is one.
  int64_t fixed(Dim dim, StringRef what);
  SmallVector<int64_t> fixed(ArrayRef<Dim> dims, StringRef what);
  Dim newSymbol() { return shapes.symbol({ge::SizeSymbol::Kind::Dimension, Value()}); }
  /// Ends the execution unless two sizes are equal, for everything that has been
  /// assumed since the last call; what the operations of a branch or step assume is
  /// left until these are lowered.
  void checkAssumptions();
  /// Where the values of sizes are computed: outside of all bodies.
  void setHome(Block *block) { home = block; }
  /// Whether a dimension is one that only the lowering of its operation can compute.
  bool isOpen(Value graphValue, unsigned dim);
  /// Says what it is.
  void setSize(Value graphValue, unsigned dim, Value size);
  /// The only element of a tensor, in storage type.
  Value extractOnly(Tensor tensor);
  /// That of an integer tensor, as a number that the program knows.
  Value readIndex(Tensor tensor);
  /// Ends the execution, with a text that names the operator, unless `condition`.
  void check(Value condition, Operation *op, StringRef what);
  bool hasFailed() const { return failed; }
  void setOperation(Operation *operation) { current = operation; }

  //===--- tensors -----------------------------------------------------------===//

  AffineExpr d(unsigned position) { return getAffineDimExpr(position); }
  AffineExpr c(int64_t value) { return getAffineConstantExpr(value); }

  Tensor empty(const Shape &shape, Type element);
  /// All elements are one scalar in compute type.
  Tensor fill(const Shape &shape, Type element, Value computed);
  Tensor fillZero(const Shape &shape, Type element) { return fill(shape, element, scalar(element, 0)); }
  /// The constant in storage form: another element type, no encoding.
  static ElementsAttr toStorage(ElementsAttr value);
  /// A constant with the element type and shape of `value`.
  Tensor constant(ElementsAttr value);
  Tensor constantInts(ArrayRef<int64_t> shape, ArrayRef<int32_t> values);
  Tensor constantFloats(ArrayRef<int64_t> shape, ArrayRef<float> values);
  /// The same elements in row-major order under another shape; a view.
  Tensor reshape(Tensor tensor, const Shape &shape);
  Tensor transpose(Tensor tensor, ArrayRef<int64_t> permutation);
  /// Every `strides`-th element from `offsets` on: a view if it is one range of
  /// memory, else a copy.
  Tensor slice(Tensor tensor, const Shape &offsets, const Shape &sizes, ArrayRef<int64_t> strides = {});
  Tensor insert(Tensor part, Tensor whole, const Shape &offsets);
  /// The slice of size 1 at a run-time place of a dimension, counted from the
  /// end if negative; and that slice replaced by `part`.
  Tensor sliceAt(Tensor tensor, int64_t axis, Value place);
  Tensor insertAt(Tensor part, Tensor whole, int64_t axis, Value place);
  /// Element-wise conversion to another element type, as ge.cast does it.
  Tensor convert(Tensor tensor, Type element);
  /// Of which f16 or bf16 a value is the conversion to f32, or null.
  Value getUnwidened(Value value) const { return unwidened.lookup(value); }
  /// Repeats along dimensions of size 1 to reach `shape`.
  Tensor broadcast(Tensor tensor, const Shape &shape);

  //===--- generics ----------------------------------------------------------===//

  /// The map that reads a tensor of `shape` at the last indices of a loop nest
  /// over `target`, repeating dimensions of size 1.
  AffineMap broadcastMap(const Shape &shape, const Shape &target);
  AffineMap identity(unsigned rank) { return getMultiDimIdentityMap(rank); }
  AffineMap map(unsigned loops, ArrayRef<AffineExpr> results) {
    return AffineMap::get(loops, 0, results, getContext());
  }

  SmallVector<Tensor> generic(ArrayRef<Access> operands, ArrayRef<Access> inits, ArrayRef<IteratorType> iterators,
                              Body body);
  /// A generic with parallel loops over `shape` whose body computes one element.
  Tensor generate(const Shape &shape, Type element, ArrayRef<Access> operands, MapBody body);
  /// The same with operands broadcast to `shape`.
  Tensor elementwise(const Shape &shape, Type element, ArrayRef<Tensor> operands, MapBody body);

  //===--- bodies ------------------------------------------------------------===//

  /// Element in storage type to compute type and back.
  Value load(Value stored, Type element);
  Value store(Value computed, Type element);
  /// An element in compute type.
  Value extract(Tensor tensor, ValueRange indices);

  Value index(int64_t value) { return arith::ConstantIndexOp::create(*this, value); }
  Value index(Dim value);
  Value loopIndex(int64_t dimension) { return linalg::IndexOp::create(*this, dimension); }
  /// A scalar of the type in which `element` is computed.
  Value scalar(TypedAttr value);
  Value scalar(Type element, double value);

  Value addIndex(Value lhs, Value rhs) { return arith::AddIOp::create(*this, lhs, rhs); }
  Value addIndex(Value lhs, int64_t rhs) { return rhs == 0 ? lhs : addIndex(lhs, index(rhs)); }
  Value addIndex(Value lhs, Dim rhs) { return rhs == 0 ? lhs : addIndex(lhs, index(rhs)); }
  Value mulIndex(Value lhs, int64_t rhs) {
    return rhs == 1 ? lhs : Value(arith::MulIOp::create(*this, lhs, index(rhs)));
  }
  Value mulIndex(Value lhs, Dim rhs) { return rhs == 1 ? lhs : Value(arith::MulIOp::create(*this, lhs, index(rhs))); }
  Value clampIndex(Value value, Dim low, Dim high);
  /// Whether low <= value < high.
  Value inRange(Value value, Dim low, Dim high);
  Value select(Value condition, Value yes, Value no) { return arith::SelectOp::create(*this, condition, yes, no); }
  /// An element of an index tensor, negative ones counted from `extent`, then
  /// clamped to [0, extent).
  Value toIndex(Value computed, Type element, Dim extent);
  /// A size as a scalar in the type that `element` is computed in.
  Value toScalar(Dim size, Type element);

  /// Columns of a panel of `npu.mmad`'s right operand.
  int64_t getPanelWidth() const { return panelWidth; }
  ArrayRef<Type> getProducts() const { return products; }
  /// Whether products run on a cube, beside which there is no scalar arithmetic.
  bool hasCube() const { return !products.empty(); }
  bool shortensProducts() const { return shortens; }

private:
  friend class NestedHome;

  Value getSymbolValue(const ge::SizeSymbol &symbol);
  /// Where what a body needs is computed: in the home block, before it.
  InsertPoint getOutside();
  /// The operand along whose dimensions of size 1 the execution repeats.
  Tensor repeatAtRunTime(Tensor tensor, const Shape &shape);

  IRMapping values;
  ge::SymbolicShapes shapes;
  gemlir::DimScope scope;
  size_t numSeen = 0;
  SmallVector<ge::SizeAssumption> unchecked;
  Block *home = nullptr;
  Operation *current = nullptr;
  bool failed = false;
  DenseMap<Value, Value> registers, unwidened;
  int64_t panelWidth;
  ArrayRef<Type> products;
  bool shortens;
};

/// While it lives, sizes are computed in the block at hand, a branch or a step of
/// a loop: what follows from values of the block is known nowhere else.
class NestedHome {
public:
  explicit NestedHome(Emitter &b) : b(b), home(b.home), scope(b.scope) { b.home = b.getInsertionBlock(); }
  ~NestedHome() {
    b.home = home;
    b.scope = std::move(scope);
  }
  NestedHome(const NestedHome &) = delete;

private:
  Emitter &b;
  Block *home;
  gemlir::DimScope scope;
};

/// Lowers the operations of a region of the graph at the insertion point and
/// gives what the region yields.
LogicalResult lowerBody(Block &graph, Emitter &b, SmallVectorImpl<Value> &yielded);
/// An integer that follows from loop counters and constants, as a value of type
/// index that the program computes; null if it does not.
Value traceRegister(Value graphValue, Emitter &b);

/// The name that the graph gives to an operation, empty if it has none.
StringRef getNodeName(Operation *op);
/// An error that names the operation and its node.
InFlightDiagnostic emitLoweringError(Operation *op);

/// Whether a type carries the NC1HWC0 format.
bool isBlocked(Type type);
/// The shape that a tensor stands for: the origin shape of a formatted one.
ArrayRef<int64_t> getOriginShape(RankedTensorType type);
/// `from` in the storage of `type`, if that has one.
Shape getStoredShape(ArrayRef<Dim> origin, RankedTensorType type);
/// NCHW <-> NC1HWC0 of `channels` channels. Lanes beyond them are written zero.
Tensor packChannels(Emitter &b, Tensor tensor, int64_t c0 = 16);
Tensor unpackChannels(Emitter &b, Tensor tensor, Dim channels);
/// An operand in the form in which it broadcasts to `result`, a value of the
/// graph: an unformatted operand of a formatted result is packed.
Tensor alignTo(Emitter &b, Value operand, Value result);
/// A vector of one element per channel in the form in which it broadcasts to
/// `target` (storage) whose channels are dimension 1, or the blocked format.
Tensor alignChannels(Emitter &b, Tensor vector, RankedTensorType target, int64_t channelAxis = 1);

/// Axes in [0, rank), sorted; negative ones count from the end.
SmallVector<int64_t> normalizeAxes(ArrayRef<int64_t> axes, int64_t rank);

//===----------------------------------------------------------------------===//
// The table of lowerings
//===----------------------------------------------------------------------===//

using LoweringFn = std::function<LogicalResult(Operation *, Emitter &)>;

class LoweringTable {
public:
  /// `fn` lowers one kind of operation and sets its results in the emitter.
  template <typename OpTy>
  void add(LogicalResult (*fn)(OpTy, Emitter &)) {
    table[OpTy::getOperationName()] = [fn](Operation *op, Emitter &b) { return fn(cast<OpTy>(op), b); };
  }
  void add(StringRef name, LoweringFn fn) { table[name] = std::move(fn); }
  const LoweringFn *find(Operation *op) const {
    auto found = table.find(op->getName().getStringRef());
    return found == table.end() ? nullptr : &found->second;
  }

private:
  llvm::StringMap<LoweringFn> table;
};

void populateActivation(LoweringTable &table);
void populateAttention(LoweringTable &table);
void populateControl(LoweringTable &table);
void populateControlFlow(LoweringTable &table);
void populateConvolution(LoweringTable &table);
void populateElementwise(LoweringTable &table);
void populateFormat(LoweringTable &table);
void populateGather(LoweringTable &table);
void populateMatMul(LoweringTable &table);
void populateMovement(LoweringTable &table);
void populateNormalization(LoweringTable &table);
void populatePooling(LoweringTable &table);
void populateReduction(LoweringTable &table);
void populateResize(LoweringTable &table);
void populateScatter(LoweringTable &table);
void populateSelection(LoweringTable &table);
void populateSlice(LoweringTable &table);
void populateSort(LoweringTable &table);

} // namespace gemlir::lowering

#endif // GEMLIR_LIB_CONVERSION_GETOLINALG_EMITTER_H
