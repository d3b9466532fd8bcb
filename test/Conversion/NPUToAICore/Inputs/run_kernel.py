"""Compiles a kernel for an AI Core, runs it on the simulator, and checks what it wrote.

    run_kernel.py KERNEL.mlir --work=FOLDER --device=NAME[,NAME...]
        [--input=TYPE:COUNT | --scalar=N]... --output=TYPE:COUNT [--expect=EXPRESSION]
        [--tolerance=T] [--mutate=SCRIPT] [--timing] [--define=FILE] [--both-modes]

The first kernel of the file is compiled for each device and run with a check for
races. Inputs are quarters between -2 and 2 (f32, f16), small numbers (s32, s8), bytes (u8).
EXPRESSION is Python over the inputs as lists x0, x1, ... and the functions of FILE;
it gives the output as a list, with None where anything may be. --mutate also removes every synchronising command in turn and expects a trap.
--timing runs without payload and prints cycles and bytes for each cycle. --both-modes
also runs with payload and cycles, and expects the same bytes.
"""

import argparse
import json
import math
import os
import random
import re
import struct
import subprocess
import sys

LETTERS = {"f32": ("f", 4), "f16": ("e", 2), "s32": ("i", 4), "s16": ("h", 2), "s8": ("b", 1), "u8": ("B", 1)}
TOOLS = "-mtriple=riscv64-unknown-elf -mattr=+m,+a,+f,+d,+zba,+zbb -target-abi=lp64d -code-model=medium -O2 -filetype=obj"


def tool(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode:
        sys.exit("%s\n%s%s" % (" ".join(command), result.stdout, result.stderr))
    return result.stdout


def build(path, device, work):
    """Compiles the kernel; returns the path of the ELF file, the blocks and the bytes of scratch buffers."""
    base = os.path.join(work, device.replace(":", "_"))
    tiling = "npu.kernel(npu-tile-engines{device=%s})" % device
    tiled = tool("ge-opt", path, "--pass-pipeline=builtin.module(%s)" % tiling)
    scratch = [math.prod(map(int, sizes.split("x"))) * int(bits) // 8
               for sizes, bits in re.findall(r"npu\.scratch : memref<([\dx]+)xb?f(\d+)>", tiled)]
    lowered = tool("ge-opt", path, "--pass-pipeline=builtin.module(%s,npu-allocate-scratch,npu-to-aicore-pipeline{device=%s})"
                   % (tiling, device))
    with open(base + ".mlir", "w") as file:
        file.write(lowered)
    if "npu.kernel" in lowered:
        sys.exit("not lowered: " + lowered[lowered.index("npu.kernel"):][:400])
    names = [line.split("@")[1].split("(")[0] for line in lowered.split("\n") if "llvm.func @" in line]
    tool("mlir-translate", "--mlir-to-llvmir", base + ".mlir", "-o", base + ".ll")
    tool("llc", *TOOLS.split(), base + ".ll", "-o", base + ".o")
    entries = [name.split(".")[-1] + "_main" for name in names]
    symbols = ["--defsym=%s=%s" % pair for pair in zip(entries, names)]
    tool("ld.lld", "-static", "-e", entries[0], *symbols, base + ".o", "-o", base + ".elf")
    blocks = lowered.split("npu.blocks = ")[1].split(" ")[0]
    return base + ".elf", int(blocks), scratch


def make(kind, count):
    generator = random.Random(count)
    if kind == "u8":
        return [generator.randint(0, 255) for _ in range(count)]
    quarters = [generator.randint(-8, 8) for _ in range(count)]
    return [q / 4 for q in quarters] if kind[0] == "f" else quarters


def compare(found, expected, tolerance):
    if len(found) != len(expected):
        sys.exit("found %d numbers, expected %d" % (len(found), len(expected)))
    scale = math.sqrt(sum(e * e for e in expected if e is not None) / max(len(expected), 1))
    for i, (f, e) in enumerate(zip(found, expected)):
        if e is not None and not abs(f - e) <= tolerance * max(abs(e), scale):
            sys.exit("found %r at %d, expected %r" % (f, i, e))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kernel")
    parser.add_argument("--work", required=True)
    parser.add_argument("--device", default="Ascend910B1:1")
    parser.add_argument("--input", action="append", default=[])
    parser.add_argument("--scalar", action="append", default=[])
    parser.add_argument("--output", required=True)
    parser.add_argument("--expect")
    parser.add_argument("--tolerance", type=float, default=0)
    parser.add_argument("--mutate")
    parser.add_argument("--define")
    parser.add_argument("--timing", action="store_true")
    parser.add_argument("--both-modes", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    inputs, arguments = [], []
    for number, text in enumerate(options.input):
        kind, count = text.split(":")
        letter, size = LETTERS[kind]
        if options.timing:
            arguments.append("--buffer=%d" % (int(count) * size))
            continue
        inputs.append(make(kind, int(count)))
        path = os.path.join(options.work, "x%d" % number)
        with open(path, "wb") as file:
            file.write(struct.pack("<%d%s" % (int(count), letter), *inputs[-1]))
        arguments.append("--input=" + path)
    kind, count = options.output.split(":")
    letter, size = LETTERS[kind]
    arguments.append("--buffer=%d" % (int(count) * size))
    target = len(arguments) - 1
    buffers = arguments
    for device in options.device.split(","):
        elf, blocks, scratch = build(options.kernel, device, options.work)
        arguments = buffers + ["--buffer=%d" % size for size in scratch] + ["--arg=" + n for n in options.scalar]
        command = ["npu-sim", elf, "--device=" + device, "--blocks=%d" % blocks, *arguments]
        if options.timing:
            use = os.path.join(options.work, "use.json")
            tool(*command, "--timing", "--no-payload", "--json=" + use)
            result = json.load(open(use))
            moved = result["bytes_read"] + result["bytes_written"]
            print("%s: %d cycles, %.1f bytes per cycle, cube %.1f %%"
                  % (device, result["cycles"], moved / result["cycles"], 100 * result["cube_use"]))
            continue
        output = os.path.join(options.work, "y")
        tool(*command, "--check-races", "--output=%d:%s" % (target, output))
        found = struct.unpack("<%s%s" % (count, letter), open(output, "rb").read())
        names = {"math": math, **{"x%d" % i: x for i, x in enumerate(inputs)}}
        if options.define:
            exec(compile(open(options.define).read(), options.define, "exec"), names)
        expected = eval(options.expect, names)
        compare(found, expected, options.tolerance)
        print("%s: %d blocks, right" % (device, blocks))
        if options.both_modes:
            tool(*command, "--timing", "--output=%d:%s.timed" % (target, output))
            if open(output, "rb").read() != open(output + ".timed", "rb").read():
                sys.exit("other bytes when cycles are counted")
        if options.mutate:
            print(tool(sys.executable, options.mutate, "npu-sim", elf, "--device=" + device, "--blocks=%d" % blocks,
                       "--check-races", *arguments).strip())


main()
