using System.Buffers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Writes a request in the canonical form that its client and its server sign.</summary>
/// <remarks>
/// S3 differs from the other services: the path is encoded once and never normalised, since <c>a//b</c> and <c>a/./b</c> are keys.
/// </remarks>
internal static class CanonicalRequest
{
    /// <summary>Writes the canonical request.</summary>
    /// <param name="request">The request as it was sent.</param>
    /// <param name="query">Its parsed query.</param>
    /// <param name="signedHeaders">Lower-case names, sorted.</param>
    /// <param name="payloadHash">The hash of the body, or its substitute.</param>
    /// <param name="path">The form of the path.</param>
    /// <param name="excludedParameter">The query parameter with the signature itself; <see langword="null"/> for none.</param>
    public static byte[] Write(
        RequestToVerify request,
        RequestQuery query,
        IReadOnlyList<string> signedHeaders,
        string payloadHash,
        CanonicalPath path,
        string? excludedParameter)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        Append(text, request.Method);
        text.Write("\n"u8);

        WritePath(request, path, text);
        text.Write("\n"u8);
        query.WriteCanonical(excludedParameter, text);
        text.Write("\n"u8);

        foreach (var name in signedHeaders)
        {
            Append(text, name);
            text.Write(":"u8);
            AppendValues(text, request.Headers[name], EncodingOf(name));
            text.Write("\n"u8);
        }

        text.Write("\n"u8);
        Append(text, string.Join(';', signedHeaders));
        text.Write("\n"u8);
        Append(text, payloadHash);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Writes a path in one of its forms.</summary>
    public static void WritePath(RequestToVerify request, CanonicalPath path, ArrayBufferWriter<byte> text)
    {
        if (path == CanonicalPath.AsSent)
        {
            Append(text, request.RawPath);
        }
        else
        {
            UriEncoding.Encode(UriEncoding.Decode(request.RawPath, plusIsSpace: false), keepSlash: true, text);
        }
    }

    /// <summary>
    /// Gets the encoding of a header: the server reads the user's metadata as one byte per character, and everything else as UTF-8.
    /// </summary>
    public static Encoding EncodingOf(string header) =>
        header.StartsWith("x-amz-meta-", StringComparison.Ordinal) ? Encoding.Latin1 : Encoding.UTF8;

    private static void AppendValues(ArrayBufferWriter<byte> text, StringValues values, Encoding encoding)
    {
        for (var index = 0; index < values.Count; index++)
        {
            if (index > 0)
            {
                text.Write(","u8);
            }

            AppendTrimmed(text, values[index], encoding);
        }
    }

    // Every run of white space inside becomes one space, as in the SDKs.
    private static void AppendTrimmed(ArrayBufferWriter<byte> text, ReadOnlySpan<char> value, Encoding encoding)
    {
        var first = true;
        foreach (var range in value.SplitAny(" \t\n\v\f\r"))
        {
            var word = value[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (!first)
            {
                text.Write(" "u8);
            }

            first = false;
            encoding.GetBytes(word, text);
        }
    }

    private static void Append(ArrayBufferWriter<byte> text, ReadOnlySpan<char> value) => Encoding.UTF8.GetBytes(value, text);
}
