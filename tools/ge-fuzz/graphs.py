# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs that are evaluated while they are built.

A Builder holds values together with what they are worth in f64, computed node by
node with ONNX's reference evaluator. So an operator can ask for operands that it
is defined on, and what it makes of them is known to be finite.
"""

import warnings

import ml_dtypes  # noqa: F401  (numpy learns the types of ONNX from it)
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

OPSET = 22
IR_VERSION = 10

F16, F32, F64 = np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.float64)
FLOATS = (F16, F32, F64)
I8, I16, I32, I64 = (np.dtype(t) for t in (np.int8, np.int16, np.int32, np.int64))
U8, U16, U32, U64 = (np.dtype(t) for t in (np.uint8, np.uint16, np.uint32, np.uint64))
BOOL = np.dtype(np.bool_)

# Beyond these a result says more about overflow than about the operator.
LARGEST = {F16: 2000.0, F32: 1e6, F64: 1e6}
SMALLEST = 1e-6
MOST_ELEMENTS = 60000


class Rejected(Exception):
    """A candidate that makes no valid or no judgeable graph."""


def is_float(dtype):
    return dtype in FLOATS


def wide(array, dtype):
    """`array` as the reference computes with it: floats in f64."""
    return np.asarray(array, F64 if is_float(dtype) else dtype)


class Value:
    """One tensor of a graph.

    array   what it is worth: f64 for floats, else its own type
    exact   no operation has rounded it, so that a discontinuous operator
            (a comparison, floor, arg max) has one right answer
    final   may be an output only, because it was rounded to a coarser type
    """

    def __init__(self, name, dtype, array, exact, final=False, constant=False):
        self.name, self.dtype, self.array = name, np.dtype(dtype), array
        self.exact, self.final, self.constant, self.uses = exact, final, constant, 0

    @property
    def shape(self):
        return self.array.shape

    @property
    def rank(self):
        return self.array.ndim

    @property
    def is_float(self):
        return is_float(self.dtype)

    def info(self):
        return helper.make_tensor_value_info(self.name, onnx_type(self.dtype), list(self.shape))


def onnx_type(dtype):
    return helper.np_dtype_to_tensor_dtype(np.dtype(dtype))


def max_pool(node, x):
    """MaxPool; the evaluator's own pads both sides alike."""
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    kernel = attributes["kernel_shape"]
    rank = len(kernel)
    strides, dilations = attributes.get("strides", [1] * rank), attributes.get("dilations", [1] * rank)
    pads = attributes.get("pads", [0] * 2 * rank)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    sides = [(0, 0)] * 2
    for i, size in enumerate(x.shape[2:]):
        padded = size + pads[i] + pads[i + rank] - reach[i]
        # With ceil_mode the last window may hang over, but must begin inside.
        windows = -(-padded // strides[i]) if attributes.get("ceil_mode", 0) else padded // strides[i]
        if windows * strides[i] >= size + pads[i]:
            windows -= 1
        sides.append((pads[i], max(windows * strides[i] + reach[i] - size - pads[i], -(padded % strides[i]), 0)))
    x = np.pad(x, sides, constant_values=-np.inf)
    y = np.lib.stride_tricks.sliding_window_view(x, reach, axis=tuple(range(2, 2 + rank)))
    y = y[(slice(None),) * 2 + tuple(slice(None, None, s) for s in strides) + tuple(slice(None, None, d) for d in dilations)]
    return y.max(axis=tuple(range(-rank, 0)))


# Where the reference evaluator is wrong.
OWN = {"GlobalMaxPool": lambda node, x: x.max(axis=tuple(range(2, x.ndim)), keepdims=True), "MaxPool": max_pool}


# Operators that round nothing; some of them would break on an inexact operand.
EXACT = {"Identity", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Concat", "Split", "Slice", "Pad", "Tile",
         "Expand", "Gather", "GatherElements", "GatherND", "ScatterND", "DepthToSpace", "SpaceToDepth", "Trilu", "OneHot",
         "ReverseSequence", "Shape", "Relu", "Max", "Min", "Abs", "Neg", "MaxPool", "GlobalMaxPool", "ReduceMax", "ReduceMin",
         "Where", "Clip", "Floor", "Ceil", "Round", "Sign", "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual",
         "ArgMax", "ArgMin", "TopK", "Cast", "Resize", "ThresholdedRelu"}


def terms(node, operands, result):
    """How many terms an element of the result adds up."""
    x = operands[0]
    if node.op_type in ("MatMul", "Gemm", "Einsum"):
        return max(x.shape[-1], x.shape[0]) if x.ndim else 1
    if node.op_type == "Conv":
        return operands[1][0].size
    if node.op_type == "ConvTranspose":
        return operands[1].size // operands[1].shape[1]
    if node.op_type in ("LayerNormalization", "InstanceNormalization", "GroupNormalization", "CumSum", "LRN"):
        return x.size // max(x.shape[0], 1) if x.ndim > 1 else x.size
    if node.op_type.startswith("Reduce") or "AveragePool" in node.op_type:
        return max(x.size // max(result.size, 1), 1)
    return 1


class NodeEvaluator:
    """One node in the reference evaluator, with floats in f64."""

    def __init__(self, node, dtypes, opset=OPSET):
        self.node = node
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        # No padding, which ONNX's reference takes for the padding of SAME_UPPER.
        valid = [a for a in copy.attribute if a.name == "auto_pad" and a.s == b"VALID"]
        for attribute in valid:
            copy.attribute.remove(attribute)
        for attribute in copy.attribute:
            # A type among the attributes: Cast's `to`, and `dtype` elsewhere.
            if attribute.name in ("to", "dtype") and attribute.i in (TensorProto.FLOAT, TensorProto.FLOAT16):
                attribute.i = TensorProto.DOUBLE
            if attribute.type == onnx.AttributeProto.TENSOR and attribute.t.data_type in (
                    TensorProto.FLOAT, TensorProto.FLOAT16):
                attribute.t.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(attribute.t).astype(F64)))
        self.names = [name for name in dict.fromkeys(copy.input) if name]
        types = dict(zip(node.input, dtypes))
        graph = helper.make_graph(
            [copy], "node",
            [helper.make_tensor_value_info(n, onnx_type(F64 if is_float(types[n]) else types[n]), None) for n in self.names],
            [helper.make_tensor_value_info(n, TensorProto.UNDEFINED, None) for n in copy.output if n])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=IR_VERSION)
        self.evaluator = ReferenceEvaluator(model)
        self.inputs = list(node.input)

    def run(self, arrays):
        if self.node.op_type in OWN:
            return [OWN[self.node.op_type](self.node, *arrays)]
        feeds = {name: array for name, array in zip(self.inputs, arrays) if name}
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return [np.asarray(result) for result in self.evaluator.run(None, feeds)]


