#!/usr/bin/env python3
# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares random models with branches and loops with ONNX Runtime.

  random_control.py [--bin-dir DIR] [--count N] [--seed N] [--keep DIR]

A model nests If and Loop up to three deep around element-wise arithmetic,
products and reductions; predicates depend on data, trip counts on inputs. It
wants the Python packages onnx, onnxruntime and numpy. Ends with one line
'random_control: P agree, U unsupported, F differ of N'.
"""

import argparse
import os
import random
import subprocess
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SHAPE = (3, 4)


class Generator:
    """One random model. Values are f32 tensors of SHAPE."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.numpy = np.random.default_rng(seed)
        self.names = 0

    def name(self, stem):
        self.names += 1
        return "%s_%d" % (stem, self.names)

    def constant(self, nodes, array):
        name = self.name("c")
        nodes.append(helper.make_node("Constant", [], [name], name=name, value=numpy_helper.from_array(array)))
        return name

    def node(self, nodes, op, inputs, **attributes):
        name = self.name(op.lower())
        nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def predicate(self, nodes, value):
        """Whether the mean of a value is above some number."""
        mean = self.node(nodes, "ReduceMean", [value], keepdims=0)
        limit = self.constant(nodes, np.float32(self.random.uniform(-0.5, 0.5)))
        return self.node(nodes, self.random.choice(["Greater", "Less"]), [mean, limit])

    def arithmetic(self, nodes, values):
        a, b = self.random.choice(values), self.random.choice(values)
        kind = self.random.randrange(5)
        if kind == 0:
            return self.node(nodes, self.random.choice(["Tanh", "Neg", "Sigmoid", "Abs"]), [a])
        if kind == 1:
            weight = self.numpy.uniform(-0.5, 0.5, (SHAPE[1], SHAPE[1])).astype(np.float32)
            return self.node(nodes, "MatMul", [a, self.constant(nodes, weight)])
        if kind == 2:
            mean = self.node(nodes, "ReduceMean", [a], axes=[1], keepdims=1)
            return self.node(nodes, "Sub", [b, mean])
        sum_ = self.node(nodes, self.random.choice(["Add", "Sub", "Mul"]), [a, b])
        return self.node(nodes, "Tanh", [sum_])

    def branch(self, nodes, values, depth, trips):
        condition = self.predicate(nodes, self.random.choice(values))
        count = self.random.randint(1, 2)
        graphs = []
        for side in ("then", "else"):
            inner = []
            results = self.block(inner, list(values), depth - 1, trips)
            outs = [self.node(inner, "Identity", [self.random.choice(results)]) for _ in range(count)]
            graphs.append(helper.make_graph(inner, self.name(side), [], [tensor(name) for name in outs]))
        outs = [self.name("if") for _ in range(count)]
        nodes.append(helper.make_node("If", [condition], outs, name=outs[0], then_branch=graphs[0],
                                      else_branch=graphs[1]))
        return outs

    def loop(self, nodes, values, depth, trips):
        carried = [self.random.choice(values) for _ in range(self.random.randint(1, 3))]
        fixed = self.random.random() < 0.5
        trip = self.constant(nodes, np.int64(self.random.randint(0, 9))) if fixed else trips
        inner = []
        step, go = self.name("i"), self.name("go")
        arguments = [self.name("arg") for _ in carried]
        number = self.node(inner, "Cast", [step], to=TensorProto.FLOAT)
        scaled = self.node(inner, "Mul", [number, self.constant(inner, np.float32(0.125))])
        start = self.node(inner, "Add", [arguments[0], scaled])
        results = self.block(inner, values + arguments + [start], depth - 1, trips)
        # Some values stay, some change places, some are new.
        outs = [self.node(inner, "Identity", [self.random.choice(results[-3:] + arguments)]) for _ in carried]
        stops = self.random.random() < 0.4
        condition = self.predicate(inner, outs[0]) if stops else self.node(inner, "Identity", [go])
        collects = fixed and not stops and self.random.random() < 0.5
        outputs = [helper.make_tensor_value_info(condition, TensorProto.BOOL, [])] + [tensor(name) for name in outs]
        if collects:
            mean = self.node(inner, "ReduceMean", [outs[0]], axes=[0], keepdims=0)
            outputs.append(helper.make_tensor_value_info(mean, TensorProto.FLOAT, [SHAPE[1]]))
        body = helper.make_graph(
            inner, self.name("body"),
            [helper.make_tensor_value_info(step, TensorProto.INT64, []),
             helper.make_tensor_value_info(go, TensorProto.BOOL, [])] + [tensor(name) for name in arguments], outputs)
        names = [self.name("loop") for _ in outputs[1:]]
        start_condition = self.constant(nodes, np.bool_(True))
        nodes.append(helper.make_node("Loop", [trip, start_condition] + carried, names, name=names[0], body=body))
        if collects:
            total = self.node(nodes, "ReduceSum", [names.pop(), self.constant(nodes, np.array([0], np.int64))],
                              keepdims=1)
            names[0] = self.node(nodes, "Add", [names[0], total])
        return names

    def block(self, nodes, values, depth, trips):
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.random()
            if depth > 0 and kind < 0.35:
                values = values + self.branch(nodes, values, depth, trips)
            elif depth > 0 and kind < 0.7:
                values = values + self.loop(nodes, values, depth, trips)
            else:
                values = values + [self.arithmetic(nodes, values)]
        return values

    def model(self):
        nodes = []
        values = self.block(nodes, ["x", "y"], 3, "n")
        outs = [self.node(nodes, "Identity", [name]) for name in values[-2:]]
        graph = helper.make_graph(nodes, "main",
                                  [tensor("x"), tensor("y"), helper.make_tensor_value_info("n", TensorProto.INT64, [])],
                                  [tensor(name) for name in outs])
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def tensor(name):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, SHAPE)


