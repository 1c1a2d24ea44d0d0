using MediaAspire.Core.Jobs;

namespace MediaAspire.Worker.Queue;

/// <summary>Tells the queue that jobs are done: all that end while it is being told of others, at once.</summary>
internal sealed class JobCompletions(IJobSource source)
{
    private readonly Lock _lock = new();
    private Batch _next = new();
    private bool _isTelling;

    /// <summary>Returns when the queue knows.</summary>
    /// <exception cref="JobQueueUnavailableException">It may not.</exception>
    public Task CompleteAsync(LeasedJob job)
    {
        lock (_lock)
        {
            _next.Jobs.Add(job);
            if (!_isTelling)
            {
                _isTelling = true;
                _ = Task.Run(TellAsync);
            }

            return _next.Told.Task;
        }
    }

    private async Task TellAsync()
    {
        while (TakeBatch() is { } batch)
        {
            try
            {
                // Without a token: what is done is told even while the worker stops; the queue's commands have a limit of their own.
                await source.CompleteAsync(batch.Jobs, CancellationToken.None);
                batch.Told.SetResult();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Whoever waits for it throws it.
                batch.Told.SetException(exception);
            }
        }
    }

    private Batch? TakeBatch()
    {
        lock (_lock)
        {
            _isTelling = _next.Jobs.Count > 0;
            if (!_isTelling)
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

        public TaskCompletionSource Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
