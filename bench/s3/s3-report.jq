# From the records of single passes to medians, ratios and tables.
include "report";

def s3_titles: [
    ["put-large", "PUT large"],
    ["put-large-signed", "PUT large, payload signed"],
    ["get-large", "GET large"],
    ["get-small", "GET 64 KiB × 16"],
    ["put-small", "PUT 64 KiB × 16"],
    ["put-small-signed", "PUT 64 KiB × 16, payload signed"],
    ["put-list", "PUT 1 byte × 16"],
    ["list-whole", "list, whole"],
    ["list-delimiter", "list, delimiter"]
];

def s3_names: [["ours", "ours"], ["ceph", "Ceph RGW"], ["swift", "Swift"]];

def total: [.[]] | add // 0;

def of_s3_subject:
    (map(.value) | spread + { values: . })
    + (if .[0].latency then { latencySeconds: { p50: (map(.latency.p50) | median), p99: (map(.latency.p99) | median) } } else {} end)
    + (if .[0].cpu != {} then { cpuSeconds: (map(.cpu) | medians) } else {} end)
    + (if .[0].memory != {} then { memoryMiB: (max_by(.memory | total) | .memory) } else {} end)
    + (.[0] | with_entries(select(.key | IN("stored", "keys", "prefixes", "pages"))));

# Ratios to the better of the measured peers.
def s3_report:
    (group_by(.row) | map({ key: .[0].row, value: {
        unit: .[0].unit,
        subjects: (group_by(.subject) | map({ key: .[0].subject, value: of_s3_subject }) | from_entries)
    } }) | from_entries) as $rows
    | {
        rows: $rows,
        ratios: [s3_titles[][0] as $row | ($rows[$row].subjects // {}) as $s
            | ($s | to_entries | map(select(.key != "ours")) | max_by(.value.median)) as $best
            | select($s.ours and $best)
            | { $row, peer: $best.key, ratio: ($s.ours.median / $best.value.median),
                pairs: ([$s.ours.values, $best.value.values] | transpose | map(select(all(.[]; .)) | .[0] / .[1]) | spread) }]
    };

def milliseconds: "\(.p50 * 1000 | rounded(1)) / \(.p99 * 1000 | rounded(1))";

def present($result): s3_names | map(select(.[0] as $name | any($result.rows[]; .subjects[$name])));

# One line for each measured row; cell: converts a subject's figures to text.
def by_row($result; head; cell): present($result) as $names
    | [[head] + [$names[][1]]]
        + [s3_titles[] | . as $title | $result.rows[$title[0]] // empty | .subjects as $s
            | [$names[][0] | $s[.] // {} | cell // ""] | select(any(.[]; . != "")) | [$title[1]] + .];

def s3_tables: . as $result | present($result) as $names
    | ([["work", "unit"] + [$names[][1]] + ["ours : the better", "pair by pair"]]
        + [s3_titles[] | . as $title | $result.rows[$title[0]] // empty | . as $row
            | (first($result.ratios[] | select(.row == $title[0])) // null) as $ratio
            | [$title[1], .unit] + [$names[][0] | $row.subjects[.] // null | if . then figure else "" end]
                + (if $ratio then [($ratio.ratio | rounded(2)), "\($ratio.pairs.min | rounded(2))–\($ratio.pairs.max | rounded(2))"] else ["", ""] end)]
        | markdown),
    "",
    (by_row($result; "p50 / p99, ms"; .latencySeconds // null | if . then milliseconds else null end) | select(length > 1) | markdown, ""),
    (by_row($result; "processor seconds of one pass"; .cpuSeconds // null | if . then pairs_of(", ") else null end)
        | select(length > 1) | markdown, ""),
    (by_row($result; "memory after a pass, MiB"; .memoryMiB // null | if . then "\(total | rounded(0)): \(map_values(round) | pairs_of(", "))" else null end)
        | select(length > 1) | markdown, ""),
    (by_row($result; "listed"; if .pages then "\(.keys) keys, \(.prefixes) prefixes, \(.pages) pages" else null end)
        | select(length > 1) | markdown, ""),
    (if (.machine.loadAverageBefore | split(" ")[0] | tonumber) > 0.5 then
        "The machine was busy before the run began (load \(.machine.loadAverageBefore)): compare the pairs before you rely on a ratio."
    else empty end),
    (if .settings.quick then "This was a smoke test (--quick). Do not use its figures." else empty end);
