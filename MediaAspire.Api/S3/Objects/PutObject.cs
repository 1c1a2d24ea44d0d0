using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Api.S3.Objects;

/// <summary>PutObject: takes a body in and makes it the latest version of its key.</summary>
internal sealed class PutObject(ContentReceiver receiver, ObjectHeaders headers, ObjectCatalog objects, TimeProvider time) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(request.Key);
        var conditions = WriteConditions.Read(request);
        var attributes = await headers.ReadAsync(request, cancellationToken);
        if (conditions != ObjectConditions.None)
        {
            // It is judged again when all bytes are here; this saves sending them for nothing.
            await RefuseEarlyAsync(request, conditions, cancellationToken);
        }

        await using var content = await receiver.ReceiveAsync(request, request.Key, attributes.ContentType, wanted: null, cancellationToken);
        var version = new NewVersion(VersionId.New(time), request.Key, WithChecksum(attributes, content.Checksum), content.Size, content.Md5)
        {
            File = content.Upload.Id,
        };
        if (await content.Upload.TryCommitAsync(ObjectCatalog.Put(request.Bucket.Id, version, conditions), cancellationToken) is not { } stored)
        {
            var outcome = await objects.ExplainAsync(request.Bucket.Id, request.Key, conditions, cancellationToken);
            throw ObjectErrors.NotWritten(outcome, request, conditions).ToException();
        }

        Answer(request, version);
        ExpirationHeader.Set(
            request.Response, request.Bucket, version.Key, version.Size, version.Attributes.Tags, stored.CompletedAt);
    }

    /// <summary>Keeps the checksum of a whole object with its other attributes.</summary>
    public static ObjectAttributes WithChecksum(ObjectAttributes attributes, Checksum checksum) =>
        attributes with { Checksum = new(checksum.Algorithm.WireName, ChecksumType.FullObject.WireName, checksum.ToString()) };

    private static void Answer(S3Request request, NewVersion version)
    {
        var answer = request.Response.Headers;
        answer.ETag = $"\"{version.ETag}\"";
        ObjectAnswer.WriteChecksum(answer, version.Attributes.Checksum);
        if (request.Bucket.Versioning == BucketVersioning.Enabled)
        {
            answer[ObjectAnswer.VersionHeader] = version.Id.ToString();
        }

        request.Response.ContentLength = 0;
    }

    private async Task RefuseEarlyAsync(S3Request request, ObjectConditions conditions, CancellationToken cancellationToken)
    {
        var outcome = await objects.ExplainAsync(request.Bucket.Id, request.Key, conditions, cancellationToken);
        if (outcome != ObjectWriteOutcome.Written)
        {
            throw ObjectErrors.NotWritten(outcome, request, conditions).ToException();
        }
    }
}
