#!/usr/bin/env python3
"""Makes transformers as ONNX models, spelled out as exporters write them.

MiniLM-L6 has its published weights, read from a safetensors file; BERT-base,
ViT-B/16 and two decoders, GPT-2-like and LLaMA-like, have the published
architecture and seeded random weights. A decoder is one step: it takes a token,
its position and the caches of keys and values, and gives logits and the caches
with one more row. Needs the packages `onnx` and `numpy`.

    make_transformers.py DIRECTORY [MODEL_WITH_WEIGHTS.safetensors]
"""

import json
import pathlib
import struct
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


def read_safetensors(path):
    """The f32 tensors of a file, by name."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(size)), file.read()
    header.pop("__metadata__", None)
    return {name: np.frombuffer(data[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
            for name, entry in header.items() if entry["dtype"] == "F32"}


class Weights:
    """Weights by name: those of a file, or drawn from a seed."""

    def __init__(self, seed=None, tensors=None):
        self.random, self.tensors = np.random.default_rng(seed), tensors

    def get(self, name, shape, scale=None):
        if self.tensors is not None:
            array = self.tensors[name]
            assert list(array.shape) == list(shape), name
            return array
        if name.endswith("norm.weight"):
            return self.random.uniform(0.8, 1.2, shape).astype(np.float32)
        scale = scale or (1 / np.sqrt(shape[-1]) if len(shape) > 1 else 0.02)
        return (scale * self.random.standard_normal(shape, np.float32)).astype(np.float32)


class Graph:
    """A graph in the making; each method returns the name of its result."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes, self.initializers, self.inputs, self.outputs, self.known = [], [], [], [], {}

    def input(self, name, dims, kind=TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, kind, dims))
        return name

    def output(self, value, name, dims, kind=TensorProto.FLOAT):
        self.nodes.append(helper.make_node("Identity", [value], [name], name))
        self.outputs.append(helper.make_tensor_value_info(name, kind, dims))

    def constant(self, array, name=None):
        array = np.asarray(array)
        key = name or (str(array.dtype), array.shape, array.tobytes())
        if key not in self.known:
            self.known[key] = name or "c%d" % len(self.known)
            self.initializers.append(numpy_helper.from_array(array, self.known[key]))
        return self.known[key]

    def ints(self, *values):
        return self.constant(np.asarray(values, np.int64))

    def scalar(self, value):
        return self.constant(np.asarray(value, np.float32))

    def weight(self, name, shape, transposed=False):
        array = self.weights.get(name, shape)
        return self.constant(np.ascontiguousarray(array.T) if transposed else array, name)

    def node(self, kind, *inputs, outputs=1, **attributes):
        names = ["%s_%d_%d" % (kind, len(self.nodes), i) for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, "/%s_%d" % (kind, len(self.nodes)), **attributes))
        return names[0] if outputs == 1 else names

    def linear(self, x, name, inputs, outputs, bias=True):
        """x W^T + b, with the weight stored as [outputs, inputs]."""
        y = self.node("MatMul", x, self.weight(name + ".weight", [outputs, inputs], transposed=True))
        return self.node("Add", y, self.weight(name + ".bias", [outputs])) if bias else y

    def layer_norm(self, x, name, size, epsilon):
        return self.node("LayerNormalization", x, self.weight(name + ".weight", [size]),
                         self.weight(name + ".bias", [size]), axis=-1, epsilon=epsilon)

    def rms_norm(self, x, name, size, epsilon=1e-5):
        mean = self.node("ReduceMean", self.node("Pow", x, self.scalar(2)), axes=[-1], keepdims=1)
        root = self.node("Sqrt", self.node("Add", mean, self.scalar(epsilon)))
        scaled = self.node("Mul", x, self.node("Reciprocal", root))
        return self.node("Mul", self.weight(name + ".weight", [size]), scaled)

    def gelu(self, x):
        inner = self.node("Erf", self.node("Div", x, self.scalar(np.sqrt(2))))
        return self.node("Mul", self.node("Mul", x, self.node("Add", inner, self.scalar(1))), self.scalar(0.5))

    def gelu_tanh(self, x):
        cube = self.node("Mul", self.scalar(0.044715), self.node("Pow", x, self.scalar(3)))
        inner = self.node("Tanh", self.node("Mul", self.scalar(np.sqrt(2 / np.pi)), self.node("Add", x, cube)))
        return self.node("Mul", self.node("Mul", self.scalar(0.5), x), self.node("Add", self.scalar(1), inner))

    def heads(self, x, count, size, order=(0, 2, 1, 3)):
        return self.node("Transpose", self.node("Reshape", x, self.ints(0, -1, count, size)), perm=order)

    def attention(self, query, key, value, size, mask=None):
        """softmax(Q K^T / sqrt(size) + mask) V; `key` is [.., size, length]."""
        scores = self.node("Div", self.node("MatMul", query, key), self.scalar(np.sqrt(size)))
        if mask:
            scores = self.node("Add", scores, mask)
        return self.node("MatMul", self.node("Softmax", scores, axis=-1), value)

    def merge_heads(self, x, width):
        return self.node("Reshape", self.node("Transpose", x, perm=[0, 2, 1, 3]), self.ints(0, -1, width))

    def save(self, name, path):
        graph = helper.make_graph(self.nodes, name, self.inputs, self.outputs, self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, path)


