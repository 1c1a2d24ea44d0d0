using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The keys of a generation in Redis: items by their ids, and hints from aliases to ids. Every call is one script.</summary>
/// <remarks>
/// Each call throws <see cref="GenerationUnavailableException"/> when Redis did not confirm it within a limit. It may still take effect
/// later, which is harmless: see docs/adr/0023-media-in-redis.md.
/// </remarks>
internal sealed class GenerationKeys(IConnectionMultiplexer connection, IOptions<MetadataOptions> options, TimeProvider time)
{
    // A claim outlives a slow read of PostgreSQL, and a slow transaction.
    private const int FillClaimMilliseconds = 10_000;
    private const int WriteClaimMilliseconds = 60_000;

    private static readonly RedisKey[] s_keys = [GenerationScript.KeyPrefix];

    /// <summary>Gets the value of an item, or claims its absent place.</summary>
    public async Task<CachedItem> GetAsync(MetadataGeneration generation, MediaId id, string claim, CancellationToken cancellationToken) =>
        Read(await ReadAsync(generation, ["get", claim, FillClaimMilliseconds, KeyOf(id)], cancellationToken));

    /// <summary>Gets the id that an alias had last, as far as known, and the value of that item; or claims its absent place.</summary>
    public async Task<(MediaId Id, CachedItem Item)?> GetByAliasAsync(
        MetadataGeneration generation, MediaOwner owner, MediaAlias alias, string claim, CancellationToken cancellationToken)
    {
        var result = await ReadAsync(generation, ["alias", claim, FillClaimMilliseconds, KeyOf(owner, alias)], cancellationToken);
        return result.Resp2Type == ResultType.Array && Guid.TryParseExact((string?)result[0], "N", out var id)
            ? (new MediaId(id), Read(result[1]))
            : null;
    }

    /// <summary>Gets the values of items, and claims the absent places where a claim is given.</summary>
    public async Task<IReadOnlyList<CachedItem>> GetAsync(
        MetadataGeneration generation, IReadOnlyList<MediaId> ids, string? claim, CancellationToken cancellationToken)
    {
        RedisValue[] arguments = claim is null
            ? ["peek", .. ids.Select(KeyOf)]
            : ["getall", claim, FillClaimMilliseconds, .. ids.Select(KeyOf)];
        var results = (RedisResult[])(await WriteAsync(generation, arguments, cancellationToken))!;
        return [.. results.Select(Read)];
    }

    /// <summary>Fills the places that are still claimed with what PostgreSQL told after the claim.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="claim">The name of the claim.</param>
    /// <param name="items">The items; <see langword="null"/> for one that does not exist, whose claim is released.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of places filled.</returns>
    public async Task<long> FillAsync(
        MetadataGeneration generation,
        string claim,
        IReadOnlyCollection<(MediaId Id, MediaItem? Item)> items,
        CancellationToken cancellationToken) =>
        (long)await RunAsync(
            generation,
            ["fill", claim, Lifetime(), .. items.SelectMany(pair => new[] { KeyOf(pair.Id), ValueOf(pair.Item) })],
            items.Count == 1 ? options.Value.ReadTimeout : options.Value.WriteTimeout,
            cancellationToken);

    /// <summary>Records the item that has an alias. It is a hint only: who reads it compares the item's alias.</summary>
    public Task HintAsync(MetadataGeneration generation, MediaItem item, MediaAlias alias, CancellationToken cancellationToken) =>
        ReadAsync(generation, ["hint", KeyOf(item.Owner, alias), KeyOf(item.Id), Lifetime()], cancellationToken);

    /// <summary>Lets values of these versions stay for another lifetime.</summary>
    public Task TouchAsync(
        MetadataGeneration generation, IReadOnlyCollection<MediaItem> items, CancellationToken cancellationToken) => WriteAsync(
        generation,
        ["touch", Lifetime(), .. items.SelectMany(item => new[] { KeyOf(item.Id), (RedisValue)item.Version })],
        cancellationToken);

    /// <summary>Takes the values of items out of the readers' way before they are written.</summary>
    public Task ClaimAsync(
        MetadataGeneration generation, string claim, IReadOnlyCollection<MediaId> ids, CancellationToken cancellationToken) =>
        WriteAsync(generation, ["claim", claim, WriteClaimMilliseconds, .. ids.Select(KeyOf)], cancellationToken);

