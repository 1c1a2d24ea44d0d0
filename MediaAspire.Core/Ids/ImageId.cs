using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies an image: one content, whatever the number of its aliases.</summary>
/// <param name="Value">The UUID; version 7 when made by <see cref="New"/>.</param>
public readonly record struct ImageId(Guid Value)
{
    public static ImageId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Parses the hyphenated form ("D"), in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ImageId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new ImageId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}
