using MediaAspire.Core.AccessKeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The keys that the secrets of access keys are sealed under: <c>/admin/secrets-keys</c>.</summary>
internal static class SecretsKeyEndpoints
{
    public static void MapSecretsKeys(this RouteGroupBuilder admin) =>
        admin.MapGet("/secrets-keys", List).WithName("ListSecretsKeys")
            .WithSummary("Show the number of access keys under each secrets key, so that an old one can be removed")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Ok<SecretsKeysResponse>> List(SealedSecrets secrets, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SecretsKeysResponse(await secrets.ListAsync(cancellationToken)));
}

/// <param name="SecretsKeys">The keys that this process has, the current one first, and those that rows name.</param>
internal sealed record SecretsKeysResponse(IReadOnlyList<SecretsKeyUse> SecretsKeys);
