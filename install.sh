#!/bin/bash
# Makes this machine a Denkpauze box: system packages, an environment of its own under
# /opt/denkpauze, then `denkpauze setup`. May be run again.
#
#   sudo ./install.sh                        from this folder, over the internet
#   sudo ./install.sh --bundle FILE.tar      from a bundle (make bundle), without internet
#   sudo ./install.sh … -- --offline         what follows -- goes to `denkpauze setup`
#
# --root DIR installs into the folder of a system that does not run, with its own programs.
# --prepare makes the environment only; `denkpauze update` then switches to it.
set -euo pipefail

packages="libportaudio2 libatomic1 mosquitto avahi-daemon python3-venv espeak-ng"
prefix=/opt/denkpauze
bundle=
root=
prepare=

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
    --prepare) prepare=yes; shift ;;
    --) shift; break ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
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
    set -- --bundle /var/tmp/denkpauze-install/bundle.tar ${prepare:+--prepare} -- "$@"
  else
    fail "--root needs --bundle"
  fi
  status=0
  # its programs want /proc and /dev, which are there for as long as this lasts
  unshare --mount bash -c 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 chroot "$0" "$@"' \
    "$root" /var/tmp/denkpauze-install/install.sh "$@" || status=$?
  rm -rf "$inside"
  exit $status
fi

[ "$(id -u)" -eq 0 ] || fail "run as root: sudo $0"
[ "$(getconf LONG_BIT)" = 64 ] || fail "a 64-bit system is needed: Raspberry Pi OS Lite (64-bit)"
command -v apt-get >/dev/null || fail "this is neither Debian nor Raspberry Pi OS"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "Python 3.11 or newer is needed: Raspberry Pi OS of 2023 (bookworm) or later"

work=$(mktemp -d -p /var/tmp) # /tmp may be a part of the memory
trap 'rm -rf "$work"' EXIT
source=$(cd "$(dirname "$0")" && pwd)
if [ -n "$bundle" ]; then
  source=$work/bundle
  mkdir "$source"
  tar -xf "$bundle" -C "$source" --strip-components=1
fi
if [ -f "$source/SHA256SUMS" ]; then
  (cd "$source" && sha256sum --quiet --check SHA256SUMS) || fail "the bundle is damaged: copy it again"
  version=$(cat "$source/VERSION")
else
  [ -f "$source/pyproject.toml" ] || fail "run it in the folder of Denkpauze, or with --bundle"
  version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$source/pyproject.toml" | head -n 1)
fi
[ -n "$version" ] || fail "the version cannot be told"

missing() {
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      echo "$package"
  done
}

# apt asks its usual archives, or only the folder of the bundle that is for this release.
apt=(apt-get -y -qq)
debs=$source/debs/$(. /etc/os-release && echo "$VERSION_CODENAME")
if [ -d "$debs" ]; then
  echo "deb [trusted=yes] file:$debs ./" >"$work/debs.list" # compared with SHA256SUMS above
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  apt+=(-o "Dir::Etc::sourcelist=$work/debs.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
fi
wanted=$(missing $packages)
# The pins: from Raspberry Pi's own archive, since there is no working package on PyPI for all.
grep -qs "Raspberry Pi" /proc/device-tree/model && pins=$(missing python3-lgpio) || pins=
if [ -n "$wanted$pins" ]; then
  say "system packages:" $wanted $pins
  "${apt[@]}" update || say "the package lists could not be renewed; going on with the old ones"
  export DEBIAN_FRONTEND=noninteractive
  [ -z "$wanted" ] || "${apt[@]}" --no-install-recommends install $wanted >/dev/null ||
    fail "apt-get could not install:" $wanted
  [ -z "$pins" ] || "${apt[@]}" --no-install-recommends install $pins >/dev/null ||
    say "no light and no buttons until there is internet for: sudo apt install" $pins
fi

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
  if [ -d "$source/wheels" ]; then # compared with SHA256SUMS above
    $pip install --no-index --find-links "$source/wheels" "denkpauze[pi,broker,dashboard]==$version"
  else
    $pip install --require-hashes --requirement "$source/requirements.lock"
    $pip install --no-deps "$source"
  fi
  "$fresh/bin/denkpauze" --version >/dev/null || fail "the new environment does not start"
fi
[ -z "$prepare" ] || exit 0
ln -sfn "$fresh" $prefix/current.new
mv -T $prefix/current.new $prefix/current
ln -sfn $prefix/current/bin/denkpauze /usr/local/bin/denkpauze

if [ -d "$source/models" ]; then
  mkdir -p /usr/share/vosk
  cp -r "$source/models/." /usr/share/vosk/
fi
"$prefix/current/bin/denkpauze" setup "$@"
say "ready. The settings: /etc/denkpauze/denkpauze.toml. The check: denkpauze doctor"
