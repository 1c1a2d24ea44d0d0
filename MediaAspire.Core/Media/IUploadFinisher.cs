using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>
/// Finishes the upload of a part whose object has come into the object store, for example when the store tells it. Thread-safe.
/// </summary>
public interface IUploadFinisher
{
    /// <summary>Verifies the object against its part, and finishes the item with its last part. Running twice is harmless.</summary>
    /// <param name="objectKey">A key of the platform's bucket, from an untrusted notification: any text.</param>
    /// <param name="cancellationToken">Ends the call; the part is finished or not.</param>
    /// <remarks>Throws when the store or the database does not answer, so that the notification is sent again.</remarks>
    Task<FinishOutcome> FinishAsync(string objectKey, CancellationToken cancellationToken);
}

/// <summary>The outcome of finishing a part.</summary>
/// <param name="State">The state of the part or of its item.</param>
public sealed record FinishOutcome(FinishState State)
{
    /// <summary>Gets the outcome for a key that no part has, or whose object is not in the store.</summary>
    public static FinishOutcome Unknown { get; } = new(FinishState.Unknown);

    /// <summary>Gets the item; <see langword="null"/> when it is unknown.</summary>
    public MediaId? Id { get; init; }

    /// <summary>Gets the number of verified parts of the item, this one included.</summary>
    public int StoredParts { get; init; }

    /// <summary>Gets the number of parts of the item.</summary>
    public int Parts { get; init; }

    /// <summary>Gets the error code of a refusal, such as <c>size-mismatch</c>.</summary>
    public string? Code { get; init; }
}

/// <summary>The states after finishing a part.</summary>
public enum FinishState
{
    /// <summary>No part has the key, or its object is not in the store.</summary>
    Unknown,

    /// <summary>The part was verified before; nothing changed.</summary>
    Already,

    /// <summary>The store tells no checksum: a job hashes the object.</summary>
    Verifying,

    /// <summary>The part is verified, and others are missing.</summary>
    Partial,

    /// <summary>The part was the last one; the item is uploaded.</summary>
    Complete,

    /// <summary>The object does not have the declared size or hash and was removed, or the upload has expired.</summary>
    Refused,
}
