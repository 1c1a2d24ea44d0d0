using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies a cluster by the identity in its database, which every node's disk carries too.</summary>
/// <param name="Value">The UUID, made by the database.</param>
public readonly record struct ClusterId(Guid Value)
{
    /// <summary>Parses the hyphenated form ("D"), in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ClusterId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new ClusterId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}
