using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.Duties;

public sealed class DutyLeaseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);

    private readonly string _duty = $"test-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task TryTake_WhileAnotherWorkerLeads_IsRefused()
    {
        var first = new DutyLeases(postgres.Database);
        var second = new DutyLeases(postgres.Database);

        Assert.True(await first.TryTakeAsync(_duty, s_long, CancellationToken.None));
        Assert.False(await second.TryTakeAsync(_duty, s_long, CancellationToken.None));
        Assert.True(await first.TryTakeAsync(_duty, s_long, CancellationToken.None));
        Assert.Equal(1, await TermAsync());
    }

    [Fact]
    public async Task TryTake_AfterTheLeaseRanOut_ChangesTheHolderAndTheTerm()
    {
        var dead = new DutyLeases(postgres.Database);
        var next = new DutyLeases(postgres.Database);
        Assert.True(await dead.TryTakeAsync(_duty, TimeSpan.FromSeconds(-1), CancellationToken.None));

        Assert.True(await next.TryTakeAsync(_duty, s_long, CancellationToken.None));

        Assert.False(await dead.TryTakeAsync(_duty, s_long, CancellationToken.None));
        Assert.Equal(2, await TermAsync());
    }

    [Fact]
    public async Task TryTake_FromManyWorkersAtOnce_LetsOneLead()
    {
        var workers = Enumerable.Range(0, 16).Select(_ => new DutyLeases(postgres.Database)).ToList();

        var taken = await Task.WhenAll(workers.Select(worker => worker.TryTakeAsync(_duty, s_long, CancellationToken.None)));

        Assert.Single(taken, isTaken => isTaken);
    }

    [Fact]
    public async Task Dispose_OfALease_LetsAnotherWorkerLeadAtOnce()
    {
        var first = new DutyLeases(postgres.Database);
        var second = new DutyLeases(postgres.Database);
        var lease = await TakeAsync(first, s_long);
        Assert.NotNull(lease);
        Assert.Null(await TakeAsync(second, s_long));

        await lease.DisposeAsync();

        await using var next = await TakeAsync(second, s_long);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Lost_WhenAnotherWorkerTookOver_IsCancelledAtTheNextRenewal()
    {
        var paused = new DutyLeases(postgres.Database);
        await using var lease = await TakeAsync(paused, TimeSpan.FromSeconds(1));
        Assert.NotNull(lease);
        await using (var steal = postgres.Database.CreateCommand(
            "UPDATE duty_leases SET holder = gen_random_uuid(), expires_at = now() + interval '1 hour' WHERE duty = $1"))
        {
            steal.Parameters.Add(new() { Value = _duty });
            Assert.Equal(1, await steal.ExecuteNonQueryAsync());
        }

        var lost = new TaskCompletionSource();
        await using var registration = lease.Lost.Register(lost.SetResult);
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task<DutyLease?> TakeAsync(DutyLeases leases, TimeSpan duration) =>
        DutyLease.TryTakeAsync(leases, _duty, duration, TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    private async Task<long> TermAsync()
    {
        await using var command = postgres.Database.CreateCommand("SELECT term FROM duty_leases WHERE duty = $1");
        command.Parameters.Add(new() { Value = _duty });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
