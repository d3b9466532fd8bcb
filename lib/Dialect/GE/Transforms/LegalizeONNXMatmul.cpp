//===- LegalizeONNXMatmul.cpp - matrix products and Einsum --------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LegalizeONNXNode.h"

#include <map>

using namespace mlir;
using namespace mlir::ge;
using namespace mlir::ge::onnx;

/// A product by ONNX's rule (numpy's): vectors are promoted, leading dimensions
/// broadcast. A common right-hand matrix makes one product of all rows.
Value Node::matmul(Value a, Value c) {
  RankedTensorType left = typeOf(a), right = typeOf(c);
  if (!left || !right)
    return {};
  if (left.getRank() == 0 || right.getRank() == 0)
    return invalid("a factor is a scalar");
  bool leftVector = left.getRank() == 1, rightVector = right.getRank() == 1;
  if (leftVector)
    a = reshape(a, {1, left.getDimSize(0)});
  if (rightVector)
    c = reshape(c, {right.getDimSize(0), 1});
  Ints leftShape = shapeOf(a), rightShape = shapeOf(c);
  if (failed)
    return {};
  Value product;
  if (leftShape.size() == 2 && rightShape.size() == 2) {
    product = emit<MatMulV2Op>(a, c, Optional{}, Optional{}, false, false, int64_t(0));
  } else if (rightShape.size() == 2 && typeOf(a).hasStaticShape() && typeOf(c).hasStaticShape()) {
    int64_t rows = 1;
    for (int64_t dim : ArrayRef<int64_t>(leftShape).drop_back())
      rows *= dim;
    product =
        emit<MatMulV2Op>(reshape(a, {rows, leftShape.back()}), c, Optional{}, Optional{}, false, false, int64_t(0));
    Ints shape(leftShape);
    shape.back() = rightShape.back();
    product = product ? reshape(product, shape) : product;
  } else {
    product = emit<BatchMatMulV2Op>(a, c, Optional{}, Optional{}, false, false, int64_t(0));
  }
  if (!product || (!leftVector && !rightVector))
    return product;
  Ints shape = shapeOf(product);
  if (rightVector)
    shape.pop_back();
  if (leftVector)
    shape.erase(shape.end() - (rightVector ? 1 : 2));
  return reshape(product, shape);
}

namespace {

void mapMatMul(Node &n) { n.set(0, n.matmul(n.need(0), n.need(1))); }

} // namespace

Value mlir::ge::onnx::multiplyMatrices(Node &n, Value a, Value c, Value bias) {
  double alpha = n.getFloat("alpha", 1), beta = n.getFloat("beta", 1);
  if (!a || !c || !n.typeOf(a) || !n.typeOf(c))
    return {};
  bool transposeA = n.getInt("transA", 0) != 0, transposeB = n.getInt("transB", 0) != 0;
  if (beta == 0)
    bias = {};
  RankedTensorType biasType = bias ? n.typeOf(bias) : RankedTensorType();
  int64_t columns = n.rank(c) == 2 ? n.shapeOf(c)[transposeB ? 0 : 1] : -1;
  // A row of biases is the operator's own; anything else is added.
  bool isRow = biasType && alpha == 1 && beta == 1 && biasType.hasStaticShape() && columns > 0 &&
               biasType.getNumElements() == columns && biasType.getRank() >= 1 &&
               biasType.getDimSize(biasType.getRank() - 1) == columns;
  Value row = isRow ? n.reshape(bias, {columns}) : Value();
  Value product = n.emit<MatMulV2Op>(a, c, Node::Optional{row}, Node::Optional{}, transposeA, transposeB, int64_t(0));
  if (!isRow && product) {
    product = n.mulScalar(product, alpha);
    if (bias)
      product = n.add(product, n.mulScalar(bias, beta));
  }
  return product;
}

