#!/usr/bin/env python3
"""Draws picture.png, the picture the demo reads.

Needs Pillow and Debian's fonts-dejavu-core; the result is committed, so the
demo itself needs neither.
"""

import pathlib
import random

from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu/"
LINES = [
    ("DejaVuSerif-Bold.ttf", 44, (40, 24), "Harbour Bookshop"),
    ("DejaVuSans.ttf", 26, (40, 92), "14 Lighthouse Road, Whitby"),
    ("DejaVuSans.ttf", 24, (40, 156), "Graph Engines Explained"),
    ("DejaVuSans-Bold.ttf", 24, (500, 156), "18.50"),
    ("DejaVuSans.ttf", 24, (40, 206), "Tides of the North Sea"),
    ("DejaVuSans-Bold.ttf", 24, (500, 206), "12.95"),
    ("DejaVuSans.ttf", 24, (40, 256), "Paper and Ink, second edition"),
    ("DejaVuSans-Bold.ttf", 24, (500, 256), "27.00"),
    ("DejaVuSerif-Bold.ttf", 34, (40, 326), "Total"),
    ("DejaVuSerif-Bold.ttf", 34, (490, 326), "58.45"),
    ("DejaVuSansMono.ttf", 24, (40, 404), "Thank you! Closed on Sundays."),
]


def main():
    random.seed(1)
    picture = Image.new("RGB", (640, 480), (246, 241, 228))
    draw = ImageDraw.Draw(picture)
    for y in range(0, 480, 4):  # the paper is not quite even
        shade = random.randint(-3, 3)
        draw.rectangle((0, y, 640, y + 4), fill=(246 + shade, 241 + shade, 228 + shade))
    draw.rectangle((14, 10, 625, 469), outline=(120, 90, 60), width=3)
    draw.line((40, 140, 600, 140), fill=(120, 90, 60), width=2)
    draw.line((40, 306, 600, 306), fill=(120, 90, 60), width=2)
    for font, size, at, text in LINES:
        draw.text(at, text, font=ImageFont.truetype(FONTS + font, size), fill=(38, 34, 52))
    picture.save(pathlib.Path(__file__).with_name("picture.png"), optimize=True)


if __name__ == "__main__":
    main()
