# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile neural networks with ge-mlir and run them with numpy.

    graph = ge_mlir.from_onnx("model.onnx", input_shapes={"x": (1, 3, 48, 320)})
    model = graph.compile()
    model.save("model.om")
    outputs = ge_mlir.load("model.om").run(x=array)

Graphs can also be made of GE's operators:

    x = ge_mlir.input("x", (4, 16))
    y = ops.Relu(ops.MatMulV2(x, weights))
    graph = ge_mlir.from_values([x], [y])
"""

import functools
import os
import re

import numpy as np

__all__ = ["Error", "Graph", "Model", "TensorInfo", "Value", "constant", "from_mlir", "from_onnx", "from_values",
           "input", "load", "ops", "version"]


class Error(RuntimeError):
    """A failure of the compiler or the runtime.

    code    stable: "E10011" from the compiler, "ModelFormat" from the runtime
    node    name of the graph node to blame, or ""
    text    what was found and what was expected
    advice  what to do about it, or ""
    """

    def __init__(self, code, node, text):
        self.code, self.node, self.text = code, node, text
        self.advice = _advice(code)
        parts = ["[%s] %s" % (code, text)]
        if self.advice:
            parts.append("advice: " + self.advice)
        super().__init__("\n".join(parts))


def _advice(code):
    """The paragraph 'What to do' of the code's page in the documentation."""
    page = os.path.join(os.path.dirname(__file__), "Errors", code + ".md")
    try:
        with open(page, encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return ""
    match = re.search(r"^\*\*What to do\.\*\* (.*?)(\n\n|\Z)", text, re.M | re.S)
    return " ".join(match.group(1).split()) if match else ""


from . import _core, ops  # noqa: E402  (the extension raises Error)
from .builder import Value, _make_graph, constant, input  # noqa: E402

_STAGES = ("ge", "linalg", "npu", "llvm", "asm")


class TensorInfo:
    """Name, numpy type and shape of an input or output; -1 is a free dimension."""

    def __init__(self, name, dtype, shape):
        self.name, self.dtype, self.shape = name, dtype, shape

    def __repr__(self):
        return "%s: %s%s" % (self.name, self.dtype, list(self.shape))


def _numpy_type(name):
    if name == "bfloat16":
        try:
            import ml_dtypes
        except ImportError:
            return np.dtype(np.uint16)  # the bits
        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)


def _signature(tensors):
    return [TensorInfo(n, _numpy_type(t), tuple(s)) for n, t, s in tensors]


class Graph:
    """A model before compilation."""

    def __init__(self, compiler, input_shapes=None, name="", source=None):
        self._compiler, self._name, self._source = compiler, name, source
        self._shapes = [(n, list(s)) for n, s in (input_shapes or {}).items()]

    def _compile(self, stage, device, threads):
        return self._compiler(stage, device, self._name, threads, self._shapes)

    def compile(self, device="Host", threads=0):
        """The compiled model. `threads` of the compiler; 0 takes all there are."""
        data, warnings = self._compile("om", device, threads)
        return Model(_core.load_bytes(data), data, warnings)

    def ir(self, stage="ge", device="Host"):
        """The text after a stage: ge, linalg, npu, llvm or asm."""
        if stage not in _STAGES:
            raise ValueError("unknown stage '%s', expected %s" % (stage, ", ".join(_STAGES)))
        return self._compile(stage, device, 0)[0].decode()


class Model:
    """A compiled model, ready to run. Runs may overlap."""

    def __init__(self, model, data=None, warnings="", path=None):
        self._model, self._data, self._path = model, data, path
        self.warnings = warnings
        self.inputs = _signature(model.inputs)
        self.outputs = _signature(model.outputs)

    @property
    def name(self):
        return self._model.name

    def save(self, path):
        """Writes the OM file: whole or, if that fails, not at all."""
        data = self._data
        if data is None:
            with open(self._path, "rb") as file:
                data = file.read()
        _core.save(os.fspath(path), data)

    def run(self, inputs=None, threads=0, check_races=False, **named):
        """Outputs by name, from inputs by name or in order. Arrays must have the
        model's types; anything else numpy can convert is converted. With
        `check_races` a model for a simulated NPU raises Error where two accesses
        of a byte, one of them a write, have no order; on the host it changes
        nothing."""
        if isinstance(inputs, dict):
            named = {**inputs, **named}
        elif inputs is not None:
            if named:
                raise TypeError("inputs were given both in order and by name")
            if len(inputs) != len(self.inputs):
                raise Error("InputMismatch", "", "got %d inputs, expected %d" % (len(inputs), len(self.inputs)))
            named = {info.name: value for info, value in zip(self.inputs, inputs)}
        unknown = set(named) - {info.name for info in self.inputs}
        if unknown:
            raise Error("InputMismatch", "", "no input is named '%s', the model has: %s" % (
                sorted(unknown)[0], ", ".join(info.name for info in self.inputs)))
        arrays = [_input(info, named) for info in self.inputs]
        operands = [(a.reshape(-1).view(np.uint8), list(a.shape)) for a in arrays]
        results = self._model.execute(operands, threads, check_races)
        return {
            info.name: data.view(info.dtype).reshape(dims)
            for info, (data, dims) in zip(self.outputs, results)
        }


def _input(info, named):
    if info.name not in named:
        raise Error("InputMismatch", "", "input '%s' is missing" % info.name)
    value = named[info.name]
    if isinstance(value, np.ndarray) and value.dtype != info.dtype:
        raise Error("InputMismatch", "", "input '%s' has type %s, expected %s" % (info.name, value.dtype, info.dtype))
    # ascontiguousarray makes a scalar a vector.
    array = np.ascontiguousarray(value, info.dtype).reshape(np.shape(value))
    fits = len(array.shape) == len(info.shape) and all(
        want in (-1, have) for have, want in zip(array.shape, info.shape)
    )
    if not fits:
        raise Error("InputMismatch", "", "input '%s' has shape %s, expected %s" % (
            info.name, list(array.shape), list(info.shape)))
    return array


def from_onnx(model, input_shapes=None, name=""):
    """A graph from an ONNX file or its bytes. `input_shapes` fixes dimensions
    that the model leaves open, by input name."""
    if isinstance(model, bytes):
        return Graph(functools.partial(_core.compile_onnx, model, ""), input_shapes, name)
    path = os.fspath(model)
    with open(path, "rb") as file:
        source = file.read()
    return Graph(functools.partial(_core.compile_onnx, source, os.path.dirname(os.path.abspath(path))),
                 input_shapes, name or os.path.splitext(os.path.basename(path))[0])


def from_mlir(text, input_shapes=None, name=""):
    """A graph from the text of a module of the `ge` dialect."""
    return Graph(functools.partial(_core.compile_mlir, text.encode()), input_shapes, name)


def from_values(inputs, outputs, input_shapes=None, name="graph"):
    """A graph from the `inputs` it takes and the `outputs` made of them by functions
    of `ops`, both in order; also the body of an operator that takes graphs."""
    source = _make_graph(name, inputs, outputs)
    return Graph(source.compile, input_shapes, name, source)


def load(path):
    """A model from an OM file, or from its bytes."""
    if isinstance(path, bytes):
        return Model(_core.load_bytes(path), path)
    path = os.fspath(path)
    return Model(_core.load_file(path), path=path)


def version():
    """The compiler's version."""
    return _core.version()
