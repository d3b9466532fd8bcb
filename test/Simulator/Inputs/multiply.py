"""Checks C = A B, A and B of f16, C of f32: multiply.py A B C M N K.

The numbers are quarters, so that every sum is exact in any order.
"""

import struct
import sys

m, n, k = map(int, sys.argv[4:7])


def read(path, letter, count):
    with open(path, "rb") as file:
        return struct.unpack("<%d%s" % (count, letter), file.read())


a, b, c = read(sys.argv[1], "e", m * k), read(sys.argv[2], "e", k * n), read(sys.argv[3], "f", m * n)
for i in range(m):
    row = a[i * k : i * k + k]
    for j in range(n):
        expected = sum(x * y for x, y in zip(row, b[j::n]))
        if c[i * n + j] != expected:
            sys.exit("found %g at (%d, %d), expected %g" % (c[i * n + j], i, j, expected))
if not any(c):
    sys.exit("found zeros only")
