# From the records of single passes to medians, ratios and a table.

# The comparisons, with the smallest ratio that is the target.
def comparisons: [
    { row: "put-large-1", peer: "dd", budget: 0.8 },
    { row: "put-large-1", peer: "webdav-fsync", budget: 1 },
    { row: "put-large-2", peer: "dd" },
    { row: "put-large-2", peer: "dd-twice" },
    { row: "put-large-2", peer: "webdav-fsync" },
    { row: "get-large", peer: "proxied", budget: 0.8 },
    { row: "get-large", peer: "static", budget: 0.4 },
    { row: "get-small", peer: "proxied" },
    { row: "get-small", peer: "static" },
    { row: "put-small-1", peer: "webdav" },
    { row: "put-small-1", peer: "webdav-fsync" },
    { row: "put-small-2", peer: "webdav" },
    { row: "put-small-2", peer: "webdav-fsync" }
];

def titles: {
    "put-large-1": "PUT large, 1 copy",
    "put-large-2": "PUT large, 2 copies",
    "get-large": "GET large",
    "get-small": "GET 64 KiB × 16",
    "put-small-1": "PUT 64 KiB × 16, 1 copy",
    "put-small-2": "PUT 64 KiB × 16, 2 copies",
    "dd": "dd conv=fsync",
    "dd-twice": "two dd conv=fsync at once",
    "webdav": "nginx WebDAV, nothing synced",
    "webdav-fsync": "nginx WebDAV + fsync",
    "proxied": "nginx → nginx",
    "static": "nginx, sendfile"
};

def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;

def spread: { min: min, median: median, max: max };

# The median of every number in a list of objects with the same keys.
def medians: . as $objects | [$objects[] | keys[]] | unique | map(. as $key | { key: $key, value: ([$objects[] | .[$key] // 0] | median) }) | from_entries;

def of_subject:
    (map(.value) | spread + { values: . })
    + (if .[0].latency then { latencySeconds: { p50: (map(.latency.p50) | median), p99: (map(.latency.p99) | median) } } else {} end)
    + (if (.[0].cpu // {}) != {} then { cpuSeconds: (map(.cpu) | medians) } else {} end)
    + (if (.[0].memory // {}) != {} then
        { peakMemoryMiB: { api: (map(.memory.api) | max), storage: (map(.memory.storage) | max) } } else {} end);

def report:
    group_by(.row) | map({ key: .[0].row, value: {
        unit: .[0].unit,
        subjects: (group_by(.subject) | map({ key: .[0].subject, value: of_subject }) | from_entries)
    } }) | from_entries as $rows
    | {
        rows: $rows,
        ratios: [comparisons[] | . as $c | $rows[$c.row].subjects as $s | select($s.api and $s[$c.peer]) | $c + {
            ratio: ($s.api.median / $s[$c.peer].median),
            pairs: ([$s.api.values, $s[$c.peer].values] | transpose | map(.[0] / .[1]) | spread)
        } | if .budget then . + { met: (.ratio >= .budget) } else . end]
    };

def rounded($digits): . * pow(10; $digits) | round / pow(10; $digits) | tostring;

def figure: if .median >= 100 then "\(.median | rounded(0)) (\(.min | rounded(0))–\(.max | rounded(0)))"
    else "\(.median | rounded(1)) (\(.min | rounded(1))–\(.max | rounded(1)))" end;

def padded($width): . + ((" " * ([$width - length, 0] | max)) // "");

def markdown:
    (transpose | map(map(length) | max)) as $widths
    | map([., $widths] | transpose | map(.[1] as $width | .[0] | padded($width)) | "| " + join(" | ") + " |")
    | .[0], (.[0] | gsub("[^|]"; "-")), .[1:][];

def pairs_of($separator): to_entries | map("\(.key) \(.value | rounded(2))") | join($separator);

def table: . as $result
    | ([["work", "unit", "ours", "peer", "the peer's", "ratio", "pair by pair", "budget"]]
        + [.ratios[] | . as $c | $result.rows[$c.row] as $row | [
            titles[$c.row], $row.unit, ($row.subjects.api | figure), titles[$c.peer], ($row.subjects[$c.peer] | figure),
            ($c.ratio | rounded(2)), "\($c.pairs.min | rounded(2))–\($c.pairs.max | rounded(2))",
            (if $c.budget then "≥ \($c.budget) \(if $c.met then "met" else "missed" end)" else "" end)
        ]] | markdown),
    "",
    ([["work", "processor seconds of one pass", "peak memory, MiB"]]
        + [.rows | to_entries[] | select(.value.subjects.api) | .value.subjects.api as $api | [
            titles[.key], ($api.cpuSeconds // {} | pairs_of(", ")), ($api.peakMemoryMiB // {} | pairs_of(", "))
        ]] | markdown),
    (if (.machine.loadAverageBefore | split(" ")[0] | tonumber) > 0.5 then
        "\nThe machine was busy before the run began (load \(.machine.loadAverageBefore)): compare the pairs before you rely on a ratio."
    else empty end),
    (if .settings.quick then "\nThis was a smoke test (--quick). Do not use its figures." else empty end);

def milliseconds: .latencySeconds | "\(.p50 * 1000 | rounded(1)) / \(.p99 * 1000 | rounded(1))";

# Rows of bench/named.sh: "put-64", "get-staged-64".
def named_table: . as $result
    | ([["work", "ours, requests/s", "p50 / p99, ms", "peer", "the peer's", "p50 / p99, ms", "ratio"]]
        + [.rows | to_entries | sort_by((.key | split("-")[-1] | tonumber), (if (.key | startswith("put")) then 0 elif (.key | contains("staged")) then 1 else 2 end))[]
            | .key as $row | .value.api as $api | .value | to_entries[] | select(.key != "api") | [
                "\($row | split("-")[:-1] | join(", ")) \($row | split("-")[-1]) KiB", ($api | figure), ($api | milliseconds),
                ({ "redis": (if ($row | startswith("put")) then "Redis SET, fsync" else "Redis GET" end) }[.key] // titles[.key]),
                (.value | figure), (.value | milliseconds), ($api.median / .value.median | rounded(2))
        ]] | markdown),
    (if .settings.quick then "\nThis was a smoke test (--quick). Do not use its figures." else empty end);
