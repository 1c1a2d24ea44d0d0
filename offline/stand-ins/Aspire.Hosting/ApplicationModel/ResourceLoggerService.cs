using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Keeps the latest log lines of every resource and hands them to whoever watches.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _timeProvider;

    public ResourceLoggerService()
        : this(TimeProvider.System)
    {
    }

    internal ResourceLoggerService(TimeProvider timeProvider) => _timeProvider = timeProvider;

    /// <summary>Gets the log of a resource; a line goes to every instance.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new ResourceLogger(_timeProvider, () => resource.GetInstanceNames().Select(LogOf));
    }

    /// <summary>Gets the log of one instance.</summary>
    public ILogger GetLogger(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return new ResourceLogger(_timeProvider, () => [LogOf(resourceName)]);
    }

    /// <summary>Watches the log of a resource, with the lines that are kept first; ends when the log is complete.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);

        var instances = resource.GetInstanceNames();
        return instances.Count == 1 ? WatchAsync(instances[0]) : MergeAsync([.. instances.Select(WatchAsync)]);
    }

    /// <summary>Watches the log of one instance, with the lines that are kept first; ends when the log is complete.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return LogOf(resourceName).WatchAsync();
    }

    /// <summary>Gets the lines that are kept.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return KeptAsync(resource.GetInstanceNames());
    }

    /// <inheritdoc cref="GetAllAsync(IResource)" />
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return KeptAsync([resourceName]);
    }

    /// <summary>Ends the log of a resource.</summary>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);

        foreach (var name in resource.GetInstanceNames())
        {
            Complete(name);
        }
    }

    /// <summary>Ends the log of one instance.</summary>
    public void Complete(string name) => LogOf(name).Complete();

    /// <summary>Forgets the lines that are kept.</summary>
    public void ClearBacklog(string resourceName) => LogOf(resourceName).Clear();

    /// <summary>Appends a line of an instance's output.</summary>
    /// <param name="resourceName">The instance.</param>
    /// <param name="content">The line, beginning with its time.</param>
    /// <param name="isErrorMessage">Whether it comes from standard error.</param>
    internal void Append(string resourceName, string content, bool isErrorMessage) => LogOf(resourceName).Append(content, isErrorMessage);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }

        GC.SuppressFinalize(this);
    }

    private static async IAsyncEnumerable<IReadOnlyList<LogLine>> MergeAsync(
        IAsyncEnumerable<IReadOnlyList<LogLine>>[] sources,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var merged = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
        var pumps = sources.Select(async source =>
        {
            await foreach (var batch in source.WithCancellation(cancellationToken))
            {
                merged.Writer.TryWrite(batch);
            }
        });
        var all = Task.WhenAll(pumps).ContinueWith(
            done => merged.Writer.TryComplete(done.Exception),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        await foreach (var batch in merged.Reader.ReadAllAsync(cancellationToken))
        {
            yield return batch;
        }

        await all;
    }

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> KeptAsync(IEnumerable<string> names)
    {
        await Task.CompletedTask;

        foreach (var name in names)
        {
            yield return LogOf(name).Kept();
        }
    }

    private ResourceLog LogOf(string name) => _logs.GetOrAdd(name, static _ => new());
}

/// <summary>A line of a resource's log.</summary>
/// <param name="LineNumber">The number of the line, counted from 1 and never reused.</param>
/// <param name="Content">The line, beginning with its time.</param>
/// <param name="IsErrorMessage">Whether it is an error or comes from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
