# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of the Python package; they run on an installed ge_mlir."""

import hashlib
import os
import pathlib
import re
import struct
import tempfile
import threading
import unittest

import ge_mlir
import numpy as np
import onnx
from ge_mlir import ops
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

    def test_sequences_of_any_length(self):
        """One model of any length gives what models of each length give."""
        random = np.random.default_rng(5)
        for kind, gates in (("LSTM", 4), ("GRU", 3), ("RNN", 1)):
            parameters = [random.standard_normal((2, gates * 5, columns)).astype(np.float32) for columns in (3, 5)]
            graph = helper.make_graph(
                [helper.make_node(kind, ["x", "w", "r"], ["y", "h"], kind, hidden_size=5, direction="bidirectional")],
                "sequence",
                [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["length", "batch", 3])],
                [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("y", "h")],
                [numpy_helper.from_array(value, name) for name, value in zip("wr", parameters)],
            )
            data = serialize(graph)
            model = ge_mlir.from_onnx(data).compile()
            for length, batch in ((6, 2), (1, 1), (3, 4), (11, 1)):
                x = random.standard_normal((length, batch, 3)).astype(np.float32)
                expected = ge_mlir.from_onnx(data, input_shapes={"x": x.shape}).compile().run(x=x)
                for name, found in model.run(x=x).items():
                    np.testing.assert_allclose(found, expected[name], rtol=1e-5, atol=1e-6, err_msg=kind)

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


class Races(unittest.TestCase):
    def without_a_flag(self, data):
        """The model `data`, each time with a flag less: nothing in its command's place."""
        digest_at = data.rindex(b"ge_mlir.hash") + len(b"ge_mlir.hash")
        zeros, nothing = bytes(hashlib.sha256().digest_size), 0x13
        for at in range(data.index(b"\x7fELF"), digest_at - 4, 4):
            (word,) = struct.unpack_from("<I", data, at)
            if word & 0x7F == 0x0B and word >> 12 & 7 == 2:  # np.flag
                edited = bytearray(data)
                struct.pack_into("<I", edited, at, nothing)
                edited[digest_at : digest_at + len(zeros)] = zeros
                edited[digest_at : digest_at + len(zeros)] = hashlib.sha256(edited).digest()
                yield ge_mlir.load(bytes(edited))

    def test_a_missing_flag_is_a_race_where_one_looks(self):
        x, y = (ge_mlir.input(name, (64, 100)) for name in "xy")
        model = ge_mlir.from_values([x, y], [ops.Add(x, y)]).compile("Ascend910B1")
        arrays = [np.full((64, 100), value, np.float32) for value in (1, 2)]
        (result,) = model.run(arrays, check_races=True).values()
        self.assertTrue(np.all(result == 3))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "add.om")
            model.save(path)
            data = path.read_bytes()
        races = {False: 0, True: 0}
        for broken in self.without_a_flag(data):
            for look in races:
                with self.assertRaises(ge_mlir.Error) as context:
                    broken.run(arrays, check_races=look)
                races[look] += " race: " in context.exception.text
        self.assertEqual(races[False], 0)
        self.assertGreater(races[True], 0)


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


class Builders(unittest.TestCase):
    """Graphs made by the functions of ge_mlir.ops."""

    def setUp(self):
        random = np.random.default_rng(3)
        self.array = random.standard_normal((4, 16)).astype(np.float32)
        self.weights = random.standard_normal((16, 8)).astype(np.float32)
        self.bias = random.standard_normal(8).astype(np.float32)
        self.x = ge_mlir.input("x", (4, 16))

    def run_values(self, outputs):
        return list(ge_mlir.from_values([self.x], outputs).compile().run(x=self.array).values())

    def test_perceptron(self):
        [y] = self.run_values([ops.Relu(ops.MatMulV2(self.x, self.weights, self.bias))])
        np.testing.assert_allclose(y, np.maximum(self.array @ self.weights + self.bias, 0), rtol=1e-5, atol=1e-6)

    def test_names_reach_the_ir(self):
        graph = ge_mlir.from_values([self.x], [ops.Relu(self.x, name="rectifier")], name="net")
        self.assertIn("@net", graph.ir())
        self.assertIn("rectifier", graph.ir())

    def test_dynamic_inputs_and_outputs(self):
        left, right = ops.Split(np.int32(1), self.x, num_split=2, num_y=2)
        both, first = self.run_values([ops.ConcatV2([right, left], np.int32(1), N=2), left])
        np.testing.assert_array_equal(both, np.concatenate([self.array[:, 8:], self.array[:, :8]], 1))
        np.testing.assert_array_equal(first, self.array[:, :8])

    def test_subgraphs(self):
        def body(make):
            value = ge_mlir.input("value", (4, 16))
            return ge_mlir.from_values([value], [make(value)], name=make.__name__)

        positive = ge_mlir.input("positive", (), "bool")
        [y] = ops.If(positive, [self.x], then_branch=body(ops.Abs), else_branch=body(ops.Neg), num_output=1)
        model = ge_mlir.from_values([positive, self.x], [y]).compile()
        for flag, expected in ((True, abs(self.array)), (False, -self.array)):
            [found] = model.run(positive=np.bool_(flag), x=self.array).values()
            np.testing.assert_array_equal(found, expected)

    def test_types_by_name(self):
        [y] = self.run_values([ops.Cast(self.x, dst_type="int32")])
        np.testing.assert_array_equal(y, self.array.astype(np.int32))

    def test_a_graph_that_breaks_rules_names_its_node(self):
        bad = ops.MatMulV2(self.x, self.weights[1:], name="bad")
        with self.assertRaises(ge_mlir.Error) as caught:
            ge_mlir.from_values([self.x], [bad]).compile()
        self.assertEqual((caught.exception.code, caught.exception.node), ("E14001", "bad"))

    def test_what_is_no_operand_is_refused(self):
        identity = ge_mlir.from_mlir("")
        for make, text in (
            (lambda: ops.Relu(3), "expected a value or a numpy array"),
            (lambda: ops.ConcatV2(self.x, np.int32(0), N=1), "expected a sequence"),
            (lambda: ops.Cast(self.x, dst_type=[1]), "expected Int"),
            (lambda: ops.Cast(self.x, dst_type="floaty"), "unknown data type 'floaty'"),
            (lambda: ops.Const(value=None), "expected Tensor"),
            (lambda: ops.Split(np.int32(1), self.x, num_split=2, num_y=-1), "expected a number of outputs"),
            (lambda: ops.If(self.x, [], then_branch=identity, else_branch=identity, num_output=0), "no graph of values"),
            (lambda: ge_mlir.from_values([ops.Relu(self.x)], []), "expected what input() returns"),
            (lambda: ge_mlir.from_values([self.x], [3]), "expected a value"),
        ):
            with self.subTest(text), self.assertRaises((TypeError, ValueError)) as caught:
                make()
            self.assertIn(text, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
