using MediaAspire.Core.Ids;
using StackExchange.Redis;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>Reads the results of scripts.</summary>
internal static class RedisJobFields
{
    public static JobId Id(RedisResult value) => new(Guid.ParseExact((string)value!, "D"));

    public static DateTimeOffset Time(RedisResult value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

    public static TimeSpan Duration(RedisResult value) => TimeSpan.FromMilliseconds((long)value);

    /// <returns>The text; null for a missing or empty one.</returns>
    public static string? Optional(RedisResult value) => (string?)value is { Length: > 0 } text ? text : null;

    public static RedisResult[] List(RedisResult value) => (RedisResult[])value!;
}
