#!/usr/bin/env python3
# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares every operator on simulated NPUs with its definition, and keeps what runs where.

  engines.py [--program FILE] [--device NAME,...] [--all] [--filter REGEX] [--record]

The cases of engine_cases.py are compiled, executed while accesses without an order are
looked for, and compared by gemlir-op-check. engines.txt has for each operator how many
of its cases the engines compute; --record writes it. A case fails if it computes
something else than the operator's definition, or if it runs on the AICPU and did not
when engines.txt was written; so does an operator without a case.

The last line reads: engines: P passed, F failed of N
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import engine_cases

HERE = pathlib.Path(__file__).resolve().parent
RECORD = HERE / "engines.txt"
DEVICES = ["Ascend910B1", "Ascend910B1:1", "Ascend310P3"]
MORE_DEVICES = ["Ascend910B1:4", "Ascend910A:2", "Ascend950DT:2"]
AICPU = "aicpu"


def block(shape, kind):
    """The type of an image of blocked channels."""
    n, c, h, w = shape
    return "tensor<%dx%dx%dx%dx16x%s, #ge.format<NC1HWC0, origin = NCHW, origin_shape = [%d, %d, %d, %d]>>" % (
        n, -(-c // 16), h, w, kind, n, c, h, w)


class Module:
    """The text of a module that computes cases, each on operands of its own."""

    def __init__(self):
        self.arguments, self.body, self.values, self.results = [], [], [], []

    def write(self, cases):
        for case in cases:
            self.add(case)
        return "func.func @main(%s) -> (%s) {\n%s\n  return %s : %s\n}\n" % (
            ", ".join(self.arguments), ", ".join(self.results), "\n".join(self.body), ", ".join(self.values),
            ", ".join(self.results))

    def emit(self, operator, operands, attributes, types, note=""):
        """Adds an operation; returns its results as (name, type)."""
        name = "%%r%d" % len(self.body)
        self.body.append('  %s:%d = "ge.%s"(%s)%s : (%s) -> (%s)%s' % (
            name, len(types), operator, ", ".join(n for n, _ in operands), attributes,
            ", ".join(t for _, t in operands), ", ".join(types), note))
        return [("%s#%d" % (name, i), kind) for i, kind in enumerate(types)]

    def add_operand(self, operand):
        if operand.values is not None:
            self.body.append("  %%c%d = ge.const dense<%s> : %s" % (len(self.body), operand.values, operand.type))
            return "%%c%d" % (len(self.body) - 1), operand.type
        notes = []
        if operand.low is not None:
            notes = ["test.low = %s : f64" % float(operand.low), "test.high = %s : f64" % float(operand.high)]
        notes += ["test.constant"] * operand.constant
        name = "%%x%d" % len(self.arguments)
        self.arguments.append("%s: %s%s" % (name, operand.type, " {%s}" % ", ".join(notes) if notes else ""))
        return name, operand.type

    def add(self, case):
        operands = [self.add_operand(operand) for operand in case.operands]
        types = []
        for shape, element in case.results:
            dims = ["?"] * shape if isinstance(shape, int) else map(str, shape)
            types.append("tensor<%s>" % "x".join([*dims, element]))
        note = ' loc("%s")' % case.name
        if case.blocked:
            to, back = (' {src_format = "%s", dst_format = "%s"}' % pair
                        for pair in (("NCHW", "NC1HWC0"), ("NC1HWC0", "NCHW")))
            for i in range(case.blocked):
                operand = case.operands[i]
                operands[i] = self.emit("trans_data", operands[i : i + 1], to, [block(operand.shape, operand.kind)])[0]
            values = self.emit(case.operator, operands, case.attributes, [block(*case.results[0])], note)
            values = self.emit("trans_data", values, back, types)
        else:
            values = self.emit(case.operator, operands, case.attributes, types, note)
        # Statistics that only training needs are no results of inference.
        for name, kind in values[:1] if case.operator == "batch_norm" else values:
            self.values.append(name)
            self.results.append(kind)


class Outcome:
    def __init__(self):
        self.units, self.reasons, self.failures = collections.defaultdict(set), {}, {}


def check(options, device, cases, outcome):
    """Runs cases of one operator in one module; alone if something else than a number is wrong."""
    with tempfile.TemporaryDirectory(prefix="ge-engines-") as folder:
        path = os.path.join(folder, "cases.mlir")
        pathlib.Path(path).write_text(Module().write(cases))
        try:
            done = subprocess.run([options.program, "--device=" + device, "--placement", path], capture_output=True,
                                  text=True, errors="replace", timeout=options.timeout, stdin=subprocess.DEVNULL)
            code, said = done.returncode, done.stderr
        except subprocess.TimeoutExpired:
            code, said, done = 1, "no result after %d seconds" % options.timeout, None
    names = {case.name for case in cases}
    wrong = {name: line for line in reversed(said.splitlines())
             for name in re.findall(r"result \d+ \((.+?)\): ", line) if name in names}
    if code and not wrong and len(cases) > 1:
        for case in cases:
            check(options, device, [case], outcome)
        return
    if code and not wrong:
        wrong = {cases[0].name: said.strip() or "ended with status %d" % code}
    for name, line in wrong.items():
        outcome.failures[name, device] = re.sub(r"^.*?cases\.mlir:\d+: ", "", line)
    for line in done.stdout.splitlines() if done else []:
        unit, _, rest = line.partition("\t")
        nodes, _, reason = rest.partition("\t")
        for name in names & set(nodes.split(",")):
            outcome.units[name, device].add(unit)
            if unit == AICPU:
                outcome.reasons[name, device] = reason


def read_record():
    """{operator: its cases on the AICPU: 'case@device', 'case' on all devices, or 'all'}"""
    if not RECORD.exists():
        return {}
    lines = [line for line in RECORD.read_text().splitlines() if line and not line.startswith("#")]
    return {name: set(rest.partition("; AICPU: ")[2].split("; "))
            for name, _, rest in (line.partition(": ") for line in lines)}


def is_recorded(recorded, case, device):
    return bool(recorded & {"all", case, "%s@%s" % (case, device)})


def describe(operator, cases, devices, outcome):
    """The operator's line of the record, and the (case, device) on the AICPU."""
    found = [(case.name[len(operator) + 1:], device, outcome.units[case.name, device])
             for case in cases for device in devices]
    computed = [entry for entry in found if entry[2]]
    left = [(case, device) for case, device, units in computed if AICPU in units]
    if not computed:
        return "%s: computed by no kernel" % operator, left
    text = "%s: %d of %d on engines" % (operator, len(computed) - len(left), len(computed))
    if not left:
        return text, left
    where = collections.defaultdict(list)
    for case, device in left:
        where[case].append(device)
    entries = ["%s%s" % (case, suffix) for case, own in where.items()
               for suffix in ([""] if own == devices else ["@" + device for device in own])]
    return text + "; AICPU: " + ("all" if len(left) == len(computed) else "; ".join(entries)), left


def write_record(lines):
    """Replaces the lines of these operators."""
    known = (line for line in RECORD.read_text().splitlines() if not line.startswith("#")) if RECORD.exists() else ()
    lines = {**{line.partition(":")[0]: line for line in known}, **lines}
    header = ["# Written by engines.py --record: for each operator, how many of its cases the engines",
              "# compute, and those that have a kernel of the AICPU."]
    RECORD.write_text("\n".join(header + [lines[name] for name in sorted(lines)]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(HERE.parent.parent / "build/bin/gemlir-op-check"))
    parser.add_argument("--device", help="other devices than %s" % ", ".join(DEVICES))
    parser.add_argument("--all", action="store_true", help="as many cases in f16 as in f32, and more devices")
    parser.add_argument("--filter", default="", help="operators")
    parser.add_argument("--record", action="store_true", help="write engines.txt")
    parser.add_argument("--timeout", type=int, default=300)
    parser.add_argument("--verbose", action="store_true", help="print why a case is not on an engine")
    options = parser.parse_args()
    if options.record and (options.all or options.device):
        parser.error("--record takes the cases and devices that are run without options")
    devices = options.device.split(",") if options.device else DEVICES + MORE_DEVICES * options.all
    groups = collections.defaultdict(list)
    for case in engine_cases.all_cases(everything=options.all):
        groups[case.operator].append(case)
    listing = subprocess.run([options.program, "--operators"], capture_output=True, text=True, check=True)
    operators = [name for name in listing.stdout.split() if re.search(options.filter, name)]
    outcome, failures = Outcome(), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(check, options, device, groups[name], outcome)
                for name in operators if groups[name] for device in devices]
        for job in jobs:
            job.result()
    recorded, lines = read_record(), {}
    for (name, device), text in sorted(outcome.failures.items()):
        failures.append("%s@%s: %s" % (name, device, text))
    for name in operators:
        if name in engine_cases.STRUCTURE:
            continue
        if not groups[name]:
            failures.append("operator '%s' has no case" % name)
            continue
        lines[name], left = describe(name, groups[name], devices, outcome)
        if options.verbose:
            print(lines[name].partition(";")[0])
            for (case, device), reason in outcome.reasons.items():
                if case.startswith(name + "."):
                    print("  %s@%s: %s" % (case, device, reason))
        if options.record or options.all:
            continue
        own = recorded.get(name, set())
        for case, device in left:
            if not is_recorded(own, case, device):
                reason = outcome.reasons[name + "." + case, device]
                failures.append("%s.%s@%s: runs on the AICPU, expected an engine: %s" % (name, case, device, reason))
        for case in groups[name]:
            case = case.name[len(name) + 1:]
            for device in devices:
                if is_recorded(own - {"all"}, case, device) and (case, device) not in left:
                    print("%s.%s@%s: runs on an engine now; keep it so by --record" % (name, case, device))
        if "all" in own and not lines[name].endswith("all"):
            print("%s: runs on engines now; keep it so by --record" % name)
    if options.record:
        write_record(lines)
    for failure in failures:
        print("failed:", failure)
    total = sum(len(groups[name]) * len(devices) for name in operators)
    print("engines: %d passed, %d failed of %d" % (max(total - len(failures), 0), len(failures), total))
    sys.exit(1 if failures or not total else 0)


if __name__ == "__main__":
    main()
