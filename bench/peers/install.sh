#!/usr/bin/env bash
# Installs the peers: LEMON and g++ from Debian, the rest from PyPI into bench/.cache/venv, and builds bench/.cache/lemon.
# Runs again without harm. With root or sudo it installs what is missing; without, it says what to ask for.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$(cd "$here/.." && pwd)/.cache
mkdir -p "$cache"

missing=()
[ -e /usr/include/lemon/network_simplex.h ] || missing+=(liblemon-dev)
command -v g++ >/dev/null || missing+=(g++)
command -v python3 >/dev/null || missing+=(python3)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  sudo=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "please install: ${missing[*]}" >&2; exit 1; }
    sudo=sudo
  fi
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

[ -x "$cache/venv/bin/python" ] || python3 -m venv "$cache/venv"
"$cache/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
cp "$here/requirements.txt" "$cache/installed.txt"
g++ -std=c++17 -O3 -DNDEBUG -o "$cache/lemon" "$here/lemon.cc"
echo "peers are ready in $cache"
