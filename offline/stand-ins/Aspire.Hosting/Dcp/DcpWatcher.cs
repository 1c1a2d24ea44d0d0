using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>Follows all objects of one kind, through broken connections too. Thread-safe.</summary>
/// <param name="client">Calls dcp.</param>
/// <param name="kind">The kind to follow.</param>
/// <param name="onChange">Called one change at a time with the name and the object, null once it is deleted.</param>
/// <param name="timeProvider">Times the pause before a broken watch is taken up again.</param>
/// <param name="logger">Hears of broken watches.</param>
internal sealed partial class DcpWatcher<TSpec, TStatus>(
    DcpClient client,
    DcpKind<TSpec, TStatus> kind,
    Func<string, DcpObject<TSpec, TStatus>?, Task> onChange,
    TimeProvider timeProvider,
    ILogger logger)
{
    private static readonly TimeSpan s_pauseBeforeReconnect = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DcpObject<TSpec, TStatus>> _known = new(StringComparer.Ordinal);
    private readonly List<Waiter> _waiters = [];

    // Also of objects that are deleted. Used by the one loop that follows.
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);

    /// <summary>Follows until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ForgetDeletedAsync(cancellationToken);

                await foreach (var change in client.WatchAsync(kind, cancellationToken))
                {
                    if (change is { Object: { } value, Type: "ADDED" or "MODIFIED" or "DELETED" } && IsNews(value.Metadata))
                    {
                        await ApplyAsync(value.Metadata.Name, change.Type == "DELETED" ? null : value);
                    }
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && exception is HttpRequestException or IOException or JsonException)
            {
                LogBroken(exception, kind.Plural);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(s_pauseBeforeReconnect, timeProvider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Waits for an object to satisfy a condition; the condition sees null for one that does not exist.</summary>
    public async Task<DcpObject<TSpec, TStatus>?> WaitForAsync(
        string name,
        Func<DcpObject<TSpec, TStatus>?, bool> condition,
        CancellationToken cancellationToken)
    {
        var waiter = new Waiter(name, condition);

        lock (_lock)
        {
            _known.TryGetValue(name, out var current);
            if (condition(current))
            {
                return current;
            }

            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Reached.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    // dcp announces changes that follow closely on each other in any order; what is older than what is known says nothing.
    private bool IsNews(DcpMetadata metadata)
    {
        if (!long.TryParse(metadata.ResourceVersion, CultureInfo.InvariantCulture, out var version))
        {
            return true;
        }

        if (_versions.TryGetValue(metadata.Name, out var known) && version < known)
        {
            return false;
        }

        _versions[metadata.Name] = version;
        return true;
    }

    private async Task ForgetDeletedAsync(CancellationToken cancellationToken)
    {
        string[] known;
        lock (_lock)
        {
            known = [.. _known.Keys];
        }

        if (known.Length == 0)
        {
            return;
        }

        var existing = await client.ListAsync(kind, cancellationToken);
        foreach (var name in known.Except(existing.Select(value => value.Metadata.Name)))
        {
            await ApplyAsync(name, value: null);
        }
    }

    private async Task ApplyAsync(string name, DcpObject<TSpec, TStatus>? value)
    {
        // Whoever waits goes on after the change is known everywhere, so that what it publishes next is not overwritten.
        await onChange(name, value);

        lock (_lock)
        {
            if (value is null)
            {
                _known.Remove(name);
            }
            else
            {
                _known[name] = value;
            }

            foreach (var waiter in _waiters.Where(waiter => waiter.Name == name && waiter.Condition(value)))
            {
                waiter.Reached.TrySetResult(value);
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "The watch of {Kind} broke and is taken up again.")]
    private partial void LogBroken(Exception exception, string kind);

    private sealed record Waiter(string Name, Func<DcpObject<TSpec, TStatus>?, bool> Condition)
    {
        public TaskCompletionSource<DcpObject<TSpec, TStatus>?> Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
