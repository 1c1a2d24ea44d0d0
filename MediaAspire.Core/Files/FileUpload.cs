using System.Runtime.ExceptionServices;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Files;

/// <summary>The upload of one file: write its bytes, then commit it. Disposing an uncommitted upload removes all of it.</summary>
/// <remarks>Not safe for concurrent use. While runs are hashed and sent, the next one is already being read.</remarks>
public sealed partial class FileUpload : IAsyncDisposable
{
    // The number of chunks that may be sealing while the next one is already being sent: sealing waits for disks.
    private const int ConcurrentSeals = 2;

    private readonly NewFile _file;
    private readonly ChunkPlan _plan;
    private readonly FilePlacement _placement;
    private readonly ChunkWriterContext _context;
    private readonly FileUploadServices _services;
    private readonly long _startedAt;

    private readonly UploadHashes _hashes;
    private readonly RunQueue _hashing;
    private readonly RunQueue[] _passes;
    private readonly List<ChunkUpload> _chunks = [];
    private readonly UploadState _state = new();
    private UploadBody? _body;
    private ChunkUpload? _current;
    private long _lastTouch;

    internal FileUpload(
        FileId id, NewFile file, ChunkPlan plan, FilePlacement placement, ChunkWriterContext context, FileUploadServices services)
    {
        Id = id;
        _file = file;
        _plan = plan;
        _placement = placement;
        _context = context;
        _services = services;
        _hashes = new UploadHashes(file.NeedsSha256);
        _hashing = new RunQueue(_hashes.Append);
        _passes = [_hashing, .. file.Digests.Select(digest => new RunQueue(digest.Append))];
        _startedAt = _lastTouch = services.TimeProvider.GetTimestamp();
        services.Metrics.UploadStarted();
    }

    public FileId Id { get; }

    /// <summary>Gets the number of bytes read so far.</summary>
    public long Size => _body?.Size ?? 0;

    /// <summary>Gets the number of chunks so far.</summary>
    public int ChunkCount => _chunks.Count;

    /// <summary>
    /// Gets the SHA-256 of all bytes; <see langword="null"/> before <see cref="WriteAsync"/> has returned, and when it was not requested.
    /// </summary>
    /// <remarks>A file of at most one chunk always has it.</remarks>
    public Sha256Digest? Sha256 { get; private set; }

    /// <summary>Reads <paramref name="body"/> to its end and sends it to the nodes. Call it once.</summary>
    /// <param name="body">The file's bytes.</param>
    /// <param name="maxSize">The most bytes accepted.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    /// <exception cref="FileWriteException">The body is too long or not as long as declared, or the nodes failed.</exception>
    /// <exception cref="InvalidOperationException">A body has been written already.</exception>
    public async Task WriteAsync(Stream body, long maxSize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        _state.RequireNew();

        _body = new UploadBody(body, _plan, maxSize);
        var sending = Task.CompletedTask;
        try
        {
            while (await _body.ReadAsync(cancellationToken) is { } run)
            {
                try
                {
                    await sending;
                }
                catch
                {
                    run.Dispose();
                    throw;
                }

                sending = SendAsync(run, isLast: _body.HasEnded, cancellationToken);
            }

            await sending;
            await DrainAsync();
            if (_state.Stage == UploadStage.SendingChunks)
            {
                _current!.BeginSeal(_hashes.EndChunk(), cancellationToken);
            }
        }
        catch (ChunkWriteException failure)
        {
            throw AllCopiesFailed(failure);
        }
        finally
        {
            // A run that is still being sent must not outlive the upload. A failure of its own is not the first one.
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await DrainAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_file.Length is { } declared && declared != Size)
        {
            throw new FileWriteException(FileWriteFailure.LengthMismatch, $"The body has {Size} bytes; {declared} were declared.");
        }

        Sha256 = _hashes.EndFile();
        _state.EndWriting();
    }

    /// <summary>Makes the file visible. Every copy of every chunk is on stable storage when this returns.</summary>
    /// <exception cref="FileWriteException">A chunk could not be made durable, or the session has ended.</exception>
    /// <exception cref="QuotaExceededException">The owner's quota does not allow the file.</exception>
    public async Task<StoredFileSummary> CommitAsync(CancellationToken cancellationToken) =>
        await TryCommitAsync(condition: null, cancellationToken)
        ?? throw new System.Diagnostics.UnreachableException("A commit without a condition cannot fail on one.");

    /// <summary>Makes the file visible if a condition is met in the same transaction.</summary>
    /// <returns>
    /// Null when it is not met: the file stays invisible. The caller may try again with another condition; disposing the upload removes it.
    /// </returns>
    /// <exception cref="FileWriteException">A chunk could not be made durable, or the session is gone.</exception>
    /// <exception cref="QuotaExceededException">A quota does not allow the file. The upload is as before.</exception>
    internal async Task<StoredFileSummary?> TryCommitAsync(CommitCondition? condition, CancellationToken cancellationToken)
    {
        _state.RequireWritten();

        var written = new List<WrittenChunk>(_chunks.Count);
        foreach (var chunk in _chunks)
        {
            written.Add(await SealedAsync(chunk));
        }

        if (_state.IsShort)
        {
            return await TryCommitShortAsync(written[0], condition, cancellationToken);
        }

        if (!_state.IsRecorded)
        {
            await _services.Catalog.BeginAsync(
                Id, _file, _context.Copies, _services.Options.SessionLifetime, first: null, cancellationToken);
            _state.RecordEmpty();
        }

        return Settle(
            await _services.Catalog.CompleteAsync(
                Id, _file.Owner, Size, Sha256, written, _context.Copies, condition, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var chunk in _chunks)
        {
            await chunk.DisposeAsync();
        }

        if (_state.Stage != UploadStage.Committed)
        {
            _services.Metrics.UploadAborted();
            await RemoveAsync();
        }

        _services.Metrics.UploadEnded();
        _hashes.Dispose();
    }

    /// <summary>Moves the upload to the state after an attempt to make the file visible.</summary>
    /// <returns>The visible file; null when the condition was not met.</returns>
    private StoredFileSummary? Settle(Completion completion)
    {
        switch (completion.Outcome)
        {
            case CompletionOutcome.SessionLost:
                throw new FileWriteException(
                    FileWriteFailure.SessionLost, $"The upload session of file {Id} expired before the commit. Upload the file again.");
            case CompletionOutcome.ConditionUnmet:
                return null;
            case CompletionOutcome.QuotaExceeded:
                throw new QuotaExceededException(completion.Refusal!);
            case CompletionOutcome.Unknown:
                _state.MarkUnknown();
                ExceptionDispatchInfo.Throw(completion.Failure!);
                break;
        }

        _state.Commit();
        _services.Metrics.UploadCompleted(Size, _services.TimeProvider.GetElapsedTime(_startedAt));
        return new StoredFileSummary(Id, _file.Filename, _file.ContentType, Size, Sha256, _chunks.Count, completion.CompletedAt);
    }

    private static FileWriteException AllCopiesFailed(ChunkWriteException failure) =>
        new(FileWriteFailure.AllCopiesFailed, failure.Message, failure);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Removing the aborted upload of file {FileId} failed, and is left to the sweeper: {Reason}")]
    private static partial void LogRemovalFailed(ILogger logger, FileId fileId, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Removed the aborted upload of file {FileId}: {Size} bytes in {Chunks} chunks")]
    private static partial void LogRemoved(ILogger logger, FileId fileId, long size, int chunks);
}
