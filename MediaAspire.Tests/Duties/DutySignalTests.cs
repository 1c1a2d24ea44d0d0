using System.Diagnostics.Metrics;
using System.Threading.Channels;
using MediaAspire.Core.Duties;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Duties;

/// <summary>Tests of signals to a duty, when it loses its lease or the listening connection.</summary>
public sealed class DutySignalTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_duty_that_lost_its_lease_stops_at_once_and_receives_signals_when_it_leads_again()
    {
        await using var running = await RunningDuty.StartAsync(postgres);
        await running.RunAsync();

        for (var loss = 0; loss < 3; loss++)
        {
            await running.SignalAsync();
            var lost = await running.NextRunAsync();
            await running.ExecuteAsync(
                "UPDATE duty_leases SET holder = gen_random_uuid(), expires_at = now() + interval '1 hour' WHERE duty = $1");
            await lost.Cancelled.WaitAsync(s_patience);

            await running.ExecuteAsync("UPDATE duty_leases SET expires_at = '-infinity' WHERE duty = $1");
            await running.RunAsync();
        }

        await running.SignalAsync();
        await running.RunAsync();
    }

    [Fact]
    public async Task A_duty_looks_once_after_the_connection_that_listens_was_lost()
    {
        await using var running = await RunningDuty.StartAsync(postgres);
        await running.RunAsync();

        await ListeningBackends.EndAsync(postgres.Database);

        await running.RunAsync();
        await running.SignalAsync();
        await running.RunAsync();
    }

    /// <summary>A worker with one duty, whose runs the test ends. Its interval is longer than the tests.</summary>
    private sealed class RunningDuty : IDuty, IAsyncDisposable
    {
        private readonly PostgresFixture _postgres;
        private readonly RunningListener _listening;
        private readonly DutySignal _signal;
        private readonly DutyRunner _runner;
        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly Channel<Run> _runs = Channel.CreateUnbounded<Run>();

        private RunningDuty(PostgresFixture postgres, RunningListener listening)
        {
            _postgres = postgres;
            _listening = listening;
            _signal = new DutySignal(listening.Listener);
            _runner = new DutyRunner(
                this,
                new DutyLeases(postgres.Database),
                _signal,
                new DutyMetrics(_services.GetRequiredService<IMeterFactory>()),
                Options.Create(new DutyOptions { LeaseDuration = TimeSpan.FromSeconds(1), RetryDelay = TimeSpan.FromMilliseconds(100) }),
                TimeProvider.System,
                NullLogger<DutyRunner>.Instance);
        }

        public string Name { get; } = $"test-{Guid.CreateVersion7():N}";

        public TimeSpan Interval => TimeSpan.FromHours(1);

        public static async Task<RunningDuty> StartAsync(PostgresFixture postgres)
        {
            var duty = new RunningDuty(postgres, await RunningListener.StartAsync(postgres.Database));

            // Subscribers are called in order, and the duty would run once more when signals may have been missed.
            var listens = new TaskCompletionSource();
            using (duty._listening.Listener.Subscribe(DutySignals.Channel, _ => listens.TrySetResult()))
            {
                await listens.Task.WaitAsync(s_patience);
            }

            await duty._runner.StartAsync(CancellationToken.None);
            return duty;
        }

        async Task<long> IDuty.RunAsync(CancellationToken cancellationToken)
        {
            var run = new Run(cancellationToken);
            await _runs.Writer.WriteAsync(run, cancellationToken);
            await run.Ended.WaitAsync(cancellationToken);
            return 1;
        }

        public async Task<Run> NextRunAsync() => await _runs.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

        /// <summary>Waits for the next run and lets it end.</summary>
        public async Task RunAsync() => (await NextRunAsync()).End();

        public Task SignalAsync() => ExecuteAsync($"SELECT pg_notify('{DutySignals.Channel}', $1)");

        public async Task ExecuteAsync(string sql)
        {
            await using var command = _postgres.Database.CreateCommand(sql);
            command.Parameters.Add(new() { Value = Name });
            await command.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _runner.StopAsync(CancellationToken.None).WaitAsync(s_patience);
            _runner.Dispose();
            _signal.Dispose();
            await _listening.DisposeAsync();
            await _services.DisposeAsync();
        }
    }

    private sealed class Run
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Run(CancellationToken cancellationToken) => cancellationToken.Register(() => _cancelled.TrySetResult());

        public Task Ended => _ended.Task;

        public Task Cancelled => _cancelled.Task;

        public void End() => _ended.TrySetResult();
    }
}
