using System.Globalization;
using MediaAspire.Api.S3.Locks;
using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.S3.Objects;

/// <summary>DeleteObject: deletes an object as the versioning of its bucket requires, or one version permanently.</summary>
internal sealed class DeleteObject(ObjectCatalog objects, IS3Authorizer authorizer) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var name = request.Parameter("versionId");
        var action = name is null ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
        await authorizer.AuthorizeAsync(request, action, request.Bucket, request.Key, cancellationToken);

        var conditions = ReadConditions(request) with
        {
            BypassesGovernance = await GovernanceBypass.ReadAsync(request, authorizer, request.Key, cancellationToken),
        };
        var deletion = name is null
            ? await objects.DeleteAsync(
                request.Bucket.Id, request.Key, request.Principal.OwnerId ?? request.Bucket.OwnerId, conditions, cancellationToken)
            : await objects.DeleteVersionAsync(
                request.Bucket.Id, request.Key, ObjectLookup.ParseVersion(name), conditions, cancellationToken);
        switch (deletion.Outcome)
        {
            case ObjectWriteOutcome.NoSuchBucket:
                throw S3Errors.NoSuchBucket(request.BucketName).ToException();
            case ObjectWriteOutcome.PreconditionFailed:
                throw S3Errors.PreconditionFailed("If-Match").ToException();
            case ObjectWriteOutcome.Locked:
                throw LockErrors.Held().ToException();
        }

        var headers = request.Response.Headers;
        if (deletion.Marker is not null)
        {
            headers[VersionHeaders.DeleteMarker] = "true";
        }

        if ((name ?? deletion.Marker?.VersionName) is { } version && (name is null || request.Bucket.Versioning != BucketVersioning.Off))
        {
            headers[VersionHeaders.Version] = version;
        }

        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static DeletionConditions ReadConditions(S3Request request)
    {
        const string timeHeader = "x-amz-if-match-last-modified-time";
        const string sizeHeader = "x-amz-if-match-size";

        DateTimeOffset? modifiedAt = null;
        if (request.Header(timeHeader) is { } time)
        {
            modifiedAt = HeaderUtilities.TryParseDate(time, out var date) ? date : throw Invalid(timeHeader, time);
        }

        long? size = null;
        if (request.Header(sizeHeader) is { } length)
        {
            size = long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                ? bytes
                : throw Invalid(sizeHeader, length);
        }

        return new(WriteConditions.Tag(request.Header("If-Match")), modifiedAt, size);

        static S3Exception Invalid(string name, string value) =>
            S3Errors.InvalidArgument(name, value, "The condition is malformed.").ToException();
    }
}
