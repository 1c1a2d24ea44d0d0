using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.ObjectStore;

/// <summary>The key that signs for one day and region, derived once a day. Thread-safe.</summary>
internal sealed class SigningKeyCache(string secretKey, string region)
{
    private volatile DailyKey? _current;

    /// <summary>Returns the key of a day.</summary>
    /// <param name="day">The day, as <c>yyyyMMdd</c>.</param>
    public byte[] Of(string day)
    {
        var current = _current;
        if (current?.Day != day)
        {
            _current = current = new DailyKey(day, Derive(day));
        }

        return current.Key;
    }

    private byte[] Derive(string day)
    {
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secretKey), Encoding.UTF8.GetBytes(day));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(region));
        key = HMACSHA256.HashData(key, "s3"u8);
        return HMACSHA256.HashData(key, "aws4_request"u8);
    }

    private sealed record DailyKey(string Day, byte[] Key);
}
