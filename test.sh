#!/usr/bin/env bash
# Installs missing engines and clients, checks the format, builds and runs every test. Ends with a line "N passed, N failed".
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/eng/common.sh"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

require_dotnet
prepare_engines processes
prepare_image_tools
prepare_node || exit 1
export ConsoleBuild=true
"$root/eng/install-clients.sh"

cd "$root"
status=0
dotnet restore MediaAspire.sln --nologo --verbosity quiet || exit 1

# The build itself checks style and analyzers (EnforceCodeStyleInBuild, warnings are errors), but not whitespace.
say 'Checking the format ...'
dotnet format whitespace MediaAspire.sln --verify-no-changes --no-restore || status=1
say 'Building ...'
dotnet build MediaAspire.sln --configuration Release --no-restore --nologo --verbosity quiet
say 'Testing the console ...'
(cd console && npm run --silent test) || status=1
say 'Testing ...'
# A test calls most methods too seldom for the better code of the second compilation to pay. The number is hexadecimal.
export DOTNET_TC_CallCountThreshold=400
dotnet test MediaAspire.sln --configuration Release --no-build --nologo --logger trx --results-directory "$results" "$@" || status=1

# Every project writes a file with a line such as
# <Counters total="12" executed="11" passed="11" failed="0" error="0" timeout="0" aborted="0" ... notExecuted="1" ... />
count() {
  local sum=0 name number
  for name in "$@"; do
    while read -r number; do
      sum=$((sum + number))
    done < <(grep -rhoE "<Counters [^>]*" "$results" --include='*.trx' | grep -oE " $name=\"[0-9]+\"" | grep -oE '[0-9]+')
  done
  echo "$sum"
}

total=$(count total)
passed=$(count passed)
failed=$(count failed error timeout aborted)
# The counters do not include a test that hung or that ended the test process. The run then writes a file with lines such as
# <Test Name="X.Y" DisplayName="X.Y(z: 1)" Source="..." Completed="False" />
if compgen -G "$results/*/Sequence_*.xml" >/dev/null; then
  unfinished=$(cat "$results"/*/Sequence_*.xml | grep -oE '<Test [^>]*Completed="False"' | grep -oE ' DisplayName="[^"]*"' |
    cut -d '"' -f 2 || true)
  kept=$root/TestResults/$(date -u +%Y%m%dT%H%M%SZ)
  mkdir -p "$root/TestResults"
  mv "$results" "$kept"
  say "The run was aborted. Its dumps are in $kept."
  while read -r name; do
    if [[ -z $name ]]; then continue; fi
    say "Did not end: $name"
    failed=$((failed + 1)) total=$((total + 1))
  done <<<"$unfinished"
fi
# xunit counts skipped tests only in the total.
skipped=$((total - passed - failed))

line="$passed passed, $failed failed"
if ((skipped > 0)); then line+=", $skipped skipped"; fi
if ((status != 0 && failed == 0)); then say 'Failed outside the tests: see above.'; fi
if ((passed == 0)); then say 'No test ran.'; status=1; fi
if ((failed > 0)); then status=1; fi
echo "$line"
exit "$status"
