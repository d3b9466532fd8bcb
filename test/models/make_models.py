#!/usr/bin/env python3
"""Makes ResNet-50 and MobileNetV2 as ONNX models with seeded random weights.

The architectures are the published ones; speed and correctness do not depend
on training. Weights are drawn so that activations keep their size through the
layers. Needs the packages `onnx` and `numpy`.

    make_models.py DIRECTORY
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Builder:
    """A graph in the making; each method returns the name of its result."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights = [], []

    def weight(self, array):
        name = "w%d" % len(self.weights)
        self.weights.append(numpy_helper.from_array(np.asarray(array, np.float32), name))
        return name

    def node(self, kind, inputs, **attributes):
        name = "%s_%d" % (kind, len(self.nodes))
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def conv(self, x, channels, filters, kernel, stride=1, groups=1, activation=None, gain=1.0):
        """Convolution, batch normalization, activation."""
        fan_in = channels // groups * kernel * kernel
        shape = (filters, channels // groups, kernel, kernel)
        w = self.random.standard_normal(shape) * np.sqrt(2.0 / fan_in)
        pad = kernel // 2
        x = self.node("Conv", [x, self.weight(w)], kernel_shape=[kernel] * 2, strides=[stride] * 2,
                      pads=[pad] * 4, group=groups)
        scale = gain * self.random.uniform(0.8, 1.2, filters)
        statistics = (scale, self.random.normal(0, 0.1, filters), self.random.normal(0, 0.1, filters),
                      self.random.uniform(0.8, 1.2, filters))
        x = self.node("BatchNormalization", [x] + [self.weight(s) for s in statistics], epsilon=1e-5)
        if activation == "relu":
            x = self.node("Relu", [x])
        elif activation == "relu6":
            x = self.node("Clip", [x, self.weight(0.0), self.weight(6.0)])
        return x

    def classifier(self, x, channels, classes):
        x = self.node("Flatten", [self.node("GlobalAveragePool", [x])], axis=1)
        w = self.random.standard_normal((classes, channels)) / np.sqrt(channels)
        return self.node("Gemm", [x, self.weight(w), self.weight(self.random.normal(0, 0.1, classes))], transB=1)

    def save(self, name, result, path, classes):
        graph = helper.make_graph(
            self.nodes, name,
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, 224, 224])],
            [helper.make_tensor_value_info(result, TensorProto.FLOAT, ["batch", classes])],
            self.weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, path)


def make_resnet50(path, classes=1000):
    b = Builder(50)
    x = b.conv("input", 3, 64, 7, stride=2, activation="relu")
    x = b.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    channels = 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        width = 64 << stage
        for block in range(blocks):
            stride = 2 if stage and block == 0 else 1
            y = b.conv(x, channels, width, 1, activation="relu")
            y = b.conv(y, width, width, 3, stride=stride, activation="relu")
            y = b.conv(y, width, 4 * width, 1, gain=0.3)
            if block == 0:
                x = b.conv(x, channels, 4 * width, 1, stride=stride)
                channels = 4 * width
            x = b.node("Relu", [b.node("Add", [y, x])])
    b.save("resnet50", b.classifier(x, channels, classes), path, classes)


def make_mobilenetv2(path, classes=1000):
    b = Builder(2)
    x, channels = b.conv("input", 3, 32, 3, stride=2, activation="relu6"), 32
    settings = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for expansion, filters, blocks, first_stride in settings:
        for block in range(blocks):
            stride = first_stride if block == 0 else 1
            wide = channels * expansion
            y = x if expansion == 1 else b.conv(x, channels, wide, 1, activation="relu6")
            y = b.conv(y, wide, wide, 3, stride=stride, groups=wide, activation="relu6")
            y = b.conv(y, wide, filters, 1)
            x = b.node("Add", [x, y]) if stride == 1 and channels == filters else y
            channels = filters
    x = b.conv(x, channels, 1280, 1, activation="relu6")
    b.save("mobilenetv2", b.classifier(x, 1280, classes), path, classes)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    make_resnet50(folder / "resnet50.onnx")
    make_mobilenetv2(folder / "mobilenetv2.onnx")


if __name__ == "__main__":
    main()
