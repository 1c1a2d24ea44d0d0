# shellcheck shell=bash
# The description of the machine, and the summary of the figures.

describe_machine() {
    local commit changes file_system
    commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
    changes=$(git -C "$root" status --porcelain 2>/dev/null | wc -l)
    file_system=$(df --output=fstype "$work" | tail -n 1)
    jq -n \
        --arg processor "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
        --argjson processors "$(nproc)" \
        --argjson memory "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)" \
        --arg kernel "$(uname -r)" \
        --arg file_system "$file_system" \
        --arg load "$(cut -d' ' -f1-3 /proc/loadavg)" \
        --arg commit "$commit" \
        --argjson changes "$changes" \
        --arg nginx "$(nginx_version)" \
        --arg wrk "$(wrk --version 2>&1 | sed -n 's/^wrk \([^ ]*\).*/\1/p')" \
        --arg curl "$(curl --version | sed -n '1s/^curl \([^ ]*\).*/\1/p')" \
        --arg dotnet "$(dotnet --version)" \
        '{
            machine: {$processor, $processors, memoryMiB: $memory, $kernel, fileSystem: $file_system, loadAverageBefore: $load},
            versions: {product: $commit, uncommittedFiles: $changes, $nginx, $wrk, $curl, $dotnet}
        }'
}

summarise() {
    jq -s -L "$bench/lib" \
        --slurpfile machine "$work/machine.json" \
        --arg started "$started_at" \
        --argjson quick "$quick" \
        --argjson runs "$runs" \
        --argjson largeMiB "$large_mib" \
        --argjson smallSeconds "$small_seconds" \
        --argjson clients "$clients" \
        'include "report";
        {started: $started, settings: {$quick, $runs, $largeMiB, smallKiB: 64, $smallSeconds, $clients, cache: "warm"}}
            + $machine[0] + report' "$records"
}

print_table() { jq -r -L "$bench/lib" 'include "report"; table' "$1"; }
