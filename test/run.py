#!/usr/bin/env python3
"""Runs every kind of test on a build tree and its installation.

    run.py --build DIR [--cache DIR] [--only KIND,...]

Ends with one line 'N passed, N failed, N skipped' over all kinds. It wants the
packages of requirements.txt; './build.sh test' sees to everything.
"""

import argparse
import concurrent.futures
import importlib.metadata
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree

SOURCE = pathlib.Path(__file__).resolve().parent.parent
LLVM_BIN = "/usr/lib/llvm-22/bin"


class Suite:
    """What all kinds need, and what they have counted."""

    def __init__(self, build, cache):
        self.build, self.cache = pathlib.Path(build).resolve(), pathlib.Path(cache).resolve()
        self.install = self.build / "install"
        self.passed = self.failed = self.skipped = 0

    def count(self, passed, failed, skipped=0):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped

    def run(self, command, **options):
        """The command's exit code; its output goes to ours."""
        print("$", " ".join(map(str, command)), flush=True)
        return subprocess.run(list(map(str, command)), **options).returncode

    def installed_environment(self):
        environment = dict(os.environ)
        environment["ASCEND_HOME_PATH"] = str(self.install)
        environment["PATH"] = "%s:%s" % (self.install / "bin", environment["PATH"])
        return environment


def count_junit(suite, path):
    """Adds up a report of ctest's or lit's; returns the names of the failures."""
    failures = []
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failures.append("%s/%s" % (case.get("classname"), case.get("name")))
            suite.count(0, 1)
        elif case.find("skipped") is not None:
            suite.count(0, 0, 1)
        else:
            suite.count(1, 0)
    return failures


def unit_programs(suite):
    """(name, command, environment) of each GoogleTest program ctest knows."""
    listing = json.loads(subprocess.run(["ctest", "--show-only=json-v1"], cwd=suite.build,
                                        capture_output=True, text=True, check=True).stdout)
    for test in listing["tests"]:
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        extra = dict(item.split("=", 1) for item in properties.get("ENVIRONMENT", []))
        if "command" in test:
            yield test["name"], test["command"], dict(os.environ, **extra)
        else:  # it was not built
            yield test["name"], ["false"], None


def run_unit(suite):
    """GoogleTest programs, counted test by test."""

    def run(program):
        name, command, environment = program
        report = suite.build / "test" / (name + ".json")
        report.unlink(missing_ok=True)
        result = subprocess.run(
            command + ["--gtest_output=json:%s" % report, "--gtest_brief=1"],
            capture_output=True, text=True, errors="replace", env=environment, cwd=suite.build / "test",
        )
        return name, result, report

    programs = list(unit_programs(suite))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, result, report in pool.map(run, programs):
            failed = 0
            if report.exists():
                data = json.loads(report.read_text())
                cases = [case for group in data["testsuites"] for case in group["testsuite"]]
                failed = sum("failures" in case for case in cases)
                skipped = sum(case.get("result") == "SKIPPED" for case in cases)
                suite.count(len(cases) - failed - skipped, failed, skipped)
            if result.returncode and not failed:
                # It ended before, or without, its report.
                failed = 1
                suite.count(0, 1)
                print("%s ended with code %d" % (name, result.returncode))
            if failed:
                print(result.stdout[-8000:], result.stderr[-8000:])


def run_lit(suite):
    """IR tests on the tools of the build tree."""
    report = suite.build / "test/lit.xml"
    report.unlink(missing_ok=True)
    suite.run([shutil.which("lit", path=LLVM_BIN), "-sv", "--xunit-xml-output", report, suite.build / "test"])
    if not report.exists():
        suite.count(0, 1)
        return
    count_junit(suite, report)


def run_clients(suite):
    """Programs built against the installed tree."""
    folder = suite.build / "clients"
    shutil.rmtree(folder, ignore_errors=True)
    models = fetch(suite, "ocr")
    log = suite.build / "clients.log"
    with open(log, "w") as output:
        built = suite.run(
            ["cmake", "-S", SOURCE / "test/clients", "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
             "-DCMAKE_CXX_COMPILER=clang++-22", "-DCMAKE_C_COMPILER=clang-22",
             "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", "-DCMAKE_PREFIX_PATH=%s" % suite.install,
             "-DGEMLIR_OCR_MODELS=%s" % (models or "")], stdout=output, stderr=output) == 0
        built = suite.run(["cmake", "--build", folder, "--", "-k", "0"], stdout=output, stderr=output) == 0 and built
    if not built:
        print(log.read_text()[-8000:])
    report = suite.build / "clients.xml"
    report.unlink(missing_ok=True)
    suite.run(["ctest", "--test-dir", folder, "--output-on-failure", "--output-junit", report])
    if report.exists():
        count_junit(suite, report)
    if not built or not report.exists():
        suite.count(0, 1)


