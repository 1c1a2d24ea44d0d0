using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.AccessKeys;

namespace MediaAspire.Api.S3.Signing;

/// <summary>The authenticated signer of a request.</summary>
/// <param name="Key">The key that signed; <see langword="null"/> for an anonymous request.</param>
/// <param name="Payload">The declaration of the body.</param>
/// <param name="Seed">The start of the chain of chunk signatures; set when the chunks are signed.</param>
/// <param name="IsPresigned">A value indicating whether the signature is in the query.</param>
internal sealed record Signer(AccessKey? Key, PayloadDeclaration Payload, ChunkSeed? Seed, bool IsPresigned)
{
    public bool IsAnonymous => Key is null;

    /// <summary>Gets a value indicating whether the signature is of version 2.</summary>
    public bool IsVersion2 { get; init; }

    /// <summary>Gets the form of the signature; <see langword="null"/> for an anonymous request.</summary>
    public S3Signature? Signature => (IsAnonymous, IsVersion2, IsPresigned) switch
    {
        (true, _, _) => null,
        (_, true, true) => S3Signature.Version2Query,
        (_, true, false) => S3Signature.Version2Header,
        (_, false, true) => S3Signature.Query,
        _ => S3Signature.Header,
    };
}
