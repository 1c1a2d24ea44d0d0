using MediaAspire.Core.Media;

namespace MediaAspire.Api.Media;

/// <summary>Tags to add to an item.</summary>
public sealed record TagsRequest
{
    /// <summary>Gets the tags, 1 to 20 characters each. They are stored lower-cased and in the Unicode form NFKC.</summary>
    public required IReadOnlyList<string?> Tags { get; init; }
}

/// <summary>The access of an item.</summary>
public sealed record AccessRequest
{
    /// <summary>Gets a value indicating whether anyone may read the item.</summary>
    public required bool Public { get; init; }
}

/// <summary>The fields of a clone that differ from its original's.</summary>
public sealed record CloneRequest : MediaFieldInput
{
    /// <summary>Gets the clone's owner; the original's by default.</summary>
    public string? Owner { get; init; }

    /// <summary>Gets the clone's access, <c>public</c> or <c>private</c>; the original's by default.</summary>
    public string? Access { get; init; }
}

/// <summary>Aliases to look up.</summary>
public sealed record HeadRequest
{
    /// <summary>Gets the aliases, at most 1,000.</summary>
    public required IReadOnlyList<string?> Aliases { get; init; }

    /// <summary>Gets the owner of the aliases; a key that is bound to an owner may leave it out.</summary>
    public string? Owner { get; init; }
}

/// <summary>The ids of aliases.</summary>
/// <param name="Ids">The ids in the order of the aliases; <see langword="null"/> for an alias that no item has.</param>
public sealed record HeadResponse(IReadOnlyList<Guid?> Ids);

/// <summary>The addresses of an item's parts.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Name">The item's name.</param>
/// <param name="Files">The parts.</param>
/// <param name="Urls">The address of each part, in the order of the parts. It needs no key.</param>
/// <param name="Owner">The item's owner.</param>
/// <param name="ExpiresAt">The time at which the addresses end; <see langword="null"/> for those of public objects.</param>
public sealed record LinksResponse(
    Guid Id, string Name, IReadOnlyList<LinkedFile> Files, IReadOnlyList<string> Urls, string Owner, DateTimeOffset? ExpiresAt);

/// <summary>A part that can be downloaded.</summary>
/// <param name="Number">The number of the part.</param>
/// <param name="Type">The role of the part in its item.</param>
/// <param name="ContentType">The media type, as declared.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of all bytes, in lower-case hexadecimal.</param>
/// <param name="Filename">The name under which downloads from a signed address are saved.</param>
public sealed record LinkedFile(int Number, string Type, string ContentType, long Size, string Sha256, string Filename);
