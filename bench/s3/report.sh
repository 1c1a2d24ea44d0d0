# shellcheck shell=bash
# The description of the machine, and the summary of the figures.

describe_s3_machine() {
    local commit changes ceph=null swift=null
    commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
    changes=$(git -C "$root" status --porcelain 2>/dev/null | wc -l)
    if is_subject ceph; then ceph="\"$(ceph_version)\""; fi
    if is_subject swift; then swift="\"$(swift_version)\""; fi
    jq -n \
        --arg processor "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
        --argjson processors "$(nproc)" \
        --argjson memory "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)" \
        --arg kernel "$(uname -r)" \
        --arg file_system "$(df --output=fstype "$work" | tail -n 1)" \
        --arg load "$load_before" \
        --arg commit "$commit" \
        --argjson changes "$changes" \
        --argjson ceph "$ceph" \
        --argjson swift "$swift" \
        --arg wrk "$(wrk --version 2>&1 | sed -n 's/^wrk \([^ ]*\).*/\1/p')" \
        --arg curl "$(curl --version | sed -n '1s/^curl \([^ ]*\).*/\1/p')" \
        '{
            machine: {$processor, $processors, memoryMiB: $memory, $kernel, fileSystem: $file_system, loadAverageBefore: $load},
            versions: {product: $commit, uncommittedFiles: $changes, $ceph, $swift, $wrk, $curl}
        }'
}

summarise_s3() {
    jq -s -L "$bench/lib" -L "$bench/s3" \
        --slurpfile machine "$work/machine.json" \
        --arg started "$started_at" \
        --argjson quick "$quick" \
        --argjson runs "$runs" \
        --argjson largeMiB "$large_mib" \
        --argjson smallSeconds "$small_seconds" \
        --argjson clients "$clients" \
        --argjson listKeys "$list_keys" \
        --arg listFill "$list_fill" \
        'include "s3-report";
        {
            started: $started,
            settings: {$quick, $runs, $largeMiB, smallKiB: 64, $smallSeconds, $clients, $listKeys, $listFill, copies: 1, cache: "warm"}
        } + $machine[0] + s3_report' "$records"
}

print_s3_tables() { jq -r -L "$bench/lib" -L "$bench/s3" 'include "s3-report"; s3_tables' "$1"; }
