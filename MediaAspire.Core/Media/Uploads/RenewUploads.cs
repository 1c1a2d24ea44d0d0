using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Gives new addresses for the parts of an item that are still to be uploaded.</summary>
public sealed class RenewUploads(
    IMediaStore store, IObjectStore objects, UploadAddresses addresses, TimeProvider time)
{
    /// <summary>Signs new addresses. Older ones work until they expire.</summary>
    /// <param name="id">The item.</param>
    /// <param name="sender">The owner that the sender acts for; <see langword="null"/> for one that may act for all.</param>
    /// <param name="lifetime">The lifetime of the addresses; <see langword="null"/> for the object store's default.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<RenewResult> RenewAsync(
        MediaId id, MediaOwner? sender, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var item = await store.FindAsync(id, cancellationToken);
        if (item is not null && sender is { } owner && owner != item.Owner)
        {
            return new RenewResult(new FinishResult(FinishStatus.OtherOwner, item));
        }

        if (FinishRule.CheckOpen(item, time.GetUtcNow()) is { Status: not FinishStatus.Expired } closed)
        {
            return new RenewResult(closed);
        }

        var wanted = lifetime ?? addresses.DefaultLifetime;
        var begun = await RestartAsync(item!, cancellationToken);
        var outcome = await store.ChangeAsync([id], set => Renew(set.Find(id), begun, set.Now, wanted), cancellationToken);
        return outcome.Written is [var written]
            ? new RenewResult(outcome.Outcome with { Item = written }) { Uploads = addresses.Of(written, wanted) }
            : new RenewResult(outcome.Outcome);
    }

    private static MediaDecision<FinishResult> Renew(
        MediaItem? item, IReadOnlyDictionary<string, MediaPart> restarted, DateTimeOffset now, TimeSpan lifetime)
    {
        if (FinishRule.CheckOpen(item, now) is { } closed)
        {
            return new(closed);
        }

        var until = now + lifetime;
        var next = item! with
        {
            Parts =
            [
                .. item.Parts.Select(part => part.State != MediaPartState.Pending
                    ? part
                    : restarted.GetValueOrDefault(part.ObjectKey, part) with
                {
                    UploadUntil = part.UploadUntil is { } later && later > until && !restarted.ContainsKey(part.ObjectKey) ? later : until,
                }),
            ],
        };
        var isWaiting = next.Parts.Any(part => part.State == MediaPartState.Pending);
        return new(new FinishResult(isWaiting ? FinishStatus.NotUploaded : FinishStatus.Verifying, next))
        {
            Changed = isWaiting ? [next] : [],
        };
    }

    /// <summary>Begins uploads in parts for those that the store no longer has and whose object does not exist.</summary>
    /// <returns>The parts with their new uploads, by the keys that they had.</returns>
    private async Task<IReadOnlyDictionary<string, MediaPart>> RestartAsync(MediaItem item, CancellationToken cancellationToken)
    {
        var restarted = new Dictionary<string, MediaPart>(StringComparer.Ordinal);
        foreach (var part in item.Parts.Where(part => part is { State: MediaPartState.Pending, MultipartId: not null }))
        {
            if (await objects.ListPartsAsync(part.ObjectKey, part.MultipartId!, cancellationToken) is null
                && await objects.HeadAsync(part.ObjectKey, cancellationToken) is null)
            {
                var key = ObjectKeys.New(item.Id, part.Number);
                var upload = await objects.BeginMultipartAsync(key, part.ContentType, cancellationToken);
                restarted[part.ObjectKey] = part with { ObjectKey = key, MultipartId = upload };
            }
        }

        return restarted;
    }
}

/// <summary>The result of asking for new addresses.</summary>
/// <param name="State">The state of the uploads; <see cref="FinishStatus.NotUploaded"/> when there are new addresses.</param>
public sealed record RenewResult(FinishResult State)
{
    /// <summary>Gets the new addresses.</summary>
    public ImmutableArray<PartUpload> Uploads { get; init; } = [];
}