namespace {

void mapGemm(Node &n) { n.set(0, multiplyMatrices(n, n.need(0), n.need(1), n.in(2))); }

//===----------------------------------------------------------------------===//
// Einsum
//===----------------------------------------------------------------------===//

/// A factor of an Einsum and the label of each of its dimensions.
struct Term {
  Value value;
  SmallVector<char> labels;
};

struct Equation {
  SmallVector<SmallVector<char>> inputs;
  SmallVector<char> output;
};

/// Labels that "..." stands for; no letter has these codes.
constexpr char kEllipsisBase = 1;
constexpr int64_t kMaxEllipsis = 31;

/// Reads "ij,...k" with the dimensions of "..." counted back from the last.
bool readTerm(Node &n, StringRef text, int64_t ellipsis, SmallVectorImpl<char> &labels) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.' && text.substr(i).starts_with("...")) {
      for (int64_t k = 0; k < ellipsis; ++k)
        labels.push_back(static_cast<char>(kEllipsisBase + ellipsis - 1 - k));
      i += 2;
    } else if (llvm::isAlpha(text[i])) {
      labels.push_back(text[i]);
    } else {
      n.invalid("equation has '" + Twine(text[i]) + "', expected letters and '...'");
      return false;
    }
  }
  return true;
}

bool readEquation(Node &n, Equation &equation) {
  std::string text;
  for (char c : n.getString("equation", ""))
    if (c != ' ')
      text += c;
  auto [left, right] = StringRef(text).split("->");
  bool explicitOutput = StringRef(text).contains("->");
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (terms.size() != n.numInputs()) {
    n.invalid("equation has " + Twine(terms.size()) + " terms for " + Twine(n.numInputs()) + " inputs");
    return false;
  }
  int64_t longest = 0;
  std::map<char, int> counts;
  for (auto [i, term] : llvm::enumerate(terms)) {
    int64_t letters = llvm::count_if(term, llvm::isAlpha), ellipsis = 0;
    if (term.contains("..."))
      ellipsis = n.rank(n.need(i)) - letters;
    if (ellipsis < 0 || ellipsis > kMaxEllipsis || letters + ellipsis != n.rank(n.need(i)) || n.hasFailed()) {
      n.invalid("term '" + term + "' does not fit an input of rank " + Twine(n.rank(n.in(i))));
      return false;
    }
    longest = std::max(longest, ellipsis);
    if (!readTerm(n, term, ellipsis, equation.inputs.emplace_back()))
      return false;
    for (char label : equation.inputs.back())
      ++counts[label];
  }
  if (explicitOutput)
    return readTerm(n, right, longest, equation.output);
  for (int64_t k = longest; k-- > 0;)
    equation.output.push_back(static_cast<char>(kEllipsisBase + k));
  for (auto [label, count] : counts)
    if (count == 1 && llvm::isAlpha(label))
      equation.output.push_back(label);
  return true;
}

/// Replaces two equal labels of one factor by their diagonal.
void takeDiagonals(Node &n, Term &term) {
  for (size_t i = 0; i < term.labels.size() && !n.hasFailed(); ++i)
    for (size_t j = i + 1; j < term.labels.size();) {
      if (term.labels[i] != term.labels[j]) {
        ++j;
        continue;
      }
      Ints shape = n.shapeOf(term.value), eye(shape.size(), 1);
      int64_t dim = shape[i];
      eye[i] = eye[j] = dim;
      if (!n.canList(dim, dim))
        return;
      SmallVector<double> mask(dim * dim, 0);
      for (int64_t k = 0; k < dim; ++k)
        mask[k * dim + k] = 1;
      Value masked = n.mul(term.value, n.tensor(n.elem(term.value), eye, mask));
      term.value = n.reduceSum(masked, {int64_t(j)}, /*keepDims=*/false);
      term.labels.erase(term.labels.begin() + j);
    }
}

/// Brings the dimensions in the order of `wanted`; labels it lacks become 1.
Value align(Node &n, const Term &term, ArrayRef<char> wanted) {
  Ints permutation, shape;
  Ints own = n.shapeOf(term.value);
  for (char label : wanted) {
    auto found = llvm::find(term.labels, label);
    if (found == term.labels.end()) {
      shape.push_back(1);
      continue;
    }
    permutation.push_back(found - term.labels.begin());
    shape.push_back(own[permutation.back()]);
  }
  return n.reshape(n.transpose(term.value, permutation), shape);
}