class Builder:
    """A random graph in the making. Most of its floats are of the type `float`."""

    def __init__(self, seed):
        self.random, self.float = np.random.default_rng(seed), F32
        self.nodes, self.values, self.inputs, self.initializers = [], {}, [], []
        self.serial = 0

    # Random choices ------------------------------------------------------------

    def chance(self, probability):
        return self.random.random() < probability

    def choose(self, options, weights=None):
        options = list(options)
        if weights is not None:
            weights = np.asarray(weights, float) / np.sum(weights)
        return options[self.random.choice(len(options), p=weights)]

    def integer(self, low, high):
        """low <= result <= high"""
        return int(self.random.integers(low, high + 1))

    def dimension(self, largest=100):
        """A size near those where vector and tile loops change."""
        sizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 97]
        return self.choose([size for size in sizes if size <= largest])

    def shape(self, rank=None, elements=4096):
        rank = self.choose([0, 1, 2, 3, 4, 5], [1, 3, 6, 6, 8, 2]) if rank is None else rank
        dims, left = [], elements
        for _ in range(rank):
            dims.append(self.dimension(max(left, 1)))
            left //= dims[-1]
        return [dims[i] for i in self.random.permutation(rank)]

    # Values --------------------------------------------------------------------

    def sample(self, shape, dtype, low=None, high=None):
        """Values as the model's type holds them."""
        dtype = np.dtype(dtype)
        if dtype == BOOL:
            return self.random.random(shape) < 0.5
        if is_float(dtype):
            low, high = (-2.0, 2.0) if low is None else (low, high)
            return np.asarray(self.random.uniform(low, high, shape)).astype(dtype)
        if low is None:
            low, high = (0, 9) if dtype.kind == "u" else (-9, 9)
        return np.asarray(self.random.integers(low, high + 1, shape)).astype(dtype)

    def fresh(self, prefix):
        self.serial += 1
        return "%s_%d" % (prefix, self.serial)

    def add(self, value):
        self.values[value.name] = value
        return value

    def input(self, shape, dtype, low=None, high=None):
        array = self.sample(shape, dtype, low, high)
        value = self.add(Value(self.fresh("x"), dtype, wide(array, dtype), True))
        self.inputs.append(value.name)
        return value

    def constant(self, array, dtype=None):
        array = np.asarray(array, dtype)
        value = self.add(Value(self.fresh("c"), array.dtype, wide(array, array.dtype), True, constant=True))
        self.initializers.append(numpy_helper.from_array(array, value.name))
        return value

    def number(self, value):
        return self.constant(np.asarray(value, self.float))

    def ints(self, values):
        return self.constant(np.asarray(values, np.int64))

    def operand(self, shape, dtype, low=None, high=None):
        """An input or a constant."""
        if self.chance(0.5):
            return self.input(shape, dtype, low, high)
        return self.constant(self.sample(shape, dtype, low, high))

    def pick(self, accepts=lambda value: True, dtypes=None, shape=None):
        """A value that is there already, more likely a late or unused one, or a
        new one of `shape` (a function without arguments)."""
        dtypes = dtypes or (self.float,)
        found = [v for v in self.values.values()
                 if not v.final and not v.constant and v.dtype in dtypes and accepts(v)]
        if found and self.chance(0.9):
            weights = [(1.0 + i) * (4.0 if v.uses == 0 else 1.0) for i, v in enumerate(found)]
            return self.choose(found, weights)
        for _ in range(8):
            value = Value("", self.choose(dtypes), np.zeros(shape() if shape else self.shape()), True)
            if accepts(value):
                return self.input(value.shape, value.dtype)
        raise Rejected("no operand fits")

    def partner(self, value, low=None, high=None, one_way=False):
        """A second operand that broadcasts with `value`."""
        same = [v for v in self.values.values() if v.dtype == value.dtype and not v.final and v is not value
                and v.shape == value.shape and low is None]
        if same and self.chance(0.5):
            return self.choose(same)
        dims = [1 if self.chance(0.25) else d for d in value.shape]
        dims = dims[self.choose([0, self.integer(0, len(dims))]):]
        if not one_way and len(dims) == value.rank and value.array.size <= 256 and self.chance(0.2):
            dims = [self.dimension(8) if d == 1 else own for d, own in zip(value.shape, dims)]
        return self.operand(dims, value.dtype, low, high)

    # Nodes ---------------------------------------------------------------------

    def node(self, kind, inputs, exact=False, outputs=1, final=False, types=None, **attributes):
        """Appends a node. `types` are those of the results where they are not
        the first operand's. Returns one value, or a list if `outputs` > 1."""
        names = [self.fresh(kind.lower()) for _ in range(outputs)]
        node = helper.make_node(kind, [v.name if v is not None else "" for v in inputs], names, names[0], **attributes)
        return self.append(node, inputs, exact, final, types)

    def append(self, node, inputs, exact, final=False, types=None):
        present = [v for v in inputs if v is not None]
        dtypes = [v.dtype if v is not None else None for v in inputs]
        types = types or [present[0].dtype] * len(node.output)
        try:
            results = NodeEvaluator(node, dtypes).run([v.array if v is not None else None for v in inputs])
        except Exception as problem:
            raise Rejected("%s: %s" % (node.op_type, problem))
        values = []
        exact = exact and all(v.exact for v in present)
        for name, array, dtype in zip(node.output, results, types):
            self.check(node, array, dtype)
            array = wide(array, dtype)
            if is_float(dtype) and exact:
                array = wide(array.astype(dtype), dtype)
            values.append(self.add(Value(name, dtype, array, exact or not is_float(dtype), final)))
        for value in present:
            value.uses += 1
        self.nodes.append(node)
        return values[0] if len(values) == 1 else values

    def check(self, node, array, dtype):
        if array.size > MOST_ELEMENTS or array.size == 0:
            raise Rejected("%s: has %d elements" % (node.op_type, array.size))
        if is_float(dtype):
            largest = np.abs(array).max()
            if not np.isfinite(largest) or largest > LARGEST[np.dtype(dtype)] or (0 < largest < SMALLEST):
                raise Rejected("%s: leaves the range" % node.op_type)

    def attempt(self, make):
        """Runs `make(self)`; undoes it if it is rejected."""
        state = (len(self.nodes), dict(self.values), list(self.inputs), len(self.initializers), self.serial)
        uses = {name: value.uses for name, value in self.values.items()}
        try:
            make(self)
            return True
        except Rejected:
            del self.nodes[state[0]:]
            self.values, self.inputs = state[1], state[2]
            del self.initializers[state[3]:]
            for name, count in uses.items():
                self.values[name].uses = count
            return False

    # The result ------------------------------------------------------------------

    def case(self):
        made = {name for node in self.nodes for name in node.output}
        outputs = [v for v in self.values.values() if v.name in made and v.uses == 0]
        # A value that is used as well cannot disappear into its user.
        used = [v for v in self.values.values() if v.name in made and v.uses > 0]
        if used and self.chance(0.3):
            outputs.append(self.choose(used))
        read = {name for node in self.nodes for name in node.input}
        inputs = [self.values[name] for name in self.inputs if name in read]
        graph = helper.make_graph(
            self.nodes, "random", [v.info() for v in inputs], [v.info() for v in outputs],
            [t for t in self.initializers if t.name in read])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        return Case(model, {v.name: v.array.astype(v.dtype) for v in inputs})


