using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Objects;

/// <summary>Makes uploads the latest versions of their keys.</summary>
/// <remarks>Safe for concurrent use. The upload and the version become visible in one transaction.</remarks>
public sealed class ObjectWriter(TimeProvider time)
{
    /// <summary>Writes an upload as the latest version of a key.</summary>
    /// <param name="upload">The upload, whose bytes are all written. When this does not write it, disposing it removes it.</param>
    /// <param name="put">The version as the caller decided on it.</param>
    /// <param name="decideAgain">
    /// Decides on the version again by the bucket as it is now. Called when <see cref="ObjectPut.Seen"/> is given and the bucket was
    /// changed or deleted since. The check is a part of the transaction: however old the caller's view of the bucket is, a change that was
    /// acknowledged before this call is never missed. May throw, for example when the bucket does not exist any more.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FileWriteException">A chunk could not be made durable, or the upload's session has expired.</exception>
    /// <exception cref="Quotas.QuotaExceededException">The version does not fit into a quota of the bucket or its owner.</exception>
    public async Task<ObjectWrite> WriteAsync(
        FileUpload upload, ObjectPut put, Func<CancellationToken, Task<ObjectPut>> decideAgain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(put);
        ArgumentNullException.ThrowIfNull(decideAgain);

        while (true)
        {
            var write = await TryWriteAsync(upload, put, cancellationToken);
            if (put.Seen is null || write.Outcome is not (ObjectWriteOutcome.BucketChanged or ObjectWriteOutcome.NoSuchBucket))
            {
                return write;
            }

            put = await decideAgain(cancellationToken);
        }
    }

    /// <summary>Writes an upload as the latest version of a key, once.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public async Task<ObjectWrite> TryWriteAsync(FileUpload upload, ObjectPut put, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(put);

        var version = new NewVersion(VersionId.New(time), put.Key, put.Attributes, upload.Size, put.ETag)
        {
            File = upload.Id,
            Origin = put.Origin,
        };
        var condition = new CommitCondition(VersionStatements.RequireWritten(put.Bucket, put.Seen, version, put.Conditions));
        return await upload.TryCommitAsync(condition, cancellationToken) is { } stored
            ? new(ObjectWriteOutcome.Written, version, stored.CompletedAt)
            : new(ObjectWriteOutcomes.Parse(condition.Reason), Version: null, default);
    }
}
