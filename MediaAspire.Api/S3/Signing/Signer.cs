using MediaAspire.Core.AccessKeys;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Who signed a request, once that is proven.</summary>
/// <param name="Key">The key that signed; <see langword="null"/> for an anonymous request.</param>
/// <param name="Payload">What the request says of its body.</param>
/// <param name="Seed">What the signatures of the body's chunks start from; set when they are signed.</param>
/// <param name="IsPresigned">The signature came in the query.</param>
internal sealed record Signer(AccessKey? Key, PayloadDeclaration Payload, ChunkSeed? Seed, bool IsPresigned)
{
    public bool IsAnonymous => Key is null;
}
