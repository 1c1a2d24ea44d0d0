using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Locks;

/// <summary>GetObjectLegalHold, of the latest version or of a named one.</summary>
internal sealed class GetObjectLegalHold(ObjectLookup lookup, IS3Authorizer authorizer) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var check = authorizer.AuthorizeObject(request, LockActions.GetLegalHold, request.Bucket, request.Key);
        var version = await LockedBuckets.FindAsync(request, check, lookup, cancellationToken);
        var isOn = version.Attributes.Lock?.LegalHold ?? throw LockErrors.NeverSet(request.Key).ToException();
        await S3Xml.WriteAsync(request, "LegalHold", xml => xml.Element("Status", isOn ? LockXml.On : LockXml.Off), cancellationToken);
    }
}

/// <summary>PutObjectLegalHold: holds a version until the hold is lifted, independently of its retention.</summary>
internal sealed class PutObjectLegalHold(ObjectLookup lookup, IS3Authorizer authorizer, ObjectLocks locks) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        authorizer.RequirePossible(request, LockActions.PutLegalHold);
        var (isOn, malformed) = await S3Documents.TryReadAsync<bool?>(
            request, DocumentBounds.Setting, root => LockXml.ReadLegalHold(root), cancellationToken);
        request.GivenLock = new(Retention: null, isOn);
        var check = authorizer.AuthorizeObject(request, LockActions.PutLegalHold, request.Bucket, request.Key);
        var version = await LockedBuckets.FindAsync(request, check, lookup, cancellationToken);
        if (malformed is not null)
        {
            throw malformed;
        }

        if (!await locks.SetLegalHoldAsync(version.Id, isOn == true, cancellationToken))
        {
            throw S3Errors.NoSuchKey(request.Key).ToException();
        }
    }
}
