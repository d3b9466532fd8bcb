//===- LegalizeONNXNode.h - one ONNX node under legalization ----*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mapping function reads its node's inputs and attributes, emits ge operators
// and sets the node's outputs. Emitting folds. After a failure, which is
// recorded once in the node, every emitter returns a null value and takes null
// operands, so that mappings need no checks between their steps.
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXNODE_H
#define GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXNODE_H

#include "ge-mlir/Dialect/GE/IR/GEDialect.h"
#include "ge-mlir/Dialect/GE/Transforms/LegalizeONNX.h"
#include "ge-mlir/Dialect/GE/Utils/SymbolicShapes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

#include <optional>

namespace mlir::ge::onnx {

using Ints = SmallVector<int64_t>;

/// Why a mapping gave up.
struct Failure {
  const char *code = "E16002";
  std::string why;
  std::string advice;
  std::string input;
};

class Legalizer;

class Node {
public:
  Node(FrameworkOp op, OpBuilder &builder, Legalizer &legalizer);

  //===--- the node --------------------------------------------------------===//

  FrameworkOp getOp() { return op; }
  StringRef type() { return nodeType; }
  int64_t version() { return nodeVersion; }
  Location loc() { return location; }
  OpBuilder &builder() { return b; }
  Legalizer &getLegalizer() { return legalizer; }
  MLIRContext *context() { return b.getContext(); }

  /// Inputs by their ONNX position; null where left out.
  unsigned numInputs() { return inputs.size(); }
  Value in(unsigned i) { return i < inputs.size() ? inputs[i] : Value(); }
  bool has(unsigned i) { return bool(in(i)); }
  /// The required input; its absence is a failure.
  Value need(unsigned i);
  ArrayRef<Value> allInputs() { return inputs; }
  ArrayRef<Value> getCaptures() { return captures; }
  /// The graph that an attribute holds; null if there is none.
  Region *getBody(StringRef attribute);
  unsigned numOutputs() { return outputs.size(); }
  bool isUsed(unsigned i);
  void set(unsigned i, Value value);
  ArrayRef<Value> getOutputs() { return outputs; }

  //===--- attributes ------------------------------------------------------===//

  Attribute attr(StringRef name);
  bool hasAttr(StringRef name) { return bool(attr(name)); }
  int64_t getInt(StringRef name, int64_t fallback);
  double getFloat(StringRef name, double fallback);
  StringRef getString(StringRef name, StringRef fallback);
  Ints getInts(StringRef name, ArrayRef<int64_t> fallback = {});
  SmallVector<double> getFloats(StringRef name);

  //===--- types and constants of values -----------------------------------===//

  /// The type of a value; null, with a failure, for unranked and null values.
  RankedTensorType typeOf(Value value);
  Ints shapeOf(Value value);
  int64_t rank(Value value) { return shapeOf(value).size(); }
  Type elem(Value value);
  bool isFloat(Value value) { return isa_and_present<FloatType>(elem(value)); }
  bool isInteger(Value value) { return isa_and_present<IntegerType>(elem(value)); }
  /// Fails unless all dimensions are known.
  bool needStatic(Value value);
  /// The same for some.
  bool needStatic(Value value, ArrayRef<int64_t> axes);
  /// Fails where a mapping would write out more numbers than a program can hold.
  bool canList(int64_t count, int64_t times = 1);
  /// `axis` in [0, rank), or a failure.
  int64_t normalizeAxis(int64_t axis, int64_t rank);
  bool normalizeAxes(Ints &axes, int64_t rank);

