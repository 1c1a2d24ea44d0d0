#!/usr/bin/env bash
# Fills offline/feed with what the package sources of this machine lack; see offline/README.md.
set -euo pipefail

offline=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$offline")
feed=$offline/feed
cache=$offline/cache
packages=$offline/packages
plan=$cache/plan

# shellcheck source-path=SCRIPTDIR
for part in common choice bundle repackaged stand-ins configuration stamp; do
  source "$offline/lib/$part.sh"
done

usage() {
  cat <<'TEXT'
usage: offline/build-feed.sh [--plan | --force]

Asks your NuGet sources for every package that offline/ can supply, and puts into offline/feed those that cannot be
restored. Does nothing, and leaves nothing, where all can be. Repeating it is cheap.

  --plan    say for each package where it would come from, and change nothing
  --force   ask the sources again although nothing changed on this side
TEXT
}

mode=build
case "${1-}" in
  '') ;;
  --plan) mode=plan ;;
  --force) mode=force ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

[[ -n ${HOME-} ]] || fail 'HOME is not set, and NuGet keeps your package sources there.'
require dotnet 'the .NET 10 SDK (https://dotnet.microsoft.com/download)'
if [[ $mode == build ]] && stamp_is_current; then
  exit 0
fi

mkdir -p "$cache" "$feed"
[[ -w $cache && -w $feed ]] || fail "$cache and $feed belong to another user. Delete them as that user, or give them to $(id -un)."
take_lock
trap stop_children EXIT
if [[ $mode == build ]] && stamp_is_current; then
  exit 0
fi

choose
if [[ $mode == plan ]]; then
  cat "$plan"
  exit 0
fi

if [[ -z $(planned_for_feed) ]]; then
  remove_offline_state
  write_stamp
  say 'Every package restores from your own sources; offline/feed stays empty.'
  exit 0
fi

require_supported_platform
require_own_package_folder
write_configuration
drop_unplanned
fetch_bundle
repackage
pack_stand_ins
write_stamp
say "offline/feed has $(planned repackaged | wc -l) repackaged packages and $(planned stand-in | wc -l) stand-ins;" \
  'everything else restores from your own sources.'
