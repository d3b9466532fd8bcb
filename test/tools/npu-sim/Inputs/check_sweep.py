"""Checks the table of a sweep over ub=8K:192K,gm-l1=32:256.

    check_sweep.py TABLE.json
"""

import json
import sys

rows = json.load(open(sys.argv[1]))["rows"]
cycles = {(row["values"].get("ub"), row["values"].get("gm-l1")): row["cycles"] for row in rows}
assert len(cycles) == len(rows)
assert cycles[None, None] == cycles["192K", "256"]
print(f"{len(rows)} rows,",
      "the slower path costs more," if cycles["192K", "32"] > cycles["192K", "256"] else "the slower path costs less,",
      "as does the smaller memory" if cycles["8K", "256"] > cycles["192K", "256"] else "unlike the smaller memory")
