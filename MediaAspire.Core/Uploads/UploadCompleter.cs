using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Uploads;

/// <summary>Makes the results of uploads that have all their bytes.</summary>
/// <remarks>Idempotent and thread-safe: a result is made in the transaction that ends its upload.</remarks>
public sealed partial class UploadCompleter
{
    // A file of so few chunks is read as fast as any other.
    private const int FewPieces = 64;

    private readonly UploadCatalog _catalog;
    private readonly UploadResults _results;
    private readonly ObjectResults _objects;
    private readonly MediaPartResults? _mediaParts;
    private readonly UploadContent _content;
    private readonly IJobQueue _jobs;
    private readonly UploadSessionMetrics _metrics;
    private readonly IOptionsMonitor<UploadSessionOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<UploadCompleter> _logger;

    internal UploadCompleter(
        UploadCatalog catalog,
        UploadResults results,
        ObjectResults objects,
        MediaPartResults? mediaParts,
        UploadContent content,
        IJobQueue jobs,
        UploadSessionMetrics metrics,
        IOptionsMonitor<UploadSessionOptions> options,
        TimeProvider time,
        ILogger<UploadCompleter> logger)
    {
        (_catalog, _content, _jobs) = (catalog, content, jobs);
        (_results, _objects, _mediaParts) = (results, objects, mediaParts);
        (_metrics, _options, _time, _logger) = (metrics, options, time, logger);
    }

    /// <summary>Gets the key by which the end of an upload is signalled; the SQL functions that end it make the same.</summary>
    internal static string EndSignalOf(UploadSessionId id) => $"upload-end:{id.Value:D}";

    /// <summary>Makes the result of an upload, by a job when that takes long.</summary>
    internal async Task<CompletionOutcome> CompleteAsync(UploadSessionId id, Sha256Digest? sha256, CancellationToken cancellationToken)
    {
        switch (await _catalog.BeginCompletionAsync(id, sha256, cancellationToken))
        {
            case "not-found":
                return CompletionOutcome.NotFound;
            case "busy":
                return CompletionOutcome.Busy;
            case "incomplete":
                return CompletionOutcome.Incomplete;
            case "completed":
                return CompletionOutcome.Completed;
            case "failed":
                return CompletionOutcome.Failed;
            default:
                return await FinishAsync(id, mayTakeLong: false, cancellationToken);
        }
    }

    /// <summary>Makes the result of an upload that has all its bytes, however long that takes. Does nothing for others.</summary>
    /// <exception cref="FileUnavailableException">Bytes cannot be read now.</exception>
    /// <exception cref="FileWriteException">The storage servers failed.</exception>
    public async Task FinishAsync(UploadSessionId id, CancellationToken cancellationToken)
    {
        if (await _catalog.BeginCompletionAsync(id, sha256: null, cancellationToken) == "completing")
        {
            await FinishAsync(id, mayTakeLong: true, cancellationToken);
        }
    }

    /// <summary>Ends an upload whose result could not be made in any attempt, and releases its bytes.</summary>
    public async Task GiveUpAsync(UploadSessionId id, string reason, CancellationToken cancellationToken) =>
        await FailAsync(
            id,
            new(UploadFailureCodes.CompletionFailed, $"Making the result of the upload failed in every attempt: {reason}"),
            cancellationToken);

    /// <summary>Enqueues the completions that may be lost.</summary>
    /// <returns>The number of jobs that were added.</returns>
    /// <exception cref="JobQueueUnavailableException">The queue did not answer.</exception>
    public async Task<long> ResumeAsync(int limit, CancellationToken cancellationToken)
    {
        var resumed = 0L;
        foreach (var id in await _catalog.ListStalledAsync(limit, cancellationToken))
        {
            var enqueued = await _jobs.EnqueueAsync(CompleteUpload.Of(id, _time), cancellationToken);
            if (enqueued.Outcome == EnqueueOutcome.Full)
            {
                break;
            }

            resumed += enqueued.Outcome == EnqueueOutcome.Enqueued ? 1 : 0;
        }

        _metrics.Resumed(resumed);
        return resumed;
    }

    /// <summary>Removes uploads that have expired, with their bytes. Their results stay.</summary>
    /// <returns>The number of uploads.</returns>
    public async Task<long> ExpireAsync(int limit, CancellationToken cancellationToken)
    {
        var expired = await _catalog.ExpireAsync(limit, cancellationToken);
        _metrics.Expired(expired);
        return expired;
    }

    /// <summary>Aborts uploads in parts of S3 that nobody continues, when a setting says so.</summary>
    /// <returns>The number of uploads.</returns>
    public async Task<long> ExpireMultipartAsync(int limit, CancellationToken cancellationToken)
    {
        if (_options.CurrentValue.MultipartLifetime is not { } idle)
        {
            return 0;
        }

        var expired = await _catalog.ExpireMultipartAsync(idle, limit, cancellationToken);
        _metrics.Expired(expired, UploadForms.S3);
        return expired;
    }

