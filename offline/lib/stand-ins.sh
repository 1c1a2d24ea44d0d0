# shellcheck shell=bash
# Packages of this repository in place of what is nowhere to be had. A stand-in is packed again when its sources, those of
# the stand-ins that it references, or the bundle's place changed.

pack_stand_ins() {
  local id version hash stale=()
  mkdir -p "$cache/stand-ins"
  while read -r id version; do
    hash=$(stand_in_hash "$id" "$version")
    if [[ ! -f $feed/$id.$version.nupkg || $(cat "$cache/stand-ins/$id" 2>/dev/null) != "$hash" ]]; then
      stale+=("$id")
    fi
  done < <(planned stand-in)
  [[ ${#stale[@]} -gt 0 ]] || return 0

  say "Building ${#stale[@]} stand-ins"
  # One build per version, so that what they share is built once.
  while read -r version; do
    pack_version "$version" "${stale[@]}"
  done < <(planned stand-in | cut -d' ' -f2 | sort -u)
}

# pack_version VERSION ID...: packs those of the ids that are planned at this version.
pack_version() {
  local version=$1 id out=$cache/packed group=()
  shift
  for id in "$@"; do
    grep -qx "$id $version" <<<"$(planned stand-in)" && group+=("$id")
  done
  [[ ${#group[@]} -gt 0 ]] || return 0

  rm -rf "$out"
  {
    echo '<Solution>'
    for id in "${group[@]}"; do
      echo "  <Project Path=\"../stand-ins/$id/$id.csproj\" />"
    done
    echo '</Solution>'
  } >"$cache/stand-ins.slnx"
  quietly stand-ins dotnet pack "$cache/stand-ins.slnx" -c Release -v:q -p:UseSharedCompilation=false \
    -p:StandInVersion="$version" -p:DcpPath="$(bundle_dcp)" -p:DashboardPath="$(bundle_dashboard)" -p:PackageOutputPath="$out" ||
    fail "The stand-ins of version $version do not build."
  for id in "${group[@]}"; do
    [[ -f $out/$id.$version.nupkg ]] || fail "offline/stand-ins/$id was not packed as $id.$version.nupkg."
    publish "$out/$id.$version.nupkg" "$id" "$version"
    stand_in_hash "$id" "$version" >"$cache/stand-ins/$id"
    echo "  stand-in    $id.$version.nupkg"
  done
  rm -rf "$out" "$cache/stand-ins.slnx"
}

# stand_in_hash ID VERSION
stand_in_hash() {
  local id folders=()
  while read -r id; do
    folders+=("$offline/stand-ins/$id")
  done < <(stand_in_closure "$1" | sort -u)
  # A folder without a project holds sources that several compile.
  for id in "$offline"/stand-ins/*/; do
    [[ -n $(compgen -G "$id*.csproj") ]] || folders+=("${id%/}")
  done
  {
    echo "$2 $(bundle_dcp) $(bundle_dashboard)"
    {
      find "${folders[@]}" -type d \( -name bin -o -name obj \) -prune -o -type f -print0
      printf '%s\0' "$offline/Packages.props" "$offline/stand-ins"/Directory.*
    } | hash_of_files
  } | hash_of_text
}

# The stand-in and those that it references, directly or not.
stand_in_closure() {
  local id project=$offline/stand-ins/$1/$1.csproj
  echo "$1"
  while read -r id; do
    stand_in_closure "$id"
  done < <({ grep -oE '<ProjectReference +Include="[^"]+"' "$project" || true; } | sed -E 's/.*[\\/"]([^\\/"]+)\.csproj"/\1/')
}
