using MediaAspire.Core.Database;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Database;

/// <summary>Stops many waits within microseconds of their start.</summary>
/// <remarks>Npgsql 10.0.3 loses between one in thirty and one in two hundred of the waits that are cancelled then.</remarks>
public sealed class DatabaseListenerStressTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Stops = 600;
    private const int MostSpins = 30;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_waitLimit = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_wait_that_is_stopped_within_microseconds_of_its_start_ends()
    {
        var random = new Random(1);
        using var stopper = new Stopper();
        await using var running = await RunningListener.StartAsync(postgres.Database, waitLimit: s_waitLimit, wait: WaitAndStopAsync);
        for (var stop = 0; stop < Stops; stop++)
        {
            var ended = stopper.Arm(random.Next(MostSpins));
            var run = new ListeningConnection(postgres.Database, running.Listener, stuckBackend: null, ended).RunAsync();
            Assert.True(await EndsAsync(run), $"Wait {stop}, which was stopped within microseconds of its start, hangs.");
            await run;
        }

        Task WaitAndStopAsync(NpgsqlConnection connection, TimeSpan limit)
        {
            stopper.Release();
            return connection.WaitAsync(limit, CancellationToken.None);
        }
    }

    private static async Task<bool> EndsAsync(Task run)
    {
        await run.WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return run.IsCompleted;
    }

    /// <summary>A thread that spins until it is released: nothing else is on time by microseconds.</summary>
    private sealed class Stopper : IDisposable
    {
        private readonly SemaphoreSlim _armed = new(0);
        private readonly Thread _thread;
        private CancellationTokenSource? _ended;
        private int _spins;
        private int _isSpinning;
        private int _isReleased;
        private volatile bool _isDisposed;

        public Stopper()
        {
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        /// <summary>Makes a token that the next release cancels after a number of spins.</summary>
        public CancellationToken Arm(int spins)
        {
            _ended = new CancellationTokenSource();
            _spins = spins;
            Volatile.Write(ref _isReleased, 0);
            Volatile.Write(ref _isSpinning, 0);
            _armed.Release();
            while (Volatile.Read(ref _isSpinning) == 0)
            {
                Thread.SpinWait(1);
            }

            return _ended.Token;
        }

        public void Release() => Volatile.Write(ref _isReleased, 1);

        public void Dispose()
        {
            _isDisposed = true;
            Release();
            _armed.Release();
            _thread.Join();
            _armed.Dispose();
        }

        private void Run()
        {
            while (true)
            {
                _armed.Wait();
                if (_isDisposed)
                {
                    return;
                }

                Volatile.Write(ref _isSpinning, 1);
                while (Volatile.Read(ref _isReleased) == 0)
                {
                    Thread.SpinWait(1);
                }

                for (var spin = 0; spin < _spins; spin++)
                {
                    Thread.SpinWait(1);
                }

                _ended!.Cancel();
            }
        }
    }
}
