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

# Whole cycles of create, put and finalize, and then each of them alone for many items; with the processor time of an item.
measure_uploads() {
    local phase
    say "creating, putting and finalizing items with $clients clients"
    benchmarks media-uploads cycle "$clients" "$api" "$seconds" >/dev/null
    for phase in cycle create put finalize; do
        [[ $phase == put || $phase == finalize ]] || settle_uploads
        cpu_snapshot >"$work/cpu-before"
        benchmarks media-uploads "$phase" "$clients" "$api" "$seconds" "$work/items" >"$work/phase"
        # The events and the processing of the last items are work of the phase, too.
        [[ $phase == create || $phase == put ]] || settle_uploads
        cpu_snapshot >"$work/cpu-after"
        jq -c --argjson cpu "$(cpu_between "$work/cpu-before" "$work/cpu-after")" \
            '.items as $items | . + {cpu: ($cpu | map_values(. * 1000 / $items))}' "$work/phase"
    done
}

# Waits until the items are processed that clients have finalized, and writes all dirty pages to the disk.
settle_uploads() {
    until_true 300 uploads_are_processed || fail 'the uploaded items are not processed after five minutes'
    settle
}

uploads_are_processed() {
    [[ $(catalog_sql -At -c "SELECT count(*) FROM media WHERE owner = 'bench' AND status IN (2, 4)") == 0 ]]
}

print_catalog() {
    jq -r '
        def ms: . * 10 | round / 10 | tostring;
        "| items | filter and order | found | database p50 / p99, ms | its work alone | HTTP p50 / p99, ms |",
        "|---|---|---|---|---|---|",
        (.searches[] | "| \(.size) | \(if .combination == "" then "(none)" else .combination end)"
            + "\(if .isIndexed then "" else " (no index)" end) | \(.found | ms) | \(.database.p50 | ms) / \(.database.p99 | ms) "
            + "| \(.work.p50 | ms) / \(.work.p99 | ms) | \(.http.p50 | ms) / \(.http.p99 | ms) |"),
        "",
        "| items | read by | requests/s | p50 / p99, ms |", "|---|---|---|---|",
        (.reads[] | "| \(.size) | \(.way) | \(.rate | round) | \(.latency.p50 * 1000 | ms) / \(.latency.p99 * 1000 | ms) |"),
        "",
        "| uploads | items/s | p50 / p99 of each request, ms | processor, ms an item |", "|---|---|---|---|",
        (.uploads[] | "| \(.phase) | \(.rate | round) | \([.steps[] | "\(.p50 | ms) / \(.p99 | ms)"] | join(", ")) | "
            + ([.cpu | to_entries | sort_by(-.value)[] | select(.value >= 0.05) | "\(.key) \(.value | ms)"] | join(", "))
            + ", client \(.clientSeconds * 1000 / .items | ms) |")
    ' "$1"
}
