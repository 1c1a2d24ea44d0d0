# shellcheck shell=bash
# The measured subjects: ours, ceph, swift. They differ only in endpoint, keys, bucket and processes.

bucket=bench

endpoint_of() { local -n value=$1_endpoint; printf %s "$value"; }

# with_keys SUBJECT COMMAND...: passes keys in the environment, so that lists of processes do not show them.
with_keys() {
    local -n access=$1_access_key secret=$1_secret_key
    shift
    S3_ACCESS_KEY=$access S3_SECRET_KEY=$secret "$@"
}

answers_or_gone() { curl -sS -o /dev/null "$1" || ! is_running "$2"; }

# pids_of SUBJECT: the processes of the subject; empty for an endpoint that was running before.
pids_of() {
    case $1 in
        ours) [[ -z ${graph-} ]] || graph_pids ;;
        ceph) descendants "${ceph_pids[@]}" ;;
        swift) descendants "${swift_pids[@]}" ;;
    esac
}

# descendants PID...: the processes and all their descendants.
descendants() {
    ps -e -o pid=,ppid= | awk -v roots="$*" '
        BEGIN { n = split(roots, list, " "); for (i = 1; i <= n; i++) wanted[list[i]] = 1 }
        { parent[$1] = $2 }
        END {
            for (pid in parent) {
                for (p = pid; p in parent && p > 1; p = parent[p]) {
                    if (p in wanted) { print pid; break }
                }
            }
        }'
}

# The name of a process in the report: ceph-osd, radosgw, memcached, Swift's servers, our roles.
name_of() {
    local subject=$1 pid=$2 name
    if [[ $subject == ours ]]; then
        name=$(role_of "$pid")
    else
        name=$(tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" |
            sed -n -e 's|^.*/swift-server\.py$|swift|p' -e 's|^.*/\([a-z]*\)\.conf$|\1|p' | paste -sd- -)
        [[ $name == swift-* ]] || name=$(cat "/proc/$pid/comm" 2>/dev/null) || true
    fi
    printf %s "${name:-other}"
}

# usage_of SUBJECT: a JSON object of name → {cpu: seconds so far, memory: MiB}. Memory is the proportional set size: what forked
# processes share is counted once.
usage_of() {
    local pid hz
    hz=$(getconf CLK_TCK)
    for pid in $(pids_of "$1"); do
        printf '%s %s %s\n' "$(name_of "$1" "$pid")" \
            "$(sed 's/^.*) //' "/proc/$pid/stat" 2>/dev/null | awk -v hz="$hz" '{ printf "%.2f", ($12 + $13) / hz }')" \
            "$(awk '/^Pss:/ { printf "%.1f", $2 / 1024 }' "/proc/$pid/smaps_rollup" 2>/dev/null)"
    done | awk 'NF == 3' | jq -Rsc 'split("\n") | map(select(. != "") | split(" ")) | group_by(.[0])
        | map({ key: .[0][0], value: { cpu: (map(.[1] | tonumber) | add), memory: (map(.[2] | tonumber) | add) } }) | from_entries'
}

# start_ours: the graph with one copy of every chunk, or the endpoint that the command line names.
start_ours() {
    local log=$work/graph-1.log
    if [[ -z $ours_endpoint ]]; then
        # The other subjects run without tracing and without a dashboard.
        product_arguments=(--no-dashboard "${product_arguments[@]}")
        start_product 1
        until_true 60 grep -q '^s3-secret-key ' "$log" || fail 'the graph did not print the address of its S3 API' "$(tail -n 20 "$log")"
        ours_endpoint=$(sed -n 's/^s3 \(http[^ ]*\).*$/\1/p' "$log" | head -n 1)
        ours_access_key=$(sed -n 's/^s3-access-key \([^ ]*\).*$/\1/p' "$log" | head -n 1)
        ours_secret_key=$(sed -n 's/^s3-secret-key \([^ ]*\).*$/\1/p' "$log" | head -n 1)
    fi
    ours_endpoint=${ours_endpoint%/}
}
