using System.Text;

namespace MediaAspire.Api.S3.Payload;

/// <summary>Collects the lines after the last chunk.</summary>
/// <param name="names">The trailers that the request's headers announce, in lower case.</param>
/// <param name="signed">A value indicating whether the section ends with the signature of the trailers, not with an empty line.</param>
internal sealed class TrailerSection(IReadOnlyList<string> names, bool signed)
{
    private const string SignatureName = "x-amz-trailer-signature";

    // Bounds the empty lines; the other lines are bounded by the announced names.
    private const int MaxEmptyLines = 8;

    private readonly Dictionary<string, string> _values = [];
    private byte[] _signature = [];
    private int _emptyLines;

    /// <summary>Gets the trailers by lower-case name, without their signature.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Gets the signature of the trailers as it was sent; empty when it is missing.</summary>
    public ReadOnlySpan<byte> Signature => _signature;

    /// <summary>Adds a line.</summary>
    /// <returns><see langword="true"/> when the section is complete.</returns>
    /// <exception cref="Protocol.S3Exception">
    /// The line is malformed or not an announced trailer, or an announced trailer is missing.
    /// </exception>
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

    // As in S3, a request that announces no trailer may send none, unless the trailers are signed.
    private bool CheckWhole() =>
        names.All(_values.ContainsKey) && signed == _signature.Length > 0 && (names.Count > 0 || !signed)
            ? true
            : throw PayloadErrors.MalformedTrailer().ToException();
}
