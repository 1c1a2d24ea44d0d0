using System.Buffers;
using System.Text;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Encodes texts where XML is not enough.</summary>
internal static class S3Text
{
    private static readonly SearchValues<byte> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    /// <summary>
    /// Encodes a key for a response with <c>encoding-type=url</c>: everything but letters, digits and <c>-._~/</c> is percent-encoded.
    /// </summary>
    public static string EncodeKey(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        if (!bytes.AsSpan().ContainsAnyExcept(s_plain))
        {
            return key;
        }

        var text = new StringBuilder(bytes.Length + 16);
        foreach (var value in bytes)
        {
            if (s_plain.Contains(value))
            {
                text.Append((char)value);
            }
            else
            {
                text.Append('%').Append(Convert.ToHexString([value]));
            }
        }

        return text.ToString();
    }
}
