using System.Text;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Objects;

internal static class ObjectKeys
{
    /// <summary>The maximum length of a key, in bytes of UTF-8.</summary>
    public const int MaxLength = 1024;

    /// <summary>Refuses a key that is too long.</summary>
    /// <exception cref="S3Exception">The key is longer than <see cref="MaxLength"/> bytes of UTF-8.</exception>
    public static void Check(string key)
    {
        var length = Encoding.UTF8.GetByteCount(key);
        if (length > MaxLength)
        {
            throw S3Errors.KeyTooLong(length, MaxLength).ToException();
        }
    }
}
