using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using MediaAspire.Core.Staging;
using MediaAspire.Tests.Harness;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Faults;

/// <summary>
/// Clients put files by name while Redis, the worker and the API are killed in turn. Every acknowledged put can be read afterwards.
/// </summary>
/// <remarks>
/// <c>MEDIAASPIRE_CRASH_PUTS</c> sets how many files are put (200). A process is killed about every 60 files, at most 25 times.
/// The seed is fixed, so a run can be repeated as far as processes and disks allow.
/// </remarks>
[Collection(CrashGroup.Name)]
public sealed class NamedFileCrashTests(CrashGraph graph, ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int NamesOfAClient = 40;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);
    private static readonly string[] s_victims = ["redis", "worker", "api"];

    private readonly int _puts = int.Parse(
        Environment.GetEnvironmentVariable("MEDIAASPIRE_CRASH_PUTS") ?? "200", CultureInfo.InvariantCulture);

    private int _acknowledged;
    private int _refused;
    private int _kills;

    private int PutsBetweenKills => Math.Max(60, _puts / 25);

    [Fact]
    public async Task Every_put_answered_200_reads_back_right_after_kills_and_staging_is_empty_at_the_end()
    {
        var clients = Enumerable.Range(0, Clients).Select(number => new Client(number, graph.Api)).ToList();
        using var done = new CancellationTokenSource();
        var killing = KillAsync(done.Token);

        await Task.WhenAll(clients.Select(client => PutAllAsync(client, _puts / Clients)));
        await done.CancelAsync();
        await killing;

        await graph.WaitForAsync("SELECT count(*) FROM named_files WHERE file_id IS NULL", 0, s_patience);
        await WaitUntilStagingIsEmptyAsync();
        var checkedFiles = 0;
        foreach (var client in clients)
        {
            checkedFiles += await client.CheckAsync();
        }

        output.WriteLine(
            $"{_acknowledged} puts answered 200, {_refused} attempts not, {_kills} kills, jobs in {CrashGraph.Jobs}; "
            + $"{checkedFiles} names have the expected content.");
        Assert.InRange(_kills, 1, int.MaxValue);
        Assert.InRange(checkedFiles, 1, int.MaxValue);
    }

    private async Task PutAllAsync(Client client, int puts)
    {
        for (var put = 0; put < puts; put++)
        {
            // As a client does that respects Retry-After, but sooner.
            using var limit = new CancellationTokenSource(s_patience);
            while (!await client.PutAsync(put))
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(s_retry, TimeProvider.System, limit.Token);
            }

            Interlocked.Increment(ref _acknowledged);
        }
    }

    /// <summary>Kills and restarts a process after each number of acknowledged puts.</summary>
    private async Task KillAsync(CancellationToken cancellationToken)
    {
        var random = new Random(42);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var next = PutsBetweenKills / 2; !cancellationToken.IsCancellationRequested;)
        {
            if (Volatile.Read(ref _acknowledged) < next)
            {
                await ((Task)poll.WaitForNextTickAsync(cancellationToken).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            // Every victim once per round, in a changing order.
            var victim = s_victims[(_kills + random.Next(_kills / s_victims.Length + 1)) % s_victims.Length];
            await graph.KillAsync(victim);
            await graph.RestartAsync(victim);
            _kills++;
            next = Volatile.Read(ref _acknowledged) + random.Next(PutsBetweenKills / 2, PutsBetweenKills * 3 / 2);
        }
    }

    private async Task WaitUntilStagingIsEmptyAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var redis = await ConnectionMultiplexer.ConnectAsync((await graph.App.GetConnectionStringAsync("redis", limit.Token))!);
        while (true)
        {
            var keys = (string[])(await redis.GetDatabase().ScriptEvaluateAsync("return redis.call('KEYS', 'staging:*')"))!;
            var bytes = (long)await redis.GetDatabase().StringGetAsync("staging:bytes");
            if (bytes == 0 && keys.All(key => key is "staging:bytes" or StagingArea.OwnerKey))
            {
                return;
            }

            Assert.False(limit.IsCancellationRequested, $"{bytes} bytes are still staged: {string.Join(", ", keys)}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>
    /// The only writer of its names. A name may have the content that was acknowledged last, or a later one without a response.
    /// </summary>
    private sealed class Client(int number, HttpClient api)
    {
        private const int Acknowledged = -1;

        private readonly Dictionary<string, HashSet<int>> _mayHold = [];

        private string ClientId => $"client-{number}";

        public async Task<bool> PutAsync(int put)
        {
            var name = $"file-{put % NamesOfAClient}";
            var mayHold = _mayHold.TryGetValue(name, out var known) ? known : _mayHold[name] = [];
            mayHold.Add(put);
            try
            {
                using var response = await api.PostAsJsonAsync("/files", new { client_id = ClientId, name, data = Make(put) });
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    mayHold.RemoveWhere(earlier => earlier != put);
                    mayHold.Add(Acknowledged);
                    return true;
                }

                var body = await response.Content.ReadAsStringAsync();
                Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{(int)response.StatusCode}: {body}");
            }
            catch (HttpRequestException)
            {
                // The API was killed during the request: the put may be stored or not.
            }

            return false;
        }

        /// <returns>The number of names with a permitted content.</returns>
        public async Task<int> CheckAsync()
        {
            foreach (var (name, mayHold) in _mayHold)
            {
                using var response = await api.GetAsync($"/files?client_id={ClientId}&name={name}");
                if (response.StatusCode == HttpStatusCode.NotFound)
                {
                    Assert.False(mayHold.Contains(Acknowledged), $"{ClientId} {name} was acknowledged and does not exist.");
                    continue;
                }

                var body = await response.Content.ReadAsByteArrayAsync();
                Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} for {ClientId} {name}");
                using var json = JsonDocument.Parse(body);
                var data = json.RootElement.GetProperty("data").GetBytesFromBase64();
                Assert.True(
                    mayHold.Any(put => put != Acknowledged && data.AsSpan().SequenceEqual(Make(put))),
                    $"{ClientId} {name} has {data.Length} bytes that are not the content of one of the puts {string.Join(", ", mayHold)}.");
            }

            return _mayHold.Count;
        }

        private byte[] Make(int put) => TestBytes.Make((number * 100_000) + put, 500 + (put * 7919 % 150_000));
    }
}
