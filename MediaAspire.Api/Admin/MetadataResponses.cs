using MediaAspire.Core.Media.Redis;

namespace MediaAspire.Api.Admin;

/// <param name="To"><c>redis</c> or <c>postgres</c>.</param>
/// <param name="Generation">
/// For a dry run of an import: the generation in Redis to import from; null for the last one from before the database was restored.
/// </param>
/// <param name="Confirm">For an import: the id of its dry run, which ended within the last hour.</param>
public sealed record RebuildMetadataRequest(string? To = null, string? Generation = null, Guid? Confirm = null);

/// <param name="Stores"><c>postgres</c> or <c>redis+postgres</c>, as this process has it.</param>
/// <param name="Mode"><c>hot</c> while Redis serves reads, else <c>bypass</c>.</param>
/// <param name="Reason">Why Redis serves none; null while it does.</param>
/// <param name="Generation">The number of the generation in Redis.</param>
/// <param name="ChangedAt">The time at which it was opened or closed.</param>
/// <param name="Generations">The generations whose values Redis may still have, the newest first; null when it does not respond.</param>
/// <param name="Runs">The latest comparisons and rebuilds, the newest first.</param>
internal sealed record MetadataResponse(
    string Stores,
    string Mode,
    string? Reason,
    long Generation,
    DateTimeOffset ChangedAt,
    IReadOnlyList<MetadataGenerationResponse>? Generations,
    IReadOnlyList<MetadataRunResponse> Runs)
{
    private const int RunsShown = 20;

    public static MetadataResponse Of(
        MetadataOptions options,
        MetadataGeneration generation,
        IReadOnlyList<PastGeneration>? past,
        IReadOnlyList<MetadataRun> runs) => new(
        options.Stores,
        options.UsesRedis && generation.IsHot ? "hot" : "bypass",
        !options.UsesRedis ? "Metadata:Stores is postgres." : generation.IsHot ? null : generation.Reason,
        generation.Number,
        generation.ChangedAt,
        past is null
            ? null
            : [.. past.Select(known => new MetadataGenerationResponse(known.Nonce, known.OpenedAt, known.Nonce == generation.Nonce))],
        [.. runs.Take(RunsShown).Select(MetadataRunResponse.Of)]);
}

/// <param name="Id">Its name.</param>
/// <param name="OpenedAt">The time at which it was opened.</param>
/// <param name="IsCurrent">A value indicating whether it is the current one.</param>
internal sealed record MetadataGenerationResponse(string Id, DateTimeOffset OpenedAt, bool IsCurrent);

/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>compare</c>, <c>fill</c>, <c>to-redis</c> or <c>to-postgres</c>.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Generation">The generation that an import reads; null for others.</param>
/// <param name="DryRun">A value indicating whether an import only counts.</param>
/// <param name="RequestedAt">The time of the request.</param>
/// <param name="StartedAt">The time at which it began.</param>
/// <param name="EndedAt">The time at which it ended.</param>
/// <param name="Seconds">The time that it took; null before its end.</param>
/// <param name="ItemsTotal">The items there were at the start.</param>
/// <param name="ItemsDone">The items that were dealt with.</param>
/// <param name="Differences">The items that Redis has in another state than PostgreSQL, or alone; null for an import.</param>
/// <param name="Counts">
/// The items by finding: <c>equal</c>, <c>missing</c> in Redis, <c>older</c>, <c>newer</c>, <c>different</c>, <c>extra</c>; and for an
/// import <c>imported</c>, <c>imported-without-alias</c>, <c>refused</c>.
/// </param>
/// <param name="Examples">A few items of each finding.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
internal sealed record MetadataRunResponse(
    Guid Id,
    string Kind,
    string State,
    string? Generation,
    bool DryRun,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    double? Seconds,
    long ItemsTotal,
    long ItemsDone,
    long? Differences,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyList<MetadataExample> Examples,
    string? Error)
{
    public static MetadataRunResponse Of(MetadataRun run) => new(
        run.Id,
        run.Kind,
        run.State,
        run.Source,
        run.IsDryRun,
        run.RequestedAt,
        run.StartedAt,
        run.EndedAt,
        run.EndedAt - run.StartedAt is { } time ? Math.Round(time.TotalSeconds, 3) : null,
        run.ItemsTotal,
        run.ItemsDone,
        run.Kind == MetadataRunKinds.ToPostgres
            ? null
            : run.Counts.Where(count => MetadataFindings.Differences.Contains(count.Key)).Sum(count => count.Value),
        run.Counts,
        run.Examples,
        run.Error);
}
