namespace MediaAspire.Core.Media.Uploads;

/// <summary>Finishes uploads by the keys of their objects.</summary>
public sealed class UploadFinisher(IMediaStore store, FinalizeMedia finalize) : IUploadFinisher
{
    /// <inheritdoc/>
    public async Task<FinishOutcome> FinishAsync(string objectKey, CancellationToken cancellationToken)
    {
        if (!ObjectKeys.TryParse(objectKey, out var id))
        {
            return FinishOutcome.Unknown;
        }

        using var turn = await finalize.EnterAsync(id, cancellationToken);
        if (await store.FindAsync(id, cancellationToken) is not { RemovedAt: null } item
            || item.Parts.FirstOrDefault(part => part.ObjectKey == objectKey) is not { } part)
        {
            return FinishOutcome.Unknown;
        }

        if (item.Status != MediaStatus.Pending || part.State == MediaPartState.Stored)
        {
            return OutcomeOf(item, FinishState.Already);
        }

        if (part.State == MediaPartState.Verifying)
        {
            return OutcomeOf(item, FinishState.Verifying);
        }

        var result = await finalize.FinishAsync(item, [part], cancellationToken);
        return result switch
        {
            { Status: FinishStatus.NotFound } => FinishOutcome.Unknown,
            { Status: FinishStatus.Expired, Item: { } expired } =>
                OutcomeOf(expired, FinishState.Refused) with { Code = UploadCodes.Expired },
            { Refused: [var refused, ..], Item: { } next } => OutcomeOf(next, FinishState.Refused) with { Code = refused.Code },
            { Item: { } next } => OutcomeOf(next, StateOf(next, part.Number)),
            _ => throw new InvalidOperationException($"Finishing item {id} ended in {result.Status} without an item."),
        };
    }

    private static FinishState StateOf(MediaItem item, int number) =>
        item.Status != MediaStatus.Pending ? FinishState.Complete : item.Parts[number - 1].State switch
        {
            MediaPartState.Pending => FinishState.Unknown,
            MediaPartState.Verifying => FinishState.Verifying,
            _ => FinishState.Partial,
        };

    // Each call has an outcome of its own: two uploads never report each other's progress.
    private static FinishOutcome OutcomeOf(MediaItem item, FinishState state) => new(state)
    {
        Id = item.Id,
        StoredParts = item.Parts.Count(part => part.State == MediaPartState.Stored),
        Parts = item.Parts.Length,
    };
}
