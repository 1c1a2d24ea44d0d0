#!/usr/bin/env bash
# Installs the packages that hold initdb, postgres and redis-server, on Debian and Ubuntu.
# The distribution's own services are neither started nor left running: the AppHost runs engines of its own.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

wanted=()
if ! has_postgres; then wanted+=(postgresql); fi
if ! has_redis; then wanted+=(redis-server); fi
if ((${#wanted[@]} == 0)); then
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  fail "Missing: ${wanted[*]}. Install PostgreSQL 15 or later and Redis 7 or later (macOS: brew install postgresql redis)," \
    'or start a container runtime and pass --Engines=containers.'
fi

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || fail "Missing: ${wanted[*]}. Ask an administrator to run: apt-get install ${wanted[*]}"
  as_root=(sudo)
fi

say "Installing ${wanted[*]} ..."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A package's maintainer script starts its service. invoke-rc.d does so only in a runlevel of the service, which 1 (single user) is not;
# systemd does so unless the unit is masked.
services=()
for package in "${wanted[@]}"; do services+=("$package.service"); done
if [[ -d /run/systemd/system ]]; then
  "${as_root[@]}" systemctl mask --runtime --quiet "${services[@]}"
  trap '"${as_root[@]}" systemctl unmask --runtime --quiet "${services[@]}"; rm -rf "$scratch"' EXIT
fi

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -q -o Dpkg::Use-Pty=0 "$@"; }

install_wanted() { apt install --yes --no-install-recommends "${wanted[@]}"; }
if ! install_wanted >"$scratch/log" 2>&1; then
  # Package lists may be absent or old.
  if ! { apt update && install_wanted; } >>"$scratch/log" 2>&1; then
    tail -n 20 "$scratch/log" >&2
    fail "apt-get could not install ${wanted[*]}."
  fi
fi

# The installation also enables the services for the next boot.
if [[ -d /run/systemd/system ]]; then
  "${as_root[@]}" systemctl disable --quiet "${services[@]}"
fi

has_postgres && has_redis || fail "apt-get succeeded, but initdb or redis-server is still missing."
