# shellcheck shell=bash
# The reference server, and what is measured.

reference=

install_reference() {
    say 'installing @tus/server'
    mkdir -p "$work/npm"
    cp "$bench"/uploads/*.json "$bench"/uploads/*.mjs "$work/npm/"
    (cd "$work/npm" && npm ci --silent --no-audit --no-fund --ignore-scripts) >"$work/npm.log" 2>&1 ||
        fail 'npm could not install @tus/server' "$(tail -n 5 "$work/npm.log")"
}

start_reference() {
    free_port
    reference=http://127.0.0.1:$REPLY/uploads
    mkdir -p "$work/reference"
    node "$work/npm/reference.mjs" "$REPLY" "$work/reference" >"$work/reference.log" 2>&1 &
    reference_pid=$!
    remember "$reference_pid"
    until_true 30 curl -fsS -X OPTIONS "$reference" || fail '@tus/server does not answer' "$(tail -n 5 "$work/reference.log")"
}

start_product_with_s3() {
    local log=$work/graph-$1.log
    start_product "$1"
    s3=$(public_value s3 "$log")
    s3_access_key=$(public_value s3-access-key "$log")
    s3_secret_key=$(public_value s3-secret-key "$log")
}

# address_of SUBJECT: where it takes uploads.
address_of() {
    case $1 in
        reference) printf %s "$reference" ;;
        plain) printf %s "$api/files" ;;
        s3) printf %s "$s3/uploads-bench" ;;
        *) printf %s "$api/uploads" ;;
    esac
}

# send SUBJECT FILE COUNT AT-ONCE: uploads files and prints the seconds that took.
send() {
    local subject=$1 way=$1 key=$api_key
    shift
    if [[ $subject == reference ]]; then way=tus key=; fi
    API_KEY=$key S3_ACCESS_KEY=$s3_access_key S3_SECRET_KEY=$s3_secret_key \
        node "$bench/uploads/send.mjs" "$way" "$(address_of "$subject")" "$@" || fail "$subject failed"
}

# measure_memory MIB: a table of the largest resident sets while a file goes up and down.
measure_memory() {
    local subject seconds
    head -c 1000 /dev/urandom >"$work/source/large"
    printf '| %s MiB up and down | API, MiB | node, MiB | worker, MiB | upload, MiB/s |\n|---|---|---|---|---|\n' "$1"
    for subject in tus draft s3 plain; do
        start_product_with_s3 "$copies"
        reset_peak_memory
        seconds=$(send "$subject" "generated:$1" 1 1)
        peak_memory | jq -r --arg subject "$subject" --argjson rate "$(awk -v mib="$1" -v s="$seconds" 'BEGIN { print mib / s }')" \
            '"| \($subject) | \(.api | round) | \(.storage | round) | \(.worker | round) | \($rate | round) |"'
        stop_product "$copies"
    done
}

# measure_way ROW RUN SUBJECT FILE COUNT AT-ONCE: one measurement as a line of JSON.
measure_way() {
    local row=$1 run=$2 subject=$3 file=$4 count=$5 at_once=$6 seconds memory
    settle
    reset_peak_memory
    seconds=$(send "$subject" "$file" "$count" "$at_once")
    memory=$(peak_memory)
    rm -rf "$work/reference"
    mkdir -p "$work/reference"
    jq -nc --arg row "$row" --argjson run "$run" --arg subject "$subject" --argjson seconds "$seconds" --argjson memory "$memory" \
        --argjson bytes "$(($(stat -c %s "$file") * count))" '{$row, $run, $subject, $seconds, $bytes, $memory}'
}

print_uploads() {
    jq -r '
        def two: . * 100 | round / 100 | tostring;
        def rate: .bytes / 1048576 / .seconds;
        "| row | run | tus | draft | S3 in parts | plain | @tus/server | tus / @tus/server | draft / @tus/server | API, MiB |",
        "|---|---|---|---|---|---|---|---|---|---|",
        (.records | map(select(.run > 0)) | group_by([.row, .run])[]
            | . as $all | (map({(.subject): rate}) | add) as $rates
            | "| \($all[0].row) | \($all[0].run) | " + ([$rates.tus, $rates.draft, $rates.s3, $rates.plain, $rates.reference]
                | map(round | tostring) | join(" | "))
            + " | \($rates.tus / $rates.reference | two) | \($rates.draft / $rates.reference | two) | \([$all[].memory.api] | max | round) |")
    ' "$1"
}
