using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Lookup;

// Every way to an object's version in this file requires the check of the permission.
#pragma warning disable RS0030
/// <summary>Finds the version that a request names, by <c>versionId</c> or as the latest, if its sender may use it.</summary>
internal sealed class ObjectLookup(ObjectCatalog objects, IS3Authorizer authorizer)
{
    /// <summary>Reads a version's name.</summary>
    /// <returns><see langword="null"/> for the version called "null".</returns>
    /// <exception cref="S3Exception">It is not the name of a version.</exception>
    public static VersionId? ParseVersion(string name) =>
        name == ObjectVersion.NullVersion ? null
        : VersionId.TryParse(name, out var id) ? id
        : throw S3Errors.InvalidArgument("versionId", name, "Invalid version id specified").ToException();

    /// <summary>Finds the object that the request names.</summary>
    /// <param name="request">The request, for the version that it names.</param>
    /// <param name="check">The permission to use the object; it also says which bucket and key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A version with bytes; never a delete marker.</returns>
    /// <exception cref="S3Exception">
    /// The sender may not use the object, the key or version does not exist, or it is a delete marker. The response has the headers of
    /// that case.
    /// </exception>
    public async Task<ObjectVersion> FindAsync(S3Request request, ObjectCheck check, CancellationToken cancellationToken)
    {
        var name = request.Parameter(S3Parameters.VersionId);
        var found = name is null
            ? await objects.FindAsync(check.Bucket.Id, check.Key, cancellationToken)
            : await objects.FindVersionAsync(check.Bucket.Id, check.Key, ParseVersion(name), cancellationToken);
        if (found is not { IsDeleteMarker: false })
        {
            throw await ExplainAsync(request, check, found, cancellationToken);
        }

        check.Judge(found);
        return found;
    }

    /// <summary>Finds the object that the request names, and where its bytes are.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<LocatedObject> LocateAsync(S3Request request, ObjectCheck check, CancellationToken cancellationToken)
    {
        var found = await TryLocateAsync(request.Parameter(S3Parameters.VersionId), check, cancellationToken);
        return found is { Version.IsDeleteMarker: false }
            ? found
            : throw await ExplainAsync(request, check, found?.Version, cancellationToken);
    }

    /// <summary>Finds an object by the name of its version, and where its bytes are.</summary>
    /// <param name="version">The version's name; <see langword="null"/> for the latest.</param>
    /// <param name="check">The permission to use the object; it also says which bucket and key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="null"/> when it does not exist. A delete marker, which has no bytes, is not judged.</returns>
    /// <exception cref="S3Exception">The sender may not use the object.</exception>
    public async Task<LocatedObject?> TryLocateAsync(string? version, ObjectCheck check, CancellationToken cancellationToken)
    {
        var found = version is null
            ? await objects.LocateAsync(check.Bucket.Id, check.Key, cancellationToken)
            : await objects.LocateVersionAsync(check.Bucket.Id, check.Key, ParseVersion(version), cancellationToken);
        if (found is { Version.IsDeleteMarker: false })
        {
            check.Judge(found.Version);
        }

        return found;
    }

    private async Task<S3Exception> ExplainAsync(
        S3Request request, ObjectCheck check, ObjectVersion? found, CancellationToken cancellationToken)
    {
        // A sender that may not list the bucket must not learn which keys are missing.
        await authorizer.AuthorizeAsync(request, "s3:ListBucket", check.Bucket, check.Key, cancellationToken);

        var name = request.Parameter(S3Parameters.VersionId);
        var headers = request.Response.Headers;
        if (found is null)
        {
            if (name is not null)
            {
                return S3Errors.NoSuchVersion(request.Key, name).ToException();
            }

            headers[VersionHeaders.DeleteMarker] = "false";
            return S3Errors.NoSuchKey(request.Key).ToException();
        }

        headers[VersionHeaders.DeleteMarker] = "true";
        VersionHeaders.Write(request, found);
        if (name is null)
        {
            return S3Errors.NoSuchKey(request.Key).ToException();
        }

        headers.Allow = HttpMethods.Delete;
        headers.LastModified = found.ModifiedAt.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return S3Errors.MethodNotAllowed().With("Method", request.Http.Request.Method).With("ResourceType", "DeleteMarker").ToException();
    }
}
