using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Uploads;

/// <summary>Finds the sender of a request, on an endpoint with <see cref="Policies.UploadsWrite"/>.</summary>
internal sealed class UploadSenders(UploadGrants grants, ApiKeyVerifier keys)
{
    /// <summary>Finds the sender. A signed address outweighs a key, so that a page cannot use more than it was given.</summary>
    /// <param name="http">The request.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="part">
    /// The number of the part that it sends, or 0 when it completes an upload in parts: what a signed address must allow.
    /// </param>
    /// <returns>The sender, or the problem of a signed address that is not valid, or is not for this.</returns>
    public async ValueTask<(UploadSender? Sender, ProblemHttpResult? Problem)> FindAsync(
        HttpContext http, CancellationToken cancellationToken, int? part = null)
    {
        if (!http.Request.Query.TryGetValue(UploadGrants.Parameter, out var token))
        {
            var caller = http.GetCaller();
            return (new(caller.Scopes, caller.Owner, caller.KeyId ?? "anonymous", Grant: null), null);
        }

        var outcome = grants.Verify(token.ToString(), out var grant);
        if (outcome != GrantOutcome.Valid)
        {
            return (null, UploadErrors.InvalidGrant(outcome));
        }

        if (grant!.Part != part)
        {
            return (null, UploadErrors.GrantForbids("The signed address allows another request than this one."));
        }

        // A key that is disabled, deleted or expired signs no more, and neither do the addresses that it has signed.
        var scopes = ApiScopes.All;
        if (grant.KeyId is { } keyId)
        {
            if (await keys.FindUsableAsync(keyId, cancellationToken) is not { } key)
            {
                return (null, UploadErrors.InvalidGrant(GrantOutcome.Invalid));
            }

            scopes = key.Scopes;
        }

        OwnerId? owner = grant.Owner is { } name ? new OwnerId(name) : null;
        return (new(scopes, owner, $"address of {grant.KeyId ?? "anonymous"}", grant), null);
    }
}
