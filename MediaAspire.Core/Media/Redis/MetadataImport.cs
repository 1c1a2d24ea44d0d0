using MediaAspire.Core.Ids;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace MediaAspire.Core.Media.Redis;

/// <summary>
/// Imports into PostgreSQL the items that it lacks, or has in older versions, from an old generation in Redis: after the database was
/// restored from a backup.
/// </summary>
/// <remarks>
/// It writes to PostgreSQL alone, so no generation may be hot meanwhile. Each item gets a version above the one that clients have seen.
/// An import that was interrupted is repeated.
/// </remarks>
public sealed class MetadataImport
{
    private const int PageSize = 100;

    private readonly PostgresMediaStore _store;
    private readonly NpgsqlDataSource _database;
    private readonly CatalogPages _catalog;
    private readonly IConnectionMultiplexer _connection;
    private readonly MetadataOptions _options;
    private readonly TimeProvider _time;

    internal MetadataImport(
        PostgresMediaStore store,
        NpgsqlDataSource database,
        CatalogPages catalog,
        IConnectionMultiplexer connection,
        IOptions<MetadataOptions> options,
        TimeProvider time) =>
        (_store, _database, _catalog, _connection, _options, _time) = (store, database, catalog, connection, options.Value, time);

    /// <summary>Imports items, or only counts what would be imported.</summary>
    /// <param name="source">The nonce of the generation.</param>
    /// <param name="isDryRun">Whether nothing is written.</param>
    /// <param name="tally">Receives the counts.</param>
    /// <param name="progress">Called after each page.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    /// <exception cref="MetadataRunException">Redis did not answer.</exception>
    public async Task RunAsync(
        string source, bool isDryRun, MetadataTally tally, Func<Task> progress, CancellationToken cancellationToken)
    {
        await foreach (var ids in GenerationScan.ListAsync(_connection, source, PageSize, cancellationToken))
        {
            var known = await _catalog.ReadAsync(ids, cancellationToken);
            foreach (var item in await ReadAsync(source, ids, cancellationToken))
            {
                var existing = known.GetValueOrDefault(item.Id);
                var finding = existing is null ? MetadataFindings.Missing
                    : existing.Version < item.Version ? MetadataFindings.Older
                    : existing.Version > item.Version ? MetadataFindings.Newer
                    : MetadataFindings.Equal;
                tally.Add(finding, item.Id, existing?.Version, item.Version);
                if (!isDryRun && finding is MetadataFindings.Missing or MetadataFindings.Older)
                {
                    tally.Add(await ImportAsync(item, cancellationToken), item.Id, existing?.Version, item.Version);
                }
            }

            tally.Advance(ids.Count);
            await progress();
        }
    }

    private async Task<IEnumerable<MediaItem>> ReadAsync(string source, IReadOnlyList<MediaId> ids, CancellationToken cancellationToken)
    {
        try
        {
            RedisKey[] keys = [.. ids.Select(id => (RedisKey)(GenerationScript.ItemPrefixOf(source) + (string)GenerationKeys.KeyOf(id)!))];
            var values = await _connection.GetDatabase().StringGetAsync(keys)
                .WaitAsync(_options.WriteTimeout, _time, cancellationToken);
            return ids.Zip(values, (id, value) => value.IsNull ? null : MediaValue.TryDecode((byte[])value!, id)).OfType<MediaItem>();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw new MetadataRunException($"Redis did not return values: {failure.Message}", failure);
        }
    }

    private async Task<string> ImportAsync(MediaItem item, CancellationToken cancellationToken)
    {
        try
        {
            var finding = await TryWriteAsync(item, cancellationToken);
            if (finding is null)
            {
                finding = await TryWriteAsync(item with { Alias = null }, cancellationToken) is null
                    ? MetadataFindings.Refused : MetadataFindings.ImportedWithoutAlias;
            }

            if (finding is MetadataFindings.Imported or MetadataFindings.ImportedWithoutAlias)
            {
                await CompleteAsync(item, cancellationToken);
            }

            return finding;
        }
        catch (QuotaExceededException)
        {
            return MetadataFindings.Refused;
        }
    }

    /// <returns>The finding; <see langword="null"/> when another item has the alias.</returns>
    private async Task<string?> TryWriteAsync(MediaItem item, CancellationToken cancellationToken)
    {
        var outcome = await _store.ChangeAsync<string>(
            [item.Id],
            set => set.Find(item.Id) switch
            {
                null => new(MetadataFindings.Imported) { Created = [item] },
                var existing when existing.Version >= item.Version => new(MetadataFindings.Newer),
                var existing when existing.Parts.Length != item.Parts.Length || existing.Owner != item.Owner
                    || existing.Kind != item.Kind => new(MetadataFindings.Refused),
                _ => new(MetadataFindings.Imported) { Changed = [item] },
            },
            cancellationToken);
        return outcome.Conflict is null ? outcome.Outcome : null;
    }

    // Last: until then the version is low, and a repetition imports the item again.
    private async Task CompleteAsync(MediaItem item, CancellationToken cancellationToken)
    {
        await using var batch = _database.CreateBatch();

        // Closes a generation that another worker, which has taken over meanwhile, may have opened.
        batch.BatchCommands.Add(new("SELECT set_config('mediaaspire.stores', 'import', true)"));
        batch.BatchCommands.Add(new("DELETE FROM media_object_deletions WHERE object_key = ANY ($1)")
        {
            Parameters = { new() { Value = item.Parts.Select(part => part.ObjectKey).ToArray() } },
        });
        batch.BatchCommands.Add(new(
            "UPDATE media SET version = greatest(version, $2) + 1, created_at = $3 WHERE media_id = $1")
        {
            Parameters =
            {
                new() { Value = item.Id.Value }, new() { Value = item.Version }, new() { Value = item.CreatedAt },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
