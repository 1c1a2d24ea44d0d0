using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The log of one instance of a resource. Thread-safe.</summary>
internal sealed class ResourceLog
{
    private const int KeptLines = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _kept = new();
    private readonly List<Channel<LogLine>> _watchers = [];
    private int _lastLineNumber;
    private bool _isComplete;

    public void Append(string content, bool isErrorMessage)
    {
        lock (_lock)
        {
            var line = new LogLine(++_lastLineNumber, content, isErrorMessage);

            if (_kept.Count == KeptLines)
            {
                _kept.Dequeue();
            }

            _kept.Enqueue(line);

            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(line);
            }
        }
    }

    public IReadOnlyList<LogLine> Kept()
    {
        lock (_lock)
        {
            return [.. _kept];
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _kept.Clear();
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;

            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryComplete();
            }
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var watcher = Channel.CreateUnbounded<LogLine>(new() { SingleReader = true });
        IReadOnlyList<LogLine> kept;

        lock (_lock)
        {
            kept = [.. _kept];
            _watchers.Add(watcher);

            if (_isComplete)
            {
                watcher.Writer.TryComplete();
            }
        }

        try
        {
            if (kept.Count > 0)
            {
                yield return kept;
            }

            while (await watcher.Reader.WaitToReadAsync(cancellationToken))
            {
                var batch = new List<LogLine>();
                while (watcher.Reader.TryRead(out var line))
                {
                    batch.Add(line);
                }

                yield return batch;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(watcher);
            }
        }
    }
}

/// <summary>Writes into the logs of a resource's instances.</summary>
internal sealed class ResourceLogger(TimeProvider timeProvider, Func<IEnumerable<ResourceLog>> logs) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var message = formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception);
        var line = string.Create(CultureInfo.InvariantCulture, $"{timeProvider.GetUtcNow().UtcDateTime:o} {message}");

        foreach (var log in logs())
        {
            log.Append(line, logLevel >= LogLevel.Error);
        }
    }
}
