# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a random graph is made of.

Each function of OPERATORS appends an operator, or a small composition as networks
have them, to a Builder; it raises Rejected where no operand fits. Types are those
that ONNX Runtime implements, because it is the judge.
"""

import numpy as np

from graphs import BOOL, F16, F32, F64, FLOATS, I8, I32, I64, U8, Rejected, onnx_type

OPERATORS = {}


def operator(weight=1.0):
    def register(function):
        OPERATORS[function.__name__] = (function, weight)
        return function
    return register


def some_floats(b):
    return (b.choose([b.float, F64, F16], [12, 1, 1]),)


def tensor(b, rank=None, dtypes=None, minimum=1, elements=4096, accepts=lambda v: True):
    """A value of the rank, or of at least `minimum` dimensions."""
    fits = (lambda v: v.rank == rank) if rank is not None else (lambda v: v.rank >= minimum)
    return b.pick(lambda v: fits(v) and v.array.size <= elements and accepts(v), dtypes or some_floats(b),
                  lambda: b.shape(rank if rank is not None else max(minimum, b.integer(1, 4)), elements))


def axis_of(b, value):
    axis = b.integer(0, value.rank - 1)
    return axis - value.rank if b.chance(0.4) else axis


def some_axes(b, value):
    count = b.integer(1, value.rank)
    axes = sorted(int(a) for a in b.random.permutation(value.rank)[:count])
    return [a - value.rank for a in axes] if b.chance(0.3) else axes


# Element-wise --------------------------------------------------------------------


@operator(8)
def arithmetic(b):
    kind = b.choose(["Add", "Sub", "Mul", "Max", "Min"])
    # The range of small integers ends soon, and ONNX Runtime adds none of them.
    x = b.pick(dtypes=(b.choose([b.float, b.float, b.float, b.float, F16, F64, I32, I64]),))
    y = b.partner(x)
    pair = [x, y] if b.chance(0.6) else [y, x]
    b.node(kind, pair, exact=kind in ("Max", "Min"))


@operator(2)
def division(b):
    x = b.pick(dtypes=(b.choose([b.float, b.float, b.float, F16, F64]),))
    y = b.partner(x, 0.25, 3.0)
    b.node("Div", [x, y])


@operator(0.5)
def integer_division(b):
    x = b.pick(dtypes=(I32, I64), accepts=lambda v: v.array.min(initial=0) >= 0)
    b.node("Div", [x, b.partner(x, 1, 9)])


@operator(0.5)
def power(b):
    x = b.pick(lambda v: np.abs(v.array).max() < 6)
    exponent = b.choose([2.0, 3.0, 0.5, -1.0, 1.5, None])
    if exponent is None:
        if x.array.min() <= 0.05:
            raise Rejected("base is not positive")
        b.node("Pow", [x, b.partner(x, -1.0, 2.0)])
    elif exponent in (2.0, 3.0) or x.array.min() > 0.05:
        b.node("Pow", [x, b.number(exponent)])
    else:
        raise Rejected("base is not positive")


@operator(0.5)
def remainder(b):
    x = b.pick(dtypes=(I32, I64))
    b.node("Mod", [x, b.partner(x, 1, 7)])


ANYWHERE = ["Abs", "Neg", "Sin", "Cos", "Tanh", "Sigmoid", "Erf", "Relu", "Softplus", "Softsign", "HardSwish",
            "Mish", "Atan", "Asinh", "LeakyRelu", "Elu", "Selu", "Celu", "HardSigmoid", "ThresholdedRelu", "Gelu",
            "Clip", "Identity", "Exp", "Sinh", "Cosh", "Tan", "Sqrt", "Log", "Reciprocal", "Asin", "Acos", "Acosh", "Atanh"]
DOMAINS = {"Exp": (-8, 8), "Sinh": (-4, 4), "Cosh": (-4, 4), "Tan": (-1.2, 1.2), "Sqrt": (1e-3, 1e6),
           "Log": (1e-2, 1e6), "Reciprocal": (0.05, 1e6), "Asin": (-0.95, 0.95), "Acos": (-0.95, 0.95),
           "Acosh": (1.1, 1e4), "Atanh": (-0.9, 0.9), "Sin": (-30, 30), "Cos": (-30, 30)}
# ONNX Runtime has these for f64 and, through casts, f16.
WIDER = {"Abs", "Neg", "Exp", "Sqrt", "Log", "Relu", "Tanh", "Sigmoid", "Identity", "Reciprocal", "Clip"}
EXACT_UNARY = {"Abs", "Neg", "Relu", "Identity", "Clip", "LeakyRelu"} - {"LeakyRelu"}


def unary_attributes(b, kind):
    if kind in ("LeakyRelu", "Elu", "Celu", "ThresholdedRelu"):
        return {"alpha": b.choose([0.01, 0.1, 0.5, 1.0, 1.5])}
    if kind == "HardSigmoid":
        return {"alpha": b.choose([0.2, 1 / 6]), "beta": 0.5}
    if kind == "Gelu":
        return {"approximate": b.choose(["none", "tanh"])}
    return {}


@operator(8)
def unary(b):
    kind = b.choose(ANYWHERE, [3.0] * 22 + [1.0] * (len(ANYWHERE) - 22))
    low, high = DOMAINS.get(kind, (-1e6, 1e6))
    dtypes = (b.choose([b.float, b.float, b.float, F64, F16]),) if kind in WIDER else (b.float,)
    x = b.pick(lambda v: low <= v.array.min() and v.array.max() <= high, dtypes)
    if kind == "ThresholdedRelu" and not x.exact:
        raise Rejected("a jump at an inexact value")
    inputs = [x]
    if kind == "Clip":
        bounds = sorted(float(v) for v in b.random.uniform(-1.5, 1.5, 2)) if b.chance(0.7) else [0.0, 6.0]
        low, high = (b.constant(np.asarray(v, x.dtype)) for v in bounds)
        inputs = b.choose([[x, low, high], [x, low, None], [x, None, high]], [4, 1, 1])
    b.node(kind, inputs, exact=kind in EXACT_UNARY, **unary_attributes(b, kind))


@operator(1)
def rounding(b):
    kind = b.choose(["Floor", "Ceil", "Round", "Sign"])
    x = b.pick(lambda v: v.exact)
    b.node(kind, [x], exact=True)


@operator(1)
def comparison(b):
    kind = b.choose(["Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual"])
    x = b.pick(lambda v: v.exact, (b.float, b.float, b.float, b.float, I32, I64))
    y = b.partner(x)
    if not y.exact:
        raise Rejected("a comparison of inexact values")
    b.node(kind, [x, y], types=[BOOL])


@operator(0.7)
def logic(b):
    x = b.pick(dtypes=(BOOL,))
    kind = b.choose(["And", "Or", "Xor", "Not"])
    b.node(kind, [x] if kind == "Not" else [x, b.partner(x)])


@operator(0.5)
def bits(b):
    x = b.pick(dtypes=(I32, I64))
    kind = b.choose(["BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot"])
    b.node(kind, [x] if kind == "BitwiseNot" else [x, b.partner(x)])


@operator(1.5)
def selection(b):
    x = b.pick(dtypes=(b.choose([b.float, b.float, b.float, I32, I64, U8]),))
    y = b.partner(x)
    shape = np.broadcast_shapes(x.shape, y.shape)
    conditions = [v for v in b.values.values() if v.dtype == BOOL and not v.final and v.shape == shape]
    condition = b.choose(conditions) if conditions else b.operand(
        [1 if b.chance(0.3) else d for d in shape], BOOL)
    b.node("Where", [condition, x, y], exact=True, types=[x.dtype])


@operator(1.5)
def cast(b):
    source = b.choose([F32, F32, F16, F64, I32, I64, I8, U8, BOOL])
    target = b.choose([F32, F32, F16, F64, I32, I64, BOOL, U8, I8])
    if source == target:
        raise Rejected("a cast to itself")
    x = b.pick(dtypes=(source,))
    narrows = x.is_float and (target.kind != "f" or target.itemsize < source.itemsize)
    if narrows and not x.exact:
        if target.kind != "f":
            raise Rejected("an integer of an inexact value")
        b.node("Cast", [x], to=onnx_type(target), types=[target], final=True)
        return
    if x.is_float and target.kind in "iu" and (np.abs(x.array).max() > 100 or (target.kind == "u" and x.array.min() <= -1)):
        raise Rejected("an integer out of range")
    b.node("Cast", [x], exact=True, to=onnx_type(target), types=[target])


@operator(1)
def slope(b):
    x = tensor(b, dtypes=(b.float,))
    b.node("PRelu", [x, b.partner(x, 0.05, 0.6, one_way=True)])


# Products ------------------------------------------------------------------------


@operator(4)
def matmul(b):
    x = tensor(b, minimum=1, dtypes=(b.choose([b.float, b.float, b.float, b.float, F64, F16]),), elements=8192)
    k, n = x.shape[-1], b.dimension(65)
    batch = list(x.shape[:-2]) if b.chance(0.4) else []
    batch = [1 if b.chance(0.3) else d for d in batch]
    shape = [k] if b.chance(0.08) else batch + [k, n]
    scale = 2.0 / np.sqrt(k)
    b.node("MatMul", [x, b.operand(shape, x.dtype, -scale, scale)])


@operator(1.5)
def gemm(b):
    x = tensor(b, rank=2, dtypes=(b.float,))
    trans_a, trans_b = b.integer(0, 1), b.integer(0, 1)
    m, k = (x.shape[1], x.shape[0]) if trans_a else x.shape
    n = b.dimension(65)
    scale = 2.0 / np.sqrt(k)
    w = b.operand([n, k] if trans_b else [k, n], b.float, -scale, scale)
    inputs = [x, w]
    if b.chance(0.7):
        inputs.append(b.operand(b.choose([[n], [1, n], [m, 1], [m, n], [1], []]), b.float))
    b.node("Gemm", inputs, transA=trans_a, transB=trans_b, alpha=b.choose([1.0, 0.5, 1.25]),
           beta=b.choose([1.0, 0.5, 2.0]))


@operator(0.7)
def einsum(b):
    x = tensor(b, rank=3, dtypes=(b.float,), elements=2048)
    i, j, k = x.shape
    n = b.dimension(17)
    scale = 2.0 / np.sqrt(k)
    equation, shape = b.choose([("ijk,kn->ijn", [k, n]), ("ijk,nk->ijn", [n, k]), ("ijk,ikn->ijn", [i, k, n]),
                                ("ijk,ink->inj", [i, n, k]), ("ijk,ijk->ij", [i, j, k]), ("ijk,k->ij", [k])])
    b.node("Einsum", [x, b.operand(shape, b.float, -scale, scale)], equation=equation)


def spatial(b, rank, channels=None, largest=20):
    """An image [N, C, spatial...]."""
    def shape():
        sizes = [b.choose([1, 2, 3, 5, 6, 7, 8, 11, 14, 16, 19]) for _ in range(rank)]
        return [b.choose([1, 1, 1, 2]), b.choose([1, 2, 3, 4, 8, 15, 16, 17, 24, 32, 40])] + [min(s, largest) for s in sizes]
    return b.pick(lambda v: v.rank == rank + 2 and max(v.shape[2:]) <= 32 and v.shape[1] <= 64 and v.array.size <= 12000,
                  (b.float,), shape)


def window(b, sizes, dilated=True):
    """kernel, strides, pads, dilations such that a result is left."""
    for _ in range(10):
        kernel = [b.choose([1, 2, 3, 3, 3, 5, 7]) for _ in sizes]
        if b.chance(0.6):
            kernel = [kernel[0]] * len(sizes)
        strides = [b.choose([1, 1, 2, 3]) for _ in sizes]
        dilations = [b.choose([1, 1, 1, 2, 3]) if dilated else 1 for _ in sizes]
        reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
        pads = [b.integer(0, k // 2) for k in kernel] + [b.integer(0, k // 2) for k in kernel]
        if all(s + pads[i] + pads[i + len(sizes)] >= reach[i] for i, s in enumerate(sizes)):
            return kernel, strides, pads, dilations
    raise Rejected("no window fits")


@operator(6)
def convolution(b):
    rank = b.choose([1, 2, 3], [1, 8, 0.5])
    x = spatial(b, rank, largest=20 if rank < 3 else 7)
    channels = x.shape[1]
    kernel, strides, pads, dilations = window(b, x.shape[2:])
    group = b.choose([1, 1, 1, channels] + [g for g in (2, 4) if channels % g == 0])
    filters = group * max(1, b.choose([1, 4, 8, 16, 17, 32, 48]) // (group if group < channels else 16))
    fan_in = channels // group * int(np.prod(kernel))
    if fan_in * filters * x.array.size // channels > 4000000:
        raise Rejected("too much work for the reference")
    scale = 2.0 / np.sqrt(fan_in)
    weights = b.sample([filters, channels // group] + kernel, b.float, -scale, scale)
    inputs = [x, b.constant(weights) if b.chance(0.93) else b.input(weights.shape, b.float, -scale, scale)]
    if b.chance(0.6):
        inputs.append(b.constant(b.sample([filters], b.float)))
    attributes = {"pads": pads}
    if b.chance(0.15):
        attributes = {"auto_pad": b.choose(["SAME_UPPER", "SAME_LOWER", "VALID"])}
        if attributes["auto_pad"] != "VALID":
            dilations = [1] * rank
    y = b.node("Conv", inputs, group=group, strides=strides, dilations=dilations, kernel_shape=kernel, **attributes)
    follow(b, y)


def follow(b, y):
    """What usually comes behind a convolution."""
    channels = y.shape[1]
    per_channel = [channels] + [1] * (y.rank - 2)
    step = b.choose(["none", "norm", "relu", "relu6", "swish", "hardswish", "add", "scale", "residual"])
    if step == "norm":
        y = batch_norm_of(b, y)
        step = b.choose(["none", "relu"])
    if step == "relu":
        b.node("Relu", [y])
    elif step == "relu6":
        b.node("Clip", [y, b.number(0), b.number(6)])
    elif step == "swish":
        b.node("Mul", [y, b.node("Sigmoid", [y])])
    elif step == "hardswish":
        b.node("HardSwish", [y])
    elif step == "add":
        b.node("Add", [y, b.constant(b.sample(per_channel, b.float))])
    elif step == "scale":
        b.node("Mul", [y, b.constant(b.sample(per_channel, b.float, 0.5, 1.5))])
    elif step == "residual":
        same = [v for v in b.values.values() if v.shape == y.shape and v.dtype == y.dtype and v is not y and not v.final]
        other = b.choose(same) if same else b.input(y.shape, b.float)
        y = b.node("Add", [y, other] if b.chance(0.5) else [other, y])
        if b.chance(0.5):
            b.node("Relu", [y])


@operator(1.5)
def transposed_convolution(b):
    rank = b.choose([1, 2], [1, 4])
    x = spatial(b, rank, largest=11)
    channels = x.shape[1]
    group = b.choose([1, 1, 1] + [g for g in (2, channels) if channels % g == 0])
    filters = b.choose([1, 3, 4, 8, 16, 17])
    kernel = [b.choose([1, 2, 3, 4, 5]) for _ in range(rank)]
    strides = [b.choose([1, 2, 2, 3]) for _ in range(rank)]
    dilations = [b.choose([1, 1, 1, 2]) for _ in range(rank)]
    pads = [b.integer(0, (k - 1) // 2) for k in kernel] * 2
    output_padding = [b.integer(0, max(s, d) - 1) if b.chance(0.3) else 0 for s, d in zip(strides, dilations)]
    scale = 2.0 / np.sqrt(channels // group * np.prod(kernel))
    inputs = [x, b.constant(b.sample([channels, filters] + kernel, b.float, -scale, scale))]
    if b.chance(0.5):
        inputs.append(b.constant(b.sample([filters * group], b.float)))
    b.node("ConvTranspose", inputs, group=group, strides=strides, pads=pads, dilations=dilations,
           output_padding=output_padding, kernel_shape=kernel)


# Pooling and normalisation ---------------------------------------------------------


@operator(2)
def pooling(b):
    x = spatial(b, b.choose([1, 2, 3], [1, 6, 0.5]))
    kind = b.choose(["MaxPool", "AveragePool"])
    kernel, strides, pads, dilations = window(b, x.shape[2:], dilated=b.chance(0.2))
    attributes = {"count_include_pad": b.integer(0, 1)} if kind == "AveragePool" else {}
    b.node(kind, [x], exact=kind == "MaxPool", kernel_shape=kernel, strides=strides, pads=pads, dilations=dilations,
           ceil_mode=b.integer(0, 1) if sum(pads) == 0 else 0, **attributes)


@operator(1)
def global_pooling(b):
    x = spatial(b, b.choose([1, 2, 3], [1, 6, 0.5]))
    kind = b.choose(["GlobalAveragePool", "GlobalAveragePool", "GlobalMaxPool"])
    b.node(kind, [x], exact=kind == "GlobalMaxPool")


def batch_norm_of(b, x):
    channels = x.shape[1]
    statistics = [b.constant(b.sample([channels], b.float, low, high))
                  for low, high in ((0.5, 1.5), (-0.5, 0.5), (-0.5, 0.5), (0.5, 1.5))]
    return b.node("BatchNormalization", [x] + statistics, epsilon=1e-5)


@operator(1)
def batch_norm(b):
    batch_norm_of(b, tensor(b, minimum=2, dtypes=(b.float,)))


@operator(2)
def softmax(b):
    x = tensor(b, accepts=lambda v: np.abs(v.array).max() < 60)
    b.node(b.choose(["Softmax", "Softmax", "LogSoftmax"]), [x], axis=axis_of(b, x))


def varied(axes_of):
    """Whether values differ along the axes, as a variance needs."""
    return lambda v: v.array.size > 1 and np.all(np.var(v.array, axis=axes_of(v)) > 1e-2)


@operator(2)
def layer_norm(b):
    x = tensor(b, minimum=1, dtypes=(b.float,), accepts=lambda v: v.shape[-1] > 2 and varied(lambda v: -1)(v))
    c = x.shape[-1]
    weight, bias = b.constant(b.sample([c], b.float, 0.5, 1.5)), b.constant(b.sample([c], b.float))
    if b.chance(0.5):
        inputs = [x, weight, bias] if b.chance(0.7) else [x, weight]
        b.node("LayerNormalization", inputs, axis=b.choose([-1, x.rank - 1]), epsilon=1e-5)
        return
    # As exporters spell it.
    axes = b.ints([-1])
    centred = b.node("Sub", [x, reduced(b, "ReduceMean", x, axes)])
    square = b.node("Pow", [centred, b.number(2)]) if b.chance(0.5) else b.node("Mul", [centred, centred])
    variance = reduced(b, "ReduceMean", square, axes)
    deviation = b.node("Sqrt", [b.node("Add", [variance, b.number(1e-5)])])
    scaled = b.node("Mul", [b.node("Div", [centred, deviation]), weight])
    if b.chance(0.7):
        b.node("Add", [scaled, bias])


@operator(1)
def rms_norm(b):
    x = tensor(b, minimum=1, dtypes=(b.float,))
    square = b.node("Pow", [x, b.number(2)])
    mean = b.node("Add", [reduced(b, "ReduceMean", square, b.ints([-1])), b.number(1e-5)])
    root = b.node("Sqrt", [mean])
    scaled = b.node("Mul", [x, b.node("Reciprocal", [root])]) if b.chance(0.5) else b.node("Div", [x, root])
    b.node("Mul", [b.constant(b.sample([x.shape[-1]], b.float, 0.5, 1.5)), scaled])


@operator(1)
def instance_norm(b):
    x = spatial(b, b.choose([1, 2]))
    if not varied(lambda v: tuple(range(2, v.rank)))(x):
        raise Rejected("no variance")
    weight, bias = b.constant(b.sample([x.shape[1]], b.float, 0.5, 1.5)), b.constant(b.sample([x.shape[1]], b.float))
    if b.chance(0.5):
        b.node("InstanceNormalization", [x, weight, bias], epsilon=1e-5)
        return
    groups = b.choose([g for g in (1, 2, 3, 4, 8) if x.shape[1] % g == 0])
    b.node("GroupNormalization", [x, weight, bias], num_groups=groups, epsilon=1e-5)


@operator(0.5)
def local_response(b):
    x = spatial(b, 2)
    b.node("LRN", [x], size=b.choose([1, 3, 5]), alpha=0.1, beta=0.75, bias=1.0)


@operator(0.5)
def unit_length(b):
    x = tensor(b, dtypes=(b.float,))
    axis = axis_of(b, x)
    p = b.choose([1, 2])
    if np.min(np.sum(np.abs(x.array), axis=axis)) < 0.1:
        raise Rejected("a norm near zero")
    b.node("LpNormalization", [x], axis=axis, p=p)


# Reductions ------------------------------------------------------------------------


def reduced(b, kind, x, axes, keepdims=1, exact=False):
    return b.node(kind, [x, axes], exact=exact, keepdims=keepdims)


@operator(4)
def reduction(b):
    kind = b.choose(["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare",
                     "ReduceLogSumExp", "ReduceProd", "ReduceLogSum"], [4, 4, 3, 2, 1, 1, 1, 1, 1, 0.5])
    dtypes = (b.float, b.float, b.float, I32) if kind in ("ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd") else (b.float,)
    x = tensor(b, dtypes=(b.choose(dtypes),), elements=20000)
    if kind == "ReduceLogSum" and x.array.min() < 0.1:
        raise Rejected("a logarithm of a negative sum")
    if kind == "ReduceLogSumExp" and np.abs(x.array).max() > 30:
        raise Rejected("overflows")
    if kind == "ReduceL2" and np.abs(x.array).min() < 1e-3:
        raise Rejected("a root near zero")
    if kind == "ReduceProd" and (x.array.size > 200 or x.dtype == I32 and x.array.size > 12):
        raise Rejected("overflows")
    exact = kind in ("ReduceMax", "ReduceMin")
    if b.chance(0.15):
        b.node(kind, [x], exact=exact, keepdims=b.integer(0, 1))
    else:
        reduced(b, kind, x, b.ints(some_axes(b, x)), b.integer(0, 1), exact)


@operator(0.7)
def arg_reduction(b):
    x = tensor(b, accepts=lambda v: v.exact, dtypes=(b.choose([b.float, I32]),))
    b.node(b.choose(["ArgMax", "ArgMin"]), [x], axis=axis_of(b, x), keepdims=b.integer(0, 1),
           select_last_index=b.integer(0, 1), types=[I64])


@operator(0.7)
def running_sum(b):
    x = tensor(b, dtypes=(b.choose([b.float, b.float, I32, I64]),))
    b.node("CumSum", [x, b.constant(np.int64(axis_of(b, x)))], exclusive=b.integer(0, 1), reverse=b.integer(0, 1))


@operator(0.7)
def top(b):
    x = tensor(b, dtypes=(b.float,), accepts=lambda v: v.exact)
    axis = axis_of(b, x)
    if any(len(np.unique(row)) != len(row) for row in np.moveaxis(x.array, axis, -1).reshape(-1, x.shape[axis])):
        raise Rejected("equal values have no order")
    k = b.integer(1, min(x.shape[axis], 20))
    b.node("TopK", [x, b.ints([k])], exact=True, outputs=2, types=[b.float, I64], axis=axis, largest=b.integer(0, 1), sorted=1)


# Movement ----------------------------------------------------------------------------


def moved(b, **arguments):
    return tensor(b, dtypes=(b.choose([b.float] * 5 + [I64, I32, U8, BOOL, F16, F64]),), **arguments)


def factors(b, size):
    """Random dimensions whose product is `size`."""
    dims = []
    while size > 1 and len(dims) < 4:
        divisor = b.choose([d for d in range(1, size + 1) if size % d == 0][:12] + [size])
        dims.append(divisor)
        size //= divisor
    return dims + ([size] if size > 1 or not dims else [])


@operator(2)
def reshape(b):
    x = moved(b, minimum=0)
    dims = factors(b, x.array.size)
    if b.chance(0.3):
        dims[b.integer(0, len(dims) - 1)] = -1
    b.node("Reshape", [x, b.ints(dims)], exact=True)


@operator(1)
def reshape_by_shape(b):
    """The arithmetic on shapes that exporters leave in a graph."""
    x = moved(b, minimum=2)
    shape = b.node("Shape", [x], types=[I64])
    first = b.node("Gather", [shape, b.constant(np.int64(0))], types=[I64], axis=0)
    first = b.node("Unsqueeze", [first, b.ints([0])], types=[I64])
    target = b.node("Concat", [first, b.ints([-1])], types=[I64], axis=0)
    b.node("Reshape", [x, target], exact=True)


@operator(3)
def transpose(b):
    x = moved(b, minimum=2)
    b.node("Transpose", [x], exact=True, perm=[int(p) for p in b.random.permutation(x.rank)])


@operator(1)
def dimensions_of_one(b):
    x = moved(b, minimum=0)
    ones = [i for i, d in enumerate(x.shape) if d == 1]
    kind = b.choose(["Unsqueeze", "Flatten"] + (["Squeeze"] * 2 if ones else []))
    if kind == "Squeeze":
        b.node(kind, [x, b.ints(ones[: b.integer(1, len(ones))])], exact=True)
    elif kind == "Flatten":
        b.node(kind, [x], exact=True, axis=b.integer(0, x.rank))
    elif x.rank < 5:
        b.node(kind, [x, b.ints([b.integer(0, x.rank)])], exact=True)


@operator(2)
def concat(b):
    x = moved(b)
    axis = axis_of(b, x)
    parts = [x]
    for _ in range(b.integer(1, 3)):
        same = [v for v in b.values.values() if v.dtype == x.dtype and v.rank == x.rank and not v.final
                and all(p == q for i, (p, q) in enumerate(zip(v.shape, x.shape)) if i != axis % x.rank)]
        if same and b.chance(0.7):
            parts.append(b.choose(same))
        else:
            shape = list(x.shape)
            shape[axis] = b.dimension(17)
            parts.append(b.operand(shape, x.dtype))
    b.node("Concat", [parts[i] for i in b.random.permutation(len(parts))], exact=True, axis=axis)


@operator(1.5)
def split(b):
    x = moved(b, accepts=lambda v: max(v.shape) > 1)
    axis = b.choose([i for i, d in enumerate(x.shape) if d > 1])
    size, parts = x.shape[axis], []
    while size:
        parts.append(size if len(parts) == 3 else b.integer(1, size))
        size -= parts[-1]
    if len(parts) > 1:
        b.node("Split", [x, b.ints(parts)], exact=True, outputs=len(parts), types=[x.dtype] * len(parts), axis=axis)


@operator(2.5)
def slices(b):
    x = moved(b)
    axes = some_axes(b, x)
    starts, ends, steps = [], [], []
    for axis in axes:
        size = x.shape[axis]
        step = b.choose([1, 1, 1, 2, 3, -1, -2])
        low, high = sorted((b.integer(0, size - 1), b.integer(0, size - 1)))
        if step > 0:
            starts.append(low)
            ends.append(b.choose([high + 1, 2**31 - 1]))
        else:
            starts.append(high)
            ends.append(low - 1 if low > 0 else -(2**31))
        steps.append(step)
    b.node("Slice", [x, b.ints(starts), b.ints(ends), b.ints(axes), b.ints(steps)], exact=True)


@operator(1.5)
def padding(b):
    x = tensor(b, dtypes=(b.choose([b.float, b.float, b.float, I32, I64]),))
    mode = b.choose(["constant", "constant", "reflect", "edge", "wrap"])
    most = [min(4, d - 1 if mode == "reflect" else d) for d in x.shape]
    pads = [b.integer(0, m) for m in most] + [b.integer(0, m) for m in most]
    inputs = [x, b.ints(pads)]
    if mode == "constant" and b.chance(0.6):
        inputs.append(b.constant(b.sample([], x.dtype)))
    b.node("Pad", inputs, exact=True, mode=mode)


@operator(1)
def repetition(b):
    x = moved(b, elements=1024)
    if b.chance(0.5):
        b.node("Tile", [x, b.ints([b.choose([1, 1, 2, 3]) for _ in x.shape])], exact=True)
        return
    dims = [b.dimension(9) if d == 1 else d for d in x.shape]
    if b.chance(0.3) and len(dims) < 5:
        dims.insert(0, b.integer(1, 4))
    b.node("Expand", [x, b.ints(dims)], exact=True)


@operator(2)
def gather(b):
    x = moved(b)
    axis = axis_of(b, x)
    size = x.shape[axis]
    kind = b.choose(["Gather", "Gather", "GatherElements", "GatherND"])
    integer = b.choose([np.int64, np.int64, np.int32])
    if kind == "Gather":
        indices = b.operand(b.shape(b.integer(0, 2), 40), integer, -size, size - 1)
        b.node(kind, [x, indices], exact=True, axis=axis)
    elif kind == "GatherElements":
        shape = list(x.shape)
        shape[axis] = b.dimension(9)
        b.node(kind, [x, b.operand(shape, integer, -size, size - 1)], exact=True, axis=axis)
    else:
        depth, count = b.integer(1, x.rank), b.integer(1, 9)
        rows = np.stack([b.random.integers(0, d, count) for d in x.shape[:depth]], axis=-1)
        b.node(kind, [x, b.ints(rows)], exact=True)


@operator(1)
def scatter(b):
    x = tensor(b, dtypes=(b.choose([b.float, b.float, b.float, I64, I32]),))
    if b.chance(0.5):
        depth = b.integer(1, min(x.rank, 2))
        places = int(np.prod(x.shape[:depth]))
        count = b.integer(1, min(places, 9))
        flat = b.random.permutation(places)[:count]
        rows = np.stack(np.unravel_index(flat, x.shape[:depth]), axis=-1)
        b.node("ScatterND", [x, b.ints(rows), b.operand([count] + list(x.shape[depth:]), x.dtype)], exact=True)
        return
    axis = axis_of(b, x)
    count = b.integer(1, min(x.shape[axis], 9))
    shape = list(x.shape)
    shape[axis] = count
    order = np.argsort(b.random.random([d if i != axis % x.rank else x.shape[axis] for i, d in enumerate(x.shape)]), axis=axis)
    indices = np.take(order, range(count), axis=axis).astype(np.int64)
    mode = b.choose(["none", "none", "add", "max"])
    b.node("ScatterElements", [x, b.ints(indices), b.operand(shape, x.dtype)], exact=mode != "add", axis=axis,
           reduction=mode)


@operator(0.7)
def blocks(b):
    size = b.choose([2, 3])
    if b.chance(0.5):
        x = tensor(b, rank=4, dtypes=(b.float,), accepts=lambda v: v.shape[1] % (size * size) == 0)
        b.node("DepthToSpace", [x], exact=True, blocksize=size, mode=b.choose(["DCR", "CRD"]))
    else:
        x = tensor(b, rank=4, dtypes=(b.float,), accepts=lambda v: v.shape[2] % size == 0 and v.shape[3] % size == 0)
        b.node("SpaceToDepth", [x], exact=True, blocksize=size)


@operator(1)
def resize(b):
    x = spatial(b, 2)
    mode = b.choose(["nearest", "linear", "cubic"])
    attributes = {"mode": mode}
    if mode == "nearest":
        attributes.update(coordinate_transformation_mode="asymmetric", nearest_mode="floor")
        factor = [b.choose([1.0, 2.0, 3.0]) for _ in range(2)]
    else:
        attributes["coordinate_transformation_mode"] = b.choose(["half_pixel", "align_corners", "asymmetric"])
        factor = [b.choose([1.0, 2.0, 3.0, 1.5]) for _ in range(2)]
    b.node("Resize", [x, None, b.constant(np.asarray([1, 1] + factor, np.float32))], exact=mode == "nearest", **attributes)


@operator(0.7)
def triangle(b):
    x = tensor(b, minimum=2, dtypes=(b.float,))
    b.node("Trilu", [x] + ([b.constant(np.int64(b.integer(-2, 2)))] if b.chance(0.5) else []), exact=True,
           upper=b.integer(0, 1))


@operator(0.5)
def one_hot(b):
    depth = b.dimension(17)
    x = b.input(b.shape(b.integer(1, 2), 64), I64, 0, depth - 1)
    b.node("OneHot", [x, b.constant(np.int64(depth)), b.constant(np.asarray([0, 1], np.float32))], types=[F32],
           axis=b.choose([-1, 0, 1]))


@operator(0.4)
def reversed_sequence(b):
    x = tensor(b, minimum=2, dtypes=(b.float,))
    lengths = b.operand([x.shape[1]], I64, 1, x.shape[0])
    b.node("ReverseSequence", [x, lengths], exact=True, time_axis=0, batch_axis=1)


# Compositions ------------------------------------------------------------------------


@operator(1.5)
def attention(b):
    heads, length, size = b.choose([1, 2, 3, 4]), b.dimension(33), b.choose([4, 8, 16, 17, 32])
    x = b.input([b.choose([1, 1, 2]), length, heads * size], b.float)
    scale = 1.0 / np.sqrt(heads * size)
    parts = []
    for order in ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]):
        weight = b.constant(b.sample([heads * size, heads * size], b.float, -2 * scale, 2 * scale))
        y = b.node("MatMul", [x, weight])
        if b.chance(0.7):
            y = b.node("Add", [y, b.constant(b.sample([heads * size], b.float, -0.5, 0.5))])
        y = b.node("Reshape", [y, b.ints([0, -1, heads, size])])
        parts.append(b.node("Transpose", [y], perm=order))
    query, key, value = parts
    scores = b.node("MatMul", [query, key])
    root = np.sqrt(size)
    scores = b.node("Div", [scores, b.number(root)]) if b.chance(0.5) else b.node("Mul", [scores, b.number(1 / root)])
    if b.chance(0.5):
        scores = b.node("Add", [scores, b.constant(np.triu(np.full([length, length], -1e4, b.float), 1))])
    weights = b.node("Softmax", [scores], axis=-1)
    y = b.node("Transpose", [b.node("MatMul", [weights, value])], perm=[0, 2, 1, 3])
    y = b.node("Reshape", [y, b.ints([0, 0, heads * size])])
    if b.chance(0.5):
        b.node("Add", [x, y])


@operator(1)
def spelled_gelu(b):
    x = b.pick(lambda v: np.abs(v.array).max() < 50)
    half = b.node("Mul", [x, b.number(0.5)])
    if b.chance(0.5):
        inner = b.node("Erf", [b.node("Div", [x, b.number(np.sqrt(2))])])
    else:
        cube = b.node("Mul", [b.node("Mul", [x, x]), x])
        sum_ = b.node("Add", [x, b.node("Mul", [cube, b.number(0.044715)])])
        inner = b.node("Tanh", [b.node("Mul", [sum_, b.number(np.sqrt(2 / np.pi))])])
    b.node("Mul", [half, b.node("Add", [inner, b.number(1)])])


@operator(1)
def squeeze_and_excite(b):
    x = spatial(b, 2)
    channels = x.shape[1]
    y = b.node("GlobalAveragePool", [x])
    for filters, activation in ((max(channels // 4, 1), "Relu"), (channels, b.choose(["Sigmoid", "HardSigmoid"]))):
        scale = 2.0 / np.sqrt(y.shape[1])
        y = b.node("Conv", [y, b.constant(b.sample([filters, y.shape[1], 1, 1], b.float, -scale, scale)),
                            b.constant(b.sample([filters], b.float))])
        y = b.node(activation, [y])
    b.node("Mul", [x, y])


@operator(1)
def repeated(b):
    """A node once more, as a second expression for the same value."""
    nodes = [n for n in b.nodes if len(n.output) == 1]
    if not nodes:
        raise Rejected("nothing to repeat")
    node = b.choose(nodes)
    old = b.values[node.output[0]]
    if old.final:
        raise Rejected("the value is an output only")
    copy = type(node)()
    copy.CopyFrom(node)
    copy.output[0] = copy.name = b.fresh("again")
    inputs = [b.values[name] if name else None for name in node.input]
    new = b.append(copy, inputs, exact=old.exact, types=[old.dtype])
    if new.dtype in FLOATS and b.chance(0.5):
        b.node("Add", [old, new])
