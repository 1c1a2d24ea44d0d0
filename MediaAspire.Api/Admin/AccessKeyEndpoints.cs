using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The keys that sign requests to the S3 API: <c>/admin/access-keys</c>.</summary>
internal static class AccessKeyEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapAccessKeys(this RouteGroupBuilder admin)
    {
        var keys = admin.MapGroup("/access-keys").ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        keys.MapPost("", Create).WithName("CreateAccessKey").WithSummary("Create an access key; the only response that shows its secret")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        keys.MapGet("", List).WithName("ListAccessKeys").WithSummary("List access keys without their secrets, in the order of their ids")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        keys.MapGet("/{id}", Get).WithName("GetAccessKey").WithSummary("Show an access key without its secret").ProducesKeyProblems();
        keys.MapPost("/{id}/disable", Disable).WithName("DisableAccessKey")
            .WithSummary("Refuse requests signed with a key").ProducesKeyProblems();
        keys.MapPost("/{id}/enable", Enable).WithName("EnableAccessKey")
            .WithSummary("Accept requests signed with a key again").ProducesKeyProblems();
        keys.MapDelete("/{id}", Delete).WithName("DeleteAccessKey")
            .WithSummary("Delete a key; its owner's buckets and objects are kept").ProducesKeyProblems();
    }

    private static async Task<Results<Created<CreatedAccessKeyResponse>, ProblemHttpResult>> Create(
        [FromBody] CreateAccessKeyRequest? request,
        AccessKeyStore store,
        OwnerStore owners,
        AccessKeyCache cache,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        request ??= new CreateAccessKeyRequest();
        if (Check(request) is { } problem)
        {
            return problem;
        }

        var owner = await OwnerAsync(request, owners, cancellationToken);
        var key = request is { AccessKeyId: { } id, SecretAccessKey: { } secret }
            ? new NewAccessKey(id, secret, owner)
            : NewAccessKey.Generate(owner);
        if (await store.CreateAsync(key, cancellationToken) is not { } created)
        {
            return AccessKeyErrors.Exists(key.Id);
        }

        cache.Forget(created.Id);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            $"/admin/access-keys/{created.Id}",
            new CreatedAccessKeyResponse(created.Id, key.Secret, owner.Id, owner.DisplayName, created.IsEnabled, created.CreatedAt));
    }

    private static async Task<Results<Ok<AccessKeysResponse>, ProblemHttpResult>> List(
        AccessKeyStore store,
        CancellationToken cancellationToken,
        [FromQuery, Description("Only keys with greater ids; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Keys on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return AccessKeyErrors.InvalidLimit(limit, MaxLimit);
        }

        if (after is { Length: > 0 } && !AccessKeyFormat.IsId(after))
        {
            return AccessKeyErrors.InvalidId();
        }

        var keys = await store.ListAsync(after ?? "", limit, cancellationToken);
        return TypedResults.Ok(new AccessKeysResponse([.. keys.Select(AccessKeyResponse.Of)], keys.Count < limit ? null : keys[^1].Id));
    }

    private static async Task<Results<Ok<AccessKeyResponse>, ProblemHttpResult>> Get(
        string id, AccessKeyStore store, CancellationToken cancellationToken)
    {
        if (!AccessKeyFormat.IsId(id))
        {
            return AccessKeyErrors.InvalidId();
        }

        return await store.FindAsync(id, cancellationToken) is { } key
            ? TypedResults.Ok(AccessKeyResponse.Of(key))
            : AccessKeyErrors.NotFound(id);
    }

    private static Task<Results<Ok<AccessKeyResponse>, ProblemHttpResult>> Disable(
        string id, AccessKeyStore store, AccessKeyCache cache, CancellationToken cancellationToken) =>
        SetEnabledAsync(id, isEnabled: false, store, cache, cancellationToken);

    private static Task<Results<Ok<AccessKeyResponse>, ProblemHttpResult>> Enable(
        string id, AccessKeyStore store, AccessKeyCache cache, CancellationToken cancellationToken) =>
        SetEnabledAsync(id, isEnabled: true, store, cache, cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string id, AccessKeyStore store, AccessKeyCache cache, CancellationToken cancellationToken)
    {
        if (!AccessKeyFormat.IsId(id))
        {
            return AccessKeyErrors.InvalidId();
        }

        var deleted = await store.DeleteAsync(id, cancellationToken);
        cache.Forget(id);
        return deleted ? TypedResults.NoContent() : AccessKeyErrors.NotFound(id);
    }

    private static async Task<Results<Ok<AccessKeyResponse>, ProblemHttpResult>> SetEnabledAsync(
        string id, bool isEnabled, AccessKeyStore store, AccessKeyCache cache, CancellationToken cancellationToken)
    {
        if (!AccessKeyFormat.IsId(id))
        {
            return AccessKeyErrors.InvalidId();
        }

        var key = await store.SetEnabledAsync(id, isEnabled, cancellationToken);
        cache.Forget(id);
        return key is not null ? TypedResults.Ok(AccessKeyResponse.Of(key)) : AccessKeyErrors.NotFound(id);
    }

    private static async Task<AccessKeyOwner> OwnerAsync(
        CreateAccessKeyRequest request, OwnerStore owners, CancellationToken cancellationToken)
    {
        var id = request.OwnerId ?? AccessKeyFormat.NewOwnerId();
        if (request.DisplayName is { } name)
        {
            return new AccessKeyOwner(id, name);
        }

        return new AccessKeyOwner(id, (await owners.FindAsync(new OwnerId(id), cancellationToken))?.DisplayName ?? id);
    }

    private static ProblemHttpResult? Check(CreateAccessKeyRequest request) => request switch
    {
        _ when request.AccessKeyId is null != request.SecretAccessKey is null => AccessKeyErrors.Incomplete(),
        { AccessKeyId: { } id } when !AccessKeyFormat.IsId(id) => AccessKeyErrors.InvalidId(),
        { SecretAccessKey: { } secret } when !AccessKeyFormat.IsSecret(secret) => AccessKeyErrors.InvalidSecret(),
        { OwnerId: { } owner } when !AccessKeyFormat.IsOwnerId(owner) => OwnerErrors.InvalidId(),
        { DisplayName: { } name } when !AccessKeyFormat.IsDisplayName(name) => OwnerErrors.InvalidDisplayName(),
        _ => null,
    };

    private static RouteHandlerBuilder ProducesKeyProblems(this RouteHandlerBuilder route) =>
        route.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
}
