using MediaAspire.Api.S3.Dispatch;
using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;

namespace MediaAspire.Api.S3.Objects;

/// <summary>PutObject: receives a body and makes it the latest version of its key.</summary>
/// <remarks>
/// It may start with cached settings of its bucket. The transaction of the put proves them, and they are read and applied again when they
/// have changed. So the put obeys every setting that was acknowledged before the request arrived.
/// </remarks>
internal sealed class PutObject(
    S3Admission admission,
    ContentReceiver receiver,
    ObjectHeaders headers,
    ObjectCatalog objects,
    ObjectWriter writer,
    QuotaGate quotas,
    ExpirationHeader expiration) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(request.Key);
        var conditions = WriteConditions.Read(request);
        var attributes = await PrepareAsync(request, conditions, cancellationToken);
        if (request.Bucket.IsLimited && request.Payload.Length is { } length)
        {
            await quotas.RequireAsync(request.Bucket.Id, request.Key, length, cancellationToken);
        }

        await using var content = await receiver.ReceiveAsync(
            request, request.Key, attributes.ContentType, wanted: null, cancellationToken);
        var write = await writer.WriteAsync(content.Upload, Put(attributes), DecideAgainAsync, cancellationToken);
        if (write.Version is not { } version)
        {
            throw ObjectErrors.NotWritten(write.Outcome, request, conditions).ToException();
        }

        Answer(request, version);
        expiration.Set(request.Response, request.Bucket, version.Key, version.Size, version.Attributes.Tags, write.WrittenAt);

        ObjectPut Put(ObjectAttributes read) => new(
            request.Bucket.Id, request.Bucket.RowVersion, request.Key, WithChecksum(read, content.Checksum), content.Md5, conditions);

        async Task<ObjectPut> DecideAgainAsync(CancellationToken token)
        {
            await admission.ReadmitAsync(request, token);
            return Put(await headers.ReadAsync(request, token));
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
            var outcome = await objects.JudgeAsync(request.Bucket.Id, request.Key, conditions, cancellationToken);
            if (outcome != ObjectWriteOutcome.Written)
            {
                throw ObjectErrors.NotWritten(outcome, request, conditions).ToException();
            }
        }

        return attributes;
    }
}
