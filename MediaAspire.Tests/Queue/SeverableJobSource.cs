using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Tests.Queue;

/// <summary>A connection to the queue that can be cut for good.</summary>
internal sealed class SeverableJobSource(IJobSource source) : IJobSource
{
    private volatile bool _isSevered;

    public bool IsSevered => _isSevered;

    public void Sever() => _isSevered = true;

    public Task<TakenJobs> TakeAsync(IReadOnlyList<string> kinds, int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        CallAsync(() => source.TakeAsync(kinds, limit, lease, cancellationToken));

    public Task<IReadOnlyList<JobId>> HeartbeatAsync(IReadOnlyList<LeasedJob> jobs, TimeSpan lease, CancellationToken cancellationToken) =>
        CallAsync(() => source.HeartbeatAsync(jobs, lease, cancellationToken));

    public Task CompleteAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            await source.CompleteAsync(jobs, cancellationToken);
            return true;
        });

    public Task<bool> RetryAsync(LeasedJob job, TimeSpan delay, string reason, CancellationToken cancellationToken) =>
        CallAsync(() => source.RetryAsync(job, delay, reason, cancellationToken));

    public Task<bool> MoveToDeadLettersAsync(LeasedJob job, string reason, CancellationToken cancellationToken) =>
        CallAsync(() => source.MoveToDeadLettersAsync(job, reason, cancellationToken));

    public Task ReleaseAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            await source.ReleaseAsync(jobs, cancellationToken);
            return true;
        });

    public Task ListenAsync(Action<string?> signal, CancellationToken cancellationToken) => source.ListenAsync(signal, cancellationToken);

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        // A call in progress at the cut reaches the queue, but its response is lost.
        var answer = _isSevered ? default : await call();
        return _isSevered ? throw new JobQueueUnavailableException("Cut off.", new IOException("Cut off.")) : answer!;
    }
}
