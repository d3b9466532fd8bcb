# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads what ONNX tests consist of, and reads and writes .npy files, with
Python's own library alone."""

import ast
import math
import struct

# TensorProto.DataType -> (name in .npy, code for struct)
TYPES = {
    1: ("<f4", "f"), 2: ("|u1", "B"), 3: ("|i1", "b"), 4: ("<u2", "H"),
    5: ("<i2", "h"), 6: ("<i4", "i"), 7: ("<i8", "q"), 9: ("|b1", "?"),
    10: ("<f2", "e"), 11: ("<f8", "d"), 12: ("<u4", "I"), 13: ("<u8", "Q"),
    16: ("<u2", "H"),  # bfloat16, as its bits
}  # fmt: skip
NAMES = {
    1: "f32", 2: "u8", 3: "i8", 4: "u16", 5: "i16", 6: "i32", 7: "i64", 8: "string", 9: "bool", 10: "f16",
    11: "f64", 12: "u32", 13: "u64", 14: "complex64", 15: "complex128", 16: "bf16", 17: "f8e4m3fn",
    18: "f8e4m3fnuz", 19: "f8e5m2", 20: "f8e5m2fnuz", 21: "u4", 22: "i4", 23: "f4e2m1", 24: "f8e8m0", 25: "u2",
    26: "i2",
}  # fmt: skip


def small_float(exponents, mantissa, bias, special):
    """The values of all codes of a float with a sign, as a list. `special` says
    what the largest exponent holds: "ieee" (infinity and NaN), "nan" (one NaN at
    the end), "zero" (NaN instead of -0) or "" (numbers only)."""
    values = []
    for code in range(1 << exponents + mantissa):
        exponent, fraction = code >> mantissa, code & (1 << mantissa) - 1
        scale = 2.0 ** (max(exponent, 1) - bias - mantissa)
        value = (fraction + (1 << mantissa if exponent else 0)) * scale
        if special == "ieee" and exponent == (1 << exponents) - 1:
            value = math.nan if fraction else math.inf
        if special == "nan" and code == (1 << exponents + mantissa) - 1:
            value = math.nan
        values.append(value)
    negative = [-value for value in values]
    if special == "zero":
        negative[0] = math.nan
    return values + negative


# Types without a name in .npy: bits of an element, and the value of each code.
SMALL = {
    17: (8, small_float(4, 3, 7, "nan")),
    18: (8, small_float(4, 3, 8, "zero")),
    19: (8, small_float(5, 2, 15, "ieee")),
    20: (8, small_float(5, 2, 16, "zero")),
    21: (4, list(range(16))),
    22: (4, list(range(8)) + list(range(-8, 0))),
    23: (4, small_float(2, 1, 1, "")),
    24: (8, [2.0 ** (code - 127) for code in range(255)] + [math.nan]),
    25: (2, list(range(4))),
    26: (2, [0, 1, -2, -1]),
}  # fmt: skip


