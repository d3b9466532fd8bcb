#!/usr/bin/env bash
# Sets up, builds, tests and demonstrates ge-mlir on Debian 12. './build.sh help' says how.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

LLVM=22
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/ge-mlir
PRESET=release
PREFIX=
SUITE_ARGS=()

PACKAGES=(cmake ninja-build ccache clang-$LLVM lld-$LLVM liblld-$LLVM-dev llvm-$LLVM-dev
  llvm-$LLVM-tools libmlir-$LLVM-dev mlir-$LLVM-tools nlohmann-json3-dev zlib1g-dev libzstd-dev
  libgtest-dev libonnx-testdata libstb-dev python3 python3-dev python3-venv)
BENCHMARK_PACKAGES=(libdnnl-dev libbenchmark-dev)

usage() {
  cat <<TEXT
usage: ./build.sh COMMAND [--preset=NAME] [--prefix=DIR] [--only=KIND,...]

  setup      install the Debian packages that the other commands need
  build      build the libraries and tools
  test       build, install into the build folder and run every test
  demo       build, install, fetch two OCR models and read the text of a picture
  docs       write the operator, dialect and pass references
  install    build and install into --prefix (build/install unless given)
  benchmark  measure kernels beside oneDNN, and the simulator beside this processor
  format     format the C++ sources

Each command installs the packages it misses. Presets: release (the default), dev
(assertions), asan, tsan. Kinds of test: unit, lit, clients, python,
fuzz, onnx, npu, microsoft, models.
Downloads go to $CACHE.
TEXT
}

say() { printf '%s\n' "-- $*"; }
die() {
  printf 'build.sh: %s\n' "$*" >&2
  exit 1
}

# as_root COMMAND...: with root's rights, or a message that says what to run by hand.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "no right to install packages (not root, and no sudo); as root, run: $*"
  fi
}

# packages NAME...: installs those that are missing, and says which.
packages() {
  command -v dpkg-query >/dev/null ||
    die "found no dpkg; this script knows Debian 12 only. Install the equivalents of: $*"
  local missing=() name
  local installed
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    grep -qx "$name installed" <<<"$installed" || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing Debian packages: ${missing[*]}"
  as_root apt-get update -q || die "apt-get update failed; is the network reachable?"
  for name in "${missing[@]}"; do
    apt-cache show "$name" >/dev/null 2>&1 ||
      die "package $name is unknown to apt; expected Debian 12 with its updates and security suites in the apt sources"
  done
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
    die "could not install: ${missing[*]}"
}

build_dir() { if [ "$PRESET" = release ]; then echo build; else echo "build/$PRESET"; fi; }

configure() {
  local dir log
  dir=$(build_dir)
  mkdir -p "$dir"
  log=$dir/configure.log
  case $PRESET in
  release | dev) ;;
  asan | tsan) packages libclang-rt-$LLVM-dev ;;
  *) die "unknown preset '$PRESET'; expected release, dev, asan or tsan" ;;
  esac
  say "configuring $dir (preset $PRESET, log in $log)"
  cmake --preset "$PRESET" "$@" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    die "configuration failed"
  }
}

build() {
  say "building $*"
  cmake --build "$(build_dir)" --target "$@"
}

install_tree() {
  local prefix=${PREFIX:-$(build_dir)/install}
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  say "installing into $prefix"
  if [ -w "$(dirname "$prefix")" ] || mkdir -p "$prefix" 2>/dev/null; then
    cmake --install "$(build_dir)" --prefix "$prefix" >"$(build_dir)/install.log"
  else
    as_root cmake --install "$(build_dir)" --prefix "$prefix" >"$(build_dir)/install.log"
  fi
  say "use it with: . $prefix/set_env.sh"
}

