using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Media.Access;

/// <summary>Applies the queue of objects whose public access may have to change.</summary>
/// <remarks>
/// The calls to the store for one object come one after the other, over all processes, and each sends what the catalog says then. So the
/// last one is right, also when several items share the object.
/// </remarks>
public sealed partial class ObjectAccess(
    ObjectAccessBacklog backlog, IMediaStore store, IObjectStore objects, TimeProvider time, ILogger<ObjectAccess> logger) : IObjectAccess
{
    private const int Rounds = 3;

    // A client waits no longer for the store.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<bool> ApplyAsync(MediaItem item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        using var patience = new CancellationTokenSource(s_patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var isApplied = true;
            foreach (var key in await backlog.ListAsync([.. item.Parts.Select(part => part.ObjectKey)], both.Token))
            {
                isApplied &= await ApplyAsync(key, both.Token);
            }

            return isApplied;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogLate(item.Id.Value);
            return false;
        }
    }

    /// <summary>Applies objects that are due, the oldest first.</summary>
    /// <param name="limit">The most objects.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of objects that were tried.</returns>
    public async Task<long> ApplyDueAsync(int limit, CancellationToken cancellationToken)
    {
        var keys = await backlog.ListDueAsync(limit, cancellationToken);
        foreach (var key in keys)
        {
            await ApplyAsync(key, cancellationToken);
        }

        return keys.Count;
    }

    private async Task<bool> ApplyAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var entry = await backlog.ApplyAsync(
                    key, isPublic => objects.SetPublicAsync(key, isPublic, cancellationToken), cancellationToken);
                if (entry is null || await FinishAsync(key, entry, cancellationToken))
                {
                    return true;
                }
            }
        }
        catch (ObjectStoreException failure)
        {
            LogFailed(key, failure.Message);
            await backlog.PostponeAsync(key, failure.Message, cancellationToken);
        }

        return false;
    }

    // Removes the entry last: when the process ends in between, the duty tells the items again.
    private async Task<bool> FinishAsync(string key, AppliedAccess entry, CancellationToken cancellationToken)
    {
        if (entry is { IsPublic: true, Outcome: not AccessOutcome.Unsupported })
        {
            foreach (var id in await backlog.ListItemsToTellAsync(key, cancellationToken))
            {
                await store.ChangeOneAsync(id, set => ItemRules.RecordPublicObjects(set, id), cancellationToken);
            }
        }

        return await backlog.RemoveAsync(key, entry.Generation, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The object store did not answer in time; the access of the objects of item {Item} follows later")]
    private partial void LogLate(Guid item);

    [LoggerMessage(LogLevel.Warning, "Changing the public access of the object {Key} failed and will be tried again: {Reason}")]
    private partial void LogFailed(string key, string reason);
}
