# shellcheck shell=bash
# Functions for the scripts of this repository. Source this file; it sets $root.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Looks for PostgreSQL in Debian's versioned directories and in the PATH.
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_redis() { command -v redis-server >/dev/null; }
has_libvips() {
  compgen -G '/usr/lib/*/libvips.so.42' >/dev/null || [[ $(ldconfig -p 2>/dev/null) == *libvips.so.42* ]] || command -v vips >/dev/null
}
has_container_runtime() {
  { command -v docker && docker version --format '{{.Server.Version}}'; } >/dev/null 2>&1 ||
    { command -v podman && podman version; } >/dev/null 2>&1
}

require_dotnet() {
  command -v dotnet >/dev/null || fail 'The .NET 10 SDK is missing: https://dotnet.microsoft.com/download'
}

# Installs PostgreSQL and Redis if they are missing and engines will run as processes. $1: auto, containers or processes.
prepare_engines() {
  if has_postgres && has_redis; then
    return
  fi
  case $1 in
    containers) return ;;
    auto) if has_container_runtime; then return; fi ;;
  esac
  "$root/eng/install-engines.sh"
}

# Installs what is missing of libvips and ffmpeg, by which the worker reads pictures and videos.
prepare_image_tools() {
  local wanted=()
  if ! has_libvips; then wanted+=(libvips42); fi
  if ! command -v ffmpeg >/dev/null; then wanted+=(ffmpeg); fi
  if ((${#wanted[@]} == 0)); then
    return
  fi
  "$root/eng/install-packages.sh" "${wanted[@]}"
}

# Node.js builds the web console; it does not run it.
has_node() { command -v node >/dev/null && node "$root/console/build/check-node.mjs"; }

# Installs Node.js with npm if they are missing or too old for the console.
prepare_node() {
  if has_node; then
    return
  fi
  "$root/eng/install-packages.sh" nodejs npm && has_node
}

# $1: project directory, $2: configuration (Release).
build() {
  dotnet build "$root/$1" --configuration "${2:-Release}" --nologo --verbosity quiet -tl:off -consoleLoggerParameters:NoSummary >&2
}
