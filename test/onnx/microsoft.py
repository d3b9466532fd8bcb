#!/usr/bin/env python3
# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares operators of the domain com.microsoft with ONNX Runtime.

  microsoft.py [--bin-dir DIR] [--filter REGEX] [--verbose]

Each case is a model of one node with random inputs; it runs through ge-compile
and ge-run, and in ONNX Runtime. Wants onnx, onnxruntime and numpy. The last line
reads: microsoft: P passed, F failed of N
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

import conformance

DOMAIN = "com.microsoft"
random = np.random.default_rng(7)


def real(*shape, scale=1.0):
    return (random.standard_normal(shape) * scale).astype(np.float32)


def integers(low, high, *shape, dtype=np.uint8):
    return random.integers(low, high, shape, endpoint=True).astype(dtype)


def f32(value):
    return np.array(value, np.float32)


def u8(value):
    return np.array(value, np.uint8)


class Case:
    """One node. `inputs` are arrays, None for those left out; a list [array] is
    an initializer. `steps` is how many steps of quantization may differ."""

    def __init__(self, name, operator, inputs, outputs=1, steps=0, tolerance=2e-4, domain=DOMAIN, **attributes):
        self.name, self.operator, self.inputs, self.outputs = name, operator, inputs, outputs
        self.steps, self.tolerance, self.domain, self.attributes = steps, tolerance, domain, attributes

    def build(self):
        names, values, fixed = [], {}, []
        for i, value in enumerate(self.inputs):
            if value is None:
                names.append("")
                continue
            names.append("x%d" % i)
            if isinstance(value, list):
                fixed.append(numpy_helper.from_array(value[0], names[-1]))
            else:
                values[names[-1]] = value
        outputs = ["y%d" % i for i in range(self.outputs)] if isinstance(self.outputs, int) else self.outputs
        node = helper.make_node(self.operator, names, outputs, "node", domain=self.domain, **self.attributes)
        inputs = [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)
            for name, value in values.items()
        ]
        shown = [helper.make_empty_tensor_value_info(name) for name in outputs if name]
        graph = helper.make_graph([node], "case", inputs, shown, fixed)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(DOMAIN, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8), values


def attention_cases():
    b, s, n, h = 2, 5, 4, 8
    d = n * h
    q, k, v = real(b, s, d), real(b, 7, d), real(b, 7, d)
    yield Case("mha", "MultiHeadAttention", [q, k, v], num_heads=n)
    yield Case("mha bias", "MultiHeadAttention", [q, k, v, [real(3 * d)]], num_heads=n)
    yield Case("mha lengths", "MultiHeadAttention", [q, k, v, None, integers(3, 7, b, dtype=np.int32)], num_heads=n)
    mask = np.array([[1, 1, 1, 1, 1, 0, 0], [1, 1, 0, 1, 1, 1, 1]], np.int32)
    yield Case("mha mask", "MultiHeadAttention", [q, k, v, None, mask], num_heads=n)
    yield Case("mha added", "MultiHeadAttention", [q, k, v, None, None, real(1, n, s, 7)], num_heads=n, scale=0.3)
    past = [real(b, n, 3, h), real(b, n, 3, h)]
    own = [real(b, s, d), real(b, s, d), real(b, s, d)]
    yield Case("mha past", "MultiHeadAttention", own + [None, None, None] + past, outputs=3, num_heads=n)
    yield Case("mha causal", "MultiHeadAttention", own, num_heads=n, unidirectional=1)
    x, w, bias = real(b, s, 16), real(16, 3 * d, scale=0.3), real(3 * d)
    yield Case("attention", "Attention", [x, [w], [bias]], num_heads=n)
    yield Case("attention causal", "Attention", [x, [w], [bias]], num_heads=n, unidirectional=1)
    yield Case("attention lengths", "Attention", [x, [w], [bias], integers(2, s, b, dtype=np.int32)], num_heads=n)
    raw = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], np.int32)
    yield Case("attention mask", "Attention", [x, [w], [bias], raw], num_heads=n)
    yield Case("attention past", "Attention", [x, [w], [bias], None, real(2, b, n, 3, h)], outputs=2, num_heads=n,
               unidirectional=1)
    yield from group_query_cases()


