using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies a multipart upload.</summary>
/// <param name="Value">The UUID; version 7 when made by <see cref="New"/>.</param>
public readonly record struct UploadId(Guid Value)
{
    public static UploadId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Parses the form of the wire: 32 hexadecimal digits ("N").</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UploadId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new UploadId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("N");
}
