# shellcheck shell=bash
# Listing a bucket of many keys. Everybody gets them by PUT, sixteen clients at once, in so many minutes; who is slower has fewer.

list_bucket=bench-list

fill() {
    local subject=$1 before after
    say "$subject: storing $list_keys objects of one byte, for at most $list_minutes minutes"
    s3 "$subject" PUT "/$list_bucket" >/dev/null
    rm -f "$work/filled"
    before=$(usage_of "$subject")
    s3_load "$subject" $((list_minutes * 60)) "$clients" "$clients" s3-fill "/$list_bucket" "$list_keys" "$clients" "$work/filled"
    after=$(usage_of "$subject")
    small_rate "$subject"
    say "$subject: $(jq '"\(.requests) objects in \(.seconds | round) s"' -r <<<"$REPLY")"
    record_pass put-list 1 "$subject" "$before" "$after" "$(jq -c "{stored: .requests}" <<<"$REPLY")"
}

# list SUBJECT ROW DELIMITER: every pass must find the same.
list() {
    local subject=$1 row=$2 delimiter=$3 run before after seen first=''
    for ((run = 0; run <= runs; run++)); do
        before=$(usage_of "$subject")
        s3_load "$subject" 1800 1 1 s3-list "/$list_bucket" "$delimiter"
        after=$(usage_of "$subject")
        [[ $(jq '.complete and (.errors | add == 0)' <<<"$REPLY") == true ]] || fail "$subject did not list everything: $REPLY"
        seen=$(jq -r '"\(.keys) keys, \(.prefixes) prefixes"' <<<"$REPLY")
        [[ $seen == "${first:=$seen}" ]] || fail "$subject listed $seen, and $first before"
        unit=entries/s
        latency=$(jq -c .latency <<<"$REPLY")
        value=$(jq '(.keys + .prefixes) / .seconds' <<<"$REPLY")
        record_pass "$row" "$run" "$subject" "$before" "$after" "$(jq -c "{keys, prefixes, pages, seconds}" <<<"$REPLY")"
    done
    say "$subject, $row: $seen in $(jq '"\(.pages) pages, \(.seconds * 1000 | round / 1000) s"' -r <<<"$REPLY")"
}

# check_list SUBJECT: every key that was stored is listed, and a prefix for each thousand.
check_list() {
    jq -es --arg subject "$1" 'map(select(.subject == $subject)) | group_by(.row) | map({ key: .[0].row, value: .[0] }) | from_entries
        | .["list-whole"].keys >= .["put-list"].stored and .["list-delimiter"].keys == 0
            and .["list-delimiter"].prefixes >= .["put-list"].stored / 1000' "$records" >/dev/null ||
        fail "$1 does not list what it was sent: $(grep -h '"list-' "$records" | tail -n 2)"
}

measure_listing() {
    local subject value unit latency
    for subject in "${subjects[@]}"; do
        fill "$subject"
    done
    for subject in "${subjects[@]}"; do
        list "$subject" list-whole none
        list "$subject" list-delimiter %2F
        check_list "$subject"
    done
}
