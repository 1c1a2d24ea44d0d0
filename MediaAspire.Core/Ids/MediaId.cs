using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies an item of the media catalog.</summary>
/// <param name="Value">The UUID; version 7 when made by <see cref="New"/>.</param>
public readonly record struct MediaId(Guid Value)
{
    public static MediaId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Parses the hyphenated form ("D"), in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MediaId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new MediaId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}
