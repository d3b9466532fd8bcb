# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What graphs for the engines of an NPU have besides.

Products that fill more than one tile and core, products and convolutions of 8 bits,
attention, operands that are slices, parts or paddings of others, graphs of f16, open
dimensions. They come on top of the operators of every graph.
"""

import numpy as np

import operators
from graphs import F32, I8, I32, U8, Rejected, onnx_type

OPERATORS = {}


def operator(weight):
    def register(function):
        OPERATORS[function.__name__] = (function, weight)
        return function
    return register


def size(b, largest=600):
    """A size around the multiples of fractals and of tiles."""
    base = b.choose([1, 16, 32, 48, 64, 80, 96, 112, 128, 144, 192, 256, 320, 384, 512])
    return min(max(base + b.choose([0, 0, 0, -1, 1, 3, 8]), 1), largest)


def product_sizes(b):
    """m, k, n of a product that the reference computes soon."""
    for _ in range(20):
        m, k, n = size(b), size(b), size(b)
        if m * n <= 60000 and m * k <= 60000 and k * n <= 60000 and m * k * n <= 6000000:
            return m, k, n
    raise Rejected("too much work for the reference")


def finish(b, y):
    """What kernels of the cube compute on their way out."""
    step = b.choose(["none", "none", "bias", "relu", "gelu", "residual", "rows", "scale"])
    if step == "bias":
        y = b.node("Add", [y, b.constant(b.sample([y.shape[-1]], b.float))])
        step = b.choose(["none", "relu", "gelu"])
    if step == "relu":
        return b.node("Relu", [y], exact=True)
    if step == "gelu":
        return b.node("Gelu", [y], approximate=b.choose(["none", "tanh"]))
    if step == "residual":
        return b.node("Add", [b.input(y.shape, b.float), y])
    if step == "rows":
        return b.node("Add", [y, b.operand(list(y.shape[:-1]) + [1], b.float)])
    if step == "scale":
        return b.node("Mul", [y, b.number(0.5)])
    return y


# Products ------------------------------------------------------------------------


@operator(8)
def large_product(b):
    m, k, n = product_sizes(b)
    x = b.pick(lambda v: v.rank == 2 and v.shape[1] == k and v.shape[0] <= 600, shape=lambda: [m, k])
    scale = 2.0 / np.sqrt(k)
    kind = b.choose(["MatMul", "Gemm", "transposed"], [4, 1, 2])
    if kind == "transposed":
        turned = b.operand([n, k], b.float, -scale, scale)
        y = b.node("MatMul", [x, b.node("Transpose", [turned], exact=True, perm=[1, 0])])
    elif kind == "Gemm":
        y = b.node("Gemm", [x, b.operand([n, k], b.float, -scale, scale), b.constant(b.sample([n], b.float))], transB=1)
    else:
        y = b.node("MatMul", [x, b.operand([k, n], b.float, -scale, scale)])
    finish(b, y)


@operator(4)
def batched_product(b):
    batch = [b.choose([1, 2, 3, 5, 12])] + ([b.choose([1, 2, 4])] if b.chance(0.4) else [])
    m, k, n = (min(size(b), 130) for _ in range(3))
    count = int(np.prod(batch))
    if count * m * k > 60000 or count * k * n > 60000 or count * m * n > 60000 or count * m * k * n > 6000000:
        raise Rejected("too much work for the reference")
    scale = 2.0 / np.sqrt(k)
    x = b.input(batch + [m, k], b.float)
    other = [1 if b.chance(0.2) else d for d in batch][b.choose([0, 0, 0, len(batch)]):]
    turned, rank = b.chance(0.3), len(other)
    w = b.operand(other + ([n, k] if turned else [k, n]), b.float, -scale, scale)
    if turned:
        w = b.node("Transpose", [w], exact=True, perm=[*range(rank), rank + 1, rank])
    finish(b, b.node("MatMul", [x, w]))


@operator(3)
def product_of_a_part(b):
    """Operands that are a slice, a concatenation or a padding, results that are split."""
    m, k, n = product_sizes(b)
    m, k, n = max(m, 2), max(k, 2), max(n, 2)
    scale = 2.0 / np.sqrt(k)
    form = b.choose(["slice", "concat", "pad", "transpose", "heads"])
    if form == "slice":
        axis, first = b.integer(0, 1), b.choose([1, 3, 8, 16])
        shape = [m, k]
        shape[axis] += first + b.choose([0, 5, 16])
        bounds = [b.ints([first]), b.ints([first + (m, k)[axis]]), b.ints([axis])]
        x = b.node("Slice", [b.input(shape, b.float), *bounds], exact=True)
    elif form == "concat":
        axis = b.integer(0, 1)
        cut = b.integer(1, (m, k)[axis] - 1)
        parts = [[cut if i == axis else d for i, d in enumerate((m, k))],
                 [d - cut if i == axis else d for i, d in enumerate((m, k))]]
        x = b.node("Concat", [b.input(part, b.float) for part in parts], exact=True, axis=axis)
    elif form == "pad":
        x = b.node("Pad", [b.input([m - 1, k - 1], b.float), b.ints([1, 0, 0, 1])], exact=True)
    elif form == "transpose":
        x = b.node("Transpose", [b.input([k, m], b.float)], exact=True, perm=[1, 0])
    else:
        heads = b.choose([h for h in (1, 2, 4, 8) if k % h == 0])
        x = b.node("Transpose", [b.input([heads, m, k // heads], b.float)], exact=True, perm=[1, 0, 2])
        x = b.node("Reshape", [x, b.ints([m, k])], exact=True)
    y = b.node("MatMul", [x, b.operand([k, n], b.float, -scale, scale)])
    y = finish(b, y)
    if b.chance(0.5):
        cut = b.integer(1, n - 1)
        b.node("Split", [y, b.ints([cut, n - cut])], outputs=2, types=[y.dtype] * 2, axis=1)


# 8 bits ----------------------------------------------------------------------------


def byte_operand(b, shape, dtype, constant):
    """Values of which ONNX Runtime's sums of pairs, in 16 bits, do not overflow."""
    low, high = (0, 255) if dtype == U8 else (-63, 63)
    return b.constant(b.sample(shape, dtype, low, high)) if constant else b.input(shape, dtype, low, high)


