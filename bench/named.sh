#!/usr/bin/env bash
# Measures files by a client's name (JSON in and out) beside Redis and nginx, in one run; see docs/operations/benchmarks.md.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

# shellcheck source-path=SCRIPTDIR
for part in common peers processes product small report named; do
    source "$bench/lib/$part.sh"
done

usage() {
    cat <<'TEXT'
usage: bench/named.sh [OPTION]... [-- APPHOST-ARGUMENT...]

Starts the graph, a Redis of its own that syncs every write, and nginx; puts and gets files by name in turn with them,
and prints a table of ratios. Writes bench/results/named-<time>.json. Needs what bench/run.sh needs, and redis-benchmark.

  --quick        one counted pass of 3 s with 4 KiB and 64 KiB: a smoke test, not a measurement
  --runs N       number of counted passes, after one that is not counted (3)
  --seconds N    length of one load (5)
  --sizes LIST   sizes of the files in KiB, separated by commas (4,64,1024)
  --work DIR     directory of the data during the run, on the disk to measure (.data/bench in the repository)
TEXT
}

runs=3 seconds=5 sizes=4,64,1024 keep=false quick=false work_parent=$root/.data/bench
product_arguments=()
starter=${MEDIAASPIRE_BENCH_STARTER:-$root/run.sh}

while (($#)); do
    case $1 in
        --quick) quick=true runs=1 seconds=3 sizes=4,64 ;;
        --runs) runs=${2:?--runs needs a number}; shift ;;
        --seconds) seconds=${2:?--seconds needs a number}; shift ;;
        --sizes) sizes=${2:?--sizes needs a list}; shift ;;
        --work) work_parent=${2:?--work needs a directory}; shift ;;
        --) shift; product_arguments=("$@"); break ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ $sizes =~ ^[1-9][0-9]*(,[1-9][0-9]*)*$ && $runs =~ ^[1-9][0-9]*$ && $seconds =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 2; }

begin_run named-
records=$work/records.jsonl
: >"$records"

[[ $(uname -s) == Linux ]] || fail 'the benchmarks need Linux, because they read /proc'
install_missing curl
install_missing jq
install_missing wrk
prepare_peers
command -v redis-benchmark >/dev/null || fail 'redis-benchmark is needed; install the packages redis-server and redis-tools'

# Pass 0 warms up: it is checked, but not counted.
record() { jq -c 'select(.run > 0)' >>"$records"; }

mkdir -p "$work/source"
head -c 65536 /dev/urandom >"$work/source/large"
start_peers
start_redis_peer
describe_machine >"$work/machine.json"

# The limit of staged bytes holds a whole pass, so that puts are not refused.
product_arguments=(--Staging:MaxBytes=8589934592 "${product_arguments[@]}")
start_product 2
for kib in ${sizes//,/ }; do
    prepare_named "$kib"
    named_in_turn "put-$kib" api redis webdav-fsync
    publish_named
    named_in_turn "get-staged-$kib" api redis static
    release_split
    named_in_turn "get-split-$kib" api redis static
done
stop_product 2

result=$bench/results/named-$started_at.json
summarise_named >"$result"
print_named "$result"
say "written to $result"
