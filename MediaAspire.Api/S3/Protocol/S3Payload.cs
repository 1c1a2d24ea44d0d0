using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>A request's body as its sender declared it, with the transport's framing and signatures taken off.</summary>
internal abstract class S3Payload
{
    /// <summary>Gets the decoded bytes, to be read once. Reading fails with an <see cref="S3Exception"/> when they are not what was signed.</summary>
    public abstract Stream Body { get; }

    /// <summary>Gets the number of decoded bytes; <see langword="null"/> when the sender did not say.</summary>
    public abstract long? Length { get; }

    /// <summary>Gets what the number of decoded bytes is about; it decides only where the file is cut.</summary>
    public virtual long? EstimatedLength => Length;

    /// <summary>Gets the SHA-256 that all bytes must have; whoever reads them to the end compares it. <see langword="null"/> for none.</summary>
    public virtual Sha256Digest? DeclaredSha256 => null;

    /// <summary>Gets the trailers, names in lower case; empty until <see cref="Body"/> was read to its end.</summary>
    public virtual IReadOnlyDictionary<string, string> Trailers => System.Collections.Frozen.FrozenDictionary<string, string>.Empty;
}
