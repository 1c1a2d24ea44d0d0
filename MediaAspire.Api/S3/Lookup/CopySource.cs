using MediaAspire.Api.Http;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Lookup;

/// <summary>What <c>x-amz-copy-source</c> names.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">The key.</param>
/// <param name="Version">The version's name; <see langword="null"/> for the latest.</param>
internal readonly record struct CopySource(string Bucket, string Key, string? Version)
{
    public const string Header = "x-amz-copy-source";

    private const string VersionParameter = "?versionId=";

    /// <summary>Reads the header: <c>/bucket/key?versionId=…</c>, percent-encoded, with or without the first slash.</summary>
    /// <exception cref="S3Exception">It names no object.</exception>
    public static CopySource Parse(string header)
    {
        var text = header.StartsWith('/') ? header[1..] : header;

        // A question mark of the key's own is encoded.
        var version = text.LastIndexOf(VersionParameter, StringComparison.Ordinal);
        var path = version < 0 ? text : text[..version];
        if (path.StartsWith("%2F", StringComparison.OrdinalIgnoreCase))
        {
            path = path[3..];
        }

        // Some encode the slash between bucket and key as well.
        var decoded = S3Target.Decode(path);
        var slash = decoded.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash + 1 < decoded.Length
            ? new(decoded[..slash], decoded[(slash + 1)..], version < 0 ? null : S3Target.Decode(text[(version + VersionParameter.Length)..]))
            : throw S3Errors.InvalidArgument(Header, header, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey").ToException();
    }
}

/// <summary>An object that may be copied from.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Located">The version, and where its bytes are.</param>
internal sealed record CopiedObject(Bucket Bucket, LocatedObject Located)
{
    public ObjectVersion Version => Located.Version;
}

/// <summary>Finds what is to be copied, for whole copies and for copies of parts.</summary>
internal sealed class CopySources(BucketCatalog buckets, ObjectCatalog objects, IS3Authorizer authorizer)
{
    private const string ConditionPrefix = "x-amz-copy-source-";

    /// <summary>Finds the object that a request wants copied, if its sender may read it and its conditions hold.</summary>
    /// <exception cref="S3Exception">There is none, it may not be read, or a condition does not hold.</exception>
    public async Task<CopiedObject> FindAsync(S3Request request, CancellationToken cancellationToken)
    {
        var source = CopySource.Parse(request.Header(CopySource.Header) ?? "");
        var bucket = source.Bucket == request.BucketName
            ? request.Bucket
            : await buckets.FindAsync(source.Bucket, cancellationToken) ?? throw S3Errors.NoSuchBucket(source.Bucket).ToException();
        if (request.Header("x-amz-source-expected-bucket-owner") is { } expected && expected != bucket.OwnerId)
        {
            throw S3Errors.AccessDenied().ToException();
        }

        await authorizer.AuthorizeAsync(
            request, source.Version is null ? "s3:GetObject" : "s3:GetObjectVersion", bucket, source.Key, cancellationToken);
        var found = source.Version is null
            ? await objects.LocateAsync(bucket.Id, source.Key, cancellationToken)
            : await objects.LocateVersionAsync(bucket.Id, source.Key, ObjectLookup.ParseVersion(source.Version), cancellationToken);
        if (found is not { Version: { IsDeleteMarker: false } version })
        {
            await authorizer.AuthorizeAsync(request, "s3:ListBucket", bucket, source.Key, cancellationToken);
            throw (found, source.Version) switch
            {
                (null, { } name) => S3Errors.NoSuchVersion(source.Key, name).ToException(),
                (null, null) or (_, null) => S3Errors.NoSuchKey(source.Key).ToException(),
                _ => S3Errors.InvalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.").ToException(),
            };
        }

        request.FoundCheck?.Invoke(version);
        var conditions = new ReadConditions(
            request.Header(ConditionPrefix + "if-match"),
            request.Header(ConditionPrefix + "if-none-match"),
            request.Header(ConditionPrefix + "if-modified-since"),
            request.Header(ConditionPrefix + "if-unmodified-since"));
        return conditions.Evaluate(version.ETag, version.ModifiedAt) == ConditionOutcome.Proceed
            ? new(bucket, found)
            : throw S3Errors.PreconditionFailed(ConditionPrefix + "If-*").ToException();
    }
}
