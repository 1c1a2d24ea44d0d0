using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Multipart;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Uploads;

/// <summary>The resumable uploads: the one session behind every protocol. Thread-safe.</summary>
/// <remarks>
/// An offset that a method returns is on stable storage, whatever happens to any process afterwards. Any process of the cluster continues
/// an upload that another one has begun.
/// </remarks>
public sealed class UploadSessions
{
    private readonly UploadCatalog _catalog;
    private readonly UploadAppender _appender;
    private readonly UploadCompleter _completer;
    private readonly UploadParts _parts;
    private readonly MultipartCatalog _multipart;
    private readonly WorkSignals _signals;
    private readonly UploadSessionMetrics _metrics;
    private readonly IOptionsMonitor<UploadSessionOptions> _options;

    internal UploadSessions(
        UploadCatalog catalog,
        UploadAppender appender,
        UploadCompleter completer,
        UploadParts parts,
        MultipartCatalog multipart,
        WorkSignals signals,
        UploadSessionMetrics metrics,
        IOptionsMonitor<UploadSessionOptions> options)
    {
        (_catalog, _appender, _completer, _parts, _multipart) = (catalog, appender, completer, parts, multipart);
        (_signals, _metrics, _options) = (signals, metrics, options);
    }

    /// <summary>Creates an upload. One of no bytes is completed at once.</summary>
    /// <exception cref="Quotas.QuotaExceededException">The length does not fit into a quota; nothing was created.</exception>
    public async Task<UploadSession> CreateAsync(NewUploadSession upload, CancellationToken cancellationToken) =>
        await CreateAsync(UploadSessionId.New(), upload, cancellationToken);

    /// <summary>Creates an upload under an id that was given away before, once: a repeated call finds it.</summary>
    /// <returns><see langword="null"/> when the upload has expired.</returns>
    /// <inheritdoc cref="CreateAsync(NewUploadSession, CancellationToken)"/>
    public async Task<UploadSession?> FindOrCreateAsync(UploadSessionId id, NewUploadSession upload, CancellationToken cancellationToken)
    {
        try
        {
            return await CreateAsync(id, upload, cancellationToken);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return await _catalog.FindAsync(id, cancellationToken);
        }
    }

    /// <summary>
    /// Finds an upload, also one in parts of S3. Its offset may move while an append is under way, see <see cref="SettleAsync"/>.
    /// </summary>
    /// <returns><see langword="null"/> when it does not exist, or has expired.</returns>
    public async Task<UploadSession?> FindAsync(UploadSessionId id, CancellationToken cancellationToken) =>
        await _catalog.FindAsync(id, cancellationToken)
        ?? (await _multipart.FindProgressAsync(new(id.Value), cancellationToken) is { } upload ? MultipartContinuation.Show(upload) : null);

    /// <summary>
    /// Ends the append that is under way, and finds the upload with its final offset. A client that asks for the offset continues there:
    /// its older request must not move it any more.
    /// </summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<UploadSession?> SettleAsync(UploadSessionId id, CancellationToken cancellationToken)
    {
        if (!await _catalog.SettleAsync(id, force: false, cancellationToken)
            && await _signals.WaitAsync(
                UploadAppender.FreeSignalOf(id),
                async token => await _catalog.SettleAsync(id, force: false, token) ? "free" : null,
                _options.CurrentValue.TakeOverWithin,
                cancellationToken) is null)
        {
            await _catalog.SettleAsync(id, force: true, cancellationToken);
        }

        return await FindAsync(id, cancellationToken);
    }

