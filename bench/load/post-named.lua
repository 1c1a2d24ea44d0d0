-- POSTs JSON files by name; each differs in the first 32 characters of its base64. Needs one connection per thread.
-- Arguments: BODY SAMPLES
--   BODY     file with the base64 of all files
--   SAMPLES  directory for the names of some of the files stored
require("summary")
local with_key = require("key")

local threads = 0
local sample_every = 16

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local rest, samples
local name, sent, stored = "", 0, 0
local start

function init(arguments)
    local body = assert(io.open(arguments[1], "rb"))
    rest = body:read("*a"):sub(33)
    body:close()
    samples = arguments[2] .. "/" .. number
    start = os.time()
end

function request()
    sent = sent + 1
    -- Characters of base64 only.
    name = string.format("put/%d/%d/%d", start, number, sent)
    return wrk.format("POST", "/files", with_key({ ["Content-Type"] = "application/json" }),
        '{"client_id":"bench","name":"' .. name .. '","data":"' .. name .. string.rep("A", 32 - #name) .. rest .. '"}')
end

function response(status)
    assert(status == 200, "answered " .. status)
    stored = stored + 1
    if stored % sample_every == 1 then
        -- Not kept open: wrk's event loop supports descriptors only up to 10 + 3 × connections.
        local file = assert(io.open(samples, "a"))
        file:write(name, "\n")
        file:close()
    end
end
