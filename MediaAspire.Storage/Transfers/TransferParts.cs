using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Chunks.Transfers;

namespace MediaAspire.Storage.Transfers;

/// <summary>A reader of the parts that a writer sends over its connection, put after put.</summary>
internal sealed class TransferParts(PipeReader input) : IAsyncStreamReader<PutChunkPart>
{
    public PutChunkPart Current { get; private set; } = new();

    /// <summary>Gets a value indicating whether the current put has been read to its seal.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Waits for the first byte of the next put.</summary>
    /// <returns><see langword="false"/> when the writer has closed the connection.</returns>
    public async Task<bool> WaitForPutAsync(CancellationToken cancellationToken)
    {
        IsSealed = false;
        var read = await input.ReadAsync(cancellationToken);
        input.AdvanceTo(read.Buffer.Start);
        return !read.Buffer.IsEmpty;
    }

    /// <summary>Reads the next part of the put; the receiver owns the blocks in it.</summary>
    /// <returns>False after the seal, and when the writer has closed the connection.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a valid part.</exception>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (IsSealed)
        {
            return false;
        }

        var (message, dataBytes) = await ReadMessageAsync(PutChunkRequest.Parser, cancellationToken);
        if (message is null)
        {
            return false;
        }

        if (dataBytes > 0 != (message.Blocks is not null))
        {
            throw new InvalidDataException($"A part {message.PartCase} is followed by {dataBytes} raw bytes.");
        }

        IsSealed = message.Seal is not null;
        Current = message.Blocks is { } head
            ? new PutChunkPart { Blocks = await ReadRunAsync(head.Offset, dataBytes, [.. head.Checksums], cancellationToken) }
            : new PutChunkPart { Open = message.Open, Seal = message.Seal };
        return true;
    }

    /// <summary>Reads the next message.</summary>
    /// <returns>
    /// The message, <see langword="null"/> when the writer has closed the connection, and the number of raw bytes after it.
    /// </returns>
    /// <exception cref="InvalidDataException">The message is too long or malformed.</exception>
    public async Task<(T? Message, int DataBytes)> ReadMessageAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        var read = await input.ReadAtLeastAsync(TransferFrames.PrefixBytes, cancellationToken);
        if (read.Buffer.Length < TransferFrames.PrefixBytes)
        {
            input.AdvanceTo(read.Buffer.End);
            return read.Buffer.IsEmpty ? default : throw CutOff();
        }

        var (messageBytes, dataBytes) = ParsePrefix(read.Buffer);
        var wanted = TransferFrames.PrefixBytes + messageBytes;
        if (read.Buffer.Length < wanted)
        {
            input.AdvanceTo(read.Buffer.Start);
            read = await input.ReadAtLeastAsync(wanted, cancellationToken);
            if (read.Buffer.Length < wanted)
            {
                input.AdvanceTo(read.Buffer.End);
                throw CutOff();
            }
        }

        try
        {
            return (parser.ParseFrom(read.Buffer.Slice(TransferFrames.PrefixBytes, messageBytes)), dataBytes);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new InvalidDataException(malformed.Message, malformed);
        }
        finally
        {
            input.AdvanceTo(read.Buffer.GetPosition(wanted));
        }
    }

    /// <summary>Drops the remaining bytes until the writer closes the connection.</summary>
    public async Task DropRestAsync(CancellationToken cancellationToken)
    {
        ReadResult read;
        do
        {
            read = await input.ReadAsync(cancellationToken);
            input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private static (int MessageBytes, int DataBytes) ParsePrefix(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[TransferFrames.PrefixBytes];
        buffer.Slice(0, TransferFrames.PrefixBytes).CopyTo(prefix);
        return TransferFrames.ReadPrefix(prefix);
    }

    private static InvalidDataException CutOff() => new("The connection ended in the middle of a part.");

    /// <summary>Copies the bytes into a run as they arrive, so that the connection buffers few of them.</summary>
    private async Task<Core.Chunks.BlockRun> ReadRunAsync(long offset, int length, ulong[] checksums, CancellationToken cancellationToken)
    {
        if (offset < 0 || BlockFormat.BlockStart(offset) != offset || checksums.Length != BlockFormat.CountBlocks(length))
        {
            throw new InvalidDataException(
                $"The run of {length} bytes at {offset} has {checksums.Length} checksums, or an invalid offset or length.");
        }

        var run = Core.Chunks.BlockRun.Rent(offset, length);
        try
        {
            while (run.Length < length)
            {
                var read = await input.ReadAsync(cancellationToken);
                var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, length - run.Length));
                var isCutOff = taken.IsEmpty && read.IsCompleted;
                taken.CopyTo(run.Unused.Span);
                run.Advance((int)taken.Length);
                input.AdvanceTo(taken.End);
                if (isCutOff)
                {
                    throw CutOff();
                }
            }

            run.Complete(checksums);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }
}
