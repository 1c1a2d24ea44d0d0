using Amazon.S3.Model;

namespace MediaAspire.Core.ObjectStore;

// Uploads in parts.
public sealed partial class ObjectStoreClient
{
    private const int PartsOfPage = 1000;

    /// <inheritdoc/>
    public Task<string> BeginMultipartAsync(string key, string contentType, CancellationToken cancellationToken) => TryAsync(
        async () => (await _client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = Bucket, Key = key, ContentType = contentType }, cancellationToken)).UploadId,
        _ => default!,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UploadedPart>?> ListPartsAsync(string key, string uploadId, CancellationToken cancellationToken) =>
        TryAsync<IReadOnlyList<UploadedPart>?>(
            async () =>
            {
                var parts = new List<UploadedPart>();
                ListPartsResponse page;
                do
                {
                    page = await _client.ListPartsAsync(
                        new ListPartsRequest
                        {
                            BucketName = Bucket,
                            Key = key,
                            UploadId = uploadId,
                            MaxParts = PartsOfPage,
                            PartNumberMarker = parts.Count == 0 ? null : $"{parts[^1].Number}",
                        },
                        cancellationToken);
                    parts.AddRange((page.Parts ?? []).Select(
                        part => new UploadedPart(part.PartNumber!.Value, part.Size!.Value, part.ETag.Trim('"'))));
                }
                while (page.IsTruncated == true && page.Parts is { Count: > 0 });
                return parts;
            },
            failure => failure.ErrorCode is "NoSuchUpload" ? (true, null) : default,
            cancellationToken);

    /// <inheritdoc/>
    public Task<UploadedPart> PutPartAsync(
        string key, string uploadId, int number, FileStream content, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            var length = content.Length - content.Position;
            var put = await _client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = Bucket,
                    Key = key,
                    UploadId = uploadId,
                    PartNumber = number,
                    InputStream = content,
                    PartSize = length,
                    UseChunkEncoding = false,
                },
                cancellationToken);
            return new UploadedPart(number, length, put.ETag.Trim('"'));
        },
        _ => default,
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> CompleteMultipartAsync(
        string key, string uploadId, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            await _client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = Bucket,
                    Key = key,
                    UploadId = uploadId,
                    PartETags = [.. parts.Select(part => new PartETag(part.Number, $"\"{part.ETag}\""))],
                },
                cancellationToken);
            return true;
        },
        failure => failure.ErrorCode is "NoSuchUpload" or "InvalidPart" ? (true, false) : default,
        cancellationToken);

    /// <inheritdoc/>
    public Task AbortMultipartAsync(string key, string uploadId, CancellationToken cancellationToken) => TryAsync<object?>(
        async () => await _client.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest { BucketName = Bucket, Key = key, UploadId = uploadId }, cancellationToken),
        failure => failure.ErrorCode is "NoSuchUpload" ? (true, null) : default,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PendingUpload>> ListMultipartAsync(
        string prefix, PendingUpload? after, int limit, CancellationToken cancellationToken) => TryAsync<IReadOnlyList<PendingUpload>>(
        async () =>
        {
            var page = await _client.ListMultipartUploadsAsync(
                new ListMultipartUploadsRequest
                {
                    BucketName = Bucket,
                    Prefix = prefix,
                    KeyMarker = after?.Key,
                    UploadIdMarker = after?.UploadId,
                    MaxUploads = limit,
                },
                cancellationToken);
            return [.. (page.MultipartUploads ?? []).Select(
                upload => new PendingUpload(upload.Key, upload.UploadId, new DateTimeOffset(upload.Initiated!.Value)))];
        },
        failure => failure.ErrorCode is "NoSuchBucket" ? (true, []) : default,
        cancellationToken);
}
