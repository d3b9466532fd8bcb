"""Turns the examples in an operator reference into functions.

usage: examples.py REFERENCE.md OPERATIONS > functions.mlir

An example uses values that it does not define; they become arguments, with the
types that the line gives them. Fails if fewer than OPERATIONS sections have one.
"""

import re
import sys

VALUE = re.compile(r"%[A-Za-z_]\w*")


def split_types(text):
    """The types of a list, split at commas outside of brackets."""
    types, depth, begin = [], 0, 0
    for i, char in enumerate(text):
        if char in "<([":
            depth += 1
        elif char in ">)]" and text[i - 1] != "-":
            depth -= 1
        elif char == "," and depth == 0:
            types.append(text[begin:i].strip())
            begin = i + 1
    return types + [text[begin:].strip()]


def closing(text, begin):
    """The place of the parenthesis that closes the one at `begin`."""
    depth = 0
    for i in range(begin, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i
    raise ValueError("no closing parenthesis in: " + text)


def operand_types(line, count):
    """The types of the operands of one operation."""
    signature = line[line.rindex(" : ") + 3 :]
    if not signature.startswith("("):
        return [signature.strip()] * count
    return split_types(signature[1 : closing(signature, 0)])


def function(name, example):
    arguments, defined, inside = {}, set(), 0
    # Variables are symbols of the module.
    symbols = [line for line in example.splitlines() if line.startswith("ge.variable")]
    lines = [line for line in example.splitlines() if line not in symbols]
    for line in lines:
        if not inside and " : " in line:
            left, _, right = line.partition("=") if line.startswith("%") else ("", "", line)
            uses = VALUE.findall(right.split(" : ")[0])
            for value, type_ in zip(uses, operand_types(line, len(uses))):
                if value not in defined:
                    arguments[value] = type_
            defined.update(VALUE.findall(left.split(":")[0]))
        # The bodies of regions see their own arguments only.
        inside += line.count("{") - line.count("}")
    signature = ", ".join("%s: %s" % item for item in arguments.items())
    body = "\n".join("  " + line for line in lines)
    return "\n".join(symbols) + "\nfunc.func @%s(%s) {\n%s\n  return\n}\n" % (name, signature, body)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        reference = file.read()
    count = 0
    for section in re.split(r"^### `", reference, flags=re.M)[1:]:
        name = section.split("`")[0]
        for example in re.findall(r"^```mlir\n(.*?)^```", section, flags=re.M | re.S):
            print(function(re.sub(r"\W", "_", name), example.rstrip()))
            print("// -----\n")
            count += 1
    print("// %d examples" % count)
    return 0 if count >= int(sys.argv[2]) else "expected %s examples, but got %d" % (sys.argv[2], count)


if __name__ == "__main__":
    sys.exit(main())
