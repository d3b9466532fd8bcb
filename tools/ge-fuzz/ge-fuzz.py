#!/usr/bin/env python3
# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares random graphs compiled by ge-mlir with ONNX Runtime.

    ge-fuzz --count 200                      graphs of the seeds 0..199
    ge-fuzz --seed 4711                      one graph
    ge-fuzz --model failures/seed_4711       a saved graph, for a second look
    ge-fuzz --seed 4711 --save graph         writes graph.onnx and graph.npz
    ge-fuzz --engines --device Ascend910B1   graphs for the engines of an NPU

Every graph follows from its seed. One that fails is made as small as it stays
failing and saved, with its inputs, in the folder of --failures. On a simulated NPU
a race is refused like any other trap. Needs the Python packages ge_mlir, onnx,
onnxruntime and numpy.

The last line reads: ge-fuzz: S same, I ill-conditioned, D different, R refused,
C crashed of N (and V that ONNX Runtime does not run). The exit status is 1 if any
differs, was refused or crashed.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import select
import subprocess
import sys
import tempfile
import threading

CRASHED = "crashed"


def work(device):
    """A worker: reads requests, one JSON object a line, and answers likewise."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # nothing else may write among the answers
    import graphs
    import judge

    for line in sys.stdin:
        request = json.loads(line)
        case = graphs.Case.load(request["model"]) if "model" in request else graphs.random_case(**request)
        verdict = judge.judge(case, device)
        kinds = sorted({node.op_type for node in case.model.graph.node})
        answers.write(json.dumps({"status": verdict.status, "text": verdict.text, "error": verdict.error,
                                  "runtime_error": verdict.runtime_error, "operators": kinds}) + "\n")
        answers.flush()


class Worker:
    """A process that judges graphs; a crash ends only it."""

    def __init__(self, options):
        self.options, self.process, self.served = options, None, 0
        self.log = tempfile.TemporaryFile()

    def ask(self, **request):
        if self.process is None or self.served >= 500:
            self.close()
            self.log.truncate(0)
            self.process = subprocess.Popen(
                [sys.executable, os.path.abspath(__file__), "--worker", "--device", self.options.device],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True)
            self.served = 0
        self.served += 1
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            ready, _, _ = select.select([self.process.stdout], [], [], self.options.timeout)
            line = self.process.stdout.readline() if ready else None
        except BrokenPipeError:
            line = ""
        if line:
            return json.loads(line)
        if line is None:
            self.process.kill()
        code = self.process.wait()
        self.process = None
        text = "no result after %d s" % self.options.timeout if line is None else "ended with status %d" % code
        self.log.seek(0)
        said = self.log.read().decode(errors="replace").strip().splitlines()
        text += ": " + said[-1] if said else ""
        return {"status": CRASHED, "text": text, "error": 0, "runtime_error": 0, "operators": []}

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


def is_failure(answer):
    return answer["status"] in ("different", "refused", CRASHED)


def minimise(seed, answer, worker, options):
    """Saves the graph of `seed` and what is left of it; the path of the latter."""
    import graphs
    import shrink

    path = os.path.join(options.failures, "seed_%d" % seed)
    case = graphs.random_case(seed, options.engines)
    case.save(path)
    if answer["status"] == CRASHED and answer["text"].startswith("no result"):
        return path  # each attempt would last as long

    def fails(candidate):
        with tempfile.TemporaryDirectory(prefix="ge-fuzz-") as scratch:
            candidate.save(os.path.join(scratch, "graph"))
            return worker.ask(model=os.path.join(scratch, "graph"))["status"] == answer["status"]

    small = shrink.shrink(case, fails)
    small.save(path + "_small")
    return path + "_small"


def run(options):
    """Judges all seeds; returns the answers by seed."""
    local, answers, lock = threading.local(), {}, threading.Lock()
    workers = []

    def one(seed):
        if not hasattr(local, "worker"):
            local.worker = Worker(options)
            workers.append(local.worker)
        answer = local.worker.ask(seed=seed, engines=options.engines)
        where = ""
        if is_failure(answer) and options.failures:
            where = minimise(seed, answer, local.worker, options)
        with lock:
            answers[seed] = answer
            if is_failure(answer) or options.verbose:
                print("seed %d: %s: %s%s" % (seed, answer["status"], answer["text"], where and "  " + where), flush=True)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for _ in pool.map(one, options.seeds):
            pass
    for worker in workers:
        worker.close()
    return answers


def report(answers, options):
    counts = collections.Counter(answer["status"] for answer in answers.values())
    if options.json:
        with open(options.json, "w") as file:
            json.dump({str(seed): answers[seed] for seed in sorted(answers)}, file, indent=1)
    print("ge-fuzz: %d same, %d ill-conditioned, %d different, %d refused, %d crashed of %d (and %d that ONNX Runtime "
          "does not run)" % (*(counts[s] for s in ("same", "ill-conditioned", "different", "refused", CRASHED)),
                             len(answers) - counts["invalid"], counts["invalid"]))
    return 1 if any(is_failure(answer) for answer in answers.values()) else 0


def parse_seeds(options):
    if options.seed is not None:
        return [options.seed]
    if options.seeds_file:
        with open(options.seeds_file) as file:
            return [int(word) for line in file for word in line.split("#")[0].split()]
    return range(options.first, options.first + options.count)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="how many graphs (default: 100)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default: 0)")
    parser.add_argument("--seed", type=int, help="one seed")
    parser.add_argument("--seeds", dest="seeds_file", metavar="FILE", help="a file of seeds")
    parser.add_argument("--engines", action="store_true", help="graphs of what the engines of an NPU do differently")
    parser.add_argument("--model", help="a saved graph, without the suffix .onnx")
    parser.add_argument("--save", metavar="PATH", help="write the graph of --seed instead of judging it")
    parser.add_argument("--device", default="Host", help="device to compile for (default: Host)")
    parser.add_argument("--failures", help="folder for graphs that fail")
    parser.add_argument("--json", help="file for the verdict on every graph")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="graphs at a time")
    parser.add_argument("--timeout", type=int, default=120, help="seconds for one graph (default: 120)")
    parser.add_argument("--verbose", action="store_true", help="print the verdict on every graph")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return work(options.device)
    if options.save:
        import graphs
        return graphs.random_case(options.seed, options.engines).save(options.save)
    if options.model:
        answer = Worker(options).ask(model=os.path.splitext(options.model)[0] if options.model.endswith(".onnx") else options.model)
        print("%s: %s" % (answer["status"], answer["text"]))
        return 1 if is_failure(answer) else 0
    options.seeds = parse_seeds(options)
    if options.failures:
        os.makedirs(options.failures, exist_ok=True)
    return report(run(options), options)


if __name__ == "__main__":
    sys.exit(main())