def zero_point(b, dtype, count=None):
    low, high = (0, 255) if dtype == U8 else (-20, 20)
    return b.constant(b.sample([] if count is None else [count], dtype, low, high))


def power_of_two(b, low, high):
    """A scale that rounds nothing, so that results have one right value."""
    return b.constant(np.float32(2.0 ** b.integer(low, high)))


def dequantized(b, y, channels_at):
    """int32 sums as f32, perhaps with scales."""
    if b.chance(0.5):
        return
    y = b.node("Cast", [y], to=onnx_type(F32), types=[F32])
    if b.chance(0.7):
        shape = [1] * y.rank
        shape[channels_at] = y.shape[channels_at]
        b.node("Mul", [y, b.constant(b.sample(shape, F32, 0.001, 0.01))])


@operator(3)
def integer_product(b):
    m, k, n = product_sizes(b)
    batch = [b.choose([2, 3])] if m * k * n < 400000 and b.chance(0.3) else []
    left, right = b.choose([U8, I8], [2, 1]), b.choose([I8, U8], [3, 1])
    if right == U8 and left == I8:
        raise Rejected("ONNX Runtime has no such product")
    x, w = byte_operand(b, batch + [m, k], left, False), byte_operand(b, [k, n], right, b.chance(0.7))
    inputs = [x, w]
    if b.chance(0.6):
        inputs += [zero_point(b, left), zero_point(b, right, n if b.chance(0.2) else None)]
    dequantized(b, b.node("MatMulInteger", inputs, types=[I32]), -1)


@operator(1.5)
def quantized_product(b):
    m, k, n = product_sizes(b)
    left, right = b.choose([U8, I8]), I8
    x, w = byte_operand(b, [m, k], left, False), byte_operand(b, [k, n], right, b.chance(0.7))
    b.node("QLinearMatMul", [x, power_of_two(b, -6, -4), zero_point(b, left), w, power_of_two(b, -8, -6),
                             b.constant(np.int8(0)), power_of_two(b, -2, 1), zero_point(b, left)], types=[left])


