using System.Globalization;
using System.Runtime.CompilerServices;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Core.Staging;

/// <summary>Short-term storage: bytes in Redis until a worker has split them over the storage nodes. Thread-safe.</summary>
/// <remarks>
/// <para>
/// A value is cut into pieces, so that no command keeps Redis, or memory here, busy for long. It has no time to live: it stays until it is
/// freed. With an append-only file and <c>appendfsync always</c> each piece is on stable storage before its write is acknowledged.
/// </para>
/// <para>Every method that reaches Redis throws <see cref="StagingException"/>,
/// <see cref="StagingFailure.Unavailable"/> when it does not answer.</para>
/// </remarks>
public sealed class StagingArea(
    IConnectionMultiplexer redis, IOptions<StagingOptions> options, StagingMetrics metrics, TimeProvider time, ILogger<StagingArea> logger)
{
    /// <summary>Bytes of every piece but a value's last. With Redis's own header it just fits an allocation of 64 KiB.</summary>
    public const int PieceBytes = 63 * 1024;

    /// <summary>Pieces of a value that are on their way at once, to or from Redis: about 1 MiB.</summary>
    public const int PiecesAhead = 16;

    /// <summary>The key that holds the id of the cluster that the values belong to.</summary>
    public const string OwnerKey = "staging:cluster";

    private const string TotalKey = "staging:bytes";
    private const string IndexKey = "staging:values";

    /// <summary>Begins a new value.</summary>
    public StagingWriter Create() => new(this, StagingId.New(time), options.Value.MaxSize, metrics, logger);

    /// <summary>Reads a value piece by piece, some of them ahead.</summary>
    /// <param name="id">The value's id.</param>
    /// <param name="size">Its length in bytes.</param>
    /// <param name="offset">First byte wanted, from 0 to <paramref name="size"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StagingException">A piece is missing or of another length, or Redis does not answer.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        StagingId id, long size, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = (size + PieceBytes - 1) / PieceBytes;
        var next = offset / PieceBytes;
        var skip = (int)(offset % PieceBytes);
        var ahead = new Queue<Task<byte[]>>(PiecesAhead);
        while (true)
        {
            for (; next < count && ahead.Count < PiecesAhead; next++)
            {
                ahead.Enqueue(ReadPieceAsync(id, next, (int)Math.Min(PieceBytes, size - (next * PieceBytes)), cancellationToken));
            }

            if (!ahead.TryDequeue(out var piece))
            {
                yield break;
            }

            yield return (await piece).AsMemory(skip);
            skip = 0;
        }
    }

    /// <summary>Frees a value and its share of the bound. Doing it again does nothing.</summary>
    /// <returns><see langword="true"/> when there was something to free.</returns>
    public async Task<bool> FreeAsync(StagingId id, CancellationToken cancellationToken)
    {
        var freed = (int)await EvaluateAsync(StagingScripts.Free, [KeyOf(id), TotalKey, IndexKey], [$"{id}"], cancellationToken) == 1;
        if (freed)
        {
            metrics.Freed();
        }

        return freed;
    }

    /// <summary>Tells how much is staged.</summary>
    public async Task<StagingFigures> MeasureAsync(CancellationToken cancellationToken)
    {
        var figures = (long[])(await EvaluateAsync(StagingScripts.Measure, [TotalKey, IndexKey], [], cancellationToken))!;
        return new(figures[0], figures[1], TimeSpan.FromSeconds(figures[2]));
    }

    /// <summary>Lists values whose last piece came in longer ago than <paramref name="age"/>, the oldest first.</summary>
    public async Task<IReadOnlyList<StagingId>> ListOlderAsync(TimeSpan age, long skip, int limit, CancellationToken cancellationToken)
    {
        var ids = (string[])(await EvaluateAsync(
            StagingScripts.ListOlder, [IndexKey], [(long)age.TotalSeconds, skip, limit], cancellationToken))!;
        return [.. ids.Select(id => new StagingId(Guid.ParseExact(id, "D")))];
    }

    /// <summary>Reads the cluster that owns the values.</summary>
    /// <returns>Null when no cluster owns them, or the key holds something else than an id.</returns>
    public async Task<ClusterId?> ReadOwnerAsync(CancellationToken cancellationToken)
    {
        string? owner = await CallAsync(database => database.StringGetAsync(OwnerKey), cancellationToken);
        return ClusterId.TryParse(owner, out var cluster) ? cluster : null;
    }

    /// <summary>Makes a cluster the owner of the values, unless they have one.</summary>
    /// <returns>The cluster that owns them now.</returns>
    public async Task<ClusterId?> SetOwnerAsync(ClusterId cluster, CancellationToken cancellationToken)
    {
        await CallAsync(database => database.StringSetAsync(OwnerKey, cluster.ToString(), when: When.NotExists), cancellationToken);
        return await ReadOwnerAsync(cancellationToken);
    }

    /// <summary>Writes one piece; it is durable when this returns. Doing it again does nothing.</summary>
    internal async Task AppendAsync(StagingId id, int number, byte[] piece, CancellationToken cancellationToken)
    {
        var taken = (int)await EvaluateAsync(
            StagingScripts.Append,
            [KeyOf(id), TotalKey, IndexKey],
            [$"{id}", number, piece, options.Value.MaxBytes],
            cancellationToken) == 1;
        if (!taken)
        {
            throw new StagingException(
                StagingFailure.Full,
                $"Short-term storage is full: it may hold {options.Value.MaxBytes} bytes. "
                + "Try again later, or raise Staging:MaxBytes.");
        }
    }

    private async Task<byte[]> ReadPieceAsync(StagingId id, long number, int length, CancellationToken cancellationToken)
    {
        byte[]? piece = await CallAsync(
            database => database.HashGetAsync(KeyOf(id), number.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        return piece?.Length == length
            ? piece
            : throw new StagingException(
                StagingFailure.Missing, $"Piece {number} of the staged value {id} has {piece?.Length ?? 0} bytes instead of {length}.");
    }

    private Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken) =>
        CallAsync(database => database.ScriptEvaluateAsync(script, keys, values), cancellationToken);

    private async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(redis.GetDatabase()).WaitAsync(options.Value.CommandTimeout, time, cancellationToken);
        }
        catch (RedisServerException full) when (full.Message.Contains("OOM command not allowed", StringComparison.Ordinal))
        {
            throw new StagingException(StagingFailure.Full, "Redis has no memory left for more values.", full);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw new StagingException(StagingFailure.Unavailable, $"Redis did not serve short-term storage: {failure.Message}", failure);
        }
    }

    private static RedisKey KeyOf(StagingId id) => $"staging:value:{id}";
}
