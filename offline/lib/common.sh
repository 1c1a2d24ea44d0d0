# shellcheck shell=bash
# What every part uses. $root, $offline, $feed, $cache, $packages and $plan are set by build-feed.sh.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# A build server that outlives this script would keep its lock and its output open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

say() { printf '%s\n' "==> $*"; }

fail() {
  printf 'build-feed: %s\n' "$@" >&2
  exit 1
}

# require COMMAND WHAT-TO-INSTALL
require() {
  command -v "$1" >/dev/null || fail "$1 is needed and not on the PATH. Install $2."
}

sha256=(sha256sum)
command -v sha256sum >/dev/null || sha256=(shasum -a 256)

hash_of_text() { "${sha256[@]}" | cut -d' ' -f1; }

# Hash over paths and contents of the files whose names arrive NUL-separated.
hash_of_files() { LC_ALL=C sort -z | xargs -0 -r "${sha256[@]}" | hash_of_text; }

# Two runs at once would pack into the same folders. Where flock is missing, only the choice runs: nothing is packed there.
take_lock() {
  command -v flock >/dev/null || return 0
  exec 9>"$cache/lock"
  if ! flock -n 9; then
    say 'Another build-feed.sh is at work; waiting for it.'
    flock 9
  fi
}

# An interrupted download must not go on behind the back of the next run.
stop_children() {
  local child
  for child in $(jobs -p); do
    kill "$child" 2>/dev/null || true
  done
}

# Runs quietly; what was said is shown only on failure. The lock is not passed on to children.
quietly() {
  local log=$cache/$1.log
  shift
  "$@" >"$log" 2>&1 9>&- || {
    cat "$log" >&2
    return 1
  }
}

# planned KIND: "id version" lines of what the choice decided.
planned() { awk -v kind="$1" '$3 == kind { print $1, $2 }' "$plan"; }

# The same for all that the feed must have.
planned_for_feed() { awk '$3 != "genuine" { print $1, $2 }' "$plan"; }

lower() { tr '[:upper:]' '[:lower:]' <<<"$1"; }

# The package folder would go on serving the old content of an unchanged version.
drop_extracted() { rm -rf "${packages:?}/$(lower "$1")/$(lower "$2")"; }

require_supported_platform() {
  [[ $(uname -s) == Linux && $(uname -m) == x86_64 ]] && getconf GNU_LIBC_VERSION >/dev/null 2>&1 && return
  fail "Your package sources lack packages that this repository needs:" \
    "$(planned_for_feed | sed 's/^/  /')" \
    "offline/ can make up for them only on Linux x64 with glibc. Use a source that has them, such as the public one."
}
