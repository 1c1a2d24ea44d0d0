using System.Buffers;

namespace MediaAspire.Core.Fetching;

/// <summary>Copies a body within its limits of size and rate.</summary>
internal sealed class BodyCopy(FetchingOptions options, TimeProvider time)
{
    private const int BufferBytes = 64 * 1024;

    private static readonly FetchFailure s_brokenOff = new(
        FetchFailureKind.Unavailable, "origin-unreachable", "The origin broke off the download.");

    /// <returns>The number of bytes, or the failure.</returns>
    public async Task<(long Bytes, FetchFailure? Failure)> CopyAsync(
        Stream body, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var tooSlow = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tooSlow.Token);
        var startedAt = time.GetTimestamp();
        try
        {
            var sum = 0L;
            while (true)
            {
                tooSlow.CancelAfter(TimeUntilTooSlow(sum, time.GetElapsedTime(startedAt)));
                if (await ReadAsync(body, buffer.AsMemory(0, BufferBytes), ending.Token) is not { } read)
                {
                    return (sum, s_brokenOff);
                }

                if (read == 0)
                {
                    return (sum, null);
                }

                sum += read;
                if (sum > maxBytes)
                {
                    return (sum, TooLarge(maxBytes));
                }

                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (tooSlow.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (0, new FetchFailure(
                FetchFailureKind.Unavailable,
                "stream-too-slow",
                $"The origin sent less than {options.MinBytesPerSecond} bytes per second on average."));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>Null when the origin broke off. A failure to write is not the origin's, and is thrown.</returns>
    private static async Task<int?> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static FetchFailure TooLarge(long maxBytes) => new(
        FetchFailureKind.Rejected, "validate-file-size", $"The content is larger than {maxBytes} bytes.");

    /// <summary>Computes the time after which the bytes so far are too few.</summary>
    private TimeSpan TimeUntilTooSlow(long bytes, TimeSpan elapsed)
    {
        if (options.MinBytesPerSecond == 0)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var last = options.RateGrace + TimeSpan.FromSeconds((double)bytes / options.MinBytesPerSecond);
        return last > elapsed ? last - elapsed : TimeSpan.Zero;
    }
}
