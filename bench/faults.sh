#!/usr/bin/env bash
# Runs the fault campaign for a given time; see docs/operations/faults.md.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/../eng/common.sh"

usage() {
    cat <<'TEXT'
usage: bench/faults.sh [--minutes N] [--seed S] [--clients N] [--output DIR] [--no-build]

Starts the whole graph with short times. Several clients store, read and delete files while processes are killed
and paused and disks lose bytes. Checks that no acknowledged byte is lost. Linux only; as root it also fills a disk.

  --minutes N    duration of clients and faults, decimals allowed (10)
  --seed S       seed of all random decisions, a whole number from 0 (a new one)
  --clients N    number of parallel clients (4)
  --output DIR   directory of the logs (bench/results/faults-<time>-<seed>)
  --no-build     use the last build of the tests
TEXT
}

minutes=10 seed=$((RANDOM * 32768 + RANDOM)) clients=4 output='' build=true
while (($#)); do
    case $1 in
        --minutes) minutes=${2:?--minutes needs a number}; shift ;;
        --seed) seed=${2:?--seed needs a number}; shift ;;
        --clients) clients=${2:?--clients needs a number}; shift ;;
        --output) output=${2:?--output needs a directory}; shift ;;
        --no-build) build=false ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ && $seed =~ ^[0-9]{1,9}$ && $clients =~ ^[1-9][0-9]?$ ]] || { usage >&2; exit 2; }

require_dotnet
if $build; then
    prepare_engines processes
    build MediaAspire.Tests
fi

output=${output:-$root/bench/results/faults-$(date -u +%Y%m%dT%H%M%SZ)-$seed}
mkdir -p "$output"
output=$(cd "$output" && pwd)

# One test runs for the given time, and up to 15 minutes more to start the graph, to let it settle and to compare.
hang_limit=$((10#${minutes%.*} + 20))min

say "$minutes minutes, seed $seed, $clients clients; logs go to $output"
status=0
MEDIAASPIRE_FAULTS_MINUTES=$minutes MEDIAASPIRE_FAULTS_SEED=$seed MEDIAASPIRE_FAULTS_CLIENTS=$clients MEDIAASPIRE_FAULTS_OUTPUT=$output \
    dotnet test "$root/MediaAspire.Tests" --configuration Release --no-build --nologo \
    -p:VSTestBlameHangTimeout="$hang_limit" --results-directory "$output" \
    --filter 'FullyQualifiedName~FaultCampaignTests' >"$output/test.log" 2>&1 || status=$?

if ((status == 0)); then
    cat "$output/summary.txt"
    say 'No violations.'
else
    cat "$output/test.log"
    say "Failed. Logs are in $output."
fi
exit "$status"
