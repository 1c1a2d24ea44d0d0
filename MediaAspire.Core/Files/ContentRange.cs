using System.IO.Pipelines;

namespace MediaAspire.Core.Files;

/// <summary>A range of content, ready to be sent once.</summary>
public sealed class ContentRange : IAsyncDisposable
{
    private readonly Queue<FileSlice> _slices;
    private readonly FileCatalog _files;
    private readonly FileReader _reader;
    private FileRange? _current;

    internal ContentRange(Queue<FileSlice> slices, FileCatalog files, FileReader reader)
    {
        _slices = slices;
        _files = files;
        _reader = reader;
    }

    /// <summary>Gets a value indicating whether the whole range was handed to the client's connection.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Sends the whole range.</summary>
    /// <exception cref="FileUnavailableException">Some of it can't be read any more; part of the range may have been sent.</exception>
    public async Task SendAsync(PipeWriter destination, CancellationToken cancellationToken)
    {
        while (_current is { } current)
        {
            await current.SendAsync(destination, cancellationToken);
            if (!current.IsSent)
            {
                return;
            }

            _current = null;
            await current.DisposeAsync();
            await PrimeAsync(cancellationToken);
        }

        IsSent = true;
    }

    public ValueTask DisposeAsync() => _current is null ? ValueTask.CompletedTask : _current.DisposeAsync();

    /// <summary>Opens the next slice, if there is one, and reads its first bytes.</summary>
    internal async Task PrimeAsync(CancellationToken cancellationToken)
    {
        if (_slices.TryDequeue(out var slice))
        {
            var file = slice.Stored
                ?? await _files.FindHeldAsync(slice.File, cancellationToken)
                ?? throw FileUnavailableException.Deleted(slice.File);
            _current = await _reader.OpenAsync(file, slice.Offset, slice.Length, cancellationToken);
        }
    }
}
