# shellcheck shell=bash
# Tells a run that has nothing to do, without starting dotnet. The stamp has the hash of all that the choice and the
# packages depend on, then the hashes of what was made.

# Sources gain packages without telling; a feed in use asks again once a day.
stamp_hours=24

input_hash() {
  {
    echo "$root ${NUGET_PACKAGES-}"
    {
      user_configuration
      printf '%s\0' "$root/Directory.Packages.props" "$root/MediaAspire.AppHost/MediaAspire.AppHost.csproj"
      find "$offline" \( -path "$feed" -o -path "$cache" -o -path "$packages" -o -name bin -o -name obj \) -prune \
        -o -type f ! -name '*.md' -print0
    } | hash_of_files
  } | hash_of_text
}

output_hash() {
  {
    find "$feed" -name '*.nupkg' -print0 | hash_of_files
    if [[ -f $configuration ]]; then cat "$configuration"; fi
  } | hash_of_text
}

write_stamp() { printf '%s\n' "$(input_hash)" "$(output_hash)" >"$cache/stamp"; }

stamp_matches() {
  [[ -f $cache/stamp && -f $plan ]] || return 1
  [[ $(cat "$cache/stamp") == "$(input_hash)"$'\n'"$(output_hash)" ]] || return 1
  if bundle_is_needed; then
    bundle_is_extracted || return 1
  fi
}

stamp_is_current() {
  stamp_matches || return 1
  [[ -z $(planned_for_feed) || -z $(find "$cache/stamp" -mmin +$((stamp_hours * 60))) ]]
}
