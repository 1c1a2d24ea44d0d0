using MediaAspire.Core.Checksums;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Chunks;

/// <summary>A writer of one chunk to several servers at once, which replaces a failed server by the next one.</summary>
/// <remarks>
/// A server that fails before it has taken the first run is replaced at once, because that run is still in memory. One that
/// fails later is replaced when the chunk is sealed: its successor pulls the chunk from a server that sealed it. Not safe for
/// concurrent use. Disposing without sealing leaves nothing on the reachable servers.
/// </remarks>
public sealed partial class ChunkWriter : IDisposable
{
    private readonly ChunkPlacement _placement;
    private readonly ChunkWriterContext _context;
    private readonly List<ChunkCopy> _copies = [];
    private BlockRun? _firstRun;
    private int _runs;

    internal ChunkWriter(ChunkPlacement placement, ChunkWriterContext context)
    {
        _placement = placement;
        _context = context;
    }

    /// <summary>Sends a run to every copy that is still whole.</summary>
    /// <remarks>Takes a reference of its own on the first run; the caller keeps and releases its own.</remarks>
    /// <exception cref="ChunkWriteException">No copy is left.</exception>
    public async Task WriteAsync(BlockRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);

        if (_runs++ == 0)
        {
            _firstRun = run.Retain();
            await OpenAsync(cancellationToken);
        }
        else
        {
            // From the second run on a copy can no longer be replayed, so the first run is released.
            ReleaseFirstRun();
            var whole = _copies.Where(copy => copy.IsWhole).ToList();
            await Task.WhenAll(whole.Select(copy => copy.WriteAsync(run, cancellationToken)));
            ReportFailures(whole);
        }