def check(tools, folder, seed):
    """None if both agree, else what happened."""
    generator = Generator(seed)
    model = generator.model()
    path = os.path.join(folder, "model.onnx")
    onnx.save(model, path)
    feeds = {"x": generator.numpy.standard_normal(SHAPE).astype(np.float32),
             "y": generator.numpy.standard_normal(SHAPE).astype(np.float32),
             "n": np.array(generator.random.randint(0, 7), np.int64)}
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    expected = onnxruntime.InferenceSession(path, options).run(None, feeds)
    om = os.path.join(folder, "model.om")
    compiled = subprocess.run([os.path.join(tools, "ge-compile"), path, "-o", om], capture_output=True, text=True)
    if compiled.returncode:
        return "unsupported: " + compiled.stderr.strip()
    command = [os.path.join(tools, "ge-run"), om, "--output-dir", folder]
    for name, value in feeds.items():
        file = os.path.join(folder, name + ".npy")
        np.save(file, value)
        command += ["--input", "%s=%s" % (name, file)]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode:
        return "does not run: " + ran.stderr.strip()
    for info, value in zip(model.graph.output, expected):
        result = np.load(os.path.join(folder, info.name + ".npy"))
        scale = np.maximum(np.abs(value), np.sqrt(np.mean(value.astype(np.float64) ** 2)))
        if result.shape != value.shape or not np.all(np.abs(result - value) <= 1e-3 * scale + 1e-6):
            return "output %s differs by %g" % (info.name, np.max(np.abs(result - value)))
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--bin-dir", default=os.path.join(here, "..", "..", "build", "bin"))
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", help="folder for the models that differ")
    args = parser.parse_args()
    counts = {"agree": 0, "unsupported": 0, "differ": 0}
    for seed in range(args.seed, args.seed + args.count):
        with tempfile.TemporaryDirectory() as folder:
            problem = check(args.bin_dir, folder, seed)
            kind = "agree" if problem is None else "unsupported" if problem.startswith("unsupported") else "differ"
            counts[kind] += 1
            if problem:
                print("seed %d: %s" % (seed, problem), flush=True)
            if kind == "differ" and args.keep:
                os.makedirs(args.keep, exist_ok=True)
                os.rename(os.path.join(folder, "model.onnx"), os.path.join(args.keep, "%d.onnx" % seed))
    print("random_control: %d agree, %d unsupported, %d differ of %d"
          % (counts["agree"], counts["unsupported"], counts["differ"], args.count))
    return counts["differ"] != 0


if __name__ == "__main__":
    raise SystemExit(main())
