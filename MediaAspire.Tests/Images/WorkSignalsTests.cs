using MediaAspire.Core.Images;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Images;

public sealed class WorkSignalsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Wait_UntilTheSignalOfItsKey_ReturnsTheResult()
    {
        await using var running = await RunningListener.StartAsync(postgres.Database);
        using var signals = new WorkSignals(running.Listener, TimeProvider.System);
        string? result = null;
        var checks = 0;
        var waits = Enumerable.Range(0, 100).Select(_ => signals.WaitAsync("variant:a", Check, s_long, default)).ToList();
        var other = signals.WaitAsync("variant:b", _ => Task.FromResult<string?>(null), TimeSpan.FromSeconds(1), default);

        result = "done";
        await using (var batch = postgres.Database.CreateBatch())
        {
            batch.BatchCommands.Add(WorkSignals.Notify("variant:a"));
            await batch.ExecuteNonQueryAsync();
        }

        Assert.All(await Task.WhenAll(waits), found => Assert.Equal("done", found));
        Assert.Null(await other);
        Assert.InRange(checks, 100, 1000);

        Task<string?> Check(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref checks);
            return Task.FromResult(result);
        }
    }

    [Fact]
    public async Task Waits_ManyInAProcess_ListenOnOneConnection()
    {
        // The origin listened on one connection for each wait, until the database had none left.
        await using var running = await RunningListener.StartAsync(postgres.Database);
        using var signals = new WorkSignals(running.Listener, TimeProvider.System);
        using var uploads = new WorkSignals(running.Listener, TimeProvider.System);
        using var ended = new CancellationTokenSource();
        var checks = 0;
        var waits = Enumerable.Range(0, 1000)
            .Select(i => (i % 2 == 0 ? signals : uploads).WaitAsync($"variant:{i}", Check, s_long, ended.Token)).ToList();
        await Until.TrueAsync("signals arrive", async () =>
        {
            await using var batch = postgres.Database.CreateBatch();
            batch.BatchCommands.Add(WorkSignals.Notify("variant:7"));
            await batch.ExecuteNonQueryAsync();
            return Volatile.Read(ref checks) > waits.Count;
        });

        Assert.Equal(1, await ListeningBackends.CountAsync(postgres.Database));
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waits));

        Task<string?> Check(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref checks);
            return Task.FromResult<string?>(null);
        }
    }

    [Fact]
    public async Task Wait_AtTheLimit_ChecksOnceMore()
    {
        await using var running = await RunningListener.StartAsync(postgres.Database);
        using var signals = new WorkSignals(running.Listener, TimeProvider.System);
        var started = new TaskCompletionSource();
        string? result = null;
        var wait = signals.WaitAsync(
            "key",
            _ =>
            {
                started.TrySetResult();
                return Task.FromResult(result);
            },
            TimeSpan.FromSeconds(2),
            default);
        await started.Task;

        // Its signal is lost.
        result = "done";

        Assert.Equal("done", await wait);
        Assert.Null(await signals.WaitAsync("key", _ => Task.FromResult<string?>(null), TimeSpan.FromMilliseconds(50), default));
    }

    [Fact]
    public async Task Wait_WhenCancelled_Throws()
    {
        await using var running = await RunningListener.StartAsync(postgres.Database);
        using var signals = new WorkSignals(running.Listener, TimeProvider.System);
        using var cancellation = new CancellationTokenSource();
        var wait = signals.WaitAsync("key", _ => Task.FromResult<string?>(null), s_long, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }
}
