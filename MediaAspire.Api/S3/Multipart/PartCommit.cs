using MediaAspire.Api.S3.Objects;
using MediaAspire.Core.Multipart;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>Makes what came in a part of an upload.</summary>
internal static class PartCommit
{
    /// <returns>When it became a part, by the database's clock.</returns>
    /// <exception cref="Protocol.S3Exception">The upload was completed or aborted meanwhile; nothing of the part is kept.</exception>
    public static async Task<DateTimeOffset> CommitAsync(
        ReceivedContent content, MultipartUpload upload, int number, CancellationToken cancellationToken)
    {
        var checksum = upload.Attributes.Checksum is null ? null : content.Checksum.ToString();
        return await MultipartCatalog.PutPartAsync(upload.Id, number, content.Upload, content.Md5, checksum, cancellationToken)
            ?? throw MultipartErrors.NoSuchUpload(upload.Id.ToString()).ToException();
    }
}
