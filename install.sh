#!/bin/bash
# Makes this machine a Denkpauze box: system packages, an environment of its own under
# /opt/denkpauze, then `denkpauze setup`. May be run again.
#
#   sudo ./install.sh                        from this folder, over the internet
#   sudo ./install.sh --bundle FILE.tar      from a bundle (make bundle), Python packages included
#   sudo ./install.sh … -- --offline         what follows -- goes to `denkpauze setup`
#
# --root DIR installs into the folder of a system that does not run, with its own programs.
set -euo pipefail

packages="libportaudio2 libatomic1 mosquitto avahi-daemon python3-venv"
prefix=/opt/denkpauze
bundle=
root=

fail() {
  echo "install: $*" >&2
  exit 1
}

say() {
  echo "install: $*"
}

while [ $# -gt 0 ]; do
  case $1 in
    --bundle) bundle=${2:?--bundle needs a file}; shift 2 ;;
    --root) root=${2:?--root needs a folder}; shift 2 ;;
    --) shift; break ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "$1 is not known; see $0 --help" ;;
  esac
done

if [ -n "$root" ]; then # everything below then runs inside that system
  [ -x "$root/bin/bash" ] || fail "$root holds no system"
  inside=$root/var/tmp/denkpauze-install
  mkdir -p "$inside"
  cp "$0" "$inside/install.sh"
  if [ -n "$bundle" ]; then
    cp "$bundle" "$inside/bundle.tar"
    set -- --bundle /var/tmp/denkpauze-install/bundle.tar -- "$@"
  else
    fail "--root needs --bundle"
  fi
  exec chroot "$root" /var/tmp/denkpauze-install/install.sh "$@"
fi

[ "$(id -u)" -eq 0 ] || fail "run as root: sudo $0"
[ "$(getconf LONG_BIT)" = 64 ] || fail "a 64-bit system is needed: Raspberry Pi OS Lite (64-bit)"
command -v apt-get >/dev/null || fail "this is neither Debian nor Raspberry Pi OS"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "Python 3.11 or newer is needed: Raspberry Pi OS of 2023 (bookworm) or later"

work=
if [ -n "$bundle" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  tar -xf "$bundle" -C "$work" --strip-components=1
  source=$work
  (cd "$source" && sha256sum --quiet --check SHA256SUMS) || fail "$bundle is damaged: copy it again"
else
  source=$(cd "$(dirname "$0")" && pwd)
  [ -f "$source/pyproject.toml" ] || fail "run it in the folder of Denkpauze, or with --bundle"
fi

# The pins: from Raspberry Pi's own archive, since there is no working package on PyPI for all.
grep -qs "Raspberry Pi" /proc/device-tree/model && packages="$packages python3-lgpio"
missing=
for package in $packages; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
    missing="$missing $package"
done
if [ -n "$missing" ]; then
  say "system packages:$missing"
  apt-get update -qq || say "the package lists could not be renewed; going on with the old ones"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
    fail "apt-get could not install:$missing"
fi

if [ -n "$bundle" ]; then
  version=$(cat "$source/VERSION")
else
  version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$source/pyproject.toml" | head -n 1)
fi
[ -n "$version" ] || fail "the version cannot be told"

# A fresh environment beside the one in use; only the link at the end makes it count.
fresh=$prefix/$version
if [ "$(readlink -f $prefix/current 2>/dev/null)" = "$fresh" ] &&
  "$fresh/bin/denkpauze" --version >/dev/null 2>&1; then
  say "version $version is in place already"
else
  say "environment in $fresh"
  rm -rf "$fresh"
  python3 -m venv --system-site-packages "$fresh"
  pip="$fresh/bin/python -m pip --disable-pip-version-check --quiet"
  if [ -n "$bundle" ]; then
    # every wheel was compared with SHA256SUMS above
    $pip install --no-index --find-links "$source/wheels" "denkpauze[pi,broker,dashboard]==$version"
  else
    $pip install --require-hashes --requirement "$source/requirements.lock"
    $pip install --no-deps "$source"
  fi
  "$fresh/bin/denkpauze" --version >/dev/null || fail "the new environment does not start"
  ln -sfn "$fresh" $prefix/current.new
  mv -T $prefix/current.new $prefix/current
fi
ln -sfn $prefix/current/bin/denkpauze /usr/local/bin/denkpauze

if [ -d "$source/models" ]; then
  mkdir -p /usr/share/vosk
  cp -r "$source/models/." /usr/share/vosk/
fi
"$prefix/current/bin/denkpauze" setup "$@"
say "ready. The settings: /etc/denkpauze/denkpauze.toml. The check: denkpauze doctor"
