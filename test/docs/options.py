#!/usr/bin/env python3
"""The table of options in docs/ClientAPI.md, from lib/API/Options.def: options.py ROOT [--write].

Fails if the page does not have the table that the file gives.
"""

import pathlib
import re
import sys

BEGIN, END = "<!-- options: from lib/API/Options.def by test/docs/options.py -->", "<!-- end of options -->"
SCOPES = {"kSession": "session", "kInitialize": "build initialization", "kBuild": "build", "kParse": "parser"}
HEADINGS = {"Works": "These have an effect:", "Refused": "These are refused, because the model would not be the one asked for:",
            "Ignored": "These are accepted without an effect:"}


def table(root):
    text = (root / "lib/API/Options.def").read_text()
    entry = re.compile(r'^GE_OPTION\("([^"]+)", ([\w|]+), (\w+), "([^"]*)",\s+"((?:[^"\\]|\\.)*)"\)', re.M)
    rows = entry.findall(text)
    if len(rows) != text.count("\nGE_OPTION("):
        sys.exit("lib/API/Options.def has an entry that cannot be read")
    lines = []
    for effect, heading in HEADINGS.items():
        lines += ["", heading, "", "| option | taken by | effect |" if effect == "Works" else "| option | taken by | why |",
                  "| --- | --- | --- |"]
        for key, scopes, found, values, note in rows:
            if found != effect:
                continue
            note = note.replace('\\"', '"')
            if values and effect == "Works":
                note += ": " + ", ".join("`%s`" % value for value in values.split("|"))
            taken = ", ".join(SCOPES[scope] for scope in scopes.split("|"))
            lines.append("| `%s` | %s | %s |" % (key, taken, note.replace("|", "\\|")))
    return "\n".join(lines).strip()


def main():
    root = pathlib.Path(sys.argv[1])
    page = root / "docs/ClientAPI.md"
    text = page.read_text()
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    wanted = "%s%s\n%s\n%s%s" % (head, BEGIN, table(root), END, tail)
    if sys.argv[2:] == ["--write"]:
        page.write_text(wanted)
    elif wanted != text:
        sys.exit("docs/ClientAPI.md is not what lib/API/Options.def says: run test/docs/options.py %s --write" % root)


if __name__ == "__main__":
    main()
