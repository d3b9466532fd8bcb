# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a model with several problems: write_problems.py FILE."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "onnx"))
from writing import STRING, model, node, sequence, string, value

nodes = [
    node("Abs", "good", ["x"], ["a"]),
    node("Sort", "unknown", ["a"], ["b"], domain="my.domain"),
    # Nothing is known of its operand, so it is no problem of its own.
    node("Relu", "behind", ["b"], ["c"]),
    node("StringNormalizer", "text", ["s"], ["t"]),
    node("Resize", "resized", ["x", "", "x"], ["r"], string("mode", "linear")),
    node("DepthToSpace", "badattribute", ["x"], ["d"], string("mode", "XYZ")),
    node("SequenceAt", "at", ["list", "x"], ["e"]),
]
outputs = [value(name, [-1]) for name in ("c", "t", "r", "d", "e")]
inputs = [value("x", [1, 4, 2, 2]), value("s", [3], STRING), sequence("list")]
with open(sys.argv[1], "wb") as file:
    file.write(model(nodes, inputs, outputs, opsets=(("", 13), ("my.domain", 1))))
