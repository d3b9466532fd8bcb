#!/usr/bin/env python3
"""Compiles real networks, runs them beside ONNX Runtime, and compares.

    run_models.py --install DIR [--cache DIR] [--json FILE] [--iterations N] [NAME...]

For each model: `ge-compile` writes an OM, `ge-run` executes it with 1 and with 2
threads on seeded inputs, ONNX Runtime runs the same inputs, and every output
element must be within 1e-3 * max(|b|, rms(b)) of ONNX Runtime's b. Results with
1 and 2 threads must have the same bytes. Models with open dimensions are compiled
once and compared at several sizes; their times are those of the first, and beside
them stands the time of a model compiled for that size alone. Needs the packages
of test/requirements.txt.
"""

import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import numpy as np
import onnxruntime

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fetch
import make_models
import make_transformers

TOLERANCE = 1e-3

TOKENS = ("input_ids", "attention_mask", "token_type_ids")

# name, group of fetch.py, "made" or "transformers", file, input shapes
MODELS = [
    ("ppocr-det-640", "ocr", "ch_PP-OCRv4_det_infer.onnx", {"x": (1, 3, 640, 640)}),
    ("ppocr-det-480x640", "ocr", "ch_PP-OCRv4_det_infer.onnx", {"x": (1, 3, 480, 640)}),
    ("ppocr-rec", "ocr", "ch_PP-OCRv4_rec_infer.onnx", {"x": (1, 3, 48, 320)}),
    ("ppocr-cls", "ocr", "ch_ppocr_mobile_v2.0_cls_infer.onnx", {"x": (1, 3, 48, 192)}),
    ("fr_detect", "face", "fr_detect.onnx", {"input": (1, 3, 240, 320)}),
    ("fr_age", "face", "fr_age.onnx", {"input": (1, 3, 64, 64)}),
    ("fr_gender", "face", "fr_gender.onnx", {"input": (1, 3, 64, 64)}),
    ("fr_expression", "face", "fr_expression.onnx", {"input": (1, 3, 224, 224)}),
    ("fr_eye", "face", "fr_eye.onnx", {"input": (1, 1, 24, 24)}),
    ("fr_feature", "face", "fr_feature.onnx", {"input": (1, 3, 112, 112)}),
    ("fr_landmark", "face", "fr_landmark.onnx", {"input": (1, 1, 64, 64)}),
    ("fr_liveness", "face", "fr_liveness.onnx", {"input": (1, 3, 128, 128)}),
    ("fr_pose", "face", "fr_pose.onnx", {"input": (1, 3, 224, 224)}),
    ("resnet50", "made", "resnet50.onnx", {"input": (1, 3, 224, 224)}),
    ("mobilenetv2", "made", "mobilenetv2.onnx", {"input": (1, 3, 224, 224)}),
    ("minilm-128", "transformers", "minilm.onnx", dict.fromkeys(TOKENS, (1, 128))),
    ("minilm-4x16", "transformers", "minilm.onnx", dict.fromkeys(TOKENS, (4, 16))),
    ("bert-base-128", "transformers", "bert_base.onnx", dict.fromkeys(TOKENS, (1, 128))),
    ("vit-b-16", "transformers", "vit_b_16.onnx", {"input": (1, 3, 224, 224)}),
    ("gpt2-step", "transformers", "gpt2_step.onnx", {}),
    ("llama-step", "transformers", "llama_step.onnx", {}),
]

# Models of one step, which also decode: so many tokens.
DECODED = 64