def encoder_layer(g, x, prefix, width, heads, epsilon, mask):
    """A layer of BERT: normalisation after the addition."""
    size = width // heads
    part = prefix + ".attention."
    query = g.heads(g.linear(x, part + "self.query", width, width), heads, size)
    key = g.heads(g.linear(x, part + "self.key", width, width), heads, size, (0, 2, 3, 1))
    value = g.heads(g.linear(x, part + "self.value", width, width), heads, size)
    y = g.merge_heads(g.attention(query, key, value, size, mask), width)
    y = g.linear(y, part + "output.dense", width, width)
    x = g.layer_norm(g.node("Add", y, x), part + "output.LayerNorm", width, epsilon)
    y = g.gelu(g.linear(x, prefix + ".intermediate.dense", width, 4 * width))
    y = g.linear(y, prefix + ".output.dense", 4 * width, width)
    return g.layer_norm(g.node("Add", y, x), prefix + ".output.LayerNorm", width, epsilon)


def make_encoder(path, weights, width, layers, heads, vocabulary=30522, pooled=False):
    """BERT; `pooled` averages the tokens and normalises, as sentence encoders do."""
    g, epsilon = Graph(weights), 1e-12
    dims = ["batch", "sequence"]
    ids = g.input("input_ids", dims, TensorProto.INT64)
    attention_mask = g.input("attention_mask", dims, TensorProto.INT64)
    types = g.input("token_type_ids", dims, TensorProto.INT64)
    words = g.node("Gather", g.weight("embeddings.word_embeddings.weight", [vocabulary, width]), ids)
    kinds = g.node("Gather", g.weight("embeddings.token_type_embeddings.weight", [2, width]), types)
    x = g.node("Add", words, kinds)
    # Positions 0, 1, ..: as many as there are tokens.
    length = g.node("Gather", g.node("Shape", ids), g.constant(np.int64(1)))
    positions = g.node("Slice", g.weight("embeddings.position_embeddings.weight", [512, width]), g.ints(0),
                       g.node("Unsqueeze", length, g.ints(0)), g.ints(0))
    x = g.layer_norm(g.node("Add", x, positions), "embeddings.LayerNorm", width, epsilon)
    mask = g.node("Cast", g.node("Unsqueeze", attention_mask, g.ints(1, 2)), to=TensorProto.FLOAT)
    mask = g.node("Mul", g.node("Sub", g.scalar(1), mask), g.scalar(-1e4))
    for layer in range(layers):
        x = encoder_layer(g, x, "encoder.layer.%d" % layer, width, heads, epsilon, mask)
    g.output(x, "last_hidden_state", dims + [width])
    if pooled:
        kept = g.node("Cast", g.node("Unsqueeze", attention_mask, g.ints(-1)), to=TensorProto.FLOAT)
        total = g.node("ReduceSum", g.node("Mul", x, kept), g.ints(1), keepdims=0)
        mean = g.node("Div", total, g.node("ReduceSum", kept, g.ints(1), keepdims=0))
        norm = g.node("ReduceL2", mean, axes=[-1], keepdims=1)
        g.output(g.node("Div", mean, norm), "sentence_embedding", ["batch", width])
    g.save("encoder", path)


def make_minilm(path, safetensors):
    make_encoder(path, Weights(tensors=read_safetensors(safetensors)), 384, 6, 12, pooled=True)


def make_bert_base(path):
    make_encoder(path, Weights(seed=12), 768, 12, 12)


