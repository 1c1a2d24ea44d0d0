using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Owners;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The keys of the REST API: <c>/admin/api-keys</c>.</summary>
internal static class ApiKeyEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const long DefaultOverlapSeconds = 24 * 60 * 60;
    private const long MaxOverlapSeconds = 30 * DefaultOverlapSeconds;

    public static void MapApiKeys(this RouteGroupBuilder admin)
    {
        var keys = admin.MapGroup("/api-keys").ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        keys.MapPost("", Create).WithName("CreateApiKey").WithSummary("Create an API key; the only response that shows its secret")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
        keys.MapGet("", List).WithName("ListApiKeys").WithSummary("List API keys without their secrets, in the order of their ids")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        keys.MapGet("/{id}", Get).WithName("GetApiKey").WithSummary("Show an API key without its secret").ProducesKeyProblems();
        keys.MapPost("/{id}/rotate", Rotate).WithName("RotateApiKey")
            .WithSummary("Replace a key's secret; the present one stays valid for a while")
            .ProducesKeyProblems().ProducesProblem(StatusCodes.Status409Conflict);
        keys.MapPost("/{id}/disable", Disable).WithName("DisableApiKey")
            .WithSummary("Refuse requests with a key").ProducesKeyProblems().ProducesProblem(StatusCodes.Status409Conflict);
        keys.MapPost("/{id}/enable", Enable).WithName("EnableApiKey")
            .WithSummary("Accept requests with a key again").ProducesKeyProblems();
        keys.MapDelete("/{id}", Delete).WithName("DeleteApiKey")
            .WithSummary("Delete a key; its owner's data is kept").ProducesKeyProblems().ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Created<ApiKeyTextResponse>, ProblemHttpResult>> Create(
        [FromBody] CreateApiKeyRequest? request,
        HttpContext http,
        ApiKeyStore store,
        OwnerStore owners,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (ApiKeyRequests.TryRead(request, http.GetCaller(), time.GetUtcNow(), out var wanted) is { } problem)
        {
            return problem;
        }

        if (wanted!.Owner is { } owner && await owners.FindAsync(owner, cancellationToken) is null)
        {
            return OwnerErrors.NotFound(owner);
        }

        var secret = ApiKeyFormat.NewSecret();
        ApiKeyInfo? created;
        do
        {
            created = await store.CreateAsync(
                wanted with { Id = ApiKeyFormat.NewId(), SecretHash = ApiKeyFormat.Hash(secret) }, cancellationToken);
        }
        while (created is null);

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            $"/admin/api-keys/{created.Id}",
            new ApiKeyTextResponse(ApiKeyFormat.Compose(created.Id, secret), ApiKeyResponse.Of(created)));
    }

    private static async Task<Results<Ok<ApiKeysResponse>, ProblemHttpResult>> List(
        ApiKeyStore store,
        CancellationToken cancellationToken,
        [FromQuery, Description("Only keys with greater ids; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Keys on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return ApiKeyErrors.InvalidLimit(limit, MaxLimit);
        }

        if (after is { Length: > 0 } && !ApiKeyFormat.IsId(after))
        {
            return ApiKeyErrors.InvalidId();
        }

        var keys = await store.ListAsync(after ?? "", limit, cancellationToken);
        return TypedResults.Ok(new ApiKeysResponse([.. keys.Select(ApiKeyResponse.Of)], keys.Count < limit ? null : keys[^1].Id));
    }

    private static async Task<Results<Ok<ApiKeyResponse>, ProblemHttpResult>> Get(
        string id, ApiKeyStore store, CancellationToken cancellationToken)
    {
        if (!ApiKeyFormat.IsId(id))
        {
            return ApiKeyErrors.InvalidId();
        }

        return await store.FindAsync(id, cancellationToken) is { } key
            ? TypedResults.Ok(ApiKeyResponse.Of(key))
            : ApiKeyErrors.NotFound(id);
    }

    private static async Task<Results<Ok<ApiKeyTextResponse>, ProblemHttpResult>> Rotate(
        string id,
        [FromBody] RotateApiKeyRequest? request,
        ApiKeyStore store,
        ApiKeyCache cache,
        RootApiKey root,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var overlap = request?.OverlapSeconds ?? DefaultOverlapSeconds;
        if (!ApiKeyFormat.IsId(id))
        {
            return ApiKeyErrors.InvalidId();
        }

        if (overlap is < 0 or > MaxOverlapSeconds)
        {
            return ApiKeyErrors.InvalidOverlap(overlap, MaxOverlapSeconds);
        }

        if (root.IsConfigured(id))
        {
            return ApiKeyErrors.Configured(id);
        }

        var secret = ApiKeyFormat.NewSecret();
        var key = await store.RotateAsync(id, ApiKeyFormat.Hash(secret), TimeSpan.FromSeconds(overlap), cancellationToken);
        cache.Forget(id);
        if (key is null)
        {
            return ApiKeyErrors.NotFound(id);
        }

        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new ApiKeyTextResponse(ApiKeyFormat.Compose(id, secret), ApiKeyResponse.Of(key)));
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Disable(
        string id, ApiKeyStore store, ApiKeyCache cache, CancellationToken cancellationToken) =>
        ChangeAsync(id, store.DisableAsync, cache, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> Enable(
        string id, ApiKeyStore store, ApiKeyCache cache, CancellationToken cancellationToken) =>
        ChangeAsync(id, store.EnableAsync, cache, cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string id, ApiKeyStore store, ApiKeyCache cache, RootApiKey root, CancellationToken cancellationToken) =>
        root.IsConfigured(id) ? ApiKeyErrors.Configured(id) : await ChangeAsync(id, store.DeleteAsync, cache, cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        string id, Func<string, CancellationToken, Task<ApiKeyChange>> change, ApiKeyCache cache, CancellationToken cancellationToken)
    {
        if (!ApiKeyFormat.IsId(id))
        {
            return ApiKeyErrors.InvalidId();
        }

        var outcome = await change(id, cancellationToken);
        cache.Forget(id);
        return outcome switch
        {
            ApiKeyChange.Done => TypedResults.NoContent(),
            ApiKeyChange.LastAdmin => ApiKeyErrors.LastAdmin(id),
            _ => ApiKeyErrors.NotFound(id),
        };
    }

    private static RouteHandlerBuilder ProducesKeyProblems(this RouteHandlerBuilder route) =>
        route.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
}
