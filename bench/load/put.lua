-- PUTs files that differ in their first 32 bytes, each under a name of its own. Needs one connection per thread.
-- Arguments: PREFIX BODY SAMPLES [DIRECTORY]
--   PREFIX     the path before the name
--   BODY       file with the bytes that all bodies share
--   SAMPLES    directory for lines "path name" of some of the files stored
--   DIRECTORY  the server's directory; if given, each file and then the directory is synced before the next request
require("summary")
local with_key = require("key")

local ffi = require("ffi")
ffi.cdef([[
    int open(const char *path, int flags);
    int fsync(int file);
    int close(int file);
]])

local threads = 0
local sample_every = 16

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local prefix, rest, samples, directory
local name, sent, stored = "", 0, 0
local start

function init(arguments)
    prefix = arguments[1]
    local body = assert(io.open(arguments[2], "rb"))
    rest = body:read("*a"):sub(33)
    body:close()
    samples = arguments[3] .. "/" .. number
    directory = arguments[4] ~= "" and arguments[4] or nil
    start = os.time()
end

function request()
    sent = sent + 1
    name = string.format("%d-%d-%d", start, number, sent)
    return wrk.format("PUT", prefix .. name, with_key({ ["Content-Type"] = "application/octet-stream" }),
        string.format("%-32s", name) .. rest)
end

local function sync(path)
    local file = ffi.C.open(path, 0)
    assert(file >= 0, "cannot open " .. path)
    assert(ffi.C.fsync(file) == 0, "cannot sync " .. path)
    ffi.C.close(file)
end

function response(status, headers)
    assert(status == 201, "answered " .. status)
    if directory then
        sync(directory .. "/" .. name)
        sync(directory)
    end
    stored = stored + 1
    if stored % sample_every == 1 then
        local location = headers["Location"] or (prefix .. name)
        -- Not kept open: wrk's event loop supports descriptors only up to 10 + 3 × connections.
        local file = assert(io.open(samples, "a"))
        file:write(location:gsub("^https?://[^/]+", ""), " ", name, "\n")
        file:close()
    end
end
