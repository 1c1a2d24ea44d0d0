using System.Buffers;
using System.Text;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Percent-encoding as S3 signs it: every byte but the unreserved ones of RFC 3986, in upper-case hexadecimal.</summary>
internal static class UriEncoding
{
    private static readonly SearchValues<byte> s_unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    private static readonly SearchValues<byte> s_unreservedAndSlash =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    /// <summary>Encodes UTF-8; a slash stays when <paramref name="keepSlash"/> is set, as it does in a key's path.</summary>
    public static string Encode(string text, bool keepSlash)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!bytes.AsSpan().ContainsAnyExcept(keepSlash ? s_unreservedAndSlash : s_unreserved))
        {
            return text;
        }

        var writer = new ArrayBufferWriter<byte>(bytes.Length * 3);
        Encode(bytes, keepSlash, writer);
        return Encoding.ASCII.GetString(writer.WrittenSpan);
    }

    public static void Encode(ReadOnlySpan<byte> bytes, bool keepSlash, IBufferWriter<byte> destination)
    {
        var plain = keepSlash ? s_unreservedAndSlash : s_unreserved;
        while (!bytes.IsEmpty)
        {
            var run = bytes.IndexOfAnyExcept(plain);
            if (run != 0)
            {
                var end = run < 0 ? bytes.Length : run;
                destination.Write(bytes[..end]);
                bytes = bytes[end..];
                continue;
            }

            var escaped = destination.GetSpan(3);
            escaped[0] = (byte)'%';
            escaped[1] = (byte)"0123456789ABCDEF"[bytes[0] >> 4];
            escaped[2] = (byte)"0123456789ABCDEF"[bytes[0] & 0xf];
            destination.Advance(3);
            bytes = bytes[1..];
        }
    }

    /// <summary>Decodes percent-encoding, once. An invalid escape stays as it is.</summary>
    /// <param name="text">A part of a request's target.</param>
    /// <param name="plusIsSpace">A value indicating whether a plus sign is a space, as in a query, but not in a path.</param>
    public static byte[] Decode(ReadOnlySpan<char> text, bool plusIsSpace)
    {
        var decoded = new ArrayBufferWriter<byte>(Math.Max(16, text.Length));
        while (!text.IsEmpty)
        {
            if (text is ['%', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
            {
                decoded.GetSpan(1)[0] = Convert.FromHexString(text.Slice(1, 2))[0];
                decoded.Advance(1);
                text = text[3..];
                continue;
            }

            if (plusIsSpace && text[0] == '+')
            {
                decoded.Write(" "u8);
                text = text[1..];
                continue;
            }

            var next = text[1..].IndexOfAny('%', '+');
            var run = next < 0 ? text : text[..(next + 1)];
            var written = Encoding.UTF8.GetBytes(run, decoded.GetSpan(Encoding.UTF8.GetMaxByteCount(run.Length)));
            decoded.Advance(written);
            text = text[run.Length..];
        }

        return decoded.WrittenSpan.ToArray();
    }
}
