using MediaAspire.Core.Images;

namespace MediaAspire.Api.Images;

/// <summary>Creates the responses to requests for the bytes of images.</summary>
internal sealed class ImageDownloads(ImageBlobs blobs, ImageAccess access, ILogger<BlobDownload> logger)
{
    /// <summary>Creates the response with an original.</summary>
    /// <param name="image">The image.</param>
    /// <param name="status">The status; 404 where it stands for an image that does not exist.</param>
    public BlobDownload Of(AliasedImage image, int status = StatusCodes.Status200OK) => new(blobs, image.Image.Blob, logger)
    {
        LastModified = image.Image.CreatedAt,
        IsPublic = access.IsPublic,
        Lost = () => ImageErrors.LostFile(image.Alias),
        Status = status,
    };
}
