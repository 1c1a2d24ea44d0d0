using System.Text;

namespace MediaAspire.Api.S3.Payload;

/// <summary>Collects the lines after the last chunk.</summary>
/// <param name="names">The trailers that the request's headers announce, in lower case.</param>
/// <param name="signed">The section ends with the trailers' signature, not with an empty line.</param>
internal sealed class TrailerSection(IReadOnlyList<string> names, bool signed)
{
    private const string SignatureName = "x-amz-trailer-signature";

    // Far more than the announced names can fill with lines that are taken: it bounds the empty ones.
    private const int MaxEmptyLines = 8;

    private readonly Dictionary<string, string> _values = [];
    private byte[] _signature = [];
    private int _emptyLines;

    /// <summary>Gets the trailers by lower-case name, without their signature.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Gets the trailers' signature as it came; empty when there is none.</summary>
    public ReadOnlySpan<byte> Signature => _signature;

    /// <summary>Takes a line.</summary>
    /// <returns><see langword="true"/> when the section is whole.</returns>
    /// <exception cref="Protocol.S3Exception">The line is no trailer, or none that was announced, or one that was announced is missing.</exception>
    public bool Add(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            // Some clients put an empty line between the trailers and their signature.
            return signed && ++_emptyLines < MaxEmptyLines ? false : CheckWhole();
        }

        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            throw PayloadErrors.MalformedTrailer().ToException();
        }

        var name = Encoding.UTF8.GetString(line[..colon]).Trim().ToLowerInvariant();
        var value = Encoding.UTF8.GetString(line[(colon + 1)..]).Trim();
        if (signed && name == SignatureName)
        {
            _signature = Encoding.ASCII.GetBytes(value);
            return CheckWhole();
        }

        return names.Contains(name) && _values.TryAdd(name, value) ? false : throw PayloadErrors.MalformedTrailer().ToException();
    }

    // As in S3, who announces no trailer may send none, unless the mode has them signed.
    private bool CheckWhole() =>
        names.All(_values.ContainsKey) && signed == _signature.Length > 0 && (names.Count > 0 || !signed)
            ? true
            : throw PayloadErrors.MalformedTrailer().ToException();
}
