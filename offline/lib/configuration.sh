# shellcheck shell=bash
# NuGet's configuration while the feed is in use, and the return to none of it.

configuration=$root/nuget.config
configuration_mark='Written by offline/build-feed.sh'

# On Linux, NuGet takes only the first of nuget.config, NuGet.config and NuGet.Config in a folder, so this file stands
# in front of the committed one. The package folder of its own keeps stand-ins out of the one that all projects share.
write_configuration() {
  if [[ -f $configuration ]] && ! grep -q "$configuration_mark" "$configuration"; then
    fail "$configuration is not one of ours. Move its settings to your user configuration, ~/.nuget/NuGet/NuGet.Config."
  fi
  local next=$cache/nuget.config
  cat >"$next" <<XML
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <!-- $configuration_mark and removed by it; see offline/README.md. -->
  <config>
    <add key="globalPackagesFolder" value="offline/packages" />
  </config>
  <packageSources>
    <add key="mediaaspire-offline" value="offline/feed" />
  </packageSources>
$(source_mapping)
</configuration>
XML
  # An unchanged file keeps its time, so that builds stay up to date.
  cmp -s "$next" "$configuration" || cp "$next" "$configuration"
  rm -f "$next"
}

# With source mapping in the user's configuration, a source without a mapping is never asked.
source_mapping() {
  local file
  while IFS= read -r -d '' file; do
    if grep -q '<packageSourceMapping>' "$file"; then
      echo '  <packageSourceMapping>'
      echo '    <packageSource key="mediaaspire-offline">'
      planned_for_feed | sed -E 's|^([^ ]+) .*|      <package pattern="\1" />|'
      echo '    </packageSource>'
      echo '  </packageSourceMapping>'
      return
    fi
  done < <(user_configuration)
}

# The files, NUL-separated, that decide where the user's packages come from.
user_configuration() {
  local folder file
  for file in "$HOME/.nuget/NuGet/NuGet.Config" "$HOME/.nuget/NuGet/config"/*.[cC]onfig "$HOME/.nuget/config"/*.[cC]onfig \
    "$HOME/.config/NuGet/NuGet.Config" "$HOME/.config/NuGet/config"/*.[cC]onfig /etc/opt/NuGet/Config/*.[cC]onfig; do
    [[ -f $file ]] && printf '%s\0' "$file"
  done
  folder=$root
  while [[ $folder != / ]]; do
    folder=$(dirname "$folder")
    for file in "$folder"/nuget.config "$folder"/NuGet.config "$folder"/NuGet.Config; do
      [[ -f $file ]] && printf '%s\0' "$file"
    done
  done
  [[ ! -f $root/NuGet.config ]] || printf '%s\0' "$root/NuGet.config"
}

# The variable outranks every nuget.config, so the stand-ins would land in the folder it names.
require_own_package_folder() {
  [[ -z ${NUGET_PACKAGES-} || $NUGET_PACKAGES == "$packages" ]] && return
  fail "NUGET_PACKAGES=$NUGET_PACKAGES would take in packages that must not leave this repository." \
    "Unset it, or set it to $packages, here and when you build."
}

# What is genuine now, or no longer asked for, goes; so does its extracted copy.
drop_unplanned() {
  local file name folder
  for file in "$feed"/*.nupkg; do
    [[ -e $file ]] || continue
    name=$(basename "$file" .nupkg)
    grep -qxF "$name" <<<"$(planned_for_feed | tr ' ' .)" && continue
    rm -f "$file"
    for folder in "$packages"/*/*/; do
      [[ $(basename "$(dirname "$folder")").$(basename "$folder") == "$(lower "$name")" ]] && rm -rf "$folder"
    done
  done
  return 0
}

remove_offline_state() {
  rm -f "$feed"/*.nupkg
  if [[ -f $configuration ]] && grep -q "$configuration_mark" "$configuration"; then
    rm -f "$configuration"
  fi
  rm -rf "$packages"
  find "$cache" -mindepth 1 -maxdepth 1 ! -name lock ! -name plan -exec rm -rf {} +
}