def group_query_cases():
    b, n, kv, h = 2, 4, 2, 16
    cosine, sine = np.cos(real(32, h // 2)), np.sin(real(32, h // 2))

    def inputs(s, past, total, lengths, **given):
        values = [real(b, s, n * h), real(b, s, kv * h), real(b, s, kv * h)]
        values += [real(b, kv, past, h), real(b, kv, past, h)] if past else [None, None]
        values += [np.array(lengths, np.int32), [np.array(total, np.int32)]]
        return values + given.get("rest", [])

    heads = {"num_heads": n, "kv_num_heads": kv}
    yield Case("gqa prompt", "GroupQueryAttention", inputs(5, 0, 5, [4, 4]), outputs=3, **heads)
    rotary = [[cosine], [sine]]
    yield Case("gqa rotary", "GroupQueryAttention", inputs(5, 0, 5, [4, 4], rest=rotary), outputs=3, do_rotary=1, **heads)
    yield Case("gqa step", "GroupQueryAttention", inputs(1, 6, 7, [6, 6]), outputs=3, **heads)
    yield Case("gqa step rotary", "GroupQueryAttention", inputs(1, 6, 7, [6, 6], rest=rotary), outputs=3, do_rotary=1,
               rotary_interleaved=1, **heads)
    yield Case("gqa window", "GroupQueryAttention", inputs(1, 6, 7, [6, 6]), outputs=3, local_window_size=3, **heads)
    yield Case("gqa window prompt", "GroupQueryAttention", inputs(6, 0, 6, [5, 5]), outputs=3, local_window_size=3, **heads)
    yield Case("gqa softcap", "GroupQueryAttention", inputs(5, 0, 5, [4, 4]), softcap=2.0, scale=0.5, outputs=3, **heads)
    yield Case("gqa smooth", "GroupQueryAttention", inputs(5, 0, 5, [4, 4]), smooth_softmax=1, outputs=3, **heads)
    sink = rotary + [None, None, [real(n)]]
    yield Case("gqa sink", "GroupQueryAttention", inputs(5, 0, 5, [4, 4], rest=sink), do_rotary=1, outputs=3, **heads)
    packed = [real(b, 5, (n + 2 * kv) * h), None, None, None, None, np.array([4, 4], np.int32),
              [np.array(5, np.int32)]] + rotary
    yield Case("gqa packed", "GroupQueryAttention", packed, outputs=3, do_rotary=1, **heads)


def embedding_cases():
    b, s, d = 2, 6, 16
    ids, types = integers(0, 19, b, s, dtype=np.int32), integers(0, 1, b, s, dtype=np.int32)
    tables = [[real(20, d)], [real(10, d)], [real(2, d)], [real(d)], [real(d)]]
    mask = np.array([[1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]], np.int32)
    yield Case("embed", "EmbedLayerNormalization", [ids, types] + tables, outputs=2, epsilon=1e-5)
    yield Case("embed mask", "EmbedLayerNormalization", [ids, types] + tables + [mask], outputs=3, epsilon=1e-5)
    x, cosine, sine = real(b, s, 4 * 8), [np.cos(real(16, 4))], [np.sin(real(16, 4))]
    places = integers(0, 15, b, s, dtype=np.int64)
    yield Case("rotary", "RotaryEmbedding", [x, places, cosine, sine])
    yield Case("rotary interleaved", "RotaryEmbedding", [x, places, cosine, sine], interleaved=1)
    yield Case("rotary offset", "RotaryEmbedding", [x, np.array([3], np.int64), cosine, sine])
    yield Case("rotary heads", "RotaryEmbedding", [real(b, 4, s, 8), places, cosine, sine])


def fused_cases():
    x, skip, gamma, beta, bias = real(2, 3, 16), real(2, 3, 16), real(16), real(16), real(16)
    yield Case("skip", "SkipLayerNormalization", [x, skip, [gamma], [beta], [bias]], outputs=["y0", "", "", "y3"],
               epsilon=1e-5)
    yield Case("skip bare", "SkipLayerNormalization", [x, skip, [gamma]], epsilon=1e-5)
    yield Case("skip simplified", "SkipSimplifiedLayerNormalization", [x, skip, [gamma], [bias]],
               outputs=["y0", "", "", "y3"], epsilon=1e-5)
    yield Case("simplified", "SimplifiedLayerNormalization", [x, [gamma]], domain="", axis=-1, epsilon=1e-5)
    for name in ("Gelu", "FastGelu", "QuickGelu"):
        yield Case(name, name, [x])
    yield Case("FastGelu bias", "FastGelu", [x, [bias]])
    yield Case("BiasGelu", "BiasGelu", [x, [bias]])
    a, c = real(2, 3, 4, 5), real(2, 3, 5, 6)
    yield Case("FusedMatMul", "FusedMatMul", [a, c], alpha=0.5)
    yield Case("FusedMatMul transposed", "FusedMatMul", [a.swapaxes(2, 3).copy(), c.swapaxes(2, 3).copy()], transA=1,
               transB=1)
    yield Case("FusedMatMul batch", "FusedMatMul", [real(4, 2, 3, 5), c], transBatchA=1)
    image, filters = real(1, 4, 8, 9), [real(6, 4, 3, 3)]
    yield Case("FusedConv", "FusedConv", [image, filters, [real(6)]], activation="Relu", kernel_shape=[3, 3])
    yield Case("FusedConv leaky", "FusedConv", [image, filters], activation="LeakyRelu", activation_params=[0.2],
               kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    yield Case("FusedConv sum", "FusedConv", [image, filters, [real(6)], real(1, 6, 6, 7)], activation="Relu",
               kernel_shape=[3, 3])
    yield Case("FusedGemm", "FusedGemm", [real(3, 4), [real(4, 5)], [real(5)]], activation="LeakyRelu",
               activation_alpha=0.1)


def quantized_cases():
    a, c = integers(0, 255, 2, 3, 4, 5), integers(0, 255, 2, 3, 4, 5)
    parameters = [[f32(0.02)], [u8(120)]]
    result = [[f32(0.03)], [u8(100)]]
    for name in ("QLinearAdd", "QLinearMul"):
        yield Case(name, name, [a] + parameters + [c, [f32(0.015)], [u8(130)]] + result, steps=1)
    for name in ("QLinearSigmoid", "QLinearLeakyRelu"):
        yield Case(name, name, [a] + parameters + [[f32(0.01)], [u8(90)]], steps=1)
    yield Case("QLinearGlobalAveragePool", "QLinearGlobalAveragePool", [a] + parameters + result, steps=1)
    yield Case("QLinearGlobalAveragePool last", "QLinearGlobalAveragePool", [a] + parameters + result, steps=1,
               channels_last=1)
    yield Case("QLinearAveragePool", "QLinearAveragePool", [a] + parameters + result, steps=1, kernel_shape=[2, 2],
               strides=[2, 2])
    yield Case("QLinearSoftmax", "QLinearSoftmax", [a] + parameters + [[f32(1 / 256)], [u8(0)]], steps=1, axis=-1, opset=13)
    yield Case("QLinearConcat", "QLinearConcat", result + [a] + parameters + [c, [f32(0.01)], [u8(5)]], steps=1, axis=1)
    yield Case("QLinearWhere", "QLinearWhere",
               [integers(0, 1, 2, 3, 4, 5).astype(bool), a] + parameters + [c, [f32(0.015)], [u8(130)]] + result, steps=1)
    # Of 7 bits: on processors without VNNI the judge adds pairs of products in 16 bits, and saturates.
    weights, scales = [integers(-63, 63, 8, 6, dtype=np.int8)], [np.abs(real(6)) * 0.01]
    zeros = [np.zeros(6, np.int8)]
    yield Case("QGemm", "QGemm", [integers(0, 255, 3, 8)] + parameters + [weights, scales, zeros,
               [integers(-99, 99, 6, dtype=np.int32)]] + [[f32(0.1)], [u8(128)]], steps=1)
    yield Case("QGemm float", "QGemm", [integers(0, 255, 3, 8)] + parameters + [weights, scales, zeros])
    yield Case("MatMulIntegerToFloat", "MatMulIntegerToFloat", [integers(0, 255, 3, 8), weights, [f32(0.02)], scales,
               [u8(9)], zeros, [real(6)]])
    yield Case("DynamicQuantizeMatMul", "DynamicQuantizeMatMul", [real(3, 8), weights, scales, zeros, [real(6)]],
               tolerance=1e-3)
    yield Case("QuantizeLinear", "QuantizeLinear", [real(3, 8)] + parameters, axis=0)
    yield Case("DequantizeLinear", "DequantizeLinear", [a] + parameters, axis=0)


def few_bits_cases():
    rows, depth, block = 6, 64, 16
    blocks = depth // block
    x, scales = real(3, depth), [np.abs(real(rows, blocks))]
    shape = {"K": depth, "N": rows, "block_size": block}
    packed = [integers(0, 255, rows, blocks, block // 2)]
    yield Case("nbits", "MatMulNBits", [x, packed, scales], bits=4, tolerance=1e-3, **shape)
    zeros = [integers(0, 255, rows, (blocks + 1) // 2)]
    yield Case("nbits zeros", "MatMulNBits", [x, packed, scales, zeros], bits=4, tolerance=1e-3, **shape)
    yield Case("nbits bias", "MatMulNBits", [x, packed, scales, None, None, [real(rows)]], bits=4, tolerance=1e-3, **shape)
    yield Case("nbits real zeros", "MatMulNBits", [x, packed, scales, [real(rows, blocks) + 8]], bits=4, tolerance=1e-3,
               **shape)
    wide = [integers(0, 255, rows, blocks, block)]
    yield Case("8 bits", "MatMulNBits", [x, wide, scales], bits=8, tolerance=1e-3, **shape)
    table, indices = [integers(0, 255, 10, 32)], np.array([[1, 3, 9], [0, 0, 5]], np.int64)
    yield Case("gather", "GatherBlockQuantized", [table, indices, [np.abs(real(10, 4))]], bits=4, block_size=16,
               quantize_axis=1, gather_axis=0)


def cases():
    yield from attention_cases()
    yield from embedding_cases()
    yield from fused_cases()
    yield from quantized_cases()
    yield from few_bits_cases()


def run_ours(model, values, tools, folder):
    """The outputs in order; a text on failure."""
    path = os.path.join(folder, "model.onnx")
    onnx.save(model, path)
    om = os.path.join(folder, "model.om")
    done = subprocess.run([tools[0], path, "-o", om], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        return done.stdout.strip().splitlines()[-1]
    command = [tools[1], om, "--output-dir", folder]
    for name, value in values.items():
        np.save(os.path.join(folder, name + ".npy"), value)
        command += ["--input", "%s=%s" % (name, os.path.join(folder, name + ".npy"))]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        return done.stdout.strip()
    return [np.load(os.path.join(folder, output.name + ".npy")) for output in model.graph.output]


def compare(case, found, expected):
    for i, (ours, theirs) in enumerate(zip(found, expected)):
        if ours.dtype != theirs.dtype or ours.shape != theirs.shape:
            return "output %d: found %s %s, expected %s %s" % (i, ours.dtype, ours.shape, theirs.dtype, theirs.shape)
        if theirs.dtype == np.float32:
            bound = case.tolerance * np.maximum(np.abs(theirs), np.sqrt(np.mean(theirs**2)) + 1e-6)
        else:
            bound = case.steps
        difference = np.abs(ours.astype(np.float64) - theirs)
        if not np.all(difference <= bound):
            at = np.unravel_index(np.nanargmax(difference - bound), difference.shape)
            return "output %d%s is %s, expected %s" % (i, list(map(int, at)), ours[at], theirs[at])
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin-dir", help="folder of ge-compile and ge-run")
    parser.add_argument("--filter", default="", help="regular expression that a case's name must match")
    parser.add_argument("--verbose", action="store_true", help="print every case")
    options = parser.parse_args()
    tools = [conformance.find_tool(name, options.bin_dir) for name in ("ge-compile", "ge-run")]
    passed = failed = 0
    for case in cases():
        if not re.search(options.filter, case.name):
            continue
        model, values = case.build()
        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 4
        session = onnxruntime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
        expected = session.run(None, values)
        with tempfile.TemporaryDirectory(prefix="microsoft-") as folder:
            found = run_ours(model, values, tools, folder)
        problem = found if isinstance(found, str) else compare(case, found, expected)
        passed, failed = passed + (not problem), failed + bool(problem)
        if problem or options.verbose:
            print("%-8s %s%s" % ("failed" if problem else "passed", case.name, problem and ": " + problem), flush=True)
    print("microsoft: %d passed, %d failed of %d" % (passed, failed, passed + failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
