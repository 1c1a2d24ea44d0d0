namespace MediaAspire.Core.Media.Uploads;

/// <summary>
/// An item to create, as a client sent it: with <c>parts</c>, or with <c>contentType</c>, <c>size</c> and <c>sha256</c> for one part.
/// </summary>
public sealed record NewMediaInput : MediaFieldInput
{
    /// <summary>Gets the owner, 1 to 78 characters. A key that belongs to an owner may leave it out.</summary>
    public string? Owner { get; init; }

    /// <summary>Gets the kind, such as <c>image</c>; <c>simple</c> by default.</summary>
    public string? Kind { get; init; }

    /// <summary>Gets the access: <c>public</c> or <c>private</c>, the default.</summary>
    public string? Access { get; init; }

    /// <summary>Gets a value indicating whether the item is removed some time after its upload.</summary>
    public bool? Temporary { get; init; }

    /// <summary>Gets a value indicating whether lists leave the item out.</summary>
    public bool? Unlisted { get; init; }

    /// <summary>Gets the lifetime of the upload addresses, in seconds, 1 to 86,400; 900 by default.</summary>
    public int? Expires { get; init; }

    /// <summary>Gets a value indicating whether each part is uploaded in parts. Parts above 5 GiB always are.</summary>
    public bool? Multipart { get; init; }

    /// <summary>Gets a change of the metadata to apply after processing. Temporary and unlisted items have none.</summary>
    public MediaFieldInput? Update { get; init; }

    /// <summary>Gets the parts, as many as the kind has.</summary>
    public IReadOnlyList<NewPartInput?>? Parts { get; init; }

    /// <summary>Gets the media type of the only part.</summary>
    public string? ContentType { get; init; }

    /// <summary>Gets the size of the only part, in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>Gets the SHA-256 of the only part, in hexadecimal.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>A part that will be uploaded, as a client sent it.</summary>
public sealed record NewPartInput
{
    /// <summary>Gets the role of the part, 1 to 50 characters; <c>main</c> by default.</summary>
    public string? Type { get; init; }

    /// <summary>Gets the media type; <c>application/octet-stream</c> by default.</summary>
    public string? ContentType { get; init; }

    /// <summary>Gets the size, in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>Gets the SHA-256 of all bytes, in hexadecimal.</summary>
    public string? Sha256 { get; init; }
}