@operator(3)
def integer_convolution(b):
    group = b.choose([1, 1, 1, 2, 4])
    channels = group * b.choose([1, 3, 4, 8, 16, 20, 32])
    filters = group * b.choose([1, 8, 16, 24, 32])
    sizes = [b.choose([1, 5, 7, 8, 14, 19]) for _ in range(2)]
    kernel, strides, pads, dilations = operators.window(b, sizes)
    if channels // group * int(np.prod(kernel)) * filters * sizes[0] * sizes[1] > 4000000:
        raise Rejected("too much work for the reference")
    left = b.choose([U8, I8], [2, 1])
    x = byte_operand(b, [b.choose([1, 1, 2]), channels] + sizes, left, False)
    attributes = dict(group=group, strides=strides, pads=pads, dilations=dilations, kernel_shape=kernel)
    if b.chance(0.5):
        w = byte_operand(b, [filters, channels // group] + kernel, b.choose([I8, U8]) if left == U8 else I8, True)
        inputs = [x, w] + ([zero_point(b, left)] if b.chance(0.5) else [])
        dequantized(b, b.node("ConvInteger", inputs, types=[I32], **attributes), 1)
        return
    w = byte_operand(b, [filters, channels // group] + kernel, I8, True)
    inputs = [x, power_of_two(b, -6, -4), zero_point(b, left), w, power_of_two(b, -8, -6), b.constant(np.int8(0)),
              power_of_two(b, -2, 1), zero_point(b, left)]
    if b.chance(0.5):
        inputs.append(b.constant(b.sample([filters], I32, -500, 500)))
    b.node("QLinearConv", inputs, types=[left], **attributes)


# Convolutions ------------------------------------------------------------------------


@operator(4)
def wide_convolution(b):
    """More channels than a fractal, in groups too, from and to parts of images."""
    group = b.choose([1, 1, 1, 2, 4, 8])
    channels, filters = group * b.choose([8, 16, 20, 32, 48]), group * b.choose([8, 16, 24, 40, 64])
    sizes = [b.choose([1, 4, 7, 9, 14, 16, 23]) for _ in range(2)]
    kernel, strides, pads, dilations = operators.window(b, sizes)
    fan_in = channels // group * int(np.prod(kernel))
    if channels > 256 or filters > 256 or fan_in * filters * sizes[0] * sizes[1] > 8000000:
        raise Rejected("too much work for the reference")
    shape = [b.choose([1, 1, 2, 3]), channels] + sizes
    form = b.choose(["whole", "whole", "slice", "concat", "pad"])
    if form == "slice":
        x = b.input([shape[0], channels + 16] + sizes, b.float)
        first = b.choose([0, 5, 16])
        x = b.node("Slice", [x, b.ints([first]), b.ints([first + channels]), b.ints([1])], exact=True)
    elif form == "concat":
        cut = b.choose([c for c in (1, 5, 16, channels // 2) if 0 < c < channels])
        parts = [b.input([shape[0], part] + sizes, b.float) for part in (cut, channels - cut)]
        x = b.node("Concat", parts, exact=True, axis=1)
    elif form == "pad":
        x = b.node("Pad", [b.input(shape, b.float), b.ints([0, 0, 1, 2, 0, 0, 0, 1])], exact=True)
    else:
        x = b.pick(lambda v: v.rank == 4 and list(v.shape[1:]) == shape[1:], shape=lambda: shape)
    scale = 2.0 / np.sqrt(fan_in)
    inputs = [x, b.constant(b.sample([filters, channels // group] + kernel, b.float, -scale, scale))]
    if b.chance(0.6):
        inputs.append(b.constant(b.sample([filters], b.float)))
    y = b.node("Conv", inputs, group=group, strides=strides, pads=pads, dilations=dilations, kernel_shape=kernel)
    operators.follow(b, y)


# Attention -----------------------------------------------------------------------------


@operator(4)
def scaled_attention(b):
    """Queries of another length than the keys, fewer heads of keys, masks."""
    batch, heads, width = b.choose([1, 1, 2]), b.choose([1, 2, 3, 4]), b.choose([8, 16, 32, 40, 64, 80])
    queries, keys = size(b, 260), size(b, 260)
    shared = b.choose([h for h in (1, 2, 3, 4) if heads % h == 0]) if b.chance(0.3) else 1
    if batch * heads * max(queries * keys, queries * width, keys * width) > 60000:
        raise Rejected("too many scores")
    query = b.input([batch, heads, queries, width], b.float)
    turned = b.chance(0.5)
    key = b.input([batch, heads // shared] + ([keys, width] if turned else [width, keys]), b.float)
    value = b.input([batch, heads // shared, keys, width], b.float)
    if turned:
        key = b.node("Transpose", [key], exact=True, perm=[0, 1, 3, 2])
    if shared > 1:
        expand = lambda v: b.node("Reshape", [b.node("Expand", [
            b.node("Unsqueeze", [v, b.ints([2])], exact=True), b.ints([1, 1, shared, 1, 1])], exact=True),
            b.ints([batch, heads, *v.shape[2:]])], exact=True)
        key, value = expand(key), expand(value)
    if b.chance(0.3):
        query = b.node("Mul", [query, b.number(1 / np.sqrt(width))])
        scores = b.node("MatMul", [query, key])
    else:
        scores = b.node("MatMul", [query, key])
        scores = b.node(*(("Mul", [scores, b.number(1 / np.sqrt(width))]) if b.chance(0.5) else
                          ("Div", [scores, b.number(np.sqrt(width))])))
    mask = b.choose(["none", "causal", "input", "heads"])
    if mask == "causal":
        scores = b.node("Add", [scores, b.constant(np.triu(np.full([queries, keys], -1e4, b.float), 1))])
    elif mask == "input":
        scores = b.node("Add", [scores, b.input([batch, 1, b.choose([1, queries]), keys], b.float)])
    elif mask == "heads":
        scores = b.node("Add", [scores, b.operand([heads, queries, keys], b.float)])
    y = b.node("MatMul", [b.node("Softmax", [scores], axis=-1), value])
    if b.chance(0.5):
        y = b.node("Transpose", [y], perm=[0, 2, 1, 3])
        b.node("Reshape", [y, b.ints([batch, queries, heads * width])])


# Vectors -------------------------------------------------------------------------------


@operator(4)
def large_rows(b):
    """Rows of all lengths, for more cores than one."""
    columns = b.choose([1, 7, 8, 33, 64, 100, 255, 256, 1000, 2049, 5000, 20001])
    shape = b.choose([[b.integer(1, max(50000 // columns, 1)), columns],
                      [2, b.integer(1, max(20000 // columns, 1)), columns]])
    x = b.input(shape, b.float)
    kind = b.choose(["Softmax", "ReduceSum", "ReduceMax", "ReduceMean", "Add", "Mul", "Sigmoid", "Transpose", "Concat"])
    if kind == "Softmax":
        b.node(kind, [x], axis=b.choose([-1, -1, -2]))
    elif kind.startswith("Reduce"):
        b.node(kind, [x, b.ints([b.choose([-1, -1, -2])])], exact=kind == "ReduceMax", keepdims=b.integer(0, 1))
    elif kind in ("Add", "Mul"):
        y = b.node(kind, [x, b.partner(x)])
        b.node("Relu", [y])
    elif kind == "Transpose":
        b.node(kind, [x], exact=True, perm=[*range(len(shape) - 2), len(shape) - 1, len(shape) - 2])
    elif kind == "Concat":
        b.node(kind, [x, b.input(shape[:-1] + [b.choose([1, 8, 13])], b.float)], exact=True, axis=-1)
    else:
        b.node(kind, [x])


def open_dimensions(b, model):
    """Leaves sizes of inputs open, but for channels and filters: the same size by the
    same name."""
    filters = {name for node in model.graph.node if "Conv" in node.op_type for name in node.input[1:]}
    names = {}
    for value in model.graph.input:
        dims = value.type.tensor_type.shape.dim
        for i, dim in enumerate(dims):
            size = dim.dim_value
            if value.name in filters or size == 1 or (i == 1 and len(dims) > 2):
                continue
            if names.setdefault(size, "n%d" % size if b.chance(0.4) else None):
                dim.dim_param = names[size]
    for value in model.graph.output:
        for i, dim in enumerate(value.type.tensor_type.shape.dim):
            dim.dim_param = "%s_%d" % (value.name, i)
    return model