    private async Task<CompletionOutcome> FinishAsync(UploadSessionId id, bool mayTakeLong, CancellationToken cancellationToken)
    {
        var startedAt = _time.GetTimestamp();
        if (await _catalog.FindAsync(id, cancellationToken) is not { State: UploadSessionState.Completing } session)
        {
            return CompletionOutcome.NotFound;
        }

        var pieces = await _catalog.ReadPiecesAsync(id, cancellationToken);
        try
        {
            if (session.NeedsSha256 && session.Sha256 is null)
            {
                if (!mayTakeLong && session.Received > 0)
                {
                    return await EnqueueAsync(id, cancellationToken);
                }

                session = session with { Sha256 = await _content.HashAsync(session, pieces, cancellationToken) };
                await _catalog.BeginCompletionAsync(id, session.Sha256, cancellationToken);
            }

            if (session.DeclaredSha256 is { } declared && !declared.Equals(session.Sha256))
            {
                return await FailAsync(
                    id,
                    new(UploadFailureCodes.Sha256Mismatch, $"The bytes have the SHA-256 {session.Sha256}; {declared} was declared."),
                    cancellationToken);
            }

            var made = await MakeAsync(session, pieces, mayTakeLong, cancellationToken);
            if (made is { Failure: { } failure })
            {
                return await FailAsync(id, failure, cancellationToken);
            }

            if (made.IsTooLong)
            {
                return await EnqueueAsync(id, cancellationToken);
            }
        }
        catch (QuotaExceededException refusal)
        {
            return await FailAsync(id, new(UploadFailureCodes.QuotaExceeded, refusal.Message), cancellationToken);
        }

        _metrics.Completed(NameOf(session.Target), _time.GetElapsedTime(startedAt));
        _metrics.Ended("completed", UploadForms.Of(session));
        return CompletionOutcome.Completed;
    }

    private async Task<ResultMade> MakeAsync(
        UploadSession session, IReadOnlyList<UploadPiece> pieces, bool mayTakeLong, CancellationToken cancellationToken)
    {
        if (session.Target is ObjectTarget target)
        {
            return await _objects.MakeAsync(session, target, pieces, cancellationToken);
        }

        if (session.Target is MediaPartTarget or NewMediaTarget)
        {
            return mayTakeLong && _mediaParts is not null
                ? await _mediaParts.MakeAsync(session, _content, pieces, cancellationToken)
                : ResultMade.TooLong;
        }

        var areSmall = pieces.Count > FewPieces && session.Received / pieces.Count < _options.CurrentValue.SmallPieceBytes;
        if (!areSmall && await _results.TryJoinAsync(session, cancellationToken))
        {
            return ResultMade.Made;
        }

        if (!mayTakeLong)
        {
            return ResultMade.TooLong;
        }

        LogCopying(session.Id, session.Received, pieces.Count);
        return await _results.CopyAsync(session, pieces, cancellationToken);
    }

    /// <summary>Enqueues the job that completes an upload. If this fails, a duty does it.</summary>
    private async Task<CompletionOutcome> EnqueueAsync(UploadSessionId id, CancellationToken cancellationToken)
    {
        try
        {
            await _jobs.EnqueueAsync(CompleteUpload.Of(id, _time), cancellationToken);
        }
        catch (JobQueueUnavailableException failure)
        {
            LogNotEnqueued(id, failure.Message);
        }

        return CompletionOutcome.Completing;
    }

    private async Task<CompletionOutcome> FailAsync(UploadSessionId id, UploadFailure failure, CancellationToken cancellationToken)
    {
        if (await _catalog.FailAsync(id, failure, cancellationToken))
        {
            _metrics.Ended("failed");
            LogFailed(id, failure.Code);
        }

        return CompletionOutcome.Failed;
    }

    private static string NameOf(UploadTarget target) => target switch
    {
        FileTarget => "file",
        ImageTarget => "image",
        MediaPartTarget or NewMediaTarget => "media-part",
        _ => "object",
    };

    [LoggerMessage(LogLevel.Information, "Writing upload {UploadId} again: {Bytes} bytes in {Pieces} pieces, which are small or shared")]
    private partial void LogCopying(UploadSessionId uploadId, long bytes, int pieces);

    [LoggerMessage(LogLevel.Warning, "Enqueuing the completion of upload {UploadId} failed, and is left to the duty: {Reason}")]
    private partial void LogNotEnqueued(UploadSessionId uploadId, string reason);

    [LoggerMessage(LogLevel.Information, "Upload {UploadId} has failed: {Code}")]
    private partial void LogFailed(UploadSessionId uploadId, string code);
}

/// <summary>The outcome of making a result.</summary>
internal sealed record ResultMade
{
    public static ResultMade Made { get; } = new();

    /// <summary>Gets the outcome of a result that a job has to make.</summary>
    public static ResultMade TooLong { get; } = new() { IsTooLong = true };

    public bool IsTooLong { get; private init; }

    public UploadFailure? Failure { get; init; }
}
