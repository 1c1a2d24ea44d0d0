-- The script of one generation. Every read and write of its keys goes through this script, so that they end with it: Redis does not
-- store scripts, and one that restarted with older data answers NOSCRIPT. The nonce makes each generation's script another one.
-- A value is 'V', the version in decimal, ':' and the item. A claim is 'T' and a random name; it holds the place of an absent value.
local prefix = '{mediaaspire-media}:NONCE:'

local function item_key(id)
    return prefix .. 'i:' .. id
end

-- Stores a text, or leaves nothing there when memory is full.
local function put(key, text, lifetime)
    local result = redis.pcall('SET', key, text, 'PX', lifetime)
    if type(result) == 'table' and result.err then
        redis.call('DEL', key)
        return false
    end
    return true
end

local function version_of(text)
    return tonumber(string.match(text, '^V(%d+):'))
end

-- Returns the value; 1 when the place is claimed for the caller now; 0 when it may not fill the place.
local function get(id, claim, lifetime)
    local current = redis.call('GET', item_key(id))
    if not current then
        return put(item_key(id), 'T' .. claim, lifetime) and 1 or 0
    end
    return version_of(current) and current or 0
end

local operations = {}

-- claim, lifetime, id
function operations.get(arguments)
    return get(arguments[3], arguments[1], arguments[2])
end

-- claim, lifetime, id...: the same for many
function operations.getall(arguments)
    local results = {}
    for i = 3, #arguments do
        results[#results + 1] = get(arguments[i], arguments[1], arguments[2])
    end
    return results
end

-- id...: the values, and 0 for absent or claimed ones
function operations.peek(arguments)
    local results = {}
    for i = 1, #arguments do
        local current = redis.call('GET', item_key(arguments[i]))
        results[i] = current and version_of(current) and current or 0
    end
    return results
end

-- claim, lifetime, alias: the id that has it as far as known, and what get() returns for it
function operations.alias(arguments)
    local id = redis.call('GET', prefix .. 'a:' .. arguments[3])
    if not id then
        return 0
    end
    return { id, get(id, arguments[1], arguments[2]) }
end

-- alias, id, lifetime
function operations.hint(arguments)
    put(prefix .. 'a:' .. arguments[1], arguments[2], arguments[3])
    return 1
end

-- claim, lifetime, then id and value, '' for an item that does not exist. Fills the places that are still claimed.
function operations.fill(arguments)
    local filled = 0
    for i = 3, #arguments, 2 do
        local key = item_key(arguments[i])
        if redis.call('GET', key) == 'T' .. arguments[1] then
            if arguments[i + 1] == '' then
                redis.call('DEL', key)
            elseif put(key, arguments[i + 1], arguments[2]) then
                filled = filled + 1
            end
        end
    end
    return filled
end

-- lifetime, then id and version: lets equal values live on
function operations.touch(arguments)
    for i = 2, #arguments, 2 do
        local current = redis.call('GET', item_key(arguments[i]))
        if current and version_of(current) == tonumber(arguments[i + 1]) then
            redis.call('PEXPIRE', item_key(arguments[i]), arguments[1])
        end
    end
    return 1
end

-- claim, lifetime, id...: replaces values by a claim before a write, so that readers do not take them while it runs
function operations.claim(arguments)
    for i = 3, #arguments do
        put(item_key(arguments[i]), 'T' .. arguments[1], arguments[2])
    end
    return 1
end

-- claim, id...: gives claims up after a write that changed nothing
function operations.release(arguments)
    for i = 2, #arguments do
        if redis.call('GET', item_key(arguments[i])) == 'T' .. arguments[1] then
            redis.call('DEL', item_key(arguments[i]))
        end
    end
    return 1
end

-- claim, lifetime, then id, version and value, '' for an item that was deleted. Afterwards no place holds an older value, and no older
-- one can be filled in: an absent place stays absent, because another writer may have put a newer value there that was evicted.
-- Returns the number of places that hold a newer or a different value.
function operations.publish(arguments)
    local others = 0
    for i = 3, #arguments, 3 do
        local key = item_key(arguments[i])
        local value = arguments[i + 2]
        local current = redis.call('GET', key)
        if not current then
            -- Nothing to replace.
        elseif value == '' then
            redis.call('DEL', key)
        elseif current == 'T' .. arguments[1] then
            put(key, value, arguments[2])
        else
            local version = version_of(current)
            if not version then
                redis.call('DEL', key)
            elseif version < tonumber(arguments[i + 1]) then
                put(key, value, arguments[2])
            elseif current ~= value then
                others = others + 1
            end
        end
    end
    return others
end

local arguments = {}
for i = 2, #ARGV do
    arguments[i - 1] = ARGV[i]
end
return operations[ARGV[1]](arguments)
