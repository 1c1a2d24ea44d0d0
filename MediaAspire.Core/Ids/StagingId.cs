using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies a value in short-term storage, and the version of the named file that it is.</summary>
/// <param name="Value">The UUID; version 7 when made by <see cref="New"/>.</param>
public readonly record struct StagingId(Guid Value)
{
    public static StagingId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Parses the hyphenated form ("D"), in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StagingId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new StagingId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}
