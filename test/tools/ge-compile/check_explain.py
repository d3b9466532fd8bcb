"""Checks the tiles that ge-compile --explain prints against the kernel as IR.

    check_explain.py EXPLAINED.txt KERNELS.mlir
"""

import re
import sys

explained, kernels = (open(path).read() for path in sys.argv[1:])
rows = [[int(number) for number in re.findall(r"\d+", line)]
        for line in explained.splitlines() if re.fullmatch(r" [ *]*( +\d+){5}", line)]
predicted = [row[-1] for row in rows]
chosen = rows[0]
# The tile's accumulators are in memory 5, L0C.
has_it = "memref<%dx%dxf32, 5>" % (chosen[0], chosen[1]) in kernels
print(f"{len(rows)} tiles,",
      "the cheapest first," if predicted == sorted(predicted) else "in no order,",
      "and the kernel has it" if has_it else "and the kernel has another")
