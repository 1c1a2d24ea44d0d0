using System.Data.Common;
using System.Text.Json;
using System.Threading.Channels;
using MediaAspire.Core.Jobs;
using StackExchange.Redis;

namespace MediaAspire.Api.Console.Feed;

/// <summary>A value that is read at intervals while anybody listens, once for all listeners. Thread-safe.</summary>
/// <remarks>
/// A listener gets the last value at once. Between two listeners nothing is read. A slow listener misses values and never delays others.
/// </remarks>
internal sealed partial class FeedTopic : IDisposable
{
    /// <summary>The value of a topic that could not be read: the database or Redis does not respond.</summary>
    public const string Unavailable = """{"unavailable":true}""";

    private readonly Lock _lock = new();
    private readonly HashSet<ChannelWriter<FeedEvent>> _listeners = [];
    private readonly IFeedSource _source;
    private readonly JsonSerializerOptions _json;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private CancellationTokenSource? _reading;
    private FeedEvent? _last;
    private long _id;

    /// <param name="source">The source of the values.</param>
    /// <param name="json">The form of the values.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="stopping">Ends reading with the process.</param>
    public FeedTopic(IFeedSource source, JsonSerializerOptions json, TimeProvider time, ILogger logger, CancellationToken stopping) =>
        (_source, _json, _time, _logger, _stopping) = (source, json, time, logger, stopping);

    public string Name => _source.Name;

    /// <summary>Gets a value indicating whether the topic is being read.</summary>
    public bool IsReading
    {
        get
        {
            lock (_lock)
            {
                return _reading is not null;
            }
        }
    }

    /// <summary>Adds a listener.</summary>
    public void Add(ChannelWriter<FeedEvent> listener)
    {
        lock (_lock)
        {
            _listeners.Add(listener);
            if (_reading is null)
            {
                // The last value is from before a time without listeners.
                _last = null;
                _reading = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
                _ = ReadAsync(_reading.Token);
            }
            else if (_last is { } last)
            {
                listener.TryWrite(last);
            }
        }
    }

    /// <summary>Removes a listener; the last one ends the reading.</summary>
    public void Remove(ChannelWriter<FeedEvent> listener)
    {
        lock (_lock)
        {
            if (_listeners.Remove(listener) && _listeners.Count == 0)
            {
                StopReading();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            StopReading();
        }
    }

    private void StopReading()
    {
        _reading?.Cancel();
        _reading?.Dispose();
        _reading = null;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        // The listener's request goes on meanwhile.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var session = _source.Begin();
            using var timer = new PeriodicTimer(_source.Period, _time);
            do
            {
                Publish(await ReadOneAsync(cancellationToken), cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception failure)
        {
            // A mistake in a source must be found in the log, and must not leave listeners without a word.
            LogBroken(failure, Name);
            Publish(Unavailable, cancellationToken);
            throw;
        }
    }

    private async Task<string> ReadOneAsync(CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Serialize(await _source.ReadAsync(cancellationToken), _json);
        }
        catch (Exception failure) when (
            failure is DbException or RedisException or TimeoutException or JobQueueUnavailableException or IOException
            && !cancellationToken.IsCancellationRequested)
        {
            LogUnavailable(failure, Name);
            return Unavailable;
        }
    }

    private void Publish(string json, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A reading that was ended must not write after the next one has begun.
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            _last = new(Name, ++_id, json);
            foreach (var listener in _listeners)
            {
                listener.TryWrite(_last);
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "Reading {Topic} for the console failed; trying again")]
    private partial void LogUnavailable(Exception failure, string topic);

    [LoggerMessage(LogLevel.Error, "Reading {Topic} for the console failed")]
    private partial void LogBroken(Exception failure, string topic);
}
