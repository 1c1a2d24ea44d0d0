using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Access;

/// <summary>GetObjectAcl, of the latest version or of a named one.</summary>
internal sealed class GetObjectAcl(ObjectLookup lookup, IS3Authorizer authorizer, AclXml xml) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var action = request.Parameter("versionId") is null ? "s3:GetObjectAcl" : "s3:GetObjectVersionAcl";
        var check = authorizer.AuthorizeObject(request, action, request.Bucket, request.Key);
        var version = await lookup.FindAsync(request, check, cancellationToken);
        VersionHeaders.Write(request, version);
        var list = request.Bucket.IgnoresLists()
            ? AccessControlList.Private(request.Bucket.OwnerId)
            : AccessControlList.Parse(version.Attributes.OwnerId, version.Attributes.Acl);
        await xml.WriteAsync(request, list, cancellationToken);
    }
}

/// <summary>PutObjectAcl, of the latest version or of a named one. Its time and entity tag do not change.</summary>
internal sealed class PutObjectAcl(ObjectLookup lookup, IS3Authorizer authorizer, GivenAcl given, ObjectCatalog objects) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var action = request.Parameter("versionId") is null ? "s3:PutObjectAcl" : "s3:PutObjectVersionAcl";
        var check = authorizer.AuthorizeObject(request, action, request.Bucket, request.Key);
        var version = await lookup.FindAsync(request, check, cancellationToken);
        var list = await given.ReadAsync(request, version.Attributes.OwnerId, cancellationToken);
        if (!await objects.SetAclAsync(version.Id, list.ToJson(), cancellationToken))
        {
            throw S3Errors.NoSuchKey(request.Key).ToException();
        }

        VersionHeaders.Write(request, version);
    }
}