def unpack_small(kind, count, data):
    """The values of `count` elements that bytes hold, the first in the lowest bits."""
    bits, values = SMALL[kind]
    per_byte, mask = 8 // bits, (1 << bits) - 1
    if len(data) != -(-count // per_byte):
        raise ValueError("found %d bytes for %d elements of %d bits" % (len(data), count, bits))
    return [values[data[i // per_byte] >> i % per_byte * bits & mask] for i in range(count)]


class Unsupported(Exception):
    """The test needs what cannot be given to the tools."""


def varint(data, pos):
    value = shift = 0
    while True:
        byte = data[pos]
        pos += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, pos
        shift += 7


def fields(data):
    """Yields (number, value) of a protobuf message; value is an int or bytes."""
    pos = 0
    while pos < len(data):
        tag, pos = varint(data, pos)
        kind = tag & 7
        if kind == 0:
            value, pos = varint(data, pos)
        elif kind == 1:
            value, pos = data[pos : pos + 8], pos + 8
        elif kind == 2:
            size, pos = varint(data, pos)
            value, pos = data[pos : pos + size], pos + size
        elif kind == 5:
            value, pos = data[pos : pos + 4], pos + 4
        else:
            raise ValueError("wire type %d" % kind)
        yield tag >> 3, value


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def put_varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def put_bytes(number, data):
    return put_varint(number << 3 | 2) + put_varint(len(data)) + data


def put(number, value):
    return put_bytes(number, value) if isinstance(value, bytes) else put_varint(number << 3) + put_varint(value)


def rewrite(data, path, change):
    """A message with `change` made to every inner one that the field numbers of
    `path` lead to."""
    if not path:
        return change(data)
    return b"".join(put(n, rewrite(v, path[1:], change) if n == path[0] else v) for n, v in fields(data))


def packed(value):
    """The numbers of a repeated varint field, packed or not."""
    if isinstance(value, int):
        return [signed(value)]
    numbers, pos = [], 0
    while pos < len(value):
        number, pos = varint(value, pos)
        numbers.append(signed(number))
    return numbers


class Tensor:
    """A dense tensor: .npy type, dimensions, values in row-major order; the bytes
    of one whose type .npy does not have."""

    def __init__(self, dtype, dims, values, data=None):
        self.dtype, self.dims, self.values, self.data = dtype, list(dims), values, data

    def __len__(self):
        return math.prod(self.dims)


def decode(kind, dims, raw):
    if kind in SMALL:
        return Tensor("small", dims, unpack_small(kind, math.prod(dims), raw), raw)
    if kind not in TYPES:
        raise Unsupported("tensor of type " + NAMES.get(kind, str(kind)))
    dtype, code = TYPES[kind]
    count = math.prod(dims)
    return Tensor(dtype, dims, list(struct.unpack("<%d%s" % (count, code), raw)))


def parse_tensor(data):
    """A TensorProto; raw data and all typed fields."""
    dims, kind, raw, numbers, floats = [], 0, None, [], []
    for number, value in fields(data):
        if number == 1:
            dims += packed(value)
        elif number == 2:
            kind = value
        elif number == 9:
            raw = value
        elif number in (5, 7, 11):
            numbers += packed(value)
        elif number == 4:
            floats += struct.unpack("<%df" % (len(value) // 4), value)
        elif number == 10:
            floats += struct.unpack("<%dd" % (len(value) // 8), value)
    if raw is None and kind in SMALL:
        raw = bytes(number & 0xFF for number in numbers)
    if raw is not None:
        return decode(kind, dims, raw)
    if kind not in TYPES:
        raise Unsupported("tensor of type " + NAMES.get(kind, str(kind)))
    dtype, code = TYPES[kind]
    if kind == 10:  # half floats are stored as the integers of their bits
        floats = [struct.unpack("<e", struct.pack("<H", bits & 0xFFFF))[0] for bits in numbers]
    values = floats if code in "fde" else [bool(n) for n in numbers] if code == "?" else numbers
    if code in "HBIQ":
        mask = {"H": 0xFFFF, "B": 0xFF, "I": 0xFFFFFFFF, "Q": (1 << 64) - 1}[code]
        values = [n & mask for n in values]
    return Tensor(dtype, dims, values)


BFLOAT16 = 16


class Value:
    """A graph input or output: its name, its dimensions (None: unknown), its
    TensorProto.DataType and whether it is a tensor."""

    def __init__(self, data):
        self.name, self.dims, self.is_tensor, self.kind = "", None, True, 0
        for number, value in fields(data):
            if number == 1:
                self.name = value.decode()
            elif number == 2:
                kinds = dict(fields(value))
                self.is_tensor = 1 in kinds
                for inner, shape in fields(kinds.get(1, b"")):
                    if inner == 1:
                        self.kind = shape
                    elif inner == 2:
                        self.dims = []
                        for _, dim in fields(shape):
                            size = dict(fields(dim)).get(1)
                            self.dims.append(size if isinstance(size, int) else -1)


class Model:
    """The interface of a model: inputs that are not initializers, and outputs;
    and the names of its operators."""

    def __init__(self, data):
        self.data = data
        self.inputs, self.outputs, initialized = [], [], set()
        self.operators = set()
        for number, graph in fields(data):
            if number != 7:
                continue
            for inner, value in fields(graph):
                if inner == 1:
                    node = dict(fields(value))
                    domain, name = node.get(7, b"").decode(), node.get(4, b"").decode()
                    self.operators.add(name if domain in ("", "ai.onnx") else domain + "::" + name)
                elif inner == 11:
                    self.inputs.append(Value(value))
                elif inner == 12:
                    self.outputs.append(Value(value))
                elif inner == 5:
                    initialized.update(v.decode() for n, v in fields(value) if n == 8)
        self.inputs = [value for value in self.inputs if value.name not in initialized]

    def opened(self):
        """The model with every dimension of its inputs, outputs and inner tensors
        unknown."""
        data = self.data
        for kind in (11, 12, 13):  # ModelProto.graph.input .type.tensor_type.shape.dim
            data = rewrite(data, (7, kind, 2, 1, 2, 1), lambda dim: b"")
        return Model(data)

    def with_initializer(self, name, tensor):
        """The model with an input fixed to a serialised tensor. Messages that
        occur twice are merged, so this only appends."""
        named = tensor + put_bytes(8, name.encode())
        return Model(self.data + put_bytes(7, put_bytes(5, named)))


def write_npy(path, tensor):
    code = {dtype: code for dtype, code in TYPES.values()}[tensor.dtype]
    shape = "(%s)" % "".join("%d," % dim for dim in tensor.dims)
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (tensor.dtype, shape)
    header += " " * (63 - (len(header) + 10) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack("<%d%s" % (len(tensor.values), code), *tensor.values))


def read_npy(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:6] != b"\x93NUMPY":
        raise ValueError("%s is no .npy file" % path)
    wide = data[6] > 1
    size = struct.unpack_from("<I" if wide else "<H", data, 8)[0]
    start = (12 if wide else 10) + size
    header = ast.literal_eval(data[start - size : start].decode())
    code = {dtype: code for dtype, code in TYPES.values()}.get(header["descr"])
    if code is None or header["fortran_order"]:
        raise ValueError("%s has type %s" % (path, header["descr"]))
    count = math.prod(header["shape"])
    return Tensor(header["descr"], header["shape"], list(struct.unpack_from("<%d%s" % (count, code), data, start)))


def from_bfloat16(tensor):
    """The values of a tensor that tests hold as the bits of bfloat16."""
    values = [struct.unpack("<f", struct.pack("<I", bits << 16))[0] for bits in tensor.values]
    return Tensor("<f4", tensor.dims, values)


def compare(found, expected, rtol, atol):
    """None if equal within the tolerance, else what differs."""
    if found.dtype != expected.dtype:
        return "found type %s, expected %s" % (found.dtype, expected.dtype)
    if found.dims != expected.dims:
        return "found shape %s, expected %s" % (found.dims, expected.dims)
    worst, place = 0.0, -1
    for i, (a, b) in enumerate(zip(found.values, expected.values)):
        if a == b or (a != a and b != b):
            continue
        error = abs(a - b) - rtol * abs(b)
        if not error <= atol and not error <= worst:
            worst, place = error, i
    if place < 0:
        return None
    return "element %d is %s, expected %s" % (place, found.values[place], expected.values[place])
