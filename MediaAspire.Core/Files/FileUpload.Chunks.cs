using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>The sending of runs as chunks, and the removal of an abandoned upload.</summary>
public sealed partial class FileUpload
{
    /// <summary>Hashes a run and sends it, and starts a new chunk for the first run of one. Releases the run.</summary>
    private async Task SendAsync(BlockRun run, bool isLast, CancellationToken cancellationToken)
    {
        _services.Metrics.Transfers.AddReceived(run.Length);
        try
        {
            if (isLast && _chunks.Count == 0)
            {
                SendWhole(run, cancellationToken);
                return;
            }

            if (run.Offset == 0)
            {
                await EndChunkAsync(cancellationToken);
                await BeginChunkAsync(cancellationToken);
            }
            else
            {
                await TouchAsync(cancellationToken);
            }

            var chunk = _current!;
            chunk.Advance(run.Length);

            // Every pass costs as much as sending, so all run in parallel, and none waits for the slowest one at each run.
            Task[] passes = [.. _passes.Select(pass => pass.AddAsync(run)), chunk.WriteAsync(run, cancellationToken)];
            await Task.WhenAll(passes);
        }
        finally
        {
            run.Dispose();
        }
    }

    private async Task BeginChunkAsync(CancellationToken cancellationToken)
    {
        var number = _chunks.Count;
        var offset = _chunks.Sum(done => done.Size);
        var limit = _plan.LimitOf(number);
        var chunk = AddChunk(offset, _file.Length is { } length ? Math.Min(limit, length - offset) : null);
        if (number == 0)
        {
            _state.BeginChunks();
            await _services.Catalog.BeginAsync(
                Id, _file, _context.Copies, _services.Options.SessionLifetime, chunk.Planned, cancellationToken);
        }
        else
        {
            await _services.Catalog.AddChunkAsync(Id, chunk.Planned, _services.Options.SessionLifetime, cancellationToken);
        }
    }

    private ChunkUpload AddChunk(long offset, long? expectedSize)
    {
        var number = _chunks.Count;
        var placement = _placement.Place(ChunkId.New(_services.TimeProvider), number, expectedSize);
        var chunk = new ChunkUpload(placement, number, offset, new ChunkWriter(placement, _context));
        _chunks.Add(chunk);
        return _current = chunk;
    }

    private async Task EndChunkAsync(CancellationToken cancellationToken)
    {
        if (_current is not { } chunk)
        {
            return;
        }

        await _hashing.DrainAsync();
        chunk.BeginSeal(_hashes.EndChunk(), cancellationToken);
        if (_chunks.Count > ConcurrentSeals)
        {
            await _chunks[^(ConcurrentSeals + 1)].SealedAsync();
        }
    }

    /// <summary>Waits until every pass has processed all runs.</summary>
    private Task DrainAsync() => Task.WhenAll(_passes.Select(pass => pass.DrainAsync()));

    /// <summary>Keeps the session alive during a long chunk.</summary>
    private async Task TouchAsync(CancellationToken cancellationToken)
    {
        if (_services.TimeProvider.GetElapsedTime(_lastTouch) > _services.Options.SessionLifetime / 4)
        {
            _lastTouch = _services.TimeProvider.GetTimestamp();
            await _services.Catalog.TouchAsync(Id, _services.Options.SessionLifetime, cancellationToken);
        }
    }

    private static async Task<WrittenChunk> SealedAsync(ChunkUpload chunk)
    {
        try
        {
            return await chunk.SealedAsync();
        }
        catch (ChunkWriteException failure)
        {
            throw AllCopiesFailed(failure);
        }
    }

    /// <summary>
    /// Removes an upload: its chunks from the servers, then its rows. Chunks on unreachable servers are left to the sweeper.
    /// </summary>
    /// <remarks>Has a time limit of its own, because the token of the failed request may be cancelled already.</remarks>
    private async Task RemoveAsync()
    {
        if (_state.Stage is UploadStage.New or UploadStage.WrittenEmpty)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(_services.Options.CleanUpTimeout, _services.TimeProvider);
        try
        {
            // Without this, a commit whose answer was lost would leave a visible file without bytes.
            if (!await TryAbandonAsync(timeout.Token))
            {
                return;
            }

            if (await DeleteChunksAsync(timeout.Token))
            {
                if (_state.IsRecorded)
                {
                    await _services.Catalog.RemoveAsync(Id, timeout.Token);
                }

                LogRemoved(_services.Logger, Id, Size, _chunks.Count);
            }
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException or OperationCanceledException)
        {
            // The rows stay, so that the sweeper finds the bytes by them; the session has ended or expires.
            LogRemovalFailed(_services.Logger, Id, failure.Message);
        }
    }

    /// <summary>Abandons the upload, unless it was committed or may have been.</summary>
    /// <returns><see langword="true"/> when its chunks can be deleted.</returns>
    private async Task<bool> TryAbandonAsync(CancellationToken cancellationToken)
    {
        if (_state.IsRecorded)
        {
            return await _services.Catalog.TryAbandonAsync(Id, cancellationToken);
        }

        // A short file has no row to check. After a commit without an answer its bytes are kept; the orphan sweep decides by the rows.
        if (_state.Stage == UploadStage.Unknown)
        {
            LogRemovalFailed(_services.Logger, Id, "the commit got no answer");
            return false;
        }

        return true;
    }

    /// <summary>
    /// Deletes the chunks from every server that may have bytes of them, in parallel, so that an unreachable server delays no other.
    /// </summary>
    /// <returns><see langword="true"/> when all are deleted. Otherwise the rows stay, and the sweeper finds the chunks by them.</returns>
    private async Task<bool> DeleteChunksAsync(CancellationToken cancellationToken)
    {
        var servers = _chunks
            .SelectMany(chunk => chunk.ServersTried, (chunk, server) => (Chunk: chunk.Id, Server: server))
            .GroupBy(copy => copy.Server);
        var deleted = await Task.WhenAll(servers.Select(async copies =>
        {
            var node = _context.Nodes.Get(copies.Key);
            try
            {
                foreach (var copy in copies)
                {
                    await node.DeleteAsync(copy.Chunk, cancellationToken);
                }

                return true;
            }
            catch (ChunkNodeException failure)
            {
                LogRemovalFailed(_services.Logger, Id, failure.Message);
                return false;
            }
        }));
        return deleted.All(isDeleted => isDeleted);
    }
}
