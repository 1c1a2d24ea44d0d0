using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Queue;

/// <summary>
/// Takes jobs from the queue and runs as many at once as the worker may: in one lane those that share its places, and each other kind in
/// its own.
/// </summary>
internal sealed partial class JobConsumer : BackgroundService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly IJobSource _source;
    private readonly JobLeases _leases;
    private readonly TimeSpan _pollInterval;
    private readonly TimeProvider _time;
    private readonly ILogger<JobConsumer> _logger;
    private readonly List<JobLane> _lanes;

    public JobConsumer(
        IServiceProvider services,
        IJobSource source,
        JobHandlers handlers,
        JobLeases leases,
        IOptions<JobWorkerOptions> options,
        TimeProvider time,
        ILogger<JobConsumer> logger)
    {
        (_source, _leases, _time, _logger) = (source, leases, time, logger);
        _pollInterval = options.Value.PollInterval;
        _lanes = [.. handlers.LimitedKinds.Select(kind => Make([kind.Kind], kind.Concurrency))];
        if (handlers.SharingKinds.Count > 0)
        {
            _lanes.Add(Make(handlers.SharingKinds, options.Value.Concurrency));
        }

        JobLane Make(IReadOnlyList<string> kinds, int concurrency)
        {
            LogLane(string.Join(", ", kinds), concurrency);
            return ActivatorUtilities.CreateInstance<JobLane>(services, kinds, concurrency);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_lanes.Count == 0)
        {
            return;
        }

        // Heartbeats go on while the worker drains.
        using var renewing = new CancellationTokenSource();
        var renewal = _leases.RenewAsync(renewing.Token);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var listening = ListenAsync(ending.Token);
        try
        {
            // A lane that breaks ends the others, and with them the host: a worker that takes only some kinds would look healthy.
            var running = _lanes.Select(lane => lane.RunAsync(ending.Token)).ToList();
            await Task.WhenAny(running);
            await ending.CancelAsync();
            await Task.WhenAll(running);
        }
        finally
        {
            await ending.CancelAsync();
            await renewing.CancelAsync();
            await renewal;
            await listening;
        }
    }

    private void Signal(string? kind)
    {
        foreach (var lane in _lanes)
        {
            lane.Signal(kind);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _source.ListenAsync(Signal, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (JobQueueUnavailableException exception)
            {
                LogNotListening(exception.Message, _pollInterval);
                await Task.Delay(s_retryDelay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Running jobs of {Kinds}, {Concurrency} at a time")]
    private partial void LogLane(string kinds, int concurrency);

    [LoggerMessage(LogLevel.Warning, "Listening for due jobs failed: {Reason}. The queue is polled every {Interval} meanwhile")]
    private partial void LogNotListening(string reason, TimeSpan interval);
}