class Case:
    """A model and its inputs by name, in the model's types."""

    def __init__(self, model, inputs):
        self.model, self.inputs = model, inputs

    def save(self, path):
        """Writes path.onnx and path.npz."""
        onnx.save(self.model, path + ".onnx")
        np.savez(path + ".npz", **self.inputs)

    @staticmethod
    def load(path):
        with np.load(path + ".npz") as file:
            return Case(onnx.load(path + ".onnx"), {name: file[name] for name in file.files})


def is_open(case):
    """Whether an input has a dimension without a size."""
    return any(d.dim_param for v in case.model.graph.input for d in v.type.tensor_type.shape.dim)


def resized(case, count=3):
    """Cases of the same model whose open dimensions have other sizes, as far as they
    are not much larger; inputs repeat their values."""
    random = np.random.default_rng(0)
    for _ in range(count):
        sizes, inputs = {}, {}
        for value in case.model.graph.input:
            dims = value.type.tensor_type.shape.dim
            for dim in dims:
                if dim.dim_param:
                    sizes.setdefault(dim.dim_param, int(random.choice([1, 2, 3, 5, 8, 16, 17, 31, 33, 64, 100, 129])))
            shape = [sizes[dim.dim_param] if dim.dim_param else dim.dim_value for dim in dims]
            inputs[value.name] = np.resize(case.inputs[value.name], shape)
        before, after = (sum(array.size for array in group.values()) for group in (case.inputs, inputs))
        if after <= 2 * before + 1000:
            yield Case(case.model, inputs)


