using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Files;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Ids;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.StoreMigration;

/// <summary>Moves blobs of images to the target of the running migration, page by page, until none is left.</summary>
internal sealed partial class StoreMigrationDuty(
    ImageMigrations migrations,
    BlobMover mover,
    DatabaseRestores restores,
    StoreMigrationMetrics metrics,
    IOptions<StoreMigrationOptions> options,
    TimeProvider time,
    ILogger<StoreMigrationDuty> logger) : IDuty
{
    private const int PageSize = 200;

    private static readonly TimeSpan s_rateInterval = TimeSpan.FromSeconds(2);

    public string Name => DutyNames.ImageMigration;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        if (await restores.IsOpenAsync(cancellationToken) || await migrations.TakeAsync(cancellationToken) is not { } migration)
        {
            return 0;
        }

        var budget = new ByteBudget(migration.BytesPerSecond ?? options.Value.BytesPerSecond, time);
        var meter = new RateMeter(time);
        var sum = 0L;
        while (true)
        {
            var pass = await PassAsync(migration, budget, meter, cancellationToken);
            sum += pass.Moved;
            if (pass.IsStopped)
            {
                return sum;
            }

            if (await migrations.TryEndAsync(migration, cancellationToken))
            {
                LogDone(StoreNames.Of(migration.Target), sum);
                return sum;
            }

            // What failed is tried again after a pause; what was added meanwhile, at once.
            if (pass.Failed > 0 || pass.Moved == 0)
            {
                return sum;
            }
        }
    }

    /// <summary>Tries to move each blob that is not in the target once.</summary>
    private async Task<Pass> PassAsync(ImageMigration migration, ByteBudget budget, RateMeter meter, CancellationToken cancellationToken)
    {
        var pass = new Pass();
        IReadOnlyList<ImageBlob> page;
        BlobId? last = null;
        do
        {
            page = await migrations.ListAsync(migration.Target, last, PageSize, cancellationToken);
            await Parallel.ForEachAsync(
                page,
                new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = cancellationToken },
                async (blob, token) =>
                {
                    if (!pass.IsStopped)
                    {
                        await budget.TakeAsync(blob.Size, token);
                        await MoveAsync(blob, migration, pass, meter, token);
                    }
                });
            last = page.Count > 0 ? page[^1].Id : null;
            if (!pass.IsStopped && !await migrations.IsRunningAsync(migration.Id, cancellationToken))
            {
                pass.Stop();
            }
        }
        while (page.Count == PageSize && !pass.IsStopped);

        if (pass.IsStopped)
        {
            // Copies that are not in their place are removed.
            await migrations.TakeAsync(cancellationToken);
        }

        return pass;
    }

    private async Task MoveAsync(
        ImageBlob blob, ImageMigration migration, Pass pass, RateMeter meter, CancellationToken cancellationToken)
    {
        try
        {
            if (await mover.MoveAsync(blob, migration, cancellationToken) == MoveOutcome.Moved)
            {
                pass.CountMoved();
                metrics.Moved(blob.Size);
                LogMoved(blob.Id.Value, StoreNames.Of(migration.Target));
            }
            else if (!await migrations.IsRunningAsync(migration.Id, cancellationToken))
            {
                pass.Stop();
            }
        }
        catch (Exception failure) when (IsOfBlob(failure))
        {
            pass.CountFailed();
            metrics.Failed();
            LogFailed(blob.Id.Value, failure.Message);
            if (!await migrations.RecordFailureAsync(migration.Id, blob.Id, failure.Message, cancellationToken) && pass.Stop())
            {
                LogEnded(StoreNames.Of(migration.Target), ImageMigrations.MostFailuresInRow, failure.Message);
            }
        }

        if (meter.Add(blob.Size, s_rateInterval) is { } rate)
        {
            await migrations.RecordRateAsync(migration.Id, rate, cancellationToken);
        }
    }

    // Failures of one blob, or of a store. Those of the database end the run, which begins again.
    private static bool IsOfBlob(Exception failure) => failure is FileWriteException or FileUnavailableException or BlobMissingException
        or ObjectStoreException or IOException;

    [LoggerMessage(LogLevel.Trace, "Moved blob {Blob} to {Store}")]
    private partial void LogMoved(Guid blob, string store);

    [LoggerMessage(LogLevel.Warning, "Moving blob {Blob} to the other store failed; it is tried again: {Reason}")]
    private partial void LogFailed(Guid blob, string reason);

    [LoggerMessage(LogLevel.Information, "All images are in the store {Store}; the last run moved {Blobs} blobs")]
    private partial void LogDone(string store, long blobs);

    [LoggerMessage(
        LogLevel.Error, "The migration of images to {Store} ended after {Failures} failures in a row. The last one was: {Reason}")]
    private partial void LogEnded(string store, int failures, string reason);

    /// <summary>The counters of one pass. Thread-safe.</summary>
    private sealed class Pass
    {
        private long _moved;
        private long _failed;
        private int _isStopped;

        public long Moved => Volatile.Read(ref _moved);

        public long Failed => Volatile.Read(ref _failed);

        public bool IsStopped => Volatile.Read(ref _isStopped) == 1;

        public void CountMoved() => Interlocked.Increment(ref _moved);

        public void CountFailed() => Interlocked.Increment(ref _failed);

        /// <returns>True for the first call.</returns>
        public bool Stop() => Interlocked.Exchange(ref _isStopped, 1) == 0;
    }
}
