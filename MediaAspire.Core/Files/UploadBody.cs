using MediaAspire.Core.Chunks;

namespace MediaAspire.Core.Files;

/// <summary>The bytes of a file on its way in, read in runs of which none crosses the border of a chunk.</summary>
internal sealed class UploadBody(Stream body, ChunkPlan plan, long maxSize)
{
    private int _chunk;
    private long _offset;

    /// <summary>Gets the number of bytes read so far.</summary>
    public long Size { get; private set; }

    /// <summary>Gets a value indicating whether the last byte has been read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Reads the next run; <see langword="null"/> at the end of the body. The caller owns the run.</summary>
    /// <exception cref="FileWriteException">The body has more bytes than are accepted.</exception>
    public async Task<BlockRun?> ReadAsync(CancellationToken cancellationToken)
    {
        if (HasEnded)
        {
            return null;
        }

        var room = NextRoom();
        var run = BlockRun.Rent(_offset);
        try
        {
            var wanted = (int)Math.Min(run.Unused.Length, room);
            var read = await body.ReadAtLeastAsync(run.Unused[..wanted], wanted, throwOnEndOfStream: false, cancellationToken);
            Size += read;
            _offset += read;
            HasEnded = read < wanted;
            if (Size > maxSize)
            {
                throw new FileWriteException(FileWriteFailure.TooLarge, $"The file is larger than {maxSize} bytes.");
            }

            if (read == 0)
            {
                run.Dispose();
                return null;
            }

            run.Advance(read);
            run.Complete();
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Computes how many bytes may still go into the current chunk, and starts the next one when it is full.</summary>
    private long NextRoom()
    {
        if (_offset == plan.LimitOf(_chunk))
        {
            _chunk++;
            _offset = 0;
        }

        return plan.LimitOf(_chunk) - _offset;
    }
}
