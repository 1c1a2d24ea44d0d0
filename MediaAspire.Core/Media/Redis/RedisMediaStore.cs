using System.Collections.Immutable;
using System.Data.Common;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The catalog in PostgreSQL, whose items are read from Redis while that is known to be as new.</summary>
/// <remarks>docs/adr/0023-media-in-redis.md has the protocol and its proof.</remarks>
internal sealed partial class RedisMediaStore(
    IMediaStore postgres,
    GenerationKeys keys,
    GenerationLease lease,
    IOptions<MetadataOptions> options,
    MetadataMetrics metrics,
    TimeProvider time,
    ILogger<RedisMediaStore> logger) : IMediaStore
{
    private long _pausedAt = long.MinValue;
    private string? _lostNonce;

    /// <inheritdoc />
    public async Task<MediaItem?> FindAsync(MediaId id, CancellationToken cancellationToken)
    {
        if (FindReadable() is not { } generation)
        {
            metrics.Read(MetadataMetrics.Bypass);
            return await postgres.FindAsync(id, cancellationToken);
        }

        var claim = GenerationScript.NewName();
        var cached = await TryAsync(generation, keys.GetAsync(generation, id, claim, cancellationToken));
        return Accept(generation, id, cached) ?? await FillAsync(generation, id, claim, cached, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<MediaItem?> FindByAliasAsync(MediaOwner owner, MediaAlias alias, CancellationToken cancellationToken)
    {
        if (FindReadable() is not { } generation)
        {
            metrics.Read(MetadataMetrics.Bypass);
            return await postgres.FindByAliasAsync(owner, alias, cancellationToken);
        }

        var claim = GenerationScript.NewName();
        var hint = await TryAsync(generation, keys.GetByAliasAsync(generation, owner, alias, claim, cancellationToken));
        if (hint is { } hinted)
        {
            var item = Accept(generation, hinted.Id, hinted.Item)
                ?? await FillAsync(generation, hinted.Id, claim, hinted.Item, cancellationToken);
            if (item is { RemovedAt: null } && item.Owner == owner && item.Alias == alias)
            {
                return item;
            }
        }

        // No hint, or the alias has moved on.
        metrics.Read(MetadataMetrics.Miss);
        var found = await postgres.FindByAliasAsync(owner, alias, cancellationToken);
        if (found is not null)
        {
            await TryAsync(generation, Done(keys.HintAsync(generation, found, alias, CancellationToken.None)));
        }

        return found;
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<MediaAlias, MediaId>> FindAliasesAsync(
        MediaOwner owner, IReadOnlyCollection<MediaAlias> aliases, CancellationToken cancellationToken) =>
        postgres.FindAliasesAsync(owner, aliases, cancellationToken);

    /// <inheritdoc />
    public Task<bool> HasAliasesAsync(MediaOwner owner, CancellationToken cancellationToken) =>
        postgres.HasAliasesAsync(owner, cancellationToken);

    /// <inheritdoc />
    public Task<MediaOutcome<T>> ChangeAsync<T>(
        IReadOnlyCollection<MediaId> ids, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken) =>
        ChangeAsync(ids, decide, rule => postgres.ChangeAsync(ids, rule, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task<MediaOutcome<T>> ChangeOneAsync<T>(
        MediaId id, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken) =>
        ChangeAsync([id], decide, rule => postgres.ChangeOneAsync(id, rule, cancellationToken), cancellationToken);

    private async Task<MediaOutcome<T>> ChangeAsync<T>(
        IReadOnlyCollection<MediaId> ids,
        Func<MediaSet, MediaDecision<T>> decide,
        Func<Func<MediaSet, MediaDecision<T>>, Task<MediaOutcome<T>>> change,
        CancellationToken cancellationToken)
    {
        var claim = GenerationScript.NewName();
        var generation = await ClaimAsync(claim, ids, cancellationToken);
        ImmutableArray<MediaId> deleted = [];
        var outcome = await change(set =>
        {
            var decision = decide(set);
            deleted = decision.Deleted;
            return decision;
        });
        if (outcome.Conflict is null && (outcome.Written.Length > 0 || deleted.Length > 0))
        {
            await PublishAsync(generation, claim, outcome.Written, deleted, cancellationToken);
        }
        else if (generation is not null && ids.Count > 0)
        {
            await TryAsync(generation, Done(keys.ReleaseAsync(generation, claim, ids, CancellationToken.None)));
        }

        return outcome;
    }

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private MetadataGeneration? FindReadable() =>
        lease.FindHot() is { } generation && !IsPaused() && generation.Nonce != Volatile.Read(ref _lostNonce) ? generation : null;

    private bool IsPaused()
    {
        var pausedAt = Volatile.Read(ref _pausedAt);
        return pausedAt != long.MinValue && time.GetElapsedTime(pausedAt) < options.Value.ReadPause;
    }

    /// <returns>The item; <see langword="null"/> when the value must not be used.</returns>
    private MediaItem? Accept(MetadataGeneration generation, MediaId id, CachedItem cached)
    {
        // The lease is checked after the value has arrived: a process that was paused in between may have a value of yesterday.
        if (cached.Value is not { } value || MediaValue.TryDecode(value, id) is not { } item || !lease.Holds(generation))
        {
            return null;
        }

        metrics.Read(MetadataMetrics.Hit);
        return item;
    }

    private async Task<MediaItem?> FillAsync(
        MetadataGeneration generation, MediaId id, string claim, CachedItem cached, CancellationToken cancellationToken)
    {
        metrics.Read(MetadataMetrics.Miss);
        var item = await postgres.FindAsync(id, cancellationToken);
        if (cached.IsClaimed)
        {
            await TryAsync(generation, keys.FillAsync(generation, claim, [(id, item)], CancellationToken.None));
        }

        return item;
    }

    /// <summary>Awaits a call that helps only; its failure sends the next reads to PostgreSQL.</summary>
    private async Task<T?> TryAsync<T>(MetadataGeneration generation, Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (GenerationUnavailableException failure)
        {
            metrics.Failed();
            Volatile.Write(ref _pausedAt, time.GetTimestamp());
            if (failure.IsLost && Interlocked.Exchange(ref _lostNonce, generation.Nonce) != generation.Nonce)
            {
                await ReportLossAsync(generation, failure.Message);
            }

            return default;
        }
    }

    /// <summary>Closes a generation that Redis has lost, so that the next one is opened soon. Nothing depends on it.</summary>
    private async Task ReportLossAsync(MetadataGeneration generation, string reason)
    {
        try
        {
            await lease.CloseAsync(generation, reason, CancellationToken.None);
            LogClosed(generation.Number, reason);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or IOException)
        {
            LogNotReported(generation.Number, failure.Message);
        }
    }

    /// <summary>Takes the items' values away before the transaction, so that none outlives a writer that dies after it.</summary>
    /// <returns>The generation to publish to; <see langword="null"/> when none is hot.</returns>
    private async Task<MetadataGeneration?> ClaimAsync(string claim, IReadOnlyCollection<MediaId> ids, CancellationToken cancellationToken)
    {
        if (lease.FindHot() is not { } generation)
        {
            return null;
        }

        try
        {
            if (ids.Count > 0)
            {
                await keys.ClaimAsync(generation, claim, ids, cancellationToken);
            }

            return generation;
        }
        catch (GenerationUnavailableException failure)
        {
            await CloseAsync(generation, failure.Message);
            return null;
        }
    }

    /// <summary>Returns when no reader of any process can get an older state than the committed one.</summary>
    private async Task PublishAsync(
        MetadataGeneration? generation,
        string claim,
        ImmutableArray<MediaItem> written,
        ImmutableArray<MediaId> deleted,
        CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var result = generation is null ? Publication.Unknown : await TryPublishAsync(generation, claim, written, deleted);
        while (result != Publication.Confirmed)
        {
            // Read after the commit: what was known before may have changed meanwhile.
            var current = await lease.RenewAsync(CancellationToken.None);
            if (!current.IsHot)
            {
                await lease.WaitUntilUnreadAsync(current, cancellationToken);
                metrics.Waited(time.GetElapsedTime(startedAt));
                return;
            }

            if (result == Publication.Newer && current.Nonce == generation?.Nonce)
            {
                // Another writer was faster, on the same run of the same database.
                return;
            }

            generation = current;
            result = await TryPublishAsync(generation, claim, written, deleted);
        }
    }

    private async Task<Publication> TryPublishAsync(
        MetadataGeneration generation, string claim, ImmutableArray<MediaItem> written, ImmutableArray<MediaId> deleted)
    {
        try
        {
            var others = await keys.PublishAsync(generation, claim, written, deleted, CancellationToken.None);
            return others > 0 ? Publication.Newer : lease.Holds(generation) ? Publication.Confirmed : Publication.Unknown;
        }
        catch (GenerationUnavailableException failure)
        {
            await CloseAsync(generation, failure.Message);
            return Publication.Unknown;
        }
    }

    private async Task CloseAsync(MetadataGeneration generation, string reason)
    {
        metrics.Failed();
        Volatile.Write(ref _pausedAt, time.GetTimestamp());
        await lease.CloseAsync(generation, reason, CancellationToken.None);
        LogClosed(generation.Number, reason);
    }

    /// <summary>The outcomes of an attempt to publish.</summary>
    private enum Publication
    {
        /// <summary>The generation has the states, and its readers use it.</summary>
        Confirmed,

        /// <summary>Redis has a newer state than the written one, or a different one.</summary>
        Newer,

        /// <summary>The state of the generation has to be read.</summary>
        Unknown,
    }

    [LoggerMessage(LogLevel.Warning, "Generation {Generation} of the catalog in Redis is closed: {Reason} PostgreSQL serves every read")]
    private partial void LogClosed(long generation, string reason);

    [LoggerMessage(LogLevel.Warning, "Closing generation {Generation} of the catalog in Redis failed: {Reason}")]
    private partial void LogNotReported(long generation, string reason);
}
