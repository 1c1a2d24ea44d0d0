using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The generations whose values Redis may still have, recorded there: after the loss of a database, one is imported.</summary>
public sealed class GenerationHistory(
    IConnectionMultiplexer connection, GenerationTable table, IOptions<MetadataOptions> options, TimeProvider time)
{
    /// <summary>Lists the generations that were opened within the lifetime of a value, the newest first.</summary>
    /// <returns><see langword="null"/> when Redis does not respond.</returns>
    public async Task<IReadOnlyList<PastGeneration>?> TryListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var fields = await connection.GetDatabase().HashGetAllAsync(GenerationScript.Generations)
                .WaitAsync(options.Value.WriteTimeout, time, cancellationToken);
            return [.. fields.Select(Parse).OfType<PastGeneration>().OrderByDescending(generation => generation.OpenedAt)];
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Records a generation, and forgets those whose values have expired.</summary>
    /// <exception cref="RedisException">Redis refused it, or failed.</exception>
    /// <exception cref="TimeoutException">Redis did not respond in time.</exception>
    internal async Task AddAsync(string nonce, CancellationToken cancellationToken)
    {
        var run = await table.ReadServerRunAsync(cancellationToken);
        var database = connection.GetDatabase();
        await database.HashSetAsync(
            GenerationScript.Generations, nonce, $"{time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)} {run}")
            .WaitAsync(options.Value.WriteTimeout, time, cancellationToken);
        if (await TryListAsync(cancellationToken) is not { Count: > 1 } known)
        {
            return;
        }

        // A generation lives until the next one is opened; its values live on for a while.
        var expired = known.Zip(known.Skip(1), (next, before) => (next, before))
            .Where(pair => time.GetUtcNow() - pair.next.OpenedAt > options.Value.ValueLifetime)
            .Select(pair => (RedisValue)pair.before.Nonce)
            .ToArray();
        if (expired.Length > 0)
        {
            await database.HashDeleteAsync(GenerationScript.Generations, expired)
                .WaitAsync(options.Value.WriteTimeout, time, cancellationToken);
        }
    }

    private static PastGeneration? Parse(HashEntry field) =>
        ((string?)field.Value)?.Split(' ', 2) is [var at, var run]
        && DateTimeOffset.TryParseExact(at, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var openedAt)
            ? new((string)field.Name!, openedAt, run)
            : null;
}

/// <summary>A generation that was opened.</summary>
/// <param name="Nonce">Its name.</param>
/// <param name="OpenedAt">The time, by the clock of the worker.</param>
/// <param name="ServerRun">The run of the database server at that time; another one after a restart, or the restore of a backup.</param>
public sealed record PastGeneration(string Nonce, DateTimeOffset OpenedAt, string ServerRun);
