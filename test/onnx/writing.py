# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes small ONNX models, field by field."""

from tensors import put_bytes, put_varint

FLOAT, STRING = 1, 8


def number(field, value):
    return put_varint(field << 3) + put_varint(value)


def text(field, value):
    return put_bytes(field, value.encode())


def value(name, dims, kind=FLOAT):
    """A graph input or output that is a tensor; -1 is an open dimension."""
    shape = b"".join(put_bytes(1, number(1, d) if d >= 0 else text(2, "N")) for d in dims)
    return text(1, name) + put_bytes(2, put_bytes(1, number(1, kind) + put_bytes(2, shape)))


def sequence(name):
    """A graph input that is a sequence of tensors."""
    return text(1, name) + put_bytes(2, put_bytes(4, put_bytes(1, put_bytes(1, number(1, FLOAT)))))


def node(kind, name, inputs, outputs, attributes=b"", domain=""):
    names = b"".join(text(1, i) for i in inputs) + b"".join(text(2, o) for o in outputs)
    return put_bytes(1, names + text(3, name) + text(4, kind) + attributes + (text(7, domain) if domain else b""))


def ints(name, values):
    return put_bytes(5, text(1, name) + b"".join(number(8, v) for v in values) + number(20, 7))


def string(name, content):
    return put_bytes(5, text(1, name) + text(4, content) + number(20, 3))


def model(nodes, inputs, outputs, rest=b"", opsets=(("", 13),)):
    graph = b"".join(nodes) + text(2, "main") + rest
    graph += b"".join(put_bytes(11, i) for i in inputs) + b"".join(put_bytes(12, o) for o in outputs)
    imports = b"".join(put_bytes(8, text(1, domain) + number(2, version)) for domain, version in opsets)
    return number(1, 8) + put_bytes(7, graph) + imports
