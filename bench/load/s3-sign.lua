-- Run by luajit. Turns lines "METHOD PATH[?QUERY] [UPLOAD|-] [OUTPUT|-] [PAYLOAD]" into a configuration for curl.
-- Argument: the endpoint. PAYLOAD is the body's SHA-256, if it is to be signed.
local sigv4 = require("sigv4")

local endpoint = arg[1]
local host = endpoint:gsub("^https?://", "")
local first = true

for line in io.lines() do
    local method, target, upload, output, payload = line:match("^(%S+) (%S+) ?(%S*) ?(%S*) ?(%S*)$")
    assert(method, "not a request: " .. line)
    local path, query = target:match("^([^?]*)%??(.*)$")
    if payload == "" then payload = method == "PUT" and upload ~= "-" and upload ~= "" and sigv4.unsigned or sigv4.empty end

    if not first then print("next") end
    first = false
    print("fail")
    print(string.format('url = "%s%s"', endpoint, target))
    if upload ~= "" and upload ~= "-" then
        print(string.format('upload-file = "%s"', upload))
    else
        print(string.format('request = "%s"', method))
    end
    if output ~= "" and output ~= "-" then print(string.format('output = "%s"', output)) end
    for name, value in pairs(sigv4.headers(method, host, path, query, payload)) do
        print(string.format('header = "%s: %s"', name, value))
    end
end
