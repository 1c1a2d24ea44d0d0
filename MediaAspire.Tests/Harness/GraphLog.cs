using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Harness;

/// <summary>Keeps the last lines that the AppHost and its resources log, for the message of a failed start.</summary>
internal sealed class GraphLog : ILoggerProvider
{
    private const int MaxLines = 400;

    private readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, _lines);

    public void Dispose()
    {
    }

    public override string ToString() => string.Join('\n', _lines);

    private sealed class Category(string name, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            lines.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {name}: {formatter(state, exception)} {exception}");
            while (lines.Count > MaxLines)
            {
                lines.TryDequeue(out _);
            }
        }
    }
}
