using MediaAspire.Api.S3.Dispatch;
using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>PutObject: receives a body and makes it the latest version of its key.</summary>
/// <remarks>
/// What it takes from its bucket's settings it proves with the put itself, and decides anew when they were changed in between: so it may
/// begin with settings from memory, and still none that was acknowledged before the request came is overlooked.
/// </remarks>
internal sealed class PutObject(
    S3Admission admission, ContentReceiver receiver, ObjectHeaders headers, ObjectCatalog objects, TimeProvider time) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(request.Key);
        var conditions = WriteConditions.Read(request);
        var attributes = await PrepareAsync(request, conditions, cancellationToken);
        await using var content = await receiver.ReceiveAsync(request, request.Key, attributes.ContentType, wanted: null, cancellationToken);
        while (true)
        {
            var version = new NewVersion(VersionId.New(time), request.Key, WithChecksum(attributes, content.Checksum), content.Size, content.Md5)
            {
                File = content.Upload.Id,
            };
            var put = ObjectCatalog.Put(request.Bucket.Id, request.Bucket.RowVersion, version, conditions);
            if (await content.Upload.TryCommitAsync(put, cancellationToken) is { } stored)
            {
                Answer(request, version);
                ExpirationHeader.Set(
                    request.Response, request.Bucket, version.Key, version.Size, version.Attributes.Tags, stored.CompletedAt);
                return;
            }

            var judgedBy = request.Bucket;
            await admission.ReadmitAsync(request, cancellationToken);
            if ((request.Bucket.Id, request.Bucket.RowVersion) == (judgedBy.Id, judgedBy.RowVersion))
            {
                var outcome = await objects.ExplainAsync(request.Bucket.Id, request.Key, conditions, cancellationToken);
                throw ObjectErrors.NotWritten(outcome, request, conditions).ToException();
            }

            attributes = await headers.ReadAsync(request, cancellationToken);
        }
    }

    /// <summary>Keeps the checksum of a whole object with its other attributes.</summary>
    public static ObjectAttributes WithChecksum(ObjectAttributes attributes, Checksum checksum) =>
        attributes with { Checksum = new(checksum.Algorithm.WireName, ChecksumType.FullObject.WireName, checksum.ToString()) };

    private static void Answer(S3Request request, NewVersion version)
    {
        var answer = request.Response.Headers;
        answer.ETag = $"\"{version.ETag}\"";
        ObjectResponse.WriteChecksum(answer, version.Attributes.Checksum);
        if (request.Bucket.Versioning == BucketVersioning.Enabled)
        {
            answer[VersionHeaders.Version] = version.Id.ToString();
        }

        request.Response.ContentLength = 0;
    }

    private async Task<ObjectAttributes> PrepareAsync(S3Request request, ObjectConditions conditions, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(request, conditions, cancellationToken);
        }
        catch (S3Exception) when (request.IsBucketCached)
        {
            // Refused by what the bucket was.
            await admission.ReadmitAsync(request, cancellationToken);
            return await ReadAsync(request, conditions, cancellationToken);
        }
    }

    private async Task<ObjectAttributes> ReadAsync(S3Request request, ObjectConditions conditions, CancellationToken cancellationToken)
    {
        var attributes = await headers.ReadAsync(request, cancellationToken);
        if (conditions != ObjectConditions.None)
        {
            // It is judged again when all bytes are here; this saves sending them for nothing.
            var outcome = await objects.ExplainAsync(request.Bucket.Id, request.Key, conditions, cancellationToken);
            if (outcome != ObjectWriteOutcome.Written)
            {
                throw ObjectErrors.NotWritten(outcome, request, conditions).ToException();
            }
        }

        return attributes;
    }
}
