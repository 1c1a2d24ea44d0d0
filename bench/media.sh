#!/usr/bin/env bash
# Measures the media catalog: searches at several sizes, reads by id and alias, uploads; see docs/operations/benchmarks.md.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

# shellcheck source-path=SCRIPTDIR
for part in lib/common lib/processes lib/product lib/large lib/small lib/report media/catalog; do
    source "$bench/$part.sh"
done

usage() {
    cat <<'TEXT'
usage: bench/media.sh [OPTION]... [-- APPHOST-ARGUMENT...]

Starts the graph, measures uploads of new items, and fills the catalog with items by SQL: owners, tags and words by Zipf's
law, 30 % public. At each size it measures every combination of filter and order in bench/MediaAspire.Benchmarks/Media in
the database and by HTTP, and reads by id and by alias with 16 clients. Prints tables and writes
bench/results/media-<time>.json. Needs Linux, curl, jq, psql, wrk and 8 GiB of free disk.

  --quick          1,000 items, 10 rounds and 2 s: a smoke test, not a measurement
  --sizes LIST     numbers of items, separated by commas (10000,100000,1000000)
  --uploads        uploads only
  --rounds N       searches of each combination that are counted, after a tenth as many that are not (300)
  --seconds N      length of one load (8)
  --work DIR       directory of the data during the run, on the disk to measure (.data/bench in the repository)
TEXT
}

sizes=10000,100000,1000000 rounds=300 seconds=8 keep=false quick=false only_uploads=false work_parent=$root/.data/bench
product_arguments=()
starter=${MEDIAASPIRE_BENCH_STARTER:-$root/run.sh}

while (($#)); do
    case $1 in
        --quick) quick=true sizes=1000 rounds=10 seconds=2 ;;
        --uploads) only_uploads=true ;;
        --sizes) sizes=${2:?--sizes needs a list}; shift ;;
        --rounds) rounds=${2:?--rounds needs a number}; shift ;;
        --seconds) seconds=${2:?--seconds needs a number}; shift ;;
        --work) work_parent=${2:?--work needs a directory}; shift ;;
        --) shift; product_arguments=("$@"); break ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ $sizes =~ ^[1-9][0-9]*(,[1-9][0-9]*)*$ && $rounds =~ ^[1-9][0-9]+$ && $seconds =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 2; }

begin_run media-

[[ $(uname -s) == Linux ]] || fail 'the benchmarks need Linux, because they read /proc'
install_missing curl
install_missing jq
install_missing wrk
[[ -n $(program_path psql) ]] || fail 'psql is needed; install the package postgresql-client'

mkdir -p "$work/source"
head -c 65536 /dev/urandom >"$work/source/large"
dotnet build "$bench/MediaAspire.Benchmarks" --configuration Release -m:1 --nologo --verbosity quiet >&2
load_before=$(cut -d' ' -f1-3 /proc/loadavg)
start_product 1
measure_uploads >"$work/uploads.jsonl"
: >"$work/searches.jsonl"
: >"$work/reads.jsonl"
[[ $only_uploads == false ]] || sizes=
for size in ${sizes//,/ }; do
    fill_catalog "$size"
    measure_searches "$size" >>"$work/searches.jsonl"
    measure_reads "$size" >>"$work/reads.jsonl"
done
stop_product 1

result=$bench/results/media-$started_at.json
jq -n --arg started "$started_at" --arg load "$load_before" --argjson quick "$quick" --slurpfile uploads "$work/uploads.jsonl" \
    --slurpfile searches "$work/searches.jsonl" --slurpfile reads "$work/reads.jsonl" \
    '{$started, loadAverageBefore: $load, $quick, $uploads, $searches, $reads}' >"$result"
print_catalog "$result"
say "written to $result"
