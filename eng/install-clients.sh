#!/usr/bin/env bash
# Installs the clients that tests use: vips for MediaAspire.Tests/Imaging, Chromium and its fonts for MediaAspire.Tests/Console, promtool for
# MediaAspire.Tests/Operations, and for MediaAspire.Tests/Clients
# Debian's packages of aws cli, s3cmd, rclone, boto3 and tuspy, and the JavaScript SDK and tus-js-client in
# the versions of MediaAspire.Tests/Clients/scripts/package-lock.json. Other releases in the PATH, for example from pip, are not used.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

has() { [[ -x /usr/bin/$1 ]]; }
has_tuspy() { { [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c 'import tusclient'; } 2>/dev/null; }
has_boto3() { { [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c 'import boto3'; } 2>/dev/null; }
has_node() { node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null; }

wanted=()
if ! has aws; then wanted+=(awscli); fi
if ! has s3cmd; then wanted+=(s3cmd); fi
if ! has rclone; then wanted+=(rclone); fi
if ! has vips; then wanted+=(libvips-tools); fi
if ! has_boto3; then wanted+=(python3-boto3); fi
if ! has_tuspy; then wanted+=(python3-tuspy); fi
if ! has chromium; then wanted+=(chromium fonts-dejavu-core fonts-liberation); fi
if ! has_node; then wanted+=(nodejs); fi
if ! command -v npm >/dev/null; then wanted+=(npm); fi
if ((${#wanted[@]} > 0)); then
  "$root/eng/install-packages.sh" "${wanted[@]}"
fi
has_node || fail 'Node.js 18 or later is missing.'

# The tests find it from their output directory, which is below this one. Git ignores both.
modules=$root/MediaAspire.Tests/bin
lock=$root/MediaAspire.Tests/Clients/scripts/package-lock.json
if ! cmp --silent "$lock" "$modules/package-lock.json" || [[ ! -e $modules/node_modules/.complete ]]; then
  say 'Installing the clients in JavaScript ...'
  mkdir -p "$modules"
  cp "$lock" "${lock%-lock.json}.json" "$modules/"
  (cd "$modules" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  touch "$modules/node_modules/.complete"
fi

# Debian's package starts Prometheus as a service, so only its checker is taken from it.
promtool=$root/MediaAspire.Tests/bin/promtool
if [[ ! -x $promtool ]]; then
  mkdir -p "$(dirname "$promtool")"
  if command -v promtool >/dev/null; then
    ln -s "$(command -v promtool)" "$promtool"
  else
    command -v apt-get >/dev/null || fail 'promtool is missing. Install Prometheus.'
    say 'Downloading promtool ...'
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    chmod 755 "$scratch"
    download() { (cd "$scratch" && apt-get -q download prometheus) >"$scratch/log" 2>&1; }
    update() { if ((EUID == 0)); then apt-get -q update; else sudo apt-get -q update; fi; }
    if ! download && ! { update >/dev/null 2>&1 && download; }; then
      tail -n 20 "$scratch/log" >&2
      fail 'apt-get could not download prometheus.'
    fi
    dpkg-deb --extract "$scratch"/prometheus_*.deb "$scratch/tree"
    cp "$scratch/tree/usr/bin/promtool" "$promtool"
  fi
fi
