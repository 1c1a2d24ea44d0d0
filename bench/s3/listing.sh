# shellcheck shell=bash
# Listing a bucket of many keys, page after page on one connection.

declare -A stored=() listed=()

# list SUBJECT ROW DELIMITER RUN: every pass must find the same keys; the first one also checks their names.
list() {
    local subject=$1 row=$2 delimiter=$3 run=$4 before after seen names=0
    ((run > 0 || stored[$subject] < list_keys)) || names=$list_keys
    settle
    before=$(usage_of "$subject")
    s3_load "$subject" 1800 1 1 s3-list "/$list_bucket" "$delimiter" "$names"
    after=$(usage_of "$subject")
    [[ $(jq '.complete and (.errors | add == 0)' <<<"$REPLY") == true ]] || fail "$subject did not list all keys: $REPLY"
    seen=$(jq -r '"\(.keys) keys, \(.prefixes) prefixes"' <<<"$REPLY")
    [[ $seen == "${listed[$subject $row]:=$seen}" ]] || fail "$subject listed $seen, but ${listed[$subject $row]} before"
    check_list "$subject" "$row"
    unit=entries/s
    latency=$(jq -c .latency <<<"$REPLY")
    value=$(jq '(.keys + .prefixes) / .seconds' <<<"$REPLY")
    record_pass "$row" "$run" "$subject" "$before" "$after" "$(jq -c "{keys, prefixes, pages, seconds}" <<<"$REPLY")"
    say "$subject, $row: $seen in $(jq '"\(.pages) pages, \(.seconds * 1000 | round / 1000) s"' -r <<<"$REPLY")"
}

# check_list SUBJECT ROW: every stored key is listed, or a prefix for each thousand. Keys whose response came too late are stored, too.
check_list() {
    jq -e --argjson stored "${stored[$1]}" --arg row "$2" --argjson all "$list_keys" '
        if $row == "list-whole" then .prefixes == 0 and .keys >= $stored and .keys <= $all
        else .keys == 0 and .prefixes >= $stored / 1000 and .prefixes <= ($all / 1000 | ceil) end' <<<"$REPLY" >/dev/null ||
        fail "$1 does not list the keys that were stored: $REPLY"
}

measure_listing() {
    local subject run i value unit latency
    for subject in "${subjects[@]}"; do
        s3 "$subject" PUT "/$list_bucket" >/dev/null
        "fill_by_$list_fill" "$subject"
    done
    for ((run = 0; run <= runs; run++)); do
        for ((i = 0; i < ${#subjects[@]}; i++)); do
            subject=${subjects[(run + i) % ${#subjects[@]}]}
            list "$subject" list-whole none "$run"
            list "$subject" list-delimiter %2F "$run"
        done
    done
}