def make_vit(path, width=768, layers=12, heads=12, classes=1000, epsilon=1e-6):
    """ViT-B/16: normalisation before attention and before the perceptron."""
    g = Graph(Weights(seed=16))
    image = g.input("input", ["batch", 3, 224, 224])
    x = g.node("Conv", image, g.weight("patch.weight", [width, 3, 16, 16]), g.weight("patch.bias", [width]),
               kernel_shape=[16, 16], strides=[16, 16])
    x = g.node("Transpose", g.node("Reshape", x, g.ints(0, width, -1)), perm=[0, 2, 1])
    batch = g.node("Gather", g.node("Shape", image), g.ints(0))
    token = g.node("Expand", g.weight("class_token", [1, 1, width]), g.node("Concat", batch, g.ints(1, width), axis=0))
    x = g.node("Add", g.node("Concat", token, x, axis=1), g.weight("positions", [1, 197, width]))
    size = width // heads
    for layer in range(layers):
        part = "layer.%d." % layer
        y = g.layer_norm(x, part + "norm1.norm", width, epsilon)
        joined = g.node("Reshape", g.linear(y, part + "qkv", width, 3 * width), g.ints(0, -1, 3, heads, size))
        joined = g.node("Transpose", joined, perm=[2, 0, 3, 1, 4])
        query, key, value = (g.node("Gather", joined, g.constant(np.int64(i)), axis=0) for i in range(3))
        key = g.node("Transpose", key, perm=[0, 1, 3, 2])
        y = g.merge_heads(g.attention(query, key, value, size), width)
        x = g.node("Add", x, g.linear(y, part + "projection", width, width))
        y = g.layer_norm(x, part + "norm2.norm", width, epsilon)
        y = g.linear(g.gelu(g.linear(y, part + "mlp1", width, 4 * width)), part + "mlp2", 4 * width, width)
        x = g.node("Add", x, y)
    x = g.layer_norm(x, "last.norm", width, epsilon)
    x = g.node("Gather", x, g.constant(np.int64(0)), axis=1)
    g.output(g.linear(x, "head", width, classes), "logits", ["batch", classes])
    g.save("vit_b_16", path)


# Decoders ----------------------------------------------------------------------------

CAPACITY = 96
VOCABULARY = 1000


class Decoder(Graph):
    """One step of decoding one sequence. A cache is [CAPACITY, heads * size], and
    row `position` of it is written."""

    def __init__(self, seed, layers, width, heads, kv_heads):
        super().__init__(Weights(seed))
        self.layers, self.width, self.heads_, self.kv_heads = layers, width, heads, kv_heads
        self.size = width // heads
        self.token = self.input("token", [1], TensorProto.INT64)
        self.position = self.input("position", [1], TensorProto.INT64)
        # What lies behind the position is not attended to.
        row = self.constant(np.arange(CAPACITY, dtype=np.int64))
        future = self.node("Cast", self.node("Greater", row, self.position), to=TensorProto.FLOAT)
        self.mask = self.node("Mul", future, self.scalar(-1e9))

    def embed(self):
        table = self.weight("embedding.weight", [VOCABULARY, self.width])
        return self.node("Gather", table, self.node("Unsqueeze", self.token, self.ints(0)))  # [1, 1, width]

    def remember(self, name, row):
        """The cache `name` with `row` [1, 1, heads * size] at the position."""
        width = self.kv_heads * self.size
        cache = self.input("past_" + name, [CAPACITY, width])
        update = self.node("Reshape", row, self.ints(1, width))
        index = self.node("Unsqueeze", self.position, self.ints(0))  # [1, 1]
        cache = self.node("ScatterND", cache, index, update)
        self.output(cache, "present_" + name, [CAPACITY, width])
        return self.node("Reshape", cache, self.ints(1, CAPACITY, self.kv_heads, self.size))

    def attend(self, query, key, value, layer):
        """All of [1, 1, width] and [1, 1, kv_heads * size]."""
        key = self.node("Transpose", self.remember("key_%d" % layer, key), perm=[0, 2, 3, 1])
        value = self.node("Transpose", self.remember("value_%d" % layer, value), perm=[0, 2, 1, 3])
        groups = self.heads_ // self.kv_heads
        if groups > 1:
            key, value = self.repeat(key, groups), self.repeat(value, groups)
        query = self.heads(query, self.heads_, self.size)
        return self.merge_heads(self.attention(query, key, value, self.size, self.mask), self.width)

    def repeat(self, x, groups):
        """Each head of [1, kv_heads, a, b] `groups` times."""
        x = self.node("Unsqueeze", x, self.ints(2))
        x = self.node("Expand", x, self.node("Mul", self.node("Shape", x), self.ints(1, 1, groups, 1, 1)))
        tail = self.node("Slice", self.node("Shape", x), self.ints(3), self.ints(5))
        return self.node("Reshape", x, self.node("Concat", self.ints(1, self.heads_), tail, axis=0))

    def finish(self, x, name, path):
        logits = self.node("MatMul", x, self.weight("head.weight", [VOCABULARY, self.width], transposed=True))
        self.output(self.node("Reshape", logits, self.ints(1, VOCABULARY)), "logits", [1, VOCABULARY])
        self.save(name, path)


