#!/usr/bin/env python3
"""Measures what rounding to f16 costs real networks, whoever computes them.

    measure_rounding.py [--cache DIR] [--write PAGE [--runs FILE]] [NAME...]

ONNX Runtime computes each model of run_models.py in f32 with conversions to f16 and
back before some values, and each output element's distance from its results without
them is measured as run_npu.py does. The columns: constant operands of products and
convolutions rounded; all their operands (what a cube that takes f16 and adds up in
f32 computes at best); these and their results; every value of the model. Depthwise
convolutions are no work of a cube. Needs the packages of test/requirements.txt.
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fetch
import run_models
import run_npu

PRODUCTS = {"Conv": 2, "ConvTranspose": 2, "Gemm": 2, "MatMul": 2, "LSTM": 3, "GRU": 3}

LARGEST = np.float32(65504)

HEADER = """# Half precision

What f16 costs networks: the largest `|a - b| / max(|b|, rms(b))` over the elements of
their results, where `b` is ONNX Runtime's in f32 and 1e-2 is allowed. The first four
columns are ONNX Runtime's own in f32, with some values rounded to f16 on the way, whoever
computes with them: constant operands of products and convolutions; all their operands,
which is the least error of a cube that takes f16, as `cube_fp16in_fp32out` asks for; these
and their results; every value of the model, which is what `force_fp16` may do. The last
two are what the model is compiled with for Ascend310P3 in the tests, and its error there,
if it has been run there.
A model whose operands alone are too much is compiled in f32, and so are two at the
tolerance: with other inputs fr_feature has 7.8e-3 to 1.06e-2 in cube_fp16in_fp32out, and
8.2e-3 to 9.8e-3 in the second column; mobilenetv2 has 1.1e-2 there once its constants are
folded, as a compiler does first.
The page is made by `test/models/measure_rounding.py --write docs/HalfPrecision.md --runs
FILE` from what `test/models/run_npu.py --all --json=FILE` found.

| model | constants | operands | results | everything | compiled with | error |
| --- | ---: | ---: | ---: | ---: | --- | ---: |
"""


def round_array(array):
    return np.clip(array, -LARGEST, LARGEST).astype(np.float16).astype(np.float32)


def count_products(node, constants):
    """How many operands of a node a cube takes."""
    if node.op_type == "Conv" and node.input[1] in constants:
        groups = [attribute.i for attribute in node.attribute if attribute.name == "group"]
        if groups and groups[0] > 1 and constants[node.input[1]].dims[1] == 1:
            return 0
    return min(PRODUCTS.get(node.op_type, 0), len(node.input))


class Rounder:
    """Puts conversions into a graph and the graphs in it; every one saturates."""

    def __init__(self, version, activations, results, everything):
        self.version = version
        self.activations, self.results, self.everything = activations, results, everything
        self.count = 0

    def pair(self, source, made, target):
        names = ["rounded_%d_%d" % (self.count, i) for i in range(2)]
        self.count += 1
        made.append(onnx.helper.make_node("Clip", [source], [names[0]], min=-LARGEST, max=LARGEST) if self.version < 11
                    else onnx.helper.make_node("Clip", [source, "rounding_low", "rounding_high"], [names[0]]))
        made.append(onnx.helper.make_node("Cast", [names[0]], [names[1]], to=onnx.TensorProto.FLOAT16))
        made.append(onnx.helper.make_node("Cast", [names[1]], [target], to=onnx.TensorProto.FLOAT))

    def graph(self, graph, floats, outer):
        constants = dict(outer)
        for tensor in graph.initializer:
            if tensor.data_type == onnx.TensorProto.FLOAT:
                constants[tensor.name] = tensor
        for node in graph.node:
            if node.op_type == "Constant" and node.attribute[0].name == "value" \
                    and node.attribute[0].t.data_type == onnx.TensorProto.FLOAT:
                constants[node.output[0]] = node.attribute[0].t
        if self.everything:
            for name in constants.keys() - outer.keys():
                self.replace(constants[name])
        outputs = {output.name for output in graph.output}
        made = []
        for node in list(graph.node):
            for attribute in node.attribute:
                if attribute.type == onnx.AttributeProto.GRAPH:
                    self.graph(attribute.g, floats, constants)
            for place in range(count_products(node, constants)):
                name = node.input[place]
                if name in constants:
                    self.replace(constants[name])
                elif self.activations:
                    self.pair(name, made, "operand_%d" % self.count)
                    node.input[place] = "operand_%d" % (self.count - 1)
            made.append(node)
            if node.op_type in ("Constant", "Shape") or not (
                    self.everything or self.results and count_products(node, constants)):
                continue
            for place, name in enumerate(node.output):
                if name in floats and name not in outputs:
                    node.output[place] = "exact_" + name
                    self.pair("exact_" + name, made, name)
        del graph.node[:]
        graph.node.extend(made)

    @staticmethod
    def replace(tensor):
        array = onnx.numpy_helper.to_array(tensor)
        name = tensor.name
        tensor.CopyFrom(onnx.numpy_helper.from_array(round_array(array), name))


def list_floats(graph):
    found = {value.name for value in graph.value_info if value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT}
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                found |= list_floats(attribute.g)
    return found


def measure(path, cases, **options):
    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    version = next(entry.version for entry in model.opset_import if not entry.domain)
    Rounder(version, **options).graph(model.graph, list_floats(model.graph), {})
    for name, value in (("rounding_low", -LARGEST), ("rounding_high", LARGEST)):
        model.graph.initializer.append(onnx.numpy_helper.from_array(np.array(value, np.float32), name))
    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 3
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    error = 0
    for inputs, expected in cases:
        ours = dict(zip(names, session.run(None, inputs)))
        for name in names:
            distance = run_models.distance(ours[name], expected[name])
            error = distance if np.isnan(distance) else max(error, distance)
    return error


MODES = {"constants": dict(activations=False, results=False, everything=False),
         "operands": dict(activations=True, results=False, everything=False),
         "results": dict(activations=True, results=True, everything=False),
         "everything": dict(activations=True, results=True, everything=True)}


def write(path, floors, runs):
    """The page: a row for each model, with what run_npu.py found on the NPU of its runs in f16."""
    found = {}
    for result in runs:
        if result["status"] == "passed" and result["device"] == run_npu.RUNS[-1][0]:
            found[result["name"]] = result
    with open(path, "w", encoding="utf-8") as page:
        page.write(HEADER)
        for name, errors in floors.items():
            ours = found.get(name)
            cells = ["%.1e" % error for error in errors.values()]
            cells += [ours["precision"], "%.1e" % ours["error"]] if ours else ["-", "-"]
            page.write("| %s | %s |\n" % (name, " | ".join(cells)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=fetch.default_cache())
    parser.add_argument("--write", help="the page to write")
    parser.add_argument("--runs", help="what run_npu.py --json has written")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    print("%-18s" % "model" + "".join("%12s" % mode for mode in MODES))
    floors = {}
    for run, kind in run_models.KINDS:
        for entry in kind:
            if arguments.names and entry[0] not in arguments.names:
                continue
            path = run_models.locate(entry[1], arguments.cache) / entry[2]
            _, cases = run_npu.make_cases(run, entry, path)
            found = {mode: measure(path, cases, **options) for mode, options in MODES.items()}
            floors[entry[0]] = found
            print("%-18s" % entry[0] + "".join("%12.1e" % error for error in found.values()), flush=True)
    if arguments.write:
        runs = json.loads(pathlib.Path(arguments.runs).read_text())["models"] if arguments.runs else []
        write(arguments.write, floors, runs)


if __name__ == "__main__":
    main()
