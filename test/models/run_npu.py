#!/usr/bin/env python3
"""Compiles real networks for simulated NPUs, runs them there, and compares.

    run_npu.py --install DIR [--cache DIR] [--json FILE] [--all] [NAME...]

Each model runs on an NPU with all its cores, on slices of it with four and with
one, and on another NPU in as much f16 as it can take (PRECISION), with --all also on
the first. Accesses without an order are looked for; counting cycles must not change
a byte of the results; and every output element must be within the tolerance of
run_models.py (f32) or 1e-2 (f16) times max(|b|, rms(b)) of ONNX Runtime's b in f32.
What takes long to simulate runs if it is named, or with --all. Needs the packages
of test/requirements.txt.
"""

import argparse
import os
import pathlib
import sys
import tempfile
import time

import numpy as np
import onnxruntime

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fetch
import run_models
from run_models import Failure

# device, whether in f16 as far as the model takes it, whether cycles are counted
RUNS = [
    ("Ascend910B1", False, True),
    ("Ascend910B1:4", False, False),
    ("Ascend910B1:1", False, False),
    ("Ascend310P3", True, True),
]
RUNS_OF_ALL = RUNS + [("Ascend910B1", True, True)]
TOLERANCE_F16 = 1e-2

# More than half a minute for all runs, or much like another.
LARGE = {"ppocr-det-480x640", "ppocr-det-any", "ppocr-rec-any", "minilm-any", "bert-base-128", "vit-b-16"}

# What networks take that are not within the tolerance in force_fp16, where every result
# is stored in f16: operands of products alone in f16; or, where it stands beside the
# name, f32, because these operands alone are too much, whoever computes with them
# (measure_rounding.py; docs/HalfPrecision.md has its figures).
CUBE, F32 = "cube_fp16in_fp32out", ""
PRECISION = {"fr_feature": F32, "fr_gender": CUBE, "fr_pose": CUBE, "gpt2-step": F32, "llama-step": F32,
             "minilm-128": CUBE, "minilm-any": CUBE, "mobilenetv2": F32, "ppocr-det-640": F32,
             "ppocr-det-480x640": F32, "ppocr-det-any": F32, "ppocr-rec": F32, "ppocr-rec-any": F32,
             "silero-v5-any": F32}

STEPS = 3


def make_cases(run, entry, model):
    """The shapes to compile for, and inputs beside ONNX Runtime's outputs."""
    random = np.random.default_rng(1234)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]

    def judged(inputs):
        return inputs, dict(zip(names, session.run(None, inputs)))

    if run is run_models.run_model:
        return run_models.write_shapes(entry[3]), [judged(run_models.make_inputs(model, entry[3], random))]
    if run is run_models.run_dynamic:
        return entry[3], [judged(run_models.make_inputs(model, shapes, random)) for shapes in entry[4]]
    shapes, rate, carried = entry[3:]
    inputs = {key: np.zeros(shape, np.float32) for key, shape in shapes.items()} | {"sr": np.array(rate, np.int64)}
    cases = []
    for _ in range(STEPS):
        inputs["input"] = 0.1 * random.standard_normal(shapes["input"]).astype(np.float32)
        cases.append(judged(dict(inputs)))
        inputs.update({carried[name]: array for name, array in cases[-1][1].items() if name in carried})
    return run_models.write_shapes(shapes), cases


def run_case(tools, environment, om, case, tolerance, counted):
    """The largest error of one execution, and its cycles if they are counted."""
    inputs, expected = case
    options = ["--threads=1", "--check-races"] + (["--profile"] if counted else [])
    ours, data = run_models.execute(tools, environment, om, inputs, options)
    error = max(run_models.distance(a, b) for _, a, b in run_models.match(ours, expected))
    if not error <= tolerance:
        raise Failure("relative error %.2g, allowed %.2g" % (error, tolerance))
    if not counted:
        return error, 0
    untimed, _ = run_models.execute(tools, environment, om, inputs, ["--threads=1"])
    for name in ours:
        if ours[name].tobytes() != untimed[name].tobytes():
            raise Failure("output '%s' differs when cycles are counted" % name)
    return error, sum(kernel["cycles"] for kernel in data["profile"])


def run_on(device, precision, counted, model, shapes, cases, tools, environment, result):
    start = time.perf_counter()
    try:
        options = ["--precision_mode=" + precision] if precision else []
        tolerance = TOLERANCE_F16 if precision else run_models.TOLERANCE
        with tempfile.TemporaryDirectory() as folder:
            om = pathlib.Path(folder, "model.om")
            run_models.run_tool([tools / "ge-compile", model, "-o", om, "--soc_version=" + device] + options +
                                (["--input_shape=" + shapes] if shapes else []), environment)
            found = [run_case(tools, environment, om, case, tolerance, counted) for case in cases]
        result.update(status="passed", error=max(error for error, _ in found), cycles=sum(c for _, c in found))
    except (Failure, OSError) as failure:
        result["why"] = str(failure)
    result["seconds"] = time.perf_counter() - start


def row(result):
    def number(key, form):
        return form % result[key] if result.get(key) else "-"

    cells = (result["name"], result["device"], result["precision"], result["status"], number("error", "%.1e"),
             number("cycles", "%d"), number("seconds", "%.1f"))
    return "%-18s %-14s %-22s %-8s %9s %11s %9s" % cells + ("  " + result["why"] if "why" in result else "")


def run_entry(run, entry, runs, tools, environment, cache):
    """One result for each run."""
    def start(device, precision):
        return {"name": entry[0], "device": device, "precision": precision or "f32", "status": "failed"}

    runs = [(device, PRECISION.get(entry[0], "force_fp16") if short else F32, counted)
            for device, short, counted in runs]

    try:
        model = run_models.locate(entry[1], cache) / entry[2]
    except (RuntimeError, OSError) as error:
        for device, precision, _ in runs:
            yield start(device, precision) | {"status": "skipped", "why": str(error).strip().splitlines()[0]}
        return
    shapes, cases = make_cases(run, entry, model)
    for device, precision, counted in dict.fromkeys(runs):
        result = start(device, precision)
        run_on(device, precision, counted, model, shapes, cases, tools, environment, result)
        yield result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--install", required=True)
    parser.add_argument("--cache", default=fetch.default_cache())
    parser.add_argument("--json")
    parser.add_argument("--all", action="store_true", help="also what takes long")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    os.makedirs(arguments.cache, exist_ok=True)
    entries = [(run, entry) for run, kind in run_models.KINDS for entry in kind]
    unknown = set(arguments.names) - {entry[0] for _, entry in entries}
    if unknown:
        sys.exit("run_npu.py: unknown model '%s'" % sorted(unknown)[0])
    print("%-18s %-14s %-22s %-8s %9s %11s %9s" % ("model", "device", "precision", "status", "error", "cycles", "seconds"))
    tools = pathlib.Path(arguments.install) / "bin"
    environment = dict(os.environ, ASCEND_HOME_PATH=str(arguments.install))
    results = []
    for run, entry in entries:
        if entry[0] not in arguments.names if arguments.names else entry[0] in LARGE and not arguments.all:
            continue
        runs = RUNS_OF_ALL if arguments.all else RUNS
        for result in run_entry(run, entry, runs, tools, environment, arguments.cache):
            results.append(result)
            print(row(result), flush=True)
    run_models.finish(results, arguments.json)


if __name__ == "__main__":
    main()
