-- PUTs objects that differ in their first 32 bytes, each under a key of its own. Needs one connection per thread.
-- Arguments: BUCKET BODY SAMPLES PAYLOAD
--   BUCKET   the bucket's path, "/bench"
--   BODY     file with the bytes that all bodies share
--   SAMPLES  directory for lines "path name" of some of the objects stored
--   PAYLOAD  "signed" or "unsigned"
require("summary")
local sigv4 = require("sigv4")

local threads = 0
local sample_every = 16

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local bucket, rest, samples, signed
local name, path, sent, stored = "", "", 0, 0
local start

function init(arguments)
    bucket = arguments[1]
    local body = assert(io.open(arguments[2], "rb"))
    rest = body:read("*a"):sub(33)
    body:close()
    samples = arguments[3] .. "/" .. number
    signed = arguments[4] == "signed"
    start = os.time()
end

function request()
    sent = sent + 1
    name = string.format("%d-%d-%d", start, number, sent)
    path = bucket .. "/" .. name
    local body = string.format("%-32s", name) .. rest
    local headers = sigv4.headers("PUT", wrk.headers["Host"], path, "", signed and sigv4.hash(body) or sigv4.unsigned)
    headers["Content-Type"] = "application/octet-stream"
    return wrk.format("PUT", path, headers, body)
end

function response(status)
    assert(status == 200, "answered " .. status)
    stored = stored + 1
    if stored % sample_every == 1 then
        -- Not kept open: wrk's event loop supports descriptors only up to 10 + 3 × connections.
        local file = assert(io.open(samples, "a"))
        file:write(path, " ", name, "\n")
        file:close()
    end
end
