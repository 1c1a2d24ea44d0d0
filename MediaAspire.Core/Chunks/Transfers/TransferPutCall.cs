using System.Diagnostics;
using MediaAspire.Core.Chunks.Protos;
using GeneratedRun = MediaAspire.Core.Chunks.Protos.BlockRun;

namespace MediaAspire.Core.Chunks.Transfers;

/// <summary>PutChunk over a transfer connection.</summary>
internal sealed class TransferPutCall : IPutCall
{
    private static readonly ActivitySource s_source = new("MediaAspire.Chunks");

    private readonly TransferConnections _connections;
    private readonly TransferConnection _connection;
    private readonly CallGuard _guard;
    private readonly ChunkOptions _options;
    private readonly TimeProvider _time;
    private readonly Activity? _activity;
    private readonly CancellationTokenRegistration _giveUp;
    private bool _isSealed;

    public TransferPutCall(
        Uri node, TransferConnections connections, TransferConnection connection, CallGuard guard, ChunkOptions options, TimeProvider time)
    {
        _connections = connections;
        _connection = connection;
        _guard = guard;
        _options = options;
        _time = time;

        // The node learns of a cancellation at once, even when no step is running.
        _giveUp = guard.Token.UnsafeRegister(static state => ((TransferConnection)state!).Abort(), connection);
        _activity = s_source.StartActivity("PutChunk", ActivityKind.Client)?
            .SetTag("server.address", node.Host).SetTag("server.port", node.Port);
    }

    public async Task OpenAsync(PutChunkOpen open, CancellationToken cancellationToken)
    {
        await _connection.SendAsync(Traced(open), default, cancellationToken);
        TransferConnection.Check(await _connection.ReceiveAsync(cancellationToken));
    }

    public async Task WriteAsync(BlockRun run, CancellationToken cancellationToken)
    {
        // Before the seal a node replies only when it aborts the put.
        if (_connection.HasReply)
        {
            TransferConnection.Check(await _connection.ReceiveAsync(cancellationToken));
            throw new InvalidDataException("The node accepted the chunk twice.");
        }

        await _connection.SendAsync(HeadOf(run), run.Data, cancellationToken);
    }

    public async Task SealAsync(PutChunkSeal seal, CancellationToken cancellationToken)
    {
        await _connection.SendAsync(new PutChunkRequest { Seal = seal }, default, cancellationToken);
        await WaitForSealAsync(seal, cancellationToken);
    }

    public async Task StoreAsync(PutChunkOpen open, BlockRun run, PutChunkSeal seal, CancellationToken cancellationToken)
    {
        open.Whole = true;
        await _connection.SendAsync(Traced(open), HeadOf(run), run.Data, new PutChunkRequest { Seal = seal }, cancellationToken);
        await WaitForSealAsync(seal, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Every step reads the node's replies itself.</remarks>
    public Task<Exception> FindCauseAsync(Exception failure) => Task.FromResult(failure);

    public void Dispose()
    {
        _giveUp.Dispose();
        _activity?.SetStatus(_isSealed ? ActivityStatusCode.Ok : ActivityStatusCode.Error).Dispose();
        if (_isSealed && !_connection.IsAborted)
        {
            _connections.Return(_connection);
        }
        else
        {
            _connection.Abort();
        }
    }

    private static PutChunkRequest HeadOf(BlockRun run)
    {
        var head = new GeneratedRun { Offset = run.Offset };
        foreach (var checksum in run.Checksums)
        {
            head.Checksums.Add(checksum);
        }

        return new PutChunkRequest { Blocks = head };
    }

    private PutChunkRequest Traced(PutChunkOpen open)
    {
        open.TraceParent = _activity?.Id ?? "";
        return new PutChunkRequest { Open = open };
    }

    /// <summary>Waits for the seal while the node shows progress, up to the limit of a whole chunk.</summary>
    private async Task WaitForSealAsync(PutChunkSeal seal, CancellationToken cancellationToken)
    {
        var silence = _options.IdleTimeout > 3 * TransferFrames.PulseInterval ? _options.IdleTimeout : 3 * TransferFrames.PulseInterval;
        var started = _time.GetTimestamp();
        _guard.ExtendTo(silence < _options.WholeChunkTimeout ? silence : _options.WholeChunkTimeout);
        var reply = await _connection.ReceiveAsync(cancellationToken);
        while (reply.Working)
        {
            var left = _options.WholeChunkTimeout - _time.GetElapsedTime(started);
            _guard.ExtendTo(left <= TimeSpan.Zero ? TimeSpan.Zero : left < silence ? left : silence);
            reply = await _connection.ReceiveAsync(cancellationToken);
        }

        TransferConnection.Check(reply);
        if (reply.Sealed?.Size != seal.Size)
        {
            throw new InvalidDataException($"The node sealed {reply.Sealed?.Size} bytes; {seal.Size} were sent.");
        }

        _isSealed = true;
    }
}
