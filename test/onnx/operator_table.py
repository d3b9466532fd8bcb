#!/usr/bin/env python3
# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes docs/ONNXOperators.md from the sources of the legalization and from what
conformance.py found.

  operator_table.py [--check]                    write the page, or compare it
  operator_table.py --record NAME=FILE ...       keep outcomes of conformance.py --json

Attributes and limits are read off the C++ code of each mapping: which attributes
it asks for, which inputs it wants constant, and what it refuses. Types and counts
of tests come from test/onnx/outcomes.json.
"""

import argparse
import collections
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "lib/Dialect/GE/Transforms"
OUTCOMES = ROOT / "test/onnx/outcomes.json"
PAGE = ROOT / "docs/ONNXOperators.md"

DEFINITION = re.compile(r"^(?:template <[^\n]*>\n)?(?:static )?(?:class (\w+)|[\w:<>&*, ]+?[ &*](?:\w+::)*(\w+)\()", re.M)
ATTRIBUTE = re.compile(r'\b(?:getInt|getFloat|getString|getInts|getFloats|hasAttr|attr|getBody|readDims)\((?:n, )?"(\w+)"')
CONSTANT = re.compile(r'\bneed(?:Ints|Int|Floats)\([^;]*?,\s*"([^"]+)"')
REFUSAL = re.compile(r"\bunsupported\(")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
ADD = re.compile(r"table\.add\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")


def matching(text, start, pair):
    """The index behind the bracket that closes the one at `start`, strings and
    characters left out."""
    depth, i = 0, start
    while i < len(text):
        if text[i] in "\"'":
            quote, i = text[i], i + 1
            while text[i] != quote:
                i += 2 if text[i] == "\\" else 1
        elif text[i] == pair[0]:
            depth += 1
        elif text[i] == pair[1]:
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1
    raise ValueError("unbalanced %s" % pair)


def strip_comments(text):
    return re.sub(r"^\s*//.*\n|(?<=[;{,]) *//[^\n]*", "", text, flags=re.M)


class Sources:
    """Bodies of functions and classes by name and file. A file's own come first;
    of others only what they share by a header is seen."""

    def __init__(self):
        self.bodies, self.shared, self.additions = collections.defaultdict(list), collections.defaultdict(list), []
        for path in sorted(SOURCES.glob("LegalizeONNX*.cpp")):
            # What all mappings share says nothing of one of them.
            if path.name in ("LegalizeONNX.cpp", "LegalizeONNXNode.cpp"):
                continue
            text = strip_comments(path.read_text())
            for found in DEFINITION.finditer(text):
                brace = text.find("{", found.end())
                semicolon = text.find(";", found.end())
                if brace < 0 or 0 <= semicolon < brace:
                    continue
                name = found.group(1) or found.group(2)
                body = text[brace : matching(text, brace, "{}")]
                self.bodies[path.name, name].append(body)
                if "onnx::" + name in found.group(0) or re.search(r"\w+::%s\($" % name, found.group(0)):
                    self.shared[name].append((path.name, body))
            self.read_table(path.name, text)

    def read_table(self, file, text):
        domains = dict(re.findall(r'StringLiteral (\w+) = "([^"]+)"', text))
        loops = re.findall(r'for \(StringRef (\w+) : \{([^}]*)\}\)', text)
        for found in ADD.finditer(text):
            parts = [part.strip() for part in re.split(r",(?![^<]*>)(?![^(\[]*[)\]])", found.group(1), maxsplit=2)]
            if len(parts) == 3 or not parts[0].startswith('"'):
                names = [domains.get(parts[0], parts[0].strip('"'))]
                for variable, values in loops:
                    if parts[0] == variable:
                        names = [value.strip().strip('"') for value in values.split(",")]
                parts = parts[1:] if len(parts) == 3 else [parts[1], parts[1]]
            else:
                names = [""]
            for domain in names:
                self.additions.append((domain, parts[0].strip('"'), file, ", ".join(parts[1:]) + ";"))

    def gather(self, file, text, seen):
        """The text with the bodies of all that it calls."""
        parts = [text]
        for name in dict.fromkeys(re.findall(r"\b([A-Za-z]\w+)\b(?=[(<;),]| \w+\()", text)):
            own = [(file, body) for body in self.bodies.get((file, name), [])]
            for where, body in own or self.shared.get(name, []):
                if (where, body) not in seen:
                    seen.add((where, body))
                    parts.append(self.gather(where, body, seen))
        return "".join(parts)


def read_refusals(text):
    """The words of each refusal; what is computed becomes an ellipsis."""
    for found in REFUSAL.finditer(text):
        end = matching(text, found.end() - 1, "()")
        argument, depth = "", 0
        for piece in re.findall(r'"(?:[^"\\]|\\.)*"|.', text[found.end() : end - 1], re.S):
            depth += (piece in "([{") - (piece in ")]}")
            if piece == "," and depth == 0:
                break
            argument += piece
        words, rest = "", argument
        for literal in STRING.finditer(argument):
            if argument[: literal.start()].strip() and not words:
                words = "… "
            elif words:
                words = words.rstrip() + " … " if "Twine" in rest[: literal.start()] or "+" in rest else words
            words += literal.group(1)
        words = re.sub(r"\s+", " ", words).strip()
        if words:
            yield words


def describe(sources, file, handler):
    text = sources.gather(file, handler, set())
    attributes = sorted(set(ATTRIBUTE.findall(text)) - {"captures"})
    constants = sorted(set(CONSTANT.findall(text)))
    refusals = list(dict.fromkeys(read_refusals(text)))
    return attributes, constants, refusals


def load_outcomes():
    return json.loads(OUTCOMES.read_text()) if OUTCOMES.exists() else {}


def escape(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def make_page():
    sources, outcomes = Sources(), load_outcomes()
    suites = sorted(outcomes)
    lines = [
        "# ONNX operators",
        "",
        "<!-- Written by test/onnx/operator_table.py; do not edit. -->",
        "",
        "What the importer maps, for every device, `Host` and the NPUs. *Attributes* are those that count; others are",
        "refused by the operator's own rules or have no effect. *Constant* are inputs whose value must be known when",
        "the model is compiled. *Refused* is what the compiler reports as unsupported. *Types* are the element types",
        "of the inputs of ONNX's node tests that pass, and *tests* how many of them do.",
        "",
    ]
    total = ["%s: %d of %d" % (suite, outcomes[suite]["passed"], outcomes[suite]["total"]) for suite in suites]
    if total:
        lines += ["Node tests that pass: " + "; ".join(total) + ".", ""]
    groups = collections.defaultdict(dict)
    for domain, name, file, handler in sources.additions:
        groups[domain][name] = describe(sources, file, handler)
    for domain in sorted(groups):
        lines += ["## " + (domain or "ai.onnx"), ""]
        lines += ["| operator | attributes | constant | refused | types | tests |", "| --- | --- | --- | --- | --- | --- |"]
        for name in sorted(groups[domain]):
            attributes, constants, refusals = groups[domain][name]
            key = domain + "::" + name if domain else name
            types, counts = set(), []
            for suite in suites:
                entry = outcomes[suite]["operators"].get(key)
                if entry:
                    types |= set(entry["types"])
                    counts.append("%d/%d" % (entry["passed"], entry["total"]))
            cells = [name, " ".join("`%s`" % a for a in attributes), ", ".join(constants), "; ".join(refusals),
                     " ".join(sorted(types)), ", ".join(counts)]
            lines.append("| " + " | ".join(escape(cell) for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)


def record(items):
    outcomes = load_outcomes()
    for item in items:
        name, path = item.split("=", 1)
        tests = json.loads(pathlib.Path(path).read_text())
        operators = collections.defaultdict(lambda: {"passed": 0, "total": 0, "types": set()})
        for test in tests:
            for operator in test["operators"]:
                entry = operators[operator]
                entry["total"] += 1
                if test["status"] == "passed":
                    entry["passed"] += 1
                    entry["types"].update(test["types"])
        for entry in operators.values():
            entry["types"] = sorted(entry["types"])
        passed = sum(test["status"] == "passed" for test in tests)
        outcomes[name] = {"passed": passed, "total": len(tests), "operators": dict(sorted(operators.items()))}
    OUTCOMES.write_text(json.dumps(outcomes, indent=1, sort_keys=True) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail if the page is not what would be written")
    parser.add_argument("--record", nargs="+", metavar="NAME=FILE", help="outcomes to keep")
    options = parser.parse_args()
    if options.record:
        record(options.record)
    page = make_page()
    if not options.check:
        PAGE.write_text(page)
        return 0
    if PAGE.exists() and PAGE.read_text() == page:
        return 0
    print("docs/ONNXOperators.md is out of date: run test/onnx/operator_table.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
