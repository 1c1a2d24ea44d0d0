-- PUTs objects of one byte, a thousand below each prefix "000000/", "000001/", ..., and ends when all are stored.
-- Needs one connection per thread.
-- Arguments: BUCKET OBJECTS THREADS DONE
--   BUCKET   the bucket's path, "/bench-list"
--   OBJECTS  number of objects
--   THREADS  number of threads that share the work
--   DONE     a file that must not exist yet; each thread adds a byte when it has finished
require("summary")
local sigv4 = require("sigv4")

local ffi = require("ffi")
ffi.cdef([[
    int getpid(void);
    int kill(int process, int signal);
]])

local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local bucket, objects, step, done_file
local stored = 0

function init(arguments)
    bucket = arguments[1]
    objects = tonumber(arguments[2])
    step = tonumber(arguments[3])
    done_file = arguments[4]
end

-- Counts stored objects instead of requests: wrk asks for one request more than it sends.
function request()
    local index = number + stored * step
    local path = string.format("%s/%06d/%06d", bucket, math.floor(index / 1000), index)
    return wrk.format("PUT", path, sigv4.headers("PUT", wrk.headers["Host"], path, "", sigv4.unsigned), "x")
end

local function ready()
    local file = assert(io.open(done_file, "a"))
    file:write("x")
    file:close()
    file = assert(io.open(done_file, "r"))
    local last = file:seek("end") == step
    file:close()
    wrk.thread:stop()
    -- wrk itself sleeps until its time limit, unless it is interrupted. It then reports as usual.
    if last then ffi.C.kill(ffi.C.getpid(), 2) end
end

function response(status)
    assert(status == 200, "answered " .. status)
    stored = stored + 1
    if number + stored * step >= objects then ready() end
end
