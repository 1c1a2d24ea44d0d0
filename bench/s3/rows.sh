# shellcheck shell=bash
# The rows. Each row_* moves bytes once for a subject and sets $value, $unit and $latency; check_* looks at the bytes, untimed.

clients=16
small_size=65536
small_files=256

prepare_sources() {
    local i
    mkdir -p "$work/source/small"
    head -c "$large_size" /dev/urandom >"$work/source/large"
    large_sha256=$(sha256_of "$work/source/large")
    for ((i = 0; i < small_files; i++)); do
        head -c "$small_size" /dev/urandom >"$work/source/small/$i"
    done
    for ((i = 0; i < small_files; i++)); do printf '/%s/small/%s\n' "$bucket" "$i"; done >"$work/paths"
}

# prepare_subject SUBJECT: creates a bucket with the objects of the GET rows, and compares all of them.
prepare_subject() {
    local subject=$1
    s3 "$subject" PUT "/$bucket" >/dev/null
    if wanted get-small; then
        awk -v source="$work/source/small/" '{ print "PUT", $1, source NR - 1 }' "$work/paths" | sign "$subject" | curl -sS -K - ||
            fail "$subject did not store all small objects"
        awk '{ print $1, NR - 1 }' "$work/paths" | s3_download_all "$subject" "$work/check"
        diff -rq "$work/source/small" "$work/check" || fail "the objects of $subject differ from the sources"
    fi
    if wanted get-large; then
        s3 "$subject" PUT "/$bucket/large" "$work/source/large" >/dev/null
        verify_large "$subject" /large
    fi
}

verify_large() {
    local found
    found=$(s3 "$1" GET "/$bucket$2" | sha256sum | cut -d' ' -f1)
    [[ $found == "$large_sha256" ]] || fail "the bytes that $1 returned differ from those that were sent"
}

# put_large SUBJECT PAYLOAD: under a fresh key.
put_large() {
    large_key=/put-$RANDOM$RANDOM
    s3_transfer "$1" 200 any PUT "/$bucket$large_key" "$work/source/large" - "$2"
    large_rate
}

# Reads the stored object back and deletes it.
check_put_large() {
    verify_large "$1" "$large_key"
    s3 "$1" DELETE "/$bucket$large_key"
}

large_rate() {
    unit=MB/s
    latency=null
    value=$(awk -v bytes="$large_size" -v seconds="$took" 'BEGIN { printf "%.3f", bytes / 1e6 / seconds }')
}

small_rate() {
    unit=requests/s
    latency=$(jq -c .latency <<<"$REPLY")
    value=$(jq '.requests / .seconds' <<<"$REPLY")
    [[ $(jq '.errors | add' <<<"$REPLY") == 0 ]] || fail "$1 returned errors: $REPLY"
}

row_put_large() { put_large "$1" ''; }
row_put_large_signed() { put_large "$1" "$large_sha256"; }
check_put_large_signed() { check_put_large "$1"; }

row_get_large() {
    s3_transfer "$1" 200 "$large_size" GET "/$bucket/large"
    large_rate
}

row_get_small() {
    s3_load "$1" "$small_seconds" 2 "$clients" s3-get "$work/paths"
    small_rate "$1"
    [[ $(jq --argjson size "$small_size" '.bytes >= .requests * $size' <<<"$REPLY") == true ]] || fail "$1 sent too few bytes: $REPLY"
}

row_put_small() { put_small "$1" unsigned; }
row_put_small_signed() { put_small "$1" signed; }

# One thread per connection, so that each thread knows the key of a response.
put_small() {
    rm -rf "$work/samples" && mkdir "$work/samples"
    s3_load "$1" "$small_seconds" "$clients" "$clients" s3-put "/$bucket" "$work/source/small/0" "$work/samples" "$2"
    small_rate "$1"
}

check_put_small_signed() { check_put_small "$1"; }

# Reads back a sample of the stored objects. A body is its name, padded to 32 bytes, and then the common bytes.
check_put_small() {
    local path name
    rm -rf "$work/expected" && mkdir "$work/expected"
    cat "$work/samples/"* | shuf -n 64 >"$work/sample"
    [[ -s $work/sample ]] || fail "no upload to $1 was sampled"
    while read -r path name; do
        { printf '%-32s' "$name" && tail -c +33 "$work/source/small/0"; } >"$work/expected/$name"
    done <"$work/sample"
    s3_download_all "$1" "$work/check" <"$work/sample"
    diff -rq "$work/expected" "$work/check" || fail "the bytes that $1 stored differ from those that were sent"
}

# measure ROW RUN SUBJECT: one pass and its record.
measure() {
    local row=$1 run=$2 subject=$3 before after value unit latency
    settle
    before=$(usage_of "$subject")
    "row_${row//-/_}" "$subject"
    after=$(usage_of "$subject")
    ! declare -F "check_${row//-/_}" >/dev/null || "check_${row//-/_}" "$subject"
    record_pass "$row" "$run" "$subject" "$before" "$after"
}

# record_pass ROW RUN SUBJECT USAGE-BEFORE USAGE-AFTER [MORE]: with $value, $unit and $latency.
record_pass() {
    jq -nc --arg row "$1" --argjson run "$2" --arg subject "$3" --argjson before "$4" --argjson after "$5" --argjson more "${6:-{\}}" \
        --arg unit "$unit" --argjson value "$value" --argjson latency "$latency" '{
            $row, $subject, $run, $unit, $value, $latency,
            cpu: ($after | with_entries(.value = .value.cpu - ($before[.key].cpu // 0))),
            memory: ($after | map_values(.memory))
        } + $more' | record
}
