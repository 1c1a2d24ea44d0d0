using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Retention;

namespace MediaAspire.Api.Images;

/// <summary>Finds originals for senders who may read them, and creates the responses.</summary>
internal sealed class OriginalReads(
    ImageAccess access, ImageBlobs blobs, AccessTimes times, TimeProvider time, ILogger<BlobDownload> logger)
{
    /// <summary>Gets the original of an alias.</summary>
    public async Task<IResult> GetAsync(HttpContext http, ImageAlias alias, ImageGrant grant, CancellationToken cancellationToken)
    {
        var (found, problem) = await access.FindAsync(http, alias.Value, grant.IsSigned, cancellationToken);
        if (found is null)
        {
            return problem!;
        }

        if (found.AccessedAt is not null)
        {
            times.Record(alias);
        }

        return new BlobDownload(blobs, found.Image.Blob, logger)
        {
            LastModified = found.Image.CreatedAt,
            IsPublic = access.IsPublic || grant.IsSigned,
            MaxAge = grant.ExpiresAt - time.GetUtcNow(),
            Lost = () => ImageErrors.LostFile(alias),
        };
    }
}
