using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Uploads;

/// <summary>The sender of a request on uploads: the holder of a key, or of a signed address.</summary>
/// <param name="Scopes">What the key allows; for a signed address, what the key that signed it allows now.</param>
/// <param name="Owner">The owner that it acts for; <see langword="null"/> for a sender that sees all uploads.</param>
/// <param name="Initiator">Its name in the record of an upload.</param>
/// <param name="Grant">The right of a signed address; <see langword="null"/> for a key.</param>
internal sealed record UploadSender(ApiScopes Scopes, OwnerId? Owner, string Initiator, UploadGrant? Grant)
{
    /// <summary>Gets the query that addresses of uploads have for this sender.</summary>
    public string Query(HttpRequest request) =>
        Grant is null ? "" : $"?{UploadGrants.Parameter}={Uri.EscapeDataString(request.Query[UploadGrants.Parameter].ToString())}";

    /// <summary>Determines whether the sender sees an upload. Others are answered as if it did not exist.</summary>
    public bool Sees(UploadSession session) =>
        Grant is not null ? session.Id.Value == Grant.Upload : Owner is not { } bound || session.Owner == bound;

    /// <summary>Checks that the sender may write what an upload becomes.</summary>
    /// <returns>The problem; <see langword="null"/> for none.</returns>
    public ProblemHttpResult? Allow(UploadTarget target)
    {
        var (scope, name) = ScopeOf(target);
        return (Scopes & scope) == scope ? null
            : Grant is null ? SecurityErrors.ScopeMissing(name)
            : UploadErrors.InvalidGrant(GrantOutcome.Invalid);
    }

    private static (ApiScopes Scope, string Name) ScopeOf(UploadTarget target) => target switch
    {
        MediaPartTarget or NewMediaTarget => (ApiScopes.MediaWrite, ApiScopeNames.MediaWrite),
        ImageTarget => (ApiScopes.ImagesWrite, ApiScopeNames.ImagesWrite),
        _ => (ApiScopes.FilesWrite, ApiScopeNames.FilesWrite),
    };
}
