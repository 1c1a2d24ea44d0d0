using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Tests.Api.S3;

/// <summary>Shows owners by the names that <see cref="HeaderAuthenticator"/> gives them.</summary>
internal sealed class HeaderOwners : IS3Owners
{
    public ValueTask<S3Owner> FindAsync(string ownerId, CancellationToken cancellationToken) =>
        new(new S3Owner(ownerId, ownerId.ToUpperInvariant()));

    /// <summary>Finds every owner whose name is not a stranger's.</summary>
    public ValueTask<S3Owner?> FindKnownAsync(string ownerId, CancellationToken cancellationToken) =>
        new(ownerId.StartsWith("stranger", StringComparison.Ordinal) ? null : new S3Owner(ownerId, ownerId.ToUpperInvariant()));
}
