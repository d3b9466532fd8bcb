#!/usr/bin/env python3
# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a folder of ONNX backend tests through ge-compile and ge-run.

  conformance.py --data DIR [--device NAME] [--open] [--json FILE] [--bin-dir DIR]

Every test has a model.onnx and folders test_data_set_N with input_K.pb and
output_K.pb. Where a model needs the value of an input while it is compiled (a
shape, axes, a trip count), the input is fixed to the test's value and the model
compiled again; such tests are counted apart, in the line before the last.

The last line reads: conformance: P passed, U unsupported, F failed of N
"""

import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import tensors

PASSED, UNSUPPORTED, FAILED = "passed", "unsupported", "failed"
# The compiler's ways of saying that it will not, rather than that it cannot go on.
REFUSAL = re.compile(r"\[E1600[2-8]\]|not supported|unsupported")
WANTS_VALUE = re.compile(r"depends on the graph input '([^']*)', expected a constant")
# Their numbers are not those of the tests; types and shapes are compared.
RANDOM = {"Bernoulli", "Dropout", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}
# Larger inputs are data, whatever the compiler would like to know.
LARGEST_FIXED = 64
# Tests whose data were made with a value that their model does not state.
CONTRADICTORY = {"test_adam_multiple": "the test's data were made with an epsilon of 1e-2, its model says none"}


class Outcome:
    def __init__(self, name, status, reason="", fixed=()):
        self.name, self.status, self.reason, self.fixed = name, status, reason, list(fixed)
        self.operators, self.types = [], []

    def describe(self, model):
        """Keeps the operators of the model and the types of its inputs."""
        self.operators = sorted(model.operators)
        self.types = sorted({tensors.NAMES.get(value.kind, "") for value in model.inputs} - {""})
        return self


def find_tool(name, bin_dir):
    candidates = [bin_dir] if bin_dir else []
    here = os.path.dirname(os.path.abspath(__file__))
    candidates.append(os.path.join(here, "..", "..", "build", "bin"))
    for folder in candidates:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return os.path.abspath(path)
    path = shutil.which(name)
    if not path:
        sys.exit("conformance.py: %s not found: build it, or name its folder with --bin-dir" % name)
    return path


def run(command, timeout):
    """(exit status, text); a signal is a negative status, a timeout is None."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout
        )
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return None, "no result after %d seconds" % timeout


def first_reason(text):
    """The line of a refusal that says why, without what differs from test to test."""
    for line in text.splitlines():
        if REFUSAL.search(line):
            line = re.sub(r"^.*?error: ", "", line)
            line = re.sub(r"node '[^']*': ", "", line)
            return line.strip()
    lines = text.strip().splitlines()
    return lines[0] if lines else "no message"


def fits(dims, declared):
    return len(dims) == len(declared) and all(b in (-1, a) for a, b in zip(dims, declared))


