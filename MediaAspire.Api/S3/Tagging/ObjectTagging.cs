using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Tagging;

/// <summary>GetObjectTagging, of the latest version or of a named one.</summary>
internal sealed class GetObjectTagging(ObjectLookup lookup, IS3Authorizer authorizer) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var action = request.Parameter("versionId") is null ? "s3:GetObjectTagging" : "s3:GetObjectVersionTagging";
        var check = authorizer.AuthorizeObject(request, action, request.Bucket, request.Key);
        var version = await lookup.FindAsync(request, check, cancellationToken);
        VersionHeaders.Write(request, version);
        await S3Xml.WriteAsync(request, "Tagging", xml => TagSet.Write(xml, version.Attributes.Tags), cancellationToken);
    }
}

/// <summary>PutObjectTagging: replaces the tags of a version.</summary>
internal sealed class PutObjectTagging(ObjectLookup lookup, IS3Authorizer authorizer, ObjectCatalog objects) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var action = request.Parameter("versionId") is null ? "s3:PutObjectTagging" : "s3:PutObjectVersionTagging";
        authorizer.RequirePossible(request, action);
        var (read, malformed) = await S3Documents.TryReadAsync(
            request, DocumentBounds.List, root => TagSet.Parse(root, TagSet.MaxObjectTags), cancellationToken);
        var tags = read ?? new Dictionary<string, string>();
        request.GivenTags = tags;
        var check = authorizer.AuthorizeObject(request, action, request.Bucket, request.Key);
        var version = await lookup.FindAsync(request, check, cancellationToken);
        if (malformed is not null)
        {
            throw malformed;
        }

        if (!await objects.SetTagsAsync(version.Id, tags, cancellationToken))
        {
            throw S3Errors.NoSuchKey(request.Key).ToException();
        }

        VersionHeaders.Write(request, version);
    }
}

/// <summary>DeleteObjectTagging: removes all tags of a version.</summary>
internal sealed class DeleteObjectTagging(ObjectLookup lookup, IS3Authorizer authorizer, ObjectCatalog objects) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var action = request.Parameter("versionId") is null ? "s3:DeleteObjectTagging" : "s3:DeleteObjectVersionTagging";
        var check = authorizer.AuthorizeObject(request, action, request.Bucket, request.Key);
        var version = await lookup.FindAsync(request, check, cancellationToken);
        if (!await objects.SetTagsAsync(version.Id, new Dictionary<string, string>(), cancellationToken))
        {
            throw S3Errors.NoSuchKey(request.Key).ToException();
        }

        VersionHeaders.Write(request, version);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
