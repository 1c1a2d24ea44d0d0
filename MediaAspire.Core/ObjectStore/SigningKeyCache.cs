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
            _current = current = new DailyKey(day, SignatureKeys.Derive(secretKey, day, region, "s3"));
        }

        return current.Key;
    }

    private sealed record DailyKey(string Day, byte[] Key);
}
