using MediaAspire.Core.Buckets;

namespace MediaAspire.Core.Objects;

/// <summary>What is put with an object besides its bytes.</summary>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="ContentType">The media type that the client declared.</param>
public sealed record ObjectAttributes(string OwnerId, string ContentType)
{
    /// <summary>Gets the headers that are given back as they came: <c>Cache-Control</c>, <c>Content-Encoding</c> and the like, in lower case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the user's metadata: names in lower case, without <c>x-amz-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the access control list as its feature writes it; <see langword="null"/> for private.</summary>
    public string? Acl { get; init; }

    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>Gets the checksum that the client asked for; <see langword="null"/> for none.</summary>
    public StoredChecksum? Checksum { get; init; }

    /// <summary>Gets what keeps it from being deleted; <see langword="null"/> where nothing was ever set.</summary>
    public ObjectLock? Lock { get; init; }
}

/// <summary>A checksum as the wire has it.</summary>
/// <param name="Algorithm">For example <c>CRC64NVME</c>.</param>
/// <param name="Type"><c>FULL_OBJECT</c> or <c>COMPOSITE</c>.</param>
/// <param name="Value">Base64, with <c>-n</c> behind it when it is composite; <see langword="null"/> where only the algorithm is known yet.</param>
public sealed record StoredChecksum(string Algorithm, string Type, string? Value);