  /// The value if it is a constant of few elements.
  std::optional<Ints> constInts(Value value);
  std::optional<SmallVector<double>> constFloats(Value value);
  /// The elements of a constant, or of a tensor of sizes that are known.
  std::optional<Ints> knownInts(Value value);
  /// The same, or a failure that names the input whose value must be known.
  bool needInts(Value value, const char *what, Ints &values);
  /// Whether a value is missing or its elements are known.
  bool isKnown(Value value);
  /// Whether the program can read the elements of a list when it runs: how many
  /// there are is known, and sizes may follow from them, as they may not inside of
  /// control flow.
  bool isRead(Value value);
  /// Whether the elements of a list follow from sizes and constants, none of which is 0.
  bool isShape(Value value);
  bool isNested() { return !isa_and_nonnull<func::FuncOp>(b.getInsertionBlock()->getParentOp()); }
  bool needInt(Value value, const char *what, int64_t &result);
  bool needFloats(Value value, const char *what, SmallVector<double> &values);
  Failure makeValueFailure(Value value, const char *what);

  //===--- constants -------------------------------------------------------===//

  Value constant(ElementsAttr attr);
  Value ints(ArrayRef<int64_t> values);
  Value intScalar(int64_t value);
  /// Values of an element type, rounded or wrapped to it.
  Value tensor(Type element, ArrayRef<int64_t> shape, ArrayRef<double> values);
  Value splat(Type element, ArrayRef<int64_t> shape, double value);
  /// 0, 1, ... along dimension `axis` of `rank`; the others are 1.
  Value counting(Type element, Dim count, int64_t axis, int64_t rank);
  Value scalar(Type element, double value) { return splat(element, {}, value); }
  Value scalarLike(Value like, double value);
  Value zerosLike(Value like);

  //===--- emission --------------------------------------------------------===//

  /// Creates an operation, infers its types, verifies and folds it. A null
  /// operand of a required slot poisons the result.
  template <typename OpTy, typename... Args>
  SmallVector<Value> emitMany(unsigned results, Args &&...args) {
    if (failed || (isPoison(args) || ...))
      return SmallVector<Value>(results);
    OperationState state(location, OpTy::getOperationName());
    SmallVector<Type> placeholders(results, b.getNoneType());
    OpTy::build(b, state, TypeRange(placeholders), std::forward<Args>(args)...);
    return finish(state);
  }
  template <typename OpTy, typename... Args>
  Value emit(Args &&...args) {
    return emitMany<OpTy>(1, std::forward<Args>(args)...).front();
  }
  /// For operations that can be built by their properties only.
  template <typename OpTy, typename Set>
  SmallVector<Value> emitWith(unsigned results, ArrayRef<Value> operands, Set set) {
    if (failed || isPoison(operands))
      return SmallVector<Value>(results);
    OperationState state(location, OpTy::getOperationName());
    state.addOperands(operands);
    state.addTypes(SmallVector<Type>(results, b.getNoneType()));
    set(state.template getOrAddProperties<typename OpTy::Properties>());
    return finish(state);
  }
  /// An optional operand: passing a null one does not poison.
  struct Optional {
    Value value;
    operator Value() const { return value; }
  };

  Value add(Value a, Value c) { return emit<AddOp>(a, c); }
  Value sub(Value a, Value c) { return emit<SubOp>(a, c); }
  Value mul(Value a, Value c) { return emit<MulOp>(a, c); }
  Value div(Value a, Value c);
  Value addScalar(Value a, double c) { return add(a, scalarLike(a, c)); }
  Value mulScalar(Value a, double c) { return c == 1.0 ? a : mul(a, scalarLike(a, c)); }
  Value cast(Value value, Type element);
  Value select(Value condition, Value a, Value c);
  Value reshape(Value value, ArrayRef<int64_t> shape);
  /// To the shape of another value.
  Value reshapeLike(Value value, Value like);
  Value transpose(Value value, ArrayRef<int64_t> permutation);
  Value broadcastTo(Value value, ArrayRef<int64_t> shape);
  Value concat(ArrayRef<Value> values, int64_t axis);
  /// [begin, end) with steps along each dimension, negative steps too.
  Value slice(Value value, ArrayRef<int64_t> begin, ArrayRef<int64_t> end, ArrayRef<int64_t> strides);
  Value sliceAxis(Value value, int64_t axis, int64_t begin, int64_t end);
  Value gather(Value value, Value indices, int64_t axis);
  Value matmul(Value a, Value c);
  /// The i64 index of the first extreme along an axis, which is removed.
  template <typename OpTy>
  Value argExtreme(Value value, int64_t axis) {
    return emitWith<OpTy>(1, {value, intScalar(axis)},
                          [&](auto &properties) { properties.dtype = TypeAttr::get(b.getI64Type()); })
        .front();
  }
  template <typename OpTy>
  Value reduce(Value value, ArrayRef<int64_t> axes, bool keepDims = true) {
    return emit<OpTy>(value, ints(axes), keepDims);
  }
  Value reduceSum(Value value, ArrayRef<int64_t> axes, bool keepDims = true);
  Value reduceMean(Value value, ArrayRef<int64_t> axes, bool keepDims = true);
  Value reduceMax(Value value, ArrayRef<int64_t> axes, bool keepDims = true);
  /// Reshapes to `rank` with the value's own dimensions from `axis` on, for
  /// broadcasting of per-channel parameters.
  Value alignTo(Value value, int64_t axis, int64_t rank);