        if (!_copies.Exists(copy => copy.IsWhole))
        {
            throw AllFailed();
        }
    }

    /// <summary>Makes the chunk durable: returns once the wanted number of copies is on stable storage.</summary>
    /// <param name="size">The number of bytes written.</param>
    /// <param name="sha256">SHA-256 of those bytes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The servers that acknowledged a copy.</returns>
    /// <exception cref="ChunkWriteException">Fewer copies than wanted could be made, and degraded writes are not allowed.</exception>
    public async Task<IReadOnlyList<ServerId>> SealAsync(long size, Sha256Digest sha256, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sha256);

        await SealWholeCopiesAsync(size, sha256, cancellationToken);
        if (!_copies.Exists(copy => copy.IsSealed) && _firstRun is not null)
        {
            // Every server failed between the bytes and the seal, but the chunk is one run: restart on the next servers.
            await OpenAsync(cancellationToken);
            await SealWholeCopiesAsync(size, sha256, cancellationToken);
        }

        await CopyToSuccessorsAsync(cancellationToken);
        return SealedServers();
    }

    /// <summary>
    /// Writes a chunk that is one run and makes it durable, in place of <see cref="WriteAsync"/> and <see cref="SealAsync"/>.
    /// </summary>
    /// <remarks>
    /// A failed server is replaced at once. No server is recorded in advance: the caller records all of them together with the chunk. The
    /// caller keeps its reference to the run.
    /// </remarks>
    /// <inheritdoc cref="SealAsync"/>
    public async Task<IReadOnlyList<ServerId>> StoreAsync(BlockRun run, Sha256Digest sha256, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(sha256);

        while (Missing > 0 && TakeServers() is { Count: > 0 } servers)
        {
            var fresh = servers.ConvertAll(AddCopy);
            await Task.WhenAll(fresh.Select(
                copy => copy.StoreAsync(_placement.Chunk, _placement.File, run, sha256.Bytes, cancellationToken)));
            ReportFailures(fresh);
        }

        return SealedServers();
    }

    public void Dispose()
    {
        ReleaseFirstRun();
        _copies.ForEach(copy => copy.Dispose());
    }

    /// <summary>Opens the missing copies and sends the first run to each, until enough are open or no server is left.</summary>
    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        while (Missing > 0 && TakeServers() is { Count: > 0 } servers)
        {
            var fresh = new List<ChunkCopy>();
            foreach (var server in servers)
            {
                fresh.Add(await BeginCopyAsync(server, cancellationToken));
            }

            await Task.WhenAll(fresh.Select(copy => OpenAsync(copy, _firstRun!, cancellationToken)));
            ReportFailures(fresh);
        }
    }

    private async Task OpenAsync(ChunkCopy copy, BlockRun firstRun, CancellationToken cancellationToken)
    {
        await copy.OpenAsync(_placement.Chunk, _placement.File, _placement.ExpectedSize, cancellationToken);
        await copy.WriteAsync(firstRun, cancellationToken);
    }

    /// <summary>Takes the next servers for the missing copies; fewer when not enough are left.</summary>
    private List<ClusterServer> TakeServers()
    {
        var servers = new List<ClusterServer>();
        for (var wanted = Missing; wanted > 0 && _placement.TakeNext() is { } server; wanted--)
        {
            servers.Add(server);
        }

        return servers;
    }

    private List<ServerId> SealedServers()
    {
        var servers = _copies.Where(copy => copy.IsSealed).Select(copy => copy.Server.Id).ToList();
        return servers.Count >= (_context.AllowDegraded ? 1 : _context.Copies) ? servers : throw AllFailed();
    }

    private int Missing => _context.Copies - _copies.Count(copy => copy.IsWhole || copy.IsSealed);

    private async Task SealWholeCopiesAsync(long size, Sha256Digest sha256, CancellationToken cancellationToken)
    {
        var whole = _copies.Where(copy => copy.IsWhole).ToList();
        await Task.WhenAll(whole.Select(copy => copy.SealAsync(size, sha256.Bytes, cancellationToken)));
        ReportFailures(whole);
    }

    private async Task CopyToSuccessorsAsync(CancellationToken cancellationToken)
    {
        var sources = _copies.Where(copy => copy.IsSealed).ToList();
        for (var attempt = 0; Missing > 0 && sources.Count > 0 && _placement.TakeNext() is { } server; attempt++)
        {
            // Another source each time: the previous one may have caused the failure.
            var source = sources[attempt % sources.Count];
            var copy = await BeginCopyAsync(server, cancellationToken);
            await copy.PullAsync(_placement.Chunk, source.Server, cancellationToken);
            ReportFailures([copy]);
        }
    }

    private async Task<ChunkCopy> BeginCopyAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        // The servers of the plan are recorded with the chunk. A successor is recorded here, before its first byte.
        if (!_placement.IsPlanned(server.Id))
        {
            await _context.RecordSuccessor(_placement.Chunk, server.Id, cancellationToken);
        }

        return AddCopy(server);
    }

    private ChunkCopy AddCopy(ClusterServer server)
    {
        var copy = new ChunkCopy(server, _context.Nodes.Get(server));
        _copies.Add(copy);
        return copy;
    }

    private void ReportFailures(IReadOnlyList<ChunkCopy> copies)
    {
        foreach (var copy in copies)
        {
            if (copy.Failure is { } failure)
            {
                LogCopyFailed(_context.Logger, _placement.Chunk, copy.Server.Name, failure.Message);
                if (failure.IsNodeFault)
                {
                    _context.Cluster.ReportUnreachable(copy.Server.Id);
                }
                else if (failure.Error == ChunkNodeError.NoSpace)
                {
                    _context.Cluster.ReportFull(copy.Server.Id);
                }
            }
        }
    }

    private ChunkWriteException AllFailed() => new(
        _placement.Chunk,
        wanted: _context.Copies,
        made: _copies.Count(copy => copy.IsWhole || copy.IsSealed),
        _copies.Select(copy => copy.Failure).OfType<Exception>().LastOrDefault());

    private void ReleaseFirstRun()
    {
        _firstRun?.Dispose();
        _firstRun = null;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The copy of chunk {ChunkId} on {Server} failed: {Reason}; replacing it by the next server")]
    private static partial void LogCopyFailed(ILogger logger, ChunkId chunkId, string server, string reason);
}
