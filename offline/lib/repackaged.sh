# shellcheck shell=bash
# Genuine assemblies, taken out of the bundle and put back into packages of their own.

repackage() {
  local tool=$cache/tools/FeedBuilder id version made=$cache/made wanted=()
  while read -r id version; do
    wanted+=("$id/$version")
  done < <(planned repackaged)
  [[ ${#wanted[@]} -gt 0 ]] || return 0

  quietly feed-builder dotnet build "$offline/tools/FeedBuilder" -c Release -o "$tool" -v:q -p:UseSharedCompilation=false ||
    fail 'offline/tools/FeedBuilder does not build.'
  rm -rf "$made"
  mkdir -p "$made"
  dotnet "$tool/FeedBuilder.dll" "$(bundle_dashboard)" "the npm package $bundle_package $(bundle_version)" \
    "$offline/repackaged" "$made" "${wanted[@]}" 9>&- || fail 'The genuine assemblies could not be repackaged.'
  while read -r id version; do
    publish "$made/$id.$version.nupkg" "$id" "$version"
  done < <(planned repackaged)
  rm -rf "$made"
}

# publish FILE ID VERSION: into the feed, unless the same is there.
publish() {
  cmp -s "$1" "$feed/$2.$3.nupkg" && return
  mv "$1" "$feed/$2.$3.nupkg"
  drop_extracted "$2" "$3"
}
