# shellcheck shell=bash
# Which packages do the user's own sources have? Asked of NuGet itself: what restores together with its closure is genuine.

# Lines "id version" of all that offline/ can supply.
list_supplied() {
  quietly versions dotnet msbuild "$offline/lib/versions.proj" -nologo -v:q -p:ListFile="$cache/versions" ||
    fail 'The package versions cannot be read from Directory.Packages.props.'
  local project id version
  for project in "$offline"/repackaged/*.nuspec "$offline"/stand-ins/*/*.csproj; do
    [[ -e $project ]] || continue
    id=$(basename "${project%.*}")
    version=$(awk -v id="$id" '$1 == id { print $2 }' "$cache/versions")
    [[ -n $version ]] || fail "Directory.Packages.props and offline/Packages.props have no version of $id."
    printf '%s %s\n' "$id" "$version"
  done
}

# What one package means for a project: itself at exactly this version, and what it adds to a project by other ways
# than NuGet dependencies.
references_of() {
  if [[ $1 == Aspire.AppHost.Sdk ]]; then
    cat <<XML
    <PackageDownload Include="$1" Version="[$2]" />
    <PackageDownload Include="Aspire.Dashboard.Sdk.\$(NETCoreSdkPortableRuntimeIdentifier)" Version="[$2]" />
    <PackageDownload Include="Aspire.Hosting.Orchestration.\$(NETCoreSdkPortableRuntimeIdentifier)" Version="[$2]" />
    <PackageReference Include="Aspire.Hosting.AppHost" Version="[$2]" />
XML
  else
    printf '    <PackageReference Include="%s" Version="[%s]" />\n' "$1" "$2"
  fi
}

# probe_project NAME: reads references from standard input.
probe_project() {
  mkdir -p "$probe/$1"
  cat >"$probe/$1/$1.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <NuGetAudit>false</NuGetAudit>
    <!-- Another version than the one asked for is not the package asked for. -->
    <WarningsAsErrors>NU1603</WarningsAsErrors>
    <NoWarn>NU1504</NoWarn>
  </PropertyGroup>
  <ItemGroup>
$(cat)
  </ItemGroup>
</Project>
XML
}

write_probe() {
  local id version
  rm -rf "$probe"
  mkdir -p "$probe"
  # Cuts the throw-away projects off from the product's build, and from our own feed.
  for file in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
    echo '<Project />' >"$probe/$file"
  done
  cat >"$probe/nuget.config" <<XML
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <disabledPackageSources>
    <add key="mediaaspire-offline" value="true" />
  </disabledPackageSources>
</configuration>
XML
  while read -r id version; do references_of "$id" "$version"; done <"$cache/supplied" | LC_ALL=C sort -u | probe_project all
  echo '<Solution>' >"$probe/each.slnx"
  while read -r id version; do
    # A project of the package's own name would be a cycle.
    references_of "$id" "$version" | probe_project "Probe.$id"
    echo "  <Project Path=\"Probe.$id/Probe.$id.csproj\" />" >>"$probe/each.slnx"
  done <"$cache/supplied"
  echo '</Solution>' >>"$probe/each.slnx"
}

# Whether a source lacks the package; any other trouble must not pass for that.
lacks() {
  local assets=$1 codes
  [[ -s $assets ]] || return 1
  codes=$(grep -oE '"code": "NU[0-9]+"' "$assets" | grep -oE 'NU[0-9]+' | sort -u)
  if grep -qx NU1301 <<<"$codes" && ! grep -qE '\b(403|404|410|451)\b' "$assets"; then
    return 1
  fi
  grep -qxE 'NU1101|NU1102|NU1103|NU1301|NU1603' <<<"$codes"
}

# A feed that is right except for its age still serves when a source is out of reach.
undecided() {
  [[ $mode == build ]] && stamp_matches || fail "$@"
  say "Your package sources do not answer; offline/feed stays as it is."
  exit 0
}

# Writes "id version kind" lines to $plan; kind is genuine, repackaged or stand-in.
choose() {
  local probe=$cache/probe id version kind known assets
  local genuine=${NUGET_PACKAGES:-$HOME/.nuget/packages}
  list_supplied >"$cache/supplied"
  write_probe

  # What was restored before need not be downloaded again to know that it can be had.
  [[ -d $genuine ]] && known=$genuine || known=
  if dotnet restore "$probe/all/all.csproj" --packages "$probe/packages" -p:RestoreFallbackFolders="$known" -v:q \
    >"$cache/probe-all.log" 2>&1 9>&-; then
    sed 's/$/ genuine/' "$cache/supplied" >"$plan"
    rm -rf "$probe"
    return
  fi

  if grep -q 'NU1301: Unable to load the service index' "$cache/probe-all.log"; then
    undecided 'A package source does not answer, so it cannot be told what it has:' "$(grep NU1301 "$cache/probe-all.log" | sort -u)"
  fi

  say 'Your package sources do not have everything; asking for each package.' >&2
  dotnet restore "$probe/each.slnx" --packages "$probe/packages" -p:RestoreFallbackFolders= -v:q \
    >"$cache/probe-each.log" 2>&1 9>&- || true
  : >"$plan.part"
  while read -r id version; do
    assets=$probe/Probe.$id/obj/project.assets.json
    kind=genuine
    if [[ ! -s $assets ]] || grep -q '"level": "Error"' "$assets"; then
      lacks "$assets" || undecided "It cannot be told whether your package sources have $id $version:" \
        "$(grep -F "Probe.$id.csproj" "$cache/probe-each.log" || tail -n 20 "$cache/probe-each.log")"
      kind=stand-in
      [[ -f $offline/repackaged/$id.nuspec ]] && kind=repackaged
    fi
    printf '%s %s %s\n' "$id" "$version" "$kind"
  done <"$cache/supplied" >>"$plan.part"
  mv "$plan.part" "$plan"
  rm -rf "$probe"
}
