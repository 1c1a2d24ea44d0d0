using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies bytes that an image or a variant of one has stored, in the chunk store or the object store.</summary>
/// <param name="Value">The UUID; version 7 when made by <see cref="New"/>.</param>
public readonly record struct BlobId(Guid Value)
{
    public static BlobId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Parses the hyphenated form ("D"), in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BlobId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new BlobId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}
