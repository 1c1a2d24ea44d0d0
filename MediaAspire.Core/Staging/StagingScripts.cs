namespace MediaAspire.Core.Staging;

/// <summary>The scripts that change staged values and their accounting in one step, so neither a crash nor a race separates them.</summary>
/// <remarks>
/// A value is a hash: field <c>n</c> is its n-th piece, field <c>bytes</c> their sum. Beside it stand the sum over all values and an
/// index of values by the second of their last piece. Times are Redis's own. Redis checks its memory before a script's first write only:
/// <see cref="Append"/> begins with a write that a full Redis refuses, <see cref="Free"/> with one that it never does,
/// so neither ends halfway.
/// </remarks>
internal static class StagingScripts
{
    // KEYS value, total, index; ARGV id, piece number, piece, most bytes in all. A piece that is there already is a repeated command.
    public const string Append = """
        if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then return 1 end
        local size = string.len(ARGV[3])
        if tonumber(redis.call('GET', KEYS[2]) or '0') + size > tonumber(ARGV[4]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
        redis.call('HINCRBY', KEYS[1], 'bytes', size)
        redis.call('INCRBY', KEYS[2], size)
        redis.call('ZADD', KEYS[3], redis.call('TIME')[1], ARGV[1])
        return 1
        """;

    // KEYS value, total, index; ARGV id.
    public const string Free = """
        local size = redis.call('HGET', KEYS[1], 'bytes')
        redis.call('ZREM', KEYS[3], ARGV[1])
        if not size then return 0 end
        redis.call('UNLINK', KEYS[1])
        redis.call('DECRBY', KEYS[2], size)
        return 1
        """;

    // KEYS total, index.
    public const string Measure = """
        local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
        local age = oldest and redis.call('TIME')[1] - oldest or 0
        return { tonumber(redis.call('GET', KEYS[1]) or '0'), redis.call('ZCARD', KEYS[2]), age }
        """;

    // KEYS index; ARGV seconds since the last piece, values to skip, most values.
    public const string ListOlder = """
        local before = redis.call('TIME')[1] - ARGV[1]
        return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', before, 'LIMIT', ARGV[2], ARGV[3])
        """;
}
