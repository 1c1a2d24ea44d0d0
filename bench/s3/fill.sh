# shellcheck shell=bash
# Many keys in a bucket, in one of two ways. By PUT: sixteen clients store them. As rows: a few objects are put, and the index entry of the
# first one is copied for all other keys, with the means of each server. These keys have no bytes, and a listing does not read any.

list_bucket=bench-list
# Number of objects that are put by request. The copied rows must be in the same place as theirs.
list_witnesses=16

# list_key NUMBER: a thousand below each prefix, as bench/load/s3-fill.lua has them.
list_key() { printf '%06d/%06d' $(($1 / 1000)) "$1"; }

fill_by_put() {
    local subject=$1 before after
    say "$subject: storing $list_keys objects of one byte, for at most $list_minutes minutes"
    rm -f "$work/filled"
    before=$(usage_of "$subject")
    s3_load "$subject" $((list_minutes * 60)) "$clients" "$clients" s3-fill "/$list_bucket" "$list_keys" "$clients" "$work/filled"
    after=$(usage_of "$subject")
    small_rate "$subject"
    stored[$subject]=$(jq .requests <<<"$REPLY")
    say "$subject: $(jq '"\(.requests) objects in \(.seconds | round) s"' -r <<<"$REPLY")"
    record_pass put-list 1 "$subject" "$before" "$after" "$(jq -c "{stored: .requests}" <<<"$REPLY")"
}

fill_by_rows() {
    local subject=$1 from=$SECONDS log=$work/rows-$1.log i
    say "$subject: copying the rows of $list_keys objects"
    printf x >"$work/source/byte"
    for ((i = 0; i < list_witnesses; i++)); do
        printf 'PUT /%s/%s %s\n' "$list_bucket" "$(list_key "$i")" "$work/source/byte"
    done | sign "$subject" | curl -fsS -K - || fail "$subject did not store the first objects"
    "rows_of_$subject" >"$log" 2>&1 || fail "copying the rows of $subject failed" "$(tail -n 5 "$log")"
    # A copied row is an object for its server: putting it again replaces it.
    s3 "$subject" PUT "/$list_bucket/$(list_key $((list_keys / 2)))" "$work/source/byte"
    stored[$subject]=$list_keys
    say "$subject: done in $((SECONDS - from)) s"
}

rows_of_ours() {
    local graph=$work/graph-1
    PGPASSWORD=$(<"$graph/postgres.password") psql -X \
        -h 127.0.0.1 -p "$(sed -n 4p "$graph/postgres/data/postmaster.pid")" -U postgres -d media \
        -v ON_ERROR_STOP=1 -v bucket="$list_bucket" -v template="$(list_key 0)" -v witnesses="$list_witnesses" -v keys="$list_keys" \
        -f "$bench/s3/fill-ours.sql"
}

# The gateway's own check recounts the index.
rows_of_ceph() {
    local stats
    stats=$(ceph_stats) || return 1
    ceph_run /usr/bin/python3 "$bench/s3/fill-ceph.py" "$ceph_prefix/ceph.conf" default.rgw.buckets.index "$(jq -r .id <<<"$stats")" \
        "$(jq .num_shards <<<"$stats")" "$list_witnesses" "$list_keys" || return 1
    ceph_run timeout --foreground 600 radosgw-admin bucket check --fix --bucket="$list_bucket" >/dev/null || return 1
    stats=$(ceph_stats) || return 1
    [[ $(jq '.usage["rgw.main"].num_objects' <<<"$stats") == "$list_keys" ]] || { printf '%s\n' "$stats"; return 1; }
}

ceph_stats() { ceph_run timeout --foreground 60 radosgw-admin bucket stats --bucket="$list_bucket"; }

rows_of_swift() { /usr/bin/python3 "$bench/s3/fill-swift.py" "$swift_prefix" "$list_bucket" "$list_witnesses" "$list_keys"; }
