#!/usr/bin/env bash
# Installs Debian or Ubuntu packages that do not start services. On other systems it prints the missing packages and fails.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

(($# > 0)) || exit 0
command -v apt-get >/dev/null || fail "Missing: $*. These are Debian's names. Install the same software with your own package manager."

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || fail "Missing: $*. Ask an administrator to run: apt-get install $*"
  as_root=(sudo)
fi

say "Installing $* ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"; }
install_wanted() { apt install --yes --no-install-recommends "$@"; }
if ! install_wanted "$@" >"$log" 2>&1; then
  # Package lists may be absent or old.
  if ! { apt update && install_wanted "$@"; } >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install $*."
  fi
fi
