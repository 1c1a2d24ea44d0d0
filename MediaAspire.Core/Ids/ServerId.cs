using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies a storage server by the identity on its disk.</summary>
/// <param name="Value">The UUID; version 7 when made by <see cref="New"/>.</param>
public readonly record struct ServerId(Guid Value)
{
    /// <summary>Bytes of the big-endian form.</summary>
    public const int Size = 16;

    public static ServerId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Parses the hyphenated form ("D"), in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ServerId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new ServerId(value);
        return parsed;
    }

    /// <summary>Reads 16 big-endian bytes, the order of RFC 9562.</summary>
    public static ServerId Read(ReadOnlySpan<byte> source) => new(new Guid(source[..Size], bigEndian: true));

    /// <summary>Writes 16 big-endian bytes, the order of RFC 9562.</summary>
    public void Write(Span<byte> destination) => Value.TryWriteBytes(destination, bigEndian: true, out _);

    public override string ToString() => Value.ToString("D");
}
