# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether a compiled model computes what ONNX Runtime computes.

A float result passes if its error against f64 is at most twice ONNX Runtime's plus
4 ULP; anything else has to be equal. An error is counted in units in the last
place of the result's type at max(|value|, root mean square of the result), and
the largest of a result counts. Where that fails, the graph itself may turn one
rounding into many: then the error of an f64 evaluation whose nodes have operands
and results that are off by one rounding takes the place of ONNX Runtime's, and
the graph counts as ill-conditioned.
"""

import numpy as np
import onnx
import onnxruntime

import graphs

SAME, ILL, DIFFERENT, REFUSED, INVALID = "same", "ill-conditioned", "different", "refused", "invalid"

onnxruntime.set_default_logger_severity(4)


class Verdict:
    """status, and a text that says more; `error` and `runtime_error` are the
    largest errors in ULP, of ours and of ONNX Runtime."""

    def __init__(self, status, text="", error=0.0, runtime_error=0.0):
        self.status, self.text = status, text
        self.error, self.runtime_error = error, runtime_error


def error_in_ulp(result, reference, dtype):
    """The largest error of a result; infinite where one is no number."""
    reference = np.asarray(reference, np.float64)
    if reference.size == 0:
        return 0.0
    info = np.finfo(dtype)
    rms = np.sqrt(np.mean(np.square(reference)))
    scale = np.maximum(np.maximum(np.abs(reference), rms), float(info.tiny))
    ulp = np.exp2(np.floor(np.log2(scale))) * float(info.eps)
    error = np.abs(np.asarray(result, np.float64) - reference) / ulp
    return float(np.max(np.where(np.isnan(error), np.inf, error)))


def run_onnxruntime(case):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # As the threads of the compiled model do.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    session = onnxruntime.InferenceSession(case.model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, case.inputs)


def compile_case(case, device, shapes=None):
    """A function from a case, of the same model, to the results on its inputs."""
    import ge_mlir

    model = ge_mlir.from_onnx(case.model.SerializeToString(), input_shapes=shapes).compile(device=device, threads=1)

    def run(case):
        results = model.run(case.inputs, threads=1, check_races=True)
        return [results[output.name] for output in case.model.graph.output]

    return run


def run_compiled(case, device):
    return compile_case(case, device)(case)


def compare(case, ours, theirs):
    """The verdict on the results of one case, in the order of its outputs."""
    reference = graphs.Reference(case)
    worst = Verdict(SAME)
    for output, mine, other in zip(case.model.graph.output, ours, theirs):
        want = reference.values[output.name]
        if mine.shape != other.shape or mine.dtype != other.dtype:
            return Verdict(DIFFERENT, "'%s' is %s%s, expected %s%s" % (
                output.name, mine.dtype, list(mine.shape), other.dtype, list(other.shape)))
        if want.shape != other.shape:
            return Verdict(INVALID, "'%s' is of shape %s by definition, %s in ONNX Runtime" % (
                output.name, list(want.shape), list(other.shape)))
        if not graphs.is_float(mine.dtype):
            wrong = np.flatnonzero(mine.ravel() != other.ravel())
            if wrong.size:
                i = wrong[0]
                return Verdict(DIFFERENT, "'%s': %d of %d elements differ, the first is %s at %d, expected %s (by definition %s)" % (
                    output.name, wrong.size, mine.size, mine.ravel()[i], i, other.ravel()[i], want.ravel()[i]))
            continue
        error, allowed = error_in_ulp(mine, want, mine.dtype), error_in_ulp(other, want, mine.dtype)
        if error <= 2 * allowed + 4:
            if error > worst.error:
                worst = Verdict(worst.status, worst.text, error, allowed)
            continue
        rounded = sensitivity(reference, output.name, mine.dtype)
        if error > 2 * max(rounded, allowed) + 4:
            return Verdict(DIFFERENT, "'%s': error %.1f ULP, of ONNX Runtime %.1f, of one rounding a node %.1f" % (
                output.name, error, allowed, rounded), error, allowed)
        worst = Verdict(ILL, "'%s': error %.1f ULP, of ONNX Runtime %.1f, of one rounding a node %.1f" % (
            output.name, error, allowed, rounded), error, allowed)
    return worst


def sensitivity(reference, name, dtype, runs=6):
    """The error in ULP that one rounding of all operands and results makes."""
    random = np.random.default_rng(0)
    exact = reference.values[name]
    errors = [error_in_ulp(reference.run(random)[name], exact, dtype) for _ in range(runs)]
    return max((error for error in errors if np.isfinite(error)), default=0.0)


NEEDS_SHAPES = "E16008"


def judge(case, device="Host"):
    """Compiles `case` here and runs it here and in ONNX Runtime, where its model has
    open dimensions also on inputs of other sizes, as far as ONNX Runtime does. An
    operator that needs known sizes gets them, as its error advises."""
    import ge_mlir

    try:
        onnx.checker.check_model(case.model)
        theirs = run_onnxruntime(case)
    except Exception as problem:
        return Verdict(INVALID, "%s: %s" % (type(problem).__name__, str(problem).splitlines()[0]))
    others = graphs.resized(case) if graphs.is_open(case) else []
    try:
        try:
            compiled = compile_case(case, device)
        except ge_mlir.Error as problem:
            if problem.code != NEEDS_SHAPES or not graphs.is_open(case):
                raise
            compiled = compile_case(case, device, {name: array.shape for name, array in case.inputs.items()})
            others = []
        verdict = compare(case, compiled(case), theirs)
    except ge_mlir.Error as problem:
        return Verdict(REFUSED, "[%s] %s" % (problem.code, problem.text.splitlines()[0]))
    for other in others:
        if verdict.status in (SAME, ILL):
            verdict = judge_resized(other, compiled, verdict)
    return verdict


def judge_resized(case, compiled, verdict):
    """`verdict`, or what is wrong with the results on the inputs of `case`."""
    import ge_mlir

    sizes = ", ".join("%s %s" % (name, list(array.shape)) for name, array in case.inputs.items())
    try:
        theirs = run_onnxruntime(case)
        values = graphs.Reference(case).values
    except Exception:
        return verdict  # constants of the graph do not go with these sizes
    for output, result in zip(case.model.graph.output, theirs):
        value = values[output.name]
        if value.shape != result.shape or (graphs.is_float(result.dtype) and not np.all(np.isfinite(value))):
            return verdict
    try:
        found = compare(case, compiled(case), theirs)
    except ge_mlir.Error as problem:
        found = Verdict(REFUSED, "[%s] %s" % (problem.code, problem.text.splitlines()[0]))
    found.text += " (on %s)" % sizes
    return found if found.status in (DIFFERENT, REFUSED) else verdict