    /// <summary>
    /// Appends a body. An older append to the same upload is ended first; it never writes after this one has begun. An upload that has all
    /// its bytes afterwards is completed, or its completion has begun.
    /// </summary>
    /// <param name="id">The upload.</param>
    /// <param name="offset">The offset that the client believes the upload to have.</param>
    /// <param name="body">The bytes, read to the end or until the upload has its length.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Ends the reading; what has arrived is stored, and this returns then.</param>
    /// <exception cref="Files.FileWriteException">The storage servers failed. The offset may have moved; ask for it.</exception>
    /// <exception cref="Quotas.QuotaExceededException">
    /// A quota does not allow the bytes of an upload of unknown length. The offset may have moved; ask for it.
    /// </exception>
    public async Task<AppendResult> AppendAsync(
        UploadSessionId id, long offset, Stream body, AppendOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(options);

        // An unknown upload may be one of S3; nothing of the body was read.
        var appended = await _appender.AppendAsync(id, offset, body, options, cancellationToken);
        if (appended.Outcome == AppendOutcome.NotFound && await ContinueInOrderAsync(id, cancellationToken))
        {
            appended = await _appender.AppendAsync(id, offset, body, options, cancellationToken);
        }

        if (appended.Outcome == AppendOutcome.NotFound)
        {
            return new(AppendOutcome.NotFound, 0, null);
        }

        // The bytes are stored: a client that is gone must not keep them from being completed.
        using var limit = new CancellationTokenSource(_options.CurrentValue.CommitWithin);
        if (appended.EndsUpload)
        {
            await _completer.CompleteAsync(id, appended.Sha256, limit.Token);
        }

        var session = await _catalog.FindAsync(id, limit.Token);
        if (!options.StaysOpen && session is { State: UploadSessionState.Receiving, HasAllBytes: true })
        {
            // Its length was set during the append.
            await _completer.CompleteAsync(id, appended.Sha256, limit.Token);
            session = await _catalog.FindAsync(id, limit.Token);
        }

        return session is null
            ? new(AppendOutcome.NotFound, 0, null)
            : new(appended.Outcome, session.Offset, session);
    }

    /// <summary>Sets the length of an upload that was created without one. An upload that has all its bytes is completed then.</summary>
    public async Task<LengthResult> SetLengthAsync(UploadSessionId id, long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);

        await ContinueInOrderAsync(id, cancellationToken);
        if (await _catalog.FindAsync(id, cancellationToken) is not { } session)
        {
            return new(LengthOutcome.NotFound, null);
        }

        var outcome = await _catalog.SetLengthAsync(session, length, cancellationToken) switch
        {
            "set" => LengthOutcome.Set,
            "not-found" => LengthOutcome.NotFound,
            "closed" => LengthOutcome.Closed,
            "known" => LengthOutcome.Known,
            "wrong-length" => LengthOutcome.OutOfRange,
            var other => throw new System.Diagnostics.UnreachableException($"Unknown outcome '{other}' of setting a length."),
        };
        if (outcome == LengthOutcome.Set && session.Offset == length)
        {
            await _completer.CompleteAsync(id, sha256: null, cancellationToken);
        }

