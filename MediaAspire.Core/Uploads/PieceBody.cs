using System.Runtime.ExceptionServices;

namespace MediaAspire.Core.Uploads;

/// <summary>The bytes of one piece: as much of a request's body as fits into it, or has arrived.</summary>
/// <remarks>A body that breaks off looks like one that ends, so that the bytes before are stored; <see cref="End"/> tells.</remarks>
internal sealed class PieceBody(Stream body, long limit, CancellationToken reading) : Stream
{
    private long _read;

    /// <summary>Gets the reason why the piece has no more bytes.</summary>
    public PieceEnd End { get; private set; }

    /// <summary>Gets the failure of the body when it has broken off.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (End is PieceEnd.Ended or PieceEnd.Broken || buffer.IsEmpty)
        {
            return 0;
        }

        var room = (int)Math.Min(buffer.Length, limit - _read);
        if (room == 0)
        {
            End = PieceEnd.Full;
            return 0;
        }

        var read = await ReadBodyAsync(buffer[..room], cancellationToken);
        _read += read;
        return read;
    }

    /// <summary>Determines whether the body has a byte after the piece. It is read and lost.</summary>
    public async Task<bool> HasMoreAsync(CancellationToken cancellationToken) =>
        End == PieceEnd.Full && await ReadBodyAsync(new byte[1], cancellationToken) > 0;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private async Task<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(reading, cancellationToken);
        try
        {
            var read = await body.ReadAsync(buffer, either.Token);
            End = read == 0 ? PieceEnd.Ended : End;
            return read;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The sender's fault or the end of its request: the caller decides after the bytes before it are stored.
            End = PieceEnd.Broken;
            Failure = ExceptionDispatchInfo.Capture(failure);
            return 0;
        }
    }
}

/// <summary>The reasons why a piece has no more bytes.</summary>
internal enum PieceEnd
{
    /// <summary>The piece is still being read.</summary>
    None,

    /// <summary>The piece has its size; the body may go on.</summary>
    Full,

    /// <summary>The body has ended.</summary>
    Ended,

    /// <summary>The body has broken off, or may not be read any more.</summary>
    Broken,
}
