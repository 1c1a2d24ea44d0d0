# shellcheck shell=bash
# Files by a client's name: 16 clients with persistent connections; JSON with base64 on our side.

redis_port=
named_files=64

start_redis_peer() {
    mkdir -p "$work/redis"
    free_port
    redis_port=$REPLY
    redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$work/redis" --appendonly yes --appendfsync always --save '' \
        >"$work/redis.log" &
    remember $!
    until_true 60 grep -q 'Ready to accept connections' "$work/redis.log" || fail 'Redis is not ready after a minute'
}

# prepare_named KIB: files of one size. Their first 32 base64 characters are their names, so that all differ.
prepare_named() {
    local i name
    kib=$1
    rm -rf "$work/source/named" "$work/peers/data/static/named" && mkdir -p "$work/source/named" "$work/peers/data/static/named"
    head -c $((kib * 1024)) /dev/urandom >"$work/source/body"
    base64 -w 0 "$work/source/body" >"$work/source/body64"
    : >"$work/paths-nginx"
    : >"$work/paths-api"
    for ((i = 0; i < named_files; i++)); do
        name=get/$kib/$i
        named_bytes "$name" >"$work/source/named/$i"
        printf '/static/named/%s\n' "$i" >>"$work/paths-nginx"
        printf '/files?client_id=bench&name=%s\n' "$name" >>"$work/paths-api"
    done
    cp "$work/source/named/"* "$work/peers/data/static/named/"
}

# named_base64 NAME and named_bytes NAME: the content that is stored under the name.
named_base64() { printf '%s%s' "$1" "$(printf 'A%.0s' {1..32})" | head -c 32 && tail -c +33 "$work/source/body64"; }
named_bytes() { named_base64 "$1" | base64 -d; }

graph_worker() { graph_roles | awk '$2 == "worker" { print $1 }'; }

split_jobs_left() {
    api_curl -fsS "$admin/admin/jobs" | jq '[.kinds[] | select(.kind == "split-file") | .ready + .delayed + .running] | add // 0'
}

no_split_left() { [[ $(split_jobs_left) == 0 ]]; }

# Puts the files to read, and keeps the worker from splitting them, so that reads are served from staging.
publish_named() {
    local i pid
    until_true 300 no_split_left || fail 'the worker has not split all files after five minutes'
    for pid in $(graph_worker); do kill -s STOP "$pid"; done
    for ((i = 0; i < named_files; i++)); do
        { printf '{"client_id":"bench","name":"get/%s/%s","data":"' "$kib" "$i" && named_base64 "get/$kib/$i" && printf '"}'; } |
            api_curl -fsS -H 'Content-Type: application/json' --data-binary @- "$api/files" || fail 'the API did not store all files'
    done
    verify_named "get/$kib/0"
}

# Makes the worker split the files.
release_split() {
    local pid
    for pid in $(graph_worker); do kill -s CONT "$pid"; done
    until_true 300 no_split_left || fail 'the worker has not split all files after five minutes'
    verify_named "get/$kib/0"
}

# Not timed: compares the bytes with those that were put.
verify_named() {
    api_curl -fsS --get --data-urlencode 'client_id=bench' --data-urlencode "name=$1" "$api/files" | jq -r .data | base64 -d |
        cmp - <(named_bytes "$1") || fail "the bytes of $1 differ from those that were put"
}

# Each named_* runs a load for $seconds and sets REPLY to its summary.
named_put_api() {
    local name
    rm -rf "$work/samples" && mkdir "$work/samples"
    load "$seconds" "$clients" post-named "$api" "$work/source/body64" "$work/samples"
    local summary=$REPLY
    [[ -n $(ls "$work/samples") ]] || fail "the API did not store a file within $seconds s"
    cat "$work/samples/"* | shuf -n 16 >"$work/sample"
    while read -r name; do verify_named "$name"; done <"$work/sample"
    until_true 300 no_split_left || fail 'the worker has not split all files after five minutes'
    while read -r name; do verify_named "$name"; done <"$work/sample"
    REPLY=$summary
}

named_put_webdav_fsync() {
    rm -rf "$work/samples" && mkdir "$work/samples"
    load "$seconds" "$clients" put "$origin" /dav/ "$work/source/body" "$work/samples" "$work/peers/data/dav"
    empty_dav
}

named_get_api() { load "$seconds" 2 get "$api" "$work/paths-api"; }
named_get_static() { load "$seconds" 2 get "$origin" "$work/paths-nginx"; }

# redis_load SET|GET: runs about $seconds; a short run before determines the number of commands.
redis_load() {
    local command=$1 count=200 row rate
    for _ in 1 2; do
        row=$(redis-benchmark -p "$redis_port" -c "$clients" -d $((kib * 1024)) -r 256 -n "$count" --csv -t "$command" |
            tail -n 1 | tr -d '"')
        rate=$(cut -d, -f2 <<<"$row")
        [[ $rate =~ ^[0-9.]+$ ]] || fail "unexpected output of redis-benchmark: $row"
        count=$(awk -v rate="$rate" -v seconds="$seconds" 'BEGIN { printf "%d", rate * seconds + 16 }')
    done
    # Columns: test, requests a second, and milliseconds: mean, least, p50, p95, p99, most.
    REPLY=$(awk -F, '{
        printf "{\"requests\":%s,\"seconds\":1,\"errors\":{\"none\":0},\"latency\":{\"p50\":%f,\"p99\":%f}}", $2, $5 / 1000, $7 / 1000
    }' <<<"$row")
}

named_put_redis() {
    redis_load set
    redis-cli -p "$redis_port" flushall >/dev/null
}

named_get_redis() {
    redis_load set
    redis_load get
}

# named_in_turn ROW SUBJECT...: ours, peer, ours, peer, each pass beginning with the next subject.
named_in_turn() {
    local row=$1 run i subject summary
    shift
    say "$row KiB: api beside ${*:2}"
    local subjects=("$@")
    for ((run = 0; run <= runs; run++)); do
        for ((i = 0; i < $#; i++)); do
            subject=${subjects[(run + i) % $#]}
            settle
            "named_${row%%-*}_${subject//-/_}"
            summary=$REPLY
            [[ $(jq '.errors | add' <<<"$summary") == 0 ]] || fail "$row: $subject returned errors: $summary"
            jq -nc --arg row "$row" --arg subject "$subject" --argjson run "$run" --argjson summary "$summary" \
                '{$row, $subject, $run, unit: "requests/s", value: ($summary.requests / $summary.seconds)} + $summary' | record
        done
    done
}

summarise_named() {
    jq -s -L "$bench/lib" --slurpfile machine "$work/machine.json" \
        --arg started "$started_at" --argjson quick "$quick" --argjson runs "$runs" \
        --argjson seconds "$seconds" --argjson clients "$clients" \
        'include "report"; {started: $started, settings: {$quick, $runs, $seconds, $clients}} + $machine[0] + {rows: (
            group_by(.row)
            | map({ key: .[0].row, value: (group_by(.subject) | map({ key: .[0].subject, value: of_subject }) | from_entries) })
            | from_entries)}' "$records"
}

print_named() { jq -r -L "$bench/lib" 'include "report"; named_table' "$1"; }
