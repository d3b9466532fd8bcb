#!/usr/bin/env python3
"""Writes README.md's table of features from the last run of the tests.

    feature_table.py --build DIR

Reads what test/run.py left in DIR (summary.json, onnx-*.json, models.json) and
replaces the lines between the two markers.
"""

import argparse
import collections
import json
import pathlib
import re
import statistics

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARKERS = ("<!-- features: begin -->\n", "<!-- features: end -->\n")


def load(path):
    return json.loads(path.read_text()) if path.exists() else {}


def count_operators():
    """Operators with a record of their own, which is what lowers."""
    names = set()
    for page in (ROOT / "include/ge-mlir/Dialect/GE/IR").glob("GEOps*.td"):
        names |= set(re.findall(r"^\s*def GE_(\w+)Op\b", page.read_text(), re.M))
    return len(names)


def rows(build):
    summary, models = load(build / "test/summary.json"), load(build / "models.json").get("models", [])
    yield "GE operators with verifier, inference, reference and lowering", str(count_operators())
    suites = collections.defaultdict(collections.Counter)
    for path in sorted(build.glob("onnx-*.json"), key=lambda path: path.stem):
        release, _, which = path.stem[5:].partition("-")
        title = {"": "node tests", "npu": "node tests on a simulated NPU"}.get(which, "graphs and layers of PyTorch")
        suites[release, title].update(test["status"] for test in load(path))
    for (release, title), found in suites.items():
        yield "ONNX %s %s (%d)" % (release, title, sum(found.values())), (
            "%(passed)d pass, %(unsupported)d unsupported, %(failed)d fail" % found)
    passed = [model for model in models if model["status"] == "passed"]
    if models:
        speed = lambda threads: statistics.geometric_mean(
            model["ort_%d" % threads] / model["ours_%d" % threads] for model in passed if "ours_%d" % threads in model)
        yield "real networks against ONNX Runtime", (
            "%d of %d agree, worst error %.0e; on average %.1f× as fast on 1 thread, %.1f× on 2" % (
                len(passed), len(models), max(model["error"] for model in passed), speed(1), speed(2)))
    library = build / "install/lib64/libGeMlirRuntime.so"
    if library.exists():
        yield "runtime library without LLVM, MLIR, protobuf", "%.1f MB" % (library.stat().st_size / 1e6)
    names = {"lit": "IR tests", "unit": "unit tests", "clients": "client programs", "python": "Python tests",
             "engines": "cases of operators on simulated NPUs", "models-npu": "runs of real networks on simulated NPUs"}
    for kind, name in names.items():
        if kind in summary:
            yield name, "%(passed)d pass, %(failed)d fail" % summary[kind]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=ROOT / "build", type=pathlib.Path)
    build = parser.parse_args().build
    table = "| feature | as the tests found it |\n| --- | --- |\n"
    table += "".join("| %s | %s |\n" % row for row in rows(build))
    readme = ROOT / "README.md"
    before, rest = readme.read_text().split(MARKERS[0])
    after = rest.split(MARKERS[1])[1]
    readme.write_text(before + MARKERS[0] + table + MARKERS[1] + after)


if __name__ == "__main__":
    main()
