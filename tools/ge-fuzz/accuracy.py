#!/usr/bin/env python3
# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes docs/Accuracy.md: the error of each operator beside ONNX Runtime's.

    accuracy.py --write docs/Accuracy.md     measures and writes the page
    accuracy.py --check docs/Accuracy.md     fails if the page lacks a row, or has
                                             one too many; measures nothing

The reference is f64. An element-wise result is judged element by element, in units
in the last place of the exact value; anything else at max(|value|, root mean
square of the result). --write needs the packages ge_mlir, onnx, onnxruntime and
numpy.
"""

import argparse
import re
import sys

F16, F32, F64 = "float16", "float32", "float64"

HEADER = """# Accuracy

The largest error of each operator in units in the last place (ULP) of its type,
against an evaluation in f64, beside ONNX Runtime's on the same inputs. An
element-wise operator is judged element by element; an operator that adds up, at
max(|value|, root mean square of the result). Inputs are uniform in the domain.
Where a result nears zero, like that of Gelu far on the left, a small absolute error
is many units. In f64 the reference rounds as well, by up to one unit.
What f16 costs whole networks: [Half precision](HalfPrecision.md).
The page is made by `tools/ge-fuzz/accuracy.py --write docs/Accuracy.md`.

| operator | type | inputs | ge-mlir | ONNX Runtime |
| --- | --- | --- | ---: | ---: |
"""

SIZE = 200000

# Element-wise operators: name, domain, attributes.
UNARY = [
    ("Abs", (-10, 10), {}), ("Acos", (-1, 1), {}), ("Acosh", (1, 100), {}), ("Asin", (-1, 1), {}),
    ("Asinh", (-100, 100), {}), ("Atan", (-100, 100), {}), ("Atanh", (-0.99, 0.99), {}), ("Celu", (-10, 10), {}),
    ("Cos", (-100, 100), {}), ("Cosh", (-10, 10), {}), ("Elu", (-10, 10), {}), ("Erf", (-4, 4), {}),
    ("Exp", (-80, 80), {}), ("Gelu", (-5, 5), {}), ("Gelu", (-5, 5), {"approximate": "tanh"}),
    ("HardSigmoid", (-5, 5), {}), ("HardSwish", (-5, 5), {}), ("LeakyRelu", (-10, 10), {"alpha": 0.1}),
    ("Log", (1e-3, 1000), {}), ("Mish", (-10, 10), {}), ("Neg", (-10, 10), {}), ("Reciprocal", (0.01, 100), {}),
    ("Relu", (-10, 10), {}), ("Selu", (-10, 10), {}), ("Sigmoid", (-20, 20), {}), ("Sin", (-100, 100), {}),
    ("Sinh", (-10, 10), {}), ("Softplus", (-20, 20), {}), ("Softsign", (-20, 20), {}), ("Sqrt", (0, 1000), {}),
    ("Tan", (-1.5, 1.5), {}), ("Tanh", (-10, 10), {}),
]
BINARY = [
    ("Add", (-10, 10), (-10, 10)), ("Sub", (-10, 10), (-10, 10)), ("Mul", (-10, 10), (-10, 10)),
    ("Div", (-10, 10), (0.1, 10)), ("Pow", (0.01, 10), (-4, 4)), ("PRelu", (-10, 10), (0, 1)),
]
# Operators that add up: name, shapes and domains of the operands, attributes.
SUMMING = [
    ("AveragePool", [((1, 16, 32, 32), -1, 1)], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
    ("BatchNormalization", [((1, 32, 16, 16), -2, 2), ((32,), 0.5, 1.5), ((32,), -1, 1), ((32,), -1, 1), ((32,), 0.5, 1.5)], {}),
    ("Conv", [((1, 64, 28, 28), -1, 1), ((64, 64, 3, 3), -0.1, 0.1)], {"pads": [1, 1, 1, 1]}),
    ("Conv", [((1, 64, 28, 28), -1, 1), ((64, 1, 3, 3), -0.5, 0.5)], {"pads": [1, 1, 1, 1], "group": 64}),
    ("ConvTranspose", [((1, 32, 14, 14), -1, 1), ((32, 16, 2, 2), -0.2, 0.2)], {"strides": [2, 2]}),
    ("CumSum", [((64, 256), 0, 1), 1], {}),
    ("Gemm", [((64, 512), -1, 1), ((512, 128), -0.1, 0.1), ((128,), -1, 1)], {}),
    ("GlobalAveragePool", [((1, 64, 28, 28), -1, 1)], {}),
    ("GroupNormalization", [((1, 32, 16, 16), -2, 2), ((32,), 0.5, 1.5), ((32,), -1, 1)], {"num_groups": 4}),
    ("InstanceNormalization", [((1, 32, 16, 16), -2, 2), ((32,), 0.5, 1.5), ((32,), -1, 1)], {}),
    ("LayerNormalization", [((64, 384), -2, 2), ((384,), 0.5, 1.5), ((384,), -1, 1)], {}),
    ("LogSoftmax", [((64, 384), -10, 10)], {}),
    ("MatMul", [((64, 512), -1, 1), ((512, 128), -0.1, 0.1)], {}),
    ("ReduceL2", [((64, 512), -1, 1), (1,)], {}), ("ReduceLogSumExp", [((64, 512), -5, 5), (1,)], {}),
    ("ReduceMean", [((64, 512), -1, 1), (1,)], {}), ("ReduceProd", [((64, 32), 0.5, 1.5), (1,)], {}),
    ("ReduceSum", [((64, 512), -1, 1), (1,)], {}), ("ReduceSumSquare", [((64, 512), -1, 1), (1,)], {}),
    ("Resize", [((1, 8, 20, 20), -1, 1), None, (1.0, 1.0, 2.0, 2.0)], {"mode": "linear"}),
    ("Resize", [((1, 8, 20, 20), -1, 1), None, (1.0, 1.0, 2.0, 2.0)], {"mode": "cubic"}),
    ("Softmax", [((64, 384), -10, 10)], {}),
]
# Types beside f32, where ONNX Runtime has them too.
OTHER_TYPES = {F64: ["Exp", "Log", "Sqrt", "Tanh", "Sigmoid", "Add", "Mul", "Div", "MatMul", "ReduceSum", "Softmax"],
               F16: ["Exp", "Sqrt", "Tanh", "Sigmoid", "Add", "Mul", "Div", "MatMul", "Softmax", "LayerNormalization"]}


def types_of(name):
    return [F32] + [dtype for dtype, names in OTHER_TYPES.items() if name in names]


class Row:
    """One operator on one type; `operands` are what `make_operand` takes."""

    def __init__(self, name, dtype, operands, attributes, elementwise, domain):
        self.name, self.dtype, self.operands = name, dtype, operands
        self.attributes, self.elementwise, self.domain = attributes, elementwise, domain

    def title(self):
        words = ["%s=%s" % (k, "x".join(map(str, v)) if isinstance(v, list) else v)
                 for k, v in sorted(self.attributes.items()) if k not in ("kernel_shape", "pads")]
        return self.name + (" (%s)" % ", ".join(words) if words else "")

    def cells(self):
        return "| %s | %s | %s |" % (self.title(), self.dtype, self.domain)

    def case(self):
        import graphs
        import numpy as np

        b, dtype, values = graphs.Builder(1), np.dtype(self.dtype), []
        graphs.MOST_ELEMENTS, graphs.LARGEST = 10 * SIZE, {t: float("inf") for t in graphs.FLOATS}
        for operand in self.operands:
            if operand is None:
                values.append(None)
            elif isinstance(operand, int):
                values.append(b.constant(np.int64(operand)))
            elif len(operand) == 3 and isinstance(operand[0], tuple):
                shape, low, high = operand
                # Parameters are constants, as in a network.
                parameter = values and not self.elementwise
                values.append(b.constant(b.sample(shape, dtype, low, high)) if parameter else b.input(shape, dtype, low, high))
            elif isinstance(operand[0], float):
                values.append(b.constant(np.asarray(operand, np.float32)))
            else:
                values.append(b.ints(operand))
        b.node(self.name, values, types=[dtype], **self.attributes)
        return b.case()


def interval(low, high):
    return "[%g, %g]" % (low, high)


def all_rows():
    rows = []
    for name, domain, attributes in UNARY:
        for dtype in types_of(name):
            low, high = (max(domain[0], -9), min(domain[1], 9)) if dtype == F16 else domain
            rows.append(Row(name, dtype, [((SIZE,), low, high)], attributes, True, interval(low, high)))
    for name, first, second in BINARY:
        for dtype in types_of(name):
            rows.append(Row(name, dtype, [((SIZE,), *first), ((SIZE,), *second)], {}, True,
                            "%s, %s" % (interval(*first), interval(*second))))
    for name, operands, attributes in SUMMING:
        for dtype in types_of(name):
            shapes = ["x".join(map(str, o[0])) for o in operands if isinstance(o, tuple) and isinstance(o[0], tuple)]
            rows.append(Row(name, dtype, operands, attributes, False, ", ".join(shapes[:2])))
    return sorted(rows, key=lambda row: (row.title().lower(), str(row.dtype)))


def elementwise_error(result, reference, dtype):
    import numpy as np

    info = np.finfo(dtype)
    ulp = np.exp2(np.floor(np.log2(np.maximum(np.abs(reference), float(info.tiny))))) * float(info.eps)
    return float(np.max(np.abs(result.astype(np.float64) - reference) / ulp))


def measure(row):
    import graphs
    import judge

    case = row.case()
    reference = graphs.Reference(case).values[case.model.graph.output[0].name]
    judge_error = elementwise_error if row.elementwise else judge.error_in_ulp
    return [judge_error(run(case)[0], reference, row.dtype)
            for run in (lambda c: judge.run_compiled(c, "Host"), judge.run_onnxruntime)]


def write(path):
    with open(path, "w") as page:
        page.write(HEADER)
        for row in all_rows():
            ours, theirs = measure(row)
            page.write("%s %.1f | %.1f |\n" % (row.cells(), ours, theirs))


def check(path):
    with open(path) as page:
        found = [re.sub(r" [\d.]+ \| [\d.]+ \|$", "", line.rstrip("\n")) for line in page if line.startswith("| ")][2:]
    expected = [row.cells() for row in all_rows()]
    problems = ["missing: " + row for row in expected if row not in found]
    problems += ["unexpected: " + row for row in found if row not in expected]
    if problems:
        sys.exit("%s differs from its script; make it anew\n%s" % (path, "\n".join(problems)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", metavar="PAGE")
    parser.add_argument("--check", metavar="PAGE")
    options = parser.parse_args()
    if options.write:
        write(options.write)
    if options.check:
        check(options.check)


if __name__ == "__main__":
    main()
