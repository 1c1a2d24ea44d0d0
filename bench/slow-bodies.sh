#!/usr/bin/env bash
# Attacks a fresh graph with bodies that are declared long and sent slowly; see docs/operations/limits.md.
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

# shellcheck source-path=SCRIPTDIR
for part in lib/common lib/processes lib/product; do
    source "$bench/$part.sh"
done

usage() {
    cat <<'TEXT'
usage: bench/slow-bodies.sh [OPTION]... [-- APPHOST-ARGUMENT...]

Starts the graph, opens connections that declare a long body and send a few bytes a second, and prints each second the
connections that are still open, the memory of the API, the memory of the nodes and the space of the data directory. An
honest client stores and reads 1 MiB meanwhile. Fails when an honest request fails, or when something is left afterwards.

  --connections N  slow connections (100)
  --rate BYTES     bytes a second on each (240)
  --declare MIB    the declared length of each body (10239)
  --seconds N      length of the attack, if the API does not end it before (60)
  --work DIR       directory of the data during the run (.data/bench in the repository)
  --keep           keep that data
TEXT
}

connections=100 rate=240 declared_mib=10239 seconds=60 keep=false
work_parent=$root/.data/bench
product_arguments=()
starter=${MEDIAASPIRE_BENCH_STARTER:-$root/run.sh}
number() { [[ $2 =~ ^[1-9][0-9]*$ ]] || { printf 'bench: %s needs a whole number from 1, not "%s"\n' "$1" "$2" >&2; exit 2; }; }

while (($#)); do
    case $1 in
        --connections) number "$1" "${2-}"; connections=$2; shift ;;
        --rate) number "$1" "${2-}"; rate=$2; shift ;;
        --declare) number "$1" "${2-}"; declared_mib=$2; shift ;;
        --seconds) number "$1" "${2-}"; seconds=$2; shift ;;
        --work) work_parent=${2:?--work needs a directory}; shift ;;
        --keep) keep=true ;;
        --) shift; product_arguments=("$@"); break ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

mkdir -p "$work_parent"
work=$(mktemp -d "$work_parent/slow-bodies.XXXX")
chmod 755 "$work"
# Used by lib/processes.sh.
marker=${work##*/}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

[[ $(uname -s) == Linux ]] || fail 'the measurement needs Linux, because it reads /proc'
install_missing curl
install_missing jq
mkdir -p "$work/source"
head -c 1000000 /dev/urandom >"$work/source/large"
start_product 2

# memory_of ROLE: the resident memory of all processes of that role, in MiB.
memory_of() {
    local pid role total=0 pages
    while read -r pid role; do
        [[ $role == "$1" ]] || continue
        read -r _ pages _ <"/proc/$pid/statm" || continue
        total=$((total + pages * 4 / 1024))
    done <"$work/roles"
    printf %s "$total"
}

# Allocated blocks: reserved space counts although nothing is written to it.
disk_mib() { du -s --block-size=1M "$work/graph-2" | cut -f1; }

# honest: stores and reads a file; prints the milliseconds.
honest() {
    local from id
    from=$(now)
    id=$(put_to_api "$work/source/large" honest | jq -r .fileId)
    api_curl -fsS -o "$work/got" "$api/files/$id"
    cmp -s "$work/got" "$work/source/large" || fail 'an honest file came back with other bytes'
    printf %s $((($(now) - from) / 1000))
}

graph_roles >"$work/roles"
host=${api#http://}
port=${host##*:}
declared=$((declared_mib * 1048576))
# Ten pieces a second.
piece=$(printf "%$((rate / 10 > 0 ? rate / 10 : 1))s" '' | tr ' ' 'x')
descriptors=()

open_slow() {
    local fd
    exec {fd}<>"/dev/tcp/${host%:*}/$port"
    printf 'PUT /files?filename=slow HTTP/1.1\r\nHost: %s\r\nX-Api-Key: %s\r\nContent-Length: %s\r\nConnection: close\r\n\r\n' \
        "$host" "$api_key" "$declared" >&"$fd"
    descriptors+=("$fd")
}

# A connection with a response, or without a peer, is closed.
send_pieces() {
    local i fd
    for i in "${!descriptors[@]}"; do
        fd=${descriptors[i]}
        if read -r -t 0 -u "$fd" || ! printf %s "$piece" 2>/dev/null >&"$fd"; then
            exec {fd}>&-
            unset "descriptors[$i]"
        fi
    done
}

trap '' PIPE
honest >/dev/null
disk_before=$(disk_mib)
printf 'second  connections  api MiB  nodes MiB  disk MiB  honest ms\n'
report() {
    printf '%6d  %11d  %7d  %9d  %8d  %9s\n' \
        "$1" "${#descriptors[@]}" "$(memory_of api)" "$(memory_of storage)" "$(disk_mib)" "$2"
}
report 0 "$(honest)"
for ((i = 0; i < connections; i++)); do
    open_slow
done
started_at=$(now)
for ((second = 1; second <= seconds && ${#descriptors[@]} > 0; second++)); do
    until=$((started_at + second * 1000000))
    while (($(now) < until)); do
        send_pieces
        sleep 0.1
    done
    took=-
    ((second % 5 == 0)) && took=$(honest)
    report "$second" "$took"
done
left=${#descriptors[@]}
for fd in "${descriptors[@]}"; do
    exec {fd}>&-
done
descriptors=()
say "$left of $connections slow connections were still open after $((($(now) - started_at) / 1000000)) s"
report "$second" "$(honest)"

# An honest file has two copies; a few MiB are the database's.
disk_is_free() { (($(disk_mib) < disk_before + 2 * 25 + 200)); }
until_true 60 disk_is_free || fail "the data directory grew from $disk_before to $(disk_mib) MiB"
say "after the attack the data directory has $(disk_mib) MiB; before it had $disk_before MiB"
stop_product 2