def run_python(suite):
    """The Python package, installed by pip into a folder of its own."""
    target = suite.build / "python"
    shutil.rmtree(target, ignore_errors=True)
    log = suite.build / "python.log"
    with open(log, "w") as output:
        code = suite.run(
            [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps",
             "--no-build-isolation", "--target", target, SOURCE / "python",
             "--config-settings=build-dir=%s" % (suite.build / "python-build"), "--config-settings=cmake.define.CMAKE_CXX_COMPILER=clang++-22"],
            env=suite.installed_environment(), stdout=output, stderr=output)
    if code:
        print(log.read_text()[-8000:])
        suite.count(0, 1)
        return
    count_unittest(suite, SOURCE / "python/tests", dict(os.environ, PYTHONPATH=str(target)))


def count_unittest(suite, folder, environment):
    result = subprocess.run([sys.executable, "-m", "unittest", "discover", "-s", folder],
                            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, errors="replace", cwd=suite.build)
    ran = re.search(r"^Ran (\d+) tests?", result.stdout, re.M)
    numbers = {key: int(value) for key, value in re.findall(r"(failures|errors|skipped)=(\d+)", result.stdout)}
    failed = numbers.get("failures", 0) + numbers.get("errors", 0)
    skipped = numbers.get("skipped", 0)
    if not ran or (result.returncode and not failed):
        failed = max(failed, 1)
    total = int(ran.group(1)) if ran else failed
    suite.count(max(total - failed - skipped, 0), failed, skipped)
    if failed:
        print(result.stdout[-8000:])


def run_fuzz(suite):
    """Random graphs beside ONNX Runtime, and seeds that once failed."""
    target = suite.build / "python"
    if not target.exists():
        print("run the kind 'python' first: random graphs are compiled through its package")
        suite.count(0, 0, 1)
        return
    environment = dict(os.environ, PYTHONPATH=str(target))
    for chosen in (["--count", "100"], ["--seeds", SOURCE / "test/fuzz/seeds.txt"],
                   ["--count", "50", "--engines", "--device", "Ascend910B1"]):
        command = [sys.executable, SOURCE / "tools/ge-fuzz/ge-fuzz.py", "--failures", suite.build / "fuzz", *chosen]
        result = subprocess.run(list(map(str, command)), env=environment, stdout=subprocess.PIPE, text=True, errors="replace")
        print(result.stdout[-8000:])
        last = re.search(r"ge-fuzz: (\d+) same, (\d+) ill-conditioned, (\d+) different, (\d+) refused, (\d+) crashed", result.stdout)
        if not last:
            suite.count(0, 1)
            return
        same, ill, *failed = map(int, last.groups())
        suite.count(same + ill, sum(failed))


def run_node_tests(suite, name, data, device):
    """A release of ONNX's own node tests; one that computes something wrong is a failure."""
    command = [sys.executable, SOURCE / "test/onnx/conformance.py", "--data", data, "--device", device,
               "--json", suite.build / ("onnx-%s.json" % name), "--bin-dir", suite.install / "bin"]
    result = subprocess.run(list(map(str, command)), env=suite.installed_environment(),
                            stdout=subprocess.PIPE, text=True, errors="replace")
    print(result.stdout[-20000:])
    last = re.search(r"conformance: (\d+) passed, (\d+) unsupported, (\d+) failed of (\d+)\s*\Z", result.stdout)
    if not last:
        suite.count(0, 1)
        return
    passed, unsupported, failed, _ = map(int, last.groups())
    suite.count(passed, failed, unsupported)


# Beside the node tests of a release stand these: small graphs, and layers as PyTorch exported them.
GRAPH_TESTS = ("simple", "pytorch-operator", "pytorch-converted")


def run_onnx(suite):
    """ONNX's own node tests of two releases, and the first one's small graphs."""
    for name, data in find_node_tests():
        run_node_tests(suite, name, data, "Host")
    name, data = next(find_node_tests())
    for folder in GRAPH_TESTS:
        if (data.parent / folder).exists():
            run_node_tests(suite, "%s-%s" % (name, folder), data.parent / folder, "Host")


def run_npu(suite):
    """Those of the first release on a simulated NPU."""
    name, data = next(find_node_tests())
    run_node_tests(suite, "%s-npu" % name, data, "Ascend910B1")


def run_engines(suite):
    """Every operator on simulated NPUs against its definition."""
    program = suite.build / "bin/gemlir-op-check"
    command = [sys.executable, SOURCE / "test/ops/engines.py", "--program", program]
    result = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True, errors="replace")
    print(result.stdout[-20000:])
    last = re.search(r"engines: (\d+) passed, (\d+) failed of \d+\s*\Z", result.stdout)
    suite.count(*(map(int, last.groups()) if last else (0, 1)))