def make_gpt2(path, layers=4, width=256, heads=4):
    """GPT-2: learned positions, layer normalisation, one product for Q, K and V."""
    g = Decoder(2, layers, width, heads, heads)
    x = g.node("Add", g.embed(), g.node("Gather", g.weight("positions", [CAPACITY, width]), g.position))
    for layer in range(layers):
        part = "layer.%d." % layer
        y = g.layer_norm(x, part + "norm1.norm", width, 1e-5)
        query, key, value = g.node("Split", g.linear(y, part + "qkv", width, 3 * width), g.ints(width, width, width),
                                   outputs=3, axis=2)
        y = g.attend(query, key, value, layer)
        x = g.node("Add", x, g.linear(y, part + "projection", width, width))
        y = g.layer_norm(x, part + "norm2.norm", width, 1e-5)
        y = g.linear(g.gelu_tanh(g.linear(y, part + "mlp1", width, 4 * width)), part + "mlp2", 4 * width, width)
        x = g.node("Add", x, y)
    g.finish(g.layer_norm(x, "last.norm", width, 1e-5), "gpt2_step", path)


def rotate(g, x, heads, cosine, sine):
    """Rotary embedding of [1, 1, heads * size], as x cos + rotate_half(x) sin."""
    half = g.size // 2
    x = g.node("Reshape", x, g.ints(1, 1, heads, g.size))
    first = g.node("Slice", x, g.ints(0), g.ints(half), g.ints(3))
    second = g.node("Slice", x, g.ints(half), g.ints(2**31 - 1), g.ints(3))
    turned = g.node("Concat", g.node("Neg", second), first, axis=-1)
    y = g.node("Add", g.node("Mul", x, cosine), g.node("Mul", turned, sine))
    return g.node("Reshape", y, g.ints(1, 1, heads * g.size))


def make_llama(path, layers=4, width=256, heads=8, kv_heads=2, hidden=688):
    """LLaMA: RMS normalisation, rotary embedding, grouped queries, gated perceptron."""
    g = Decoder(3, layers, width, heads, kv_heads)
    angles = np.outer(np.arange(CAPACITY), 10000.0 ** (-np.arange(0, g.size, 2) / g.size))
    angles = np.concatenate([angles, angles], axis=1)
    cosine = g.node("Gather", g.constant(np.cos(angles).astype(np.float32)), g.position)
    sine = g.node("Gather", g.constant(np.sin(angles).astype(np.float32)), g.position)
    x = g.embed()
    for layer in range(layers):
        part = "layer.%d." % layer
        y = g.rms_norm(x, part + "norm1.norm", width)
        query = rotate(g, g.linear(y, part + "query", width, width, bias=False), heads, cosine, sine)
        key = rotate(g, g.linear(y, part + "key", width, kv_heads * g.size, bias=False), kv_heads, cosine, sine)
        value = g.linear(y, part + "value", width, kv_heads * g.size, bias=False)
        y = g.attend(query, key, value, layer)
        x = g.node("Add", x, g.linear(y, part + "output", width, width, bias=False))
        y = g.rms_norm(x, part + "norm2.norm", width)
        gate = g.linear(y, part + "gate", width, hidden, bias=False)
        gate = g.node("Mul", gate, g.node("Sigmoid", gate))
        y = g.node("Mul", gate, g.linear(y, part + "up", width, hidden, bias=False))
        x = g.node("Add", x, g.linear(y, part + "down", hidden, width, bias=False))
    g.finish(g.rms_norm(x, "last.norm", width), "llama_step", path)


def make_all(folder, safetensors=None):
    make_bert_base(folder / "bert_base.onnx")
    make_vit(folder / "vit_b_16.onnx")
    make_gpt2(folder / "gpt2_step.onnx")
    make_llama(folder / "llama_step.onnx")
    if safetensors:
        make_minilm(folder / "minilm.onnx", safetensors)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    make_all(folder, *sys.argv[2:])


if __name__ == "__main__":
    main()
