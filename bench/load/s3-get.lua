-- GETs the objects of a file in turn. Arguments: FILE, with a path a line.
require("summary")
local sigv4 = require("sigv4")

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local requests = {}
local next_request = 0

-- Signed once: a signature is valid for fifteen minutes, and signing would be the client's greatest cost.
function init(arguments)
    for path in io.lines(arguments[1]) do
        requests[#requests + 1] = wrk.format("GET", path, sigv4.headers("GET", wrk.headers["Host"], path, "", sigv4.empty))
    end
    -- Threads start at different objects, so that they do not request the same one at once.
    next_request = (number * 97) % #requests
end

function request()
    next_request = next_request % #requests + 1
    return requests[next_request]
end
