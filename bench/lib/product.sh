# shellcheck shell=bash
# The product, started as a user starts it.

api=
admin=
api_key=
graph=

# start_product COPIES: starts a fresh graph that keeps COPIES copies of every chunk; sets $api, $admin, $api_key and $graph.
start_product() {
    local copies=$1 log=$work/graph-$1.log
    say "starting the graph with $copies $( ((copies == 1)) && echo copy || echo copies) of every chunk"
    MEDIAASPIRE_BENCH=$marker CONFIGURATION=Release \
        "$starter" --Engines=processes --Data:Directory="$work/graph-$copies" --Chunks:Copies="$copies" "${product_arguments[@]}" \
        >"$log" 2>&1 &
    graph=$!
    remember "$graph"
    until_true 600 product_is_up_or_gone "$log" || fail 'the graph is not healthy after ten minutes' "$(tail -n 20 "$log")"
    is_running "$graph" || fail 'the graph did not start' "$(tail -n 20 "$log")"
    api=$(public_value api "$log")
    admin=$(public_value admin "$log")
    api_key=$(public_value api-key "$log")
    # Not an argument of curl, which every user of the machine can read.
    (umask 077 && api_key_line >"$work/curl.conf")
    [[ $(graph_roles) == *' api'* ]] || fail 'the process of the API was not found among those that the graph started'
    check_copies "$copies"
}

product_is_up_or_gone() { grep -q '^s3-secret-key ' "$1" || ! is_running "$graph"; }

# public_value NAME LOG: the value on the line of that name.
public_value() { sed -n "s/^$1 \\([^ ]*\\)\$/\\1/p" "$2" | head -n 1; }

# The line of a configuration of curl that sends the key. It counts until the line "next".
api_key_line() { printf 'header = "X-Api-Key: %s"\n' "$api_key"; }

# api_curl ARGUMENT...: curl with the key.
api_curl() { curl -K "$work/curl.conf" "$@"; }

# Without this setting every figure would be wrong.
check_copies() {
    local wanted=$1 id found
    head -c 1000 "$work/source/large" >"$work/source/probe"
    id=$(put_to_api "$work/source/probe" probe | jq -r .fileId)
    found=$(api_curl -fsS "$api/files/$id/layout" | jq '.chunks[0].copies | length')
    [[ $found == "$wanted" ]] || fail "the graph keeps $found copies of a chunk instead of $wanted"
}

stop_product() {
    end "$graph" TERM 60
    rm -rf "$work/graph-$1"
}

# put_to_api FILE NAME: stores a file untimed and prints the response.
put_to_api() { api_curl -fsS -T "$1" -H 'Content-Type: application/octet-stream' "$api/files?filename=$2"; }
