using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies an upload of an image until its result is claimed.</summary>
/// <param name="Value">The UUID; random when made by <see cref="New"/>, because its holder may claim the result.</param>
public readonly record struct ImageUploadId(Guid Value)
{
    public static ImageUploadId New() => new(RandomUuid.New());

    /// <summary>Parses the hyphenated form ("D"), in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ImageUploadId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new ImageUploadId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}
