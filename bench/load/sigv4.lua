-- Signs S3 requests (AWS Signature Version 4, in the Authorization header) with OpenSSL's libcrypto: a few microseconds each.
-- Keys are the environment's S3_ACCESS_KEY and S3_SECRET_KEY. Paths and queries must be percent-encoded already, and queries sorted.
local ffi = require("ffi")

ffi.cdef([[
    unsigned char *SHA256(const unsigned char *data, size_t length, unsigned char *digest);
    unsigned char *HMAC(const void *hash, const void *key, int key_length, const unsigned char *data, size_t length,
                        unsigned char *digest, unsigned int *digest_length);
    const void *EVP_sha256(void);
]])

local function libcrypto()
    for _, name in ipairs({ "libcrypto.so.3", "libcrypto.so.1.1" }) do
        local found, library = pcall(ffi.load, name)
        if found then return library end
    end
    error("libcrypto is missing")
end

local crypto = libcrypto()
local sha256 = crypto.EVP_sha256()
local digest = ffi.new("unsigned char[32]")
local pairs_of_digits = {}
for byte = 0, 255 do
    pairs_of_digits[byte] = string.format("%02x", byte)
end

local function hex()
    local digits = {}
    for i = 0, 31 do
        digits[i + 1] = pairs_of_digits[digest[i]]
    end
    return table.concat(digits)
end

local function hmac(key, text)
    crypto.HMAC(sha256, key, #key, text, #text, digest, nil)
    return ffi.string(digest, 32)
end

local sigv4 = { region = "us-east-1", unsigned = "UNSIGNED-PAYLOAD" }

function sigv4.hash(text)
    crypto.SHA256(text, #text, digest)
    return hex()
end

sigv4.empty = sigv4.hash("")

local access_key = os.getenv("S3_ACCESS_KEY")
local secret_key = os.getenv("S3_SECRET_KEY")
local second, timestamp, day, scope, signing_key

-- The key changes with the day, the timestamp with the second.
local function refresh()
    local now = os.time()
    if now == second then return end
    second = now
    timestamp = os.date("!%Y%m%dT%H%M%SZ", now)
    local today = timestamp:sub(1, 8)
    if today == day then return end
    day = today
    scope = day .. "/" .. sigv4.region .. "/s3/aws4_request"
    signing_key = hmac(hmac(hmac(hmac("AWS4" .. secret_key, day), sigv4.region), "s3"), "aws4_request")
end

-- Returns the headers that sign a request of these parts. payload: a body's SHA-256 in hexadecimal, or sigv4.unsigned.
function sigv4.headers(method, host, path, query, payload)
    refresh()
    local canonical = method .. "\n" .. path .. "\n" .. query .. "\nhost:" .. host .. "\nx-amz-content-sha256:" .. payload
        .. "\nx-amz-date:" .. timestamp .. "\n\nhost;x-amz-content-sha256;x-amz-date\n" .. payload
    hmac(signing_key, "AWS4-HMAC-SHA256\n" .. timestamp .. "\n" .. scope .. "\n" .. sigv4.hash(canonical))
    return {
        ["x-amz-content-sha256"] = payload,
        ["x-amz-date"] = timestamp,
        ["Authorization"] = "AWS4-HMAC-SHA256 Credential=" .. access_key .. "/" .. scope
            .. ",SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=" .. hex(),
    }
end

return sigv4
