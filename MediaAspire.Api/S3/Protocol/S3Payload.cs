using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>A request's body as its sender declared it, without the framing and signatures of the transport.</summary>
internal abstract class S3Payload
{
    /// <summary>
    /// Gets the decoded bytes, to be read once. Reading throws an <see cref="S3Exception"/> when they do not match the signature.
    /// </summary>
    public abstract Stream Body { get; }

    /// <summary>Gets the number of decoded bytes; <see langword="null"/> when the sender did not declare it.</summary>
    public abstract long? Length { get; }

    /// <summary>Gets an estimate of the number of decoded bytes; it decides only where the file is cut.</summary>
    public virtual long? EstimatedLength => Length;

    /// <summary>Gets the SHA-256 that all bytes must have; the reader compares it at their end. <see langword="null"/> for none.</summary>
    public virtual Sha256Digest? DeclaredSha256 => null;

    /// <summary>Gets the trailers, with names in lower case; empty until <see cref="Body"/> is read to its end.</summary>
    public virtual IReadOnlyDictionary<string, string> Trailers => System.Collections.Frozen.FrozenDictionary<string, string>.Empty;
}
