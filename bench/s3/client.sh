# shellcheck shell=bash
# Single requests by curl and loads by wrk, signed by the same lines of Lua (bench/load/sigv4.lua).

export LUA_PATH="$bench/load/?.lua;;"

# sign SUBJECT: lines "METHOD PATH[?QUERY] [UPLOAD|-] [OUTPUT|-] [PAYLOAD]" of stdin become curl's configuration.
sign() { with_keys "$1" luajit "$bench/load/s3-sign.lua" "$(endpoint_of "$1")"; }

# s3 SUBJECT METHOD PATH [UPLOAD [OUTPUT [PAYLOAD]]]: sends a request, not timed. Its body goes to stdout.
s3() {
    local subject=$1
    shift
    sign "$subject" <<<"$*" | curl -sS -K - || fail "$subject: $1 $2 failed"
}

# s3_transfer SUBJECT EXPECTED-STATUS EXPECTED-DOWNLOAD METHOD PATH [UPLOAD [OUTPUT [PAYLOAD]]]: timed; sets $took to its seconds.
s3_transfer() {
    local subject=$1 status=$2 size=$3
    shift 3
    sign "$subject" <<<"$*" >"$work/request"
    transfer "$status" "$size" -o /dev/null -K "$work/request"
}

# s3_download_all SUBJECT DIRECTORY: fetches the paths of the lines "path name" on stdin, over one connection.
s3_download_all() {
    rm -rf "$2" && mkdir "$2"
    awk -v directory="$2" '{ print "GET", $1, "-", directory "/" $2 }' | sign "$1" | curl -sS -K -
}

# s3_load SUBJECT SECONDS THREADS CONNECTIONS SCRIPT ARGUMENT...: runs wrk, and sets REPLY to its summary.
s3_load() {
    local subject=$1 seconds=$2 threads=$3 connections=$4 script=$5 output
    shift 5
    output=$(with_keys "$subject" wrk --connections "$connections" --threads "$threads" --duration "${seconds}s" --timeout 60s \
        --script "$bench/load/$script.lua" "$(endpoint_of "$subject")" -- "$@" 2>&1) || fail "wrk failed with $subject: $output"
    REPLY=$(sed -n 's/^summary: //p' <<<"$output")
    [[ -n $REPLY ]] || fail "wrk did not print a summary with $subject: $output"
}
