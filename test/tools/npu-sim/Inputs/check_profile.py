"""Checks that the profiles of npu-sim and ge-run agree and tell of every cycle.

    check_profile.py NPU_SIM.json GE_RUN.json
"""

import json
import sys

# The larger of what a kernel's queue waits for, and bytes of a path that are known.
EXPECTED = {"matmul": ("M", "MTE1", "GM-L1", "loads both operands"),
            "elementwise": ("V", "MTE2", "UB-GM", "stores the result")}


def main(sim_path, run_path):
    sim = {kernel["kernel"]: kernel for kernel in json.load(open(sim_path))["kernels"]}
    run = {kernel["kernel"]: kernel for kernel in json.load(open(run_path))["profile"]}
    for name, (queue, other, path, what) in EXPECTED.items():
        kernel = sim[name]
        for field in ("cycles", "core_cycles", "paths", "queues"):
            assert name != "matmul" or kernel[field] == run[name][field], (name, field)
        told = all(sum(cycles for cause, cycles in row.items() if cause not in ("shared", "flags_of"))
                   == kernel["core_cycles"] for row in kernel["queues"].values())
        flags = kernel["queues"][queue]["flags_of"]
        rows, columns, depth = 128, 256, 256
        # Each of the tiles loads its own rows and columns, so at least all once.
        enough = kernel["paths"][path] >= {"GM-L1": (rows * depth + depth * columns) * 4,
                                           "UB-GM": rows * columns * 4}[path]
        print(f"{name} {kernel['unit']}"
              f" {queue} waits for {max(flags, key=flags.get)},"
              f" {path} {what if enough else 'moves too little'},"
              f" {'all' if told else 'not all'} cycles are told")


main(*sys.argv[1:])
