using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.NamedFiles;

/// <summary>The current version of a file that a client named.</summary>
/// <param name="Version">Names these bytes; another put makes another version.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of all bytes.</param>
/// <param name="File">The file on the storage nodes; null while the bytes are staged.</param>
public sealed record NamedFile(StagingId Version, long Size, Sha256Digest Sha256, FileId? File);

/// <summary>The outcome of a put.</summary>
public enum PutOutcome
{
    /// <summary>The new version is the current one, durably.</summary>
    Stored,

    /// <summary>The sweeper has taken the staged bytes for forgotten; nothing was changed.</summary>
    Abandoned,

    /// <summary>The queue is full, and nothing was changed.</summary>
    QueueFull,
}
