"""Kernels of convolutions, their meaning, and a table of them to run.

    convolution.py RUN_KERNEL.py WORK DEVICE[,DEVICE...] CASE... [OPTION...]

CASE is a list of KEY=NUMBER[xNUMBER...], separated by commas: image=BxCxHxW, out=
channels, kernel=HxW, stride=HxW, pads=TxBxLxR, dilation=HxW, groups=N, and the words
f16 or f32, nchw (the image's storage), relu, bias, matrix (a row for each place), open
(batch, height and width are scalars). OPTIONs that start with -- are run_kernel's.
"""

import os
import re
import subprocess
import sys


def parse(text):
    case = {"stride": [1, 1], "pads": [0, 0, 0, 0], "dilation": [1, 1], "words": set()}
    for part in text.split(","):
        key, _, value = part.partition("=")
        if value:
            case[key] = [int(n) for n in value.split("x")]
        else:
            case["words"].add(key)
    (_, case["c"], h, w), k, d, p, s = (case[n] for n in ("image", "kernel", "dilation", "pads", "stride"))
    case["places"] = [(size + sum(p[2 * a:2 * a + 2]) - (k[a] - 1) * d[a] - 1) // s[a] + 1 for a, size in enumerate((h, w))]
    case["n"] = case["out"][0]
    case["groups"] = case.get("groups", [1])[0]
    case["c"] //= case["groups"]
    return case


def columns_of(case):
    """The columns of the patches: (channel, kh, kw) each."""
    kh, kw = case["kernel"]
    if "nchw" in case["words"]:
        return [(c, y, x) for c in range(case["c"]) for y in range(kh) for x in range(kw)]
    return [(c, y, x) for first in range(0, case["c"], 16) for y in range(kh) for x in range(kw)
            for c in range(first, min(first + 16, case["c"]))]


def convolution(text, image, filter, bias=None):
    """The result's elements; `filter` is panels of 16 columns."""
    case = parse(text)
    b, c, h, w = case["image"]
    (oh, ow), n, s, d, p = case["places"], case["n"], case["stride"], case["dilation"], case["pads"]
    columns, blocks = columns_of(case), (n + 15) // 16
    plain, matrix = "nchw" in case["words"], "matrix" in case["words"]

    def pixel(i, ch, y, x):
        if not (0 <= y < h and 0 <= x < w):
            return 0
        return image[((i * c + ch) * h + y) * w + x] if plain else image[
            (((i * ((c + 15) // 16) + ch // 16) * h + y) * w + x) * 16 + ch % 16]

    result = [None] * (b * oh * ow * (n if matrix else blocks * 16))
    rows = [[filter[(o // 16 * len(columns) + k) * 16 + o % 16] for k in range(len(columns))] for o in range(n)]
    for i in range(b):
        for y in range(oh):
            for x in range(ow):
                patches = [[pixel(i, g * case["c"] + ch, y * s[0] - p[0] + ky * d[0], x * s[1] - p[2] + kx * d[1])
                            for ch, ky, kx in columns] for g in range(case["groups"])]
                for o in range(n):
                    patch = patches[o * case["groups"] // n]
                    v = sum(f * a for f, a in zip(rows[o], patch)) + (bias[o] if bias else 0)
                    v = max(0, v) if "relu" in case["words"] else v
                    at = ((i * oh + y) * ow + x) * n + o if matrix else (
                        ((i * blocks + o // 16) * oh + y) * ow + x) * 16 + o % 16
                    result[at] = v
    return result


def sizes(case):
    """Elements of the image, the filter, the bias, the result."""
    (b, c, h, w), (oh, ow), n = case["image"], case["places"], case["n"]
    held = c if "nchw" in case["words"] else (c + 15) // 16 * 16
    result = n if "matrix" in case["words"] else (n + 15) // 16 * 16
    return b * held * h * w, (n + 15) // 16 * 16 * len(columns_of(case)), n, b * result * oh * ow


def write(text, path):
    case = parse(text)
    (b, c, h, w), (oh, ow), n, k = case["image"], case["places"], case["n"], len(columns_of(case))
    t = "f16" if "f16" in case["words"] else "f32"
    x = "%dx%dx%dx%d" % (b, c, h, w) if "nchw" in case["words"] else "%dx%dx%dx%dx16" % (b, (c + 15) // 16, h, w)
    z = "%dx%d" % (b * oh * ow, n) if "matrix" in case["words"] else "%dx%dx%dx%dx16" % (b, (n + 15) // 16, oh, ow)
    f = "%dx%dx16" % ((n + 15) // 16, k)
    array = lambda name: "array<i64: %s>" % ", ".join(map(str, case[name]))
    groups = ", groups = %d : i64" % case["groups"] if case["groups"] > 1 else ""
    has_bias, columns = "bias" in case["words"], "" if n % 16 == 0 or "matrix" in case["words"] else "attributes {columns = %d : i64}" % n
    lines = ["npu.kernel @conv(%%x: memref<%sx%s>, %%w: memref<%sx%s>, %s%%z: memref<%sx%s>) {"
             % (x, t, f, t, "%%b: memref<%dx%s>, " % (n, t) if has_bias else "", z, t),
             "  %%zero = arith.constant 0.0 : %s" % t]
    for name, shape in [("x", x), ("w", f)] + ([("b", str(n))] if has_bias else []):
        lines.append("  %%%s_ = bufferization.to_tensor %%%s restrict : memref<%sx%s> to tensor<%sx%s>" % (name, name, shape, t, shape, t))
    lines.append("  %%z_ = bufferization.to_tensor %%z restrict writable : memref<%sx%s> to tensor<%sx%s>" % (z, t, z, t))
    lines.append("  %%p = npu.im2col %%x_ {channels = %d : i64, dilations = %s, kernel = %s, output = array<i64: %d, %d>, pads = %s, strides = %s%s}"
                 " : tensor<%sx%s> -> !npu.matrix<%dx%dx%s>"
                 % (case["c"], array("dilation"), array("kernel"), oh, ow, array("pads"), array("stride"), groups, x, t, b * oh * ow, k, t))
    lines.append("  %%r = npu.mmad ins(%%p, %%w_ : !npu.matrix<%dx%dx%s>, tensor<%sx%s>)%s outs(%%z_ : tensor<%sx%s>) %s {"
                 % (b * oh * ow, k, t, f, t, " epilogue(%%b_ : tensor<%dx%s>)" % (n, t) if has_bias else "", z, t, columns))
    lines.append("  ^bb0(%%acc: f32%s):" % (", %%e: %s" % t if has_bias else ""))
    value = "%acc"
    if has_bias:
        wide = "%e"
        if t == "f16":
            lines.append("    %we = arith.extf %e : f16 to f32")
            wide = "%we"
        lines.append("    %%s = arith.addf %%acc, %s : f32" % wide)
        value = "%s"
    if t == "f16":
        lines.append("    %%h = arith.truncf %s : f32 to f16" % value)
        value = "%h"
    if "relu" in case["words"]:
        lines.append("    %%m = arith.maximumf %s, %%zero : %s" % (value, t))
        value = "%m"
    lines += ["    npu.yield %s : %s" % (value, t), "  } -> tensor<%sx%s>" % (z, t),
              "  bufferization.materialize_in_destination %%r in restrict writable %%z : (tensor<%sx%s>, memref<%sx%s>) -> ()" % (z, t, z, t),
              "  npu.return", "}"]
    text = "\n".join(lines) + "\n"
    if "open" in case["words"]:
        text = open_sizes(text, x, z)
    with open(path, "w") as file:
        file.write(text)


def open_sizes(text, image, result):
    """The same kernel with scalars for batch, height and width of both images; the height of a line is known."""
    is_line = image.split("x")[2] == "1"
    for shape in (image, result):
        sizes = shape.split("x")
        for i in (0, 3) if is_line else (0, 2, 3):
            sizes[i] = "?"
        text = text.replace("<%sx" % shape, "<%sx" % "x".join(sizes))
    text = re.sub(r"(%x: memref<[^>]*>)", r"\1 {npu.sizes = array<i64: 0, %s>}" % ("2" if is_line else "1, 2"), text, count=1)
    text = re.sub(r"(%z: memref<[^>]*>)\)", r"\1 {npu.sizes = array<i64: 0, SIZES>}, %n: i64, %height: i64, %width: i64, %oh: i64, %ow: i64)"
                  .replace("SIZES", "4" if is_line else "3, 4"), text, count=1)
    text = re.sub(r"matrix<\d+x", "matrix<?x", text)
    unknown = -2 ** 63
    return re.sub(r"output = array<i64: [^>]*>", "output = array<i64: %d, %d>" % (1 if is_line else unknown, unknown), text)


def main():
    run_kernel, work, devices = sys.argv[1:4]
    os.makedirs(work, exist_ok=True)
    options = [a for a in sys.argv[4:] if a.startswith("--")]
    for text in sys.argv[4:]:
        if text.startswith("--"):
            continue
        case = parse(text)
        t = "f16" if "f16" in case["words"] else "f32"
        path = os.path.join(work, "conv.mlir")
        write(text, path)
        image, filter, bias, result = sizes(case)
        inputs = ["--input=%s:%d" % (t, n) for n in (image, filter) + ((bias,) if "bias" in case["words"] else ())]
        if "open" in case["words"]:
            (b, _, h, w), (oh, ow) = case["image"], case["places"]
            inputs += ["--scalar=%d" % n for n in (b, h, w, oh, ow)]
        names = "x0, x1" + (", x2" if "bias" in case["words"] else "")
        found = subprocess.run([sys.executable, run_kernel, path, "--work=" + work, "--device=" + devices, *inputs,
                                "--output=%s:%d" % (t, result), "--define=" + __file__,
                                "--expect=convolution(%r, %s)" % (text, names),
                                "--tolerance=%s" % ("2e-3" if t == "f16" else "1e-5"), *options],
                               capture_output=True, text=True)
        if found.returncode:
            sys.exit("%s\n%s%s" % (text, found.stdout, found.stderr))
        print(text)
        print(found.stdout, end="")


if __name__ == "__main__":
    main()
