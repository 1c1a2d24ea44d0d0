using System.Buffers;
using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Hashes a part whose checksum the object store does not tell.</summary>
/// <remarks>
/// Such a store does not check the signed hash of an upload either: the address still takes other bytes of the same length. So the
/// verified bytes are those of a copy under a key that no address exists for, and the part switches to it. Killed at any point, the part
/// keeps its state, and the audit deletes the copy.
/// </remarks>
public sealed partial class PartVerifier(
    IMediaStore store, IObjectStore objects, IOptions<MediaUploadOptions> options, TimeProvider time, ILogger<PartVerifier> logger)
{
    private const int BufferSize = 1 << 20;
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromSeconds(30);

    /// <summary>Verifies a part. Changes nothing when the part does not wait for it.</summary>
    /// <exception cref="ObjectStoreException">The store failed; the part waits for the next attempt.</exception>
    /// <exception cref="IOException">Reading failed; the part waits for the next attempt.</exception>
    public async Task<VerifyOutcome> VerifyAsync(MediaId id, int number, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } item
            || item.Parts.FirstOrDefault(part => part.Number == number) is not { State: MediaPartState.Verifying } part)
        {
            return VerifyOutcome.NotWanted;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.VerifyWithin);
        if (await objects.HeadAsync(part.ObjectKey, limit.Token) is not { } found)
        {
            return await SettleAsync(item, part, verified => verified with { State = MediaPartState.Pending, ETag = null }, failure: null,
                VerifyOutcome.Missing, cancellationToken);
        }

        if (found.Length != part.Size)
        {
            return await RefuseAsync(item, new PartFinding(part, FindingState.WrongSize) { Size = found.Length }, cancellationToken);
        }

        // The upload in parts is completed, and its addresses ended with it.
        return part.MultipartId is not null
            ? await HashAsync(item, part, part.ObjectKey, found.ETag, limit.Token, cancellationToken)
            : await CopyAndHashAsync(item, part, found.ETag, limit.Token, cancellationToken);
    }

    private async Task<VerifyOutcome> CopyAndHashAsync(
        MediaItem item, MediaPart part, string etag, CancellationToken limit, CancellationToken cancellationToken)
    {
        var copy = ObjectKeys.New(item.Id, part.Number);
        var outcome = await objects.CopyAsync(part.ObjectKey, copy, etag, limit);
        if (outcome != CopyOutcome.Copied)
        {
            throw new ObjectStoreException(
                $"Object '{part.ObjectKey}' changed while it was being copied. The next attempt verifies what is there then.", code: null,
                innerException: null);
        }

        var copied = await objects.HeadAsync(copy, limit);
        var result = await HashAsync(item, part, copy, copied?.ETag ?? etag, limit, cancellationToken);

        // Not after an exception: the change may have been committed, and the part may have the copy.
        if (result != VerifyOutcome.Verified)
        {
            await DeleteCopyAsync(copy);
        }

        return result;
    }

    private async Task<VerifyOutcome> HashAsync(
        MediaItem item, MediaPart part, string key, string etag, CancellationToken limit, CancellationToken cancellationToken)
    {
        await using var bytes = await objects.OpenReadAsync(key, range: null, limit)
            ?? throw new ObjectStoreException($"Object '{key}' does not exist any more.", code: null, innerException: null);
        var (sha256, size) = await HashAsync(item.Id, part, bytes, limit);
        if (size != part.Size)
        {
            throw new IOException($"Reading object '{key}' ended after {size} of {part.Size} bytes.");
        }

        return sha256.Equals(part.Sha256)
            ? await SettleAsync(
                item,
                part,
                verified => verified with
                {
                    ObjectKey = key,
                    State = MediaPartState.Stored,
                    ETag = etag,
                    MultipartId = null,
                    UploadUntil = key == verified.ObjectKey ? verified.UploadUntil : null,
                },
                failure: null,
                VerifyOutcome.Verified,
                cancellationToken)
            : await RefuseAsync(item, new PartFinding(part, FindingState.WrongHash) { Size = size, Sha256 = sha256 }, cancellationToken);
    }

    private async Task<(Sha256Digest Sha256, long Size)> HashAsync(
        MediaId id, MediaPart part, Stream bytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var reportedAt = time.GetTimestamp();
            var size = 0L;
            int read;
            while ((read = await bytes.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                size += read;
                if (time.GetElapsedTime(reportedAt) >= s_progressInterval)
                {
                    reportedAt = time.GetTimestamp();
                    LogProgress(id, part.Number, size, part.Size);
                }
            }

            return (Sha256Digest.Of(hash), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<VerifyOutcome> RefuseAsync(MediaItem item, PartFinding finding, CancellationToken cancellationToken)
    {
        var key = ObjectKeys.New(item.Id, finding.Part.Number);
        var upload = finding.Part.MultipartId is null
            ? null
            : await objects.BeginMultipartAsync(key, finding.Part.ContentType, cancellationToken);
        LogRefused(item.Id, finding.Reason);
        return await SettleAsync(
            item, finding.Part, part => FinishRule.Refuse(part, key, upload), finding, VerifyOutcome.Refused, cancellationToken);
    }

    /// <summary>Changes the part if it still waits for this verification.</summary>
    private async Task<VerifyOutcome> SettleAsync(
        MediaItem item,
        MediaPart part,
        Func<MediaPart, MediaPart> change,
        PartFinding? failure,
        VerifyOutcome outcome,
        CancellationToken cancellationToken)
    {
        var settled = await store.ChangeOneAsync(item.Id, set => Decide(set.Find(item.Id), set.Now), cancellationToken);
        return settled.Outcome ? outcome : VerifyOutcome.NotWanted;

        MediaDecision<bool> Decide(MediaItem? current, DateTimeOffset now)
        {
            var waiting = current?.Parts.FirstOrDefault(each => each.Number == part.Number);
            if (waiting is not { State: MediaPartState.Verifying } || waiting.ObjectKey != part.ObjectKey)
            {
                return new(false);
            }

            var changed = change(waiting);
            var next = FinishRule.Complete(
                current! with
                {
                    Parts = current.Parts.Replace(
                        waiting, changed.State == MediaPartState.Stored ? changed with { StoredAt = now } : changed),
                    Failure = failure is null
                        ? current.Failure
                        : new MediaFailure(failure.Code, failure.Reason, (current.Failure?.Count ?? 0) + 1),
                },
                now,
                options.Value.TemporaryFor);
            return new(true)
            {
                Changed = [next],
                Jobs = next.Status == MediaStatus.Uploaded ? FinishRule.JobsOf(next, time) : [],
            };
        }
    }

    private async Task DeleteCopyAsync(string key)
    {
        try
        {
            await objects.DeleteAsync(key, CancellationToken.None);
        }
        catch (ObjectStoreException failure)
        {
            LogCopyKept(key, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Hashed {Hashed} of {Size} bytes of part {Part} of item {Item}")]
    private partial void LogProgress(MediaId item, int part, long hashed, long size);

    [LoggerMessage(LogLevel.Information, "Refused an upload of item {Item}: {Reason}")]
    private partial void LogRefused(MediaId item, string reason);

    [LoggerMessage(LogLevel.Warning, "Deleting the copy {ObjectKey} failed, and is left to the audit: {Reason}")]
    private partial void LogCopyKept(string objectKey, string reason);
}

/// <summary>The outcomes of a verification.</summary>
public enum VerifyOutcome
{
    /// <summary>The part does not wait for a verification any more.</summary>
    NotWanted,

    /// <summary>The object does not exist; the part waits for another upload.</summary>
    Missing,

    /// <summary>The size or the hash differs; the part waits for another upload.</summary>
    Refused,

    Verified,
}
