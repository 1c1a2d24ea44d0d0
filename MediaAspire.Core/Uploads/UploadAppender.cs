using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Uploads;

/// <summary>Appends bodies to uploads, piece by piece.</summary>
/// <remarks>
/// A piece is a file that becomes visible in the transaction that moves the upload's offset, after all its copies are on stable storage. It
/// is committed while the next one arrives.
/// </remarks>
internal sealed partial class UploadAppender(
    UploadCatalog catalog,
    FileWriter files,
    UploadHolds holds,
    SessionHashes hashes,
    WorkSignals signals,
    UploadSessionMetrics metrics,
    IOptionsMonitor<UploadSessionOptions> options,
    TimeProvider time,
    ILogger<UploadAppender> logger)
{
    /// <summary>Gets the key by which the end of a hold is signalled; <c>append_piece()</c> makes the same.</summary>
    public static string FreeSignalOf(UploadSessionId id) => $"upload-free:{id.Value:D}";

    /// <summary>Appends a body, see <see cref="UploadSessions.AppendAsync"/>; does not complete the upload.</summary>
    public async Task<Appended> AppendAsync(
        UploadSessionId id, long offset, Stream body, AppendOptions wishes, CancellationToken cancellationToken)
    {
        var grant = await AcquireAsync(id, offset, wishes.ContentLength, cancellationToken);
        if (grant.Outcome != "granted")
        {
            return new(OutcomeOf(grant.Outcome), grant.Session?.Offset ?? 0, null);
        }

        var session = grant.Session!;
        using var hold = holds.Begin(id, grant.Term);

        // The client's token ends the reading only. What has arrived is stored, within a time limit.
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, hold.Wanted);
        using var storing = new CancellationTokenSource();
        await using var limit = cancellationToken.Register(() => storing.CancelAfter(options.CurrentValue.CommitWithin));
        var append = new RunningAppend(session, grant.Term, offset, wishes, options.CurrentValue.PieceBytes);
        append.Hash = session.NeedsSha256 ? hashes.Take(id, offset) : null;
        var endsHere = false;
        try
        {
            var outcome = await ReceiveAsync(append, body, reading.Token, storing.Token);
            endsHere = append.HasEndedAppend;
            metrics.Appended(append.Offset - offset, outcome);
            if (outcome == AppendOutcome.Interrupted && hold.Wanted.IsCancellationRequested)
            {
                outcome = AppendOutcome.TakenOver;
            }

            return new(outcome, append.Offset, append.Hash?.Size == append.Offset ? append.Hash.Value : null)
            {
                EndsUpload = !wishes.StaysOpen
                    && (append.Offset == session.Length || (outcome == AppendOutcome.Appended && wishes.Completes)),
            };
        }
        finally
        {
            KeepHash(append);
            if (!endsHere)
            {
                await ReleaseAsync(id, grant.Term);
            }
        }
    }

    private static AppendOutcome OutcomeOf(string refusal) => refusal switch
    {
        "not-found" => AppendOutcome.NotFound,
        "closed" => AppendOutcome.Closed,
        "in-parts" => AppendOutcome.InParts,
        "wrong-offset" => AppendOutcome.WrongOffset,
        "too-large" => AppendOutcome.TooLarge,
        "full" => AppendOutcome.TooManyPieces,
        "taken" => AppendOutcome.TakenOver,
        _ => throw new System.Diagnostics.UnreachableException($"Unknown outcome '{refusal}' of an append."),
    };

    /// <summary>
    /// Gets the right to append. An older append is asked to end, and waited for; one that does not end in time loses it.
    /// </summary>
    private async Task<AppendGrant> AcquireAsync(UploadSessionId id, long offset, long? added, CancellationToken cancellationToken)
    {
        var grant = await catalog.BeginAppendAsync(id, offset, added, force: false, cancellationToken);
        if (grant.Outcome != "busy")
        {
            return grant;
        }

        return await signals.WaitAsync(
                FreeSignalOf(id),
                async token => await catalog.BeginAppendAsync(id, offset, added, force: false, token) is { Outcome: not "busy" } free
                    ? free
                    : null,
                options.CurrentValue.TakeOverWithin,
                cancellationToken)
            ?? await catalog.BeginAppendAsync(id, offset, added, force: true, cancellationToken);
    }

    private async Task<AppendOutcome> ReceiveAsync(
        RunningAppend append, Stream body, CancellationToken reading, CancellationToken storing)
    {
        try
        {
            AppendOutcome? end;
            do
            {
                end = await ReceivePieceAsync(append, body, reading, storing);
            }
            while (end is null);

            if (await append.Committing is { } refusal)
            {
                return OutcomeOf(refusal);
            }

            append.HasEndedAppend = append.IsLastHandedOn;
            return end.Value;
        }
        finally
        {
            // A commit must not outlive its append, which gives the upload back. The caller observes the first failure.
            await ((Task)append.Committing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Receives a piece and begins to commit it, after the one before is committed.</summary>
    /// <returns>The end of the append; <see langword="null"/> when the body goes on.</returns>
    private async Task<AppendOutcome?> ReceivePieceAsync(
        RunningAppend append, Stream body, CancellationToken reading, CancellationToken storing)
    {
        var piece = new PieceBody(body, append.NextLimit, reading);
        using var digests = new PieceDigests(append.Session.Target);
        var file = await files.BeginAsync(
            new NewFile("upload", "application/octet-stream")
            {
                Holders = 1,
                NeedsSha256 = false,
                Digests = append.Hash is { } hash ? [.. digests.All, hash] : [.. digests.All],
            },
            storing);
        var isHandedOn = false;
        try
        {
            await file.WriteAsync(piece, long.MaxValue, storing);
            var isLast = piece.End != PieceEnd.Full || append.Arrived + file.Size >= append.Limit;
            if (isLast && await piece.HasMoreAsync(storing))
            {
                return AppendOutcome.TooLarge;
            }

            if (piece.End == PieceEnd.Broken && append.Wishes.IsAtomic)
            {
                return EndOf(piece);
            }

            if (file.Size > 0)
            {
                if (await append.Committing is { } refusal)
                {
                    return OutcomeOf(refusal);
                }

                isHandedOn = true;
                append.IsLastHandedOn = isLast;
                append.Committing = CommitAsync(append, file, piece, digests.Read(), isLast, storing);
            }

            return isLast ? EndOf(piece) : null;
        }
        finally
        {
            if (!isHandedOn)
            {
                await file.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// Returns the outcome for the end of a body. Those of a connection and of a checksum are outcomes, anything else is thrown.
    /// </summary>
    private static AppendOutcome EndOf(PieceBody piece)
    {
        if (piece.Failure is not { } failure)
        {
            return AppendOutcome.Appended;
        }

        if (failure.SourceException is ChecksumMismatchException)
        {
            return AppendOutcome.ChecksumMismatch;
        }

        if (failure.SourceException is not (IOException or OperationCanceledException))
        {
            failure.Throw();
        }

        return AppendOutcome.Interrupted;
    }

    /// <summary>Makes a piece durable and moves the offset, in the background.</summary>
    /// <returns><see langword="null"/> when the offset has moved; otherwise the reason.</returns>
    private static Task<string?> CommitAsync(
        RunningAppend append,
        FileUpload file,
        PieceBody body,
        (string? ETag, string? Checksum) digests,
        bool isLast,
        CancellationToken cancellationToken)
    {
        var piece = new NewPiece(append.Term, append.Arrived, file.Id, file.Size)
        {
            ETag = digests.ETag,
            Checksum = digests.Checksum,
            EndsAppend = isLast,
            EndsUpload = isLast && body.End != PieceEnd.Broken && append.Wishes.Completes,
            StaysOpen = append.Wishes.StaysOpen,
        };
        append.Arrived += file.Size;
        return RunAsync();

        async Task<string?> RunAsync()
        {
            await using (file)
            {
                var condition = UploadCatalog.AppendPiece(append.Session, piece);
                if (await file.TryCommitAsync(condition, cancellationToken) is null)
                {
                    return condition.Reason ?? "taken";
                }

                append.Offset = piece.Offset + piece.Size;
                return null;
            }
        }
    }

    private void KeepHash(RunningAppend append)
    {
        if (append.Hash is not { } hash)
        {
            return;
        }

        // After a failure it may include bytes that were not stored; and a complete upload has no next append.
        if (hash.Size == append.Offset && append.Offset != append.Session.Length)
        {
            hashes.Keep(hash);
        }
        else
        {
            hash.Dispose();
        }
    }

    private async Task ReleaseAsync(UploadSessionId id, long term)
    {
        using var limit = new CancellationTokenSource(options.CurrentValue.CommitWithin, time);
        try
        {
            await catalog.EndAppendAsync(id, term, limit.Token);
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            // The next append takes the upload by force.
            LogNotReleased(id, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Releasing upload {UploadId} after an append failed; the next append waits for it in vain: {Reason}")]
    private partial void LogNotReleased(UploadSessionId uploadId, string reason);
}

/// <summary>The result of an append, before the upload is completed.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Offset">The number of bytes on stable storage.</param>
/// <param name="Sha256">The SHA-256 of these bytes, when it is known.</param>
internal sealed record Appended(AppendOutcome Outcome, long Offset, Sha256Digest? Sha256)
{
    /// <summary>Gets a value indicating whether the upload has all its bytes.</summary>
    public bool EndsUpload { get; init; }
}
