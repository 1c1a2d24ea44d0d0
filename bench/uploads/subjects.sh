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

# address_of SUBJECT: where it takes uploads.
address_of() {
    case $1 in
        reference) printf %s "$reference" ;;
        plain) printf %s "$api/files" ;;
        s3) printf %s "$s3/uploads-bench" ;;
        *) printf %s "$api/uploads" ;;
    esac
}

# measure_way ROW RUN SUBJECT FILE COUNT AT-ONCE: one measurement as a line of JSON.
measure_way() {
    local row=$1 run=$2 subject=$3 file=$4 count=$5 at_once=$6 way=$3 key=$api_key seconds memory
    if [[ $subject == reference ]]; then way=tus key=; fi
    settle
    reset_peak_memory
    seconds=$(API_KEY=$key S3_ACCESS_KEY=$s3_access_key S3_SECRET_KEY=$s3_secret_key \
        node "$work/npm/send.mjs" "$way" "$(address_of "$subject")" "$file" "$count" "$at_once") || fail "$subject failed"
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
