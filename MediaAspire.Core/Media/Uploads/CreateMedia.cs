using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Creates items whose parts clients upload to the object store themselves.</summary>
public sealed partial class CreateMedia(
    IMediaStore store,
    IObjectStore objects,
    UploadAddresses addresses,
    IOptions<MediaUploadOptions> options,
    TimeProvider time,
    ILogger<CreateMedia> logger)
{
    /// <summary>Creates an item in the state pending.</summary>
    /// <exception cref="Quotas.QuotaExceededException">
    /// The owner's quota does not allow the declared bytes; nothing was created.
    /// </exception>
    public Task<CreateResult> CreateAsync(MediaOwner owner, NewMedia media, CancellationToken cancellationToken) =>
        CreateAsync(MediaId.New(time), owner, media, cancellationToken);

    /// <summary>Creates an item under an id that nothing else has.</summary>
    /// <inheritdoc cref="CreateAsync(MediaOwner, NewMedia, CancellationToken)"/>
    public async Task<CreateResult> CreateAsync(MediaId id, MediaOwner owner, NewMedia media, CancellationToken cancellationToken)
    {
        await objects.EnsureBucketAsync(cancellationToken);

        var parts = media.Parts.Select((part, index) => NewPart(id, index + 1, part)).ToImmutableArray();
        var started = await BeginMultipartAsync(parts, media.IsMultipart, cancellationToken);
        var isKept = false;
        try
        {
            var lifetime = media.AddressesFor ?? addresses.DefaultLifetime;
            var outcome = await store.ChangeAsync(
                media.Fields.References ?? [],
                set => Decide(set, NewItem(id, owner, media, started, lifetime, set.Now)),
                cancellationToken);
            isKept = outcome is { Conflict: null, Outcome.IsEmpty: true };
            return outcome switch
            {
                { Conflict: { } conflict } => new CreateResult.AliasTaken(conflict),
                { Outcome: { IsEmpty: false } faults } => new CreateResult.ReferencesRefused(faults),
                { Written: [var item] } => new CreateResult.Created(item, addresses.Of(item, lifetime)),
                _ => throw new InvalidOperationException($"Creating item {id} wrote {outcome.Written.Length} items."),
            };
        }
        finally
        {
            if (!isKept)
            {
                await AbortAsync(started);
            }
        }
    }

    private static MediaDecision<ImmutableArray<ReferenceFault>> Decide(MediaSet set, MediaItem item)
    {
        var faults = MediaReferences.Check(item with { References = [] }, item.References, set.Items, set.Referrers);
        return new(faults) { Created = faults.IsEmpty ? [item] : [] };
    }

    private static MediaPart NewPart(MediaId id, int number, NewPart part) => new(
        number, part.Type, ObjectKeys.New(id, number), part.ContentType, part.Size, part.Sha256, MediaPartState.Pending);

    private MediaItem NewItem(
        MediaId id, MediaOwner owner, NewMedia media, ImmutableArray<MediaPart> parts, TimeSpan lifetime, DateTimeOffset now) =>
        MediaUpdate.Apply(
            new MediaItem
            {
                Id = id,
                Owner = owner,
                Kind = media.Kind,
                Status = MediaStatus.Pending,
                Name = media.Fields.Name!,
                IsPublic = media.IsPublic,
                IsTemporary = media.IsTemporary,
                IsUnlisted = media.IsUnlisted,
                Deferred = media.Deferred,
                Parts = [.. parts.Select(part => part with { UploadUntil = now + lifetime })],
                CreatedAt = now,
                ExpiresAt = now + options.Value.PendingFor,
            },
            media.Fields);

    private async Task<ImmutableArray<MediaPart>> BeginMultipartAsync(
        ImmutableArray<MediaPart> parts, bool isWanted, CancellationToken cancellationToken)
    {
        var begun = parts.ToBuilder();
        try
        {
            for (var index = 0; index < begun.Count; index++)
            {
                var part = begun[index];
                if (isWanted || part.Size > MultipartPlan.LargestPut)
                {
                    begun[index] = part with
                    {
                        MultipartId = await objects.BeginMultipartAsync(part.ObjectKey, part.ContentType, cancellationToken),
                    };
                }
            }

            return begun.ToImmutable();
        }
        catch (Exception failure) when (failure is ObjectStoreException or OperationCanceledException)
        {
            await AbortAsync(begun.ToImmutable());
            throw;
        }
    }

    /// <summary>Aborts the uploads in parts of an item that was not created. The audit finds one that this misses.</summary>
    private async Task AbortAsync(ImmutableArray<MediaPart> parts)
    {
        foreach (var part in parts.Where(part => part.MultipartId is not null))
        {
            try
            {
                await objects.AbortMultipartAsync(part.ObjectKey, part.MultipartId!, CancellationToken.None);
            }
            catch (ObjectStoreException failure)
            {
                LogNotAborted(part.ObjectKey, failure.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Aborting the unused upload of {ObjectKey} failed, and is left to the audit: {Reason}")]
    private partial void LogNotAborted(string objectKey, string reason);
}

/// <summary>The result of creating an item.</summary>
public abstract record CreateResult
{
    private CreateResult()
    {
    }

    /// <summary>The item was created.</summary>
    public sealed record Created(MediaItem Item, ImmutableArray<PartUpload> Uploads) : CreateResult;

    /// <summary>Another item of the owner has the alias; nothing was created.</summary>
    public sealed record AliasTaken(AliasConflict Conflict) : CreateResult;

    /// <summary>The item may not refer to others; nothing was created.</summary>
    public sealed record ReferencesRefused(ImmutableArray<ReferenceFault> Faults) : CreateResult;
}
