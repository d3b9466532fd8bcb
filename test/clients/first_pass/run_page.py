#!/usr/bin/env python3
"""Does what a tutorial page says: run_page.py PAGE.md DIRECTORY.

Blocks of one language are joined; the first line of the first names the file.
Then CMake builds the folder and the page's shell commands run in it, with BUILD
naming the build folder.
"""

import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys


def main():
    page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    blocks = collections.defaultdict(list)
    for language, text in re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(), re.M | re.S):
        blocks[language].append(text)
    commands = blocks.pop("sh")
    for language, texts in blocks.items():
        text = "\n".join(texts)
        name = re.match(r"(?://|#) (\S+)\n", text)
        if not name:
            sys.exit("the first %s block does not name its file" % language)
        (folder / name.group(1)).write_text(text)
    build = folder / "build"
    subprocess.run(["cmake", "-S", folder, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"], check=True)
    subprocess.run(["cmake", "--build", build], check=True)
    for command in commands:
        subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=folder,
                       env=dict(os.environ, BUILD=str(build)), check=True)


if __name__ == "__main__":
    main()
