using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Locks;

/// <summary>The header by which a sender bypasses governance mode.</summary>
internal static class GovernanceBypass
{
    public const string Header = "x-amz-bypass-governance-retention";

    /// <summary>Determines whether the request has the header.</summary>
    public static bool IsAsked(S3Request request) => string.Equals(request.Header(Header), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Determines whether the request bypasses governance mode.</summary>
    /// <exception cref="S3Exception">The request asks for it without the permission, whether the version is locked or not.</exception>
    public static async ValueTask<bool> ReadAsync(
        S3Request request, IS3Authorizer authorizer, string key, CancellationToken cancellationToken)
    {
        if (!IsAsked(request))
        {
            return false;
        }

        await authorizer.AuthorizeAsync(request, LockActions.BypassGovernance, request.Bucket, key, cancellationToken);
        return true;
    }
}