  //===--- shapes that the execution knows ---------------------------------===//

  /// The sizes of a value, of which some may be expressions; none after a failure.
  DimList dimsOf(Value value);
  /// Sizes as a list of i64 that the graph computes.
  Value sizes(ArrayRef<Dim> dims);
  Value reshapeTo(Value value, ArrayRef<Dim> shape);
  Value expandTo(Value value, ArrayRef<Dim> shape);
  Value fill(Type element, ArrayRef<Dim> shape, double value);

  //===--- failures --------------------------------------------------------===//

  bool hasFailed() const { return failed; }
  const Failure &getFailure() const { return failure; }
  /// Records the first failure; returns a null value.
  Value fail(const char *code, const Twine &why, const Twine &advice = "");
  Value unsupported(const Twine &why, const Twine &advice = "") { return fail("E16005", why, advice); }
  Value invalid(const Twine &why) { return fail("E16006", why, "check the model with onnx.checker"); }
  void recordFailure(Failure newFailure);
  /// Lets a mapping try something else.
  Failure takeFailure();

private:
  /// A reshape that only adds and removes dimensions of size 1.
  Value moveUnits(Value value, ArrayRef<int64_t> shape);
  Value findSize(Dim dim);
  Value computeSize(AffineExpr expr);
  static bool isPoison(const Value &value) { return !value; }
  static bool isPoison(ArrayRef<Value> values) {
    return llvm::any_of(values, [](Value value) { return !value; });
  }
  static bool isPoison(const SmallVector<Value> &values) { return isPoison(ArrayRef<Value>(values)); }
  template <typename T>
  static bool isPoison(const T &) {
    return false;
  }

  SmallVector<Value> finish(OperationState &state);
  bool tryFold(Operation *operation, SmallVectorImpl<Value> &results);

  FrameworkOp op;
  OpBuilder &b;
  Legalizer &legalizer;
  Location location;
  std::string nodeType;
  int64_t nodeVersion;
  SmallVector<Value> inputs, captures, outputs;
  bool failed = false;
  Failure failure;
};

/// A node's mapping. It reports failures through the node.
using Mapping = void (*)(Node &);

class MappingTable {
public:
  void add(StringRef type, Mapping mapping) { table[type] = mapping; }
  /// Operators of a domain; ONNX's own is empty.
  void add(StringRef domain, StringRef type, Mapping mapping) { table[getKey(domain, type)] = mapping; }
  Mapping lookup(StringRef domain, StringRef type) const { return table.lookup(getKey(domain, type)); }
  const llvm::StringMap<Mapping> &all() const { return table; }

private:
  static std::string getKey(StringRef domain, StringRef type) {
    return domain.empty() ? type.str() : (domain + "::" + type).str();
  }

