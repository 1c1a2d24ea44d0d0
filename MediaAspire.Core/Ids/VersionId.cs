using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies a version of an object.</summary>
/// <param name="Value">The UUID; version 7 when made by <see cref="New"/>.</param>
public readonly record struct VersionId(Guid Value)
{
    public static VersionId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Parses the form of the wire: 32 hexadecimal digits ("N").</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out VersionId id)
    {
        var parsed = Guid.TryParseExact(text, "N", out var value);
        id = new VersionId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("N");
}
