-- GETs the paths of a file in turn. Arguments: FILE.
require("summary")
local with_key = require("key")

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local requests = {}
local next_request = 0

function init(arguments)
    for path in io.lines(arguments[1]) do
        requests[#requests + 1] = wrk.format("GET", path, with_key({}))
    end
    -- Threads start at different files, so that they do not request the same one at once.
    next_request = (number * 97) % #requests
end

function request()
    next_request = next_request % #requests + 1
    return requests[next_request]
end
