using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Queue;

/// <summary>The places of a worker for jobs of some kinds: takes jobs while places are free, and keeps no other lane waiting.</summary>
internal sealed partial class JobLane(
    IReadOnlyList<string> kinds,
    int concurrency,
    IJobSource source,
    JobRunner runner,
    JobLeases leases,
    JobMetrics metrics,
    IOptions<JobWorkerOptions> options,
    TimeProvider time,
    ILogger<JobLane> logger) : IDisposable
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_settleLimit = TimeSpan.FromSeconds(5);

    private readonly JobSignal _signal = new(time);
    private readonly SemaphoreSlim _slots = new(concurrency);
    private readonly CancellationTokenSource _stoppingJobs = new();
    private readonly CancellationTokenSource _abandoningJobs = new();
    private int _turn;

    /// <param name="kind">The kind of which a job may be due; null for any.</param>
    public void Signal(string? kind)
    {
        if (kind is null || kinds.Contains(kind))
        {
            _signal.Send();
        }
    }

    /// <summary>Takes jobs and starts them until cancelled, then lets them end.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ConsumeAsync(stoppingToken);
        }
        finally
        {
            await DrainAsync();
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _stoppingJobs.Dispose();
        _abandoningJobs.Dispose();
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        var isAway = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var free = await TakeFreeSlotsAsync(stoppingToken);
            if (free == 0)
            {
                return;
            }

            var pause = s_retryDelay;
            var taken = 0;
            _signal.Reset();
            try
            {
                (taken, pause) = await TakeAsync(free);
                if (isAway)
                {
                    isAway = false;
                    LogQueueBack();
                }
            }
            catch (JobQueueUnavailableException exception)
            {
                // Once, not with every attempt.
                if (!isAway)
                {
                    isAway = true;
                    LogNoQueue(exception.Message, s_retryDelay);
                }

                _signal.Reset();
            }
            finally
            {
                if (free > taken)
                {
                    _slots.Release(free - taken);
                }
            }

            if (taken < free)
            {
                await _signal.WaitAsync(pause, stoppingToken);
            }
        }
    }

    /// <returns>All free slots, at least one; 0 when the worker stops.</returns>
    private async Task<int> TakeFreeSlotsAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _slots.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }

        // A slot that is released at the moment of the cancellation may win.
        if (stoppingToken.IsCancellationRequested)
        {
            _slots.Release();
            return 0;
        }

        var free = 1;
        while (_slots.Wait(0, CancellationToken.None))
        {
            free++;
        }

        return free;
    }

    /// <returns>The number of jobs that were taken, and the time to wait when no more are due.</returns>
    private async Task<(int Taken, TimeSpan Pause)> TakeAsync(int limit)
    {
        var takenAt = time.GetTimestamp();

        // Without a token: jobs taken by a call that was aborted would belong to no worker until their lease ends.
        var taken = await source.TakeAsync(NextTurn(), limit, leases.Duration, CancellationToken.None);
        foreach (var job in taken.Jobs)
        {
            _ = Task.Run(() => RunAsync(job, takenAt));
        }

        foreach (var kind in taken.DeadLetters)
        {
            metrics.Died(kind);
            LogWorkersDied(kind);
        }

        return (taken.Jobs.Count, taken.NextDue is { } due && due < options.Value.PollInterval ? due : options.Value.PollInterval);
    }

    private async Task RunAsync(LeasedJob job, long takenAt)
    {
        try
        {
            await runner.RunAsync(job, takenAt, _stoppingJobs.Token, _abandoningJobs.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A fault of the queue's own code: the lease will end, and another attempt follows.
            LogBroken(exception, job.Kind, job.Id.Value);
        }
        finally
        {
            _slots.Release();
        }
    }

    // Kinds of one priority take turns in coming first.
    private List<string> NextTurn()
    {
        _turn = (_turn + 1) % kinds.Count;
        return [.. kinds.Skip(_turn), .. kinds.Take(_turn)];
    }

    private async Task DrainAsync()
    {
        var running = concurrency - _slots.CurrentCount;
        if (running == 0)
        {
            return;
        }

        LogDrains(running, options.Value.DrainLimit);
        var left = await WaitForJobsAsync(concurrency, options.Value.DrainLimit);
        await _stoppingJobs.CancelAsync();
        left = await WaitForJobsAsync(left, s_settleLimit);
        await _abandoningJobs.CancelAsync();
        if (left > 0)
        {
            LogAbandons(left);
        }
    }

    /// <returns>The number of jobs that did not end within the limit.</returns>
    private async Task<int> WaitForJobsAsync(int jobs, TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit, time);
        try
        {
            for (; jobs > 0; jobs--)
            {
                await _slots.WaitAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // The rest is cancelled, or left to the end of its lease.
        }

        return jobs;
    }

    [LoggerMessage(LogLevel.Information, "Stopping: no more jobs are taken, and {Running} running jobs have {Limit} to finish")]
    private partial void LogDrains(int running, TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "Stopped before {Jobs} jobs had ended; they are due again when their lease ends")]
    private partial void LogAbandons(int jobs);

    [LoggerMessage(LogLevel.Warning, "Taking jobs failed: {Reason}. Trying again every {Delay}")]
    private partial void LogNoQueue(string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Information, "Jobs can be taken again")]
    private partial void LogQueueBack();

    [LoggerMessage(LogLevel.Error, "Every worker that tried a job {Kind} died; the job is now a dead letter")]
    private partial void LogWorkersDied(string kind);

    [LoggerMessage(LogLevel.Error, "The run of job {Kind} {Job} failed outside its handler")]
    private partial void LogBroken(Exception exception, string kind, Guid job);
}
