# shellcheck shell=bash
# The official distribution that genuine assemblies, the orchestrator and the dashboard are taken from: the Aspire CLI.

bundle_package=@microsoft/aspire-cli-linux-x64
bundle_attempts=3

bundle_version() { awk '$1 == "Aspire.Hosting" { print $2 }' "$cache/versions"; }
bundle_archive() { echo "microsoft-aspire-cli-linux-x64-$(bundle_version).tgz"; }
bundle_home() { echo "$cache/aspire-$(bundle_version)"; }
bundle_dcp() { echo "$(bundle_home)/dcp/dcp"; }
bundle_dashboard() { echo "$(bundle_home)/managed/aspire-managed"; }

bundle_is_extracted() { [[ -x $(bundle_dcp) && -x $(bundle_dashboard) ]]; }

# Only what takes something out of the bundle needs the download.
bundle_is_needed() {
  [[ -n $(planned repackaged) ]] || grep -q '^Aspire\.AppHost\.Sdk ' <<<"$(planned stand-in)"
}

fetch_bundle() {
  bundle_is_needed || return 0
  bundle_is_extracted && return
  require npm 'nodejs and npm: apt-get install nodejs npm'
  download_bundle
  extract_bundle
}

download_bundle() {
  local archive attempt
  archive=$(bundle_archive)
  grep -q "  $archive\$" "$offline/bundle.sha512" ||
    fail "offline/bundle.sha512 has no hash of $archive. Add the hash of the official file when Aspire's version moves."
  mkdir -p "$cache/download"
  for ((attempt = 1; attempt <= bundle_attempts; attempt++)); do
    if [[ -f $cache/download/$archive ]]; then
      bundle_is_intact "$archive" && return
      say "$archive is broken; fetching it again."
      rm -f "$cache/download/$archive"
    fi
    say "Downloading $bundle_package $(bundle_version), about 120 MiB (attempt $attempt of $bundle_attempts)"
    if npm_pack && bundle_is_intact "$archive"; then
      rm -rf "$cache/npm"
      return
    fi
    # What npm kept of the attempt may be what is broken.
    [[ $attempt -eq 1 ]] || rm -rf "$cache/npm"
  done
  fail "$bundle_package $(bundle_version) could not be downloaded intact in $bundle_attempts attempts. npm said:" \
    "$(tail -n 20 "$cache/npm.log")"
}

bundle_is_intact() {
  local line
  line=$(grep "  $1\$" "$offline/bundle.sha512")
  [[ -f $cache/download/$1 ]] && (cd "$cache/download" && sha512sum --check --strict --status <<<"$line")
}

npm_pack() {
  local pid status=0 shown=0 mebibytes
  (cd "$cache/download" && exec npm pack "$bundle_package@$(bundle_version)" --cache "$cache/npm" --loglevel warn) \
    >"$cache/npm.log" 2>&1 9>&- &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    mebibytes=$(du -sm "$cache/npm" "$cache/download" 2>/dev/null | awk '{ if ($1 > most) most = $1 } END { print most + 0 }')
    if ((mebibytes >= shown + 10)); then
      shown=$mebibytes
      printf '    %d MiB\n' "$mebibytes"
    fi
  done
  wait "$pid" || status=$?
  return "$status"
}

extract_bundle() {
  local work=$cache/extract
  say 'Extracting the orchestrator and the dashboard'
  rm -rf "$work"
  mkdir -p "$work/home" "$work/cli"
  tar -xzf "$cache/download/$(bundle_archive)" -C "$work/cli" package/bin/aspire || fail "$(bundle_archive) cannot be unpacked."
  # The CLI greets, and keeps files in HOME. Its exit code also judges a layout that is of no interest here;
  # what counts is whether the two files are there.
  HOME=$work/home XDG_CACHE_HOME=$work/home/.cache ASPIRE_CLI_TELEMETRY_OPTOUT=1 NO_COLOR=1 TMPDIR=$work \
    timeout 300 "$work/cli/package/bin/aspire" setup --install-path "$work/layout" --non-interactive --nologo \
    >"$cache/setup.log" 2>&1 </dev/null 9>&- || true
  local dcp
  dcp=$(find "$work/layout/versions" -path '*/dcp/dcp' -type f -print -quit 2>/dev/null) || true
  [[ -n $dcp && -f $(dirname "$dcp")/../managed/aspire-managed ]] ||
    fail 'The Aspire CLI did not extract dcp and aspire-managed:' "$(tail -n 20 "$cache/setup.log")"
  rm -rf "$(bundle_home)"
  mv "$(dirname "$(dirname "$dcp")")" "$(bundle_home)"
  rm -rf "$work" "$cache/download" "$cache/npm"
  # Whoever builds with this tree may be another user than the one who made its feed.
  chmod a+rx "$(bundle_dcp)" "$(bundle_dashboard)" "$(dirname "$(bundle_dcp)")"/*
  bundle_is_extracted || fail "$(bundle_home) lacks dcp/dcp or managed/aspire-managed."
}
