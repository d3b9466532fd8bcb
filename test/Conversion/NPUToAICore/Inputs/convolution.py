"""Kernels of convolutions, their meaning, and a table of them to run.

    convolution.py RUN_KERNEL.py WORK DEVICE[,DEVICE...] CASE... [OPTION...]

CASE is a list of KEY=NUMBER[xNUMBER...], separated by commas: image=BxCxHxW, out=
channels, kernel=HxW, stride=HxW, pads=TxBxLxR, dilation=HxW, groups=N, around=N (what
lies around the image), and the words f16, f32, u8 or s8, nchw (the image's storage),
relu, bias, matrix (a row for each place), open (batch, height and width are scalars).
Images of bytes are [B, H, W, C], their filters [N, KH, KW, C] and signed, their results
matrices of s32. OPTIONs that start with -- are run_kernel's.
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
    case["type"] = next(t for t in ("f16", "f32", "u8", "s8") if t in case["words"])
    case["bytes"] = case["type"] in ("u8", "s8")
    if case["bytes"]:
        case["words"].add("matrix")
    return case


def columns_of(case):
    """The columns of the patches: (channel, kh, kw) each."""
    kh, kw = case["kernel"]
    if case["bytes"]:
        return [(c, y, x) for y in range(kh) for x in range(kw) for c in range(case["c"])]
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
            return case.get("around", [0])[0]
        if case["bytes"]:
            return image[((i * h + y) * w + x) * c + ch]
        return image[((i * c + ch) * h + y) * w + x] if plain else image[
            (((i * ((c + 15) // 16) + ch // 16) * h + y) * w + x) * 16 + ch % 16]

    result = [None] * (b * oh * ow * (n if matrix else blocks * 16))
    rows = [[filter[o * len(columns) + k if case["bytes"] else (o // 16 * len(columns) + k) * 16 + o % 16]
             for k in range(len(columns))] for o in range(n)]
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
    held = c if "nchw" in case["words"] or case["bytes"] else (c + 15) // 16 * 16
    result = n if "matrix" in case["words"] else (n + 15) // 16 * 16
    rows = n if case["bytes"] else (n + 15) // 16 * 16
    return b * held * h * w, rows * len(columns_of(case)), n, b * result * oh * ow


def write(text, path):
    case = parse(text)
    if case["bytes"]:
        return write_bytes(case, path)
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


def write_bytes(case, path):
    (b, c, h, w), (oh, ow), n, k = case["image"], case["places"], case["n"], len(columns_of(case))
    array = lambda name: "array<i64: %s>" % ", ".join(map(str, case[name]))
    buffers = [("x", "%dx1x%dx%dx%dxi8" % (b, h, w, c)), ("w", "%dx%dxi8" % (n, k)), ("b", "%dxi32" % n),
               ("z", "%dx%dxi32" % (b * oh * ow, n))]
    if "bias" not in case["words"]:
        del buffers[2]
    types, matrix = dict(buffers), "!npu.matrix<%dx%dxi8>" % (b * oh * ow, k)
    lines = ["npu.kernel @conv(%s) {" % ", ".join("%%%s: memref<%s>" % buffer for buffer in buffers)]
    for name, shape in buffers:
        lines.append("  %%%s_ = bufferization.to_tensor %%%s restrict%s : memref<%s> to tensor<%s>"
                     % (name, name, " writable" * (name == "z"), shape, shape))
    lines += ["  %%p = npu.im2col %%x_ {channels = %d : i64, dilations = %s, kernel = %s, output = array<i64: %d, %d>, "
              "pad_value = %d : i64, pads = %s, strides = %s} : tensor<%s> -> %s"
              % (c, array("dilation"), array("kernel"), oh, ow, case.get("around", [0])[0], array("pads"),
                 array("stride"), types["x"], matrix),
              "  %%r = npu.mmad ins(%%p, %%w_ : %s, tensor<%s>)%s outs(%%z_ : tensor<%s>) "
              "attributes {order = #npu<panel_order nk>%s} {"
              % (matrix, types["w"], " epilogue(%%b_ : tensor<%s>)" % types["b"] if "b" in types else "", types["z"],
                 ", unsigned_lhs" * (case["type"] == "u8")),
              "  ^bb0(%%acc: i32%s):" % (", %e: i32" * ("b" in types))]
    if "b" in types:
        lines.append("    %s = arith.addi %acc, %e : i32")
    lines += ["    npu.yield %s : i32" % ("%s" if "b" in types else "%acc"), "  } -> tensor<%s>" % types["z"],
              "  bufferization.materialize_in_destination %%r in restrict writable %%z : (tensor<%s>, memref<%s>) -> ()"
              % (types["z"], types["z"]), "  npu.return", "}"]
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


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
        t, filters, results = [case["type"]] * 3
        if case["bytes"]:
            filters, results = "s8", "s32"
        path = os.path.join(work, "conv.mlir")
        write(text, path)
        image, filter, bias, result = sizes(case)
        inputs = ["--input=%s:%d" % (t, image), "--input=%s:%d" % (filters, filter)]
        if "bias" in case["words"]:
            inputs.append("--input=%s:%d" % (results, bias))
        if "open" in case["words"]:
            (b, _, h, w), (oh, ow) = case["image"], case["places"]
            inputs += ["--scalar=%d" % n for n in (b, h, w, oh, ow)]
        names = "x0, x1" + (", x2" if "bias" in case["words"] else "")
        found = subprocess.run([sys.executable, run_kernel, path, "--work=" + work, "--device=" + devices, *inputs,
                                "--output=%s:%d" % (results, result), "--define=" + __file__,
                                "--expect=convolution(%r, %s)" % (text, names),
                                "--tolerance=%s" % {"f16": "2e-3", "f32": "1e-5"}.get(t, "0"), *options],
                               capture_output=True, text=True)
        if found.returncode:
            sys.exit("%s\n%s%s" % (text, found.stdout, found.stderr))
        print(text)
        print(found.stdout, end="")


if __name__ == "__main__":
    main()
