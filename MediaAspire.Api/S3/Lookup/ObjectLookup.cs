using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Lookup;

/// <summary>Finds the version that a request names, by <c>versionId</c> or as the latest, and says what is wrong when there is none.</summary>
internal sealed class ObjectLookup(ObjectCatalog objects, IS3Authorizer authorizer)
{
    /// <summary>Reads a version's name.</summary>
    /// <returns><see langword="null"/> for the version called "null".</returns>
    /// <exception cref="S3Exception">It is no version's name.</exception>
    public static VersionId? ParseVersion(string name) =>
        name == ObjectVersion.NullVersion ? null
        : VersionId.TryParse(name, out var id) ? id
        : throw S3Errors.InvalidArgument("versionId", name, "Invalid version id specified").ToException();

    /// <summary>Finds the object that the request names.</summary>
    /// <returns>A version with bytes; never a delete marker.</returns>
    /// <exception cref="S3Exception">There is no such key or version, or it is a delete marker; the answer has the headers that go with it.</exception>
    public async Task<ObjectVersion> FindAsync(S3Request request, CancellationToken cancellationToken)
    {
        var name = request.Parameter("versionId");
        var found = name is null
            ? await objects.FindAsync(request.Bucket.Id, request.Key, cancellationToken)
            : await objects.FindVersionAsync(request.Bucket.Id, request.Key, ParseVersion(name), cancellationToken);
        return await CheckAsync(request, found, cancellationToken);
    }

    /// <summary>Finds the object that the request names, and where its bytes are.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<LocatedObject> LocateAsync(S3Request request, CancellationToken cancellationToken)
    {
        var name = request.Parameter("versionId");
        var found = name is null
            ? await objects.LocateAsync(request.Bucket.Id, request.Key, cancellationToken)
            : await objects.LocateVersionAsync(request.Bucket.Id, request.Key, ParseVersion(name), cancellationToken);
        await CheckAsync(request, found?.Version, cancellationToken);
        return found!;
    }

    /// <summary>Refuses what was found when it is nothing, or a delete marker.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<ObjectVersion> CheckAsync(S3Request request, ObjectVersion? found, CancellationToken cancellationToken)
    {
        if (found is { IsDeleteMarker: false })
        {
            request.FoundCheck?.Invoke(found);
            return found;
        }

        // Whoever may not list a bucket must not learn what is not in it either.
        await authorizer.AuthorizeAsync(request, "s3:ListBucket", request.Bucket, request.Key, cancellationToken);

        var name = request.Parameter("versionId");
        var headers = request.Response.Headers;
        if (found is null)
        {
            if (name is not null)
            {
                throw S3Errors.NoSuchVersion(request.Key, name).ToException();
            }

            headers[VersionHeaders.DeleteMarker] = "false";
            throw S3Errors.NoSuchKey(request.Key).ToException();
        }

        headers[VersionHeaders.DeleteMarker] = "true";
        VersionHeaders.Write(request, found);
        if (name is null)
        {
            throw S3Errors.NoSuchKey(request.Key).ToException();
        }

        headers.Allow = HttpMethods.Delete;
        headers.LastModified = found.ModifiedAt.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        throw S3Errors.MethodNotAllowed().With("Method", request.Http.Request.Method).With("ResourceType", "DeleteMarker").ToException();
    }
}
