-- Lists a whole bucket, page by page, and ends with the last page. Needs one thread and one connection.
-- Arguments: BUCKET DELIMITER NAMES
--   BUCKET     the bucket's path, "/bench-list"
--   DELIMITER  percent-encoded, or "none"
--   NAMES      number of keys of s3-fill.lua that must be listed in order, by name or by prefix; 0: only counts them
-- Prints "summary: " with a line of JSON.
local sigv4 = require("sigv4")

local ffi = require("ffi")
ffi.cdef([[
    struct timeval { long seconds; long microseconds; };
    int gettimeofday(struct timeval *time, void *zone);
    int getpid(void);
    int kill(int process, int signal);
]])

local worker

function setup(thread)
    worker = thread
end

local bucket, delimiter, names
local token = ""
local clock = ffi.new("struct timeval")

pages, keys, prefixes, from, to, complete = 0, 0, 0, 0, 0, 0

local function now()
    ffi.C.gettimeofday(clock, nil)
    return tonumber(clock.seconds) + tonumber(clock.microseconds) / 1e6
end

local function encode(text)
    return (text:gsub("[^%w%-._~]", function(character) return string.format("%%%02X", character:byte()) end))
end

local function count(text, what)
    local found, position = 0, 1
    while true do
        local _, last = text:find(what, position, true)
        if not last then return found end
        found = found + 1
        position = last + 1
    end
end

function init(arguments)
    bucket = arguments[1]
    delimiter = arguments[2] ~= "none" and arguments[2] or nil
    names = tonumber(arguments[3])
    from = now()
end

-- The names of a page must continue those of the page before.
local function check(body)
    local number = delimiter and prefixes or keys
    for name in body:gmatch(delimiter and "<CommonPrefixes><Prefix>(.-)</Prefix>" or "<Key>(.-)</Key>") do
        local expected = delimiter and string.format("%06d/", number) or string.format("%06d/%06d", math.floor(number / 1000), number)
        assert(name == expected, name .. " is listed where " .. expected .. " should be")
        number = number + 1
    end
    return number
end

function request()
    local query = {}
    if token ~= "" then query[#query + 1] = "continuation-token=" .. encode(token) end
    if delimiter then query[#query + 1] = "delimiter=" .. delimiter end
    query[#query + 1] = "list-type=2"
    query = table.concat(query, "&")
    return wrk.format("GET", bucket .. "?" .. query, sigv4.headers("GET", wrk.headers["Host"], bucket, query, sigv4.empty))
end

function response(status, _, body)
    assert(status == 200, "answered " .. status .. ": " .. body)
    pages = pages + 1
    local seen = names > 0 and check(body)
    keys = keys + count(body, "<Key>")
    prefixes = prefixes + count(body, "<CommonPrefixes>")
    assert(not seen or seen == (delimiter and prefixes or keys), "a name could not be read")
    to = now()
    local more = body:find("<IsTruncated>true</IsTruncated>", 1, true)
    if more then
        token = assert(body:match("<NextContinuationToken>(.-)</NextContinuationToken>"), "a truncated page has no token")
        token = token:gsub("&quot;", '"'):gsub("&apos;", "'"):gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&amp;", "&")
    else
        complete = 1
        wrk.thread:stop()
        -- wrk itself sleeps until its time limit, unless it is interrupted. It then reports as usual.
        ffi.C.kill(ffi.C.getpid(), 2)
    end
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'summary: {"pages":%d,"keys":%d,"prefixes":%d,"seconds":%.6f,"complete":%s,' ..
            '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d},' ..
            '"latency":{"p50":%.6f,"p99":%.6f,"max":%.6f}}\n',
        worker:get("pages"),
        worker:get("keys"),
        worker:get("prefixes"),
        worker:get("to") - worker:get("from"),
        worker:get("complete") == 1 and "true" or "false",
        errors.connect,
        errors.read,
        errors.write,
        errors.status,
        errors.timeout,
        latency:percentile(50) / 1e6,
        latency:percentile(99) / 1e6,
        latency.max / 1e6))
end
