using System.Collections.Immutable;
using System.Globalization;
using MediaAspire.Core.Media.Filters;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The lists of media in PostgreSQL.</summary>
/// <remarks>
/// A page is found by a bounded walk of the index of its order. When the walk does not fill the page, few items match or they lie far
/// away: then all of them are collected by other indexes and sorted.
/// </remarks>
public sealed class PostgresMediaSearch(NpgsqlDataSource database, IOptions<MediaSearchOptions> options) : IMediaSearch, IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.Concurrency);

    // For the transaction only. A plan for unknown values would be the wrong one for most; the joins that are left read few rows by their
    // keys, while the others would read a whole table.
    private readonly string _settings = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT set_config('statement_timeout', '{(long)options.Value.Timeout.TotalMilliseconds}', true),
            set_config('transaction_read_only', 'on', true), set_config('plan_cache_mode', 'force_custom_plan', true),
            set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),
            set_config('work_mem', '16MB', true), set_config('random_page_cost', '1.1', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """);

    /// <summary>Gets the limits of walks; tests set them so that few items need both ways.</summary>
    internal SearchBounds Bounds { get; init; } = SearchBounds.Default;

    /// <inheritdoc/>
    public async Task<MediaSearchResult> SearchAsync(MediaQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!await _places.WaitAsync(options.Value.Patience, cancellationToken))
        {
            return MediaSearchResult.Failed(SearchStatus.Busy);
        }

        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            return query.Offset is null
                ? await ByCursorAsync(connection, query, cancellationToken)
                : await ByOffsetAsync(connection, query, cancellationToken);
        }
        catch (PostgresException failure) when (
            failure.SqlState == PostgresErrorCodes.QueryCanceled && !cancellationToken.IsCancellationRequested)
        {
            return MediaSearchResult.Failed(SearchStatus.TooCostly);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<MediaSearchResult> ByCursorAsync(
        NpgsqlConnection connection, MediaQuery query, CancellationToken cancellationToken)
    {
        if (SearchStatements.IsNarrow(query.Filter))
        {
            return Result(query, (await RunAsync(connection, SearchStatements.Narrow(query), isFirst: true, cancellationToken)).Items);
        }

        var walks = SearchStatements.IsWalked(query.Filter);
        if (walks)
        {
            var (found, isCut) = await RunAsync(connection, SearchStatements.Walk(query, Bounds), isFirst: true, cancellationToken);
            if (found.Count > query.Limit || !isCut)
            {
                return Result(query, found);
            }
        }

        return Result(query, (await RunAsync(connection, SearchStatements.Gather(query), isFirst: !walks, cancellationToken)).Items);
    }

    private async Task<MediaSearchResult> ByOffsetAsync(
        NpgsqlConnection connection, MediaQuery query, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(_settings), SearchStatements.Count(query), SearchStatements.AtOffset(query) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var count = (int)reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var items = await MediaRows.ReadAsync(reader, cancellationToken);
        return Result(query, items) with { Count = count, Next = null };
    }

    // The rows of a walk that do not match are left out; they say only where it ended.
    private async Task<(List<MediaItem> Items, bool IsCut)> RunAsync(
        NpgsqlConnection connection, NpgsqlBatchCommand search, bool isFirst, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (isFirst)
        {
            batch.BatchCommands.Add(new(_settings));
        }

        batch.BatchCommands.Add(search);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (isFirst)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        var hits = new List<bool>();
        var isCut = false;
        var items = await MediaRows.ReadAsync(
            reader,
            row =>
            {
                hits.Add(row.GetBoolean(MediaRows.ColumnCount));
                isCut |= row.GetBoolean(MediaRows.ColumnCount + 1);
            },
            cancellationToken);
        return ([.. items.Where((_, i) => hits[i])], isCut);
    }

    private static MediaSearchResult Result(MediaQuery query, List<MediaItem> found)
    {
        ImmutableArray<MediaItem> items = [.. found.Take(query.Limit)];
        var next = found.Count > query.Limit ? MediaPosition.Of(items[^1], query.Filter.Order.Key) : null;
        return new(SearchStatus.Found, items, next, 0);
    }
}
