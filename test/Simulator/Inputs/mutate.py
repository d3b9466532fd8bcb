"""Removes one synchronising command after the other from a kernel and runs what is left.

    mutate.py NPU_SIM KERNEL.elf OPTION...

Every flag set or waited for, and every barrier, is replaced by an instruction
that does nothing. Each such kernel must trap; those that do not are listed, and
the script fails.
"""

import struct
import subprocess
import sys

NOP = 0x00000013
SYNCHRONISING = {2: "np.flag", 3: "np.bar", 4: "np.xflag", 6: "np.follow"}


def code_of(elf):
    """The (offset, size) in the file of the executable segments."""
    offset, count = struct.unpack_from("<Q", elf, 32)[0], struct.unpack_from("<H", elf, 56)[0]
    for i in range(count):
        kind, flags, start, address, _, size = struct.unpack_from("<IIQQQQ", elf, offset + 56 * i)
        if kind == 1 and flags & 1:
            yield start, size, address


def main():
    simulator, kernel, options = sys.argv[1], sys.argv[2], sys.argv[3:]
    elf = open(kernel, "rb").read()

    def run(path):
        return subprocess.run([simulator, path, *options], capture_output=True, text=True)

    whole = run(kernel)
    if whole.returncode:
        sys.exit("the whole kernel traps: " + whole.stderr)
    found, missed, kinds = 0, [], {}
    for start, size, address in code_of(elf):
        for at in range(start, start + size, 4):
            (word,) = struct.unpack_from("<I", elf, at)
            name = SYNCHRONISING.get(word >> 12 & 7) if word & 0x7F == 0x0B else None
            if not name:
                continue
            mutant = bytearray(elf)
            struct.pack_into("<I", mutant, at, NOP)
            path = kernel + ".mutant"
            with open(path, "wb") as file:
                file.write(mutant)
            result = run(path)
            if result.returncode == 1:
                found += 1
                kind = next((k for k in ("race", "deadlock", "flag", "uninitialised") if k + ":" in result.stderr), "?")
                kinds[kind] = kinds.get(kind, 0) + 1
            else:
                missed.append("%s at 0x%x" % (name, address + at - start))
    print("found %d of %d mutants:" % (found, found + len(missed)),
          ", ".join("%s %d" % item for item in sorted(kinds.items())))
    for mutant in missed:
        print("not found:", mutant)
    sys.exit(1 if missed else 0)


main()
