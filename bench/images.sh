#!/usr/bin/env bash
# Measures variants of pictures beside npm's sharp and ipx in one run; see docs/operations/benchmarks.md.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

# shellcheck source-path=SCRIPTDIR
for part in lib/common lib/processes lib/product lib/large lib/small lib/report images/subjects; do
    source "$bench/$part.sh"
done

usage() {
    cat <<'TEXT'
usage: bench/images.sh [OPTION]... [-- APPHOST-ARGUMENT...]

Starts the graph, npm's sharp (the limit: no server, no storage) and npm's ipx (a server of variants). Measures the first request for a
variant, a WebP of 320 pixels of a JPEG of 12 megapixels, and later requests by 4 and by 16 clients. Prints tables in Markdown and writes
bench/results/images-<time>.json. Needs Linux, curl, jq, wrk, Node.js with npm, and 4 GiB of free disk.

  --quick        3 pictures, 1 run of 2 s: a smoke test, not a measurement
  --pictures N   pictures of a run (20)
  --runs N       counted runs (3)
  --seconds N    length of one load (8)
  --work DIR     directory of the data during the run (.data/bench in the repository)
TEXT
}

pictures=20 runs=3 seconds=8 keep=false quick=false work_parent=$root/.data/bench
product_arguments=()
starter=${MEDIAASPIRE_BENCH_STARTER:-$root/run.sh}

while (($#)); do
    case $1 in
        --quick) quick=true pictures=3 runs=1 seconds=2 ;;
        --pictures) pictures=${2:?--pictures needs a number}; shift ;;
        --runs) runs=${2:?--runs needs a number}; shift ;;
        --seconds) seconds=${2:?--seconds needs a number}; shift ;;
        --work) work_parent=${2:?--work needs a directory}; shift ;;
        --) shift; product_arguments=("$@"); break ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ $pictures =~ ^[1-9][0-9]*$ && $runs =~ ^[1-9][0-9]*$ && $seconds =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 2; }

begin_run images-

[[ $(uname -s) == Linux ]] || fail 'the benchmarks need Linux, because they read /proc'
install_missing curl
install_missing jq
install_missing wrk
[[ -n $(program_path npm) ]] || fail 'npm is needed; install Node.js'

mkdir -p "$work/source"
head -c 65536 /dev/urandom >"$work/source/large"
load_before=$(cut -d' ' -f1-3 /proc/loadavg)
install_peers
make_pictures
start_product 1
start_ipx
upload_pictures
: >"$work/cold.jsonl"
: >"$work/warm.jsonl"
# The first run warms up and is not counted.
for ((run = 0; run <= runs; run++)); do
    measure_cold "$run" >>"$work/cold.jsonl"
    # Few clients show the time of a request; many, what the machine can do.
    for clients in 4 16; do measure_warm "$run" "$clients" >>"$work/warm.jsonl"; done
done
stop_product 1

result=$bench/results/images-$started_at.json
jq -n --arg started "$started_at" --arg load "$load_before" --argjson quick "$quick" --slurpfile cold "$work/cold.jsonl" \
    --slurpfile warm "$work/warm.jsonl" '{$started, loadAverageBefore: $load, $quick, $cold, $warm}' >"$result"
print_images "$result"
say "written to $result"
