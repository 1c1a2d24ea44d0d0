# shellcheck shell=bash
# The catalog of the graph that lib/product.sh started.

catalog_port() { sed -n 4p "$work/graph-1/postgres/data/postmaster.pid"; }

catalog_sql() {
    PGPASSWORD=$(<"$work/graph-1/postgres.password") psql -X -q -v ON_ERROR_STOP=1 \
        -h 127.0.0.1 -p "$(catalog_port)" -U postgres -d media "$@"
}

benchmarks() {
    local connection
    connection="Host=127.0.0.1;Port=$(catalog_port);Username=postgres;Database=media"
    ConnectionStrings__media="$connection;Password=$(<"$work/graph-1/postgres.password")" MEDIAASPIRE_API_KEY=$api_key \
        dotnet "$bench/MediaAspire.Benchmarks/bin/Release/net10.0/MediaAspire.Benchmarks.dll" "$@"
}

# fill_catalog ITEMS: replaces all items.
fill_catalog() {
    local from=$SECONDS
    say "filling the catalog with $1 items"
    { catalog_sql -c 'TRUNCATE media, media_listing, media_parts, media_objects CASCADE' &&
        catalog_sql -v rows="$1" -f "$bench/media/fill.sql" && benchmarks media-sign && catalog_sql -f "$bench/media/list.sql"; } \
        >"$work/fill.log" 2>&1 || fail 'filling the catalog failed' "$(tail -n 5 "$work/fill.log")"
    say "done in $((SECONDS - from)) s"
}

measure_searches() {
    say "searching $1 items"
    settle
    benchmarks media-search "$rounds" "$api" | jq -c --argjson size "$1" '{size: $size} + .'
}

# Reads 2,000 items in turn with 16 clients.
measure_reads() {
    local way
    catalog_sql -At -c "SELECT '/media/' || media_id FROM media_listing ORDER BY md5(media_id::text) LIMIT 2000" >"$work/paths-id"
    catalog_sql -At -c "SELECT '/media/by-alias/' || owner || '/' || alias FROM media JOIN media_listing USING (media_id, owner)
        WHERE alias IS NOT NULL ORDER BY md5(media_id::text) LIMIT 2000" >"$work/paths-alias"
    for way in id alias; do
        settle
        load "$seconds" 2 get "$api" "$work/paths-$way"
        [[ $(jq '.errors | add' <<<"$REPLY") == 0 ]] || fail "reading by $way returned errors: $REPLY"
        jq -c --argjson size "$1" --arg way "$way" '{$size, $way, rate: (.requests / .seconds), latency}' <<<"$REPLY"
    done
}

measure_uploads() {
    say "creating, putting and finalizing items with $clients clients"
    settle
    benchmarks media-uploads "$seconds" "$clients" "$api"
}

print_catalog() {
    jq -r '
        def ms: . * 10 | round / 10 | tostring;
        "| items | filter and order | found | database p50 / p99, ms | HTTP p50 / p99, ms |", "|---|---|---|---|---|",
        (.searches[] | "| \(.size) | \(if .combination == "" then "(none)" else .combination end)"
            + "\(if .isIndexed then "" else " (no index)" end) | \(.found | ms) | \(.database.p50 | ms) / \(.database.p99 | ms) "
            + "| \(.http.p50 | ms) / \(.http.p99 | ms) |"),
        "",
        "| items | read by | requests/s | p50 / p99, ms |", "|---|---|---|---|",
        (.reads[] | "| \(.size) | \(.way) | \(.rate | round) | \(.latency.p50 * 1000 | ms) / \(.latency.p99 * 1000 | ms) |"),
        "",
        "Create, put and finalize: \(.uploads.rate | round) items/s with \(.uploads.clients) clients; p50 / p99 of create "
            + "\(.uploads.create.p50 | ms) / \(.uploads.create.p99 | ms) ms, put \(.uploads.put.p50 | ms) / \(.uploads.put.p99 | ms) ms, "
            + "finalize \(.uploads.finalize.p50 | ms) / \(.uploads.finalize.p99 | ms) ms."
    ' "$1"
}
