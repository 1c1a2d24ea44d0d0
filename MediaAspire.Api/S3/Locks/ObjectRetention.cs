using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Locks;

/// <summary>GetObjectRetention, of the latest version or of a named one.</summary>
internal sealed class GetObjectRetention(ObjectLookup lookup, IS3Authorizer authorizer) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var check = authorizer.AuthorizeObject(request, LockActions.GetRetention, request.Bucket, request.Key);
        var version = await LockedBuckets.FindAsync(request, check, lookup, cancellationToken);
        var retention = version.Attributes.Lock?.Retention ?? throw LockErrors.NeverSet(request.Key).ToException();
        await S3Xml.WriteAsync(
            request,
            "Retention",
            xml =>
            {
                xml.Element("Mode", retention.Mode.Name);
                xml.Element("RetainUntilDate", retention.Until);
            },
            cancellationToken);
    }
}

/// <summary>PutObjectRetention: retains a version until a time; it shortens a retention only if the mode allows it.</summary>
internal sealed class PutObjectRetention(ObjectLookup lookup, IS3Authorizer authorizer, ObjectLocks locks) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        authorizer.RequirePossible(request, LockActions.PutRetention);
        var (retention, malformed) = await S3Documents.TryReadAsync(
            request, DocumentBounds.Setting, LockXml.ReadRetention, cancellationToken);
        request.GivenLock = new(retention, LegalHold: null);
        var check = authorizer.AuthorizeObject(request, LockActions.PutRetention, request.Bucket, request.Key);
        var bypasses = await GovernanceBypass.ReadAsync(request, authorizer, request.Key, cancellationToken);
        var version = await LockedBuckets.FindAsync(request, check, lookup, cancellationToken);
        if (malformed is not null)
        {
            throw malformed;
        }

        switch (await locks.SetRetentionAsync(version.Id, retention, bypasses, cancellationToken))
        {
            case RetentionOutcome.NotFound:
                throw S3Errors.NoSuchKey(request.Key).ToException();
            case RetentionOutcome.Past:
                throw LockErrors.Past(S3Xml.Time(retention!.Until)).ToException();
            case RetentionOutcome.Held:
                throw LockErrors.Held().ToException();
        }
    }
}
