using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using System.Text.Json;
using MediaAspire.Core.Media.Filters;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The lists of media in PostgreSQL.</summary>
/// <remarks>
/// A page is found by a bounded walk of the index of its order. When the walk does not fill the page, or the planner supposes so, few items
/// match or they lie far away: then all of them are collected by other indexes and sorted.
/// </remarks>
public sealed class PostgresMediaSearch(NpgsqlDataSource database, IOptions<MediaSearchOptions> options) : IMediaSearch, IDisposable
{
    // Of a page in memory. With that of a disk, the planner reads 100,000 entries of another index to spare 4,000 rows: 23 instead of 9 ms.
    private const double PageCost = 0.4;

    private readonly SemaphoreSlim _places = new(options.Value.Concurrency);

    // For the transaction only. A plan for unknown values would be the wrong one for most; the joins that are left read few rows by their
    // keys, while the others would read a whole table.
    private readonly string _settings = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT set_config('statement_timeout', '{(long)options.Value.Timeout.TotalMilliseconds}', true),
            set_config('transaction_read_only', 'on', true), set_config('plan_cache_mode', 'force_custom_plan', true),
            set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),
            set_config('work_mem', '16MB', true), set_config('random_page_cost', '{PageCost}', true),
            set_config('seq_page_cost', '{PageCost}', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """);

    // A walk reads the index of its order, even where the planner supposes that few entries match and would gather and sort them.
    private const string Walking = "SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)";

    // The most items that are gathered, for each that the planner supposes.
    private const int GatheredForEstimate = 2;

    private const string Gathering = "SELECT set_config('enable_bitmapscan', 'on', true), set_config('enable_sort', 'on', true)";

    /// <summary>Gets the limits of walks; tests set them so that few items need both ways.</summary>
    internal SearchBounds Bounds { get; init; } = SearchBounds.Default;

    /// <inheritdoc/>
    public async Task<MediaSearchResult> SearchAsync(MediaQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Filter.IsContradictory)
        {
            return Result(query, []);
        }

        if (!await _places.WaitAsync(options.Value.Patience, cancellationToken))
        {
            return MediaSearchResult.Failed(SearchStatus.Busy);
        }

        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            // All statements of a search see the same items.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
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
            var narrow = SearchStatements.Narrow(query);
            return Result(query, await RunAsync(connection, [_settings], narrow, static _ => { }, cancellationToken));
        }

        var walk = new SearchWalk(query, Bounds);
        var estimate = await BeginAsync(connection, walk, query, cancellationToken);
        if (walk.GoesOn && estimate <= PageCost * Bounds.Gathered(query.Limit))
        {
            var isMore = false;
            var few = SearchStatements.GatherFew(query, GatheredForEstimate * Bounds.Gathered(query.Limit));
            var items = await RunAsync(
                connection, [Gathering], few, row => isMore = row.GetBoolean(MediaRows.ColumnCount), cancellationToken);
            if (!isMore)
            {
                return Result(query, items);
            }
        }

        for (string[] settings = [Walking]; walk.GoesOn; settings = [])
        {
            walk.Add(await RunAsync(connection, settings, walk.Compose(), walk.Read, cancellationToken));
        }

        return Result(
            query,
            walk.IsCut
                ? await RunAsync(connection, [Gathering], SearchStatements.Gather(query), static _ => { }, cancellationToken)
                : walk.Found);
    }

    // The first stage of the walk. If it does not fill the page, the planner's estimate decides how to go on.
    private async Task<double> BeginAsync(
        NpgsqlConnection connection, SearchWalk walk, MediaQuery query, CancellationToken cancellationToken)
    {
        var isEstimated = SearchStatements.IsEstimated(query.Filter);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(_settings) } };
        if (isEstimated)
        {
            batch.BatchCommands.Add(SearchStatements.Estimate(query));
        }

        batch.BatchCommands.Add(new(Walking));
        batch.BatchCommands.Add(walk.Compose());

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var estimate = double.PositiveInfinity;
        if (isEstimated)
        {
            await reader.ReadAsync(cancellationToken);
            using var plan = JsonDocument.Parse(reader.GetString(0));
            estimate = plan.RootElement[0].GetProperty("Plan").GetProperty("Total Cost").GetDouble();
            await reader.NextResultAsync(cancellationToken);
        }

        await reader.NextResultAsync(cancellationToken);
        walk.Add(await MediaRows.ReadAsync(reader, walk.Read, cancellationToken));
        return estimate;
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

    private static async Task<List<MediaItem>> RunAsync(
        NpgsqlConnection connection, string[] settings, NpgsqlBatchCommand search, Action<NpgsqlDataReader> onItem,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var setting in settings)
        {
            batch.BatchCommands.Add(new(setting));
        }

        batch.BatchCommands.Add(search);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (var i = 0; i < settings.Length; i++)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        return await MediaRows.ReadAsync(reader, onItem, cancellationToken);
    }

    private static MediaSearchResult Result(MediaQuery query, List<MediaItem> found)
    {
        ImmutableArray<MediaItem> items = [.. found.Take(query.Limit)];
        var next = found.Count > query.Limit ? MediaPosition.Of(items[^1], query.Filter.Order.Key) : null;
        return new(SearchStatus.Found, items, next, 0);
    }
}
