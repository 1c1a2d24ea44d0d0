using MediaAspire.Core.Buckets;

namespace MediaAspire.Core.Objects;

/// <summary>The attributes that are stored with an object.</summary>
/// <param name="OwnerId">The object's owner.</param>
/// <param name="ContentType">The media type that the client declared.</param>
public sealed record ObjectAttributes(string OwnerId, string ContentType)
{
    /// <summary>
    /// Gets the headers that are returned as they were sent: <c>Cache-Control</c>, <c>Content-Encoding</c> and the like, in lower case.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the user's metadata: names in lower case, without <c>x-amz-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the access control list as its feature writes it; <see langword="null"/> for private.</summary>
    public string? Acl { get; init; }

    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>Gets the checksum that the client asked for; <see langword="null"/> for none.</summary>
    public StoredChecksum? Checksum { get; init; }

    /// <summary>Gets the lock that keeps it from being deleted; <see langword="null"/> when it was never set.</summary>
    public ObjectLock? Lock { get; init; }
}

/// <summary>A checksum in its form on the wire.</summary>
/// <param name="Algorithm">For example <c>CRC64NVME</c>.</param>
/// <param name="Type"><c>FULL_OBJECT</c> or <c>COMPOSITE</c>.</param>
/// <param name="Value">
/// Base64, followed by <c>-n</c> when it is composite; <see langword="null"/> while only the algorithm is known.
/// </param>
public sealed record StoredChecksum(string Algorithm, string Type, string? Value);
