using System.Data.Common;

namespace MediaAspire.Worker.Duties;

/// <summary>A duty that this worker leads, kept alive until it is disposed or can no longer be renewed.</summary>
internal sealed partial class DutyLease : IAsyncDisposable
{
    private readonly DutyLeases _leases;
    private readonly string _duty;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _renewing;

    // renewedAt is taken before the database is asked, so that this side's clock runs out first.
    private DutyLease(DutyLeases leases, string duty, TimeSpan duration, long renewedAt, TimeProvider time, ILogger logger)
    {
        _leases = leases;
        _duty = duty;
        _duration = duration;
        _time = time;
        _logger = logger;
        _lost = new CancellationTokenSource(Remaining(renewedAt), time);
        _renewing = RenewAsync(_disposing.Token);
    }

    /// <summary>Gets a token that is cancelled when another worker may have taken over.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <returns>The lease; null when another worker leads.</returns>
    public static async Task<DutyLease?> TryTakeAsync(
        DutyLeases leases, string duty, TimeSpan duration, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        return await leases.TryTakeAsync(duty, duration, cancellationToken)
            ? new DutyLease(leases, duty, duration, askedAt, time, logger)
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _renewing;
        if (!_lost.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(_duration, _time);
            try
            {
                await _leases.ReleaseAsync(_duty, limit.Token);
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
            {
                LogReleaseFailed(_duty, exception.Message);
            }
        }

        _lost.Dispose();
        _disposing.Dispose();
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_duration / 3, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await RenewOnceAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Released, or lost.
        }
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        var askedAt = _time.GetTimestamp();
        try
        {
            if (await _leases.TryTakeAsync(_duty, _duration, cancellationToken))
            {
                _lost.CancelAfter(Remaining(askedAt));
            }
            else
            {
                LogTakenOver(_duty);
                await _lost.CancelAsync();
            }
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
        {
            LogRenewalFailed(_duty, exception.Message);
        }
    }

    private TimeSpan Remaining(long askedAt)
    {
        var left = _duration - _time.GetElapsedTime(askedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    [LoggerMessage(LogLevel.Warning, "Renewing the lease of duty {Duty} failed: {Reason}")]
    private partial void LogRenewalFailed(string duty, string reason);

    [LoggerMessage(LogLevel.Warning, "Another worker has taken over duty {Duty}")]
    private partial void LogTakenOver(string duty);

    [LoggerMessage(LogLevel.Debug, "Releasing the lease of duty {Duty} failed: {Reason}. The lease will expire")]
    private partial void LogReleaseFailed(string duty, string reason);
}
