using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Payload;

/// <summary>A body, and its declaration in the signature.</summary>
internal sealed class SignedPayload(PayloadStream body, PayloadDeclaration declaration) : S3Payload
{
    public override Stream Body => body;

    public override long? Length => body.DeclaredLength;

    public override Sha256Digest? DeclaredSha256 { get; } =
        declaration.Kind == PayloadKind.Sha256 && Sha256Digest.TryParseHex(declaration.Value, out var digest) ? digest : null;

    public override IReadOnlyDictionary<string, string> Trailers => body.Trailers;
}
