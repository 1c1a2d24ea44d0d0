using System.Collections.Immutable;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Makes the addresses for the parts of an item that are still to be uploaded.</summary>
public sealed class UploadAddresses(
    IObjectStore store, IOptions<MediaUploadOptions> options, IOptions<ObjectStoreOptions> storeOptions)
{
    /// <summary>Gets the lifetime of addresses for which a client asks no other.</summary>
    public TimeSpan DefaultLifetime => storeOptions.Value.PresignedFor;

    /// <summary>Signs the requests for every pending part.</summary>
    public ImmutableArray<PartUpload> Of(MediaItem item, TimeSpan lifetime) =>
        [.. item.Parts.Where(part => part.State == MediaPartState.Pending).Select(part => Of(part, lifetime))];

    private PartUpload Of(MediaPart part, TimeSpan lifetime)
    {
        if (part.MultipartId is not { } upload)
        {
            var declared = new DeclaredObject(part.Size, part.Sha256.Bytes, part.ContentType);
            return new PartUpload(part, PartSize: null, [store.PresignPut(part.ObjectKey, declared, lifetime)]);
        }

        var plan = MultipartPlan.Of(part.Size, options.Value.MultipartSize);
        return new PartUpload(
            part,
            plan.PartSize,
            [
                .. Enumerable.Range(1, plan.Count)
                    .Select(number => store.PresignPart(part.ObjectKey, upload, number, plan.LengthOf(number), lifetime)),
            ]);
    }
}
