using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Media.Filters;

/// <summary>The order of a list. Items of equal keys are in the order of their ids, in the same direction.</summary>
/// <param name="Key">The key.</param>
/// <param name="Descending">True when the greatest comes first.</param>
public sealed record MediaOrder(OrderKey Key, bool Descending)
{
    public const string Choices = "createdAt, uploadedAt, updatedAt, size or name, with a - before it for the greatest first";

    public static MediaOrder Newest { get; } = new(OrderKey.CreatedAt, Descending: true);

    /// <summary>Parses a name such as <c>size</c> or <c>-createdAt</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MediaOrder? order)
    {
        ArgumentNullException.ThrowIfNull(text);
        var descending = text.StartsWith('-');
        order = (descending ? text[1..] : text) switch
        {
            "createdAt" => new(OrderKey.CreatedAt, descending),
            "uploadedAt" => new(OrderKey.UploadedAt, descending),
            "updatedAt" => new(OrderKey.UpdatedAt, descending),
            "size" => new(OrderKey.Size, descending),
            "name" => new(OrderKey.Name, descending),
            _ => null,
        };
        return order is not null;
    }
}

/// <summary>The keys by which lists are ordered. Every item has each of them.</summary>
public enum OrderKey
{
    CreatedAt,

    /// <summary>The time when the last part was verified; of a pending item, when it was created.</summary>
    UploadedAt,

    UpdatedAt,
    Size,

    /// <summary>The first characters of the normalized name, byte by byte in UTF-8.</summary>
    Name,
}
