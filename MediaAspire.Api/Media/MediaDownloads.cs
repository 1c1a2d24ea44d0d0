using MediaAspire.Core.Media;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Media;

/// <summary>Makes the addresses from which parts are downloaded, and the answers that contain them.</summary>
internal sealed class MediaDownloads(IObjectStore objects, IOptions<MediaDownloadOptions> options)
{
    /// <summary>Makes the answer about an item, with an address for each part whose bytes are there.</summary>
    public MediaResponse Describe(MediaItem item)
    {
        var parts = new MediaPartResponse[item.Parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = item.Parts[i];
            parts[i] = part.State == MediaPartState.Stored && item.RemovedAt is null
                ? MediaResponses.Of(part) with { Download = AddressOf(item, part, filename: null) }
                : MediaResponses.Of(part);
        }

        return MediaResponses.Of(item, parts);
    }

    /// <summary>Makes the address of a part: that of the public object, or a signed one that expires.</summary>
    /// <param name="item">The item.</param>
    /// <param name="part">The part.</param>
    /// <param name="filename">The name under which clients save the bytes, in a signed address; <see langword="null"/> for none.</param>
    public DownloadResponse AddressOf(MediaItem item, MediaPart part, string? filename)
    {
        if (item.HasPublicObjects && filename is null)
        {
            return new DownloadResponse(objects.PublicAddressOf(part.ObjectKey).OriginalString, null);
        }

        var signed = objects.PresignGet(
            part.ObjectKey, options.Value.DownloadsFor, filename is null ? null : Filenames.ToDisposition(filename));
        return new DownloadResponse(signed.Url.OriginalString, signed.ExpiresAt);
    }
}
