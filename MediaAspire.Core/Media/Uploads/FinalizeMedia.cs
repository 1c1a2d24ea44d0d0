using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Finishes the uploads of an item.</summary>
public sealed class FinalizeMedia(
    IMediaStore store, PartInspector inspector, IOptions<MediaUploadOptions> options, TimeProvider time)
{
    private readonly FinishTurns _turns = new();

    /// <summary>
    /// Verifies every pending part against the object store. The last one makes the item uploaded. Running twice is harmless.
    /// </summary>
    /// <param name="id">The item.</param>
    /// <param name="sender">The owner that the sender acts for; <see langword="null"/> for one that may act for all.</param>
    /// <param name="cancellationToken">Ends the call; the item is changed or not.</param>
    public async Task<FinishResult> FinalizeAsync(MediaId id, MediaOwner? sender, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(id, cancellationToken);
        var item = await store.FindAsync(id, cancellationToken);
        if (item is not null && sender is { } owner && owner != item.Owner)
        {
            return new FinishResult(FinishStatus.OtherOwner, item);
        }

        return FinishRule.CheckOpen(item, time.GetUtcNow()) is { Status: not FinishStatus.Expired } closed
            ? closed
            : await FinishAsync(item!, [.. item!.Parts.Where(part => part.State == MediaPartState.Pending)], cancellationToken);
    }

    /// <summary>Waits until no other request of this process finishes the item; until the result is disposed.</summary>
    internal Task<IDisposable> EnterAsync(MediaId id, CancellationToken cancellationToken) => _turns.EnterAsync(id, cancellationToken);

    /// <summary>Verifies some of the pending parts of an item.</summary>
    internal async Task<FinishResult> FinishAsync(
        MediaItem item, ImmutableArray<MediaPart> parts, CancellationToken cancellationToken)
    {
        var findings = await inspector.InspectAsync(item.Id, parts, cancellationToken);
        var outcome = await store.ChangeOneAsync(
            item.Id,
            set => FinishRule.Finish(set.Find(item.Id), findings, set.Now, options.Value.TemporaryFor, time),
            cancellationToken);
        return outcome.Written is [var written] ? outcome.Outcome with { Item = written } : outcome.Outcome;
    }
}
