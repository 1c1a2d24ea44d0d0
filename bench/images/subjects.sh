# shellcheck shell=bash
# The three subjects, the pictures, and what is measured.

ipx=

install_peers() {
    say 'installing sharp and ipx'
    mkdir -p "$work/npm"
    cp "$bench/images/package.json" "$bench/images/sharp.mjs" "$work/npm/"
    (cd "$work/npm" && npm install --silent --no-audit --no-fund) >"$work/npm.log" 2>&1 ||
        fail 'npm could not install sharp and ipx' "$(tail -n 5 "$work/npm.log")"
}

make_pictures() {
    say "drawing $pictures pictures of 12 megapixels"
    mkdir -p "$work/pictures"
    node "$work/npm/sharp.mjs" make "$work/pictures" "$pictures"
}

start_ipx() {
    local port
    port=$(free_port)
    ipx=http://127.0.0.1:$port
    (cd "$work/npm" && PORT=$port HOST=127.0.0.1 exec node node_modules/ipx/bin/ipx.mjs serve --dir "$work/pictures") \
        >"$work/ipx.log" 2>&1 &
    remember $!
    until_true 30 curl -fsS -o /dev/null "$ipx/f_webp,s_320x320/0.jpg" || fail 'ipx does not answer' "$(tail -n 5 "$work/ipx.log")"
}

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# The aliases of the pictures, in their order.
upload_pictures() {
    local i
    for ((i = 0; i < pictures; i++)); do
        api_curl -fsS -F "images[]=@$work/pictures/$i.jpg" "$api/images" | jq -r '.files[0].file'
    done >"$work/aliases"
    (($(grep -c . "$work/aliases") == pictures)) || fail 'not all pictures were uploaded'
}

# measure_cold RUN: the times of first requests for variants, one after the other; the quality makes them first ones in each run.
measure_cold() {
    local run=$1 quality=$((80 - 5 * $1)) alias ours theirs
    settle
    ours=$(while read -r alias; do
        api_curl -fsS -o "$work/variant.webp" -w '%{time_total}\n' "$api/images/$alias/process.webp?resize=320&quality=$quality"
    done <"$work/aliases" | jq -s .)
    settle
    theirs=$(node "$work/npm/sharp.mjs" time "$work/pictures")
    jq -nc --argjson run "$run" --argjson ours "$ours" --argjson sharp "$theirs" '{$run, $ours, $sharp}'
}

# measure_warm RUN CLIENTS: later requests for these variants, GETs of the same bytes as images of their own, and ipx.
measure_warm() {
    local run=$1 clients=$2 quality=$((80 - 5 * $1)) alias i variants plain theirs
    sed "s#.*#/images/&/process.webp?resize=320\&quality=$quality#" "$work/aliases" >"$work/paths-variants"
    while read -r alias; do
        api_curl -fsS -o "$work/variant.webp" "$api/images/$alias/process.webp?resize=320&quality=$quality"
        api_curl -fsS -F "images[]=@$work/variant.webp" "$api/images" | jq -r '"/images/" + .files[0].file'
    done <"$work/aliases" >"$work/paths-plain"
    for ((i = 0; i < pictures; i++)); do printf '/f_webp,s_320x320/%s.jpg\n' "$i"; done >"$work/paths-ipx"
    settle
    load "$seconds" 2 get "$api" "$work/paths-variants"
    variants=$REPLY
    settle
    load "$seconds" 2 get "$api" "$work/paths-plain"
    plain=$REPLY
    settle
    load "$seconds" 2 get "$ipx" "$work/paths-ipx"
    theirs=$REPLY
    jq -nc --argjson run "$run" --argjson clients "$clients" --argjson variants "$variants" --argjson plain "$plain" \
        --argjson ipx "$theirs" '{$run, $clients, $variants, $plain, $ipx}' | tee "$work/warm"
    [[ $(jq '[.variants, .plain, .ipx] | map(.errors | add) | add' "$work/warm") == 0 ]] ||
        fail 'a server returned errors' "$(<"$work/warm")"
}

print_images() {
    jq -r '
        def ms: . * 10000 | round / 10 | tostring;
        def two: . * 100 | round / 100 | tostring;
        def median: sort | .[length / 2 | floor];
        def rate: .requests / .seconds;
        "| run | first request, ms: ours | sharp alone | ours / sharp |", "|---|---|---|---|",
        (.cold[] | select(.run > 0)
            | "| \(.run) | \(.ours | median | ms) | \(.sharp | median | ms) | \((.ours | median) / (.sharp | median) | two) |"),
        "",
        "| run | clients | later requests/s: ours | a GET of the same bytes | ipx | ours / ipx | p99, ms: ours | a GET | ipx |",
        "|---|---|---|---|---|---|---|---|---|",
        (.warm[] | select(.run > 0)
            | "| \(.run) | \(.clients) | \(.variants | rate | round) | \(.plain | rate | round) | \(.ipx | rate | round) "
            + "| \((.variants | rate) / (.ipx | rate) | two) | \(.variants.latency.p99 | ms) | \(.plain.latency.p99 | ms) "
            + "| \(.ipx.latency.p99 | ms) |")
    ' "$1"
}
