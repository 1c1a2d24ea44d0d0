using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Faults;

/// <summary>A logger provider that writes the logs of the AppHost and its resources to a file.</summary>
internal sealed class GraphLogFile(string path) : ILoggerProvider
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer = new(path) { AutoFlush = true };
    private bool _isClosed;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, this);

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _writer.Dispose();
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            // The AppHost may log after the disposal.
            if (!_isClosed)
            {
                _writer.WriteLine(line);
            }
        }
    }

    private sealed class Category(string name, GraphLogFile file) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                file.Write($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {name}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
