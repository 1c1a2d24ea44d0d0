using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace MediaAspire.Tests.Database;

public sealed class DatabaseListenerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_shortInterval = TimeSpan.FromMilliseconds(200);

    private readonly Channel<string?> _received = Channel.CreateUnbounded<string?>();

    [Fact]
    public async Task Subscribers_receive_the_signals_of_their_channels()
    {
        await using var running = await RunningListener.StartAsync(postgres.Database);
        var other = Channel.CreateUnbounded<string?>();
        using var first = running.Listener.Subscribe("tests_channel", Receive);
        Assert.Null(await NextAsync());
        using var late = running.Listener.Subscribe("tests_other", payload => other.Writer.TryWrite(payload));
        Assert.Null(await NextAsync(other));

        await SignalAsync("tests_channel", "first");
        await SignalAsync("tests_other", "second");
        Assert.Equal("first", await NextAsync());
        Assert.Equal("second", await NextAsync(other));

        first.Dispose();
        await SignalAsync("tests_channel", "third");
        await SignalAsync("tests_other", "fourth");
        Assert.Equal("fourth", await NextAsync(other));
        Assert.False(_received.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Stopping_is_prompt_and_leaves_a_connection_that_does_not_listen()
    {
        await using var database = OneConnection();
        await using (var running = await RunningListener.StartAsync(database))
        {
            using var subscription = running.Listener.Subscribe("tests_channel", Receive);
            Assert.Null(await NextAsync());

            var watch = Stopwatch.StartNew();
            await running.Listener.StopAsync(CancellationToken.None);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, 2 * DatabaseListener.StopLimit);
        }

        // The pool has one place, so this is the listener's connection, or a new one if that was closed.
        await using var command = database.CreateCommand("SELECT count(*) FROM pg_listening_channels()");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Stopping_is_prompt_though_the_connection_hangs()
    {
        var hangs = new TaskCompletionSource();
        await using var running = await RunningListener.StartAsync(postgres.Database, wait: async (_, _) =>
        {
            hangs.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        });
        using var subscription = running.Listener.Subscribe("tests_channel", Receive);
        await hangs.Task.WaitAsync(s_patience);

        var watch = Stopwatch.StartNew();
        await running.Listener.StopAsync(CancellationToken.None);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, 2 * DatabaseListener.StopLimit);
        await ListeningBackends.EndAsync(postgres.Database);
    }

    [Fact]
    public async Task A_lost_connection_is_replaced_and_its_subscribers_are_notified()
    {
        await using var running = await RunningListener.StartAsync(postgres.Database);
        using var replaced = new Replacements(running.Metrics);
        using var subscription = running.Listener.Subscribe("tests_channel", Receive);
        Assert.Null(await NextAsync());

        Assert.Equal(1, await ListeningBackends.EndAsync(postgres.Database));

        Assert.Null(await NextAsync());
        await SignalAsync("tests_channel", "after");
        Assert.Equal("after", await NextAsync());
        Assert.Equal(["lost"], replaced.Reasons);
    }

    [Fact]
    public async Task A_connection_that_hangs_makes_the_process_unhealthy_and_is_replaced()
    {
        var hangs = true;
        await using var running = await RunningListener.StartAsync(
            postgres.Database,
            s_shortInterval,
            wait: (connection, limit) => Volatile.Read(ref hangs)
                ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None)
                : connection.WaitAsync(limit, CancellationToken.None));
        using var replaced = new Replacements(running.Metrics);
        using var subscription = running.Listener.Subscribe("tests_channel", Receive);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(running)).Status);

        await Until.TrueAsync("the health check fails", async () => (await CheckAsync(running)).Status == HealthStatus.Unhealthy);
        Assert.Contains("has not looked for signals", (await CheckAsync(running)).Description, StringComparison.Ordinal);
        await Until.TrueAsync("the connection is replaced", () => Task.FromResult(replaced.Reasons.Contains("stuck")));
        Volatile.Write(ref hangs, false);

        await Until.TrueAsync("the health check succeeds again", async () => (await CheckAsync(running)).Status == HealthStatus.Healthy);
        while (_received.Reader.TryRead(out var told))
        {
            Assert.Null(told);
        }

        await SignalAsync("tests_channel", "after");
        Assert.Equal("after", await NextAsync());
        await Until.TrueAsync("the connections that hung are gone", async () => await ListeningBackends.CountAsync(postgres.Database) == 1);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_makes_the_process_unhealthy()
    {
        await using var database = NpgsqlDataSource.Create("Host=/nonexistent;Username=postgres;Timeout=1");
        await using var running = await RunningListener.StartAsync(database, s_shortInterval);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(running)).Status);

        using var subscription = running.Listener.Subscribe("tests_channel", Receive);

        await Until.TrueAsync("the health check fails", async () => (await CheckAsync(running)).Status == HealthStatus.Unhealthy);
    }

    private void Receive(string? payload) => Assert.True(_received.Writer.TryWrite(payload));

    private Task<string?> NextAsync() => NextAsync(_received);

    private static Task<string?> NextAsync(Channel<string?> received) => received.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    private async Task SignalAsync(string channel, string payload)
    {
        await using var command = postgres.Database.CreateCommand("SELECT pg_notify($1, $2)");
        command.Parameters.Add(new() { Value = channel });
        command.Parameters.Add(new() { Value = payload });
        await command.ExecuteNonQueryAsync();
    }

    private static Task<HealthCheckResult> CheckAsync(RunningListener running)
    {
        var check = new DatabaseListenerHealthCheck(running.Listener);
        var registration = new HealthCheckRegistration("database-listener", check, failureStatus: null, tags: null);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, CancellationToken.None);
    }

    private NpgsqlDataSource OneConnection()
    {
        var connections = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 1 };
        DatabaseHostExtensions.Configure(connections);
        return NpgsqlDataSource.Create(connections);
    }

    /// <summary>The reasons for which connections were replaced.</summary>
    private sealed class Replacements : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<string> _reasons = new();

        public Replacements(DatabaseMetrics metrics)
        {
            _listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter == metrics.Meter && instrument.Name == "mediaaspire.database.listener.replaced")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _reasons.Enqueue((string)tags[0].Value!));
            _listener.Start();
        }

        public IReadOnlyList<string> Reasons => [.. _reasons];

        public void Dispose() => _listener.Dispose();
    }
}
