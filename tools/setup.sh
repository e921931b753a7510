#!/usr/bin/env bash
# Make the working tree ready: system packages, .venv, Python packages.
#   tools/setup.sh run    what a lesson and the demo need
#   tools/setup.sh test   that, and what tests and tools need
# Says nothing and takes a moment when all is there. PYTHON=python3.13 chooses an interpreter;
# DENKPAUZE_SKIP_APT=1 leaves the system packages to you.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}
stamp=.venv/denkpauze-setup-$purpose

fail() {
  echo "setup: $*" >&2
  exit 1
}

wanted_packages() {
  echo libportaudio2 libatomic1 mosquitto
  if grep -qs "Raspberry Pi" /proc/device-tree/model; then
    echo python3-lgpio # the pins; not to be had in working order from PyPI
  fi
  if [ "$purpose" = test ]; then
    echo pulseaudio pulseaudio-utils libasound2-plugins espeak-ng postgresql libfst-tools flite strace
    command -v chromium-browser >/dev/null || echo chromium
  fi
}

installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_system_packages() {
  local package missing=() as_root=()
  if ! command -v dpkg-query >/dev/null; then
    fail "this is not Debian or Raspberry Pi OS. Install the counterparts of:" \
      $(wanted_packages) "- then run again with DENKPAUZE_SKIP_APT=1"
  fi
  for package in $(wanted_packages) "$@"; do
    installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local command="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
    [ -t 0 ] || as_root=(sudo -n) # nobody is there to type a password
    "${as_root[@]}" true 2>/dev/null || fail "system packages are missing: ${missing[*]}." \
      "Ask an administrator to run: sudo $command"
  fi
  echo "setup: installing system packages: ${missing[*]}"
  # RUNLEVEL=1: a package such as mosquitto must not start a service of its own.
  as_root+=(env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive)
  "${as_root[@]}" apt-get update -qq ||
    echo "setup: the package lists could not be renewed; going on with the old ones" >&2
  "${as_root[@]}" $command -qq >/dev/null ||
    fail "apt-get could not install: ${missing[*]} (see above; by hand: sudo $command)"
}

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  local found
  found=$("${PYTHON:-python3}" --version 2>/dev/null | head -n 1) || true
  fail "Python 3.11 or newer is needed; ${PYTHON:-python3} is ${found:-not there}." \
    "Debian 12 and 64-bit Raspberry Pi OS 12 have it; or name one: PYTHON=/path/to/python3.11"
}

make_environment() {
  local python options=()
  if [ -d .venv ] && ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    echo "setup: .venv does not work any more and is made anew"
    rm -rf .venv
  fi
  [ -d .venv ] && return
  python=$(find_python)
  # lgpio comes from the system's own packages
  grep -qs "Raspberry Pi" /proc/device-tree/model && options=(--system-site-packages)
  echo "setup: making .venv with $("$python" --version)"
  "$python" -m venv "${options[@]}" .venv
}

install_python_packages() {
  echo "setup: installing Python packages"
  # Every package must be the one that was locked, to the byte; our own is the working tree.
  .venv/bin/pip install "${quietly[@]}" --require-hashes --requirement "$lock" &&
    .venv/bin/pip install "${quietly[@]}" --no-deps --editable . ||
    fail "Python packages could not be installed (see above)"
}

case $purpose in
  run) lock=requirements.lock ;;
  test) lock=requirements-test.lock ;;
  *) fail "say run or test, not $purpose" ;;
esac
quietly=(--quiet --quiet --disable-pip-version-check --no-input)
python=$(find_python)
state=$({ cat pyproject.toml "$lock" tools/setup.sh; } | sha256sum)
if [ -z "${DENKPAUZE_SKIP_APT:-}" ]; then
  venv_package=()
  "$python" -c 'import ensurepip' 2>/dev/null || venv_package=(python3-venv)
  install_system_packages "${venv_package[@]}"
fi
make_environment
# What tests need holds what a lesson needs.
if ! grep -qsxF "$state" "$stamp" .venv/denkpauze-setup-test; then
  install_python_packages
  echo "$state" >"$stamp"
fi
