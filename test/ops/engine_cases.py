# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every operator of the dialect at sizes that leave tails: the cases of engines.py.

A case is one operation. Its sizes are no multiples of the engines' blocks, 1, longer
than a tile, or more rows than there are cores; dimensions of its results are inferred.
"""

import itertools
import math

# Operators without a computation of their own: what they contain or name is tested.
STRUCTURE = {"const", "custom", "framework_op", "yield", "if", "case", "while", "variable", "read_variable", "assign"}

# Of what is computed number by number: a tail in each loop, one element, long and flat,
# many short rows, all ranks.
FEW = [(3, 37), (4099,), (2, 3, 5, 17)]
SHAPES = FEW + [(1,), (70001,), (333, 5), (1, 1), (129, 65), (2, 7, 67), (2, 3, 2, 5, 9)]
PAIRS_FEW = [((3, 37), (37,)), ((4099,), (4099,)), ((333, 5), (333, 1))]
PAIRS = PAIRS_FEW + [((70001,), (1,)), ((5, 1, 33), (4, 33)), ((2, 3, 5, 17), (1, 3, 1, 1)), ((129, 65), (65,)),
                     ((2, 3, 2, 5, 9), (2, 1, 2, 1, 9)), ((1, 65), (33, 1)), ((7, 1), (7, 300))]
# What is reduced, or normalized, over one dimension.
ROWS_FEW = [((3, 37), 1), ((4, 6, 33), 1), ((65, 130), 0)]
ROWS = ROWS_FEW + [((333, 5), 1), ((1, 4099), 1), ((4099,), 0), ((2, 3, 5, 17), 3), ((2, 3, 5, 17), 1), ((50, 1), 1),
                   ((2, 3, 2, 5, 9), 4), ((2, 70, 9), 2), ((1, 1, 129), 1)]


class Operand:
    """A tensor that a case takes. `low` and `high` bound its values; `values` makes it a
    constant, and so does `constant`, of generated ones."""

    def __init__(self, shape, kind, low=None, high=None, values=None, constant=False):
        self.shape, self.kind, self.low, self.high = tuple(shape), kind, low, high
        self.values, self.constant = values, constant

    @property
    def type(self):
        return "tensor<%s>" % "x".join([*map(str, self.shape), self.kind])


class Case:
    """One operation. `results` are (rank or shape, element type); `attributes` are
    written as in the IR, `segments` are the counts of optional operands. The first
    `blocked` operands, and then the result, are images in NC1HWC0."""

    def __init__(self, operator, name, operands, results, attributes="", segments=None, blocked=0):
        self.operator, self.operands, self.results, self.blocked = operator, operands, results, blocked
        # Commas separate the nodes of a kernel.
        self.name = ("%s.%s" % (operator, name)).replace(",", "/")
        parts = [attributes] if attributes else []
        if segments:
            parts.append("operandSegmentSizes = array<i32: %s>" % ", ".join(map(str, segments)))
        self.attributes = " {%s}" % ", ".join(parts) if parts else ""


def text(shape):
    return "x".join(map(str, shape)) or "scalar"


def ints(values, kind="i64"):
    """A constant of integers."""
    flat = [values] if isinstance(values, int) else list(values)
    body = str(values) if isinstance(values, int) else "[%s]" % ", ".join(map(str, flat))
    return Operand(() if isinstance(values, int) else (len(flat),), kind, values=body)


def array(name, values):
    return "%s = array<i64: %s>" % (name, ", ".join(map(str, values)))


# Whether all element types have all cases.
_everything = False


def kinds(items, few, types=("f32", "f16")):
    """(element type, item): the first type with all items, the others with a few."""
    for kind in types:
        for item in items if kind == types[0] or _everything else few:
            yield kind, item


# What unary operators take besides numbers from -2 to 2.
DOMAINS = {"sqrt": (0.01, 4), "rsqrt": (0.05, 4), "log": (0.05, 4), "log1p": (-0.8, 4), "asin": (-0.99, 0.99),
           "acos": (-0.99, 0.99), "atanh": (-0.9, 0.9), "acosh": (1.05, 9), "reciprocal": (0.25, 4), "tan": (-1.2, 1.2),
           "relu6": (-4, 9), "hard_swish": (-5, 5), "hard_sigmoid": (-5, 5)}
UNARY = """abs sign sqrt rsqrt square reciprocal ceil floor rint sin cos asin acos atan asinh acosh cosh log1p expm1 neg
    exp log tan sinh atanh erf round tanh sigmoid softplus softsign relu relu6 selu hard_swish mish gelu gelu_v2
    fast_gelu leaky_relu elu celu thresholded_relu swish hard_sigmoid hard_shrink soft_shrink identity""".split()
OF_INTEGERS = "abs sign neg relu relu6 square identity".split()


def unary():
    for operator in UNARY:
        low, high = DOMAINS.get(operator, (None, None))
        types = ("f32", "f16", "i32") if operator in OF_INTEGERS else ("f32", "f16")
        for kind, shape in kinds(SHAPES, FEW, types):
            bounds = (None, None) if kind == "i32" else (low, high)
            yield Case(operator, kind + "." + text(shape), [Operand(shape, kind, *bounds)], [(len(shape), kind)])
    for operator in ("is_nan", "is_inf", "is_finite"):
        for kind, shape in kinds(SHAPES, FEW):
            yield Case(operator, kind + "." + text(shape), [Operand(shape, kind)], [(len(shape), "i1")])
    for shape in SHAPES:
        yield Case("logical_not", text(shape), [Operand(shape, "i1")], [(len(shape), "i1")])
        yield Case("invert", "i32." + text(shape), [Operand(shape, "i32")], [(len(shape), "i32")])
        yield Case("bitcast", text(shape), [Operand(shape, "f32")], [(len(shape), "i32")], "type = i32")
    types = "f32 f16 bf16 i32 i16 i8 ui8 i1".split()
    for source, target in itertools.permutations(types, 2):
        # What a type cannot hold has no defined value.
        bounds = (0, 100) if "ui8" in (source, target) else (-100, 100)
        for shape in [(3, 37), (4099,)] if _everything else [(3, 37)]:
            yield Case("cast", "%s-%s.%s" % (source, target, text(shape)),
                       [Operand(shape, source, *(bounds if source != "i1" else (None, None)))],
                       [(len(shape), target)], "dst_type = " + target)


FLOATS = ("f32", "f16")
NUMBERS = ("f32", "f16", "i32")
BINARY = {  # types, bounds of the first and of the second operand
    "add": (NUMBERS, None, None), "sub": (NUMBERS, None, None), "mul": (NUMBERS, None, None),
    "maximum": (NUMBERS, None, None), "minimum": (NUMBERS, None, None), "squared_difference": (NUMBERS, None, None),
    "real_div": (FLOATS, None, (0.5, 3)), "div": (NUMBERS, None, (1, 7)), "floor_div": (NUMBERS, (-9, 9), (1, 3)),
    "floor_mod": (NUMBERS, (-9, 9), (1, 3)), "mod": (NUMBERS, (-9, 9), (1, 3)), "pow": (FLOATS, (0.3, 3), (-2, 2)),
    "atan2": (FLOATS, None, (0.5, 2)), "logical_and": (("i1",), None, None), "logical_or": (("i1",), None, None),
    "bitwise_and": (("i32", "i16"), None, None), "bitwise_or": (("i32", "i16"), None, None),
    "bitwise_xor": (("i32", "i16"), None, None), "left_shift": (("i32",), (0, 9), (0, 7)),
    "right_shift": (("i32",), (0, 99), (0, 7))}
COMPARISONS = "equal not_equal greater greater_equal less less_equal".split()


def binary():
    for operator, (types, left, right) in BINARY.items():
        for kind, (a, b) in kinds(PAIRS, PAIRS_FEW, types):
            yield Case(operator, "%s.%s,%s" % (kind, text(a), text(b)),
                       [Operand(a, kind, *(left or (None, None))), Operand(b, kind, *(right or (None, None)))],
                       [(max(len(a), len(b)), kind)])
    for operator in COMPARISONS:
        for kind, (a, b) in kinds(PAIRS, PAIRS_FEW, NUMBERS):
            yield Case(operator, "%s.%s,%s" % (kind, text(a), text(b)), [Operand(a, kind), Operand(b, kind)],
                       [(max(len(a), len(b)), "i1")])
    for kind, shape in kinds([(2, 20, 3, 5), (3, 37), (1, 130, 7, 9)], [(2, 20, 3, 5)]):
        yield Case("p_relu", kind + "." + text(shape), [Operand(shape, kind), Operand((shape[1],), kind)],
                   [(len(shape), kind)])
    for kind, shape in kinds(SHAPES, FEW):
        limits = [Operand((), kind, values=value) for value in ("-0.5", "0.75")]
        yield Case("clip_by_value_v2", kind + "." + text(shape), [Operand(shape, kind), *limits], [(len(shape), kind)])
    for kind, (a, b) in kinds(PAIRS, PAIRS_FEW):
        yield Case("select", "%s.%s,%s" % (kind, text(a), text(b)),
                   [Operand(a, "i1"), Operand(a, kind), Operand(b, kind)], [(max(len(a), len(b)), kind)])


def reductions():
    for operator in "sum mean max min prod log_sum_exp".split():
        for kind, (shape, axis) in kinds(ROWS, ROWS_FEW):
            # Products of many factors far from 1 leave the range of numbers.
            bounds = (0.98, 1.02) if operator == "prod" else (None, None)
            yield Case("reduce_" + operator, "%s.%s,axis=%d" % (kind, text(shape), axis),
                       [Operand(shape, kind, *bounds), ints([axis])], [(len(shape), kind)], "keep_dims = true")
    for kind, shape in kinds([(2, 9, 7, 5), (3, 40, 33)], [(2, 9, 7, 5)]):
        for operator in ("sum", "mean", "max"):
            axes = [len(shape) - 2, len(shape) - 1]
            yield Case("reduce_" + operator, "%s.%s,axes" % (kind, text(shape)), [Operand(shape, kind), ints(axes)],
                       [(len(shape) - 2, kind)])
            yield Case("reduce_" + operator, "%s.%s,all" % (kind, text(shape)),
                       [Operand(shape, kind), ints(range(len(shape)))], [(0, kind)])
    for operator, (shape, axis) in itertools.product(("all", "any"), ROWS):
        yield Case("reduce_" + operator, "%s,axis=%d" % (text(shape), axis), [Operand(shape, "i1"), ints([axis])],
                   [(len(shape), "i1")], "keep_dims = true")
    for operator in ("arg_max_v2", "arg_min"):
        for kind, (shape, axis) in kinds(ROWS, ROWS_FEW):
            yield Case(operator, "%s.%s,axis=%d" % (kind, text(shape), axis), [Operand(shape, kind), ints(axis)],
                       [(len(shape) - 1, "i32")], "dtype = i32")
    for operator in ("cumsum", "cumprod"):
        for kind, (shape, axis) in kinds(ROWS, ROWS_FEW):
            yield Case(operator, "%s.%s,axis=%d" % (kind, text(shape), axis),
                       [Operand(shape, kind, 0.9, 1.1), ints(axis, "i32")], [(len(shape), kind)])
    for kind, shape in kinds([(3, 40), (70, 65)], [(3, 40)]):
        yield Case("top_k_v2", kind + "." + text(shape), [Operand(shape, kind), ints(5, "i32")],
                   [(2, kind), (2, "i32")])


def norms():
    for operator in ("softmax_v2", "log_softmax_v2"):
        for kind, (shape, axis) in kinds(ROWS, ROWS_FEW):
            yield Case(operator, "%s.%s,axis=%d" % (kind, text(shape), axis), [Operand(shape, kind)],
                       [(len(shape), kind)], array("axes", [axis]))
    shapes = [(3, 37), (2, 5, 65), (77, 130), (1, 1023), (333, 5), (2, 3, 5, 17)]
    for kind, shape in kinds(shapes, shapes[:2]):
        rank, last = len(shape), (shape[-1],)
        attributes = "begin_norm_axis = -1 : i64, begin_params_axis = -1 : i64"
        yield Case("layer_norm_v3", kind + "." + text(shape),
                   [Operand(shape, kind), Operand(last, kind), Operand(last, kind)], [(rank, kind)] * 3, attributes)
        yield Case("rms_norm", kind + "." + text(shape), [Operand(shape, kind), Operand(last, kind)],
                   [(rank, kind), (rank, "f32")])
    images = [(2, 8, 3, 5), (1, 20, 9, 7), (3, 4, 1, 1), (1, 33, 17, 5)]
    for kind, shape in kinds(images, images[:2]):
        channels = [Operand((shape[1],), "f32") for _ in range(3)] + [Operand((shape[1],), "f32", 0.5, 2)]
        yield Case("batch_norm", kind + "." + text(shape), [Operand(shape, kind), *channels],
                   [(4, kind)] + [(1, "f32")] * 5, 'data_format = "NCHW", is_training = false', [1, 1, 1, 1, 1])
        same = [Operand((shape[1],), kind) for _ in range(2)]
        yield Case("instance_norm", kind + "." + text(shape), [Operand(shape, kind), *same], [(4, kind)] * 3,
                   'data_format = "NCHW"')
        yield Case("lrn", kind + "." + text(shape), [Operand(shape, kind)], [(4, kind)],
                   "depth_radius = 2 : i64, alpha = 0.1 : f32, beta = 0.75 : f32")
        groups = next(n for n in (4, 3, 1) if shape[1] % n == 0)
        yield Case("group_norm", kind + "." + text(shape), [Operand(shape, kind), *same],
                   [(4, kind), (2, kind), (2, kind)], "num_groups = %d : i64" % groups)


def products():
    sizes = [(37, 50, 45), (1, 17, 5), (300, 33, 129), (17, 257, 1), (5, 1, 7), (128, 64, 64), (65, 1030, 40)]
    for kind, (m, k, n) in kinds(sizes, sizes[:3]):
        for constant in (True, False):
            for transposed in (False, True):
                b = Operand((n, k) if transposed else (k, n), kind, constant=constant)
                name = "%s.%dx%dx%d%s%s" % (kind, m, k, n, ",constant" * constant, ",transposed" * transposed)
                yield Case("mat_mul_v2", name, [Operand((m, k), kind), b], [(2, kind)],
                           "transpose_x2 = true" if transposed else "", [1, 1, 0, 0])
        a, b = Operand((m, k), kind), Operand((k, n), kind, constant=True)
        yield Case("mat_mul_v2", "%s.%dx%dx%d,bias" % (kind, m, k, n),
                   [a, b, Operand((n,), kind, constant=True)], [(2, kind)], "", [1, 1, 1, 0])
        one = [Operand((1,), kind, values="0.5"), Operand((1,), kind, values="2.0")]
        yield Case("gemm", "%s.%dx%dx%d" % (kind, m, k, n), [a, b, Operand((n,), kind, constant=True), *one],
                   [(2, kind)])
        yield Case("mat_mul_v2", "%s.%dx%dx%d,left" % (kind, m, k, n), [Operand((k, m), kind), b], [(2, kind)],
                   "transpose_x1 = true", [1, 1, 0, 0])
    yield Case("mat_mul_v2", "i8.37x50x45", [Operand((37, 50), "i8"), Operand((50, 45), "i8", constant=True)],
               [(2, "i32")], "", [1, 1, 0, 0])
    batches = [((2, 3, 7, 20), (2, 3, 20, 9)), ((2, 3, 7, 20), (20, 9)), ((5, 33, 17), (5, 17, 65)),
               ((1, 20, 7), (4, 7, 9))]
    for kind, (a, b) in kinds(batches, batches[:3]):
        for constant in (True, False):
            yield Case("batch_mat_mul_v2", "%s.%s,%s%s" % (kind, text(a), text(b), ",constant" * constant),
                       [Operand(a, kind), Operand(b, kind, constant=constant)], [(max(len(a), len(b)), kind)], "",
                       [1, 1, 0, 0])
    heads = [(1, 2, 20, 20, 16), (2, 3, 37, 150, 24), (1, 1, 1, 65, 64)]
    for kind, (b, n, s, t, d) in kinds(heads, heads[:1], ("f16", "f32")):
        yield Case("prompt_flash_attention", "%s.%s" % (kind, text((b, n, s, t, d))),
                   [Operand((b, n, s, d), kind), Operand((b, n, t, d), kind), Operand((b, n, t, d), kind)], [(4, kind)],
                   'num_heads = %d : i64, input_layout = "BNSD", scale_value = %f : f32' % (n, 1 / math.sqrt(d)),
                   [1, 1, 1] + [0] * 9)


# Image, channels of the result, window, and attributes of the four inner sizes.
CONVOLUTIONS = [((1, 3, 17, 15), 20, (3, 3), 2, 1, 1), ((2, 16, 12, 13), 24, (3, 3), 1, 1, 1),
                ((1, 33, 9, 10), 17, (3, 2), 1, 1, 2), ((1, 40, 7, 11), 32, (1, 1), 1, 0, 1),
                ((1, 1, 5, 70), 4, (1, 5), 1, 0, 1), ((3, 9, 6, 5), 1, (5, 5), 1, 2, 1)]


def window(stride, pad, dilation=1):
    return ", ".join(['data_format = "NCHW"', array("strides", [1, 1, stride, stride]), array("pads", [pad] * 4),
                      array("dilations", [1, 1, dilation, dilation])])


def convolutions():
    for kind, (image, out, (kh, kw), stride, pad, dilation) in kinds(CONVOLUTIONS, CONVOLUTIONS[:4]):
        x, filters = Operand(image, kind), Operand((out, image[1], kh, kw), kind, constant=True)
        name = "%s.%s,%dx%dx%d,stride=%d,pad=%d,dilation=%d" % (kind, text(image), out, kh, kw, stride, pad, dilation)
        yield Case("conv2d", name, [x, filters], [(4, kind)], window(stride, pad, dilation), [1, 1, 0, 0])
        yield Case("conv2d", name + ",bias", [x, filters, Operand((out,), kind, constant=True)], [(4, kind)],
                   window(stride, pad, dilation), [1, 1, 1, 0])
    for zero, (image, out, (kh, kw), stride, pad, dilation) in zip((131, 0, -7, 3, -128, 255), CONVOLUTIONS):
        kind = "ui8" if zero > 127 else "i8"
        x, filters = Operand(image, kind), Operand((out, image[1], kh, kw), "i8", constant=True)
        attributes = window(stride, pad, dilation) + ", offset_x = %d : i64" % zero
        name = "%s.%s,%dx%dx%d,zero=%d" % (kind, text(image), out, kh, kw, zero)
        yield Case("conv2d", name, [x, filters], [(4, "i32")], attributes, [1, 1, 0, 0])
        yield Case("conv2d", name + ",bias", [x, filters, Operand((out,), "i32", constant=True)], [(4, "i32")],
                   attributes, [1, 1, 1, 0])
    # Pads as wide as the filter, filters that are no constants, and groups.
    for name, pad, constant, groups in [("pad=3", 3, True, 1), ("open filter", 1, False, 1), ("groups=2", 1, True, 2)]:
        yield Case("conv2d", "i8.2x8x7x6,%s" % name,
                   [Operand((2, 8, 7, 6), "i8"), Operand((12, 8 // groups, 3, 3), "i8", constant=constant)],
                   [(4, "i32")], window(1, pad) + ", offset_x = 5 : i64, groups = %d : i64" % groups, [1, 1, 0, 0])
    for kind, groups in kinds([2, 4], [2]):
        yield Case("conv2d", "%s.2x8x7x6,groups=%d" % (kind, groups),
                   [Operand((2, 8, 7, 6), kind), Operand((12, 8 // groups, 3, 3), kind, constant=True)], [(4, kind)],
                   window(1, 1) + ", groups = %d : i64" % groups, [1, 1, 0, 0])
    yield Case("conv2d", "f32.2x16x9x7,open filter", [Operand((2, 16, 9, 7), "f32"), Operand((20, 16, 3, 3), "f32")],
               [(4, "f32")], window(1, 1), [1, 1, 0, 0])
    depthwise = [((1, 20, 9, 11), 3, 2, 1), ((1, 16, 9, 9), 5, 1, 2), ((2, 33, 7, 5), 3, 1, 1),
                 ((1, 20, 14, 13), 3, 3, 1)]
    for kind, (image, side, stride, pad) in kinds(depthwise, depthwise[:2]):
        yield Case("depthwise_conv2d", "%s.%s,%d,stride=%d" % (kind, text(image), side, stride),
                   [Operand(image, kind), Operand((image[1], 1, side, side), kind, constant=True)], [(4, kind)],
                   window(stride, pad), [1, 1, 0, 0])
    transposed = [((1, 6, 5, 4), 7, 2, 2, 0), ((1, 16, 5, 7), 24, 4, 2, 1), ((1, 9, 6, 5), 5, 3, 1, 0)]
    for kind, (image, out, side, stride, pad) in kinds(transposed, transposed[:2]):
        yield Case("conv2d_transpose", "%s.%s,%dx%d,stride=%d" % (kind, text(image), out, side, stride),
                   [ints([0] * 4), Operand(image, kind), Operand((image[1], out, side, side), kind, constant=True)],
                   [(4, kind)], window(stride, pad), [1, 1, 1, 0, 0])


def pooling():
    images = [(2, 5, 11, 9), (1, 20, 14, 13), (1, 3, 33, 70)]
    for kind, image in kinds(images, images[:2]):
        windows = [("max_pool_v3", 3, 2, 1), ("avg_pool_v2", 3, 2, 1), ("max_pool_v3", 2, 2, 0),
                   ("avg_pool_v2", 2, 2, 0), ("max_pool_v3", 3, 1, 1), ("avg_pool_v2", 5, 3, 2)]
        for operator, side, stride, pad in windows:
            sides = [array("ksize", [1, 1, side, side]), array("strides", [1, 1, stride, stride])]
            name = "%s.%s,%d,stride=%d" % (kind, text(image), side, stride)
            attributes = ", ".join(sides + [array("pads", [pad] * 4)])
            yield Case(operator, name, [Operand(image, kind)], [(4, kind)], attributes)
            result = [*image[:2], *((size + 2 * pad - side) // stride + 1 for size in image[2:])]
            yield Case(operator, name + ",blocked", [Operand(image, kind)], [(result, kind)], attributes, blocked=1)
        yield Case("global_average_pool", "%s.%s,blocked" % (kind, text(image)), [Operand(image, kind)],
                   [([*image[:2], 1, 1], kind)], blocked=1)
        yield Case("global_average_pool", kind + "." + text(image), [Operand(image, kind)], [(4, kind)])
        for mode, rule in (("nearest", "asymmetric"), ("linear", "half_pixel"), ("cubic", "half_pixel")):
            size = [image[0], image[1], image[2] * 2, image[3] * 2 - 1]
            name = "%s.%s,%s" % (kind, text(image), mode)
            attributes = 'mode = "%s", coordinate_transformation_mode = "%s"' % (mode, rule)
            yield Case("resize", name, [Operand(image, kind), ints(size)], [(4, kind)], attributes, [1, 0, 0, 1])
            if mode != "cubic":
                yield Case("resize", name + ",blocked", [Operand(image, kind), ints(size)], [(size, kind)], attributes,
                           [1, 0, 0, 1], blocked=1)
        yield Case("relu", "%s.%s,blocked" % (kind, text(image)), [Operand(image, kind)], [(image, kind)], blocked=1)
        yield Case("add", "%s.%s,blocked" % (kind, text(image)), [Operand(image, kind), Operand(image, kind)],
                   [(image, kind)], blocked=2)
        gates = Operand([*image[:2], 1, 1], kind)
        yield Case("mul", "%s.%s,gates,blocked" % (kind, text(image)), [Operand(image, kind), gates], [(image, kind)],
                   blocked=2)
        yield Case("reduce_mean", "%s.%s,axes,blocked" % (kind, text(image)), [Operand(image, kind), ints([2, 3])],
                   [([*image[:2], 1, 1], kind)], "keep_dims = true", blocked=1)


def shapes_only():
    """Operators that give their operand another shape, or tell it."""
    for kind, shape in kinds([(2, 3, 4, 5), (3, 37), (129, 1, 65)], [(2, 3, 4, 5)]):
        x, name = Operand(shape, kind), kind + "." + text(shape)
        yield Case("reshape", name, [x, ints([-1, shape[-1]])], [(2, kind)])
        yield Case("flatten", name, [x], [(2, kind)])
        last = max(len(shape) - 2, 1)
        yield Case("flatten_v2", name, [x], [(len(shape) - last, kind)], "axis = 0 : i64, end_axis = %d : i64" % last)
        yield Case("unsqueeze", name, [x], [(len(shape) + 1, kind)], "axes = array<i64: 1>")
        yield Case("expand_dims", name, [x, ints(0, "i32")], [(len(shape) + 1, kind)])
        yield Case("squeeze", name, [Operand((1, *shape), kind)], [(len(shape), kind)], "axis = array<i64: 0>")
        yield Case("shape", name, [x], [(1, "i32")])
        yield Case("size", name, [x], [(0, "i32")])
        yield Case("rank", name, [x], [(0, "i32")])


def movement():
    orders = [((37, 65), (1, 0)), ((2, 3, 41, 33), (0, 2, 3, 1)), ((2, 41, 33, 3), (0, 3, 1, 2)),
              ((5, 70, 9), (1, 0, 2)),
              ((2, 3, 4, 5), (3, 1, 0, 2)), ((3, 7, 150), (2, 0, 1)), ((2, 3, 2, 5, 9), (0, 1, 3, 2, 4)),
              ((2, 3, 2, 5, 9), (4, 3, 2, 1, 0)), ((1, 130, 1, 66), (0, 3, 2, 1)), ((700, 3), (1, 0))]
    for kind, (shape, order) in kinds(orders, orders[:4], NUMBERS):
        yield Case("transpose", "%s.%s,%s" % (kind, text(shape), "".join(map(str, order))),
                   [Operand(shape, kind), ints(order)], [(len(shape), kind)])
    for kind, channels in kinds([20, 32, 5], [20]):
        shape, storage = (2, channels, 3, 7), (2, -(-channels // 16), 3, 7, 16)
        blocked = "%s, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [%s]>" % (kind, ", ".join(map(str, shape)))
        yield Case("trans_data", "%s.%s" % (kind, text(shape)), [Operand(shape, kind)], [(storage, blocked)],
                   'src_format = "NCHW", dst_format = "NC1HWC0"')
    for kind, shape in kinds([(1, 8, 5, 6), (2, 16, 7, 9)], [(1, 8, 5, 6)]):
        for mode in ("DCR", "CRD"):
            yield Case("depth_to_space", "%s.%s,%s" % (kind, text(shape), mode), [Operand(shape, kind)], [(4, kind)],
                       'block_size = 2 : i64, data_format = "NCHW", mode = "%s"' % mode)
        wide = (shape[0], shape[1], shape[2] * 2, shape[3] * 2)
        yield Case("space_to_depth", kind + "." + text(wide), [Operand(wide, kind)], [(4, kind)],
                   'block_size = 2 : i64, data_format = "NCHW"')
    for kind, (shape, axis) in kinds(ROWS, ROWS_FEW, NUMBERS):
        rank, name = len(shape), "%s.%s,axis=%d" % (kind, text(shape), axis)
        other = shape[:axis] + (5,) + shape[axis + 1:]
        x = Operand(shape, kind)
        yield Case("concat_v2", name, [x, Operand(other, kind), ints(axis, "i32")], [(rank, kind)])
        if rank < 5:
            yield Case("pack", name, [x, Operand(shape, kind)], [(rank + 1, kind)],
                       "axis = %d : i64, N = 2 : i64" % axis)
        even = shape[:axis] + (2 * shape[axis],) + shape[axis + 1:]
        yield Case("split", name, [ints(axis, "i32"), Operand(even, kind)], [(rank, kind)] * 2, "num_split = 2 : i64")
        if shape[axis] > 1:
            yield Case("split_v", name, [x, ints([1, -1]), ints(axis, "i32")], [(rank, kind)] * 2,
                       "num_split = 2 : i64")
            begins = [1 if i == axis else 0 for i in range(rank)]
            yield Case("slice", name, [x, ints(begins), ints([-1] * rank)], [(rank, kind)])
            strides = [2 if i == axis else 1 for i in range(rank)]
            yield Case("strided_slice", name, [x, ints(begins), ints(shape), ints(strides)], [(rank, kind)])
            yield Case("strided_slice_v2", name, [x, ints([shape[axis] - 1]), ints([0]), ints([axis]), ints([-1])],
                       [(rank, kind)], "", [1, 1, 1, 1, 1])
        two = shape[:axis] + (2,) + shape[axis + 1:]
        if rank > 1:
            yield Case("unpack", name, [Operand(two, kind)], [(rank - 1, kind)] * 2,
                       "num = 2 : i64, axis = %d : i64" % axis)
        if math.prod(shape) * 3 < 5000:
            yield Case("tile", name, [x, ints([3 if i == axis else 1 for i in range(rank)])], [(rank, kind)])
        yield Case("reverse_v2", name, [x, ints([axis])], [(rank, kind)])
        single = shape[:axis] + (1,) + shape[axis + 1:]
        yield Case("broadcast_to", name, [Operand(single, kind), ints(shape)], [(rank, kind)])
        indices = Operand((7,), "i32", 0, shape[axis] - 1)
        yield Case("gather_v2", name, [x, indices, ints(axis, "i32")], [(rank, kind)])
        yield Case("gather_elements", name, [x, Operand(shape, "i32", 0, shape[axis] - 1)], [(rank, kind)],
                   "dim = %d : i64" % axis)
    yield from padding()
    yield from indexing()


def padding():
    for kind, (shape, axis) in kinds(ROWS, ROWS_FEW):
        name, rank = "%s.%s,axis=%d" % (kind, text(shape), axis), len(shape)
        pairs = [[2, 3] if i == axis else [0, 0] for i in range(rank)]
        # Both sides of the last dimension of all, too.
        for label, widths in (("", pairs), (",all", [[1, 1]] * rank)):
            amounts = Operand((rank, 2), "i64", values=str(widths))
            for mode in ("constant", "edge"):
                yield Case("pad_v3", "%s%s,%s" % (name, label, mode), [Operand(shape, kind), amounts], [(rank, kind)],
                           'mode = "%s"' % mode)
        if shape[axis] > 3:
            yield Case("mirror_pad", name, [Operand(shape, kind), Operand((rank, 2), "i64", values=str(pairs))],
                       [(rank, kind)], 'mode = "REFLECT"')


def indexing():
    for kind, (rows, columns) in kinds([(4, 6), (33, 130), (333, 5)], [(4, 6)], NUMBERS):
        x, name = Operand((rows, columns), kind), "%s.%dx%d" % (kind, rows, columns)
        yield Case("gather_nd", name, [x, Operand((3, 1), "i32", 0, rows - 1)], [(2, kind)])
        yield Case("scatter_elements", name, [x, Operand((rows, 1), "i32", 0, columns - 1), Operand((rows, 1), kind)],
                   [(2, kind)], "axis = 1 : i64")
        places = Operand((3, 1), "i32", values="[[0], [3], [2]]")
        yield Case("tensor_scatter_update", name, [x, places, Operand((3, columns), kind)], [(2, kind)])
        yield Case("scatter_nd", name, [places, Operand((3, columns), kind), ints([rows, columns], "i32")], [(2, kind)])
        for operator in ("tril", "triu"):
            yield Case(operator, name, [x], [(2, kind)], "diagonal = 1 : i64")
        yield Case("reverse_sequence", name, [x, Operand((columns,), "i32", 1, rows)], [(2, kind)],
                   "seq_dim = 0 : i64, batch_dim = 1 : i64")
        value = Operand((), kind)
        yield Case("fill", name, [ints([rows, columns]), value], [(2, kind)])
        yield Case("one_hot", name, [Operand((rows,), "i32", -1, columns), ints(columns, "i32"), Operand((), kind),
                                     Operand((), kind)], [(2, kind)])
    yield Case("range", "f32.70", [Operand((), "f32", values="1.0"), Operand((), "f32", values="36.0"),
                                   Operand((), "f32", values="0.5")], [(1, "f32")])
    yield Case("eye", "f32.33x65", [], [(2, "f32")], "num_rows = 33 : i64, num_columns = 65 : i64, dtype = f32")
    yield Case("non_zero", "i32.7x5x3", [Operand((7, 5, 3), "i32", -1, 1)], [(2, "i64")])
    yield Case("unique", "i32.50", [Operand((50,), "i32")], [(1, "i32"), (1, "i32")])
    yield Case("non_max_suppression_v6", "f32.60", [Operand((2, 60, 4), "f32", 0, 1), Operand((2, 3, 60), "f32", 0, 1),
                                                    ints(5, "i32")], [(2, "i32")], "", [1, 1, 1, 0, 0])


def all_cases(everything=False):
    """The cases; `everything` gives further element types as many as the first one."""
    global _everything
    _everything = everything
    return list(itertools.chain(unary(), binary(), reductions(), norms(), products(), convolutions(), pooling(),
                                shapes_only(), movement()))