# venv: sets VENV_PYTHON to a virtual environment's Python, made on first use.
# venv full: with the pinned, checksummed packages of test/requirements.txt too.
venv() {
  local dir=$CACHE/venv stamp
  VENV_PYTHON=$dir/bin/python
  if [ ! -x "$VENV_PYTHON" ] || ! "$VENV_PYTHON" -m pip --version >/dev/null 2>&1; then
    say "making a Python environment in $dir"
    rm -rf "$dir"
    mkdir -p "$CACHE"
    /usr/bin/python3 -m venv "$dir" || die "could not make a Python environment in $dir"
  fi
  [ "${1:-}" = full ] || return 0
  stamp=$dir/$(sha256sum test/requirements.txt | cut -c1-16).installed
  [ -e "$stamp" ] && return 0
  say "installing Python packages: $(sed -n 's/ \\$//; /^[a-z]/p' test/requirements.txt | tr '\n' ' ')"
  "$VENV_PYTHON" -m pip install --disable-pip-version-check -q --require-hashes -r test/requirements.txt ||
    die "could not install the packages of test/requirements.txt"
  touch "$stamp"
}

run_demo() {
  local dir install models demo
  dir=$PWD/$(build_dir)
  install=$dir/install
  PREFIX= install_tree
  venv
  models=$("$VENV_PYTHON" test/models/fetch.py --cache "$CACHE" ocr) || die "could not fetch the OCR models"
  demo=$dir/ocr-demo
  say "building the demo against $install"
  cmake -S test/clients/ocr_demo -B "$demo" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_COMPILER=clang++-$LLVM -DCMAKE_PREFIX_PATH="$install" >"$dir/ocr-demo.log" 2>&1 &&
    cmake --build "$demo" >>"$dir/ocr-demo.log" 2>&1 || {
    tail -n 40 "$dir/ocr-demo.log" >&2
    die "the demo did not build"
  }
  mkdir -p "$demo/om"
  "$demo/ocr_demo" "$models/ch_PP-OCRv4_det_infer.onnx" "$models/ch_PP-OCRv4_rec_infer.onnx" \
    test/clients/ocr_demo/picture.png "$demo/om"
}

command=${1:-help}
[ $# -gt 0 ] && shift
for argument in "$@"; do
  case $argument in
  --preset=*) PRESET=${argument#*=} ;;
  --prefix=*) PREFIX=${argument#*=} ;;
  --only=* | --verbose) SUITE_ARGS+=("$argument") ;;
  *) die "unknown argument '$argument'; see './build.sh help'" ;;
  esac
done

case $command in
setup)
  packages "${PACKAGES[@]}"
  say "all packages are installed"
  ;;
build)
  packages "${PACKAGES[@]}"
  configure
  build all
  ;;
test)
  packages "${PACKAGES[@]}"
  configure
  build all gemlir-tests
  venv full
  case $PRESET in
  # A library with a sanitizer cannot be loaded by programs without one.
  asan | tsan) [ ${#SUITE_ARGS[@]} -gt 0 ] || SUITE_ARGS=(--only=unit,lit,onnx) ;;
  esac
  exec "$VENV_PYTHON" test/run.py --build "$PWD/$(build_dir)" --cache "$CACHE" ${SUITE_ARGS[@]+"${SUITE_ARGS[@]}"}
  ;;
demo)
  packages "${PACKAGES[@]}"
  configure
  build all
  run_demo
  ;;
docs)
  packages "${PACKAGES[@]}"
  configure
  build ge-doc
  say "the references are in $(build_dir)/docs"
  ;;
install)
  packages "${PACKAGES[@]}"
  configure
  build all
  install_tree
  ;;
benchmark)
  packages "${PACKAGES[@]}" "${BENCHMARK_PACKAGES[@]}"
  configure -DGEMLIR_BUILD_BENCHMARKS=ON
  build gemlir-benchmark gemlir-simulator-benchmark
  "$(build_dir)/bin/gemlir-benchmark"
  "$(build_dir)/bin/gemlir-simulator-benchmark"
  ;;
format)
  packages clang-format-$LLVM
  git ls-files -z '*.h' '*.cpp' | xargs -0 clang-format-$LLVM -i
  ;;
help | -h | --help) usage ;;
*)
  usage >&2
  die "unknown command '$command'"
  ;;
esac
