using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The quotas of owners and buckets: <c>/admin/owners/{owner}/quota</c>, <c>/admin/buckets/{bucket}/quota</c>.</summary>
internal static class QuotaEndpoints
{
    // The time that a request waits for the count; the duty goes on with longer ones.
    private static readonly TimeSpan s_countingTime = TimeSpan.FromSeconds(5);

    public static void MapQuotas(this RouteGroupBuilder admin)
    {
        var owners = MapGroup(admin, "/owners/{owner}");
        Describe(
            "Owner",
            "of an owner",
            owners.MapGet("/usage", MeasureOwners),
            owners.MapGet("/quota", GetOwners),
            owners.MapPut("/quota", SetOwners),
            owners.MapDelete("/quota", RemoveOwners));

        var buckets = MapGroup(admin, "/buckets/{bucket}");
        Describe(
            "Bucket",
            "of a bucket",
            buckets.MapGet("/usage", MeasureBuckets),
            buckets.MapGet("/quota", GetBuckets),
            buckets.MapPut("/quota", SetBuckets),
            buckets.MapDelete("/quota", RemoveBuckets));
    }

    private static RouteGroupBuilder MapGroup(RouteGroupBuilder admin, string prefix) =>
        admin.MapGroup(prefix).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static void Describe(
        string name, string whose, RouteHandlerBuilder usage, RouteHandlerBuilder get, RouteHandlerBuilder set, RouteHandlerBuilder remove)
    {
        usage.WithName($"Get{name}Usage").WithSummary($"Count the stored content {whose} now, with or without a quota");
        get.WithName($"Get{name}Quota").WithSummary($"Show the quota {whose} and its usage");
        set.WithName($"Set{name}Quota").WithSummary($"Set the quota {whose}");
        remove.WithName($"Remove{name}Quota").WithSummary($"Remove the quota {whose}; its content stays");
    }

    private static Task<Results<Ok<QuotaResponse>, ProblemHttpResult>> GetOwners(
        string owner, OwnerStore owners, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        OfOwnerAsync(owner, owners, scope => GetAsync(scope, quotas, cancellationToken), cancellationToken);

    private static Task<Results<Ok<QuotaResponse>, ProblemHttpResult>> SetOwners(
        string owner,
        [FromBody] SetQuotaRequest? request,
        OwnerStore owners,
        QuotaCatalog quotas,
        QuotaCounter counter,
        TimeProvider time,
        CancellationToken cancellationToken) =>
        OfOwnerAsync(
            owner,
            owners,
            scope => SetAsync(scope, request, quotas, counter, time, OwnerErrors.NotFound(new OwnerId(owner)), cancellationToken),
            cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveOwners(
        string owner, OwnerStore owners, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        OfOwnerAsync(owner, owners, scope => RemoveAsync(scope, quotas, cancellationToken), cancellationToken);

    private static Task<Results<Ok<UsageResponse>, ProblemHttpResult>> MeasureOwners(
        string owner, OwnerStore owners, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        OfOwnerAsync(owner, owners, scope => MeasureAsync(scope, quotas, cancellationToken), cancellationToken);

    private static Task<Results<Ok<QuotaResponse>, ProblemHttpResult>> GetBuckets(
        string bucket, BucketCatalog buckets, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        OfBucketAsync(bucket, buckets, scope => GetAsync(scope, quotas, cancellationToken), cancellationToken);

    private static Task<Results<Ok<QuotaResponse>, ProblemHttpResult>> SetBuckets(
        string bucket,
        [FromBody] SetQuotaRequest? request,
        BucketCatalog buckets,
        QuotaCatalog quotas,
        QuotaCounter counter,
        TimeProvider time,
        CancellationToken cancellationToken) =>
        OfBucketAsync(
            bucket,
            buckets,
            scope => SetAsync(scope, request, quotas, counter, time, BucketErrors.NoSuchBucket(bucket), cancellationToken),
            cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveBuckets(
        string bucket, BucketCatalog buckets, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        OfBucketAsync(bucket, buckets, scope => RemoveAsync(scope, quotas, cancellationToken), cancellationToken);

    private static Task<Results<Ok<UsageResponse>, ProblemHttpResult>> MeasureBuckets(
        string bucket, BucketCatalog buckets, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        OfBucketAsync(bucket, buckets, scope => MeasureAsync(scope, quotas, cancellationToken), cancellationToken);

    private static async Task<Results<Ok<QuotaResponse>, ProblemHttpResult>> GetAsync(
        QuotaScope scope, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        await quotas.FindAsync(scope, cancellationToken) is { } quota
            ? TypedResults.Ok(QuotaResponse.Of(quota))
            : QuotaErrors.NoQuota();

    private static async Task<Results<Ok<QuotaResponse>, ProblemHttpResult>> SetAsync(
        QuotaScope scope,
        SetQuotaRequest? request,
        QuotaCatalog quotas,
        QuotaCounter counter,
        TimeProvider time,
        ProblemHttpResult noSuchScope,
        CancellationToken cancellationToken)
    {
        if (request is null or { Bytes: null, Objects: null } or { Bytes: < 0 } or { Objects: < 0 })
        {
            return QuotaErrors.Invalid();
        }

        if (await quotas.SetAsync(scope, new(request.Bytes, request.Objects), cancellationToken) is not { } id)
        {
            return noSuchScope;
        }

        using var timeout = new CancellationTokenSource(s_countingTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await counter.CountAsync(id, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The response says that it is being counted.
        }

        return await GetAsync(scope, quotas, cancellationToken);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        QuotaScope scope, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        await quotas.RemoveAsync(scope, cancellationToken) ? TypedResults.NoContent() : QuotaErrors.NoQuota();

    private static async Task<Results<Ok<UsageResponse>, ProblemHttpResult>> MeasureAsync(
        QuotaScope scope, QuotaCatalog quotas, CancellationToken cancellationToken) =>
        TypedResults.Ok(UsageResponse.Of(await quotas.MeasureAsync(scope, cancellationToken)));

    private static async Task<Results<TResult, ProblemHttpResult>> OfOwnerAsync<TResult>(
        string owner,
        OwnerStore owners,
        Func<QuotaScope, Task<Results<TResult, ProblemHttpResult>>> handle,
        CancellationToken cancellationToken)
        where TResult : IResult =>
        !OwnerId.TryParse(owner, out var id) ? OwnerErrors.InvalidId()
        : await owners.FindAsync(id, cancellationToken) is null ? OwnerErrors.NotFound(id)
        : await handle(QuotaScope.Of(id));

    private static async Task<Results<TResult, ProblemHttpResult>> OfBucketAsync<TResult>(
        string bucket,
        BucketCatalog buckets,
        Func<QuotaScope, Task<Results<TResult, ProblemHttpResult>>> handle,
        CancellationToken cancellationToken)
        where TResult : IResult =>
        await buckets.FindAsync(bucket, cancellationToken) is { } found
            ? await handle(QuotaScope.Of(found.Id))
            : BucketErrors.NoSuchBucket(bucket);
}
