# shellcheck shell=bash
# The rate of requests for 64 KiB files, from 16 clients with persistent connections.

clients=16
small_size=65536
small_files=256

# load SECONDS THREADS SCRIPT URL ARGUMENT...: runs wrk and prints the summary of bench/load/summary.lua.
load() {
    local seconds=$1 threads=$2 script=$3 url=$4 key='' output
    shift 4
    [[ $url == "$api" ]] && key=$api_key
    output=$(MEDIAASPIRE_API_KEY=$key LUA_PATH="$bench/load/?.lua;;" wrk --connections "$clients" \
        --threads "$threads" --duration "${seconds}s" --timeout 10s \
        --script "$bench/load/$script.lua" "$url" -- "$@" 2>&1) || fail "wrk failed: $output"
    REPLY=$(sed -n 's/^summary: //p' <<<"$output")
    [[ -n $REPLY ]] || fail "wrk did not print a summary: $output"
}

# Creates the files, and copies them to every server.
prepare_small() {
    local i
    mkdir -p "$work/source/small" "$work/peers/data/static/small"
    for ((i = 0; i < small_files; i++)); do
        head -c "$small_size" /dev/urandom >"$work/source/small/$i"
    done
    cp "$work/source/small/"* "$work/peers/data/static/small/"
}

publish_small() {
    local i next='' key
    key=$(api_key_line)
    for ((i = 0; i < small_files; i++)); do printf '/static/small/%s\n' "$i"; done >"$work/paths-nginx"
    for ((i = 0; i < small_files; i++)); do
        printf '%sfail\n%s\nupload-file = "%s"\nurl = "%s/files?filename=%s"\n' "$next" "$key" "$work/source/small/$i" "$api" "$i"
        next=$'next\n'
    done | curl -sS -K - | jq -r '"/files/" + .fileId' >"$work/paths-api"
    (($(wc -l <"$work/paths-api") == small_files)) || fail 'the API did not store all small files'
}

# download_all URL DIRECTORY: fetches the paths of the lines "path name" on stdin, over one connection.
download_all() {
    local path name next='' key=''
    rm -rf "$2" && mkdir "$2"
    [[ $1 == "$api" ]] && key=$(api_key_line)
    while read -r path name; do
        printf '%sfail\n%s\nurl = "%s%s"\noutput = "%s/%s"\n' "$next" "$key" "$1" "$path" "$2" "$name"
        next=$'next\n'
    done | curl -sS -K -
}

# Not timed: compares every file of every server, byte by byte.
verify_small_downloads() {
    local url paths
    for url in "$api" "$origin" "$front"; do
        paths=$work/paths-nginx
        [[ $url == "$api" ]] && paths=$work/paths-api
        awk '{ print $1, NR - 1 }' "$paths" | download_all "$url" "$work/check"
        diff -rq "$work/source/small" "$work/check" || fail "the files of $url differ from the sources"
    done
}

# Each *_small_* runs a load for $1 seconds and sets REPLY to its summary.
get_small_api() { load "$1" 2 get "$api" "$work/paths-api"; }
get_small_static() { load "$1" 2 get "$origin" "$work/paths-nginx"; }
get_small_proxied() { load "$1" 2 get "$front" "$work/paths-nginx"; }

# One thread per connection, so that a client that syncs does not delay the others.
put_small() {
    local seconds=$1 url=$2 prefix=$3 directory=$4
    rm -rf "$work/samples" && mkdir "$work/samples"
    load "$seconds" "$clients" put "$url" "$prefix" "$work/source/small/0" "$work/samples" "$directory"
}

put_small_api() {
    put_small "$1" "$api" '/files?filename=' ''
    verify_small_uploads "$api"
}

put_small_webdav() {
    put_small "$1" "$origin" /dav/ ''
    verify_small_uploads "$origin"
    empty_dav
}

put_small_webdav_fsync() {
    put_small "$1" "$origin" /dav/ "$work/peers/data/dav"
    verify_small_uploads "$origin"
    empty_dav
}

# nginx keeps the directory; only the files of the load are deleted.
empty_dav() { find "$work/peers/data/dav" -mindepth 1 -delete; }

# Not timed: checks a sample of the stored files. A body is its name, padded to 32 bytes, and then the common bytes.
verify_small_uploads() {
    local path name
    rm -rf "$work/expected" && mkdir "$work/expected"
    cat "$work/samples/"* | shuf -n 64 >"$work/sample"
    [[ -s $work/sample ]] || fail "no upload to $1 was sampled"
    while read -r path name; do
        { printf '%-32s' "$name" && tail -c +33 "$work/source/small/0"; } >"$work/expected/$name"
    done <"$work/sample"
    download_all "$1" "$work/check" <"$work/sample"
    diff -rq "$work/expected" "$work/check" || fail "the bytes that $1 stored differ from those that were sent"
}

# measure_small ROW RUN SUBJECT: one load and its record.
measure_small() {
    local row=$1 run=$2 subject=$3 operation=${1%%-*} cpu='{}' summary
    settle
    [[ $subject == api ]] && cpu_snapshot >"$work/cpu-before"
    "${operation}_small_${subject//-/_}" "$small_seconds"
    summary=$REPLY
    if [[ $subject == api ]]; then
        cpu_snapshot >"$work/cpu-after"
        cpu=$(cpu_between "$work/cpu-before" "$work/cpu-after")
    fi
    [[ $(jq '.errors | add' <<<"$summary") == 0 ]] || fail "$row: $subject returned errors: $summary"
    jq -nc --arg row "$row" --arg subject "$subject" --argjson run "$run" --argjson summary "$summary" --argjson cpu "$cpu" \
        '{$row, $subject, $run, unit: "requests/s", value: ($summary.requests / $summary.seconds)} + $summary + {$cpu}' | record
}
