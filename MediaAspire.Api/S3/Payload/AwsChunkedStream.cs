using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;

namespace MediaAspire.Api.S3.Payload;

/// <summary>Decodes a body in aws-chunked encoding while it is read, and verifies its chunk sizes, signatures and trailers.</summary>
/// <example>
/// <c>10000;chunk-signature=…␍␊</c> 65,536 bytes
/// <c>␍␊0;chunk-signature=…␍␊x-amz-checksum-crc32c:sOO8/Q==␍␊x-amz-trailer-signature:…␍␊␍␊</c>
/// </example>
internal sealed class AwsChunkedStream : PayloadStream
{
    /// <summary>The minimum size of every chunk but the last, as in S3.</summary>
    public const int MinChunkBytes = 8192;

    // A line with its end. The header of a chunk has at most 100 bytes without unknown extensions.
    private const int MaxLineBytes = 1024;
    private const int BufferBytes = 4096;

    private readonly ChunkSignatures? _signatures;
    private readonly TrailerSection? _trailers;
    private readonly byte[] _signature = new byte[SigV4.SignatureLength];
    private readonly long _length;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private Part _part = Part.Header;
    private long _chunkLeft;
    private long _chunkSize;
    private int _chunk;
    private bool _disposed;

    public AwsChunkedStream(Stream body, long length, PayloadDeclaration payload, ChunkSeed? seed, IReadOnlyList<string> trailerNames)
        : base(body, length)
    {
        _length = length;
        _signatures = payload.HasSignedChunks ? new ChunkSignatures(seed ?? throw new ArgumentNullException(nameof(seed))) : null;
        _trailers = payload.HasTrailer ? new TrailerSection(trailerNames, payload.HasSignedChunks) : null;
    }

    private enum Part
    {
        Header,
        Data,
        DataEnd,
        Trailers,
        Ending,
        Done,
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (_part != Part.Done)
        {
            switch (_part)
            {
                case Part.Header:
                    BeginChunk(await ReadLineAsync(cancellationToken));
                    break;
                case Part.Data:
                    return await ReadDataAsync(buffer, cancellationToken);
                case Part.DataEnd:
                    EndChunk(await ReadLineAsync(cancellationToken));
                    break;
                case Part.Trailers:
                    AddTrailer(await ReadLineAsync(cancellationToken));
                    break;
                default:
                    await FinishAsync(cancellationToken);
                    break;
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            _signatures?.Dispose();
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }
        }

        base.Dispose(disposing);
    }

    private void BeginChunk(ReadOnlyMemory<byte> line)
    {
        if (!ChunkHeader.TryParse(line.Span, _signatures is not null, out var header))
        {
            ThrowIncomplete();
        }

        // Only now is it known that the previous chunk was not the last.
        if (header.Size > 0 && _chunk > 0 && _chunkSize < MinChunkBytes)
        {
            throw PayloadErrors.ChunkTooSmall(_chunk, _chunkSize).ToException();
        }

        if (header.Size > _length - BytesRead)
        {
            throw S3Errors.IncompleteBody().ToException();
        }

        _chunk++;
        _chunkSize = _chunkLeft = header.Size;
        header.Signature.CopyTo(_signature);
        if (header.Size > 0)
        {
            _part = Part.Data;
            return;
        }

        _signatures?.VerifyChunk(_signature);
        if (BytesRead != _length)
        {
            throw S3Errors.IncompleteBody().ToException();
        }

        _part = _trailers is null ? Part.Ending : Part.Trailers;
    }

    private async ValueTask<int> ReadDataAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(buffer.Length, _chunkLeft);
        int read;
        if (_start < _end)
        {
            read = Math.Min(wanted, _end - _start);
            _buffer.AsSpan(_start, read).CopyTo(buffer.Span);
            _start += read;
        }
        else
        {
            // Straight into the caller's buffer: only bytes that were read with a header are copied.
            read = await ReadBodyAsync(buffer[..wanted], cancellationToken);
        }

        if (read == 0)
        {
            ThrowIncomplete();
        }

        _signatures?.Append(buffer.Span[..read]);
        BytesRead += read;
        _chunkLeft -= read;
        _part = _chunkLeft == 0 ? Part.DataEnd : Part.Data;
        return read;
    }

    private void EndChunk(ReadOnlyMemory<byte> line)
    {
        if (!line.IsEmpty)
        {
            ThrowIncomplete();
        }

        _signatures?.VerifyChunk(_signature);
        _part = Part.Header;
    }

    private void AddTrailer(ReadOnlyMemory<byte> line)
    {
        if (!_trailers!.Add(line.Span))
        {
            return;
        }

        _signatures?.VerifyTrailers(_trailers.Values, _trailers.Signature);
        Trailers = _trailers.Values;
        _part = Part.Ending;
    }

    // Clients end a body with one line end, two or none.
    private async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        for (var lineEnds = 0; _start < _end || await FillAsync(cancellationToken); _start++, lineEnds++)
        {
            if (_buffer[_start] is not ((byte)'\r' or (byte)'\n') || lineEnds >= 8)
            {
                ThrowIncomplete();
            }
        }

        _part = Part.Done;
    }

    /// <returns>A line without its end; valid until the next call.</returns>
    private async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(CancellationToken cancellationToken)
    {
        for (var searched = 0; ;)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + found);
                _start += searched + found + 1;
                return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
            }

            searched = _end - _start;
            if (searched >= MaxLineBytes)
            {
                ThrowIncomplete();
            }

            if (!await FillAsync(cancellationToken))
            {
                ThrowIncomplete();
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var read = await ReadBodyAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    [DoesNotReturn]
    private static void ThrowIncomplete() => throw PayloadErrors.Incomplete().ToException();
}
