# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the Python package; they run on an installed ge_mlir."""

import os
import pathlib
import re
import tempfile
import threading
import unittest

import ge_mlir
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

README = pathlib.Path(__file__).parents[2] / "README.md"


def perceptron(batch=2, rows=8, columns=5, seed=7):
    """relu(x @ w + b), the ONNX bytes and the numpy function."""
    random = np.random.default_rng(seed)
    w = random.standard_normal((rows, columns)).astype(np.float32)
    b = random.standard_normal(columns).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "w"], ["product"], "product"),
            helper.make_node("Add", ["product", "b"], ["sum"], "sum"),
            helper.make_node("Relu", ["sum"], ["y"], "activation"),
        ],
        "perceptron",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, rows])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [batch, columns])],
        [numpy_helper.from_array(w, "w"), numpy_helper.from_array(b, "b")],
    )
    return serialize(graph), lambda x: np.maximum(x @ w + b, 0)


def serialize(graph):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return model.SerializeToString()


def image_model():
    """A model with one image input `x`, as the README's example expects."""
    w = np.full((4, 3, 3, 3), 0.1, np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "w"], ["c"], "conv", pads=[1, 1, 1, 1]),
            helper.make_node("Relu", ["c"], ["y"], "relu"),
        ],
        "image",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(w, "w")],
    )
    return serialize(graph)


class CompileAndRun(unittest.TestCase):
    def setUp(self):
        self.onnx, self.reference = perceptron()
        self.x = np.random.default_rng(1).standard_normal((2, 8)).astype(np.float32)

    def check(self, model):
        outputs = model.run(x=self.x)
        self.assertEqual(list(outputs), ["y"])
        np.testing.assert_allclose(outputs["y"], self.reference(self.x), rtol=1e-5, atol=1e-6)

    def test_run_in_memory(self):
        self.check(ge_mlir.from_onnx(self.onnx).compile())

    def test_run_from_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.om")
            ge_mlir.from_onnx(self.onnx).compile().save(path)
            self.check(ge_mlir.load(path))
            self.check(ge_mlir.load(path.read_bytes()))
            copy = pathlib.Path(folder, "copy.om")
            ge_mlir.load(path).save(copy)
            self.assertEqual(path.read_bytes(), copy.read_bytes())

    def test_inputs_in_order_and_by_dictionary(self):
        model = ge_mlir.from_onnx(self.onnx).compile()
        expected = self.reference(self.x)
        np.testing.assert_allclose(model.run([self.x])["y"], expected, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(model.run({"x": self.x.tolist()})["y"], expected, rtol=1e-5, atol=1e-6)

    def test_strided_input(self):
        wide = np.zeros((2, 16), np.float32)
        wide[:, ::2] = self.x
        model = ge_mlir.from_onnx(self.onnx).compile()
        np.testing.assert_array_equal(model.run(x=wide[:, ::2])["y"], model.run(x=self.x)["y"])

    def test_signature(self):
        model = ge_mlir.from_onnx(self.onnx).compile()
        (x,), (y,) = model.inputs, model.outputs
        self.assertEqual((x.name, x.dtype, x.shape), ("x", np.float32, (2, 8)))
        self.assertEqual((y.name, y.dtype, y.shape), ("y", np.float32, (2, 5)))

    def test_every_stage_has_text(self):
        graph = ge_mlir.from_onnx(self.onnx)
        for stage, word in (("ge", "ge.mat_mul"), ("linalg", "func.func"), ("npu", "npu.program"),
                            ("llvm", "define"), ("asm", ".text")):
            self.assertIn(word, graph.ir(stage), stage)
        with self.assertRaisesRegex(ValueError, "unknown stage 'om'"):
            graph.ir("om")

    def test_ge_text_compiles_again(self):
        text = ge_mlir.from_onnx(self.onnx).ir("ge")
        self.check(ge_mlir.from_mlir(text).compile())

    def test_same_bytes_each_time(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, name) for name in ("a.om", "b.om")]
            for path in paths:
                ge_mlir.from_onnx(self.onnx).compile().save(path)
            self.assertEqual(paths[0].read_bytes(), paths[1].read_bytes())

    def test_many_threads_run_one_model(self):
        model = ge_mlir.from_onnx(self.onnx).compile()
        expected, wrong = model.run(x=self.x)["y"], []

        def work():
            for _ in range(50):
                if not np.array_equal(model.run(x=self.x)["y"], expected):
                    wrong.append(1)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertFalse(wrong)


class Failures(unittest.TestCase):
    def assert_error(self, code, text):
        test = self

        class Context:
            def __enter__(self):
                return self

            def __exit__(self, kind, error, trace):
                test.assertIsInstance(error, ge_mlir.Error)
                test.assertRegex(error.code, code)
                test.assertRegex(error.text, text)
                self.error = error
                return True

        return Context()

    def test_wrong_inputs(self):
        model = ge_mlir.from_onnx(perceptron()[0]).compile()
        with self.assert_error("InputMismatch", "'x' is missing"):
            model.run()
        with self.assert_error("InputMismatch", "no input is named 'z', the model has: x"):
            model.run(z=np.zeros((2, 8), np.float32))
        with self.assert_error("InputMismatch", r"shape \[8, 2\], expected \[2, 8\]"):
            model.run(x=np.zeros((8, 2), np.float32))
        with self.assert_error("InputMismatch", "type float64, expected float32"):
            model.run(x=np.zeros((2, 8)))

    def test_unknown_operator_names_the_node(self):
        graph = helper.make_graph(
            [helper.make_node("Frobnicate", ["x"], ["y"], "frob")],
            "unknown",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2])],
        )
        with self.assert_error("^E[0-9]{5}$", "Frobnicate") as context:
            ge_mlir.from_onnx(serialize(graph)).compile()
        self.assertEqual(context.error.node, "frob")
        self.assertTrue(context.error.advice)

    def test_damaged_onnx(self):
        data = perceptron()[0]
        with self.assert_error("^E16001$", "its message ends"):
            ge_mlir.from_onnx(data[: len(data) // 2]).compile()

    def test_damaged_om(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.om")
            ge_mlir.from_onnx(perceptron()[0]).compile().save(path)
            data = path.read_bytes()
        with self.assert_error("^ModelSize$", "cut off"):
            ge_mlir.load(data[:-100])
        edited = bytearray(data)
        edited[300] ^= 1
        with self.assert_error("^ModelFormat$", "expected to start at"):
            ge_mlir.load(bytes(edited))
        with self.assert_error("^Model", "header"):
            ge_mlir.load(b"not a model")

    def test_unwritable_folder(self):
        model = ge_mlir.from_onnx(perceptron()[0]).compile()
        with self.assert_error("FileWrite", "missing"):
            model.save("/nonexistent/missing/model.om")

    def test_missing_file(self):
        with self.assert_error("FileRead", "nowhere.om"):
            ge_mlir.load("nowhere.om")


class Readme(unittest.TestCase):
    def test_example_runs(self):
        (code,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.S)
        self.assertLessEqual(len([line for line in code.splitlines() if line.strip()]), 10)
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                pathlib.Path("model.onnx").write_bytes(image_model())
                scope = {}
                exec(compile(code, str(README), "exec"), scope)
                self.assertEqual(scope["outputs"]["y"].shape, (1, 4, 48, 192))
            finally:
                os.chdir(before)


if __name__ == "__main__":
    unittest.main()
