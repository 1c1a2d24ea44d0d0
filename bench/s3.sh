#!/usr/bin/env bash
# Measures the S3 API beside Ceph's and OpenStack Swift's on this machine, in one run; see docs/operations/benchmarks.md.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

# shellcheck source-path=SCRIPTDIR
for part in lib/common lib/processes lib/product lib/large \
    s3/programs s3/subjects s3/ceph s3/swift s3/client s3/rows s3/fill s3/listing s3/report; do
    source "$bench/$part.sh"
done

usage() {
    cat <<'TEXT'
usage: bench/s3.sh [OPTION]... [-- APPHOST-ARGUMENT...]

Starts the graph with one copy of every chunk, a Ceph with one OSD and a Swift with one device, without systemd, on
loopback ports and below one directory. Measures PUT and GET of 64 KiB × 16 clients and of 1 GiB through their S3 APIs in
turn. Prints tables and writes bench/results/s3-<time>.json. Needs Linux, 30 GiB of free disk and 8 GiB of free memory.

  --install          first install missing programs from Debian's packages (as root); otherwise they are only reported
  --endpoint URL     measure this S3 API as ours instead of starting the graph
  --access-key KEY   its keys, or S3_ACCESS_KEY and
  --secret-key KEY   S3_SECRET_KEY of the environment
  --subjects LIST    of ours,ceph,swift (all)
  --quick            64 MiB and 2 s, one counted pass: a smoke test, not a measurement
  --runs N           number of counted passes, after one that is not counted (5)
  --size MIB         size of the large object (1024)
  --seconds N        length of one load of small objects (8, at most 300)
  --only ROWS        only the rows large, small, put or get (all), or none
  --list-keys N      also list a bucket of N keys, whole and with a delimiter (0: no)
  --list-fill HOW    rows: copies the index entry of one object for N keys (at most 1000000), in minutes;
                     put: stores N objects of one byte, in an hour or two (rows, with --endpoint put)
  --list-minutes N   time limit of that storing for each subject; a slower one lists fewer keys (20)
  --work DIR         directory of the data during the run, on the disk to measure (.data/bench in the repository)
  --keep             keep that data
TEXT
}

runs=5 large_mib=1024 small_seconds=8 only=all keep=false quick=false install=false list_keys=0 list_minutes=20 list_fill=''
subjects=(ours ceph swift)
ours_endpoint='' ours_access_key=${S3_ACCESS_KEY-} ours_secret_key=${S3_SECRET_KEY-}
work_parent=$root/.data/bench
# Used by lib/product.sh.
product_arguments=()
starter=${MEDIAASPIRE_BENCH_STARTER:-$root/run.sh}

is_subject() { [[ " ${subjects[*]} " == *" $1 "* ]]; }
number() { [[ $2 =~ ^[1-9][0-9]*$ ]] || { printf 'bench: %s needs a whole number from 1, not "%s"\n' "$1" "$2" >&2; exit 2; }; }

while (($#)); do
    case $1 in
        --install) install=true ;;
        --endpoint) ours_endpoint=${2:?--endpoint needs a URL}; shift ;;
        --access-key) ours_access_key=${2:?--access-key needs a key}; shift ;;
        --secret-key) ours_secret_key=${2:?--secret-key needs a key}; shift ;;
        --subjects) IFS=, read -ra subjects <<<"${2:?--subjects needs a list}"; shift ;;
        --quick) quick=true runs=1 large_mib=64 small_seconds=2 ;;
        --runs) number "$1" "${2-}"; runs=$2; shift ;;
        --size) number "$1" "${2-}"; large_mib=$2; shift ;;
        --seconds) number "$1" "${2-}"; small_seconds=$2; shift ;;
        --only) only=${2-}; shift ;;
        --list-keys) number "$1" "${2-}"; list_keys=$2; shift ;;
        --list-fill) list_fill=${2-}; shift ;;
        --list-minutes) number "$1" "${2-}"; list_minutes=$2; shift ;;
        --work) work_parent=${2:?--work needs a directory}; shift ;;
        --keep) keep=true ;;
        --) shift; product_arguments=("$@"); break ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
