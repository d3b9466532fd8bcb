# The IR tests. Tools are found only through this configuration, so the same
# tests run against the build tree (the default, through lit.site.cfg.py) and
# against an installed one:
#
#   lit -D tools_dir=/opt/ge-mlir/bin test

import os
import shutil
import sys

import lit.formats

config.name = "ge-mlir"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".td"]
config.excludes = ["Inputs", "benchmark", "clients", "models", "unit"]
config.test_source_root = os.path.dirname(__file__)


def setting(name, default):
    """A value from the command line, the site configuration, or the default."""
    return lit_config.params.get(name, getattr(config, "gemlir_" + name, default))


tools_dir = setting("tools_dir", "")
llvm_tools_dir = setting("llvm_tools_dir", "/usr/lib/llvm-22/bin")
config.test_exec_root = setting(
    "exec_root", os.path.join(os.getcwd(), "lit-output")
)
if not tools_dir or not os.path.exists(os.path.join(tools_dir, "ge-opt")):
    lit_config.fatal(
        "ge-opt not found in '%s': build the target check-lit, or name the "
        "folder of the tools with -D tools_dir=DIR" % tools_dir
    )

config.environment["PATH"] = os.pathsep.join(
    [tools_dir, llvm_tools_dir, config.environment.get("PATH", "")]
)
for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%source_root", os.path.dirname(config.test_source_root)))
config.substitutions.append(("%test_root", config.test_source_root))
config.substitutions.append(("%tools_dir", tools_dir))
config.substitutions.append(("%lib_dir", os.path.join(os.path.dirname(tools_dir), "lib64")))
# Programs only the build tree has, such as ge-tblgen's inputs and example plug-ins.
config.substitutions.append(("%include_dir", os.path.join(os.path.dirname(config.test_source_root), "include")))
config.substitutions.append(("%mlir_include_dir", setting("mlir_include_dir", "/usr/lib/llvm-22/include")))

# Features that a test may require.
for tool in ("ge-compile", "ge-run", "ge-translate", "ge-tblgen"):
    if shutil.which(tool, path=tools_dir):
        config.available_features.add(tool)
try:
    with open("/proc/cpuinfo") as cpuinfo:
        flags = set(
            next((l for l in cpuinfo if l.startswith("flags")), "").split()
        )
    if "avx2" in flags and "fma" in flags:
        config.available_features.add("avx2")
    if {"avx512f", "avx512bw", "avx512vl", "avx512dq"} <= flags:
        config.available_features.add("avx512")
except OSError:
    pass
if setting("sanitizer", ""):
    config.available_features.add("sanitizer")
