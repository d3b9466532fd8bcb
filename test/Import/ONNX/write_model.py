# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a small ONNX model, a convolution and a Relu: write_model.py FILE."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "onnx"))
from writing import ints, model, node, number, put_bytes, text, value

weights = number(1, 1) + number(1, 2) + number(1, 3) + number(1, 3) + number(2, 1) + text(8, "w")
weights += put_bytes(9, struct.pack("<18f", *range(18)))
nodes = [node("Conv", "conv", ["x", "w"], ["c"], ints("pads", [1] * 4)), node("Relu", "relu", ["c"], ["y"])]
with open(sys.argv[1], "wb") as file:
    file.write(model(nodes, [value("x", [-1, 2, 8, 8])], [value("y", [-1, 1, 8, 8])], put_bytes(5, weights)))