  llvm::StringMap<Mapping> table;
};

void populateCast(MappingTable &table);
void populateControl(MappingTable &table);
void populateElementwise(MappingTable &table);
void populateLinearAttention(MappingTable &table);
void populateRandom(MappingTable &table);
void populateRegions(MappingTable &table);
void populateText(MappingTable &table);
void populateTraining(MappingTable &table);
void populateMicrosoft(MappingTable &table);
void populateMicrosoftAttention(MappingTable &table);
void populateMicrosoftQuantization(MappingTable &table);
void populateAttention(MappingTable &table);
void populateActivation(MappingTable &table);
void populateReduce(MappingTable &table);
void populateMovement(MappingTable &table);
void populateIndexing(MappingTable &table);
void populateSelection(MappingTable &table);
void populateSequence(MappingTable &table);
void populateShape(MappingTable &table);
void populateMatmul(MappingTable &table);
void populateConvolution(MappingTable &table);
void populatePooling(MappingTable &table);
void populateNormalization(MappingTable &table);
void populateQuantization(MappingTable &table);
void populateResize(MappingTable &table);
void populateLoss(MappingTable &table);
void populateRecurrent(MappingTable &table);
void populateSampling(MappingTable &table);
void populateSignal(MappingTable &table);

/// `x` limited to the finite numbers of an 8-bit float type; `x` for other types.
Value limitToType(Node &n, Value x, Type type);

/// Gemm of operands that the node may have prepared; `bias` may be null.
Value multiplyMatrices(Node &n, Value a, Value c, Value bias);

/// Dropout while training: sets both outputs.
void dropRandomly(Node &n, Value x, double ratio);

/// One walk over a function and the bodies that are inlined into it.
class Legalizer {
public:
  Legalizer(MLIRContext *context, std::vector<UnsupportedNode> &unsupported, bool byteProducts);

  /// Reports inputs of types that no operator takes; nodes that use them are left
  /// out of the report.
  void checkInputs(func::FuncOp func);
  void run(Block &block);
  /// Puts a copy of a body's operations where the node emits, with its arguments
  /// replaced, legalizes them, and returns what the body yields; nothing, and a
  /// failure in the node, if the body could not be mapped. With `failures`, a
  /// body that cannot be mapped is taken away again and its complaints go there.
  std::optional<SmallVector<Value>> inlineBody(Node &node, Region &body, ArrayRef<Value> arguments,
                                               std::vector<UnsupportedNode> *failures = nullptr);
  /// Whether the device convolves bytes.
  bool multipliesBytes() const { return byteProducts; }
  /// What is known of sizes so far.
  SymbolicShapes &getShapes() { return shapes; }
  /// What an argument of a region is, or starts as if it `changes`: its sizes, and
  /// an input of the model that complaints name, are those of `outer`.
  void setOrigin(Value argument, Value outer, bool changes) {
    origins[argument] = outer;
    shapes.setOuter(argument, outer, changes);
  }
  Value getOrigin(Value argument) { return origins.lookup(argument); }
  /// Forgets a region that no operation took.
  void discard(Region &region);
  /// Takes complaints about a body over; the node fails with them.
  void reportAll(Node &node, const std::vector<UnsupportedNode> &failures);

private:
  void legalize(FrameworkOp op);
  void report(FrameworkOp op, const Failure &failure);
  void eraseBetween(Block *block, Operation *before, Block::iterator end);

  MappingTable table;
  std::vector<UnsupportedNode> &unsupported;
  /// Results of nodes without a mapping, and all that follows from them.
  llvm::DenseSet<Value> unknown;
  llvm::DenseMap<Value, Value> origins;
  OpBuilder builder;
  SymbolicShapes shapes;
  bool byteProducts;
  size_t inlinedOps = 0;
};

/// The element type of a TensorProto.DataType number, or a failure.
Type toElementType(Node &n, int64_t onnxType);

/// All mappings.
void populateMappings(MappingTable &table);

} // namespace mlir::ge::onnx

#endif // GE_MLIR_LIB_DIALECT_GE_TRANSFORMS_LEGALIZEONNXNODE_H
