using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Retention;

namespace MediaAspire.Api.Images;

/// <summary>Creates the responses to requests for the bytes of images.</summary>
internal sealed class ImageDownloads(
    ImageBlobs blobs, ImageAccess access, AccessTimes times, TimeProvider time, ILogger<BlobDownload> logger)
{
    /// <summary>Creates the response with an original.</summary>
    /// <param name="image">The image.</param>
    /// <param name="status">The status; 404 where it stands for an image that does not exist.</param>
    /// <param name="grant">The right that a signature of the address gives.</param>
    public BlobDownload Of(AliasedImage image, int status = StatusCodes.Status200OK, ImageGrant grant = default)
    {
        if (image.AccessedAt is not null)
        {
            times.Record(image.Alias);
        }

        return new(blobs, image.Image.Blob, logger)
        {
            LastModified = image.Image.CreatedAt,
            IsPublic = access.IsPublic || grant.IsSigned,
            MaxAge = grant.ExpiresAt - time.GetUtcNow(),
            Lost = () => ImageErrors.LostFile(image.Alias),
            Status = status,
        };
    }
}