    /// <summary>Gives claims up.</summary>
    public Task ReleaseAsync(
        MetadataGeneration generation, string claim, IReadOnlyCollection<MediaId> ids, CancellationToken cancellationToken) =>
        ReadAsync(generation, ["release", claim, .. ids.Select(KeyOf)], cancellationToken);

    /// <summary>
    /// Publishes committed states. Afterwards no reader of the generation finds an older one, unless the result is not zero.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="claim">The claim of the write; any text when it has none.</param>
    /// <param name="written">The items as they are stored now.</param>
    /// <param name="deleted">The items that do not exist any more.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of items of which Redis has a newer state, or a different one of the same version.</returns>
    public async Task<long> PublishAsync(
        MetadataGeneration generation,
        string claim,
        IReadOnlyCollection<MediaItem> written,
        IReadOnlyCollection<MediaId> deleted,
        CancellationToken cancellationToken) =>
        (long)await WriteAsync(
            generation,
            [
                "publish", claim, Lifetime(),
                .. written.SelectMany(item => new[] { KeyOf(item.Id), item.Version, ValueOf(item) }),
                .. deleted.SelectMany(id => new[] { KeyOf(id), 0, RedisValue.EmptyString }),
            ],
            cancellationToken);

    /// <summary>Gets the name of an item within a generation.</summary>
    internal static RedisValue KeyOf(MediaId id) => id.Value.ToString("N");

    // An alias has no colon.
    private static RedisValue KeyOf(MediaOwner owner, MediaAlias alias) => $"{alias.Value}:{owner.Value}";

    private static RedisValue ValueOf(MediaItem? item) => item is null ? RedisValue.EmptyString : MediaValue.Encode(item);

    private static CachedItem Read(RedisResult result) => result.Resp2Type == ResultType.Integer
        ? new CachedItem(null, IsClaimed: (long)result == 1)
        : new CachedItem((byte[])result!, IsClaimed: false);

    // A tenth of the time at random, so that values that were put in together do not leave together.
    private RedisValue Lifetime() => (long)(options.Value.ValueLifetime.TotalMilliseconds * (1 - (Random.Shared.NextDouble() / 10)));

    private Task<RedisResult> ReadAsync(MetadataGeneration generation, RedisValue[] arguments, CancellationToken cancellationToken) =>
        RunAsync(generation, arguments, options.Value.ReadTimeout, cancellationToken);

    private Task<RedisResult> WriteAsync(MetadataGeneration generation, RedisValue[] arguments, CancellationToken cancellationToken) =>
        RunAsync(generation, arguments, options.Value.WriteTimeout, cancellationToken);

    private async Task<RedisResult> RunAsync(
        MetadataGeneration generation, RedisValue[] arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            // By the hash only: with the text at hand, the client would load the script again after Redis has lost it.
            return await connection.GetDatabase()
                .ScriptEvaluateAsync(generation.ScriptHash, s_keys, arguments, CommandFlags.DemandMaster)
                .WaitAsync(limit, time, cancellationToken);
        }
        catch (RedisServerException refusal)
        {
            var isLost = refusal.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);
            throw new GenerationUnavailableException(
                isLost ? "Redis was restarted or replaced." : $"Redis refused a command: {refusal.Message}.", isLost, refusal);
        }
        catch (TimeoutException timeout)
        {
            throw new GenerationUnavailableException($"Redis did not respond within {limit.TotalMilliseconds} ms.", isLost: false, timeout);
        }
        catch (RedisException failure)
        {
            throw new GenerationUnavailableException("The connection to Redis failed.", isLost: false, failure);
        }
    }
}

/// <summary>The content of an item's place in a generation.</summary>
/// <param name="Value">The value; <see langword="null"/> when it is absent, or being written.</param>
/// <param name="IsClaimed">A value indicating whether the caller may fill the absent place.</param>
internal readonly record struct CachedItem(byte[]? Value, bool IsClaimed);

/// <summary>The exception that Redis did not confirm a call.</summary>
internal sealed class GenerationUnavailableException(string message, bool isLost, Exception inner) : Exception(message, inner)
{
    /// <summary>Gets a value indicating whether Redis does not have the generation's script, and never will again.</summary>
    public bool IsLost => isLost;
}
