using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Locks;

/// <summary>The headers that lock an object when it is written, and that show its lock.</summary>
internal sealed class LockHeaders(ObjectLocks locks, IS3Authorizer authorizer)
{
    public const string Mode = "x-amz-object-lock-mode";
    public const string Until = "x-amz-object-lock-retain-until-date";
    public const string LegalHold = "x-amz-object-lock-legal-hold";

    /// <summary>Reads the lock of an object that is about to be written to the request's bucket.</summary>
    /// <param name="request">The request, for its sender and bucket.</param>
    /// <param name="headers">Its headers, or the fields of a form.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="null"/> when the headers set no lock: then the default of the bucket applies.</returns>
    /// <exception cref="S3Exception">The headers are malformed, the bucket has no object lock, or the sender may not lock.</exception>
    public async ValueTask<ObjectLock?> ReadAsync(
        S3Request request, IHeaderDictionary headers, string key, CancellationToken cancellationToken)
    {
        var (mode, until, hold) = (headers[Mode].ToString(), headers[Until].ToString(), headers[LegalHold].ToString());
        if (mode.Length + until.Length + hold.Length == 0)
        {
            return null;
        }

        if (request.Bucket.Document(BucketDocument.ObjectLock) is null)
        {
            throw LockErrors.BucketHasNone().ToException();
        }

        var read = new ObjectLock(ReadRetention(mode, until), ReadLegalHold(hold));
        if (read.LegalHold is not null)
        {
            authorizer.AuthorizeNew(request, LockActions.PutLegalHold, key);
        }

        if (read.Retention is { } retention)
        {
            authorizer.AuthorizeNew(request, LockActions.PutRetention, key);
            if (!await locks.IsAheadAsync(retention.Until, cancellationToken))
            {
                throw LockErrors.Past(until).ToException();
            }
        }

        return read;
    }

    /// <summary>Writes the lock of a version, as far as the sender may see it.</summary>
    public static void Write(S3Request request, ObjectVersion version, IS3Authorizer authorizer)
    {
        if (version.Attributes.Lock is not { } shown)
        {
            return;
        }

        var headers = request.Response.Headers;
        if (shown.Retention is { } retention && authorizer.Allows(request, LockActions.GetRetention, request.Bucket, version))
        {
            headers[Mode] = retention.Mode.Name;
            headers[Until] = S3Xml.Time(retention.Until);
        }

        if (shown.LegalHold is { } hold && authorizer.Allows(request, LockActions.GetLegalHold, request.Bucket, version))
        {
            headers[LegalHold] = hold ? LockXml.On : LockXml.Off;
        }
    }

    private static Retention? ReadRetention(string mode, string until) => (mode, until) switch
    {
        ("", "") => null,
        ("", _) => throw LockErrors.Incomplete(Mode).ToException(),
        (_, "") => throw LockErrors.Incomplete(Until).ToException(),
        _ => new(
            RetentionModes.Find(mode) ?? throw LockErrors.UnknownMode(mode).ToException(),
            RetainUntil.Parse(until) ?? throw LockErrors.NoDate(until).ToException()),
    };

    private static bool? ReadLegalHold(string hold) => hold switch
    {
        "" => null,
        LockXml.On => true,
        LockXml.Off => false,
        _ => throw LockErrors.UnknownHold(hold).ToException(),
    };
}
