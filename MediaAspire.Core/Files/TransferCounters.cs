namespace MediaAspire.Core.Files;

/// <summary>The bytes of files that this process has received and sent, while they move. Thread-safe.</summary>
/// <remarks>The counter of metrics is added to when a transfer ends; a large one would appear as a jump.</remarks>
public sealed class TransferCounters
{
    private long _received;
    private long _sent;

    /// <summary>Gets the bytes received since the start of the process.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Gets the bytes sent since the start of the process.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    internal void AddReceived(int bytes) => Interlocked.Add(ref _received, bytes);

    internal void AddSent(int bytes) => Interlocked.Add(ref _sent, bytes);
}