class Runner:
    def __init__(self, options):
        self.options = options
        self.compiler = find_tool("ge-compile", options.bin_dir)
        self.runner = find_tool("ge-run", options.bin_dir)

    def compile(self, model, given, folder):
        """Compiles, fixing inputs as asked. Returns (status, reason, model, fixed)."""
        fixed = []
        while True:
            onnx, om = os.path.join(folder, "model.onnx"), os.path.join(folder, "model.om")
            with open(onnx, "wb") as file:
                file.write(model.data)
            shapes = []
            for value in model.inputs:
                dims = given[value.name][1].dims
                if value.dims is not None and not fits(dims, value.dims):
                    raise tensors.Unsupported("the test's data do not fit its model")
                # Elements smaller than a byte are packed in a tensor of known shape.
                packed = value.kind in tensors.SMALL and tensors.SMALL[value.kind][0] < 8
                if value.dims is None or (-1 in value.dims and (packed or not self.options.open)):
                    shapes.append("%s:%s" % (value.name, ",".join(map(str, dims))))
            command = [self.compiler, onnx, "-o", om, "--device=" + self.options.device]
            if shapes:
                command.append("--input_shape=" + ";".join(shapes))
            status, text = run(command, self.options.timeout)
            if status == 0:
                return PASSED, "", model, fixed
            if status is None or status < 0:
                return FAILED, "ge-compile: " + (text if status is None else "signal %d" % -status), model, fixed
            wanted = [name for name in WANTS_VALUE.findall(text) if name in given and name not in fixed]
            wanted = [name for name in wanted if len(given[name][1]) <= LARGEST_FIXED]
            if not wanted:
                refused = REFUSAL.search(text)
                return (UNSUPPORTED if refused else FAILED), first_reason(text), model, fixed
            for name in dict.fromkeys(wanted):
                model = model.with_initializer(name, given[name][0])
                fixed.append(name)

    def execute(self, model, given, expected, folder):
        command = [self.runner, os.path.join(folder, "model.om"), "--output-dir", folder]
        report = os.path.join(folder, "report.json")
        command.append("--json=" + report)
        for index, value in enumerate(model.inputs):
            tensor = given[value.name][1]
            path = os.path.join(folder, "input_%d.npy" % index)
            if value.kind == tensors.BFLOAT16 or value.kind in tensors.SMALL:  # .npy has no such type
                path = os.path.join(folder, "input_%d.bin" % index)
                with open(path, "wb") as file:
                    file.write(tensor.data or struct.pack("<%dH" % len(tensor.values), *tensor.values))
                if tensor.dims:
                    command += ["--input-shape", "%s:%s" % (value.name, ",".join(map(str, tensor.dims)))]
            else:
                tensors.write_npy(path, tensor)
            command += ["--input", "%s=%s" % (value.name, path)]
        status, text = run(command, self.options.timeout)
        if status != 0:
            if status is None or status < 0:
                return FAILED, "ge-run: " + (text if status is None else "signal %d" % -status)
            return FAILED, "ge-run: " + first_reason(text)
        with open(report) as file:
            outputs = json.load(file)["outputs"]
        if len(outputs) != len(expected):
            return FAILED, "found %d outputs, expected %d" % (len(outputs), len(expected))
        for value, output, tensor in zip(model.outputs, outputs, expected):
            rtol = self.options.rtol
            if value.kind == tensors.BFLOAT16 and tensor.dtype == "<u2":
                # Eight bits of mantissa, which the tests cut off rather than round.
                tensor, rtol = tensors.from_bfloat16(tensor), 2**-7
            path = output["file"]
            path = path if os.path.isabs(path) else os.path.join(folder, path)
            if value.kind in tensors.SMALL:
                with open(path, "rb") as file:
                    found = tensors.decode(value.kind, output["shape"], file.read())
            else:
                found = tensors.read_npy(path)
            difference = tensors.compare(found, tensor, rtol, self.options.atol)
            if difference and difference.startswith("element ") and RANDOM & model.operators:
                return UNSUPPORTED, "random numbers, which cannot be compared"
            if difference:
                return FAILED, "output '%s': %s" % (output["name"], difference)
        return PASSED, ""

    def data_sets(self, path):
        sets = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.startswith("test_data_set_")]
        return [folder for folder in sets if os.path.isdir(folder)]

    def read(self, folder, kind, values):
        """[(bytes, tensor)] for input_K.pb or output_K.pb."""
        result = []
        for index, value in enumerate(values):
            if not value.is_tensor:
                raise tensors.Unsupported("%s '%s' is a sequence, map or optional" % (kind, value.name))
            with open(os.path.join(folder, "%s_%d.pb" % (kind, index)), "rb") as file:
                data = file.read()
            result.append((data, tensors.parse_tensor(data)))
        return result

    def test(self, path):
        with open(os.path.join(path, "model.onnx"), "rb") as file:
            model = tensors.Model(file.read())
        return self.test_model(path, model).describe(model)

    def test_model(self, path, model):
        name = os.path.basename(path)
        try:
            sets = self.data_sets(path)
            if not sets:
                return Outcome(name, UNSUPPORTED, "the test has no data")
            fixed = []
            for folder in sets:
                inputs = self.read(folder, "input", model.inputs)
                expected = [tensor for _, tensor in self.read(folder, "output", model.outputs)]
                given = {value.name: data for value, data in zip(model.inputs, inputs)}
                if self.options.open:
                    model = model.opened()
                with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
                    status, reason, compiled, fixed = self.compile(model, given, scratch)
                    if status == PASSED:
                        status, reason = self.execute(compiled, given, expected, scratch)
                if status == FAILED and reason.startswith("output ") and name in CONTRADICTORY:
                    status, reason = UNSUPPORTED, CONTRADICTORY[name]
                if status != PASSED:
                    return Outcome(name, status, reason, fixed)
            return Outcome(name, PASSED, "", fixed)
        except tensors.Unsupported as reason:
            return Outcome(name, UNSUPPORTED, str(reason))
        except Exception as problem:  # a test never ends the run
            return Outcome(name, FAILED, "%s: %s" % (type(problem).__name__, problem))


def collect(data, pattern):
    """The folders below `data` that hold a model.onnx."""
    found = []
    for folder, children, files in os.walk(data):
        children.sort()
        if "model.onnx" in files and re.search(pattern, os.path.basename(folder)):
            found.append(folder)
    return found


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="folder of tests, at any depth")
    parser.add_argument("--device", default="Host", help="device to compile for (default: Host)")
    parser.add_argument("--json", help="file for the outcome of every test")
    parser.add_argument("--bin-dir", help="folder of ge-compile and ge-run (default: the build tree's, then PATH)")
    parser.add_argument("--filter", default="", help="regular expression that a test's name must match")
    parser.add_argument("--open", action="store_true", help="compile with every dimension of the inputs dynamic")
    parser.add_argument("--verbose", action="store_true", help="print every test")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2, help="tests at a time")
    parser.add_argument("--timeout", type=int, default=60, help="seconds for one compilation or execution")
    parser.add_argument("--at-least", type=int, default=0, help="also fail unless so many tests pass")
    parser.add_argument("--rtol", type=float, default=1e-3)
    parser.add_argument("--atol", type=float, default=1e-5)
    return parser.parse_args()


def main():
    options = parse_arguments()
    runner = Runner(options)
    paths = collect(options.data, options.filter)
    if not paths:
        sys.exit("conformance.py: no tests in %s" % options.data)
    outcomes = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for outcome in pool.map(runner.test, paths):
            outcomes.append(outcome)
            if options.verbose or outcome.status == FAILED:
                print("%-12s %s%s" % (outcome.status, outcome.name, outcome.reason and ": " + outcome.reason), flush=True)
    counts = collections.Counter(outcome.status for outcome in outcomes)
    reasons = collections.Counter(outcome.reason for outcome in outcomes if outcome.status == UNSUPPORTED)
    for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        print("unsupported  %4d  %s" % (count, reason))
    if options.json:
        with open(options.json, "w") as file:
            json.dump([vars(outcome) for outcome in outcomes], file, indent=1)
    fixed = sum(1 for outcome in outcomes if outcome.status == PASSED and outcome.fixed)
    print("of the tests that passed, %d had inputs fixed when compiled" % fixed)
    print(
        "conformance: %d passed, %d unsupported, %d failed of %d"
        % (counts[PASSED], counts[UNSUPPORTED], counts[FAILED], len(outcomes))
    )
    return 0 if counts[PASSED] >= options.at_least and not counts[FAILED] else 1


if __name__ == "__main__":
    sys.exit(main())
