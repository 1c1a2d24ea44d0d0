using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Staging;

/// <summary>One value on its way into short-term storage. Disposing it frees what came in, unless <see cref="Keep"/> was called.</summary>
/// <remarks>Not safe for concurrent use. Holds at most 1 MiB for a value of any size.</remarks>
public sealed partial class StagingWriter : IAsyncDisposable
{
    private readonly StagingArea _area;
    private readonly long _maxSize;
    private readonly StagingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<Task> _writing = new(StagingArea.PiecesAhead);
    private byte[]? _piece;
    private int _filled;
    private int _pieces;
    private bool _kept;

    internal StagingWriter(StagingArea area, StagingId id, long maxSize, StagingMetrics metrics, ILogger logger)
    {
        _area = area;
        Id = id;
        _maxSize = maxSize;
        _metrics = metrics;
        _logger = logger;
    }

    public StagingId Id { get; }

    /// <summary>Gets how many bytes have been written so far.</summary>
    public long Size { get; private set; }

    /// <summary>Adds bytes at the end. They are copied; pieces that are full are sent.</summary>
    /// <exception cref="StagingException">The value becomes too large, short-term storage is full, or Redis does not answer.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Size += bytes.Length;
        if (Size > _maxSize)
        {
            throw Refuse(new StagingException(StagingFailure.TooLarge, $"A value may have at most {_maxSize} bytes."));
        }

        _hash.AppendData(bytes.Span);
        while (!bytes.IsEmpty)
        {
            _piece ??= GC.AllocateUninitializedArray<byte>(StagingArea.PieceBytes);
            var part = Math.Min(bytes.Length, _piece.Length - _filled);
            bytes[..part].CopyTo(_piece.AsMemory(_filled));
            _filled += part;
            bytes = bytes[part..];
            if (_filled == _piece.Length)
            {
                await SendAsync(_piece, cancellationToken);
            }
        }
    }

    /// <summary>Ends the value. All of it is on stable storage when this returns.</summary>
    /// <exception cref="StagingException">Short-term storage is full, or Redis does not answer.</exception>
    public async Task<StagedValue> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
        {
            await SendAsync(_piece.AsSpan(0, _filled).ToArray(), cancellationToken);
        }

        while (_writing.Count > 0)
        {
            await SentAsync();
        }

        _metrics.Written(Size);
        return new StagedValue(Id, Size, Sha256Digest.TakeFrom(_hash));
    }

    /// <summary>From here on the value may be referred to: it is left to the job, or to the sweeper.</summary>
    public void Keep() => _kept = true;

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        if (_kept || _pieces == 0)
        {
            return;
        }

        // A piece that is written after the value was freed would recreate it.
        await Task.WhenAll(_writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            // Without a token: the failed request may have ended long ago. The command has a time limit of its own.
            await _area.FreeAsync(Id, CancellationToken.None);
        }
        catch (StagingException failure)
        {
            LogLeft(Id, failure.Message);
        }
    }

    private async Task SendAsync(byte[] piece, CancellationToken cancellationToken)
    {
        if (_writing.Count == StagingArea.PiecesAhead)
        {
            await SentAsync();
        }

        _writing.Enqueue(_area.AppendAsync(Id, _pieces++, piece, cancellationToken));
        (_piece, _filled) = (null, 0);
    }

    private async Task SentAsync()
    {
        try
        {
            await _writing.Dequeue();
        }
        catch (StagingException failure)
        {
            throw Refuse(failure);
        }
    }

    private StagingException Refuse(StagingException failure)
    {
        _metrics.Refused(failure.Failure);
        return failure;
    }

    [LoggerMessage(LogLevel.Warning, "Freeing the refused staged value {Id} failed and is left to the sweeper: {Reason}")]
    private partial void LogLeft(StagingId id, string reason);
}