class Reference:
    """The values of all tensors of a case in f64."""

    def __init__(self, case):
        graph = case.model.graph
        self.nodes = list(graph.node)
        opset = next(entry.version for entry in case.model.opset_import if entry.domain == "")
        self.start = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        self.start.update(case.inputs)
        self.dtypes = {name: array.dtype for name, array in self.start.items()}
        for value in list(graph.value_info) + list(graph.output):
            self.dtypes[value.name] = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
        inferred = onnx.shape_inference.infer_shapes(case.model).graph
        for value in inferred.value_info:
            self.dtypes.setdefault(value.name, helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type))
        self.evaluators = [NodeEvaluator(n, [self.dtypes.get(i, F32) for i in n.input], opset) for n in self.nodes]
        self.values = self.run()

    def round(self, value, dtype, random, scale=1.0):
        """`value` off by up to `scale` roundings to its type; a scalar, like an
        exponent, is what it is."""
        if random is None or value is None or not is_float(dtype) or value.size == 1:
            return value
        return value * (1 + scale * random.uniform(-1, 1, value.shape) * np.finfo(dtype).eps)

    def run(self, random=None):
        """All values; with `random`, the operands and results of every node are
        off by a rounding, as a good algorithm leaves them. Where a node adds n
        terms one after the other, n roundings of the growing sum come to the same
        as operands that are off by sqrt(n) / 4."""
        values = {name: wide(array, array.dtype) for name, array in self.start.items()}
        for node, evaluator in zip(self.nodes, self.evaluators):
            exact = node.op_type in EXACT
            operands = [values.get(name) for name in node.input]
            if random is not None and not exact:
                scale = max(1.0, np.sqrt(terms(node, operands, self.values[node.output[0]])) / 4)
                operands = [self.round(operand, self.dtypes.get(name), random, scale)
                            for operand, name in zip(operands, node.input)]
            results = evaluator.run(operands)
            for name, result in zip(node.output, results):
                dtype = self.dtypes.get(name, result.dtype)
                if is_float(dtype):
                    result = wide(result, dtype)
                    if node.op_type == "Cast":
                        result = wide(result.astype(dtype), dtype)
                values[name] = self.round(result, dtype, None if exact else random)
        return values


def random_case(seed, engines=False, largest=12):
    """A case of one to about `largest` operators that follows from `seed`; with
    `engines`, one of what the engines of an NPU do differently."""
    import operators  # both build on this module
    import engines as extra

    builder = Builder(seed)
    table = dict(operators.OPERATORS)
    if engines:
        largest = 6
        table.update(extra.OPERATORS)
        builder.float = builder.choose([F32, F16])
    functions, weights = zip(*table.values())
    size = builder.integer(1, largest)
    for _ in range(40 * largest):
        if len(builder.nodes) >= size:
            break
        builder.attempt(builder.choose(functions, weights))
    case = builder.case()
    if engines and builder.chance(0.35):
        case.model = extra.open_dimensions(builder, case.model)
    return case
