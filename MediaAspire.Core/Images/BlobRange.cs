using System.IO.Pipelines;
using MediaAspire.Core.Files;

namespace MediaAspire.Core.Images;

/// <summary>A range of a blob, ready to be sent once.</summary>
public sealed class BlobRange : IAsyncDisposable
{
    private readonly ContentRange? _file;
    private readonly Stream? _object;
    private readonly long _length;

    internal BlobRange(ContentRange file) => _file = file;

    internal BlobRange(Stream content, long length) => (_object, _length) = (content, length);

    /// <summary>Gets a value indicating whether the whole range was handed to the client's connection.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Sends the whole range.</summary>
    /// <exception cref="FileUnavailableException">Some of it can't be read any more; part of the range may have been sent.</exception>
    /// <exception cref="IOException">The object store ended the answer early; part of the range may have been sent.</exception>
    public async Task SendAsync(PipeWriter destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);

        if (_file is not null)
        {
            await _file.SendAsync(destination, cancellationToken);
            IsSent = _file.IsSent;
            return;
        }

        const int size = 64 * 1024;
        for (var left = _length; left > 0;)
        {
            var buffer = destination.GetMemory(size);
            var read = await _object!.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
            if (read == 0)
            {
                throw new IOException($"The object store ended the object {left} bytes early.");
            }

            left -= read;
            destination.Advance(read);
            if ((await destination.FlushAsync(cancellationToken)).IsCompleted && left > 0)
            {
                return;
            }
        }

        IsSent = true;
    }

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? _object?.DisposeAsync() ?? ValueTask.CompletedTask;
}
