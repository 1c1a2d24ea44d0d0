using MediaAspire.Core.Jobs;

namespace MediaAspire.Worker.Queue;

/// <summary>Completes jobs in the queue, in batches: all that end during one call are completed by the next.</summary>
internal sealed class JobCompletions(IJobSource source)
{
    private readonly Lock _lock = new();
    private Batch _next = new();
    private bool _isRunning;

    /// <summary>Completes one job. Returns when the queue has recorded it.</summary>
    /// <exception cref="JobQueueUnavailableException">It may not.</exception>
    public Task CompleteAsync(LeasedJob job)
    {
        lock (_lock)
        {
            _next.Jobs.Add(job);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunAsync);
            }

            return _next.Done.Task;
        }
    }

    private async Task RunAsync()
    {
        while (TakeBatch() is { } batch)
        {
            try
            {
                // Without a token: jobs are completed even while the worker stops; the queue's commands have a limit of their own.
                await source.CompleteAsync(batch.Jobs, CancellationToken.None);
                batch.Done.SetResult();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The callers that await the batch observe it.
                batch.Done.SetException(exception);
            }
        }
    }

    private Batch? TakeBatch()
    {
        lock (_lock)
        {
            _isRunning = _next.Jobs.Count > 0;
            if (!_isRunning)
            {
                return null;
            }

            var batch = _next;
            _next = new Batch();
            return batch;
        }
    }

    private sealed class Batch
    {
        public List<LeasedJob> Jobs { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
