#!/usr/bin/env bash
# Measures the product beside nginx and dd on this machine, in one run; see docs/operations/benchmarks.md.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

# shellcheck source-path=SCRIPTDIR
for part in common peers processes product large small report; do
    source "$bench/lib/$part.sh"
done

usage() {
    cat <<'TEXT'
usage: bench/run.sh [OPTION]... [-- APPHOST-ARGUMENT...]
       bench/run.sh --micro [BENCHMARKDOTNET-ARGUMENT...]

Starts the graph and its peers, measures them in turn, prints a table of ratios and writes
bench/results/<time>.json. Needs Linux, 20 GiB of free disk and 8 GiB of free memory.
On Debian and Ubuntu it installs nginx, wrk, curl and jq when they are missing (as root).

  --quick        64 MiB and 2 s, one counted pass: a smoke test, not a measurement
  --runs N       number of counted passes, after one that is not counted (5)
  --size MIB     size of the large file (1024)
  --seconds N    length of one load of small files (8)
  --only ROWS    only the rows large, small, put or get (all)
  --work DIR     directory of the data during the run, on the disk to measure (.data/bench in the repository)
  --keep         keep that data
  --micro        run the micro-benchmarks instead
TEXT
}

runs=5 large_mib=1024 small_seconds=8 only=all keep=false quick=false
work_parent=$root/.data/bench
product_arguments=()
# Another script that starts the same graph, for work on the scripts.
starter=${MEDIAASPIRE_BENCH_STARTER:-$root/run.sh}

number() { [[ $2 =~ ^[1-9][0-9]*$ ]] || { printf 'bench: %s needs a whole number from 1, not "%s"\n' "$1" "$2" >&2; exit 2; }; }

while (($#)); do
    case $1 in
        --micro)
            shift
            (($#)) || set -- --filter '*'
            exec dotnet run --project "$bench/MediaAspire.Benchmarks" --configuration Release -- \
                --artifacts "$bench/results/micro" "$@"
            ;;
        --quick) quick=true runs=1 large_mib=64 small_seconds=2 ;;
        --runs) number "$1" "${2-}"; runs=$2; shift ;;
        --size) number "$1" "${2-}"; large_mib=$2; shift ;;
        --seconds) number "$1" "${2-}"; small_seconds=$2; shift ;;
        --only) only=${2-}; shift ;;
        --work) work_parent=${2:?--work needs a directory}; shift ;;
        --keep) keep=true ;;
        --) shift; product_arguments=("$@"); break ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ $only =~ ^(all|large|small|put|get)$ ]] || { usage >&2; exit 2; }

begin_run ''
records=$work/records.jsonl
large_size=$((large_mib * 1048576))
: >"$records"

[[ $(uname -s) == Linux ]] || fail 'the benchmarks need Linux, because they read /proc'
# The API keeps two copies of the files of all passes; the peers, the sources and the small files need as much again.
needed=$((large_mib * (2 * (runs + 1) + 7) + 128 * small_seconds * (runs + 1)))
free=$(df --output=avail -m "$work" | tail -n 1)
((free >= needed)) || fail "$work_parent has $free MiB free, and this run may need $needed MiB. Choose another disk with --work"

install_missing curl
install_missing jq
install_missing wrk
prepare_peers

# Pass 0 warms up: it is checked, but not counted.
record() { jq -c 'select(.run > 0)' >>"$records"; }

# wanted ROW: whether --only asks for it.
wanted() { [[ $only == all || -$1- == *-$only-* ]]; }

# in_turn KIND ROW SUBJECT...: ours, peer, ours, peer, so that a drift of the machine affects both. Each pass begins with the next
# subject, so that a subject does not always run after the same other one.
in_turn() {
    local kind=$1 row=$2 run i
    shift 2
    wanted "$row" || return 0
    say "$row: api beside ${*:2}"
    local subjects=("$@")
    for ((run = 0; run <= runs; run++)); do
        for ((i = 0; i < $#; i++)); do
            "measure_$kind" "$row" "$run" "${subjects[(run + i) % $#]}"
        done
    done
}

say "creating $large_mib MiB of random bytes in $work"
mkdir -p "$work/source"
head -c "$large_size" /dev/urandom >"$work/source/large"
large_sha256=$(sha256_of "$work/source/large")
cp "$work/source/large" "$work/peers/data/static/large"
start_peers
describe_machine >"$work/machine.json"

prepare_small

if wanted put-large-1 || wanted put-small-1; then
    start_product 1
    in_turn large put-large-1 api dd webdav-fsync
    in_turn small put-small-1 api webdav webdav-fsync
    stop_product 1
fi

start_product 2
in_turn large put-large-2 api dd dd-twice webdav-fsync
if wanted get-large; then
    put_large_api
    verify_large_downloads
    in_turn large get-large api proxied static
fi
if wanted get-small; then
    publish_small
    verify_small_downloads
    in_turn small get-small api proxied static
fi
in_turn small put-small-2 api webdav webdav-fsync
stop_product 2

result=$bench/results/$started_at.json
summarise >"$result"
print_table "$result"
say "written to $result"
