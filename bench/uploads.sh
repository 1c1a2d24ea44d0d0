#!/usr/bin/env bash
# Measures resumable uploads beside npm's @tus/server with its file store in one run; see docs/operations/benchmarks.md.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

# shellcheck source-path=SCRIPTDIR
for part in lib/common lib/processes lib/product lib/large uploads/subjects; do
    source "$bench/$part.sh"
done

usage() {
    cat <<'TEXT'
usage: bench/uploads.sh [OPTION]... [-- APPHOST-ARGUMENT...]

Starts the graph, and npm's @tus/server with its file store, which syncs nothing to its disk. Uploads one large file, and many of 10 MiB by
four clients, by tus, by the IETF's draft, by S3 in parts, by PUT /files, and by tus to @tus/server. Prints a table in Markdown, in MiB/s,
and writes bench/results/uploads-<time>.json. Needs Linux, curl, jq, Node.js with npm, and free disk of 12 times the large file.

  --quick        a file of 64 MiB and 4 of 10 MiB, 1 run: a smoke test, not a measurement
  --large MIB    size of the large file (1024)
  --many N       number of files of 10 MiB (100)
  --runs N       counted runs (3)
  --copies N     copies of every chunk (1)
  --memory [MIB] instead: the peak memory of the processes while one file (10240) goes up and down by each way but @tus/server. Each way
                 has a graph of its own. The bytes are made while they are sent, so it needs free disk for one file and its copies
  --work DIR     directory of the data during the run (.data/bench in the repository)
TEXT
}

large_mib=1024 many=100 runs=3 memory_mib= copies=1 keep=false quick=false work_parent=$root/.data/bench
product_arguments=()
starter=${MEDIAASPIRE_BENCH_STARTER:-$root/run.sh}

while (($#)); do
    case $1 in
        --quick) quick=true large_mib=64 many=4 runs=1 ;;
        --large) large_mib=${2:?--large needs a number}; shift ;;
        --many) many=${2:?--many needs a number}; shift ;;
        --runs) runs=${2:?--runs needs a number}; shift ;;
        --copies) copies=${2:?--copies needs a number}; shift ;;
        --memory)
            memory_mib=10240
            if [[ ${2-} =~ ^[1-9][0-9]*$ ]]; then memory_mib=$2; shift; fi
            ;;
        --work) work_parent=${2:?--work needs a directory}; shift ;;
        --) shift; product_arguments=("$@"); break ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ $large_mib =~ ^[1-9][0-9]*$ && $many =~ ^[1-9][0-9]*$ && $runs =~ ^[1-9][0-9]*$ && $copies =~ ^[1-9]$ ]] || { usage >&2; exit 2; }

begin_run uploads-

[[ $(uname -s) == Linux ]] || fail 'the benchmarks need Linux, because they read /proc'
install_missing curl
install_missing jq
[[ -n $(program_path npm) ]] || fail 'npm is needed; install Node.js'

mkdir -p "$work/source"
if [[ -n $memory_mib ]]; then
    measure_memory "$memory_mib"
    exit
fi

head -c "$((large_mib * 1048576))" /dev/urandom >"$work/source/large"
head -c 10485760 /dev/urandom >"$work/source/small"
load_before=$(cut -d' ' -f1-3 /proc/loadavg)
install_reference
start_product_with_s3 "$copies"
start_reference
: >"$work/records.jsonl"
# The first run warms up and is not counted.
for ((run = 0; run <= runs; run++)); do
    for subject in tus draft s3 plain reference; do
        measure_way "$large_mib MiB" "$run" "$subject" "$work/source/large" 1 1 >>"$work/records.jsonl"
        measure_way "$many × 10 MiB" "$run" "$subject" "$work/source/small" "$many" 4 >>"$work/records.jsonl"
    done
done
stop_product "$copies"

result=$bench/results/uploads-$started_at.json
jq -n --arg started "$started_at" --arg load "$load_before" --argjson quick "$quick" --argjson copies "$copies" \
    --slurpfile records "$work/records.jsonl" '{$started, loadAverageBefore: $load, $quick, $copies, $records}' >"$result"
print_uploads "$result"
say "written to $result"