# name, group, file, what --input_shape fixes, the sizes to run at (a number is
# the value of a scalar)
DYNAMIC = [
    ("ppocr-cls-any", "ocr", "ch_ppocr_mobile_v2.0_cls_infer.onnx", "x:-1,3,48,-1",
     [{"x": (1, 3, 48, 192)}, {"x": (4, 3, 48, 100)}, {"x": (2, 3, 48, 320)}]),
    ("ppocr-rec-any", "ocr", "ch_PP-OCRv4_rec_infer.onnx", "x:-1,3,48,-1",
     [{"x": (1, 3, 48, 320)}, {"x": (3, 3, 48, 200)}, {"x": (1, 3, 48, 731)}]),
    ("ppocr-det-any", "ocr", "ch_PP-OCRv4_det_infer.onnx", "x:-1,3,-1,-1",
     [{"x": (1, 3, 480, 640)}, {"x": (1, 3, 320, 352)}, {"x": (1, 3, 640, 480)}]),
    ("minilm-any", "transformers", "minilm.onnx", "",
     [dict.fromkeys(TOKENS, shape) for shape in ((1, 128), (3, 17), (1, 64))]),
    ("melspectrogram", "wakeword", "melspectrogram.onnx", "",
     [{"input": shape} for shape in ((1, 16000), (1, 1280), (2, 12345))]),
    ("embedding-any", "wakeword", "embedding_model.onnx", "",
     [{"input_1": (rows, 76, 32, 1)} for rows in (1, 5, 2)]),
    ("silero-v5-any", "vad", "silero_vad_v5.onnx", "",
     [{"input": (batch, rate // 1000 * 32), "state": (2, batch, 128), "sr": rate}
      for batch, rate in ((1, 16000), (2, 16000), (3, 8000), (4, 16000), (1, 8000))]),
]

# Models whose state the caller carries from step to step: name, group, file,
# shapes, the rate of the sound, and which output becomes which input.
STEPS = 20
CARRYING = [
    ("silero-v5", "vad", "silero_vad_v5.onnx", {"input": (1, 512), "state": (2, 1, 128)}, 16000,
     {"stateN": "state"}),
    ("silero-v5-8k", "vad", "silero_vad_v5.onnx", {"input": (1, 256), "state": (2, 1, 128)}, 8000,
     {"stateN": "state"}),
    ("silero-legacy", "vad", "silero_vad_legacy.onnx", {"input": (1, 1536), "h": (2, 1, 64), "c": (2, 1, 64)}, 16000,
     {"hn": "h", "cn": "c"}),
]


# A detector that sees no text answers with numbers near 1e-8, where ONNX
# Runtime's own sigmoid is off by more than the tolerance: show it text.
PICTURE = pathlib.Path(__file__).parent.parent / "clients/ocr_demo/picture.png"


class Failure(Exception):
    pass


def locate(group, cache):
    """The folder with the group's files; they are fetched or made on first use."""
    if group not in ("made", "transformers"):
        return fetch.fetch(group, cache)
    folder = pathlib.Path(cache, "models", group + "-1")
    stamp = folder / "complete"
    if not stamp.exists():
        print("-- making models with seeded weights", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        if group == "made":
            make_models.make_resnet50(folder / "resnet50.onnx")
            make_models.make_mobilenetv2(folder / "mobilenetv2.onnx")
        else:
            make_transformers.make_all(folder, fetch.fetch("minilm", cache) / "model.safetensors")
        stamp.touch()
    return folder


def read_png(path):
    """An 8-bit RGB picture without interlacing, as rows x columns x 3."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
            assert body[8:] == bytes([8, 2, 0, 0, 0]), "expected 8-bit RGB"
        elif kind == b"IDAT":
            packed += body
        at += size + 12
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 3 * width)
    rows, above = [], np.zeros((width, 3), int)
    for line in lines:
        row, left, corner = line[1:].reshape(width, 3).astype(int), np.zeros(3, int), np.zeros(3, int)
        if line[0] == 2:
            row = (row + above) % 256
        elif line[0]:
            for x in range(width):
                up = above[x]
                if line[0] == 1:
                    guess = left
                elif line[0] == 3:
                    guess = (left + up) // 2
                else:  # Paeth: the neighbour nearest to left + up - corner
                    distances = np.abs([up - corner, left - corner, left + up - 2 * corner])
                    guess = np.choose(np.argmin(distances, 0), [left, up, corner])
                left, corner = (row[x] + guess) % 256, up
                row[x] = left
        above = row
        rows.append(row)
    return np.array(rows, np.uint8)


def make_tokens(shapes, random):
    """A batch of sentences of several lengths, padded."""
    shape = shapes["input_ids"]
    lengths = random.integers(shape[1] // 2, shape[1] + 1, shape[0])
    mask = (np.arange(shape[1]) < lengths[:, None]).astype(np.int64)
    return {"input_ids": random.integers(1000, 30000, shape) * mask, "attention_mask": mask,
            "token_type_ids": np.zeros(shape, np.int64)}


def make_inputs(model, shapes, random):
    if "input_ids" in shapes:
        return make_tokens(shapes, random)
    if not shapes:  # a decoder's first step
        inputs = {"token": np.array([1]), "position": np.array([0])}
        session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        return inputs | {v.name: np.zeros(v.shape, np.float32) for v in session.get_inputs() if v.name not in inputs}
    return {key: make_input(model.name, shape, random) for key, shape in shapes.items()}


def make_input(file, shape, random):
    """Seeded noise, or the demo's picture for the detector."""
    if isinstance(shape, int):
        return np.array(shape, np.int64)
    if "_det_" not in file:
        return random.standard_normal(shape).astype(np.float32)
    pixels = read_png(PICTURE)[..., ::-1] / 255.0
    pixels = (pixels - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    padding = [(0, max(0, want - have)) for want, have in zip(shape[2:], pixels.shape)]
    pixels = np.pad(pixels, padding + [(0, 0)], mode="edge")[:shape[2], :shape[3]]
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32)


def run_tool(command, environment):
    result = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True, errors="replace")
    if result.returncode:
        words = (result.stderr or result.stdout).strip().splitlines() or ["no message"]
        raise Failure("%s: %s" % (pathlib.Path(command[0]).name, " | ".join(words[:3])))
    return result


def judge(model, inputs, threads, iterations):
    """ONNX Runtime's outputs by name, and its best median of milliseconds."""
    best, outputs = float("inf"), {}
    for spinning in ("0", "1") if threads > 1 else ("0",):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        options.add_session_config_entry("session.intra_op.allow_spinning", spinning)
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]
        times = []
        for _ in range(iterations + 2):
            start = time.perf_counter()
            results = session.run(None, inputs)
            times.append(1e3 * (time.perf_counter() - start))
        outputs = dict(zip(names, results))
        best = min(best, float(np.median(times[2:])))
    return outputs, best


def execute(tools, environment, om, inputs, options):
    """Our outputs by name, and the report of ge-run."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder, "report.json")
        command = [tools / "ge-run", om, "--output-dir", folder, "--json=%s" % report] + options
        for index, (name, array) in enumerate(inputs.items()):
            path = pathlib.Path(folder, "input-%d.npy" % index)
            np.save(path, array)
            command += ["--input", "%s=%s" % (name, path)]
        run_tool(command, environment)
        data = json.loads(report.read_text())
        return {o["name"]: np.load(pathlib.Path(folder, o["file"])) for o in data["outputs"]}, data


def run_ours(tools, environment, om, inputs, threads, iterations):
    """Our outputs by name, and the median of milliseconds."""
    outputs, data = execute(tools, environment, om, inputs,
                            ["--threads=%d" % threads, "--warmup=2", "--iterations=%d" % iterations])
    return outputs, data["median_ms"]


def distance(ours, theirs):
    """The largest |a-b| / max(|b|, rms(b)) over the elements."""
    if ours.shape != theirs.shape:
        raise Failure("shape %s, expected %s" % (list(ours.shape), list(theirs.shape)))
    if not np.array_equal(np.isfinite(ours), np.isfinite(theirs)):
        raise Failure("finite where ONNX Runtime is not, or the reverse")
    a, b = ours.astype(np.float64), theirs.astype(np.float64)
    scale = np.maximum(np.abs(b), np.sqrt(np.mean(b * b)))
    return float(np.max(np.abs(a - b) / np.maximum(scale, 1e-30)))


def match(ours, theirs):
    """Pairs of outputs by name; an OM may decorate the names, not their order."""
    if len(ours) != len(theirs):
        raise Failure("%d outputs, expected %d" % (len(ours), len(theirs)))
    if set(ours) == set(theirs):
        return [(name, ours[name], theirs[name]) for name in theirs]
    return [(name, mine, theirs[name]) for mine, name in zip(ours.values(), theirs)]


def decode(step, inputs):
    """The tokens that are likeliest, one after the other; `step` maps inputs to
    outputs by name."""
    inputs, tokens = dict(inputs), []
    for position in range(DECODED):
        inputs["position"] = np.array([position])
        outputs = step(inputs)
        tokens.append(int(np.argmax(outputs["logits"])))
        inputs["token"] = np.array([tokens[-1]])
        for name, array in outputs.items():
            if name.startswith("present_"):
                inputs[name.replace("present_", "past_")] = array
    return tokens


def compare_tokens(tools, environment, om, model, inputs):
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]

    def ours(values):
        found, _ = run_ours(tools, environment, om, values, 1, 1)
        return {name: found[mine] for name, mine in zip(names, found)} if set(found) != set(names) else found

    mine = decode(ours, inputs)
    expected = decode(lambda values: dict(zip(names, session.run(None, values))), inputs)
    if mine != expected:
        at = next(i for i, pair in enumerate(zip(mine, expected)) if pair[0] != pair[1])
        raise Failure("token %d is %d, expected %d" % (at, mine[at], expected[at]))


def run_model(entry, model, tools, environment, arguments, result):
    shapes = entry[3]
    random = np.random.default_rng(1234)
    inputs = make_inputs(model, shapes, random)
    with tempfile.TemporaryDirectory() as folder:
        om = pathlib.Path(folder, "model.om")
        compile_model(tools, environment, model, write_shapes(shapes), om, result)
        one, two = {}, {}
        one, result["ours_1"] = run_ours(tools, environment, om, inputs, 1, arguments.iterations)
        theirs, result["ort_1"] = judge(model, inputs, 1, arguments.iterations)
        two, result["ours_2"] = run_ours(tools, environment, om, inputs, 2, arguments.iterations)
        _, result["ort_2"] = judge(model, inputs, 2, arguments.iterations)
        require_same(one, two)
        result["error"] = max(distance(a, b) for _, a, b in match(one, theirs))
        if not shapes:
            compare_tokens(tools, environment, om, model, inputs)
    if not result["error"] <= TOLERANCE:
        raise Failure("relative error %.2g, allowed %.2g" % (result["error"], TOLERANCE))
    result["status"] = "passed"


def require_same(one, two):
    """Results with 1 and with 2 threads."""
    for key in one:
        if one[key].tobytes() != two[key].tobytes():
            raise Failure("output '%s' differs between 1 and 2 threads" % key)


def compile_model(tools, environment, model, shapes, om, result):
    start = time.perf_counter()
    run_tool([tools / "ge-compile", model, "-o", om] + (["--input_shape=" + shapes] if shapes else []), environment)
    result["compile_s"] = time.perf_counter() - start
    result["om_mb"] = om.stat().st_size / 1e6


def write_shapes(shapes):
    return ";".join("%s:%s" % (key, ",".join(map(str, shape))) for key, shape in shapes.items()
                    if not isinstance(shape, int))


def run_dynamic(entry, model, tools, environment, arguments, result):
    """One OM at several sizes."""
    fixed, sizes = entry[3:]
    random = np.random.default_rng(1234)
    errors = []
    with tempfile.TemporaryDirectory() as folder:
        om = pathlib.Path(folder, "model.om")
        compile_model(tools, environment, model, fixed, om, result)
        for index, shapes in enumerate(sizes):
            inputs, found, times = make_inputs(model, shapes, random), {}, {}
            for threads in (1, 2):
                found[threads], times[threads] = run_ours(tools, environment, om, inputs, threads,
                                                          1 if index else arguments.iterations)
            require_same(found[1], found[2])
            theirs, best = judge(model, inputs, 1, 1 if index else arguments.iterations)
            errors.append(max(distance(a, b) for _, a, b in match(found[1], theirs)))
            if index:
                continue
            result["ours_1"], result["ours_2"], result["ort_1"] = times[1], times[2], best
            _, result["ort_2"] = judge(model, inputs, 2, arguments.iterations)
            alone = pathlib.Path(folder, "alone.om")
            run_tool([tools / "ge-compile", model, "-o", alone, "--input_shape=" + write_shapes(shapes)], environment)
            _, result["static_1"] = run_ours(tools, environment, alone, inputs, 1, arguments.iterations)
    result["error"] = max(errors)
    if not result["error"] <= TOLERANCE:
        raise Failure("relative errors %s, allowed %.2g" % (", ".join("%.2g" % error for error in errors), TOLERANCE))
    result["status"] = "passed"


def run_carrying(entry, model, tools, environment, arguments, result):
    """One OM for a number of steps, each side with its own state."""
    shapes, rate, carried = entry[3:]
    random = np.random.default_rng(1234)
    fixed = {"sr": np.array(rate, np.int64)}
    mine = {key: np.zeros(shape, np.float32) for key, shape in shapes.items()}
    theirs, worst, times = dict(mine), 0.0, []
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    with tempfile.TemporaryDirectory() as folder:
        om = pathlib.Path(folder, "model.om")
        compile_model(tools, environment, model, write_shapes(shapes), om, result)
        for _ in range(STEPS):
            sound = 0.1 * random.standard_normal(shapes["input"]).astype(np.float32)
            mine["input"] = theirs["input"] = sound
            ours, time_ms = run_ours(tools, environment, om, mine | fixed, 1, 3)
            times.append(time_ms)
            expected = dict(zip(names, session.run(None, theirs | fixed)))
            pairs = match(ours, expected)
            worst = max([worst] + [distance(a, b) for _, a, b in pairs])
            for name, a, b in pairs:
                if name in carried:
                    mine[carried[name]], theirs[carried[name]] = a, b
        _, result["ort_1"] = judge(model, theirs | fixed, 1, arguments.iterations)
    result["ours_1"], result["error"] = float(np.median(times)), worst
    if not worst <= TOLERANCE:
        raise Failure("relative error %.2g, allowed %.2g" % (worst, TOLERANCE))
    result["status"] = "passed"


KINDS = ((run_model, MODELS), (run_dynamic, DYNAMIC), (run_carrying, CARRYING))


def row(result):
    def number(key, form):
        return form % result[key] if key in result else "-"

    cells = (result["name"], result["status"], number("error", "%.1e"), number("compile_s", "%.1f"),
             number("om_mb", "%.1f"), number("ours_1", "%.2f"), number("ort_1", "%.2f"),
             number("static_1", "%.2f"), number("ours_2", "%.2f"), number("ort_2", "%.2f"))
    return "%-18s %-8s %9s %10s %7s %10s %10s %10s %10s %10s" % cells + ("  " + result["why"] if "why" in result else "")


def finish(results, path):
    """Writes the results, and ends the process: 1 if one failed."""
    if path:
        pathlib.Path(path).write_text(json.dumps({"models": results}, indent=1) + "\n")
    sys.exit(any(result["status"] == "failed" for result in results))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--install", required=True)
    parser.add_argument("--cache", default=fetch.default_cache())
    parser.add_argument("--json")
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    os.makedirs(arguments.cache, exist_ok=True)
    entries = [(run, entry) for run, kind in KINDS for entry in kind]
    unknown = set(arguments.names) - {entry[0] for _, entry in entries}
    if unknown:
        sys.exit("run_models.py: unknown model '%s'" % sorted(unknown)[0])
    print("%-18s %-8s %9s %10s %7s %10s %10s %10s %10s %10s" % (
        "model", "status", "error", "compile s", "OM MB", "1t ms", "ORT 1t", "alone 1t", "2t ms", "ORT 2t"))
    tools = pathlib.Path(arguments.install) / "bin"
    environment = dict(os.environ, ASCEND_HOME_PATH=str(arguments.install))
    results = []
    for run, entry in entries:
        if arguments.names and entry[0] not in arguments.names:
            continue
        result = {"name": entry[0], "status": "failed"}
        try:
            model = locate(entry[1], arguments.cache) / entry[2]
        except (RuntimeError, OSError) as error:
            model = None
            result.update(status="skipped", why=str(error).strip().splitlines()[0])
        try:
            if model:
                run(entry, model, tools, environment, arguments, result)
        except (Failure, OSError) as failure:
            result["why"] = str(failure)
        results.append(result)
        print(row(result), flush=True)
    finish(results, arguments.json)


if __name__ == "__main__":
    main()
