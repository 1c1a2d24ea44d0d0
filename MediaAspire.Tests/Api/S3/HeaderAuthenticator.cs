using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3;

/// <summary>Trusts a header that names the sender, so that operations can be tested without signatures.</summary>
internal sealed class HeaderAuthenticator : IS3Authenticator
{
    /// <summary>Names the owner; a request without it is anonymous.</summary>
    public const string OwnerHeader = "x-test-owner";

    /// <summary>The prefix of a header that arrives as a trailer.</summary>
    public const string TrailerPrefix = "x-test-trailer-";

    public ValueTask<S3Authentication> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var owner = request.Headers[OwnerHeader].ToString();
        var principal = owner.Length == 0 ? S3Principal.Anonymous : new S3Principal(owner, owner.ToUpperInvariant(), $"KEY-{owner}");
        return new(new S3Authentication(principal, new PlainPayload(request)));
    }

    private sealed class PlainPayload(HttpRequest request) : S3Payload
    {
        public override Stream Body => request.Body;

        public override long? Length => request.ContentLength;

        public override Sha256Digest? DeclaredSha256 =>
            Sha256Digest.TryParseHex(request.Headers["x-amz-content-sha256"].ToString(), out var digest) ? digest : null;

        public override IReadOnlyDictionary<string, string> Trailers => request.Headers
            .Where(header => header.Key.StartsWith(TrailerPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(
                header => header.Key[TrailerPrefix.Length..].ToLowerInvariant(),
                header => header.Value.ToString(),
                StringComparer.Ordinal);
    }
}