[[ $only =~ ^(all|large|small|put|get|none)$ ]] && ((small_seconds <= 300)) || { usage >&2; exit 2; }
((${#subjects[@]} > 0)) || { usage >&2; exit 2; }
for subject in "${subjects[@]}"; do
    [[ $subject =~ ^(ours|ceph|swift)$ ]] || { usage >&2; exit 2; }
done
[[ -n $list_fill ]] || { [[ -n $ours_endpoint ]] && list_fill=put || list_fill=rows; }
[[ $list_fill =~ ^(put|rows)$ ]] && { [[ $list_fill == put ]] || ((list_keys <= 1000000)); } || { usage >&2; exit 2; }
[[ -z $ours_endpoint || $list_fill == put ]] || ! is_subject ours ||
    fail 'rows can be copied only in a graph that this run starts; with --endpoint, use --list-fill put'
[[ -z $ours_endpoint || (-n $ours_access_key && -n $ours_secret_key) ]] || fail '--endpoint needs --access-key and --secret-key'
[[ $(uname -s) == Linux ]] || fail 'the benchmarks need Linux, because they read /proc'

begin_run s3-
load_before=$(cut -d' ' -f1-3 /proc/loadavg)
records=$work/records.jsonl
large_size=$((large_mib * 1048576))
: >"$records"

# wanted ROW: whether --only asks for it.
wanted() { [[ $only == all || -$1- == *-$only-* ]]; }
record() { jq -c 'select(.run > 0)' >>"$records"; }

require_programs
# Each subject keeps the data of all passes, because deleted space is not free at once. These are the large objects twice (signed and
# not), small ones at 2,000 a second, and keys at 16 KiB for an object of one byte and 2 KiB for a row.
kept_mib=$((1024 + list_keys / $([[ $list_fill == put ]] && echo 64 || echo 512)))
! wanted put-large || kept_mib=$((kept_mib + large_mib * 2 * (runs + 1)))
! wanted get-large || kept_mib=$((kept_mib + large_mib * 2))
! wanted put-small || kept_mib=$((kept_mib + 2 * 128 * small_seconds * (runs + 1)))
block_mib=$((kept_mib + kept_mib / 4 + 4096))
free=$(df --output=avail -m "$work" | tail -n 1)
((free >= kept_mib * (${#subjects[@]} - 1) + block_mib + large_mib)) ||
    fail "$work_parent has $free MiB free, and this run may need $((kept_mib * (${#subjects[@]} - 1) + block_mib + large_mib)) MiB." \
        'Choose another disk with --work'

say "creating $large_mib MiB of random bytes in $work"
prepare_sources
! is_subject ceph || start_ceph "$block_mib"
! is_subject swift || start_swift
! is_subject ours || start_ours
describe_s3_machine >"$work/machine.json"
for subject in "${subjects[@]}"; do
    prepare_subject "$subject"
done

# in_turn ROW: each pass begins with the next subject, so that a drift of the machine affects all, and a subject does not always run
# after the same other one. Pass 0 warms up: it is checked, but not counted.
in_turn() {
    local row=$1 run i
    wanted "$row" || return 0
    say "$row: ${subjects[*]}"
    for ((run = 0; run <= runs; run++)); do
        for ((i = 0; i < ${#subjects[@]}; i++)); do
            measure "$row" "$run" "${subjects[(run + i) % ${#subjects[@]}]}"
        done
    done
}

for row in put-large put-large-signed get-large get-small put-small put-small-signed; do
    in_turn "$row"
done
((list_keys == 0)) || measure_listing

result=$bench/results/s3-$started_at.json
summarise_s3 >"$result"
print_s3_tables "$result"
say "written to $result"
