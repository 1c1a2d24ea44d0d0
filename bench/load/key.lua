-- Adds the API's key to the headers of a request. The key is in the environment, because every user can read arguments.
local key = os.getenv("MEDIAASPIRE_API_KEY")

return function(headers)
    if key and key ~= "" then
        headers["X-Api-Key"] = key
    end
    return headers
end
