using System.Buffers;
using System.Text;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>How texts are written where XML alone will not do.</summary>
internal static class S3Text
{
    private static readonly SearchValues<byte> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    /// <summary>Encodes a key for an answer with <c>encoding-type=url</c>: percent signs for everything but letters, digits and <c>-._~/</c>.</summary>
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
