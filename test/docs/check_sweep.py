#!/usr/bin/env python3
"""Compares the first table of a page with what a sweep prints: check_sweep.py PAGE OUTPUT.

Cycles and bytes may differ by a tenth, and parts of the time by ten percent of it, so
that the page need not follow each change of a kernel.
"""

import re
import sys

ROW = re.compile(r"^(\S+) +(\S+) +(\d+) +[-+][\d.]+% +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +(\d+)$", re.M)


def read(path):
    return {row[:2]: [float(number) for number in row[2:]] for row in ROW.findall(open(path).read())}


def main():
    page, printed = read(sys.argv[1]), read(sys.argv[2])
    assert page.keys() == printed.keys(), (page.keys(), printed.keys())
    for device, expected in page.items():
        cycles, *rest = printed[device]
        assert abs(cycles - expected[0]) <= expected[0] / 10, (device, "cycles", cycles, "on the page", expected[0])
        for column, (now, then) in enumerate(zip(rest[:-1], expected[1:-1])):
            most = 10 if column < 2 else then / 10
            assert abs(now - then) <= most, (device, "found", rest, "on the page", expected[1:])
        assert rest[-1] == expected[-1], (device, "on AICPU", rest[-1], "on the page", expected[-1])
    print(len(page), "rows")


if __name__ == "__main__":
    main()
