#!/usr/bin/env python3
"""Checks the documentation against the tree: check_pages.py ROOT.

Every error code of the sources has a page, with the paragraph that Python shows
as advice; every relative link leads somewhere; the README is short.
"""

import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    problems = []
    codes = set()
    for folder in ("include", "lib", "tools", "python"):
        for source in (root / folder).rglob("*"):
            if source.suffix in (".h", ".cpp", ".td", ".py") and source.is_file():
                codes |= set(re.findall(r"""["\[](E1\d{4})["\]]""", source.read_text(errors="replace")))
    codes.discard("E12345")  # stands for any code in comments
    for code in sorted(codes):
        page = root / "docs/Errors" / (code + ".md")
        if not page.exists():
            problems.append("error code %s has no page in docs/Errors" % code)
        elif not re.search(r"^\*\*What to do\.\*\* \S", page.read_text(), re.M):
            problems.append("%s does not say what to do" % page)
    if not codes:
        problems.append("found no error code in the sources")
    for page in [root / "README.md", root / "python/README.md", *(root / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if "://" not in link and not (page.parent / link).exists():
                problems.append("%s links to %s, which is not there" % (page.relative_to(root), link))
    lines = len((root / "README.md").read_text().splitlines())
    if lines >= 120:
        problems.append("README.md has %d lines, expected fewer than 120" % lines)
    sys.exit("\n".join(problems) or 0)


if __name__ == "__main__":
    main()
