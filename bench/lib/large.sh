# shellcheck shell=bash
# The throughput of one large file at a time, in MiB/s.

# Each put_large_* and get_large_* moves the file once and sets $took to its seconds.

# transfer EXPECTED-STATUS EXPECTED-DOWNLOAD CURL-ARGUMENT...: one transfer, with the time that curl measures.
transfer() {
    local status=$1 size=$2 line
    shift 2
    line=$(api_curl -sS -w '%{http_code} %{size_download} %{time_total}' "$@") || fail "curl $* failed"
    [[ ${line%% *} == "$status" ]] || fail "curl $* received status ${line%% *}, not $status"
    [[ $size == any || $(cut -d' ' -f2 <<<"$line") == "$size" ]] || fail "curl $* received another number of bytes than $size: $line"
    took=${line##* }
}

seconds_between() { awk -v from="$1" -v to="$2" 'BEGIN { printf "%.6f", (to - from) / 1e6 }'; }

put_large_api() {
    transfer 201 any -o "$work/response" -T "$work/source/large" "$api/files?filename=large"
    [[ $(jq -r .sha256 "$work/response") == "$large_sha256" ]] || fail 'the API returned another SHA-256 than that of the source'
    large_id=$(jq -r .fileId "$work/response")
}

put_large_dd() {
    local from to
    from=$(now)
    dd if="$work/source/large" of="$work/peers/data/dd" bs=1M conv=fsync status=none
    to=$(now)
    took=$(seconds_between "$from" "$to")
    cmp "$work/source/large" "$work/peers/data/dd" || fail 'the bytes that dd wrote differ from the source'
    rm "$work/peers/data/dd"
}

# Writes the physical bytes of two copies.
put_large_dd_twice() {
    local from to first
    from=$(now)
    dd if="$work/source/large" of="$work/peers/data/dd-1" bs=1M conv=fsync status=none &
    first=$!
    dd if="$work/source/large" of="$work/peers/data/dd-2" bs=1M conv=fsync status=none
    wait "$first"
    to=$(now)
    took=$(seconds_between "$from" "$to")
    cmp "$work/peers/data/dd-1" "$work/peers/data/dd-2" || fail 'the bytes that dd wrote differ from the source'
    rm "$work/peers/data/dd-1" "$work/peers/data/dd-2"
}

# nginx responds when the bytes are in the page cache; the client then syncs file and directory, as the API does before it responds.
put_large_webdav_fsync() {
    local from to
    transfer 201 any -o /dev/null -T "$work/source/large" "$origin/dav/large"
    from=$(now)
    sync "$work/peers/data/dav/large" "$work/peers/data/dav"
    to=$(now)
    took=$(awk -v put="$took" -v sync="$(seconds_between "$from" "$to")" 'BEGIN { printf "%.6f", put + sync }')
    [[ $(sha256_of "$work/peers/data/dav/large") == "$large_sha256" ]] || fail 'the bytes that nginx stored differ from the source'
    rm "$work/peers/data/dav/large"
}

get_large_api() { transfer 200 "$large_size" -o /dev/null "$api/files/$large_id"; }
get_large_static() { transfer 200 "$large_size" -o /dev/null "$origin/static/large"; }
get_large_proxied() { transfer 200 "$large_size" -o /dev/null "$front/static/large"; }

# Not timed: checks the bytes of every way, and reads all files of the timed passes into the page cache.
verify_large_downloads() {
    local url
    for url in "$api/files/$large_id" "$origin/static/large" "$front/static/large"; do
        [[ $(api_curl -fsS "$url" | sha256sum | cut -d' ' -f1) == "$large_sha256" ]] || fail "the bytes of $url differ from the source"
    done
}

# measure_large ROW RUN SUBJECT: one pass and its record.
measure_large() {
    local row=$1 run=$2 subject=$3 operation=${1%%-*} cpu='{}' memory='{}'
    settle
    if [[ $subject == api ]]; then
        reset_peak_memory
        cpu_snapshot >"$work/cpu-before"
    fi
    "${operation}_large_${subject//-/_}"
    if [[ $subject == api ]]; then
        cpu_snapshot >"$work/cpu-after"
        cpu=$(cpu_between "$work/cpu-before" "$work/cpu-after")
        memory=$(peak_memory)
    fi
    jq -nc --arg row "$row" --arg subject "$subject" --argjson run "$run" --argjson seconds "$took" --argjson bytes "$large_size" \
        --argjson cpu "$cpu" --argjson memory "$memory" \
        '{$row, $subject, $run, unit: "MiB/s", value: ($bytes / 1048576 / $seconds), $seconds, $cpu, $memory}' | record
}
