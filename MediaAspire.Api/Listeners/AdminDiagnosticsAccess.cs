using System.Security.Cryptography;
using System.Text;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.ServiceDefaults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Api.Listeners;

/// <summary>
/// Lets requests to the admin listener with a key for metrics or for administration read metrics and the details of health.
/// </summary>
/// <remarks>
/// The endpoints of health are open, so that they respond while the database does not; this therefore reads the key itself. While the
/// database does not respond, the configured admin key is accepted, because the details are needed most then.
/// </remarks>
internal sealed class AdminDiagnosticsAccess(
    AdminListener admin,
    ApiKeyVerifier verifier,
    IOptions<ApiKeyOptions> keys,
    IOptions<SecurityOptions> security,
    TimeProvider time) : IDiagnosticsAccess
{
    // Probes time out after five seconds, of which the checks may use three.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly byte[]? _adminKey = keys.Value.AdminKey is { Length: > 0 } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;

    public async ValueTask<bool> AllowsAsync(HttpContext context)
    {
        if (!admin.Received(context))
        {
            return false;
        }

        return security.Value.Open
            || Allows(context.GetCaller().Scopes)
            || (ApiKeyHeaders.TryRead(context.Request.Headers, out var text) && text is not null && await AllowsAsync(context, text));
    }

    private static bool Allows(ApiScopes scopes) => (scopes & (ApiScopes.Metrics | ApiScopes.Admin)) != ApiScopes.None;

    private async ValueTask<bool> AllowsAsync(HttpContext context, string text)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            var verified = await verifier.VerifyAsync(text, context.Connection.RemoteIpAddress, either.Token);
            return verified is { Outcome: ApiKeyOutcome.Valid, Key: { } key } && Allows(key.Scopes);
        }
        catch (Exception failure) when (
            failure is NpgsqlException || (failure is OperationCanceledException && !context.RequestAborted.IsCancellationRequested))
        {
            return _adminKey is not null
                && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), _adminKey);
        }
    }
}
