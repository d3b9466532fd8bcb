# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs of GE operators, made in Python: inputs, the functions of `ops`, a graph."""

import itertools

import numpy as np

from . import _core

_numbers = itertools.count()


class Value:
    """An output of an operator, for other operators to read."""

    __slots__ = ("_operator", "_index")

    def __init__(self, operator, index):
        self._operator, self._index = operator, index

    def __repr__(self):
        return "output %d of %s '%s'" % (self._index, self._operator.type, self._operator.name)


def input(name, shape, dtype="float32"):
    """An input of a graph; -1 in `shape` is a free dimension."""
    operator = _core.Operator(name, "Data")
    operator.add_port(True, "x", "required", 1)
    operator.add_port(False, "y", "required", 1)
    operator.describe([int(size) for size in shape], np.dtype(dtype).name)
    return Value(operator, 0)


def constant(array, name=None):
    """A constant: what the functions of `ops` make of numpy arrays."""
    array = np.asarray(array)
    operator = _core.Operator(name or _new_name("Const"), "Const")
    operator.add_port(False, "y", "required", 1)
    _set_tensor(operator, "value", array)
    return Value(operator, 0)


def _new_name(type):
    return "%s_%d" % (type, next(_numbers))


def _set_tensor(operator, name, array):
    array = np.asarray(array)
    # ascontiguousarray makes a scalar a vector.
    data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    operator.set_tensor(name, data, list(array.shape), array.dtype.name)


def _as_value(value, what):
    if isinstance(value, Value):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        return constant(value)
    raise TypeError("%s is %s, expected a value or a numpy array" % (what, type(value).__name__))


def _node(type, name, inputs, attributes, outputs, graphs):
    """Makes an operator; `ops` says how the lists look."""
    operator = _core.Operator(name or _new_name(type), type)
    position = 0
    for port, kind, value in inputs:
        what = "input '%s' of %s" % (port, type)
        values = value if kind == "dynamic" else [value]
        if isinstance(values, (Value, np.ndarray)):
            raise TypeError("%s is one value, expected a sequence of them" % what)
        operator.add_port(True, port, kind, len(values))
        for number, one in enumerate(values):
            if one is not None or kind != "optional":
                source = _as_value(one, what)
                operator.connect(position + number, source._operator, source._index)
        position += len(values)
    for attribute, kind, value in attributes:
        _set_attribute(operator, type, attribute, kind, value)
    for port, is_dynamic, value in graphs:
        subgraphs = value if is_dynamic else [value]
        sources = [getattr(subgraph, "_source", None) for subgraph in subgraphs]
        if None in sources:
            raise TypeError("'%s' of %s is no graph of values" % (port, type))
        operator.add_subgraph(port, is_dynamic, sources)
    results, position = [], 0
    for port, count in outputs:
        if count is None:
            operator.add_port(False, port, "required", 1)
            results.append(Value(operator, position))
            position += 1
            continue
        if not 0 <= count < 2**16:
            raise ValueError("num_%s of %s is %s, expected a number of outputs" % (port, type, count))
        operator.add_port(False, port, "dynamic", count)
        results.append([Value(operator, position + number) for number in range(count)])
        position += count
    return results[0] if len(results) == 1 else tuple(results)


def _make_graph(name, inputs, outputs):
    """The graph of some inputs and of the outputs that were made of them."""
    for index, value in enumerate(inputs):
        if not isinstance(value, Value) or value._operator.type != "Data":
            raise TypeError("input %d is %r, expected what input() returns" % (index, value))
        value._operator.set_attr("index", "Int", index)
    results = [_as_value(value, "output %d" % index) for index, value in enumerate(outputs)]
    return _core.Graph(name, [value._operator for value in inputs],
                       [(value._operator, value._index) for value in results])


def _set_attribute(operator, type, name, kind, value):
    try:
        if kind == "Tensor":
            _set_tensor(operator, name, value)
        elif kind.startswith("List"):
            operator.set_attr(name, kind, np.asarray(value).tolist())
        else:
            operator.set_attr(name, kind, value)
    except (TypeError, RuntimeError) as error:
        raise TypeError("attribute '%s' of %s is %r, expected %s" % (name, type, value, kind)) from error
