using MediaAspire.Core.Database;
using MediaAspire.Tests.Cluster;
using Npgsql;

namespace MediaAspire.Tests.Database;

/// <summary>Stops many thousand waits within microseconds of their start, which Npgsql does not always survive when it is done by cancelling.</summary>
[Collection(PostgresTests.Name)]
public sealed class DatabaseListenerStressTests(PostgresFixture postgres)
{
    private const int Connections = 24;
    private const int StopsEach = 400;
    private const int MostSpins = 300;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_waitLimit = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_wait_that_is_stopped_within_microseconds_of_its_start_ends()
    {
        await using var database = Pool();

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(seed => Task.Run(() => StopManyAsync(database, new Random(seed)))));
    }

    private static async Task StopManyAsync(NpgsqlDataSource database, Random random)
    {
        CancellationTokenSource? stopping = null;
        await using var running = await RunningListener.StartAsync(database, waitLimit: s_waitLimit, wait: WaitAndStopAsync);
        for (var stop = 0; stop < StopsEach; stop++)
        {
            var ended = stopping = new CancellationTokenSource();
            var run = new ListeningConnection(database, running.Listener, stuckBackend: null, ended.Token).RunAsync();
            await run.WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.True(run.IsCompleted, $"Wait {stop} of its connection hangs after it was stopped within microseconds of its start.");
            await run;
        }

        Task WaitAndStopAsync(NpgsqlConnection connection, TimeSpan limit)
        {
            if (Interlocked.Exchange(ref stopping, null) is { } source)
            {
                var spins = random.Next(MostSpins);
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        Thread.SpinWait(spins);
                        source.Cancel();
                    },
                    null);
            }

            return connection.WaitAsync(limit, CancellationToken.None);
        }
    }

    private NpgsqlDataSource Pool()
    {
        var connections = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = Connections };
        DatabaseHostExtensions.Configure(connections);
        return NpgsqlDataSource.Create(connections);
    }
}
