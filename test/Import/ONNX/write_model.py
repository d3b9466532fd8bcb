# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a small ONNX model, a convolution and a Relu: write_model.py FILE."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "onnx"))
from tensors import put_bytes, put_varint


def number(field, value):
    return put_varint(field << 3) + put_varint(value)


def text(field, value):
    return put_bytes(field, value.encode())


def value(name, dims):
    shape = b"".join(put_bytes(1, number(1, d) if d >= 0 else text(2, "N")) for d in dims)
    return text(1, name) + put_bytes(2, put_bytes(1, number(1, 1) + put_bytes(2, shape)))


def node(kind, name, inputs, outputs, attributes=b""):
    names = b"".join(text(1, i) for i in inputs) + b"".join(text(2, o) for o in outputs)
    return put_bytes(1, names + text(3, name) + text(4, kind) + attributes)


pads = put_bytes(5, text(1, "pads") + number(8, 1) * 4 + number(20, 7))
weights = number(1, 1) + number(1, 2) + number(1, 3) + number(1, 3) + number(2, 1) + text(8, "w")
weights += put_bytes(9, struct.pack("<18f", *range(18)))
graph = node("Conv", "conv", ["x", "w"], ["c"], pads) + node("Relu", "relu", ["c"], ["y"]) + text(2, "main")
graph += put_bytes(5, weights) + put_bytes(11, value("x", [-1, 2, 8, 8])) + put_bytes(12, value("y", [-1, 1, 8, 8]))
model = number(1, 8) + put_bytes(7, graph) + put_bytes(8, text(1, "") + number(2, 13))
with open(sys.argv[1], "wb") as file:
    file.write(model)
