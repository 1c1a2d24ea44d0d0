namespace MediaAspire.Tests.Faults.Kills;

/// <summary>A body that takes its time, so that kills meet requests in their middle.</summary>
internal sealed class SlowBody : MemoryStream
{
    /// <summary>The longest pause before 32 KiB, in milliseconds.</summary>
    public const int MostPause = 20;

    private const int MostAtOnce = 32 * 1024;

    private readonly int _from;
    private readonly TimeSpan _pause;

    public SlowBody(byte[] bytes, int from, int count, int pause)
        : base(bytes, from, count, writable: false)
    {
        (_from, _pause) = (from, TimeSpan.FromMilliseconds(pause));
        Sent = from;
    }

    /// <summary>Gets the offset in the whole up to which bytes were handed out to be sent.</summary>
    public long Sent { get; private set; }

    // MemoryStream calls it for every other way of reading a class that is derived from it.
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = base.Read(buffer, offset, Math.Min(count, MostAtOnce));
        Sent = Math.Max(Sent, _from + Position);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        return Read(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
