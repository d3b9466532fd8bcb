"""Says what is in the pictures of a time line.

    check_timeline.py ALL.svg ALL.html CORES.svg
"""

import re
import sys
import xml.etree.ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
QUEUES = {"S", "V", "M", "MTE1", "MTE2", "MTE3", "FIX"}


def read(path):
    return open(path, encoding="utf-8").read()


def describe(picture):
    root = ET.fromstring(picture)
    texts = [text.text for text in root.iter(SVG + "text")]
    titles = [title.text for title in root.iter(SVG + "title")]
    kernels = sum(bool(re.match(r"\d+ .*cycles$", title)) for title in titles)
    cores = [text for text in texts if re.match(r"(cube|vector) core \d+$", text)]
    lanes = sorted(QUEUES & set(texts))
    width = float(root.get("width"))
    inside = all(float(box.get("x")) >= 0 and float(box.get("x")) + float(box.get("width")) <= width
                 for box in root.iter(SVG + "rect") if box.get("x"))
    # Boxes of commands in a lane do not overlap.
    lanes_of = {}
    for box in root.iter(SVG + "rect"):
        if box.find(SVG + "title") is not None:
            lanes_of.setdefault(box.get("y"), []).append((float(box.get("x")), float(box.get("width"))))
    for boxes in lanes_of.values():
        boxes.sort()
        for (x, w), (following, _) in zip(boxes, boxes[1:]):
            assert x + w <= following + 0.21, (x, w, following)
    return (f"{kernels} kernels, {', '.join(cores)}, lanes {' '.join(lanes)},"
            f" {'nothing' if inside else 'something'} outside")


def main(picture, page, cores):
    print("all.svg:", describe(read(picture)))
    print("all.html:", "the same picture" if read(picture) in read(page) else "another picture")
    print("cores.svg:", describe(read(cores)))


main(*sys.argv[1:])
