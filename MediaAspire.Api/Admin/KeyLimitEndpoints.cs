using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Limits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The limits of single keys: <c>/admin/api-keys/{id}/limits</c> and <c>/admin/access-keys/{id}/limits</c>.</summary>
internal static class KeyLimitEndpoints
{
    public static void MapKeyLimits(this RouteGroupBuilder admin)
    {
        Map(admin.MapGroup("/api-keys/{id}/limits"), isAccessKey: false, "ApiKeyLimits", "an API key");
        Map(admin.MapGroup("/access-keys/{id}/limits"), isAccessKey: true, "AccessKeyLimits", "an access key");
    }

    private static void Map(RouteGroupBuilder limits, bool isAccessKey, string name, string key)
    {
        limits.ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        limits.MapGet("", (string id, KeyLimitStore store, CancellationToken cancellationToken) =>
                Get(new(isAccessKey, id), store, cancellationToken))
            .WithName($"Get{name}").WithSummary($"Show the limits of {key}; null for those of the settings");
        limits.MapPut("", (
                string id,
                [FromBody] KeyLimitsDocument document,
                KeyLimitStore store,
                KeyLimitSnapshot snapshot,
                CancellationToken cancellationToken) => Put(new(isAccessKey, id), document, store, snapshot, cancellationToken))
            .WithName($"Put{name}").WithSummary($"Replace the limits of {key}; other processes apply them within 10 seconds")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<KeyLimitsDocument>, ProblemHttpResult>> Get(
        LimitedKey key, KeyLimitStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(key, cancellationToken) is { } limits
            ? TypedResults.Ok(KeyLimitsDocument.Of(limits))
            : KeyLimitErrors.NotFound(key.Id);

    private static async Task<Results<Ok<KeyLimitsDocument>, ProblemHttpResult>> Put(
        LimitedKey key, KeyLimitsDocument document, KeyLimitStore store, KeyLimitSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (Check(document) is { } problem)
        {
            return problem;
        }

        var limits = new KeyLimits(document.RequestsPerSecond, document.Burst, document.MaxConcurrent);
        if (!await store.SetAsync(key, limits, cancellationToken))
        {
            return KeyLimitErrors.NotFound(key.Id);
        }

        await snapshot.RefreshAsync(cancellationToken);
        return TypedResults.Ok(KeyLimitsDocument.Of(limits));
    }

    private static ProblemHttpResult? Check(KeyLimitsDocument document) => document switch
    {
        { RequestsPerSecond: { } rate } when !(rate >= KeyLimits.MinRequestsPerSecond && rate <= KeyLimits.MaxRequestsPerSecond) =>
            KeyLimitErrors.OutOfRange("requestsPerSecond", rate, KeyLimits.MinRequestsPerSecond, KeyLimits.MaxRequestsPerSecond),
        { Burst: { } burst } when burst is < 1 or > KeyLimits.MaxBurst =>
            KeyLimitErrors.OutOfRange("burst", burst, 1, KeyLimits.MaxBurst),
        { MaxConcurrent: { } most } when most is < 1 or > 1_000_000 =>
            KeyLimitErrors.OutOfRange("maxConcurrent", most, 1, 1_000_000),
        { Burst: not null, RequestsPerSecond: null } => KeyLimitErrors.BurstAlone(),
        _ => null,
    };
}

/// <summary>The limits of a key; a missing value, or null, is that of the settings.</summary>
/// <param name="RequestsPerSecond">The requests that the key may send each second.</param>
/// <param name="Burst">The requests that it may send at once after a pause; two seconds of its rate by default.</param>
/// <param name="MaxConcurrent">The requests with a body, and those without, that each process serves for it at once.</param>
internal sealed record KeyLimitsDocument(
    [property: Range(KeyLimits.MinRequestsPerSecond, KeyLimits.MaxRequestsPerSecond)] double? RequestsPerSecond,
    [property: Range(1, KeyLimits.MaxBurst)] int? Burst,
    [property: Range(1, 1_000_000)] int? MaxConcurrent)
{
    public static KeyLimitsDocument Of(KeyLimits limits) => new(limits.RequestsPerSecond, limits.Burst, limits.MaxConcurrent);
}