def run_microsoft(suite):
    """Operators of com.microsoft against ONNX Runtime."""
    command = [sys.executable, SOURCE / "test/onnx/microsoft.py", "--bin-dir", suite.install / "bin"]
    result = subprocess.run(list(map(str, command)), env=suite.installed_environment(),
                            stdout=subprocess.PIPE, text=True, errors="replace")
    print(result.stdout[-20000:])
    last = re.search(r"microsoft: (\d+) passed, (\d+) failed of \d+\s*\Z", result.stdout)
    suite.count(*(map(int, last.groups()) if last else (0, 1)))


def find_node_tests():
    """(release, folder) of Debian's tests and of those in the Python package."""
    data = pathlib.Path("/usr/share/libonnx-testdata/data/node")
    yield "1.12", data if data.exists() else find_testdata()
    package = importlib.util.find_spec("onnx")
    folder = pathlib.Path(package.origin).parent / "backend/test/data/node" if package else pathlib.Path("missing")
    if folder.exists():
        yield importlib.metadata.version("onnx").rpartition(".")[0], folder


def find_testdata():
    files = subprocess.run(["dpkg", "-L", "libonnx-testdata"], capture_output=True, text=True).stdout.split()
    return next((pathlib.Path(f) for f in files if f.endswith("/data/node")), pathlib.Path("missing"))


def run_networks(suite, program, report):
    report.unlink(missing_ok=True)
    code = suite.run([sys.executable, SOURCE / "test/models" / program, "--cache", suite.cache,
                      "--install", suite.install, "--json", report])
    if not report.exists():
        suite.count(0, 1)
        return
    results = [model["status"] for model in json.loads(report.read_text())["models"]]
    suite.count(results.count("passed"), results.count("failed"), results.count("skipped"))
    if code and "failed" not in results:
        suite.count(0, 1)


def run_models(suite):
    """Real networks against ONNX Runtime."""
    run_networks(suite, "run_models.py", suite.build / "models.json")


def run_models_npu(suite):
    """Real networks on simulated NPUs against ONNX Runtime."""
    run_networks(suite, "run_npu.py", suite.build / "models-npu.json")


def fetch(suite, group):
    """The folder of a group of models, or None if it cannot be had."""
    path = SOURCE / "test/models/fetch.py"
    spec = importlib.util.spec_from_file_location("fetch", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        return module.fetch(group, str(suite.cache))
    except (RuntimeError, OSError) as error:
        print("models of group '%s' are not to be had: %s" % (group, error))
        return None


def update_summary(path, kinds):
    """Keeps the last counts of each kind, for the README's table of features."""
    summary = json.loads(path.read_text()) if path.exists() else {}
    summary.update(kinds)
    path.write_text(json.dumps(summary, indent=1) + "\n")


KINDS = {
    "unit": run_unit,
    "lit": run_lit,
    "clients": run_clients,
    "python": run_python,
    "fuzz": run_fuzz,
    "onnx": run_onnx,
    "npu": run_npu,
    "engines": run_engines,
    "microsoft": run_microsoft,
    "models": run_models,
    "models-npu": run_models_npu,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--cache", default=os.path.expanduser("~/.cache/ge-mlir"))
    parser.add_argument("--only", default=",".join(KINDS))
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    for kind in chosen:
        if kind not in KINDS:
            sys.exit("run.py: unknown kind '%s', expected %s" % (kind, ", ".join(KINDS)))
    total = Suite(arguments.build, arguments.cache)
    # Most kinds run what is installed, which may be older than what was built.
    if total.run(["cmake", "--install", total.build, "--prefix", total.install], stdout=subprocess.DEVNULL):
        sys.exit("run.py: cannot install %s" % total.build)
    lines, kinds = [], {}
    for kind in chosen:
        print("\n==== %s: %s" % (kind, KINDS[kind].__doc__.splitlines()[0]), flush=True)
        suite = Suite(arguments.build, arguments.cache)
        start = time.time()
        KINDS[kind](suite)
        if suite.passed + suite.failed + suite.skipped == 0:
            print("no test was found")
            suite.count(0, 1)
        lines.append("%-10s %5d passed %5d failed %5d skipped %7.1f s"
                     % (kind, suite.passed, suite.failed, suite.skipped, time.time() - start))
        print(lines[-1], flush=True)
        total.count(suite.passed, suite.failed, suite.skipped)
        kinds[kind] = {"passed": suite.passed, "failed": suite.failed, "skipped": suite.skipped}
    update_summary(total.build / "test/summary.json", kinds)
    print("\n" + "\n".join(lines))
    print("%d passed, %d failed, %d skipped" % (total.passed, total.failed, total.skipped))
    sys.exit(1 if total.failed or not total.passed else 0)


if __name__ == "__main__":
    main()
