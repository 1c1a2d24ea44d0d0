using MediaAspire.Core.Ids;
using StackExchange.Redis;

namespace MediaAspire.Core.Media.Redis;

/// <summary>Compares every item of PostgreSQL with its value in the hot generation, and repairs Redis where that is wanted.</summary>
public sealed class MetadataComparison
{
    private const int PageSize = 200;

    // A write in between looks like a difference; three in a row do not.
    private const int Attempts = 3;

    private readonly CatalogPages _catalog;
    private readonly GenerationKeys _keys;
    private readonly GenerationLease _lease;
    private readonly IConnectionMultiplexer _connection;

    internal MetadataComparison(CatalogPages catalog, GenerationKeys keys, GenerationLease lease, IConnectionMultiplexer connection) =>
        (_catalog, _keys, _lease, _connection) = (catalog, keys, lease, connection);

    /// <summary>Compares all items, those of Redis too.</summary>
    /// <param name="repairs">Whether what is missing or wrong in Redis is replaced.</param>
    /// <param name="tally">Receives the counts.</param>
    /// <param name="progress">Called after each page.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="MetadataRunException">No generation is hot, or it was closed meanwhile.</exception>
    public async Task RunAsync(bool repairs, MetadataTally tally, Func<Task> progress, CancellationToken cancellationToken)
    {
        var generation = _lease.FindHot() ?? throw new MetadataRunException("No generation in Redis is open.");
        try
        {
            List<MediaItem> page = [];
            do
            {
                page = await _catalog.ReadAsync(page.Count == 0 ? null : page[^1].Id, PageSize, cancellationToken);
                await ComparePageAsync(generation, page, repairs, tally, cancellationToken);
                Check(generation);
                tally.Advance(page.Count);
                await progress();
            }
            while (page.Count == PageSize);

            await FindExtraAsync(generation, repairs, tally, cancellationToken);
            Check(generation);
        }
        catch (GenerationUnavailableException failure)
        {
            throw new MetadataRunException(failure.Message, failure);
        }
    }

    private static string FindingOf(MediaItem item, byte[]? value) =>
        value is null ? MetadataFindings.Missing
        : MediaValue.VersionOf(value) is not { } version ? MetadataFindings.Different
        : version < item.Version ? MetadataFindings.Older
        : version > item.Version ? MetadataFindings.Newer
        : MediaValue.Encode(item).AsSpan().SequenceEqual(value) ? MetadataFindings.Equal
        : MetadataFindings.Different;

    private void Check(MetadataGeneration generation)
    {
        if (!_lease.Holds(generation))
        {
            throw new MetadataRunException("The generation in Redis was closed meanwhile.");
        }
    }

    private async Task ComparePageAsync(
        MetadataGeneration generation, List<MediaItem> page, bool repairs, MetadataTally tally, CancellationToken cancellationToken)
    {
        var compared = await CompareAsync(generation, page, cancellationToken);
        foreach (var (item, finding, redis) in compared)
        {
            tally.Add(finding, item.Id, item.Version, redis);
        }

        if (repairs)
        {
            await _keys.TouchAsync(generation, Of(MetadataFindings.Equal), cancellationToken);
            await RepairAsync(
                generation,
                missing: [.. Of(MetadataFindings.Missing).Select(item => item.Id)],
                wrong: [.. compared.Where(row => MetadataFindings.Differences.Contains(row.Finding)).Select(row => row.Item.Id)],
                cancellationToken);
        }

        IReadOnlyCollection<MediaItem> Of(string finding) => [.. compared.Where(row => row.Finding == finding).Select(row => row.Item)];
    }

    /// <summary>Compares items with their values, which are read after them.</summary>
    private async Task<List<(MediaItem Item, string Finding, long? Redis)>> CompareAsync(
        MetadataGeneration generation, List<MediaItem> items, CancellationToken cancellationToken)
    {
        var compared = new List<(MediaItem Item, string Finding, long? Redis)>();
        for (var attempt = 1; items.Count > 0; attempt++)
        {
            var values = await _keys.GetAsync(generation, [.. items.Select(item => item.Id)], claim: null, cancellationToken);
            var suspects = new List<MediaId>();
            foreach (var (item, cached) in items.Zip(values))
            {
                var finding = FindingOf(item, cached.Value);
                if (finding is MetadataFindings.Equal or MetadataFindings.Missing || attempt == Attempts)
                {
                    compared.Add((item, finding, VersionOf(cached.Value)));
                }
                else
                {
                    suspects.Add(item.Id);
                }
            }

            // Those that were deleted meanwhile are left out.
            items = suspects.Count == 0 ? [] : [.. (await _catalog.ReadAsync(suspects, cancellationToken)).Values];
        }

        return compared;
    }

    private async Task RepairAsync(
        MetadataGeneration generation, List<MediaId> missing, List<MediaId> wrong, CancellationToken cancellationToken)
    {
        var claim = GenerationScript.NewName();
        var claimed = new List<MediaId>(wrong);
        if (wrong.Count > 0)
        {
            await _keys.ClaimAsync(generation, claim, wrong, cancellationToken);
        }

        if (missing.Count > 0)
        {
            var places = await _keys.GetAsync(generation, missing, claim, cancellationToken);
            claimed.AddRange(missing.Zip(places).Where(pair => pair.Second.IsClaimed).Select(pair => pair.First));
        }

        if (claimed.Count > 0)
        {
            // Read after the claims: what was read before may be old by now.
            var items = await _catalog.ReadAsync(claimed, cancellationToken);
            await _keys.FillAsync(
                generation, claim, [.. claimed.Select(id => (id, items.GetValueOrDefault(id)))], cancellationToken);
        }
    }

    private async Task FindExtraAsync(
        MetadataGeneration generation, bool repairs, MetadataTally tally, CancellationToken cancellationToken)
    {
        await foreach (var ids in GenerationScan.ListAsync(_connection, generation.Nonce, PageSize, cancellationToken))
        {
            var values = await _keys.GetAsync(generation, ids, claim: null, cancellationToken);
            var present = ids.Zip(values).Where(pair => pair.Second.Value is not null)
                .ToDictionary(pair => pair.First, pair => pair.Second);
            var known = await _catalog.ReadAsync(present.Keys, cancellationToken);
            List<MediaId> suspects = [.. present.Keys.Where(id => !known.ContainsKey(id))];
            if (suspects.Count == 0)
            {
                continue;
            }

            // Those that were deleted between the two reads have no value any more.
            var again = await _keys.GetAsync(generation, suspects, claim: null, cancellationToken);
            List<MediaId> extra = [.. suspects.Zip(again).Where(pair => pair.Second.Value is not null).Select(pair => pair.First)];
            foreach (var id in extra)
            {
                tally.Add(MetadataFindings.Extra, id, postgres: null, VersionOf(present[id].Value));
            }

            if (repairs)
            {
                await RepairAsync(generation, missing: [], wrong: extra, cancellationToken);
            }
        }
    }

    private static long? VersionOf(byte[]? value) => value is null ? null : MediaValue.VersionOf(value);
}