        return new(outcome, await _catalog.FindAsync(id, cancellationToken));
    }

    /// <summary>Completes an upload with the bytes that it has. One of unknown length gets that length.</summary>
    public async Task<CompletionResult> CompleteAsync(UploadSessionId id, CancellationToken cancellationToken)
    {
        var outcome = await _completer.CompleteAsync(id, sha256: null, cancellationToken);
        var session = await _catalog.FindAsync(id, cancellationToken);
        return new(
            session?.State switch
            {
                null => CompletionOutcome.NotFound,
                UploadSessionState.Receiving => outcome,
                UploadSessionState.Completing => CompletionOutcome.Completing,
                UploadSessionState.Completed => CompletionOutcome.Completed,
                _ => CompletionOutcome.Failed,
            },
            session);
    }

    /// <summary>Waits until an upload is not completing any more.</summary>
    /// <returns>The upload; <see langword="null"/> when it does not exist. It is still completing when the limit is over.</returns>
    public async Task<UploadSession?> WaitAsync(UploadSessionId id, TimeSpan limit, CancellationToken cancellationToken) =>
        await _signals.WaitAsync(
            UploadCompleter.EndSignalOf(id),
            async token => await _catalog.FindAsync(id, token) is { State: not UploadSessionState.Completing } ended ? ended : null,
            limit,
            cancellationToken)
        ?? await _catalog.FindAsync(id, cancellationToken);

    /// <summary>Removes an upload and its bytes. An append that is under way fails.</summary>
    public async Task<CancelOutcome> CancelAsync(UploadSessionId id, CancellationToken cancellationToken)
    {
        return await _catalog.CancelAsync(id, cancellationToken) switch
        {
            "cancelled" => Cancelled(),
            "not-found" => await AbortAsync(id, cancellationToken) ? CancelOutcome.Cancelled : CancelOutcome.NotFound,
            "finished" => CancelOutcome.Finished,
            var other => throw new System.Diagnostics.UnreachableException($"Unknown outcome '{other}' of cancelling an upload."),
        };

        CancelOutcome Cancelled()
        {
            _metrics.Ended("cancelled");
            return CancelOutcome.Cancelled;
        }
    }

    /// <summary>
    /// Creates an upload of the bytes of partial uploads, in their order, and completes it; no byte is copied unless several concatenations
    /// use a part at the same time. The parts end with the completion. A repeated call finds the upload that has taken the same parts.
    /// </summary>
    /// <param name="upload">The new upload; its length is that of the parts.</param>
    /// <param name="parts">Completed partial uploads of the same owner, at least one. One that is listed twice is copied.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ConcatenationResult> ConcatenateAsync(
        NewUploadSession upload, IReadOnlyList<UploadSessionId> parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);

        var (outcome, id) = await _catalog.ConcatenateAsync(UploadSessionId.New(), upload, parts, cancellationToken);
        if (outcome is not (ConcatenationOutcome.Created or ConcatenationOutcome.Found))
        {
            return new(outcome, null);
        }

        if (outcome == ConcatenationOutcome.Created)
        {
            _metrics.Created();
            await _completer.CompleteAsync(id, sha256: null, cancellationToken);
        }

        return new(outcome, await RequireAsync(id, cancellationToken));
    }

    /// <summary>Stores a part of an upload in parts, see <see cref="UploadParts.PutAsync"/>.</summary>
    /// <exception cref="Files.FileWriteException">The body has another length, or the storage servers failed.</exception>
    public Task<PartResult> PutPartAsync(UploadSession session, int number, Stream body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(body);

        return _parts.PutAsync(session, number, body, cancellationToken);
    }

    /// <summary>Lists the numbers of the stored parts of an upload in parts, in their order.</summary>
    public Task<IReadOnlyList<int>> ListPartsAsync(UploadSessionId id, CancellationToken cancellationToken) =>
        _catalog.ListPartsAsync(id, cancellationToken);

    /// <summary>Lists the uploads under way, the newest first, those in parts of S3 among them.</summary>
    /// <param name="owner">The owner whose uploads alone are listed; <see langword="null"/> for all.</param>
    /// <param name="after">The position after which the list begins; <see langword="null"/> for the beginning.</param>
    /// <param name="limit">The most uploads wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<UploadSession>> ListAsync(
        OwnerId? owner, UploadCursor? after, int limit, CancellationToken cancellationToken)
    {
        (DateTimeOffset, Guid)? position = after is null ? null : (after.CreatedAt, after.Id.Value);
        var ofS3 = await _multipart.ListProgressAsync(owner?.Value, position, limit, cancellationToken);
        var others = await _catalog.ListAsync(owner, after, limit, cancellationToken);
        return
        [
            .. ofS3.Select(MultipartContinuation.Show).Concat(others)
                .OrderByDescending(upload => upload.CreatedAt).ThenByDescending(upload => upload.Id.Value)
                .Take(limit),
        ];
    }

    private async Task<bool> AbortAsync(UploadSessionId id, CancellationToken cancellationToken)
    {
        var isAborted = await _multipart.AbortAsync(new(id.Value), cancellationToken);
        if (isAborted)
        {
            _metrics.Ended("cancelled", UploadForms.S3);
        }

        return isAborted;
    }

    private async Task<bool> ContinueInOrderAsync(UploadSessionId id, CancellationToken cancellationToken) =>
        await _multipart.FindProgressAsync(new(id.Value), cancellationToken) is { } upload
        && await _catalog.ContinueInOrderAsync(MultipartContinuation.Show(upload), cancellationToken);

    private async Task<UploadSession> CreateAsync(UploadSessionId id, NewUploadSession upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(upload.Length ?? 0, upload.MaxLength ?? _options.CurrentValue.MaxLength);

        await _catalog.CreateAsync(id, upload, cancellationToken);
        _metrics.Created(upload.PartSize is null ? UploadForms.InOrder : UploadForms.Parts);
        return upload.Length == 0
            ? (await CompleteAsync(id, cancellationToken)).Session!
            : await RequireAsync(id, cancellationToken);
    }

    private async Task<UploadSession> RequireAsync(UploadSessionId id, CancellationToken cancellationToken) =>
        await _catalog.FindAsync(id, cancellationToken)
        ?? throw new InvalidOperationException($"Upload {id} was removed right after its creation.");
}
