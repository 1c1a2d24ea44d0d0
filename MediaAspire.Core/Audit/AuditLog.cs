using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Audit;

/// <summary>Records events: those of data in batches, those of security before their response.</summary>
/// <remarks>
/// Thread-safe. Batched events are durable after <see cref="AuditOptions.FlushInterval"/>: a process that is killed loses those of this
/// time, and one that stops writes them first. While the database does not respond, they wait in memory; when
/// <see cref="AuditOptions.QueueCapacity"/> events wait, each further request waits for <see cref="MaxWait"/>, and then loses its event.
/// </remarks>
public sealed partial class AuditLog : BackgroundService
{
    private const int BatchSize = 5000;

    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(10);

    private readonly AuditStore _store;
    private readonly AuditMetrics _metrics;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _logger;
    private readonly Channel<AuditEvent> _queue;
    private readonly RefusalGroups _refusals;
    private readonly List<AuditEvent> _batch = [];

    private bool _isFailing;
    private long _dropped;

    public AuditLog(AuditStore store, AuditMetrics metrics, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditLog> logger)
    {
        (_store, _metrics, _options, _time, _logger) = (store, metrics, options.Value, time, logger);
        _queue = Channel.CreateBounded<AuditEvent>(new BoundedChannelOptions(_options.QueueCapacity) { SingleReader = true });
        _refusals = new RefusalGroups(time, _options.RefusalWindow, _options.RefusalsPerWindow);
        metrics.Observe(() => _queue.Reader.Count + _batch.Count);
    }

    /// <summary>Gets the longest time for which a request waits for a place in the queue, or for the write of its event.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets a value indicating whether events are recorded.</summary>
    public bool IsEnabled => _options.Enabled;

    /// <summary>Gets a value indicating whether successful reads are recorded.</summary>
    public bool RecordsReads => _options.Enabled && _options.Reads;

    /// <summary>Records an event in the next batch; a refusal or a failure may be counted with others of its kind.</summary>
    public ValueTask RecordAsync(AuditEvent one)
    {
        if (one.Outcome != AuditOutcome.Done)
        {
            if (_refusals.Open(one) && !_queue.Writer.TryWrite(one))
            {
                Drop(one);
            }

            return ValueTask.CompletedTask;
        }

        return _queue.Writer.TryWrite(one) ? ValueTask.CompletedTask : new(WaitAndRecordAsync(one));
    }

    /// <summary>Records an event before its response: it is durable when this returns. Refusals may be counted with others.</summary>
    /// <exception cref="NpgsqlException">The database did not respond; the event is not recorded.</exception>
    public async Task WriteAsync(AuditEvent one)
    {
        if (one.Outcome != AuditOutcome.Done && !_refusals.Open(one))
        {
            return;
        }

        // Not the request's own token: a client that disconnects must not prevent the record of its change.
        using var timeout = new CancellationTokenSource(MaxWait, _time);
        try
        {
            await _store.AddAsync([one], timeout.Token);
            _metrics.Written([one]);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new NpgsqlException("Recording the request in the audit log timed out.", new TimeoutException());
        }
    }

    /// <summary>Writes the events that wait. The server stops before, so that no request adds others.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        using var timeout = new CancellationTokenSource(s_stopTimeout, _time);
        if (ExecuteTask is { IsCompleted: false } || !await FlushAsync(endWindow: true, timeout.Token))
        {
            LogLost(_batch.Count + _queue.Reader.Count);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled)
        {
            LogDisabled();
        }

        using var timer = new PeriodicTimer(_options.FlushInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(endWindow: false, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync writes the rest.
        }
    }

    /// <summary>Writes all events that wait.</summary>
    /// <returns><see langword="false"/> when the database failed; the events still wait.</returns>
    internal async Task<bool> FlushAsync(bool endWindow, CancellationToken cancellationToken)
    {
        foreach (var counted in _refusals.TakeEnded(endWindow))
        {
            if (!_queue.Writer.TryWrite(counted))
            {
                Drop(counted);
            }
        }

        while (Fill())
        {
            try
            {
                await WriteBatchAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or IOException or OperationCanceledException)
            {
                _metrics.Failed();
                if (!_isFailing && !cancellationToken.IsCancellationRequested)
                {
                    LogFailing(failure, _batch.Count);
                }

                _isFailing = true;
                return false;
            }

            _metrics.Written(_batch);
            _batch.Clear();
        }

        var dropped = Interlocked.Exchange(ref _dropped, 0);
        if (_isFailing || dropped > 0)
        {
            _isFailing = false;
            LogRecovered(dropped);
        }

        return true;
    }

    private async Task WriteBatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _store.AddAsync(_batch, cancellationToken);
        }
        catch (PostgresException duplicate) when (duplicate.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The connection failed after the commit of an earlier attempt, and a batch is committed as a whole.
        }
    }

    // A batch that failed stays as it is: if its commit was only not seen, the next attempt must find all of its events.
    private bool Fill()
    {
        if (_batch.Count > 0)
        {
            return true;
        }

        while (_batch.Count < BatchSize && _queue.Reader.TryRead(out var one))
        {
            _batch.Add(one);
        }

        return _batch.Count > 0;
    }

    private async Task WaitAndRecordAsync(AuditEvent one)
    {
        using var timeout = new CancellationTokenSource(MaxWait, _time);
        try
        {
            await _queue.Writer.WriteAsync(one, timeout.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            Drop(one);
        }
    }

    private void Drop(AuditEvent one)
    {
        _metrics.Dropped(one.Outcome, one.Repeats);
        if (Interlocked.Increment(ref _dropped) == 1)
        {
            LogDropping(_options.QueueCapacity);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The audit log is off (Audit:Enabled=false): changes and refusals are not recorded")]
    private partial void LogDisabled();

    [LoggerMessage(LogLevel.Warning, "Writing {Events} audit events failed; they wait in memory, and are written again every interval")]
    private partial void LogFailing(Exception failure, int events);

    [LoggerMessage(LogLevel.Information, "Audit events are written again; {Dropped} were lost meanwhile")]
    private partial void LogRecovered(long dropped);

    [LoggerMessage(LogLevel.Error, "The queue of audit events is full ({Capacity}): events are lost until the database responds")]
    private partial void LogDropping(int capacity);

    [LoggerMessage(LogLevel.Error, "{Events} audit events were lost, because the database did not respond when the process stopped")]
    private partial void LogLost(int events);
}