/// Sums over the labels that nothing needs any more.
void reduceUnneeded(Node &n, Term &term, ArrayRef<char> needed) {
  Ints axes;
  SmallVector<char> kept;
  for (auto [i, label] : llvm::enumerate(term.labels)) {
    if (llvm::is_contained(needed, label))
      kept.push_back(label);
    else
      axes.push_back(i);
  }
  if (axes.empty())
    return;
  term.value = n.reduceSum(term.value, axes, /*keepDims=*/false);
  term.labels = kept;
}

/// Multiplies two factors, as a batch of matrix products where labels are summed.
Term contract(Node &n, const Term &a, const Term &c, ArrayRef<char> needed) {
  SmallVector<char> batch, rows, columns, summed;
  for (char label : a.labels) {
    bool shared = llvm::is_contained(c.labels, label);
    (shared ? (llvm::is_contained(needed, label) ? batch : summed) : rows).push_back(label);
  }
  for (char label : c.labels)
    if (!llvm::is_contained(a.labels, label))
      columns.push_back(label);
  // A summed dimension of size 1 that broadcasts, as "..." may, cannot be a matrix dimension.
  Term result;
  for (const SmallVector<char> *part : {&batch, &rows, &columns})
    result.labels.append(*part);
  SmallVector<char> left(batch), right(batch), all(batch);
  left.append(rows), left.append(summed);
  right.append(summed), right.append(columns);
  Value x = align(n, a, left), y = align(n, c, right);
  if (summed.empty()) {
    all.append(rows), all.append(columns);
    result.value = n.mul(align(n, a, all), align(n, c, all));
    return result;
  }
  Ints xs = n.shapeOf(x), ys = n.shapeOf(y), shape;
  if (n.hasFailed())
    return result;
  auto product = [](ArrayRef<int64_t> dims) {
    int64_t size = 1;
    for (int64_t dim : dims)
      size *= dim;
    return size;
  };
  ArrayRef<int64_t> xd(xs), yd(ys);
  size_t b = batch.size(), r = rows.size(), s = summed.size();
  Ints xm(xd.take_front(b)), ym(yd.take_front(b));
  xm.append({product(xd.slice(b, r)), product(xd.slice(b + r))});
  ym.append({product(yd.slice(b, s)), product(yd.slice(b + s))});
  for (size_t i = 0; i < b; ++i)
    shape.push_back(std::max(xs[i], ys[i]));
  shape.append(xd.slice(b, r).begin(), xd.slice(b, r).end());
  shape.append(yd.slice(b + s).begin(), yd.slice(b + s).end());
  Value y2 = n.matmul(n.reshape(x, xm), n.reshape(y, ym));
  result.value = y2 ? n.reshape(y2, shape) : y2;
  return result;
}

void mapEinsum(Node &n) {
  Equation equation;
  SmallVector<Term> terms;
  for (unsigned i = 0; i < n.numInputs(); ++i)
    if (!n.needStatic(n.need(i)))
      return;
  if (!readEquation(n, equation))
    return;
  for (auto [i, labels] : llvm::enumerate(equation.inputs)) {
    terms.push_back({n.in(i), labels});
    takeDiagonals(n, terms.back());
  }
  // Left to right; what a label is still needed for decides when it is summed.
  Term result = terms.front();
  for (size_t i = 0; i < terms.size() && !n.hasFailed(); ++i) {
    SmallVector<char> needed(equation.output);
    for (size_t j = i + 1; j < terms.size(); ++j)
      needed.append(terms[j].labels);
    if (i > 0) {
      SmallVector<char> inner(needed);
      inner.append(result.labels);
      reduceUnneeded(n, terms[i], inner);
      result = contract(n, result, terms[i], needed);
    }
    reduceUnneeded(n, result, needed);
  }
  for (char label : equation.output)
    if (!llvm::is_contained(result.labels, label))
      return (void)n.invalid("the output has a label that no input has");
  n.set(0, n.hasFailed() ? Value() : align(n, result, equation.output));
}

} // namespace

void mlir::ge::onnx::populateMatmul(MappingTable &table) {
  table.add("MatMul", mapMatMul);
  table.add("Gemm", mapGemm);
  table.add("Einsum", mapEinsum);
}
