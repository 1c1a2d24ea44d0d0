namespace MediaAspire.Tests.Uploads;

/// <summary>A request's body under the control of a test: it gives bytes, waits, breaks off or ends when the test says so.</summary>
internal sealed class TestBody : Stream
{
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _given = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _starved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasEnded;
    private Exception? _failure;
    private int _taken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Gets a task that ends when the reader has taken all bytes and waits for more.</summary>
    public Task Starved => _starved.Task;

    public TestBody Give(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _given.Enqueue(bytes.ToArray());
        }

        return Signal();
    }

    public TestBody End()
    {
        _hasEnded = true;
        return Signal();
    }

    /// <summary>Breaks off after the bytes that were given.</summary>
    public TestBody Break(Exception? failure = null)
    {
        _failure = failure ?? new IOException("The client has closed the connection.");
        return Signal();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_given.TryPeek(out var bytes))
                {
                    var read = Math.Min(buffer.Length, bytes.Length - _taken);
                    bytes.AsSpan(_taken, read).CopyTo(buffer.Span);
                    _taken += read;
                    if (_taken == bytes.Length)
                    {
                        _given.Dequeue();
                        _taken = 0;
                    }

                    return read;
                }

                if (_failure is not null)
                {
                    throw _failure;
                }

                if (_hasEnded)
                {
                    return 0;
                }

                changed = _changed.Task;
            }

            _starved.TrySetResult();
            await changed.WaitAsync(cancellationToken);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private TestBody Signal()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
        return this;
    }
}
